// Every sequence of up to four operations on a redemption, a real Durable Object in workerd with its book, one after another and
// all sent at once, beside a model: what each operation heard, how it stands in the end, and what the book counted. And what is
// told twice, as one that died tells it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import { ADMIN_TOKEN, eventually, sha256 } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';
import { memoryFolder } from '../soak/memory_folder.mjs';

const LANES = 8;
const AT_ONCE = 40;
const PRICE = 100;

const lanes = (prefix, limits) => Array.from({ length: LANES }, (_, at) => ({ id: `${prefix}${at}`, codes: [`${prefix}${at}`], limits, discounts: [{ type: 'percent_off', percent: '10' }] }));
const shop = { campaigns: [...lanes('wide', { budget: { EUR: 100_000_000 } }), ...lanes('last', { total: 1, budget: { EUR: 100_000_000 } })] };

/** Redemptions that one worker opens: each is a database that stays mapped while it is awake, and a process may map only so many. */
const AWAKE = 1_000;

before(() => {
  process.env.TMPDIR = memoryFolder();
});

/** Does something with a worker of its own. */
async function withShop(work) {
  const worker = await openShop(shop, { entry: fileURLToPath(new URL('objects/entry.mjs', import.meta.url)) });
  try {
    return await work(worker);
  } finally {
    await worker.stop();
  }
}

/** All sequences of one to so many of these. */
const sequencesOf = (pool, most) => (most === 0 ? [] : [...pool.map((step) => [step]), ...sequencesOf(pool, most - 1).flatMap((rest) => pool.map((step) => [step, ...rest]))]);

/** Redemptions as they should be, in as few words as can be. `limit` is how many uses there are. */
function model(limit, count) {
  const orders = Array.from({ length: count }, () => ({ status: null, refunded: 0, first: undefined }));
  const taken = () => orders.filter(({ status }) => status === 'held' || status === 'confirmed').length;
  const refused = (status, says) => ({ status, says, repeated: false });
  const good = (status, says) => ({ status, says, repeated: false });
  const become = (order, from, to, wrong) => {
    if (order.status === null) return refused(404, 'reservation_unknown');
    if (order.status === to && (to === 'released' || from.includes(to) || to === 'rolled_back')) return good(200, to);
    if (!from.includes(order.status)) return refused(409, wrong(order.status));
    order.status = to;
    return good(200, to);
  };
  const wrong = (status) => (status === 'held' ? 'reservation_not_confirmed' : 'reservation_not_held');
  const operations = {
    reserve: (order) => {
      if (order.first) return { ...order.first, repeated: true };
      const isFree = taken() < limit;
      order.status = isFree ? 'held' : 'refused';
      order.first = isFree ? good(201, 'held') : refused(409, 'uses_limit_reached');
      return order.first;
    },
    confirm: (order) => become(order, ['held', 'confirmed'], 'confirmed', wrong),
    release: (order) => become(order, ['held'], 'released', wrong),
    rollback: (order) => become(order, ['confirmed'], 'rolled_back', wrong),
    refund: (order) => {
      if (order.status === null) return refused(404, 'reservation_unknown');
      if (order.status !== 'confirmed') return refused(409, 'reservation_not_confirmed');
      if (order.refunded + 40 > PRICE) return refused(409, 'part_exceeded');
      order.refunded += 40;
      return good(200, 'confirmed');
    },
    expire: (order) => {
      if (order.status === 'held') order.status = 'released';
      return good(200, null);
    },
  };
  return {
    answer: ([who, operation]) => operations[operation](orders[who]),
    end: () => {
      const of = (wanted) => orders.filter(({ status }) => status === wanted);
      const spent = of('confirmed').reduce((sum, { refunded }) => sum + PRICE - refunded, 0);
      return { stand: orders.map(({ status }) => status), grown: { uses: of('confirmed').length, heldUses: of('held').length, spent, heldAmount: PRICE * of('held').length } };
    },
  };
}

function expected(sequence, order, limit, count) {
  const shopkeeper = model(limit, count);
  const answers = [];
  for (const at of order) answers[at] = shopkeeper.answer(sequence[at]);
  return { answers, ...shopkeeper.end() };
}

