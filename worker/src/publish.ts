import { CounterfoilError, Engine, type KeyRing } from 'counterfoil/workshop';
import type { EdgeEngine } from './edge_engine';
import { log } from './log';
import { Refusal } from './problem';
import type { Pointer, SnapshotStore } from './snapshot_store';

/** The storefront profile's limit: it is downloaded by every page. */
export const MAX_SNAPSHOT_BYTES = 4 * 1024 * 1024;

export interface Published {
  version: number;
  revision: string;
  sha256: string;
}

/**
 * Keeps a signed snapshot and makes it the current one. It is opened first, exactly as a reader would open it, so
 * nothing is kept that a reader would refuse.
 */
export async function publish(
  bytes: ArrayBuffer,
  keyRing: KeyRing,
  store: SnapshotStore,
  edge: EdgeEngine,
  now: number,
): Promise<{ created: boolean; published: Published }> {
  const current = newer(await store.current(), edge.pointer);
  const engine = await open(bytes, keyRing, current, now);
  const { version, revision } = engine.snapshot;
  const published = { version, revision, sha256: hex(await crypto.subtle.digest('SHA-256', bytes)) };

  if (version === current?.version) {
    if (published.sha256 === current.sha256) return { created: false, published };
    throw versionTaken(published, current);
  }

  const pointer: Pointer = { version, sha256: published.sha256, publishedAt: now };
  await store.keep(pointer, bytes, engine.programme());
  edge.adopt({ pointer, engine });
  log('info', 'snapshot_published', { ...published, bytes: bytes.byteLength });
  return { created: true, published };
}

/** The floor is the newest version known here: KV may still show this location an older pointer. */
function newer(stored: Pointer | null, held: Pointer | undefined): Pointer | undefined {
  if (!stored || (held && held.version > stored.version)) return held;
  return stored;
}

async function open(
  bytes: ArrayBuffer,
  keyRing: KeyRing,
  current: Pointer | undefined,
  now: number,
): Promise<Engine> {
  try {
    return await Engine.open(bytes, keyRing, { now, minVersion: current?.version ?? 0 });
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, statusOf(error.code)) : error;
  }
}

function statusOf(code: string): number {
  switch (code) {
    case 'snapshot_too_large':
      return 413;
    case 'snapshot_rolled_back':
      return 409;
    case 'key_ring_invalid':
      // The worker's own set-up is at fault, not what was sent.
      return 503;
    default:
      return 422;
  }
}

function versionTaken(published: Published, current: Pointer): Refusal {
  return new Refusal(409, {
    code: 'snapshot_version_taken',
    message: `Version ${published.version} is already published with other content.`,
    help: `Publish the new content as version ${published.version + 1} or later.`,
    at: { document: 'snapshot', pointer: '/version' },
    params: { version: published.version, currentSha256: current.sha256, sha256: published.sha256 },
    fixBy: 'developer',
  });
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
