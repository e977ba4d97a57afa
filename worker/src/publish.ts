import { CounterfoilError, readHead, type Engine } from 'counterfoil/workshop';
import { openEdge, openPublic, type EdgeEngine } from './edge_engine';
import type { Env } from './env';
import { keyRing } from './key_ring';
import { log } from './log';
import { Refusal, snapshotUnavailable } from './problem';
import { isBefore, SnapshotStore, type Pointer } from './snapshot_store';

/** The storefront profile's limit: it is downloaded by every page. */
export const MAX_SNAPSHOT_BYTES = 4 * 1024 * 1024;

/** The edge profile's. */
export const MAX_EDGE_BYTES = 64 * 1024 * 1024;

export interface Published {
  version: number;
  revision: string;
  sha256: string;
}

/** What was kept, and whether it was not there before. */
export interface Kept {
  created: boolean;
  published: Published;
}

/**
 * Keeps a signed snapshot and makes it the current one, with its private half where that was sent before. Both are opened
 * first, exactly as a reader would open them, so nothing is kept that a reader would refuse.
 */
export async function publish(env: Env, bytes: ArrayBuffer, edge: EdgeEngine, now: number): Promise<Kept> {
  const store = new SnapshotStore(env);
  const current = newer(await store.current(), edge.pointer);
  const root = await store.root();
  const engine = await asSent(openPublic(env, bytes, root, current, now));
  refuseUnread(engine);
  const published = await publishedOf(engine, bytes);
  const { version, sha256 } = published;
  const { rootVersion } = engine.snapshot;
  if (isSame(engine, current)) {
    if (sha256 === current.sha256) return { created: false, published };
    throw versionTaken(published, current);
  }

  const half = await store.edgeOf(published);
  const secret = half && (await store.edge(half.sha256));
  if (half && !secret) throw snapshotUnavailable();
  const pointer: Pointer = { version, sha256, publishedAt: now, ...(rootVersion > 0 && { rootVersion }), ...(half && { edge: half.sha256 }) };
  const quoting = secret ? await openEdge(env, secret, root, pointer, now) : engine;
  await store.keep(pointer, bytes, await readHead(new Uint8Array(bytes), keyRing(env), { now, root }), quoting.programme());
  edge.adopt({ pointer, engine: quoting, root: root.length });
  log('info', 'snapshot_published', { ...published, bytes: bytes.byteLength, edgeBytes: secret?.byteLength });
  return { created: true, published };
}

/**
 * Keeps the private half of a publication: all campaigns, and what is kept of unique codes. It waits for the public half of
 * the same version, which puts both in force: nobody is told of a campaign before the edge knows it.
 */
export async function publishEdge(env: Env, bytes: ArrayBuffer, edge: EdgeEngine, now: number): Promise<Kept> {
  const store = new SnapshotStore(env);
  const current = newer(await store.current(), edge.pointer);
  const root = await store.root();
  const engine = await asSent(openEdge(env, bytes, root, current, now));
  refuseUnread(engine);
  const published = await publishedOf(engine, bytes);
  if (isSame(engine, current)) {
    if (published.sha256 === current.edge) return { created: false, published };
    throw versionTaken(published, current);
  }
  const file = new Uint8Array(bytes);
  await store.keepEdge(published, file, await readHead(file, keyRing(env), { now, root, profile: 'edge' }));
  log('info', 'edge_kept', { ...published, bytes: bytes.byteLength });
  return { created: true, published };
}

/** What a newer version has published and this one cannot read it can neither quote nor count: it is not taken. */
function refuseUnread({ snapshot: { setAside } }: Engine): void {
  const [first] = setAside;
  if (first) throw new Refusal(422, { ...first, help: 'deploy the worker with the version of counterfoil that publishes', diagnostics: [...setAside] });
}

async function publishedOf(engine: Engine, bytes: ArrayBuffer): Promise<Published> {
  const { version, revision } = engine.snapshot;
  return { version, revision, sha256: hex(await crypto.subtle.digest('SHA-256', bytes)) };
}

/** The floor is the newest version known here: KV may still show this location an older pointer. */
function newer(stored: Pointer | null, held: Pointer | undefined): Pointer | undefined {
  if (!stored || (held && isBefore(stored, held))) return held;
  return stored;
}

/** Whether a version is the one in force; under another root document it is another one. */
function isSame({ snapshot }: Engine, current: Pointer | undefined): current is Pointer {
  return snapshot.version === current?.version && snapshot.rootVersion === (current.rootVersion ?? 0);
}

/** What does not open is the fault of who sent it, mostly. */
export async function asSent<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    const refusal = error instanceof CounterfoilError ? Refusal.from(error, 422) : error;
    if (!(refusal instanceof Refusal)) throw error;
    throw new Refusal(statusOf(refusal.problem.code), refusal.problem, refusal.headers);
  }
}

function statusOf(code: string): number {
  switch (code) {
    case 'snapshot_too_large':
      return 413;
    case 'snapshot_rolled_back':
      return 409;
    case 'key_ring_invalid':
    case 'key_ring_not_set':
    case 'pulse_key_not_set':
    case 'pulse_key_invalid':
    case 'pepper_invalid':
    case 'pepper_unknown':
    case 'option_invalid':
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
