// The demo shop as it is deployed: its built pages, its desk, and a worker with its campaigns. It leaves nothing behind.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deskBeside } from '../../www/desk/local.mjs';
import { CHECKOUT_TOKEN, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';
import { site } from './site.mjs';

/** The shop, open; `publish` has it sell by other campaigns, and answers the snapshot. */
export async function openStorefront() {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-storefront-'));
  const assets = await site();
  const signer = await newSigner();
  const { keyRing } = signer;
  const neighbours = [await deskBeside({ keyRing, checkoutToken: CHECKOUT_TOKEN })];
  const worker = await localWorker({ keyRing, assets, stateDir: join(dir, 'state'), neighbours });
  const offers = JSON.parse(await readFile(new URL('../../examples/storefront.json', import.meta.url), 'utf8'));
  let version = 0;
  const publish = async (documents) => {
    const bytes = await signer.snapshot(documents, (version += 1));
    assert.equal((await worker.put(bytes)).status, 201);
    return bytes;
  };
  const stop = async () => {
    await worker.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const opened = { ...worker, offers, publish, stop };
  await publish(offers);
  return opened;
}
