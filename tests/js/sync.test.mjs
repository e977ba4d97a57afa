// What pages and workers do while a shop's server, the network, the store or the clock lets them down.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Miniflare } from 'miniflare';
import { launch } from './hosts/chromium.mjs';
import { read } from './hosts/files.mjs';
import { announcingTooMuch, broken, busy, cutOff, dead, endless, good, hanging, html, serveSource, trickling } from './hosts/source.mjs';
import { beside, bundle } from './hosts/workerd.mjs';
import { newPublisher } from './publisher.mjs';

const percent = (percent) => [{ id: 'sale', name: 'Sale', discounts: [{ type: 'percent_off', percent }] }];
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }] };
const TEN_YEARS = 10 * 365 * 86_400_000;
const page = '<!doctype html><title>shop</title>';

let dir;
let browser;
let keyRing;
/** Snapshots by version: 1 takes 10 % off, 2 takes 20 %, and so on. */
const snapshots = [];
let source;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-sync-'));
  const publisher = await newPublisher(dir);
  keyRing = JSON.parse(publisher.keyRing);
  for (const version of [1, 2, 3]) snapshots[version] = await publisher.snapshot(percent(`${version}0`), { version });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(async (t) => {
  source = await serveSource((name) => (name === '' ? page : read(`package/${name}`)));
  t.after?.(() => source.stop());
});

/** Follows in a tab; answers how it stands. */
const follow = (tab, options = {}) =>
  tab.evaluate(
    async ({ keyRing, options }) => {
      const { Engine } = await import('/entry.web.js');
      const { follow } = await import('/entry.sync.js');
      globalThis.changes = 0;
      globalThis.sync = await follow(Engine, { sources: ['/snapshot'], keyRing, timeout: 1_500, ...options });
      globalThis.sync.onChange(() => (globalThis.changes += 1));
    },
    { keyRing, options },
  );
const standing = (tab) =>
  tab.evaluate((cart) => {
    const { state, error, engine, notKept } = globalThis.sync;
    return { state, error: error?.code, total: engine?.quote(cart).total, notKept: notKept && notKept.name };
  }, cart);
const check = (tab) => tab.evaluate(() => globalThis.sync.check());
/** Waits until it stands so. */
async function settles(tab, wanted) {
  for (let left = 60; ; left -= 1) {
    const found = await standing(tab);
    if (left === 0 || Object.entries(wanted).every(([name, value]) => found[name] === value)) return assertStands(found, wanted);
    await sleep(50);
  }
}
const assertStands = (found, wanted) => assert.deepEqual(found, { error: undefined, total: undefined, notKept: undefined, ...wanted });

/** What a server does, what is told of it, and how long it is given, where a busy machine may take a while to pour out too much. */
const faults = {
  'a server that hangs': [hanging, 'source_too_slow'],
  'a server that trickles': [(...at) => trickling(snapshots[2])(...at), 'source_too_slow'],
  'a page of HTML with 200': [html, 'snapshot_malformed'],
  'an answer that is cut off': [(...at) => cutOff(snapshots[2])(...at), 'source_unreachable'],
  'an answer with a flipped byte': [(...at) => good(snapshots[2].map((byte, index) => (index === 40 ? byte ^ 1 : byte)))(...at), 'signature_invalid'],
  'an answer that announces too much': [announcingTooMuch(4 * 2 ** 20 + 1), 'snapshot_too_large'],
  'an answer without an end': [endless, 'snapshot_too_large', 60_000],
  'a server that is busy': [busy(1), 'source_refused'],
};

