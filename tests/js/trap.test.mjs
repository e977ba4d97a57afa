// A trap in the module costs one call: the next one is answered by a new instance, and sessions keep their carts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from 'counterfoil';
import { read } from './hosts/files.mjs';
import { withFuse } from './hosts/fuse.mjs';
import { newest, onInstance } from './hosts/instances.mjs';

const POINTS = 50;
const json = async (name) => JSON.parse(new TextDecoder().decode(await read(name)));
const failed = { name: 'CounterfoilError', code: 'engine_failed', fixBy: 'developer' };

const module = withFuse(await read('package/counterfoil_bg.wasm'));
const keyRing = await json('corpus-snapshots/key-ring.json');
const { cases } = await json('corpus-snapshots/cases.json');
const name = 'codes/entered_codes.json';
const chosen = cases.filter(({ file, answer, disclosure }) => file === name && answer && disclosure === 'public');
const { snapshot, openAt } = chosen[0];
const open = async () => Engine.open(await read(`corpus-snapshots/${snapshot}`), keyRing, { now: openAt, module });
const { request: body, answer } = chosen.find(({ answer }) => answer.includes('"reasons":[{'));
const request = JSON.parse(body);

/**
 * Points at which a call can trap, spread over its length; it is warm already. The last tenth is left out: how often a buffer
 * must grow is not the same from call to call.
 */
function pointsOf(call) {
  const all = 0x7fffffff;
  newest().fuse.value = all;
  call();
  const count = Math.ceil(0.9 * (all - newest().fuse.value));
  newest().fuse.value = 0;
  const step = Math.max(1, count / POINTS);
  return Array.from({ length: Math.min(count, POINTS) }, (_, index) => 1 + Math.floor(index * step));
}

const calls = {
  quote: (engine) => JSON.stringify(engine.quote(request)),
  quoteBytes: (engine) => new TextDecoder().decode(engine.quoteBytes(new TextEncoder().encode(body))),
};
for (const [door, call] of Object.entries(calls)) {
  test(`${door} traps anywhere and is answered the next time`, async () => {
    const engine = await open();
    assert.equal(call(engine), answer);
    const points = pointsOf(() => call(engine));
    assert.ok(points.length >= 40, `only ${points.length} points`);
    for (const point of points) {
      newest().fuse.value = point;
      assert.throws(() => call(engine), failed, `${point}`);
      assert.equal(call(engine), answer, `after ${point}`);
    }
  });
}

test('a quote tells its reasons after the instance that gave it has gone', async () => {
  const engine = await open();
  const quote = engine.quote(request);
  newest().fuse.value = 1;
  assert.throws(() => engine.quote(request), failed);
  assert.equal(JSON.stringify(quote), answer);
});

const line = { id: 'more', unitPrice: 999, quantity: 1 };
const changes = {
  setQuantity: (session) => session.setQuantity(request.lines[0].id, 7),
  addLine: (session) => session.addLine(line),
  addCode: (session) => session.addCode('welcome'),
  setCustomer: (session) => session.setCustomer({ segments: ['vip'] }),
  discountTotal: (session) => session.discountTotal,
  quote: (session) => session.quote(),
};
for (const [method, change] of Object.entries(changes)) {
  test(`a session survives a trap in ${method}`, async () => {
    const engine = await open();
    const whole = (session) => JSON.stringify(session.quote());
    const begin = () => engine.session({ ...request, lines: request.lines.map((line) => ({ ...line })) });
    let points;
    let changed;
    {
      const session = begin();
      change(session);
      changed = whole(session);
      session.close();
      const another = begin();
      points = pointsOf(() => change(another));
    }
    assert.ok(points.length > 0);
    const other = begin();
    for (const point of points) {
      const session = begin();
      newest().fuse.value = point;
      assert.throws(() => change(session), failed, `${point}`);
      assert.equal(whole(session), answer, `the cart before the change, after ${point}`);
      change(session);
      assert.equal(whole(session), changed, `the cart after the change, after ${point}`);
      assert.equal(whole(other), answer, `another session, after ${point}`);
      session.close();
    }
  });
}

test('an engine that fails while it starts again starts with the call after', async () => {
  const engine = await open();
  newest().fuse.value = 1;
  assert.throws(() => engine.quote(request), failed);
  onInstance.call = ({ fuse }) => (fuse.value = 1_000);
  assert.throws(() => engine.quote(request), failed);
  onInstance.call = () => {};
  assert.equal(JSON.stringify(engine.quote(request)), answer);
});

test('a trap while a snapshot is opened is an error like any other', async () => {
  onInstance.call = ({ fuse }) => (fuse.value = 1_000);
  await assert.rejects(open(), failed);
  onInstance.call = () => {};
  assert.equal(JSON.stringify((await open()).quote(request)), answer);
});
