// What is tried, and what must be so in the end. Every sum is compared with the answers that the clients heard.
import assert from 'node:assert/strict';

const cart = (codes, unitPrice, payments) => ({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice, quantity: 1 }], ...(payments && { payments }) });

const redeeming = (request, key) => ({ path: '/redemptions', body: { request, confirm: true }, key });

const wasAccepted = ({ status }) => status < 300;

/** One campaign limited to so many uses. */
export const uses = {
  name: 'uses',
  document: ({ limit }) => ({ campaigns: [{ id: 'hot', codes: ['HOT'], limits: { total: limit }, discounts: [{ type: 'percent_off', percent: '10' }] }] }),
  attempt: (index) => redeeming(cart(['HOT'], 1_000), `uses-${index}`),
  async judge({ answers, limit, get }) {
    const accepted = answers.filter(wasAccepted);
    assert.equal(accepted.length, limit, 'as many as the limit allows, and no more');
    for (const { status, body } of answers.filter((answer) => !wasAccepted(answer))) {
      assert.deepEqual([status, body.code], [409, 'uses_limit_reached']);
    }
    const { uses, heldUses } = await get('/campaigns/hot');
    assert.deepEqual([uses, heldUses], [limit, 0]);
    return `${accepted.length} of ${answers.length} accepted, limit ${limit}`;
  },
};

const spreading = (campaign, shards) => ({ method: 'PUT', path: `/admin/campaigns/${campaign}/shards`, body: { shards } });

/** The same over shards that lease blocks of the limit. */
export const shardedUses = { ...uses, name: 'shards: uses', prepare: () => [spreading('hot', 8)] };

/** Ten customers, each with so many uses a day: the trial is on one day wherever it runs, in a zone where it is about noon. */
export const daily = {
  name: 'customers by day',
  document: ({ limit }) => ({
    campaigns: [{
      id: 'daily', codes: ['DAILY'], limits: { perCustomerInPeriod: limit / CUSTOMERS, period: 'day' }, schedule: { timeZone: zoneOfNoon() }, discounts: [{ type: 'percent_off', percent: '10' }],
    }],
  }),
  attempt: (index) => redeeming({ ...cart(['DAILY'], 1_000), customer: { id: `customer-${index % CUSTOMERS}` } }, `daily-${index}`),
  async judge({ answers, attempts, limit, get }) {
    const byCustomer = new Map();
    for (const [index, answer] of answers.entries()) {
      const { id } = attempts[index].body.request.customer;
      byCustomer.set(id, (byCustomer.get(id) ?? 0) + Number(wasAccepted(answer)));
      if (!wasAccepted(answer)) assert.deepEqual([answer.status, answer.body.code], [409, 'uses_limit_reached']);
    }
    const each = limit / CUSTOMERS;
    assert.deepEqual([...byCustomer.values()], Array.from({ length: CUSTOMERS }, () => each), 'each customer has as many as a day allows, and no more');
    const { uses, heldUses } = await get('/campaigns/daily');
    assert.deepEqual([uses, heldUses], [limit, 0]);
    return `${each} of ${answers.length / CUSTOMERS} accepted of each of ${CUSTOMERS} customers, limit ${each} a day`;
  },
};

const CUSTOMERS = 10;

