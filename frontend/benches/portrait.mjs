// Times portrait.rs in V8, and holds its results against the native ones: node portrait.mjs PROGRAM NATIVE, a file of two lines
import { readFileSync } from 'node:fs';

const ROUNDS = 31;
// What the last digits of logarithms may differ by.
const SAME = 1e-9;
const [path, file] = process.argv.slice(2);
const native = readFileSync(file, 'utf8').trim().split('\n').map(JSON.parse);
const program = new WebAssembly.Module(readFileSync(path));
// The program was not through the bindings' generator: what that would take away is never called.
const imports = {};
for (const { module, name, kind } of WebAssembly.Module.imports(program)) {
  if (kind === 'function') (imports[module] ??= {})[name] = () => 0;
}
// Their own names have a hash behind them until then.
const made = new WebAssembly.Instance(program, imports).exports;
const [read, count, number] = ['read_', 'count_', 'number_'].map((own) => made[Object.keys(made).find((name) => name.startsWith(own))]);

for (const [n, name] of ['values', 'with intervals'].entries()) {
  const { ms, numbers } = native[n];
  // The engine compiles again what is called often.
  for (let warm = 0; warm < 5; warm++) read(n);
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    read(n);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[ROUNDS >> 1];
  console.log(`${name.padEnd(16)} native ${ms.toFixed(2)} ms, browser ${median.toFixed(2)} ms: ${(median / ms).toFixed(1)} times`);
  const same = (wanted, place) => Math.abs(number(place) - wanted) <= SAME * Math.max(1, Math.abs(wanted));
  const others = count(n) === numbers.length ? numbers.filter((wanted, place) => !same(wanted, place)).length : numbers.length;
  console.log(`${''.padEnd(16)} ${numbers.length} numbers, of which ${others} differ`);
  if (others > 0) process.exitCode = 1;
}
