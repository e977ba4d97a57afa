// What an isolate of the worker reads once for all its requests: they share what was read, and no promise of a reading.
// The runtime lets no request use what another one opened, and a request that is cancelled leaves a promise that never settles.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { beside, bundle, startWorker } from './hosts/workerd.mjs';

const source = beside(import.meta.url, '../../worker/src');

let dir;
let Kept;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-kept-'));
  const [{ contents }] = await bundle(join(source, 'kept.ts'));
  await writeFile(join(dir, 'kept.mjs'), contents);
  ({ Kept } = await import(pathToFileURL(join(dir, 'kept.mjs')).href));
});
after(() => rm(dir, { recursive: true, force: true }));

test('on workerd, a request whose reading never ends holds no other one up', async () => {
  const worker = await startWorker(beside(import.meta.url, 'hosts/kept.mjs'));
  try {
    await assert.rejects(worker.ask('hangs'));
    assert.deepEqual(await worker.ask('first'), { from: '/first' });
    assert.deepEqual(await worker.ask('second'), { from: '/first' });
  } finally {
    await worker.stop();
  }
});

test('of several readings at a time all have what the first one read that ended', async () => {
  const kept = new Kept(2);
  const ends = [];
  const asked = [0, 1].map((value) => kept.of('one', () => new Promise((end) => { ends[value] = () => end({ value }); })));
  ends[1]();
  assert.deepEqual(await asked[1], { value: 1 });
  ends[0]();
  assert.equal(await asked[0], await asked[1]);
});

test('a reading that fails is tried again, and the oldest is forgotten first', async () => {
  const kept = new Kept(2);
  await assert.rejects(kept.of('one', () => Promise.reject(new Error('not there'))), /not there/);
  for (const name of ['one', 'two', 'three']) assert.equal(await kept.of(name, async () => name), name);
  const again = async () => 'again';
  assert.deepEqual([await kept.of('three', again), await kept.of('two', again), await kept.of('one', again)], ['three', 'two', 'again']);
});

test('no module of the worker keeps a promise', async () => {
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 100);
  for (const file of files) {
    const text = await readFile(join(source, file), 'utf8');
    // what stands at the beginning of a line belongs to the module; a function may answer with one
    const keeping = text.match(/^(?:export )?(?:let|const) \w+(?:: [^=\n]*| = new \w+<[^(\n]*)\bPromise<.*$/m)?.[0];
    assert.ok(keeping === undefined || keeping.includes('=>'), `${file}: ${keeping}`);
  }
});
