// Private halves that are too long for a value of KV: in R2 where the worker has a bucket, in several values where it has none.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ADMIN_TOKEN, localWorker } from './local_worker.mjs';

const MEBIBYTE = 1_048_576;
const PART = 20 * MEBIBYTE;

const entry = fileURLToPath(new URL('objects/large.mjs', import.meta.url));

let dir;
let shop;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-large-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  shop = await open('shop');
});
after(async () => {
  await shop?.stop();
  await rm(dir, { recursive: true, force: true });
});

const open = (name) => localWorker({ entry, assets: join(dir, 'www'), stateDir: join(dir, name) });
const asked = async (worker, path) => {
  const answer = await worker.at(path);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};
const keep = (more, bucket, on = shop) => asked(on, `/tests/keep?more=${more}${bucket ? '&bucket' : ''}`);

test('what fits a value is one, whether there is a bucket or not', async () => {
  for (const bucket of [true, false]) {
    const { isSame, inValues, inBucket } = await keep(0, bucket);
    assert.deepEqual({ isSame, inValues, inBucket }, { isSame: true, inValues: 1, inBucket: [] });
  }
});

test('what does not is an object of the bucket, and without one several values', async () => {
  const { isSame, inValues, inBucket } = await keep(1, true);
  assert.deepEqual({ isSame, inValues, inBucket }, { isSame: true, inValues: 0, inBucket: [PART + 1] });
  const parts = await keep(1, false);
  assert.deepEqual([parts.isSame, parts.inValues, parts.inBucket], [true, 2, []]);
});

test('what an earlier release kept whole is read', async () => {
  assert.deepEqual(await asked(shop, '/tests/earlier'), { isSame: true });
});

test('a backup has what lies in the bucket, and is restored without one', { timeout: 180_000 }, async () => {
  // in a shop of its own, as others' files would be in the backup too
  const kept = await open('kept');
  const other = await open('other');
  try {
    const { sha256 } = await keep(3 * MEBIBYTE, true, kept);
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const backup = await (await kept.at('/admin/backup', { headers })).text();
    const restored = await other.at('/admin/restore', { method: 'POST', body: backup, headers });
    assert.equal(restored.status, 200, await restored.text());
    const { isSame, inValues, inBucket } = await asked(other, `/tests/kept?sha256=${sha256}`);
    assert.deepEqual({ isSame, inValues, inBucket }, { isSame: true, inValues: 2, inBucket: [] });
  } finally {
    await kept.stop();
    await other.stop();
  }
});
