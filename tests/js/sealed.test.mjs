// Sealed codes with the built package: a code opens its campaign, in Node and on workerd, with the answers of the native engine.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, beforeEach, mock, test } from 'node:test';
import { Engine } from 'counterfoil';
import { unseal } from 'counterfoil/sealed';
import { beside, startWorker } from './hosts/workerd.mjs';

const file = (name) => readFile(beside(import.meta.url, `../sealed/shop/${name}`));
const json = async (name) => JSON.parse(await file(name));

let snapshot, keyRing, now, cases, opensNothing;
before(async () => {
  [snapshot, keyRing, { now, cases, opensNothing }] = await Promise.all([file('snapshot.bin'), json('key-ring.json'), json('expect.json')]);
});

/** A clock that stands until it is moved: nobody waits for how often codes may be tried. */
let clock = 0;
before(() => mock.method(performance, 'now', () => clock));
beforeEach(() => {
  clock += 60_000;
});

const open = () => Engine.open(snapshot, keyRing, { now });
const total = (engine, request) => engine.quote({ ...request, now }).total;

test('with its codes a shop answers as if nothing had been sealed', async () => {
  for (const { codes, request, total: expected } of cases) {
    const engine = await open();
    const without = total(engine, cases[0].request);
    assert.equal(total(engine, request), without, 'before they are tried');
    const session = engine.session({ ...request, now });
    for (const code of codes) assert.equal(await unseal(engine, code, { now }), true, code);
    assert.equal(total(engine, request), expected, codes.join());
    session.setQuantity('a', 3);
    assert.equal(session.setQuantity('a', 2), expected, 'a cart that was there before knows them too');
    assert.equal(total(engine, cases[0].request), without, 'a cart without codes is as it was');
  }
});

test('what opens nothing changes nothing', async () => {
  const engine = await open();
  const before = JSON.stringify(engine.quote({ ...cases[1].request, now }));
  for (const code of opensNothing) {
    assert.equal(await unseal(engine, code, { now }), false, code);
    clock += 10_000;
  }
  assert.equal(JSON.stringify(engine.quote({ ...cases[1].request, now })), before);
});

test('codes that are tried at once are opened one after the other', async () => {
  const engine = await open();
  const { codes, request, total: expected } = cases.at(-1);
  assert.deepEqual(await Promise.all(codes.map((code) => unseal(engine, code, { now }))), codes.map(() => true));
  assert.equal(total(engine, request), expected);
});

test('a snapshot that has ended opens no more', async () => {
  const engine = await open();
  const late = engine.snapshot.expiresAt;
  await assert.rejects(unseal(engine, 'mountain-goat-7', { now: late }), (error) => error.code === 'snapshot_expired');
});

test('three codes in ten seconds are tried in vain and not four, and those that open something are not counted', async () => {
  const engine = await open();
  const [right, other] = ['mountain-goat-7', 'spring all over'];
  assert.equal(await unseal(engine, right, { now }), true);
  for (const code of ['ONE-IN-VAIN', 'TWO-IN-VAIN', 'THREE-IN-VAIN']) {
    assert.equal(await unseal(engine, code, { now }), false);
    clock += 1_000;
  }
  for (const [waited, retryAfter] of [[0, 7_000], [6_999, 1]]) {
    clock += waited;
    await assert.rejects(unseal(engine, other, { now }), { name: 'CounterfoilError', code: 'too_many_tries', fixBy: 'shopper', params: { retryAfter } });
  }
  clock += 1;
  assert.equal(await unseal(engine, other, { now }), true);
  assert.equal(await unseal(engine, 'FOUR-IN-VAIN', { now }), false);
  await assert.rejects(unseal(engine, 'FIVE-IN-VAIN', { now }), { code: 'too_many_tries', params: { retryAfter: 1_000 } });
});

test('on workerd they open too', async () => {
  const worker = await startWorker(beside(import.meta.url, 'hosts/sealed.mjs'));
  try {
    assert.deepEqual(await worker.ask(''), cases.map(({ total }) => total));
  } finally {
    await worker.stop();
  }
});
