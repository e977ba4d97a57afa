// Customers on real workerd: what is kept of them, the segments they enter and leave, codes that are theirs alone, and how all
// of it is told and forgotten.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ADMIN_TOKEN, CHECKOUT_TOKEN, assertRefused, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const ten = [{ type: 'percent_off', percent: '10' }];
const shop = {
  segments: {
    runners: { type: 'customer_attribute', key: 'sport', in: ['running'] },
    regulars: { type: 'order_count', atLeast: 3 },
    rich: { type: 'customer_attribute', key: 'stars', atLeast: 60 },
  },
  campaigns: [
    { id: 'news', when: { type: 'customer_attribute', key: 'consent.newsletter', in: [true] }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'running', when: { type: 'segment', anyOf: ['runners'] }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'letters', codes: ['TEA-0001', 'TEA-0002', 'TEA-0003', 'TEA-0004'], limits: { perCustomer: 1 }, discounts: ten },
    { id: 'over', codes: ['OVER'], schedule: { timeZone: 'UTC', until: '2020-01-01' }, discounts: ten },
    { id: 'spring', codes: ['SPRING'], discounts: ten },
  ],
  loyalty: {
    programmes: [{
      id: 'stars',
      levels: { by: 'points_in_period', every: 'year', list: [{ id: 'silver', from: 50 }] },
      earning: [
        { id: 'welcome', on: { segment: 'runners' }, points: 40 },
        { id: 'ride', on: { event: 'ride_ended' }, points: 2, every: 10, of: { attribute: 'km' } },
        { id: 'risen', on: { level: ['upgraded', 'joined'] }, points: 7 },
      ],
    }],
  },
};

