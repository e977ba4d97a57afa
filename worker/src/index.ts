import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { Hono } from 'hono';
import { adminOnly } from './admin';
import { accounts } from './api/accounts';
import { catalogue } from './api/catalogue';
import { customers } from './api/customers';
import { grants } from './api/grants';
import { describe } from './api/openapi';
import { operations } from './api/operations';
import { publications } from './api/publications';
import { pulses } from './api/pulses';
import { records } from './api/records';
import type { Ask } from './api/route';
import { redemptions } from './api/redemptions';
import { serve } from './api/router';
import { sessions } from './api/sessions';
import { asBytes, holds } from './bytes';
import { edgeEngine as edge } from './edge_engine';
import type { Env } from './env';
import { assertPatient, codesIn } from './guessing';
import { onEveryAnswer, onStaticFiles } from './headers';
import { keyRingText } from './key_ring';
import { log } from './log';
import {
  internalError,
  methodNotAllowed,
  noSnapshot,
  Refusal,
  snapshotUnavailable,
  snapshotUnknown,
  tooLarge,
} from './problem';
import { MAX_EDGE_BYTES, MAX_SNAPSHOT_BYTES, publish, publishEdge } from './publish';
import { personalQuote } from './publications/personal';
import { MAX_REQUEST_BYTES } from './quote';
import { SnapshotStore } from './snapshot_store';
import { voucherifyApi } from './voucherify/api';

export { VoucherifyProject } from './voucherify/project';

// the official SDK of Voucherify ends an address without a code with a slash
const app = new Hono<{ Bindings: Env }>({ strict: false });

app.use('*', async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(onEveryAnswer)) c.res.headers.set(name, value);
});

// The router hands only Errors to onError; a library may throw anything.
app.use('*', async (_, next) => {
  try {
    await next();
  } catch (thrown) {
    throw new Error(`Not an Error was thrown: ${String(thrown)}`, { cause: thrown });
  }
});

// Storefronts on any origin may read and quote. No cookies are involved, so none are allowed.
const anyOrigin = cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'POST'], exposeHeaders: ['ETag'], maxAge: 86_400 });
for (const path of ['/snapshot', '/snapshots/*', '/pulse', '/grants', '/keyring.json', '/quote', '/quote/signed', '/quote-keys.json', '/openapi.json']) app.use(path, anyOrigin);

app.get('/health', async (c) => {
  const snapshot = await new SnapshotStore(c.env).current();
  return c.json({ status: 'ok', snapshot }, 200, { 'cache-control': 'no-store' });
});

