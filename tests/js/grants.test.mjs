// Grants: a page asks once what a unique code opens, and previews alone from then on.
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CounterfoilError, Engine } from 'counterfoil';
import { CARD, cart, CODES, openEdgeShop } from './edge_shop.mjs';
import { launch } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';
import { assertRefused } from './local_worker.mjs';

const [ONCE, TWICE, HELD, TAKEN] = CODES;

const PAGE = `<!doctype html><html lang="en"><title>shop</title><script type="module" src="/counterfoil/elements/index.js"></script>
  <counterfoil-cart snapshot="/snapshot" key-ring="/keyring.json" grants="/grants" request='${JSON.stringify(cart())}'>
    <counterfoil-code-field></counterfoil-code-field>
  </counterfoil-cart>`;

let shop;
let keyRing;
before(async () => {
  shop = await openEdgeShop(async (assets) => {
    await cp(packageFolder, join(assets, 'counterfoil'), { recursive: true, dereference: true });
    await writeFile(join(assets, 'page.html'), PAGE);
  });
  keyRing = JSON.parse(shop.settings.keyRing);
  await shop.publish();
});
after(() => shop?.close());

async function granted(codes, customer) {
  const response = await shop.worker.at('/grants', { method: 'POST', body: JSON.stringify({ codes, ...(customer && { customer }) }) });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return { ...answer, bytes: answer.grant === null ? undefined : new Uint8Array(Buffer.from(answer.grant, 'base64')) };
}

const page = async () => Engine.open(await (await shop.worker.at('/snapshot')).arrayBuffer(), keyRing);
const asked = async (request) => (await shop.worker.quote(request)).json();
const sha256 = async (data) => Buffer.from(await crypto.subtle.digest('SHA-256', data));

/** PASETO's pre-authentication encoding. */
function pae(...pieces) {
  const number = (count) => Buffer.from(BigUint64Array.of(BigInt(count)).buffer);
  return Buffer.concat([number(pieces.length), ...pieces.flatMap((piece) => [number(Buffer.from(piece).length), Buffer.from(piece)])]);
}

const refused = (code) => (error) => error instanceof CounterfoilError && error.code === code;

test('a page previews what its code opens as the edge quotes it, until the grant ends', async () => {
  const engine = await page();
  const session = engine.session(cart(TWICE));
  const before = engine.quote(cart(TWICE));
  assert.deepEqual([before.total, session.total, before.outcomes[0].reasons[0].code], [3_000, 3_000, 'code_unknown']);
  const { granted: good, bytes, expiresAt } = await granted([TWICE, 'NEVER-WAS-THERE-1234']);
  assert.deepEqual(good, [TWICE]);
  assert.ok(expiresAt > Date.now() && expiresAt <= Date.now() + 15 * 60_000);
  engine.takeGrant(bytes);
  assert.deepEqual([engine.quote(cart(TWICE)).total, before.total], [2_400, 3_000]);
  const more = { ...cart(TWICE, 'SPRING'), lines: [{ id: 'a', unitPrice: 777, quantity: 5 }] };
  assert.equal(engine.quote(more).total, (await asked(more)).total);
  assert.equal(session.setQuantity('a', 10), 8_000);
  assert.equal(engine.quote({ ...cart(TWICE), now: expiresAt - 1 }).total, 2_400);
  assert.equal(engine.quote({ ...cart(TWICE), now: expiresAt }).outcomes[0].reasons[0].code, 'code_unknown');
  // nothing of other codes and their campaigns
  assert.equal(engine.quote(cart(ONCE)).total, 3_000);
  assert.ok(Buffer.from(bytes).includes('letter') && !Buffer.from(bytes).includes('card'));
});

test('what is on a code bounds the preview, and codes of two campaigns are granted together', async () => {
  const engine = await page();
  engine.takeGrant((await granted([CARD, TWICE])).bytes);
  for (const quantity of [1, 2, 3, 9]) {
    const request = { ...cart(CARD), lines: [{ id: 'a', unitPrice: 1_000, quantity }] };
    assert.equal(engine.quote(request).total, (await asked(request)).total, `${quantity}`);
  }
  assert.equal(engine.quote(cart(TWICE)).total, 2_400);
});

test('a code that is not good gets no grant, and one answer whatever the reason', async () => {
  const unknown = await granted(['NEVER-WAS-THERE-1234']);
  assert.deepEqual(unknown, { granted: [], expiresAt: null, grant: null, bytes: undefined });
  for (const [code, customer] of [[TAKEN], [HELD], [HELD, 'bob']]) assert.deepEqual(await granted([code], customer), unknown);
  await assertRefused(await shop.worker.at('/grants', { method: 'POST', body: '{"codes":[]}' }), 422, 'field_invalid');
});

