// Times portrait.rs in V8, and holds its results against the native ones: node portrait.mjs PROGRAM, then of values and of intervals NATIVE_MS DIGEST
import { readFileSync } from 'node:fs';

const ROUNDS = 31;
// What the last digits of logarithms may differ by.
const SAME = 1e-9;
const [path, ...native] = process.argv.slice(2);
const program = new WebAssembly.Module(readFileSync(path));
// The program was not through the bindings' generator: what that would take away is never called.
const imports = {};
for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
  if (kind === 'function') (imports[module] ??= {})[name] = () => 0;
}
// Their own names have a hash behind them until then.
const made = new WebAssembly.Instance(program, imports).exports;
const [read, digest] = ['read_', 'digest_'].map((own) => made[Object.keys(made).find((name) => name.startsWith(own))]);

for (const [n, name] of ['values', 'with intervals'].entries()) {
  const [ms, wanted] = native.slice(2 * n, 2 * n + 2).map(Number);
  // The engine compiles again what is called often.
  for (let warm = 0; warm < 5; warm++) read(n);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    read(n);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[ROUNDS >> 1];
  console.log(`${name.padEnd(16)} native ${ms.toFixed(2)} ms, browser ${median.toFixed(2)} ms: ${(median / ms).toFixed(1)} times`);
  const found = digest(n);
  const same = Math.abs(found - wanted) <= SAME * Math.abs(wanted);
  console.log(`${''.padEnd(16)} ${same ? 'the same results' : `other results: ${wanted} natively, ${found} in the browser`}`);
  if (!same) process.exitCode = 1;
}
