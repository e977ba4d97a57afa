// Blind changes to signed documents, in the module as it is shipped: every sixteenth bit and every length of each type, and some
// splices. `cargo xtask prove-documents` tries every bit and a million splices.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { packageFolder, read } from './hosts/files.mjs';
import { controls, openDoors, splices, sweep, SWEPT } from './tampering.mjs';

const BITS_BETWEEN = 16;
const SPLICES = 2_000;

let host;
before(async () => {
  const module = await WebAssembly.compile(await readFile(join(packageFolder, 'counterfoil_bg.wasm')));
  host = await openDoors(module, read);
});

test('every file is taken at its door alone', () => assert.deepEqual(controls(host), []));

for (const name of Object.keys(SWEPT)) {
  test(`no flipped bit and no beginning of a ${name} is taken`, async () => {
    const { tried, accepted } = await sweep(host, name, BITS_BETWEEN);
    assert.deepEqual(accepted, []);
    assert.ok(tried > 200, `${tried}`);
  });
}

test('a splice is taken only where it changes nothing', () => {
  assert.deepEqual(splices(host, SPLICES, 1), { tried: SPLICES, accepted: [] });
});
