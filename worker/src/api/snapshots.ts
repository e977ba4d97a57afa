import { asBytes, holds } from '../bytes';
import { edgeEngine } from '../edge_engine';
import { assertPatient, codesIn } from '../guessing';
import { keyRingText } from '../key_ring';
import { noRoot, noSnapshot, sectionUnknown, snapshotUnavailable, snapshotUnknown, type Refusal } from '../problem';
import { MAX_EDGE_BYTES, MAX_SNAPSHOT_BYTES, publish, publishEdge } from '../publish';
import { personalQuote } from '../publications/personal';
import { MAX_REQUEST_BYTES } from '../quote';
import { MAX_ROOT_BYTES, takeRoot } from '../root';
import { SnapshotStore } from '../snapshot_store';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Ask, type Route } from './route';
import * as schemas from './schemas';

const BYTES = 'application/octet-stream';
const FOR_GOOD = 'max-age=31536000, immutable';

/** The addresses of what is published, whole and in parts, and of quotes by it. */
export const snapshots: Route[] = [
  route({
    method: 'GET', path: '/health', summary: 'Whether the worker answers, and which snapshot is in force.', who: 'anyone',
    answer: { status: 200, schema: answers.health },
    handle: async ({ c, env }) => c.json({ status: 'ok', snapshot: await new SnapshotStore(env).current() }, 200, noStore),
  }),
  route({
    method: 'GET', path: '/keyring.json', summary: 'The keys that snapshots are believed by.', who: 'anyone',
    answer: { status: 200, schema: schemas.told }, refusals: [503],
    handle: async ({ c, env }) => c.body(keyRingText(env), 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
  }),
  route({
    method: 'GET', path: '/snapshot', summary: 'The snapshot in force, signed; in brotli for those who take it.', who: 'anyone',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [503],
    handle: async ({ c, env }) => {
      const store = new SnapshotStore(env);
      const { version, sha256 } = await inForce(store);
      return handOut(c, `${version}-${sha256}`, 'no-cache', { bytes: () => store.bytes(sha256), brotli: () => store.brotli(sha256), missing: snapshotUnavailable });
    },
  }),
  route({
    method: 'GET', path: '/snapshots/{sha256}', summary: 'A snapshot by its hash, whether it is in force or was.', who: 'anyone',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const sha256 = param('sha256');
      const store = new SnapshotStore(env);
      return handOut(c, tagOf(sha256), `public, ${FOR_GOOD}`, { bytes: () => store.bytes(sha256), brotli: () => store.brotli(sha256), missing: () => snapshotUnknown(sha256) });
    },
  }),
  route({
    method: 'GET', path: '/head.cfs', summary: 'The head of the snapshot in force: what is signed of it, and the sections that belong to it.', who: 'anyone',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [503],
    handle: async ({ c, env }) => {
      const store = new SnapshotStore(env);
      const { version, sha256 } = await inForce(store);
      return handOut(c, `${version}-${sha256}-head`, 'no-cache', { bytes: () => store.head(sha256), missing: snapshotUnavailable });
    },
  }),
  route({
    method: 'GET', path: '/sections/{sha256}', summary: 'A section of a snapshot that is or was in force, by its hash; in brotli for those who take it.', who: 'anyone',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const sha256 = param('sha256');
      const store = new SnapshotStore(env);
      return handOut(c, tagOf(sha256), `public, ${FOR_GOOD}`, { bytes: () => store.section(sha256), brotli: () => store.brotli(sha256), missing: () => sectionUnknown(sha256) });
    },
  }),
  route({
    method: 'GET', path: '/root.cfr', summary: 'The root documents of the shop, for hosts that follow them.', who: 'anyone',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [404],
    handle: async ({ c, env }) => {
      const root = await new SnapshotStore(env).root();
      if (root.length === 0) throw noRoot();
      // they only grow
      return handOut(c, `root-${root.length}`, 'no-cache', { bytes: async () => root.buffer, missing: noRoot });
    },
  }),
  route({
    method: 'PUT', path: '/admin/root', summary: 'Hands the worker the root documents of the shop: whom it believes, and what publishers may give at most.', who: 'admin',
    raw: { type: BYTES, what: 'snapshot' }, most: MAX_ROOT_BYTES, answer: { status: 201, schema: schemas.told, repeated: true }, refusals: [409],
    notes: (_, { version }) => ({ action: 'root_taken', subject: `version ${String(version)}` }),
    handle: async ({ c, env }) => {
      const { created, lead } = await takeRoot(env, new Uint8Array(await c.req.arrayBuffer()), Date.now());
      return c.json({ version: lead.keyRing.version, expiresAt: lead.expiresAt, ceilings: lead.ceilings }, created ? 201 : 200, noStore);
    },
  }),
  route({
    method: 'PUT', path: '/admin/snapshot', summary: 'Publishes a signed snapshot.', who: 'admin',
    raw: { type: BYTES, what: 'snapshot' }, most: MAX_SNAPSHOT_BYTES, answer: { status: 201, schema: answers.published, repeated: true }, refusals: [409],
    notes: (_, { version, sha256 }) => ({ action: 'published', subject: `version ${String(version)}`, detail: String(sha256) }),
    handle: async ({ c, env }) => {
      const { created, published } = await publish(env, await c.req.arrayBuffer(), edgeEngine, Date.now());
      return c.json(published, created ? 201 : 200, noStore);
    },
  }),
  route({
    method: 'PUT', path: '/admin/edge', summary: 'Keeps the private half of a publication, until its public one comes.', who: 'admin',
    raw: { type: BYTES, what: 'snapshot' }, most: MAX_EDGE_BYTES, answer: { status: 201, schema: answers.published, repeated: true }, refusals: [409],
    notes: (_, { version, sha256 }) => ({ action: 'edge_published', subject: `version ${String(version)}`, detail: String(sha256) }),
    handle: async ({ c, env }) => {
      const { created, published } = await publishEdge(env, await c.req.arrayBuffer(), edgeEngine, Date.now());
      return c.json(published, created ? 201 : 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/admin/edge', summary: 'The private half that was sent last, for who publishes the next one.', who: 'admin',
    answer: { status: 200, type: BYTES }, refusals: [503],
    handle: async ({ c, env }) => {
      const store = new SnapshotStore(env);
      const half = await store.lastEdge();
      const bytes = half && (await store.edge(half.sha256));
      if (!bytes) throw noSnapshot();
      return c.body(bytes, 200, { ...asBytes(bytes.buffer), ...noStore });
    },
  }),
  route({
    method: 'GET', path: '/admin/edge/head.cfs', summary: 'The head of the private half in force, for other edges.', who: 'admin',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [503],
    handle: async ({ c, env }) => {
      const store = new SnapshotStore(env);
      const { version, edge } = await inForce(store);
      if (edge === undefined) throw noSnapshot();
      return handOut(c, `${version}-${edge}-head`, 'private, no-cache', { bytes: () => store.edgeHead(edge), missing: snapshotUnavailable });
    },
  }),
  route({
    method: 'GET', path: '/admin/edge/sections/{sha256}', summary: 'A section of a private half that was sent, by its hash.', who: 'admin',
    answer: { status: 200, type: BYTES, tagged: true }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const sha256 = param('sha256');
      const store = new SnapshotStore(env);
      return handOut(c, tagOf(sha256), `private, ${FOR_GOOD}`, { bytes: () => store.edgeSection(sha256), missing: () => sectionUnknown(sha256) });
    },
  }),
  route({
    method: 'POST', path: '/quote', summary: 'Quotes a cart, by the worker’s clock.', who: 'anyone',
    raw: { type: 'application/json', schema: schemas.request, what: 'request' }, most: MAX_REQUEST_BYTES, answer: { status: 200, schema: answers.quote }, refusals: [429, 503],
    handle: async ({ c, env }) => {
      const body = new Uint8Array(await c.req.arrayBuffer());
      await assertPatient(c, { codes: codesIn(body) });
      const now = Date.now();
      const { quoted } = await personalQuote(env, await edgeEngine.opened(env, now), body, now);
      return c.body(quoted, 200, { 'content-type': 'application/json', ...noStore });
    },
  }),
];