test('a grant is for its customer, its snapshot and its shop', async () => {
  const engine = await page();
  const { bytes } = await granted([HELD], 'ann');
  assert.throws(() => engine.takeGrant(bytes), refused('grant_invalid'));
  assert.throws(() => engine.takeGrant(bytes, { customer: 'bob' }), refused('grant_invalid'));
  assert.throws(() => engine.takeGrant(bytes, { customer: 'ann', now: Date.now() + 15 * 60_000 }), refused('grant_expired'));
  assert.equal(engine.quote(cart(HELD)).total, 3_000);
  engine.takeGrant(bytes, { customer: 'ann' });
  assert.equal(engine.quote(cart(HELD)).total, 2_400);
  // what is refused leaves the grant that was taken
  const forged = bytes.slice();
  forged[forged.length - 1] ^= 1;
  assert.throws(() => engine.takeGrant(forged, { customer: 'ann' }), refused('grant_invalid'));
  assert.equal(engine.quote(cart(HELD)).total, 2_400);
  await shop.publish('FRESH-6TGB-8YHN-3VJM');
  const newer = await page();
  assert.throws(() => newer.takeGrant(bytes, { customer: 'ann' }), refused('grant_invalid'));
  newer.takeGrant((await granted([HELD], 'ann')).bytes, { customer: 'ann' });
  assert.equal(newer.quote(cart(HELD)).total, 2_400);
});

test('what a pulse has stopped stays so under a grant', async () => {
  const engine = await page();
  engine.takePulse(new Uint8Array(await (await shop.worker.at('/pulse')).arrayBuffer()));
  engine.takeGrant((await granted([TWICE])).bytes);
  assert.equal(engine.quote(cart(TWICE, 'SPRING')).total, (await asked(cart(TWICE, 'SPRING'))).total);
});

/** What a token says whose signature a key of the ring has made, as the specification of PASETO v4.public has it. */
function readWithTheRing(token, assertion) {
  const [version, purpose, body, footer] = token.split('.');
  const signed = Buffer.from(body, 'base64url');
  const message = signed.subarray(0, -64);
  const bytes = pae(`${version}.${purpose}.`, message, Buffer.from(footer, 'base64url'), assertion);
  const x = Buffer.from(keyRing.roles.edge.keys[0].publicKey, 'hex').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return { header: `${version}.${purpose}`, isSigned: verify(null, bytes, key, signed.subarray(-64)), claims: JSON.parse(message) };
}

test('grants and quote tokens are PASETOs that are verified with the key ring alone', async () => {
  const { bytes } = await granted([TWICE]);
  const end = bytes.indexOf(10);
  const token = Buffer.from(bytes.subarray(0, end)).toString();
  const section = await sha256(bytes.subarray(end + 1));
  const { audience, environment, revision, version } = (await page()).snapshot;
  const assertion = `counterfoil/grant/v1:${(await sha256(pae(audience, environment, revision, `${version}`, '', section))).toString('hex')}`;
  const { header, isSigned, claims } = readWithTheRing(token, assertion);
  assert.deepEqual([header, isSigned], ['v4.public', true]);
  assert.deepEqual([claims.campaigns, claims.section, Date.parse(claims.exp)], [['letter'], section.toString('hex'), claims.until]);
  assert.equal(readWithTheRing(token, 'counterfoil/quote/v1').isSigned, false);
  const signed = await (await shop.worker.post('/quote/signed', cart(TWICE))).json();
  const quoted = readWithTheRing(signed.token, 'counterfoil/quote/v1');
  assert.deepEqual([quoted.header, quoted.isSigned], ['v4.public', true]);
  assert.equal(quoted.claims.snapshot.version, version);
  assert.equal(Date.parse(quoted.claims.exp), signed.expiresAt);
  assert.equal(readWithTheRing(signed.token, assertion).isSigned, false);
});

test('a worker whose key pages do not trust grants nothing', async () => {
  await shop.restart({ quoteKey: '07'.repeat(32) });
  try {
    const response = await shop.worker.at('/grants', { method: 'POST', body: JSON.stringify({ codes: [TWICE] }) });
    await assertRefused(response, 503, 'edge_key_not_trusted');
  } finally {
    await shop.restart();
  }
});

test('the code field asks the shop once, and the page goes on without a network', async (t) => {
  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext();
  const tab = await context.newPage();
  const requests = [];
  tab.on('request', (request) => request.url().endsWith('/grants') && requests.push(request.url()));
  await tab.goto(`${shop.worker.url}/page.html`);
  const total = () => tab.evaluate(() => document.querySelector('counterfoil-cart').quote?.total);
  const totalIs = (wanted) => tab.waitForFunction((sum) => document.querySelector('counterfoil-cart').quote?.total === sum, wanted);
  const enter = async (code) => {
    await tab.getByLabel('Code', { exact: true }).fill(code);
    await tab.keyboard.press('Enter');
  };
  await totalIs(3_000);
  await enter(TWICE.toLowerCase());
  await totalIs(2_400);
  await enter('NEVER-WAS-THERE-1234');
  await tab.locator('counterfoil-code-field').getByText('NEVER-WAS-THERE-1234', { exact: true }).waitFor();
  assert.equal(await total(), 2_400);
  assert.equal(requests.length, 2);
  await context.setOffline(true);
  await tab.evaluate(() => {
    const shown = document.querySelector('counterfoil-cart');
    shown.request = { ...shown.request, lines: [{ id: 'a', unitPrice: 1000, quantity: 10 }] };
  });
  await totalIs(8_000);
  // a code that cannot be asked for is told as one that there is not, and the other goes on
  await enter(ONCE);
  await tab.locator('counterfoil-code-field').getByText(ONCE, { exact: true }).waitFor();
  assert.equal(await total(), 8_000);
});
