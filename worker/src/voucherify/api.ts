import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { routePath } from 'hono/route';
import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Env } from '../env';
import { readJson, Unreadable } from '../json';
import { log } from '../log';
import { areaOf, AREAS, authenticated, fromListedOrigin, isListedAnywhere } from './access';
import type { Call } from './call';
import { randomHex } from './desk';
import { Failure, forbidden, internalError, invalidPayload, methodNotAllowed, notCovered, notFound, tooLarge } from './failure';
import { assertPatient } from './guessing';
import { readQuery } from './query';
import { NOT_COVERED, ROUTES } from './routes';
import type { Route } from './route';

type Host = { Bindings: Env; Variables: { requestId: string } };

/** 500 lines with their metadata, or a few thousand rows of an import. */
const MOST_BYTES = 1024 * 1024;

/** Moves time for a test, where the worker was started for tests. */
const CLOCK = 'x-counterfoil-now';

/** Later versions of its interface, of which nothing is covered. */
const OTHER_VERSIONS = ['/v2', '/client/v2', '/management/v2'];

export const voucherifyApi = new Hono<Host>({ strict: false });

voucherifyApi.use('/client/v1/*', (c, next) =>
  cors({
    origin: (origin) => (isListedAnywhere(c.env, origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'PUT', 'OPTIONS'],
    maxAge: 86_400,
  })(c, next),
);

for (const base of [...AREAS.map(([area]) => area), ...OTHER_VERSIONS]) {
  voucherifyApi.use(`${base}/*`, async (c, next) => {
    c.set('requestId', `v-${randomHex(8)}`);
    await next();
  });
  voucherifyApi.use(`${base}/*`, bodyLimit({ maxSize: MOST_BYTES, onError: () => refuse(tooLarge(MOST_BYTES)) }));
}

for (const { method, path } of NOT_COVERED) {
  voucherifyApi.on(method, path, async (c) => {
    await heard(c);
    throw notCovered(c.req.method, c.req.path);
  });
}

for (const route of ROUTES) {
  const area = areaOf(route.path);
  voucherifyApi.on(route.method, route.path, async (c) => {
    const project = await authenticated(c.env, c.req.raw.headers, area);
    if (area === 'client') {
      fromListedOrigin(c.req.header('origin'), project);
      if (route.needs && !project.clientSide?.includes(route.needs)) {
        throw forbidden(`The project does not open ${route.needs} to the client side`);
      }
    }
    const path = c.req.param() as Record<string, string>;
    if (area === 'management' && path['project'] !== project.id) throw notFound('project', path['project'] ?? '');
    const call = await callOf(c, route, path, area === 'client');
    if (area === 'client') await assertPatient(c.env, c.req.raw.headers, call);
    const stub = c.env.VOUCHERIFY.get(c.env.VOUCHERIFY.idFromName(project.id));
    const { status, body } = await stub.answer(call);
    return answered(status, body, call.requestId);
  });
}

for (const [path, methods] of methodsByPath()) {
  voucherifyApi.all(path, async (c) => {
    await heard(c);
    throw methodNotAllowed(c.req.method, c.req.path, methods.join(', '));
  });
}

for (const base of [...AREAS.map(([area]) => area), ...OTHER_VERSIONS]) {
  voucherifyApi.all(`${base}/*`, async (c) => {
    await heard(c);
    throw notCovered(c.req.method, c.req.path);
  });
}

voucherifyApi.onError((error, c) => {
  const failure = error instanceof Failure ? error : internalError();
  log(failure.status < 500 ? 'warn' : 'error', 'refused', {
    method: c.req.method,
    // not the address itself, in which codes stand
    path: routePath(c),
    status: failure.status,
    code: String(failure.body['key']),
    stack: failure === error ? undefined : error.stack,
  });
  return answered(failure.status, failure.body, c.get('requestId'), failure.headers);
});

/** Who still sends when the answer comes hears of a broken connection, not of the refusal: a table that is uploaded is read to its end. */
const heard = (c: Context<Host>): Promise<unknown> => c.req.arrayBuffer();

async function callOf(c: Context<Host>, route: Route, path: Record<string, string>, clientSide: boolean): Promise<Call> {
  return {
    route: route.name,
    path,
    query: readQuery(new URL(c.req.url).search),
    body: await bodyOf(c),
    now: timeOf(c),
    clientSide,
    requestId: c.get('requestId'),
  };
}

async function bodyOf(c: Context<Host>): Promise<unknown> {
  if (c.req.method === 'GET') return {};
  try {
    return readJson(await c.req.arrayBuffer());
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { message, help, pointer } = error.why;
    throw invalidPayload(`${message} ${help}${pointer === '' ? '' : ` It is at ${pointer}`}`);
  }
}

function timeOf(c: Context<Host>): number {
  const given = c.env.VOUCHERIFY_TEST_CLOCK === 'allowed' ? c.req.header(CLOCK) : undefined;
  return given === undefined ? Date.now() : Date.parse(given);
}

/** An error carries the number of its request, so that it can be found again. */
function answered(status: number, body: unknown, requestId: string, headers: Readonly<Record<string, string>> = {}): Response {
  const more = { 'cache-control': 'no-store', ...headers };
  if (status === 204) return new Response(null, { status, headers: more });
  const told = status < 400 ? body : { ...(body as object), request_id: requestId };
  return new Response(JSON.stringify(told), { status, headers: { 'content-type': 'application/json', ...more } });
}

function refuse(failure: Failure): never {
  throw failure;
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of ROUTES) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}
