import { readRoot, type KeyRing, type Lead } from 'counterfoil/workshop';
import { edgeEngine, pagesEngine } from './edge_engine';
import type { Env } from './env';
import { keyRing } from './key_ring';
import { log } from './log';
import { asSent } from './publish';
import { Refusal } from './problem';
import { SnapshotStore } from './snapshot_store';

/** As many as hosts read, and more than a shop will write. */
export const MAX_ROOT_BYTES = 1024 * 1024;

/** Where the root documents lead that the worker was handed: whom it believes now, and what publishers may give. */
export async function lead(env: Env, now: number): Promise<Lead> {
  return readRoot(await new SnapshotStore(env).root(), keyRing(env), { now });
}

/**
 * Takes the shop's root documents: each quote and each publication from here on goes by them. They are only ever added, so a
 * chain that does not begin with the one that is here is another shop's, or an older one.
 */
export async function takeRoot(env: Env, bytes: Uint8Array<ArrayBuffer>, now: number): Promise<{ created: boolean; lead: Lead }> {
  const store = new SnapshotStore(env);
  const known = await store.root();
  const led = await asSent(readRoot(bytes, keyRing(env) as KeyRing, { now }));
  const isContinued = bytes.length >= known.length && known.every((byte, at) => byte === bytes[at]);
  if (!isContinued) throw notContinued();
  const created = bytes.length > known.length;
  if (created) {
    await store.keepRoot(bytes);
    edgeEngine.lookAgain();
    pagesEngine.lookAgain();
    log('info', 'root_kept', { version: led.keyRing.version, bytes: bytes.length });
  }
  return { created, lead: led };
}

function notContinued(): Refusal {
  return new Refusal(409, {
    code: 'root_not_continued',
    message: 'The file does not begin with the root documents that are here.',
    help: 'Send the whole file, the newest document last: `counterfoil root next` adds to the one that `GET /root.cfr` hands out.',
    at: { document: 'key_ring', pointer: '' },
    fixBy: 'developer',
  });
}