app.get('/keyring.json', (c) =>
  c.body(keyRingText(c.env), 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' }),
);

app.get('/snapshot', async (c) => {
  const store = new SnapshotStore(c.env);
  const pointer = await store.current();
  if (!pointer) throw noSnapshot();
  return handOut(c, store, pointer.sha256, `${pointer.version}-${pointer.sha256}`, 'no-cache', snapshotUnavailable);
});

app.get('/snapshots/:sha256{[0-9a-f]{64}}', async (c) => {
  const sha256 = c.req.param('sha256');
  const store = new SnapshotStore(c.env);
  return handOut(c, store, sha256, sha256, 'public, max-age=31536000, immutable', () => snapshotUnknown(sha256));
});

app.put('/admin/snapshot', adminOnly, limitBody('snapshot', MAX_SNAPSHOT_BYTES), async (c) => {
  const { created, published } = await publish(c.env, await c.req.arrayBuffer(), edge, Date.now());
  return c.json(published, created ? 201 : 200, { 'cache-control': 'no-store' });
});

app.put('/admin/edge', adminOnly, limitBody('snapshot', MAX_EDGE_BYTES), async (c) => {
  const { created, published } = await publishEdge(c.env, await c.req.arrayBuffer(), edge, Date.now());
  return c.json(published, created ? 201 : 200, { 'cache-control': 'no-store' });
});

// for the next publish, which adds what is new: the same bytes are given to nobody else
app.get('/admin/edge', adminOnly, async (c) => {
  const store = new SnapshotStore(c.env);
  const half = await store.lastEdge();
  const bytes = half && (await store.edge(half.sha256));
  if (!bytes) throw noSnapshot();
  return c.body(bytes, 200, { ...asBytes(bytes.buffer), 'cache-control': 'no-store' });
});

app.post('/quote', limitBody('request', MAX_REQUEST_BYTES), async (c) => {
  const body = new Uint8Array(await c.req.arrayBuffer());
  await assertPatient(c, { codes: codesIn(body) });
  const now = Date.now();
  const opened = await edge.opened(c.env, now);
  const { quoted } = await personalQuote(c.env, opened, body, now);
  return c.body(quoted, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
});

const routes = [...redemptions, ...sessions, ...accounts, ...customers, ...publications, ...records, ...catalogue, ...operations, ...pulses, ...grants];
serve(app, routes);

const description = describe(routes);
app.get('/openapi.json', (c) => c.json(description, 200, { 'cache-control': 'no-cache' }));
app.route('/', voucherifyApi);

const allowed = {
  '/health': 'GET, HEAD',
  '/keyring.json': 'GET, HEAD',
  '/snapshot': 'GET, HEAD',
  '/admin/snapshot': 'PUT',
  '/admin/edge': 'GET, PUT',
  '/quote': 'POST',
  '/openapi.json': 'GET, HEAD',
};
for (const [path, methods] of Object.entries(allowed)) {
  app.all(path, () => {
    throw methodNotAllowed(methods);
  });
}

app.all('*', async (c) => {
  const file = await c.env.ASSETS.fetch(c.req.raw);
  // The headers of a binding's answer cannot be changed; a copy's can.
  const answer = new Response(file.body, file);
  for (const [name, value] of Object.entries(onStaticFiles)) {
    if (!answer.headers.has(name)) answer.headers.set(name, value);
  }
  return answer;
});

app.onError((error, c) => {
  const refusal = error instanceof Refusal ? error : internalError();
  log(refusal.status < 500 ? 'warn' : 'error', 'refused', {
    method: c.req.method,
    path: c.req.path,
    status: refusal.status,
    code: refusal.problem.code,
    pointer: refusal.problem.at?.pointer,
    stack: refusal === error ? undefined : error.stack,
  });
  return refusal.toResponse();
});

export { Catalogue } from './catalogue/catalogue';
export { Customer } from './customers/customer';
export { Book } from './ledger/book';
export { Publications } from './publications/publications';
export { Records } from './records/records';
export { Redemption } from './redemption/redemption';
export { Session } from './redemption/session';

export default app;

/** Refuses by the announced length before reading, and by the bytes themselves where none is announced. */
function limitBody(what: 'snapshot' | 'request', maxSize: number): ReturnType<typeof bodyLimit> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge(what, maxSize);
    },
  });
}

/** The bytes of a snapshot, in brotli for those who take it, or that they are at hand already. */
async function handOut(c: Ask, store: SnapshotStore, sha256: string, tag: string, caching: string, missing: () => Refusal): Promise<Response> {
  const headers = { etag: `"${tag}"`, 'cache-control': caching, vary: 'Accept-Encoding' };
  const inBrotli = { ...headers, etag: `"${tag}-br"` };
  const known = c.req.header('if-none-match');
  // either form stands for the same snapshot
  for (const form of [headers, inBrotli]) if (holds(known, form.etag)) return c.body(null, 304, form);
  // Cloudflare rewrites the header to what it takes itself, and tells what the client said
  const { clientAcceptEncoding = c.req.header('accept-encoding') } = (c.req.raw.cf ?? {}) as { clientAcceptEncoding?: string };
  const short = takesBrotli(clientAcceptEncoding) ? await store.brotli(sha256) : null;
  if (short) {
    return new Response(short, { headers: { ...inBrotli, ...asBytes(short), 'content-encoding': 'br' }, encodeBody: 'manual' });
  }
  const bytes = await store.bytes(sha256);
  if (!bytes) throw missing();
  return c.body(bytes, 200, { ...headers, ...asBytes(bytes) });
}

function takesBrotli(header = ''): boolean {
  return header.split(',').some((part) => /^\s*br\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(part));
}
