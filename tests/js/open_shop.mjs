// A shop whose campaigns are published to a worker of its own, and which leaves nothing behind.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

/**
 * @param documents a campaign document
 * @param settings more of `startWorker`
 */
export async function openShop(documents, settings = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-shop-'));
  const assets = join(dir, 'www');
  await mkdir(assets);
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>shop</title>');
  const signer = await newSigner();
  const worker = await localWorker({ ...settings, keyRing: signer.keyRing, assets, stateDir: join(dir, 'state') });
  const publish = async (published, version) => worker.put(await signer.snapshot(published, version));
  assert.equal((await publish(documents, 1)).status, 201);
  const stop = async () => {
    await worker.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { ...worker, signer, publish, stop };
}
