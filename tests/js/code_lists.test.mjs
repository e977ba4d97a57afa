// What the worker's own catalogue keeps from pages: lists of unique codes, sealed campaigns, and those of the edge alone.
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Engine } from 'counterfoil';
import { unseal } from 'counterfoil/sealed';
import { ADMIN_TOKEN, assertRefused, assertTotal, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

const PEPPER = '5e'.repeat(32);
const letter = { codeList: { file: 'letter.csv' }, discounts: [{ type: 'percent_off', percent: '20' }] };
const card = { codeList: { file: 'card.csv', currency: 'EUR' }, discounts: [{ type: 'percent_off', percent: '100' }] };
const cart = (...codes) => ({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }] });

let dir;
let signer;
let worker;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-lists-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  signer = await newSigner();
  worker = await open('shop');
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const open = (name, more = {}) => localWorker({
  keyRing: signer.keyRing, publisherKey: JSON.stringify(signer.secretKey), pepper: JSON.stringify({ pepper: PEPPER }), assets: join(dir, 'www'), stateDir: join(dir, name), ...more,
});
const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
const send = (method, path, body, on = worker) => on.at(path, { method, headers, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
const list = (campaign) => `/admin/catalogue/campaigns/${campaign}/codes`;
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const publish = async (on) => ok(await send('POST', '/admin/publish', {}, on), 201);
const redeem = (code, key, on = worker) => on.post('/redemptions', { request: cart(code), confirm: true }, { key });

test('codes of a list are good once the catalogue is published, and nothing of them is in what pages download', async () => {
  await ok(await send('PUT', '/admin/catalogue/campaigns/letter', letter));
  await assertRefused(await send('POST', '/admin/publish', {}), 422, 'code_list_missing');
  assert.deepEqual(await ok(await send('PUT', list('letter'), 'code,uses\nONCE-3F7K-9QPX,1\nTWICE-8D2M-5RTN,2\n')), { codes: 2 });
  await publish();
  await assertTotal(await worker.quote(cart('once 3f7k 9qpx')), 2_400);
  await assertTotal(await worker.quote(cart('NEVER-WAS-HERE')), 3_000);
  const file = Buffer.from(await (await worker.at('/snapshot')).arrayBuffer());
  assert.ok(!file.includes('letter') && !file.includes('ONCE'));
  // as often as each row says
  await ok(await redeem('ONCE-3F7K-9QPX', 'a1'), 201);
  await assertRefused(await redeem('ONCE3F7K9QPX', 'a2'), 409, 'uses_limit_reached');
  for (const key of ['b1', 'b2']) await ok(await redeem('TWICE-8D2M-5RTN', key), 201);
  await assertRefused(await redeem('TWICE-8D2M-5RTN', 'b3'), 409, 'uses_limit_reached');
});

test('a list is added to, replaced and taken out, and what was used of a code stays used', async () => {
  await ok(await send('POST', list('letter'), 'code,uses\nTHIRD-0Q3V-7WER,1'));
  assert.deepEqual(await ok(await send('GET', list('letter'))), { codes: 3 });
  await publish();
  await assertTotal(await worker.quote(cart('THIRD-0Q3V-7WER')), 2_400);
  assert.deepEqual(await ok(await send('PUT', list('letter'), 'code,uses\nONCE-3F7K-9QPX,1\n')), { codes: 1 });
  // nothing changes before it is published
  await assertTotal(await worker.quote(cart('THIRD-0Q3V-7WER')), 2_400);
  await publish();
  await assertTotal(await worker.quote(cart('THIRD-0Q3V-7WER')), 3_000);
  await assertRefused(await redeem('ONCE-3F7K-9QPX', 'a3'), 409, 'uses_limit_reached');
  assert.deepEqual(await ok(await send('DELETE', list('letter'))), { codes: 1 });
  assert.deepEqual(await ok(await send('GET', list('letter'))), { codes: 0 });
  const { entries } = await ok(await send('GET', '/admin/audit'));
  assert.deepEqual(entries.slice(0, 3).map(({ action }) => action), ['codes_removed', 'published', 'codes_listed']);
  await ok(await send('DELETE', '/admin/catalogue/campaigns/letter'));
  await ok(await send('PUT', '/admin/catalogue/campaigns/letter', letter));
  await ok(await send('PUT', list('letter'), 'code\nFREE-1GKS-7EWQ\n'));
});

test('balances, holders, last days and states of rows are minded', async () => {
  await ok(await send('PUT', '/admin/catalogue/campaigns/card', card));
  const rows = ['CARD-7QWE-2RTY,2500,,,', 'ANN-4ZYX-1GKS,500,ann,,', 'OVER-6TGB-8YHN,500,,2020-01-31,', 'GONE-5VBN-3MXC,500,,,revoked'];
  await ok(await send('PUT', list('card'), `code,balance,holder,expires,state\n${rows.join('\n')}\n`));
  await publish();
  await assertTotal(await worker.quote(cart('CARD-7QWE-2RTY')), 500);
  await assertTotal(await worker.quote(cart('ANN-4ZYX-1GKS')), 3_000);
  await assertTotal(await worker.quote({ ...cart('ANN-4ZYX-1GKS'), customer: { id: 'ann' } }), 2_500);
  for (const code of ['OVER-6TGB-8YHN', 'GONE-5VBN-3MXC']) await assertTotal(await worker.quote(cart(code)), 3_000);
  // a row that says nothing of uses leaves them to the campaign, which has no limit here
  for (const key of ['f1', 'f2', 'f3']) await ok(await redeem('FREE-1GKS-7EWQ', key), 201);
});

test('a faulty list changes nothing, and says where it is wrong', async () => {
  const before = await ok(await send('GET', list('letter')));
  const long = Array.from({ length: 40_000 }, (_, at) => `LONG-${at},1`);
  const faults = {
    'colour\nred\n': ['code_list_invalid', 'line 1:'],
    '': ['code_list_invalid', 'line 1:'],
    'code,uses\nA-1,1\nA-2,many\n': ['code_list_invalid', 'line 3:'],
    'code,balance\nA-1,500\n': ['code_list_invalid', 'no currency'],
    'code\nA-1\nB-1\na1\n': ['code_duplicated', 'twice'],
    [`code,uses\n${long.join('\n')}\nLAST,x\n`]: ['code_list_invalid', 'line 40002:'],
  };
  for (const [text, [code, message]] of Object.entries(faults)) {
    const problem = await assertRefused(await send('PUT', list('letter'), text), 422, code);
    assert.ok(problem.message.includes(message), problem.message);
  }
  assert.deepEqual(await ok(await send('GET', list('letter'))), before);
  await assertRefused(await send('PUT', list('nothing'), 'code\nA\n'), 404, 'campaign_unknown');
  await ok(await send('PUT', '/admin/catalogue/campaigns/open', { codes: ['OPEN'], discounts: [{ type: 'percent_off', percent: '5' }] }));
  await assertRefused(await send('PUT', list('open'), 'code\nA\n'), 409, 'codes_not_listed');
});

test('a long list arrives in parts, and a backup has it', { timeout: 120_000 }, async () => {
  const codes = Array.from({ length: 50_000 }, (_, at) => `MANY-${String(at).padStart(12, '0')}`);
  assert.deepEqual(await ok(await send('PUT', list('letter'), `code,uses\n${codes.map((code) => `${code},1`).join('\n')}\n`)), { codes: 50_000 });
  await publish();
  for (const code of [codes[0], codes[24_999], codes.at(-1)]) await assertTotal(await worker.quote(cart(code)), 2_400);
  await assertTotal(await worker.quote(cart('MANY-000000050000')), 3_000);
  const backup = await (await send('GET', '/admin/backup')).text();
  const other = await open('other');
  try {
    await ok(await send('POST', '/admin/restore', backup, other));
    assert.deepEqual(await ok(await send('GET', list('letter'), undefined, other)), { codes: 50_000 });
    await publish(other);
    await assertTotal(await other.quote(cart(codes[31_007])), 2_400);
  } finally {
    await other.stop();
  }
});

/** The status of an upload over a connection that is kept; it is not sent again where it breaks. */
const onOne = (agent, url, body) => new Promise((resolve, reject) => {
  const sending = request(url, { method: 'PUT', agent, headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-length': Buffer.byteLength(body) } }, (incoming) => {
    incoming.resume().on('end', () => resolve(incoming.statusCode));
  });
  sending.on('error', reject);
  sending.end(body);
});

test('without a pepper there are no lists', async () => {
  const bare = await open('bare', { pepper: '' });
  try {
    await ok(await send('PUT', '/admin/catalogue/campaigns/letter', letter, bare));
    await assertRefused(await send('PUT', list('letter'), 'code\nA\n', bare), 503, 'pepper_missing');
    // what is refused is heard to its end, and the connection goes on
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const long = `code\n${'A-LONG-CODE\n'.repeat(30_000)}`;
    for (let at = 0; at < 4; at += 1) assert.equal(await onOne(agent, bare.url + list('letter'), long), 503, `request ${at}`);
    agent.destroy();
  } finally {
    await bare.stop();
  }
});

test('sealed campaigns and those of the edge alone are published too, and pages see neither before their codes', async () => {
  const shop = await open('hidden', signer.granting);
  try {
    const keyRing = JSON.parse(signer.granting.keyRing);
    const put = async (id, campaign) => ok(await send('PUT', `/admin/catalogue/campaigns/${id}`, campaign, shop));
    await put('goat', { visibility: 'sealed', codes: ['MOUNTAIN-GOAT-7'], discounts: [{ type: 'percent_off', percent: '50' }] });
    await put('staff', { visibility: 'edge', codes: ['STAFF-2041-KITE'], discounts: [{ type: 'percent_off', percent: '30' }] });
    await put('letter', letter);
    await ok(await send('PUT', list('letter'), 'code\nONCE-3F7K-9QPX\n', shop));
    await publish(shop);
    const file = Buffer.from(await (await shop.at('/snapshot')).arrayBuffer());
    for (const word of ['goat', 'staff', 'letter', 'GOAT', 'STAFF', 'ONCE']) assert.ok(!file.includes(word), word);
    // the edge knows all of them
    const totals = { 'mountain goat 7': 1_500, 'STAFF-2041-KITE': 2_100, 'ONCE-3F7K-9QPX': 2_400, 'NEVER-WAS-HERE': 3_000 };
    for (const [code, total] of Object.entries(totals)) await assertTotal(await shop.quote(cart(code)), total);
    // a page opens what is sealed by itself
    const page = await Engine.open(file, keyRing);
    assert.equal(page.quote(cart('MOUNTAIN-GOAT-7')).total, 3_000);
    assert.equal(await unseal(page, 'MOUNTAIN-GOAT-7'), true);
    assert.equal(page.quote(cart('MOUNTAIN-GOAT-7')).total, 1_500);
    // and is granted the rest, each alone
    for (const code of ['STAFF-2041-KITE', 'ONCE-3F7K-9QPX']) {
      const { granted, grant } = await ok(await shop.at('/grants', { method: 'POST', body: JSON.stringify({ codes: [code] }) }));
      assert.deepEqual(granted, [code]);
      const bytes = Buffer.from(grant, 'base64');
      assert.ok(['goat', 'staff', 'letter'].filter((id) => bytes.includes(id)).length === 1);
      const asking = await Engine.open(file, keyRing);
      asking.takeGrant(bytes);
      assert.equal(asking.quote(cart(code)).total, totals[code]);
      for (const other of Object.keys(totals).filter((typed) => typed !== code)) assert.equal(asking.quote(cart(other)).total, 3_000, other);
    }
    for (const [code, key] of [['MOUNTAIN-GOAT-7', 'h1'], ['STAFF-2041-KITE', 'h2']]) assert.equal((await ok(await redeem(code, key, shop), 201)).total, totals[code] ?? 1_500);
    // a stop signs both halves anew
    await ok(await send('POST', '/admin/campaigns/goat/stop', {}, shop));
    await assertTotal(await shop.quote(cart('MOUNTAIN-GOAT-7')), 3_000);
    await ok(await send('POST', '/admin/campaigns/goat/resume', {}, shop));
    await assertTotal(await shop.quote(cart('MOUNTAIN-GOAT-7')), 1_500);
    await assertTotal(await shop.quote(cart('ONCE-3F7K-9QPX')), 2_400);
  } finally {
    await shop.stop();
  }
});
