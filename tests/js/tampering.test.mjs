// Blind changes to signed documents, in the modules as they are shipped: every sixteenth bit and every length of each type, and some
// splices. `cargo xtask prove-documents` tries every bit and a million splices.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import * as workshop from 'counterfoil/workshop';
import { EDGE_SWEPT, openEdgeDoors } from './edge_tampering.mjs';
import { packageFolder, read } from './hosts/files.mjs';
import { controls, openDoors, splices, sweep, SWEPT } from './tampering.mjs';

const BITS_BETWEEN = 16;
const SPLICES = 2_000;

let host, edge;
before(async () => {
  const moduleOf = async (name) => WebAssembly.compile(await readFile(join(packageFolder, `${name}_bg.wasm`)));
  host = await openDoors(await moduleOf('counterfoil'), read);
  edge = await openEdgeDoors(await moduleOf('workshop'), workshop);
});

test('every file is taken at its door alone', () => assert.deepEqual([...controls(host), ...controls(edge)], []));

for (const [name, swept] of Object.entries({ ...SWEPT, ...EDGE_SWEPT })) {
  test(`no flipped bit and no beginning of a ${name} is taken`, async () => {
    const { tried, accepted } = await sweep(name in SWEPT ? host : edge, swept, BITS_BETWEEN);
    assert.deepEqual(accepted, []);
    assert.ok(tried > 200, `${tried}`);
  });
}

test('a splice is taken only where it changes nothing', () => {
  for (const one of [host, edge]) assert.deepEqual(splices(one, SPLICES, 1), { tried: SPLICES, accepted: [] });
});
