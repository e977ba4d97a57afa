// The life of a shop's keys as its hosts see it: a campaign is stopped by a pulse, a publisher is replaced, ceilings bind.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { CounterfoilError, Engine } from 'counterfoil';
import { follow } from 'counterfoil/sync';
import { Engine as Workshop, compile, keygen, sign } from 'counterfoil/workshop';
import { Miniflare, Response as WorkerResponse } from 'miniflare';
import { read } from './hosts/files.mjs';
import { withFuse } from './hosts/fuse.mjs';
import { newest } from './hosts/instances.mjs';
import { beside, bundle } from './hosts/workerd.mjs';
import { counterfoil } from './publisher.mjs';

const HOUR = 3_600_000;
const CAMPAIGNS = [
  { id: 'half', discounts: [{ type: 'percent_off', percent: '50' }] },
  { id: 'ten', discounts: [{ type: 'amount_off', amount: { EUR: 1000 } }] },
];
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 10_000, quantity: 1 }] };
const now = Date.now();

let dir;
let publishers;
let pulseKey;
let pinned;
/** The chain after its first document, and after the second, which replaces the publisher and lowers the ceiling. */
const chains = [];
/** What the shop's server hands out, by path. */
let served;
let server;
let origin;

const files = (name) => join(dir, name);

async function snapshot(publisher, { version, rootVersion = 1 }) {
  const compiled = await compile({ shop: { campaigns: CAMPAIGNS } }, { from: now, until: now + 24 * HOUR });
  const terms = { audience: 'shop', environment: 'test', version, rootVersion, issuedAt: now, expiresAt: now + 24 * HOUR };
  return sign(compiled, terms, [publishers[publisher].secretKey]);
}

