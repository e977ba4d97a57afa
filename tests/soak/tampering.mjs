// Every bit and every length of each type of signed document, and as many splices as are asked for, in the modules as they are
// shipped; a tenth of the splices at the edge's: node tests/soak/tampering.mjs SPLICES [SEED]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as workshop from 'counterfoil/workshop';
import { EDGE_SWEPT, openEdgeDoors } from '../js/edge_tampering.mjs';
import { packageFolder, read } from '../js/hosts/files.mjs';
import { controls, openDoors, splices, sweep, SWEPT } from '../js/tampering.mjs';

const [count, seed] = [Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1)];
const start = Date.now();
const tell = (text) => console.log(`${text}, ${((Date.now() - start) / 1000).toFixed(0)} s`);
const found = [];

const moduleOf = async (name) => WebAssembly.compile(await readFile(join(packageFolder, `${name}_bg.wasm`)));
const hosts = [
  [await openDoors(await moduleOf('counterfoil'), read), SWEPT, count],
  [await openEdgeDoors(await moduleOf('workshop'), workshop), EDGE_SWEPT, Math.ceil(count / 10)],
];
for (const [host, ofHost, most] of hosts) {
  found.push(...controls(host));
  for (const [name, swept] of Object.entries(ofHost)) {
    const { tried, accepted } = await sweep(host, swept);
    found.push(...accepted);
    tell(`${name}: ${tried} flipped bits and beginnings, ${accepted.length} accepted`);
  }
  const { tried, accepted } = splices(host, most, seed, (now) => tell(`${now} of ${most} splices`));
  found.push(...accepted);
  tell(`${tried} splices, ${accepted.length} accepted`);
}
for (const one of found) console.error(one);
process.exitCode = found.length === 0 ? 0 : 1;