describe('a page', () => {
  let context;
  let tab;

  beforeEach(async (t) => {
    context = await browser.newContext();
    t.after(() => context.close());
    tab = await open();
  });

  const open = async () => {
    const opened = await context.newPage();
    await opened.goto(source.url);
    return opened;
  };

  test('asks once for what it has, and is told so', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab);
    assertStands(await standing(tab), { state: 'ready', total: 900 });
    await check(tab);
    assertStands(await standing(tab), { state: 'ready', total: 900 });
    assert.deepEqual(source.asked.map(({ etag }) => etag !== undefined), [false, true]);
    source.serve('snapshot', good(snapshots[2]));
    await check(tab);
    assertStands(await standing(tab), { state: 'ready', total: 800 });
    assert.equal(await tab.evaluate(() => globalThis.changes), 1, 'one change, told once');
  });

  test('quotes on the next visit from what it kept, without a network', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab);
    source.serve('snapshot', dead);
    await tab.reload();
    await follow(tab);
    await settles(tab, { state: 'stale', error: 'source_unreachable', total: 900 });
  });

  test('has nothing to quote with on a first visit without a network, says so, and recovers', async () => {
    source.serve('snapshot', dead);
    await follow(tab);
    assertStands(await standing(tab), { state: 'error', error: 'source_unreachable' });
    source.serve('snapshot', good(snapshots[1]));
    await check(tab);
    assertStands(await standing(tab), { state: 'ready', total: 900 });
  });

  for (const [name, [behaviour, code, timeout = 1_500]] of Object.entries(faults)) {
    test(`${name}: what is open goes on, and the mirror is asked`, async () => {
      source.serve('snapshot', good(snapshots[1]));
      await follow(tab, { sources: ['/snapshot', '/mirror'], timeout });
      source.serve('snapshot', behaviour);
      source.serve('mirror', behaviour);
      await check(tab);
      assertStands(await standing(tab), { state: 'stale', error: code, total: 900 });
      source.serve('mirror', good(snapshots[2]));
      await check(tab);
      assertStands(await standing(tab), { state: 'ready', total: 800 });
    });
  }

  test('a mirror that is behind cannot bring back what was stopped, not even on the next visit', async () => {
    source.serve('snapshot', good(snapshots[2]));
    await follow(tab);
    source.serve('snapshot', good(snapshots[1]));
    await check(tab);
    assertStands(await standing(tab), { state: 'stale', error: 'snapshot_rolled_back', total: 800 });
    await tab.reload();
    await follow(tab);
    await settles(tab, { state: 'stale', error: 'snapshot_rolled_back', total: 800 });
  });

  test('a store that is full keeps nobody from quoting', async () => {
    const { origin } = new URL(source.url);
    const devtools = await context.newCDPSession(tab);
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab);
    assertStands(await standing(tab), { state: 'ready', total: 900, notKept: 'QuotaExceededError' });
  });

  test('a store with rubbish in it is written anew, and still lets nothing older in', async () => {
    source.serve('snapshot', good(snapshots[2]));
    await follow(tab);
    await tab.evaluate(async () => {
      const store = await caches.open('counterfoil');
      for (const key of await store.keys()) {
        const { headers } = await store.match(key);
        await store.put(key, new Response('rubbish', { headers }));
      }
    });
    source.serve('snapshot', good(snapshots[1]));
    await tab.reload();
    await follow(tab);
    assertStands(await standing(tab), { state: 'error', error: 'snapshot_rolled_back' });
    source.serve('snapshot', good(snapshots[3]));
    await check(tab);
    assertStands(await standing(tab), { state: 'ready', total: 700 });
    source.serve('snapshot', dead);
    await tab.reload();
    await follow(tab);
    await settles(tab, { state: 'stale', error: 'source_unreachable', total: 700 });
  });

  test('a label that makes no sense counts as nothing kept', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab);
    await tab.evaluate(async () => {
      const store = await caches.open('counterfoil');
      for (const key of await store.keys()) await store.put(key, new Response('rubbish', { headers: { 'counterfoil-kept': '{"floor":"9"' } }));
    });
    await tab.reload();
    await follow(tab);
    assertStands(await standing(tab), { state: 'ready', total: 900 });
  });

  test('a tab that dies in the middle of a download leaves the older copy', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab);
    source.serve('snapshot', trickling(snapshots[2]));
    await tab.evaluate(() => void globalThis.sync.check());
    await sleep(100);
    await tab.close();
    source.serve('snapshot', dead);
    tab = await open();
    await follow(tab);
    await settles(tab, { state: 'stale', error: 'source_unreachable', total: 900 });
  });

  test('of two tabs one asks, both know, and the one that stays takes over', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await follow(tab, { every: 1_000 });
    const second = await open();
    await follow(second, { every: 1_000 });
    await settles(second, { state: 'ready', total: 900 });
    const before = source.asked.length;
    source.serve('snapshot', good(snapshots[2]));
    await settles(second, { state: 'ready', total: 800 });
    await settles(tab, { state: 'ready', total: 800 });
    await sleep(2_000);
    const asked = source.asked.length - before;
    assert.ok(asked >= 2 && asked <= 5, `two tabs asked ${asked} times in about three seconds`);
    await tab.close();
    source.serve('snapshot', good(snapshots[3]));
    await settles(second, { state: 'ready', total: 700 });
  });

  describe('with a clock', () => {
    test('ten years ahead takes nothing for valid, and quotes again when it is set right', async () => {
      source.serve('snapshot', good(snapshots[1]));
      await follow(tab);
      const now = Date.now();
      await tab.clock.setFixedTime(now + TEN_YEARS);
      assertStands(await standing(tab), { state: 'error', error: 'snapshot_expired' });
      await tab.clock.setFixedTime(now);
      assertStands(await standing(tab), { state: 'ready', total: 900 });
    });

    test('ten years behind knows better from what it kept', async () => {
      source.serve('snapshot', good(snapshots[1]));
      await follow(tab);
      await tab.clock.setFixedTime(Date.now() - TEN_YEARS);
      await tab.reload();
      await follow(tab);
      assertStands(await standing(tab), { state: 'ready', total: 900 });
    });

    test('ten years behind on a first visit is told that the clock is wrong', async () => {
      source.serve('snapshot', good(snapshots[1]));
      await tab.clock.setFixedTime(Date.now() - TEN_YEARS);
      await follow(tab);
      assertStands(await standing(tab), { state: 'error', error: 'snapshot_not_yet_valid' });
    });

    test('set back in the middle of a visit revives nothing', async () => {
      source.serve('snapshot', good(snapshots[1]));
      await tab.clock.install({ time: Date.now() });
      await follow(tab, { poll: false });
      const end = await tab.evaluate(() => globalThis.sync.engine.snapshot.expiresAt - Date.now());
      await tab.clock.fastForward(end - 1_000);
      assertStands(await standing(tab), { state: 'ready', total: 900 });
      await tab.clock.fastForward(1_001);
      await tab.clock.setSystemTime(Date.now() - TEN_YEARS);
      assertStands(await standing(tab), { state: 'error', error: 'snapshot_expired' });
    });

    test('asks less and less often while nobody answers, at most every five minutes, and obeys Retry-After', async () => {
      source.serve('snapshot', broken);
      await tab.clock.install({ time: Date.now() });
      // Its clock runs faster than the network: no request may be given up for that.
      await follow(tab, { keep: null, timeout: 3_600_000 });
      const minutes = async (count, step = 10) => {
        const before = source.asked.length;
        for (let second = 0; second < count * 60; second += step) {
          await tab.clock.runFor(step * 1_000);
          // The clock of the page runs ahead of the network: what it asked for is answered before this.
          await tab.evaluate(() => fetch('/'));
        }
        return source.asked.length - before;
      };
      const [first, later] = [await minutes(2, 1), await minutes(10)];
      assert.ok(first >= 5 && first <= 9, `${first} in the first two minutes`);
      assert.ok(later >= 2 && later <= 6, `${later} in the ten after`);
      source.serve('snapshot', busy(1_800));
      await check(tab);
      assert.equal(await minutes(29), 0, 'half an hour was asked for');
    });
  });

  test('the end of the last good snapshot is told', async () => {
    source.serve('snapshot', good(snapshots[1]));
    await tab.clock.install({ time: Date.now() });
    await follow(tab);
    source.serve('snapshot', dead);
    await check(tab);
    const told = await tab.evaluate(() => globalThis.changes);
    await tab.clock.fastForward(31 * 86_400_000);
    assertStands(await standing(tab), { state: 'error', error: 'snapshot_expired' });
    assert.ok((await tab.evaluate(() => globalThis.changes)) > told);
  });
});

