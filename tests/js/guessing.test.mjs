// Who tries codes is slowed down by address, by session and by campaign, at exactly their limits, and hears the same whatever was tried.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN, assertRefused, CHECKOUT_TOKEN } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const LIMITS = { GUESSES: 5, SESSION_GUESSES: 4, CAMPAIGN_GUESSES: 7 };

const ten = [{ type: 'percent_off', percent: '10' }];
const shop = {
  campaigns: [
    { id: 'spring', codes: ['SPRING'], discounts: ten },
    { id: 'over', codes: ['OVER'], schedule: { timeZone: 'UTC', until: '2020-01-01' }, discounts: ten },
    { id: 'letters', codes: ['TEA-4711', 'TEA-9712'], discounts: ten },
  ],
};

let worker;
before(async () => {
  worker = await openShop(shop, { guesses: LIMITS });
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const added = await worker.at('/admin/campaigns/letters/codes', { method: 'POST', headers, body: JSON.stringify({ codes: ['TEA-4711', 'TEA-9712'] }) });
  assert.equal(added.status, 200, await added.text());
  const given = await worker.post('/publications', { campaign: 'letters', customer: 'ann', code: 'TEA-4711' }, { key: 'ann' });
  assert.equal(given.status, 201, await given.text());
});
after(() => worker?.stop());

const cart = (code) => ({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }], ...(code !== undefined && { codes: [code] }) });
const quote = (address, code, path = '/quote') => worker.at(path, { method: 'POST', headers: { 'cf-connecting-ip': address }, body: JSON.stringify(cart(code)) });
const lock = (session, code, address = '198.51.100.1') =>
  worker.at(`/sessions/${session}`, { method: 'PUT', headers: { authorization: `Bearer ${CHECKOUT_TOKEN}`, 'cf-connecting-ip': address }, body: JSON.stringify({ request: cart(code) }) });

/** Limits count by the minutes of the clock: none turns within what follows. */
async function withinAMinute() {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 20_000) await sleep(left + 50);
}

/** Unknown, over, somebody else's, nobody's yet, and right ones. */
const CODES = ['NEVER', 'OVER', 'TEA-4711', 'TEA-9712', 'TEA-4799', 'SPRING'];

async function saidOf(response) {
  await assertRefused(response.clone(), 429, 'too_many_requests');
  assert.equal(response.headers.get('retry-after'), '60');
  return response.text();
}

describe('the limit', () => {
  test('of an address lets as many through as it says, and no more, whatever is tried', async () => {
    await withinAMinute();
    const tried = async (address) => {
      for (let at = 0; at < LIMITS.GUESSES; at += 1) assert.equal((await quote(address, `NEVER${at}`)).status, 200, `attempt ${at}`);
    };
    await tried('192.0.2.1');
    await tried('192.0.2.2');
    const [first, ...others] = await Promise.all(CODES.map(async (code) => saidOf(await quote('192.0.2.1', code))));
    for (const said of others) assert.equal(said, first);
    assert.equal(await saidOf(await quote('192.0.2.1', 'SPRING', '/quote/signed')), first);
    // another address, and a cart without a code
    assert.equal((await quote('192.0.2.3', 'SPRING')).status, 200);
    assert.equal((await quote('192.0.2.1')).status, 200);
  });

  test('counts codes however their member is written, and once', async () => {
    await withinAMinute();
    const sent = (body) => worker.at('/quote', { method: 'POST', headers: { 'cf-connecting-ip': '192.0.2.9' }, body });
    const escaped = JSON.stringify(cart('NEVER')).replace('"codes"', '"cod\\u0065s"');
    for (let at = 0; at < LIMITS.GUESSES; at += 1) assert.equal((await sent(escaped)).status, 200, `attempt ${at}`);
    await saidOf(await sent(escaped));
    // the engine takes the first, another reader the last
    await assertRefused(await sent(JSON.stringify(cart('SPRING')).replace(/\}$/, ',"codes":[]}')), 422, 'field_repeated');
  });

  test('of a session is its own, and the address of the shop’s server has none', async () => {
    await withinAMinute();
    for (const session of ['s-1', 's-2', 's-3']) {
      for (let at = 0; at < LIMITS.SESSION_GUESSES; at += 1) assert.equal((await lock(session, `NEVER${at}`)).status, 200, `attempt ${at} of ${session}`);
    }
    const [first, ...others] = await Promise.all(CODES.map(async (code) => saidOf(await lock('s-1', code))));
    for (const said of others) assert.equal(said, first);
    const redeemed = await worker.post('/redemptions', { request: cart('SPRING'), session: 's-1' }, { key: 'of-session' });
    assert.equal(await saidOf(redeemed), first);
    assert.equal((await lock('s-4', 'SPRING')).status, 200);
    assert.equal((await lock('s-1', undefined)).status, 200);
    // without a session the shop's server is not limited
    for (let at = 0; at < LIMITS.GUESSES + 2; at += 1) assert.equal((await worker.post('/redemptions', { request: cart('SPRING') }, { key: `free-${at}` })).status, 201);
  });

  test('of a campaign counts who tries codes that begin as its own, from wherever', async () => {
    await withinAMinute();
    // those of the other tests count too: they may be of this minute
    let through = 0;
    while (through <= LIMITS.CAMPAIGN_GUESSES && (await quote(`203.0.113.${through}`, `tea-47${through}`)).status === 200) through += 1;
    assert.ok(through <= LIMITS.CAMPAIGN_GUESSES, `${through} came through`);
    const [first, ...others] = await Promise.all(['TEA-4711', 'TEA-9712', 'Tea 9', 'tea'].map(async (code, at) => saidOf(await quote(`203.0.113.${100 + at}`, code))));
    for (const said of others) assert.equal(said, first);
    assert.equal(await saidOf(await lock('s-9', 'TEA-4711')), first);
    assert.equal((await quote('203.0.113.200', 'SPRING')).status, 200);
    // a whole minute of its own
    await sleep(60_000 - (Date.now() % 60_000) + 50);
    for (let at = 0; at < LIMITS.CAMPAIGN_GUESSES; at += 1) assert.equal((await quote(`203.0.113.${at}`, `TEA-${at}`)).status, 200, `attempt ${at}`);
    assert.equal(await saidOf(await quote('203.0.113.50', 'TEA-4711')), first);
  });
});

test('below the limit unknown, over, foreign and unpublished codes have one answer', async () => {
  await sleep(60_000 - (Date.now() % 60_000) + 50);
  const said = async (code, address) => (await (await quote(address, code)).text()).replaceAll(JSON.stringify(code), '"CODE"');
  const unknown = await said('NEVER', '192.0.2.20');
  assert.match(unknown, /"code_unknown"/);
  for (const [at, code] of ['OVER', 'TEA-4711', 'TEA-9712', 'TEA-4799'].entries()) assert.equal(await said(code, `192.0.2.${30 + at}`), unknown, code);
});
