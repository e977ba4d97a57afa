// The attacks of tests/attacks as somebody meets them who follows a shop: the file lies where the newest one is looked for, before a host
// that has nothing yet, one that has kept a good snapshot, and one whose kept snapshot has ended. What is open, and what is kept, stays.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Engine } from 'counterfoil';
import { follow } from 'counterfoil/sync';
import { read } from './hosts/files.mjs';

const ADDRESSES = { snapshot: 'https://shop.test/snapshot', root: 'https://shop.test/root', pulse: 'https://shop.test/pulse' };
/** Version of the snapshots that hosts have kept. */
const KEPT = 12;

const json = async (name) => JSON.parse(new TextDecoder().decode(await read(`attacks/${name}`)));
const bytesOf = (folder, file) => read(`attacks/${folder}/${file}`);
const folders = await json('index.json');

/** What lies at the addresses, and the time. */
let served;
let now;
beforeEach((t) => {
  t.mock.method(Date, 'now', () => now);
  // no time goes by but what a test says
  t.mock.method(performance, 'now', () => 0);
  t.mock.method(globalThis, 'fetch', async (address) => {
    const [name] = Object.entries(ADDRESSES).find(([, at]) => at === `${address}`);
    return served[name] ? new Response(served[name]) : new Response(undefined, { status: 503 });
  });
});

/** What a host of this state has in its store: a snapshot, and in any case what it has gone up to. */
async function keptBy(state, folder, { document, policy: { minVersion, minRootVersion = 0 } }) {
  const version = Math.max(minVersion, state === 'fresh' ? 0 : KEPT);
  if (version === 0 && minRootVersion === 0) return undefined;
  const isBeyond = version > KEPT || minRootVersion > 0;
  // of a pulse it is the pulse that has ended
  const good = document === 'root' || document === 'pulse' ? [folder, 'good.bin'] : ['valid', 'snapshot.bin'];
  const file = { valid: good, expired: document === 'pulse' ? good : ['expired', 'now.bin'] }[state];
  // what is beyond the kept files was damaged since
  return { bytes: file && !isBeyond ? await bytesOf(...file) : new Uint8Array(), version, rootVersion: minRootVersion, source: ADDRESSES.snapshot };
}

/** What comes of one file before a host of one state: `null` where it is taken, otherwise the code; and what else is not as it should be. */
async function attempt(folder, file, state) {
  const expect = await json(`${folder}/expect.json`);
  const { policy, document = 'snapshot', with: companions = [] } = expect;
  const wrong = [];
  let kept = await keptBy(state, folder, expect);
  const keep = { read: async () => kept, write: async (one) => void (kept = one) };
  const addresses = { sources: [ADDRESSES.snapshot], ...(document === 'pulse' && { pulse: ADDRESSES.pulse }) };
  if (document === 'root' || companions.includes('chain.bin')) addresses.root = ADDRESSES.root;
  const visit = async () => follow(Engine, { ...addresses, keyRing: await json(`${folder}/key-ring.json`), profile: policy.profile, keep, poll: false });
  const request = { currency: 'EUR', now: policy.now, lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }] };
  const standing = ({ engine }) => engine && [engine.snapshot.revision, JSON.stringify(engine.quote(request))];

  // before: only what is kept, and for a pulse what it speaks of
  now = policy.now;
  served = {};
  if (document === 'pulse') {
    served.snapshot = await bytesOf(folder, 'good.bin');
    const held = { valid: 'held.bin', expired: 'ended.bin' }[state];
    if (companions.includes(held)) served.pulse = await bytesOf(folder, held);
    if (state === 'expired') now -= 2;
  }
  const sync = await visit();
  await sync.check();
  const before = standing(sync);
  const keptBefore = kept;

  now = policy.now;
  served = { [document]: await bytesOf(folder, file) };
  if (document !== 'snapshot') served.snapshot = await bytesOf(folder, 'good.bin');
  if (companions.includes('chain.bin')) served.root = await bytesOf(folder, 'chain.bin');
  await sync.check();
  const told = (at) => (at.state === 'ready' ? null : at.error?.code);
  const code = told(sync);
  if (code === null) {
    if (document === 'pulse' && !isDeepStrictEqual(standing(sync), before)) wrong.push('answers otherwise');
    return { code, wrong };
  }
  if (sync.error.help === '') wrong.push('a refusal without a remedy');
  if (!isDeepStrictEqual(standing(sync), before)) wrong.push('what was open answers otherwise');
  if (!isDeepStrictEqual(kept, keptBefore)) wrong.push('something was kept');
  // the next visit knows of no pulse that was held
  if (document === 'pulse') return { code, wrong };
  const next = await visit();
  await next.check();
  if (told(next) !== code) wrong.push(`on the next visit ${told(next)}`);
  if (!isDeepStrictEqual(standing(next), before)) wrong.push('the next visit answers otherwise');
  // a shop that is itself again is followed as before
  if (before) {
    served = { snapshot: kept.bytes, root: new Uint8Array() };
    await next.check();
    if (told(next) !== null) wrong.push(`locked out by ${told(next)}`);
  }
  return { code, wrong };
}

// what opens a campaign is typed or granted, not followed: their doors are tried where they are
const FOLLOWED = [undefined, 'snapshot', 'root', 'pulse'];

for (const state of ['fresh', 'valid', 'expired']) {
  test(`who follows a shop, ${state}, takes nothing of what attackers serve`, async () => {
    const failures = [];
    let [tried, opened] = [0, 0];
    for (const { name, files, code } of folders) {
      const { document, codeInState = code } = await json(`${name}/expect.json`);
      if (!FOLLOWED.includes(document)) continue;
      const expected = state === 'fresh' ? code : codeInState;
      for (const file of files) {
        const { code: got, wrong } = await attempt(name, file, state);
        tried += 1;
        if (got === null) opened += 1;
        if (got !== expected) wrong.unshift(`got ${got}, expected ${expected}`);
        if (wrong.length > 0) failures.push(`${name}/${file}: ${wrong.join(', ')}`);
      }
    }
    assert.deepEqual(failures, []);
    assert.ok(tried >= 232 && opened > 20, `${tried} tried, ${opened} opened`);
  });
}