test('a worker answers from what it has, looks for newer beside it, and starts again from KV', async (t) => {
  source.serve('snapshot', good(snapshots[1]));
  const kept = await mkdtemp(join(dir, 'kv-'));
  const start = async () =>
    new Miniflare({
      modules: await bundle(beside(import.meta.url, './hosts/following.mjs')),
      modulesRoot: '/',
      compatibilityDate: '2026-04-01',
      cf: false,
      kvNamespaces: ['KEPT'],
      kvPersist: kept,
    });
  let worker = await start();
  t.after(() => worker.dispose());
  const ask = async (wait = false) => {
    const body = JSON.stringify({ sources: [`${source.url}/snapshot`], keyRing, cart, wait });
    return (await worker.dispatchFetch('http://worker/', { method: 'POST', body })).json();
  };
  assert.deepEqual(await ask(), { state: 'ready', version: 1, total: 900 });
  const [before, began] = [source.asked.length, performance.now()];
  for (let time = 0; time < 20; time += 1) await ask();
  // a machine that is busy may take longer than a second for them
  const due = 1 + Math.floor((performance.now() - began) / 900);
  assert.ok(source.asked.length - before <= due, 'the source is asked once a second, however many requests there are');
  source.serve('snapshot', good(snapshots[2]));
  await sleep(1_200);
  await ask(true);
  assert.deepEqual(await ask(), { state: 'ready', version: 2, total: 800 });
  source.serve('snapshot', hanging);
  await sleep(1_200);
  assert.deepEqual(await ask(true), { state: 'stale', error: 'source_too_slow', version: 2, total: 800 });
  await worker.dispose();
  worker = await start();
  assert.equal((await ask()).total, 800, 'from KV');
});

