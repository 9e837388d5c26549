// Times portrait.rs in V8: node portrait.mjs PROGRAM NATIVE_MS NATIVE_MS_WITH_INTERVALS
import { readFileSync } from 'node:fs';

const ROUNDS = 31;
const [path, ...native] = process.argv.slice(2);
const program = new WebAssembly.Module(readFileSync(path));
// The program was not through the bindings' generator: what that would take away is never called.
const imports = {};
for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
  if (kind === 'function') (imports[module] ??= {})[name] = () => 0;
}
// Its own name has a hash behind it until then.
const made = new WebAssembly.Instance(program, imports).exports;
const read = made[Object.keys(made).find((name) => name.startsWith('read_'))];

for (const [n, name] of ['values', 'with intervals'].entries()) {
  // The engine compiles again what is called often.
  for (let warm = 0; warm < 5; warm++) read(n);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    read(n);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[ROUNDS >> 1];
  const ratio = (median / Number(native[n])).toFixed(1);
  console.log(`${name.padEnd(16)} native ${Number(native[n]).toFixed(2)} ms, browser ${median.toFixed(2)} ms: ${ratio} times`);
}