/** A pulse for a snapshot, as the shop's own server makes it. */
async function pulse(bytes, root, terms = {}) {
  const engine = await Workshop.open(bytes, pinned, { root });
  return engine.signPulse({ issuedAt: now, expiresAt: now + HOUR, ...terms }, [pulseKey]);
}

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-roles-'));
  publishers = [await keygen('first'), await keygen('second')];
  const online = await keygen('online');
  pulseKey = { ...online.secretKey, role: 'pulse' };
  const root = await keygen('root');
  await writeFile(files('root.key.json'), JSON.stringify({ ...root.secretKey, role: 'root' }));
  const keys = (pair) => ({ threshold: 1, keys: [{ publicKey: pair.publicKey.publicKey }] });
  for (const [at, discount] of [10_000, 4_000].entries()) {
    const roles = { root: keys(root), publisher: keys(publishers[at]), pulse: keys(online) };
    const ceilings = { discount, life: 48 * HOUR };
    const plan = { audience: 'shop', environment: 'test', version: at + 1, expiresAt: now + 720 * HOUR, roles, ceilings };
    await writeFile(files('plan.json'), JSON.stringify(plan));
    const ring = at === 0 ? ['--key-ring', files('pinned.json')] : [];
    await counterfoil('root', 'next', files('plan.json'), '--to', files('root.cfr'), '--key', files('root.key.json'), ...ring);
    chains.push(new Uint8Array(await readFile(files('root.cfr'))));
  }
  pinned = JSON.parse(await readFile(files('pinned.json'), 'utf8'));
  server = createServer((request, response) => {
    const body = served[request.url];
    response.writeHead(body ? 200 : 503).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  server?.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(() => {
  served = {};
});

const following = (options = {}) =>
  follow(Engine, { sources: [`${origin}/snapshot`], root: `${origin}/root`, pulse: `${origin}/pulse`, keyRing: pinned, keep: null, poll: false, ...options });
const standing = ({ state, error, engine }) => [state, error?.code, engine?.quote(cart).total];
const refused = (code) => (error) => error instanceof CounterfoilError && error.code === code;

test('a pulse stops a campaign in an open engine, and no later one brings it back', async () => {
  const bytes = await snapshot(0, { version: 5 });
  const engine = await Engine.open(bytes, pinned, { root: chains[0], pulse: await pulse(bytes, chains[0]) });
  const session = engine.session(cart);
  assert.deepEqual([engine.quote(cart).total, session.total], [4_000, 4_000]);
  const stop = await pulse(bytes, chains[0], { stopped: ['half'], issuedAt: now + 1 });
  assert.equal(engine.takePulse(stop), now + HOUR);
  assert.equal(engine.quote(cart).total, 9_000);
  session.addLine({ id: 'b', unitPrice: 1_000, quantity: 1 });
  assert.equal(session.total, 10_000);
  engine.takePulse(await pulse(bytes, chains[0], { issuedAt: now + 2 }));
  assert.equal(engine.quote(cart).total, 9_000);
  assert.throws(() => engine.takePulse(stop), refused('pulse_rolled_back'));
  assert.throws(() => engine.takePulse(stop, { now: now + 2 * HOUR }), refused('pulse_expired'));
  assert.throws(() => engine.takePulse(bytes), refused('snapshot_malformed'));
  assert.equal(engine.quote(cart).total, 9_000);
  const other = await snapshot(0, { version: 6 });
  const mismatched = await pulse(other, chains[0]);
  await assert.rejects(Engine.open(bytes, pinned, { root: chains[0], pulse: mismatched }), refused('snapshot_rolled_back'));
});

test('what was stopped stays so after a trap', async () => {
  const bytes = await snapshot(0, { version: 5 });
  const module = withFuse(await read('package/counterfoil_bg.wasm'));
  const engine = await Engine.open(bytes, pinned, { root: chains[0], module });
  const { fuse } = newest();
  for (const [at, stopped] of [['half'], [], []].entries()) {
    engine.takePulse(await pulse(bytes, chains[0], { stopped, issuedAt: now + at }));
  }
  fuse.value = 10;
  assert.throws(() => engine.quote(cart), refused('engine_failed'));
  assert.equal(engine.quote(cart).total, 9_000);
});

test('the root document is followed: its ceiling binds, and the publisher it replaced is nobody', async () => {
  const bytes = await snapshot(1, { version: 6, rootVersion: 2 });
  const engine = await Engine.open(bytes, pinned, { root: chains[1] });
  // half and ten off a hundred would be sixty: forty is the most
  assert.equal(engine.quote(cart).total, 6_000);
  await assert.rejects(Engine.open(bytes, pinned, { root: chains[0] }), refused('key_unknown'));
  const old = await snapshot(0, { version: 6, rootVersion: 2 });
  await assert.rejects(Engine.open(old, pinned, { root: chains[1] }), refused('key_unknown'));
  await assert.rejects(Engine.open(old, pinned, { root: chains[0] }), refused('root_outdated'));
  await assert.rejects(Engine.open(bytes, pinned, { root: chains[1].slice(0, -1) }), refused('snapshot_malformed'));
});

test('who follows a shop stops what it stops with the next check', async () => {
  const bytes = await snapshot(0, { version: 5 });
  served = { '/snapshot': bytes, '/root': chains[0], '/pulse': await pulse(bytes, chains[0]) };
  const sync = await following();
  assert.deepEqual(standing(sync), ['ready', undefined, 4_000]);
  served['/pulse'] = await pulse(bytes, chains[0], { stopped: ['ten'], issuedAt: now + 1 });
  await sync.check();
  assert.deepEqual(standing(sync), ['ready', undefined, 5_000]);
  // a shop that says nothing any more: what is open goes on, and is not called current
  delete served['/pulse'];
  await sync.check();
  assert.deepEqual(standing(sync), ['stale', 'source_refused', 5_000]);
  // a pulse that is held back and served again
  served['/pulse'] = await pulse(bytes, chains[0]);
  await sync.check();
  assert.deepEqual(standing(sync), ['stale', 'pulse_rolled_back', 5_000]);
});

test('who follows a shop follows its keys, and never back', async () => {
  const first = await snapshot(0, { version: 5 });
  served = { '/snapshot': first, '/root': chains[0], '/pulse': await pulse(first, chains[0]) };
  const sync = await following();
  assert.deepEqual(standing(sync), ['ready', undefined, 4_000]);
  // the keys move on: what the old publisher signed is no longer believed, and goes on only until something better is there
  served['/root'] = chains[1];
  await sync.check();
  assert.equal(standing(sync)[1], 'key_unknown');
  const second = await snapshot(1, { version: 6, rootVersion: 2 });
  Object.assign(served, { '/snapshot': second, '/pulse': await pulse(second, chains[1]) });
  await sync.check();
  assert.deepEqual(standing(sync), ['ready', undefined, 6_000]);
  // an older chain is passed over
  served['/root'] = chains[0];
  await sync.check();
  assert.deepEqual(standing(sync), ['ready', undefined, 6_000]);
});

test('what a stolen key has published as the highest version there is ends with the document that replaces the key', async () => {
  // a keep of the host's own: any object with these two
  let kept;
  const keep = { read: async () => kept, write: async (one) => void (kept = one) };
  const visit = () => following({ keep, pulse: undefined });
  const stolen = await snapshot(0, { version: Number.MAX_SAFE_INTEGER });
  served = { '/snapshot': stolen, '/root': chains[0] };
  const sync = await visit();
  assert.deepEqual(standing(sync), ['ready', undefined, 4_000]);
  const honest = await snapshot(1, { version: 6, rootVersion: 2 });
  Object.assign(served, { '/root': chains[1], '/snapshot': honest });
  await sync.check();
  assert.deepEqual(standing(sync), ['ready', undefined, 6_000]);
  // who comes back after it all has the stolen one in the store
  kept = { ...kept, bytes: stolen, version: Number.MAX_SAFE_INTEGER, rootVersion: 1, root: chains[0] };
  const next = await visit();
  await next.check();
  assert.deepEqual(standing(next), ['ready', undefined, 6_000]);
  // and from here on nothing that was published under the document before
  served['/snapshot'] = await snapshot(1, { version: Number.MAX_SAFE_INTEGER, rootVersion: 1 });
  await next.check();
  assert.deepEqual(standing(next), ['stale', 'snapshot_rolled_back', 6_000]);
});

test('an address of root documents that answers with rubbish locks nobody out', async () => {
  const bytes = await snapshot(0, { version: 5 });
  served = { '/snapshot': bytes, '/root': chains[0] };
  const sync = await following({ pulse: undefined });
  served['/root'] = new Uint8Array([...chains[0], ...new TextEncoder().encode('<!doctype html>')]);
  await sync.check();
  assert.deepEqual(standing(sync), ['stale', 'snapshot_malformed', 4_000]);
  const renewed = await snapshot(1, { version: 6, rootVersion: 2 });
  served = { '/snapshot': renewed, '/root': chains[1] };
  await sync.check();
  assert.deepEqual(standing(sync), ['ready', undefined, 6_000]);
});

for (const [name, keep] of Object.entries({
  reads: { read: () => new Promise(() => {}), write: async () => {} },
  writes: { read: async () => undefined, write: () => new Promise(() => {}) },
})) {
  test(`a store that never ${name} keeps nobody waiting for a quote`, async () => {
    served = { '/snapshot': await snapshot(0, { version: 5 }), '/root': chains[0] };
    const sync = await following({ keep, pulse: undefined, timeout: 300 });
    assert.deepEqual(standing(sync), ['ready', undefined, 4_000]);
    await sync.check();
    assert.deepEqual(standing(sync), ['ready', undefined, 4_000]);
    if (name === 'writes') assert.match(`${sync.notKept}`, /does not answer/);
  });
}

for (const store of ['KV', 'R2', 'Cache']) {
  describe(`over ${store}`, () => {
    let worker;
    let folders;
    const start = async () => {
      await worker?.dispose();
      worker = new Miniflare({
        modules: await bundle(beside(import.meta.url, './hosts/following.mjs')),
        modulesRoot: '/',
        compatibilityDate: '2026-04-01',
        cf: false,
        kvNamespaces: ['KEPT'],
        r2Buckets: ['BUCKET'],
        ...folders,
      });
    };
    beforeEach(async (t) => {
      const kept = files(`kept-${store}-${t.name}`);
      folders = { kvPersist: join(kept, 'kv'), r2Persist: join(kept, 'r2'), cachePersist: join(kept, 'cache') };
      worker = undefined;
      await start();
      t.after(() => worker.dispose());
    });
    const ask = async (options = {}) => {
      const at = Object.fromEntries(['root', 'pulse'].map((name) => [name, `${origin}/${name}`]));
      const body = JSON.stringify({ sources: [`${origin}/snapshot`], ...at, keyRing: pinned, cart, store, ...options });
      const { notKept, ...found } = await (await worker.dispatchFetch('http://worker/', { method: 'POST', body })).json();
      return found;
    };

    test('a stop, and the keys, outlive the isolate', async () => {
      const bytes = await snapshot(1, { version: 6, rootVersion: 2 });
      served = { '/snapshot': bytes, '/root': chains[1], '/pulse': await pulse(bytes, chains[1]) };
      assert.deepEqual(await ask(), { state: 'ready', version: 6, total: 6_000 });
      served['/pulse'] = await pulse(bytes, chains[1], { stopped: ['half'], issuedAt: now + 1 });
      assert.deepEqual(await ask({ check: true }), { state: 'ready', version: 6, total: 9_000 });
      served = {};
      await start();
      assert.deepEqual(await ask({ check: true }), { state: 'stale', error: 'source_refused', version: 6, total: 9_000 });
      // the pulse has ended by now, not what it stopped
      await start();
      assert.equal((await ask({ clock: 2 * HOUR })).total, 9_000);
    });

    test('root documents that were damaged there are had anew, and nothing older gets in', async () => {
      const bytes = await snapshot(1, { version: 6, rootVersion: 2 });
      served = { '/snapshot': bytes, '/root': chains[1], '/pulse': await pulse(bytes, chains[1]) };
      await ask();
      const flip = (value) => {
        const damaged = new Uint8Array(value);
        damaged[bytes.length + 40] ^= 1;
        return damaged.buffer;
      };
      if (store === 'KV') {
        const kept = await worker.getKVNamespace('KEPT');
        const { value, metadata } = await kept.getWithMetadata('snapshot', 'arrayBuffer');
        await kept.put('snapshot', flip(value), { metadata });
      } else if (store === 'R2') {
        const bucket = await worker.getR2Bucket('BUCKET');
        const kept = await bucket.get('snapshot');
        await bucket.put('snapshot', flip(await kept.arrayBuffer()), { customMetadata: kept.customMetadata });
      } else {
        const cache = await (await worker.getCaches()).open('counterfoil');
        const kept = await cache.match('https://counterfoil.invalid/snapshot');
        await cache.put('https://counterfoil.invalid/snapshot', new WorkerResponse(flip(await kept.arrayBuffer()), { headers: Object.fromEntries(kept.headers) }));
      }
      await start();
      served['/snapshot'] = await snapshot(1, { version: 5, rootVersion: 2 });
      assert.deepEqual(await ask(), { state: 'error', error: 'snapshot_rolled_back' });
      served['/snapshot'] = bytes;
      assert.deepEqual(await ask({ check: true }), { state: 'ready', version: 6, total: 6_000 });
    });
  });
}