describe('a worker', () => {
  let worker;
  let folders;

  beforeEach(async (t) => {
    const kept = await mkdtemp(join(dir, 'kept-'));
    folders = { kvPersist: join(kept, 'kv'), r2Persist: join(kept, 'r2'), cachePersist: join(kept, 'cache') };
    worker = undefined;
    await start();
    t.after(() => worker.dispose());
  });

  /** Another isolate in the place of the one before; what was stored is there. */
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
    await worker.ready;
  };
  const ask = async (options = {}) => {
    const body = JSON.stringify({ sources: ['snapshot', 'mirror'].map((name) => `${source.url}/${name}`), keyRing, cart, ...options });
    return (await worker.dispatchFetch('http://worker/', { method: 'POST', body })).json();
  };
  const serve = (behaviour) => ['snapshot', 'mirror'].forEach((name) => source.serve(name, behaviour));

  for (const [name, [behaviour, code, timeout = 1_500]] of Object.entries(faults)) {
    test(`${name}: what is open goes on, and the mirror is asked`, async () => {
      serve(good(snapshots[1]));
      assert.deepEqual(await ask({ timeout }), { state: 'ready', version: 1, total: 900 });
      serve(behaviour);
      assert.deepEqual(await ask({ check: true }), { state: 'stale', error: code, version: 1, total: 900 });
      source.serve('mirror', good(snapshots[2]));
      assert.deepEqual(await ask({ check: true }), { state: 'ready', version: 2, total: 800 });
    });
  }

  for (const store of ['KV', 'R2', 'Cache']) {
    test(`another isolate goes on from ${store}, and never back`, async () => {
      serve(good(snapshots[2]));
      assert.deepEqual(await ask({ store }), { state: 'ready', version: 2, total: 800 });
      serve(dead);
      await start();
      assert.equal((await ask({ store })).total, 800);
      serve(good(snapshots[1]));
      await start();
      assert.deepEqual(await ask({ store, check: true }), { state: 'stale', error: 'snapshot_rolled_back', version: 2, total: 800 });
    });
  }

  test('rubbish in the store is written anew, and still lets nothing older in', async () => {
    serve(good(snapshots[2]));
    await ask();
    const kept = await worker.getKVNamespace('KEPT');
    const { metadata } = await kept.getWithMetadata('snapshot', 'arrayBuffer');
    await start();
    await (await worker.getKVNamespace('KEPT')).put('snapshot', 'rubbish', { metadata });
    serve(good(snapshots[1]));
    assert.deepEqual(await ask(), { state: 'error', error: 'snapshot_rolled_back' });
    serve(good(snapshots[3]));
    assert.deepEqual(await ask({ check: true }), { state: 'ready', version: 3, total: 700 });
    serve(dead);
    await start();
    assert.equal((await ask()).total, 700);
  });

  test('a store that fails keeps nobody from quoting, and is told', async () => {
    serve(good(snapshots[1]));
    const { notKept, ...found } = await ask({ store: 'none that works' });
    assert.deepEqual(found, { state: 'ready', version: 1, total: 900 });
    assert.match(notKept, /KV PUT failed/);
  });

  test('a clock that is ten years off takes nothing for valid, or knows better from what was kept', async () => {
    serve(good(snapshots[1]));
    assert.deepEqual(await ask({ clock: TEN_YEARS }), { state: 'error', error: 'snapshot_expired' });
    await start();
    assert.deepEqual(await ask(), { state: 'ready', version: 1, total: 900 });
    await start();
    assert.deepEqual(await ask({ clock: -TEN_YEARS }), { state: 'ready', version: 1, total: 900 });
    assert.deepEqual(await ask({ clock: TEN_YEARS }), { state: 'error', error: 'snapshot_expired' });
    // one that is set right again quotes again; one that runs backwards revives nothing that has ended
    assert.deepEqual(await ask({ clock: 0 }), { state: 'ready', version: 1, total: 900 });
  });
});

test('in Node, and no timer keeps the process alive', async () => {
  const { follow } = await import('counterfoil/sync');
  const { Engine } = await import('counterfoil');
  source.serve('snapshot', good(snapshots[1]));
  const sync = await follow(Engine, { sources: [`${source.url}/snapshot`], keyRing });
  assert.equal(sync.state, 'ready');
  assert.equal(sync.engine.quote(cart).total, 900);
  source.serve('snapshot', good(snapshots[2]));
  await sync.check();
  assert.equal(sync.engine.quote(cart).total, 800);
  assert.throws(() => new sync.constructor(Engine, { sources: [], keyRing }), TypeError);
});
