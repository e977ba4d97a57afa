// A worker of the tests' own on real workerd, and what is expected of its answers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../../worker/local.mjs';

export const ADMIN_TOKEN = 'only-the-publisher-knows';
export const CHECKOUT_TOKEN = 'only-the-shop-knows';

const SECRETS = {
  adminToken: ADMIN_TOKEN,
  checkoutToken: CHECKOUT_TOKEN,
  quoteKey: '07'.repeat(32),
  customerKey: '0b'.repeat(32),
};

/** @param settings those of `startWorker` */
export async function localWorker(settings) {
  const logged = [];
  // workerd says a word of its own now and then, as of an endpoint that cannot be reached
  const onLog = (line) => line.startsWith('{') && logged.push(JSON.parse(line));
  const worker = await startWorker({ ...SECRETS, privateWebhooks: true, onLog, ...settings });
  const at = (path, init) => sent(worker.url + path, init);
  return {
    ...worker,
    at,
    logged: (event) => logged.filter((line) => line.event === event),
    put: (body, { token = ADMIN_TOKEN } = {}) =>
      at('/admin/snapshot', { method: 'PUT', body, headers: { authorization: `Bearer ${token}` } }),
    post: (path, body, { key, token = CHECKOUT_TOKEN } = {}) => {
      const headers = { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) };
      return at(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers });
    },
    get: (path, { token = CHECKOUT_TOKEN } = {}) => at(path, { headers: { authorization: `Bearer ${token}` } }),
    quote: (wanted) => at('/quote', { method: 'POST', body: JSON.stringify(wanted) }),
    announce: (method, path, length, token) => announce(worker.url + path, method, length, token),
    pour: (method, path, most) => pour(worker.url + path, method, most),
  };
}

/** A server may close a connection that rests while the next request is on its way; whoever keeps connections sends it again. */
async function sent(url, init, tries = 3) {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (!['UND_ERR_SOCKET', 'ECONNRESET'].includes(error.cause?.code) || tries === 1) throw error;
    return sent(url, init, tries - 1);
  }
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Sends the head of a request with a body of this length, and never the body. */
function announce(url, method, length, token = ADMIN_TOKEN) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': length };
    const sending = request(url, { method, headers, agent: false }, async (incoming) => {
      const text = await incoming.setEncoding('utf8').toArray();
      sending.destroy();
      resolve(new Response(text.join(''), { status: incoming.statusCode, headers: incoming.headers }));
    });
    sending.on('error', reject);
    sending.flushHeaders();
  });
}

/**
 * Sends a body of unknown length until the worker has had enough, or `most` bytes are out. Resolves to what was sent:
 * the worker hangs up while the body is still coming, so its answer may not get through.
 */
function pour(url, method, most) {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'transfer-encoding': 'chunked' };
    const sending = request(url, { method, headers, agent: false });
    const chunk = Buffer.alloc(65_536);
    let sent = 0;
    const send = () => {
      if (sent >= most) return void sending.destroy();
      sent += chunk.length;
      sending.write(chunk, (error) => error || setImmediate(send));
    };
    sending.on('response', () => sending.destroy());
    sending.on('error', () => {});
    sending.on('close', () => resolve(sent));
    send();
  });
}

/** The log arrives beside the answers, a moment earlier or later. */
export async function eventually(check) {
  for (let left = 200; ; left -= 1) {
    try {
      return await check();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(50);
    }
  }
}

export async function assertRefused(response, status, code) {
  const problem = await response.json();
  assert.equal(response.status, status, JSON.stringify(problem));
  assert.equal(problem.code, code);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  for (const field of ['message', 'help', 'fixBy']) assert.equal(typeof problem[field], 'string', field);
  assert.equal(typeof problem.params, 'object');
  return problem;
}

export async function assertPublished(response, status, { version, bytes }) {
  const published = await response.json();
  assert.equal(response.status, status, JSON.stringify(published));
  assert.equal(published.version, version);
  assert.equal(published.sha256, sha256(bytes));
  assert.ok(published.revision);
}

export async function assertTotal(response, total) {
  const quote = await response.json();
  assert.equal(response.status, 200, JSON.stringify(quote));
  assert.equal(quote.total, total);
}
