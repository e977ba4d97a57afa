import { cors } from 'hono/cors';
import { Hono } from 'hono';
import { accounts } from './api/accounts';
import { catalogue } from './api/catalogue';
import { customers } from './api/customers';
import { grants } from './api/grants';
import { describe } from './api/openapi';
import { operations } from './api/operations';
import { publications } from './api/publications';
import { pulses } from './api/pulses';
import { records } from './api/records';
import { redemptions } from './api/redemptions';
import { serve } from './api/router';
import { sessions } from './api/sessions';
import { snapshots } from './api/snapshots';
import type { Env } from './env';
import { onEveryAnswer, onStaticFiles } from './headers';
import { log } from './log';
import { addressUnknown, internalError, methodNotAllowed, Refusal } from './problem';
import { voucherifyApi } from './voucherify/api';
import { describe as describeVoucherify } from './voucherify/openapi';
import { ROUTES } from './voucherify/routes';

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
for (const path of ['/snapshot', '/snapshots/*', '/root.cfr', '/head.cfs', '/sections/*', '/pulse', '/grants', '/keyring.json', '/quote', '/quote/signed', '/quote-keys.json', '/openapi.json', '/voucherify/openapi.json']) app.use(path, anyOrigin);

const routes = [...snapshots, ...redemptions, ...sessions, ...accounts, ...customers, ...publications, ...records, ...catalogue, ...operations, ...pulses, ...grants];
serve(app, routes);

// made when they are asked for, so that no start of the worker waits for them
const described = async (): Promise<object> => {
  const [requests, campaigns] = await Promise.all([import('../../docs/request.schema.json'), import('../../docs/campaigns.schema.json')]);
  return describe(routes, requests.default, campaigns.default);
};
for (const [path, description] of [['/openapi.json', described], ['/voucherify/openapi.json', async () => describeVoucherify(ROUTES)]] as const) {
  app.get(path, async (c) => c.json(await description(), 200, { 'cache-control': 'no-cache' }));
  app.all(path, () => {
    throw methodNotAllowed('GET, HEAD');
  });
}
app.route('/', voucherifyApi);

app.all('*', async (c) => {
  const found = await c.env.ASSETS.fetch(c.req.raw);
  // a shop may have a page of its own for what there is not
  const file = found.status === 404 && !found.headers.has('content-type') ? addressUnknown().toResponse() : found;
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