/** Midnight is hours away there, before and after. */
function zoneOfNoon() {
  const ahead = 12 - new Date().getUTCHours();
  // the signs of these names are the other way round
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** A budget in money that orders of many sizes draw from. */
export const budget = {
  name: 'budget',
  document: ({ limit }) => ({
    campaigns: [{ id: 'pot', codes: ['POT'], limits: { budget: { EUR: limit * 100 } }, discounts: [{ type: 'percent_off', percent: '10' }] }],
  }),
  attempt: (index, random) => redeeming(cart(['POT'], 10 * (1 + random(400))), `budget-${index}`),
  async judge({ answers, limit, get }) {
    const spent = sum(answers.filter(wasAccepted).map(({ body }) => body.discountTotal));
    const most = limit * 100;
    assert.ok(spent <= most, `${spent} of ${most} are spent`);
    const refused = answers.filter((answer) => !wasAccepted(answer));
    for (const { body } of refused) assert.equal(body.code, 'budget_limit_reached');
    assert.ok(refused.every(({ body }) => body.params.left >= most - spent), 'nothing is refused that there was money for in the end');
    assert.ok(refused.length > 0 && most - spent < 400, `${most - spent} are left`);
    const { budgets } = await get('/campaigns/pot');
    assert.deepEqual(budgets, { EUR: { spent, heldAmount: 0 } });
    return `${spent} of ${most} cents spent by ${answers.length - refused.length} orders`;
  },
};

/** The same over shards: what no shard has enough of is gathered before anything is refused. */
export const shardedBudget = {
  ...budget,
  name: 'shards: budget',
  prepare: () => [spreading('pot', 8)],
  async judge({ answers, limit, get }) {
    const spent = sum(answers.filter(wasAccepted).map(({ body }) => body.discountTotal));
    const most = limit * 100;
    const refused = answers.filter((answer) => !wasAccepted(answer));
    for (const { body } of refused) assert.equal(body.code, 'budget_limit_reached');
    // one order takes 400 at most
    assert.ok(spent <= most && (refused.length === 0 || most - spent < 400), `${spent} of ${most} are spent`);
    const { budgets } = await get('/campaigns/pot');
    assert.deepEqual(budgets, { EUR: { spent, heldAmount: 0 } });
    return `${spent} of ${most} cents spent by ${answers.length - refused.length} orders`;
  },
};

/** One gift card that many orders want to pay with. */
export const gift = {
  name: 'gift card',
  document: () => ({ campaigns: [{ id: 'none', codes: ['NONE'], discounts: [{ type: 'percent_off', percent: '1' }] }], programme: { schemes: { gift: { unit: 'EUR' } } } }),
  prepare: ({ limit }) => [{ path: '/accounts/card/refill', body: { scheme: 'gift', amount: limit * 100 }, key: 'sold' }],
  attempt: (index, random) => {
    const price = 10 + random(400);
    return redeeming(cart([], price, [{ type: 'gift_card', id: 'card', amount: price }]), `gift-${index}`);
  },
  async judge({ answers, limit, get }) {
    const paid = sum(answers.filter(wasAccepted).map(({ body }) => body.total - body.due));
    for (const { body } of answers.filter((answer) => !wasAccepted(answer))) assert.equal(body.code, 'balance_insufficient');
    const { available, held = 0, sums } = await get('/accounts/card');
    assert.deepEqual([available, held, sums.spent], [limit * 100 - paid, 0, paid]);
    return `${paid} of ${limit * 100} cents paid, ${available} left`;
  },
};

/** Points that are earned by events, some told twice, while others spend them. */
export const points = {
  name: 'points',
  document: () => ({ campaigns: [{ id: 'none', codes: ['NONE'], discounts: [{ type: 'percent_off', percent: '1' }] }], programme: { schemes: { stars: { unit: 'points' } } } }),
  prepare: () => [{ path: '/accounts/member/refill', body: { scheme: 'stars', amount: 50 }, key: 'welcome' }],
  attempt: (index, random) =>
    index % 3 === 0
      ? // two attempts tell of each event
        { path: '/accounts/member/earn', body: { scheme: 'stars', amount: 10, event: `visit-${Math.floor(index / 6)}` }, key: `points-${index}` }
      : { path: '/accounts/member/spend', body: { amount: 1 + random(9) }, key: `points-${index}` },
  async judge({ answers, attempts, get }) {
    const events = new Set(attempts.flatMap(({ body }) => (body.event === undefined ? [] : [body.event])));
    const spent = sum(answers.map((answer, index) => (attempts[index].path.endsWith('/spend') && wasAccepted(answer) ? attempts[index].body.amount : 0)));
    for (const { body } of answers.filter((answer) => !wasAccepted(answer))) assert.equal(body.code, 'balance_insufficient');
    const { available, sums } = await get('/accounts/member');
    assert.deepEqual([available, sums.spent], [50 + events.size * 10 - spent, spent]);
    assert.ok(available >= 0);
    return `${events.size} events earned ${events.size * 10}, ${spent} spent, ${available} left`;
  },
};

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