async function inForce(store: SnapshotStore): Promise<{ version: number; sha256: string; edge?: string }> {
  const pointer = await store.current();
  if (!pointer) throw noSnapshot();
  return pointer;
}

/** What is asked for by a name that is no hash has no tag that a header could carry. */
const tagOf = (sha256: string): string => (/^[0-9a-f]{64}$/.test(sha256) ? sha256 : 'none');

/** Where bytes are, and what is said where they are not. */
interface Held {
  bytes(): Promise<ArrayBuffer | null>;
  brotli?(): Promise<ArrayBuffer | null>;
  missing(): Refusal;
}

/** Bytes, in brotli for those who take it and where there is any; or that they are at hand already. */
async function handOut(c: Ask, tag: string, caching: string, held: Held): Promise<Response> {
  const headers = { etag: `"${tag}"`, 'cache-control': caching, vary: 'Accept-Encoding' };
  const inBrotli = { ...headers, etag: `"${tag}-br"` };
  const known = c.req.header('if-none-match');
  // either form stands for the same bytes
  for (const form of [headers, inBrotli]) if (holds(known, form.etag)) return c.body(null, 304, form);
  // Cloudflare rewrites the header to what it takes itself, and tells what the client said
  const { clientAcceptEncoding = c.req.header('accept-encoding') } = (c.req.raw.cf ?? {}) as { clientAcceptEncoding?: string };
  const short = takesBrotli(clientAcceptEncoding) ? await held.brotli?.() : null;
  if (short) {
    return new Response(short, { headers: { ...inBrotli, ...asBytes(short), 'content-encoding': 'br' }, encodeBody: 'manual' });
  }
  const bytes = await held.bytes();
  if (!bytes) throw held.missing();
  return c.body(bytes, 200, { ...headers, ...asBytes(bytes) });
}

function takesBrotli(header = ''): boolean {
  return header.split(',').some((part) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(part));
}
