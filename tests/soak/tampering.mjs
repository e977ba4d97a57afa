// Every bit and every length of each type of signed document, and as many splices as are asked for, in the module as it is
// shipped: node tests/soak/tampering.mjs SPLICES [SEED]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder, read } from '../js/hosts/files.mjs';
import { controls, openDoors, splices, sweep, SWEPT } from '../js/tampering.mjs';

const [count, seed] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1)];
const start = Date.now();
const tell = (text) => console.log(`${text}, ${((Date.now() - start) / 1000).toFixed(0)} s`);
const found = [];

const module = await WebAssembly.compile(await readFile(join(packageFolder, 'counterfoil_bg.wasm')));
const host = await openDoors(module, read);
found.push(...controls(host));
for (const name of Object.keys(SWEPT)) {
  const { tried, accepted } = await sweep(host, name);
  found.push(...accepted);
  tell(`${name}: ${tried} flipped bits and beginnings, ${accepted.length} accepted`);
}
const { tried, accepted } = splices(host, count, seed, (now) => tell(`${now} of ${count} splices`));
found.push(...accepted);
tell(`${tried} splices, ${accepted.length} accepted`);
for (const one of found) console.error(one);
process.exitCode = found.length === 0 ? 0 : 1;
