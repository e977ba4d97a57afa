// The reference worker beside a plain TypeScript worker with hand-written rules, both on workerd over loopback: requests a
// second and latency of quotes and of redemptions, and the ratios of one run. `node bench/worker.mjs [--quick]`
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { newSigner } from '../tests/js/signer.mjs';
import { memoryFolder } from '../tests/soak/memory_folder.mjs';
import { startWorker } from '../worker/local.mjs';
import { toDocument, toRequest } from './lib/documents.mjs';
import { median } from './lib/harness.mjs';
import { makeWorkload } from './lib/workload.mjs';

const CLIENTS = 16;
const [ROUNDS, ROUND_MS] = argv.includes('--quick') ? [3, 1_000] : [9, 3_000];
const DAY = 86_400;

/** W1 as if it were today. Hours are left out: both workers go by their own clock. */
function today() {
  const { snapshot, carts, ...rest } = makeWorkload('W1');
  const shift = Math.floor((Date.now() / 1_000 - carts[0].now) / DAY) * DAY;
  const promotions = snapshot.promotions.map((promotion) => ({ ...promotion, hours: null, startsAt: promotion.startsAt + shift, endsAt: promotion.endsAt + shift }));
  return { ...rest, snapshot: { ...snapshot, promotions }, carts };
}

async function plainWorker(snapshot, dir) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('worker/plain.ts', import.meta.url))], bundle: true, format: 'esm', target: 'es2023', external: ['cloudflare:*'], write: false,
  });
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'plain.js', contents: outputFiles[0].text }], modulesRoot: '.', compatibilityDate: '2026-04-01', cf: false,
    bindings: { PROMOTIONS: JSON.stringify(snapshot), LIMIT: 1_000_000_000 },
    durableObjects: { USES: { className: 'Uses', useSQLite: true } }, durableObjectsPersist: join(dir, 'plain'),
  });
  return { url: (await miniflare.ready).origin, stop: () => miniflare.dispose() };
}

async function referenceWorker(signer, dir) {
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>bench</title>');
  return startWorker({
    keyRing: signer.keyRing, adminToken: 'bench', checkoutToken: 'bench', quoteKey: '07'.repeat(32), customerKey: '0b'.repeat(32),
    stateDir: join(dir, 'reference'), assets: join(dir, 'www'), onLog: () => {},
  });
}

let sent = 0;

/** One request over a connection that is kept; its status, its body, and how long it took. */
function send(agent, url, { path, headers, body }) {
  // each from an address of its own: nobody is slowed down who tries a code now and then
  const address = `10.${[16, 8, 0].map((bits) => ((sent >> bits) & 255)).join('.')}`;
  sent += 1;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const sending = request(url + path, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'cf-connecting-ip': address, 'content-length': Buffer.byteLength(body), ...headers } }, async (answer) => {
      const text = (await answer.setEncoding('utf8').toArray()).join('');
      resolve({ status: answer.statusCode, text, ms: performance.now() - start });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** All clients for a while: requests a second, and the latencies. */
async function round(url, next, milliseconds) {
  // connections of its own: a server closes those that rest while the others are measured
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const times = [];
  const end = performance.now() + milliseconds;
  const start = performance.now();
  const client = async () => {
    while (performance.now() < end) {
      const { status, text, ms } = await send(agent, url, next());
      assert.ok(status === 200 || status === 201, `${url}: ${status} ${text}`);
      times.push(ms);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { rate: (times.length * 1_000) / (performance.now() - start), p50: at(0.5), p99: at(0.99) };
}

const shown = (value, digits) => value.toFixed(digits).padStart(9);

async function compare(name, contenders) {
  const rounds = contenders.map(() => []);
  for (const { url, next } of contenders) await round(url, next, ROUND_MS / 2);
  for (let index = 0; index < ROUNDS; index += 1) {
    // every contender goes first as often
    for (const at of index % 2 === 0 ? contenders.keys() : [...contenders.keys()].reverse()) {
      rounds[at].push(await round(contenders[at].url, contenders[at].next, ROUND_MS));
    }
  }
  console.log(`\n${name}\n${' '.repeat(28)}     per s    p50 ms    p99 ms`);
  for (const [at, contender] of contenders.entries()) {
    const of = (figure) => median(rounds[at].map((one) => one[figure]));
    console.log(`  ${contender.name.padEnd(26)}${shown(of('rate'), 0)}${shown(of('p50'), 2)} ${shown(of('p99'), 2)}`);
  }
  for (const [at, contender] of contenders.entries()) {
    if (at === 0) continue;
    const ratio = (figure) => median(rounds[at].map((one, index) => one[figure] / rounds[0][index][figure]));
    console.log(`  ${`${contender.name}: ratio`.padEnd(26)}${shown(ratio('rate'), 2)}${shown(ratio('p50'), 2)} ${shown(ratio('p99'), 2)}`);
  }
}

const dir = await mkdtemp(join(memoryFolder(), 'counterfoil-bench-'));
const { snapshot, carts } = today();
const signer = await newSigner();
const plain = await plainWorker(snapshot, dir);
const reference = await referenceWorker(signer, dir);
try {
  const publish = async (document, version) => {
    const answer = await fetch(`${reference.url}/admin/snapshot`, { method: 'PUT', headers: { authorization: 'Bearer bench' }, body: await signer.snapshot(document, version) });
    assert.equal(answer.status, 201, await answer.text());
  };
  const cycle = (list) => {
    let at = 0;
    return () => list[(at += 1) % list.length];
  };

  await publish(toDocument(snapshot), 1);
  const plainQuotes = carts.map((cart) => ({ path: '/quote', body: JSON.stringify(cart) }));
  const quotes = carts.map((cart) => ({ path: '/quote', body: JSON.stringify(toRequest(cart)) }));
  const agent = new Agent({ keepAlive: true });
  let same = 0;
  for (const [index, asked] of quotes.entries()) {
    const [one, other] = [JSON.parse((await send(agent, reference.url, asked)).text), JSON.parse((await send(agent, plain.url, plainQuotes[index])).text)];
    if (one.total === other.total) same += 1;
  }
  agent.destroy();
  console.log(`${same} of ${carts.length} carts have the same total in both; the others are those that bench/README.md explains`);
  assert.ok(same >= carts.length * 0.9, 'both workers do the same');
  await compare('quote: 20 lines, 25 promotions and 10 with a code', [
    { name: 'plain worker', url: plain.url, next: cycle(plainQuotes) },
    { name: 'counterfoil', url: reference.url, next: cycle(quotes) },
  ]);

  await publish({ campaigns: [{ id: 'hot', codes: ['HOT'], limits: { total: 1_000_000_000 }, discounts: [{ type: 'percent_off', percent: '10' }] }] }, 2);
  const cart = { currency: 'EUR', codes: ['HOT'], lines: [{ id: 'a', unitPrice: 1_999, quantity: 2 }, { id: 'b', unitPrice: 500, quantity: 1 }] };
  let keys = 0;
  const redemption = (body) => () => ({ path: '/redemptions', headers: { authorization: 'Bearer bench', 'idempotency-key': `key-${(keys += 1)}` }, body: JSON.stringify(body) });
  await compare('redeem: one campaign with a limit, another key each time', [
    { name: 'plain worker', url: plain.url, next: redemption(cart) },
    { name: 'counterfoil', url: reference.url, next: redemption({ request: cart, confirm: true }) },
  ]);
} finally {
  await Promise.all([plain.stop(), reference.stop()]);
  await rm(dir, { recursive: true, force: true });
}