const orders = (places) => (places.length === 0 ? [[]] : places.flatMap((first) => orders(places.filter((place) => place !== first)).map((rest) => [first, ...rest])));

/** Drives all sequences; answers those that are not as the model has them in any order that may be. */
async function faultsOf(sequences, settings) {
  const faults = [];
  const step = AWAKE / settings.count;
  for (let at = 0; at < sequences.length; at += step) faults.push(...(await withShop((worker) => faultsOn(worker, sequences.slice(at, at + step), settings))));
  return faults;
}

/** The same on one worker, over its lanes. */
async function faultsOn(worker, sequences, { prefix, limit, count, atOnce }) {
  const faults = [];
  const programme = sha256(Buffer.from(await (await worker.at('/snapshot')).arrayBuffer()));
  const share = (lane) => sequences.filter((_, at) => at % LANES === lane);
  await Promise.all(Array.from({ length: LANES }, async (_, lane) => {
    const own = share(lane);
    for (let at = 0; at < own.length; at += AT_ONCE) {
      const batch = own.slice(at, at + AT_ONCE).map((sequence) => ({ sequence, ids: Array.from({ length: count }, () => `rd_${randomUUID().replaceAll('-', '')}`), atOnce, cleans: limit < Infinity }));
      const response = await worker.at('/drive', { method: 'POST', body: JSON.stringify({ lane: { campaign: `${prefix}${lane}`, sha256: programme }, sequences: batch }) });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      for (const [place, found] of JSON.parse(text).entries()) {
        const { sequence } = batch[place];
        const places = [...sequence.keys()];
        const allowed = (atOnce ? orders(places) : [places]).map((order) => JSON.stringify(expected(sequence, order, limit, count)));
        if (!allowed.includes(JSON.stringify(found))) faults.push({ sequence: sequence.map((step) => step.join(' ')).join(', '), found: JSON.stringify(found), allowed: allowed[0] });
      }
    }
  }));
  return faults;
}

test('records that are told twice count once, and webhooks hear of them once', () => withShop(async (worker) => {
  const heard = [];
  const server = createServer(async (request, response) => {
    heard.push(JSON.parse((await request.setEncoding('utf8').toArray()).join('')).type);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const hook = { url: `http://127.0.0.1:${server.address().port}/`, events: ['*'] };
    assert.equal((await worker.at('/admin/webhooks/all', { method: 'PUT', headers, body: JSON.stringify(hook) })).status, 200);
    assert.equal((await worker.at('/twice', { method: 'POST' })).status, 200);
    const metrics = await (await worker.get('/metrics', { token: ADMIN_TOKEN })).text();
    assert.match(metrics, /counterfoil_redemptions_total\{outcome="confirmed",currency="CHF"\} 1\n/);
    await eventually(async () => assert.equal((await (await worker.at('/admin/webhooks', { headers })).json()).waiting, 0));
    assert.deepEqual(heard.filter((type) => !type.startsWith('change.')).sort(), ['customer.event', 'redemption.confirmed']);
    await worker.at('/admin/webhooks/all', { method: 'DELETE', headers });
  } finally {
    server.close();
  }
}));

const ONE = ['reserve', 'confirm', 'release', 'rollback', 'refund', 'expire'].map((operation) => [0, operation]);
const TWO = [[0, 'reserve'], [1, 'reserve'], [0, 'confirm'], [1, 'confirm'], [0, 'release'], [0, 'rollback']];
const ALL = 6 + 6 ** 2 + 6 ** 3 + 6 ** 4;

for (const [name, pool, settings] of [
  ['one redemption, one after another', ONE, { prefix: 'wide', limit: Infinity, count: 1, atOnce: false }],
  ['one redemption, all sent at once', ONE, { prefix: 'wide', limit: Infinity, count: 1, atOnce: true }],
  ['two redemptions for the last use, all sent at once', TWO, { prefix: 'last', limit: 1, count: 2, atOnce: true }],
]) {
  test(`${ALL} sequences of up to four operations: ${name}`, { timeout: 580_000 }, async () => {
    const sequences = sequencesOf(pool, 4);
    assert.equal(sequences.length, ALL);
    const faults = await faultsOf(sequences, settings);
    assert.deepEqual(faults.slice(0, 8), [], `${faults.length} of ${ALL} differ`);
  });
}