let worker;
let server;
let url;
const heard = [];
let keys = 0;
before(async () => {
  worker = await openShop(shop);
  server = createServer(async (request, response) => {
    heard.push(JSON.parse((await request.setEncoding('utf8').toArray()).join('')));
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}/hooks`;
  await ok(await admin('PUT', '/admin/webhooks/crm', { url, events: ['customer.*'] }));
});
after(async () => {
  await worker?.stop();
  server?.close();
});

const newKey = () => `key-${(keys += 1)}`;
const ask = (method, path, body, token) => worker.at(path, { method, headers: { authorization: `Bearer ${token}` }, body: body && JSON.stringify(body) });
const admin = (method, path, body) => ask(method, path, body, ADMIN_TOKEN);
const keep = (id, profile) => ask('PUT', `/customers/${id}`, profile, CHECKOUT_TOKEN);
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const cart = (customer, codes = []) => ({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }], codes, ...(customer && { customer: { id: customer } }) });
const redeem = (customer, codes, key = newKey()) => worker.post('/redemptions', { request: cart(customer, codes), confirm: true }, { key });
const publish = (body, key = newKey()) => worker.post('/publications', body, { key });
const pseudonymOf = async (customer) => (await ok(await worker.get(`/customers/${customer}`))).customer;
const points = async (customer) => (await ok(await worker.get(`/accounts/stars:${await pseudonymOf(customer)}`))).available;

describe('segments', () => {
  test('are entered by what the documents say, and what the programme gives for it is earned once for each time', async () => {
    const first = await ok(await keep('ann', { attributes: { sport: 'running' }, segments: ['press'] }));
    assert.deepEqual([first.entered, first.left], [['press', 'runners'], []]);
    assert.match(first.customer, /^cu_[0-9a-f]{32}$/);
    assert.deepEqual(first.earned, [{ programme: 'stars', rule: 'welcome', points: 40 }]);
    assert.equal(await points('ann'), 40);
    // told again, nothing is entered
    const again = await ok(await keep('ann', { attributes: { sport: 'running' }, segments: ['press'] }));
    assert.deepEqual([again.entered, again.left, again.earned], [[], [], []]);
    assert.deepEqual(again.segments.map(({ segment }) => segment), ['press', 'runners']);
    assert.equal(await points('ann'), 40);
    // left, and entered anew
    assert.deepEqual((await ok(await keep('ann', { attributes: { sport: 'chess' } }))).left, ['press', 'runners']);
    assert.equal(await points('ann'), 40);
    const back = await ok(await keep('ann', { attributes: { sport: ['chess', 'running'] }, orders: { count: 3 } }));
    assert.deepEqual(back.entered, ['regulars', 'runners']);
    // 80 points are a level that is given 7 more, and a segment that asks for the account
    assert.equal(await points('ann'), 87);
    const looked = await ok(await worker.post('/customers/ann/segments', {}));
    assert.deepEqual([looked.entered, looked.left], [['rich'], []]);
  });

  test('are entered by all who are told at once, each once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => keep('bob', { attributes: { sport: 'running' } }).then(ok)));
    assert.equal(answers.flatMap(({ entered }) => entered).length, 1);
    assert.equal(await points('bob'), 40);
  });

  test('are recorded and told, by pseudonym', async () => {
    const customer = await pseudonymOf('ann');
    const { happenings } = await ok(await admin('GET', '/records/customers?customer=ann'));
    assert.deepEqual(happenings.map(({ type, name }) => `${type} ${name}`).reverse(), [
      'segment_entered press', 'segment_entered runners', 'segment_left press', 'segment_left runners',
      'segment_entered regulars', 'segment_entered runners', 'segment_entered rich',
    ]);
    assert.ok(happenings.every((happening) => happening.customer === customer));
    assert.equal((await ok(await admin('GET', '/records/customers?type=segment_left&limit=1'))).happenings.length, 1);
    await eventually(() => assert.equal(heard.filter(({ data }) => data.customer === customer).length, 7));
    const [entered] = heard.filter(({ type, data }) => type === 'customer.segment_entered' && data.name === 'runners' && data.customer === customer);
    assert.deepEqual(entered.data.earned, [{ programme: 'stars', rule: 'welcome', points: 40 }]);
    assert.ok(!JSON.stringify(heard).includes('"ann"'));
  });

  test('are told to campaigns where the shop asks, and to nobody else', async () => {
    assert.equal((await ok(await redeem('ann'), 201)).discountTotal, 200);
    assert.equal((await ok(await worker.post('/quote/signed', cart('ann')))).quote.discountTotal, 200);
    assert.equal((await ok(await worker.at('/quote/signed', { method: 'POST', body: JSON.stringify(cart('ann')) }))).quote.discountTotal, 0);
    assert.equal((await ok(await worker.quote(cart('ann')))).discountTotal, 0);
    assert.equal((await ok(await redeem('carl'), 201)).discountTotal, 0);
  });
});

test('an event of the shop earns by the programme, once for each key', async () => {
  await ok(await keep('dora', {}));
  const ride = (key, body = { event: 'ride_ended', payload: { km: 25 } }) => worker.post('/customers/dora/events', body, { key });
  const first = await ok(await ride('ride-1'));
  assert.deepEqual(first.earned, [{ programme: 'stars', rule: 'ride', points: 4 }]);
  const again = await ride('ride-1');
  assert.equal(again.headers.get('idempotent-replay'), 'true');
  assert.deepEqual(await ok(again), first);
  await assertRefused(await ride('ride-1', { event: 'ride_ended', payload: { km: 250 } }), 409, 'key_reused');
  assert.equal(await points('dora'), 4);
  // 4 and 50 reach the level, which gives 7
  await ok(await ride('ride-2', { event: 'ride_ended', payload: { km: 250 } }));
  assert.equal(await points('dora'), 61);
  const { happenings } = await ok(await admin('GET', '/records/customers?customer=dora&type=event'));
  assert.equal(happenings.length, 2);
});

describe('consents', () => {
  test('decide as conditions, as the worker keeps them and not as a request says', async () => {
    const discount = async (customer, said = {}) => (await ok(await worker.post('/redemptions', { request: { ...cart(), customer: { id: customer, ...said } } }, { key: newKey() }), 201)).discountTotal;
    assert.equal(await discount('eve'), 0);
    await ok(await keep('eve', { consents: { newsletter: true, calls: false } }));
    assert.equal(await discount('eve'), 50);
    await ok(await keep('eve', { consents: { newsletter: false } }));
    assert.equal(await discount('eve'), 0);
    const claims = { attributes: { 'consent.newsletter': true } };
    assert.equal(await discount('eve', claims), 0);
    assert.equal(await discount('of whom nothing is kept', claims), 0);
    const signed = async (token) => (await ok(await worker.at('/quote/signed', { method: 'POST', body: JSON.stringify({ ...cart(), customer: { id: 'eve', ...claims } }), headers: token ? { authorization: `Bearer ${token}` } : {} }))).quote.discountTotal;
    assert.deepEqual([await signed(), await signed(CHECKOUT_TOKEN)], [0, 0]);
  });

  test('are refused where they cannot be', async () => {
    const problem = await assertRefused(await keep('eve', { consents: { newsletter: 'yes' } }), 422, 'field_invalid');
    assert.equal(problem.at.pointer, '/consents/newsletter');
    await assertRefused(await keep('eve', { colour: 'red' }), 422, 'field_unknown');
    await assertRefused(await keep('eve', { birthday: '1990-02-31' }), 422, 'field_invalid');
    await assertRefused(await worker.get('/customers/nobody'), 404, 'customer_unknown');
    assert.equal((await worker.at('/customers/eve')).status, 401);
  });
});

describe('publications', () => {
  test('give each customer a code of the set, once for each key, whoever asks at once', async () => {
    await assertRefused(await publish({ campaign: 'letters', customer: 'ann' }), 409, 'codes_used_up');
    await assertRefused(await admin('POST', '/admin/campaigns/letters/codes', { codes: ['TEA-0001', 'SPRING'] }), 409, 'code_of_other_campaign');
    await assertRefused(await admin('POST', '/admin/campaigns/none/codes', { codes: ['TEA-0001'] }), 404, 'campaign_unknown');
    assert.deepEqual(await ok(await admin('POST', '/admin/campaigns/letters/codes', { codes: ['TEA-0001', 'TEA-0002', 'tea 0003'] })), { campaign: 'letters', codes: 3, free: 3 });
    const wanted = { campaign: 'letters', customer: 'ann' };
    const [first, ...repeats] = await Promise.all(Array.from({ length: 6 }, () => publish(wanted, 'for-ann').then((response) => ok(response, 201))));
    for (const repeat of repeats) assert.deepEqual(repeat, first);
    assert.deepEqual([first.code, first.customer], ['TEA-0001', await pseudonymOf('ann')]);
    await assertRefused(await publish({ ...wanted, customer: 'bob' }, 'for-ann'), 409, 'key_reused');
    const others = await Promise.all(['bob', 'carl', 'dora'].map((customer) => publish({ campaign: 'letters', customer })));
    assert.deepEqual(others.map(({ status }) => status).sort(), [201, 201, 409]);
    assert.deepEqual(await ok(await admin('GET', '/admin/campaigns/letters/codes')), { campaign: 'letters', codes: 3, free: 0 });
    const { publications } = await ok(await worker.get('/publications?campaign=letters'));
    assert.equal(new Set(publications.map(({ code }) => code)).size, 3);
  });

  test('give a named code to one customer alone', async () => {
    const named = { campaign: 'letters', customer: 'eve', code: 'tea-0004' };
    const first = await ok(await publish(named), 201);
    const again = await ok(await publish(named), 201);
    assert.deepEqual([first.code, again.code], ['tea-0004', 'tea-0004']);
    await assertRefused(await publish({ ...named, customer: 'ann' }), 409, 'code_published');
    await assertRefused(await publish({ ...named, code: 'SPRING' }), 409, 'code_of_other_campaign');
    await assertRefused(await publish({ ...named, code: 'NEVER' }), 409, 'code_of_other_campaign');
  });

  test('are conditions: a code is good for its customer alone, and looks unknown to all others', async () => {
    const answer = async (customer, code) => (await (await worker.quote(cart(customer, [code]))).text()).replaceAll(JSON.stringify(code), '"CODE"');
    const unknown = await answer('fay', 'NEVER-WAS');
    assert.match(unknown, /code_unknown/);
    assert.equal(await answer('fay', 'TEA-0004'), unknown);
    assert.equal(await answer(undefined, 'tea 0004'), await answer(undefined, 'NEVER-WAS'));
    assert.equal(await answer('fay', 'OVER'), unknown, 'one that is over');
    assert.equal((await ok(await worker.quote(cart('eve', ['Tea 00-04'])))).discountTotal, 100);
    // beside one that is everybody's, and typed twice
    const both = await ok(await worker.quote(cart('fay', ['TEA-0004', 'SPRING', 'tea0004'])));
    assert.deepEqual(both.outcomes.filter(({ code }) => code !== undefined).map(({ code, status }) => [code, status]), (await ok(await worker.quote(cart('fay', ['NOT-0004', 'SPRING', 'not0004'])))).outcomes
      .filter(({ code }) => code !== undefined).map(({ code, status }) => [code.replace('NOT', 'TEA').replace('not', 'tea'), status]));
    assert.equal(both.discountTotal, 100);

    assert.equal((await ok(await redeem('fay', ['TEA-0004']), 201)).discountTotal, 0);
    // who buys decides, whoever the request says
    const lent = await ok(await worker.post('/redemptions', { request: cart('eve', ['TEA-0004']), customer: 'fay', confirm: true }, { key: newKey() }), 201);
    assert.equal(lent.discountTotal, 0);
    const { token } = await ok(await worker.post('/quote/signed', cart('eve', ['TEA-0004'])));
    await assertRefused(await worker.post('/redemptions', { token, customer: 'fay', confirm: true }, { key: newKey() }), 409, 'customer_changed');
    const own = await ok(await worker.post('/redemptions', { token, customer: 'eve', confirm: true }, { key: newKey() }), 201);
    assert.deepEqual([own.discountTotal, own.campaigns], [100, ['letters']]);
    await assertRefused(await redeem('eve', ['TEA-0004']), 409, 'uses_limit_reached');
  });
});

describe('a person', () => {
  test('is told whole: what is kept, accounts, codes, what happened, what was redeemed', async () => {
    await ok(await keep('ann', { attributes: { sport: 'running' }, consents: { newsletter: true }, birthday: '1990-02-28' }));
    await ok(await redeem('ann', ['TEA-0001']), 201);
    const told = await eventually(async () => {
      const person = await ok(await admin('GET', '/admin/customers/ann'));
      assert.equal(person.records.filter(({ campaigns }) => campaigns.includes('letters')).length, 1);
      return person;
    });
    assert.deepEqual(told.profile, { attributes: { sport: 'running' }, consents: { newsletter: true }, birthday: '1990-02-28' });
    assert.deepEqual(told.publications.map(({ code }) => code), ['TEA-0001']);
    assert.deepEqual(told.segments.map(({ segment }) => segment), ['rich', 'runners']);
    assert.deepEqual(told.accounts.map(({ account, available }) => [account, available]), [[`stars:${told.customer}`, 87]]);
    assert.ok(told.happenings.some(({ type, name }) => type === 'published' && name === 'letters'));
    assert.deepEqual(await ok(await admin('GET', `/admin/customers/${told.customer}`)), told, 'by the pseudonym too');
    assert.equal((await worker.get('/admin/customers/ann')).status, 401);
  });

  test('is forgotten everywhere, and their codes are nobody’s', async () => {
    const removed = await ok(await admin('DELETE', '/admin/customers/ann'));
    assert.ok(removed.records >= 2 && removed.happenings >= 8);
    assert.equal(removed.publications, 1);
    const person = await ok(await admin('GET', '/admin/customers/ann'));
    assert.deepEqual([person.profile, person.segments, person.publications, person.happenings, person.records], [null, [], [], [], []]);
    const { publications } = await ok(await worker.get('/publications?campaign=letters'));
    assert.equal(publications.find(({ code }) => code === 'TEA-0001').customer, null);
    await assertRefused(await publish({ campaign: 'letters', customer: 'bob', code: 'TEA-0001' }), 409, 'code_published');
    assert.equal((await ok(await worker.quote(cart('ann', ['TEA-0001'])))).discountTotal, 0);
    // nothing is left by which the shop's name for them could be found
    const text = await (await admin('GET', '/admin/backup')).text();
    assert.ok(!text.includes('"ann"') && !text.includes('1990-02-28'));
  });
});
