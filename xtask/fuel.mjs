// Counts the wasm instructions that calls into the package execute:
//   node xtask/fuel.mjs <package with a metered module> <workload.mjs>…
//
// A workload's default export takes the package and answers the calls to count, `(counterfoil) => (() => unknown)[]`.
// Every call is made once to warm up and once to be counted; printed is the mean of a workload, by the file's name.
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const instances = [];
// The package keeps its instances to itself; it makes each of them here.
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...settings) {
    super(...settings);
    instances.push(this);
  }
};
const fuel = () => instances.reduce((sum, { exports }) => sum + exports.fuel.value, 0n);

const [folder, ...workloads] = process.argv.slice(2);
const counterfoil = await import(pathToFileURL(createRequire(join(folder, 'package.json')).resolve('counterfoil')));
const counted = {};
for (const file of workloads) {
  const { default: prepare } = await import(pathToFileURL(file));
  const calls = await prepare(counterfoil);
  for (const call of calls) call();
  const before = fuel();
  for (const call of calls) call();
  counted[basename(file, '.mjs')] = Number((fuel() - before) / BigInt(calls.length));
}
console.log(JSON.stringify(counted));
