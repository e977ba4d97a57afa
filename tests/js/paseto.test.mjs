// The official vectors of PASETO v4, with the worker's own reader and writer of v4.public: in Node and on workerd.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { beside, bundle, startWorker } from './hosts/workerd.mjs';

const entry = beside(import.meta.url, 'hosts/paseto.mjs');
const expected = { judged: 16, wrong: [] };

test('Node signs and reads what is signed, and refuses the rest', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-paseto-'));
  try {
    const [{ contents }] = await bundle(entry);
    await writeFile(join(dir, 'paseto.mjs'), contents);
    const { judge } = await import(pathToFileURL(join(dir, 'paseto.mjs')).href);
    assert.deepEqual(await judge(), expected);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('workerd signs and reads what is signed, and refuses the rest', async () => {
  const worker = await startWorker(entry);
  try {
    assert.deepEqual(await worker.ask(''), expected);
  } finally {
    await worker.stop();
  }
});
