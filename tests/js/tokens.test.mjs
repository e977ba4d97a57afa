// Quote tokens and grants, read by a PASETO library that knows nothing of counterfoil, with the key ring alone.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { InspectFooter, PAE, PublicProtocol } from 'paseto';
import { GenerateKeyPairFactory, ImportPublicKeyFactory, ImportSecretKeyFactory, SignFactory, VerifyFactory } from 'paseto/v4/public';
import { Engine } from 'counterfoil';
import { cart, CODES, openEdgeShop } from './edge_shop.mjs';
import { assertRefused } from './local_worker.mjs';

const ONE_USE = CODES[1];
const QUOTE = 'counterfoil/quote/v1';

const paseto = new PublicProtocol(GenerateKeyPairFactory, ImportPublicKeyFactory, ImportSecretKeyFactory, SignFactory, VerifyFactory);
const utf8 = (text) => new TextEncoder().encode(text);
const said = (assertion) => ({ implicitAssertion: utf8(assertion) });
const hash = (data) => createHash('sha256').update(data).digest();

let shop;
let key;
before(async () => {
  shop = await openEdgeShop();
  const { version } = await shop.publish();
  assert.equal(version, 1);
  const { roles } = await (await shop.worker.at('/keyring.json')).json();
  key = await paseto.ImportPublicKey(`k4.public.${Buffer.from(roles.edge.keys[0].publicKey, 'hex').toString('base64url')}`);
});
after(() => shop?.close());

const signed = async () => (await shop.worker.post('/quote/signed', cart(ONE_USE))).json();
const charge = (token, name) => shop.worker.post('/redemptions', { token, confirm: true }, { key: name });

test('a quote token says what was quoted, and no other key, assertion or byte verifies', async () => {
  const { quote, token, expiresAt } = await signed();
  const { claims } = await paseto.Verify(key, token, said(QUOTE));
  assert.equal(Date.parse(claims.exp), expiresAt);
  assert.deepEqual([claims.snapshot.version, claims.charge.total], [1, quote.total]);
  const footer = JSON.parse(new TextDecoder().decode(InspectFooter(token)));
  const { keys } = await (await shop.worker.at('/quote-keys.json')).json();
  assert.ok(keys.some(({ id }) => id === footer.kid));
  await assert.rejects(paseto.Verify(key, token, said('counterfoil/grant/v1')));
  await assert.rejects(paseto.Verify(key, token));
  const other = await paseto.GenerateKeyPair();
  await assert.rejects(paseto.Verify(other.publicKey, token, said(QUOTE)));
  const [version, purpose, payload, kid] = token.split('.');
  const bytes = Buffer.from(payload, 'base64url');
  for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
    const forged = Buffer.from(bytes);
    forged[at] ^= 1;
    await assert.rejects(paseto.Verify(key, [version, purpose, forged.toString('base64url'), kid].join('.'), said(QUOTE)), `${at}`);
  }
});

test('a grant names what it opens', async () => {
  const response = await shop.worker.at('/grants', { method: 'POST', body: JSON.stringify({ codes: [ONE_USE] }) });
  const bytes = Buffer.from((await response.json()).grant, 'base64');
  const end = bytes.indexOf(10);
  const token = bytes.subarray(0, end).toString();
  const { audience, environment, revision, version } = (await Engine.open(await (await shop.worker.at('/snapshot')).arrayBuffer(), JSON.parse(shop.settings.keyRing))).snapshot;
  // what the page knows: its shop, its snapshot, its customer, and the section that came with the grant
  const assertion = (section) => `counterfoil/grant/v1:${hash(PAE([...[audience, environment, revision, `${version}`, ''].map(utf8), section])).toString('hex')}`;
  const section = hash(bytes.subarray(end + 1));
  const { claims } = await paseto.Verify(key, token, said(assertion(section)));
  assert.deepEqual([claims.campaigns, claims.section, Date.parse(claims.exp)], [['letter'], section.toString('hex'), claims.until]);
  await assert.rejects(paseto.Verify(key, token, said(assertion(hash('something else')))));
  await assert.rejects(paseto.Verify(key, token, said(QUOTE)));
});

test('a quote is charged for ten minutes', async () => {
  const asked = Date.now();
  const { token, expiresAt } = await signed();
  const { claims } = await paseto.Verify(key, token, said(QUOTE));
  assert.equal(expiresAt - Date.parse(claims.iat), 600_000);
  assert.ok(expiresAt - asked >= 600_000 && expiresAt - Date.now() <= 600_000);
  const own = await edgeKey();
  const ending = (exp) => paseto.Sign(own, { ...claims, exp: new Date(exp).toISOString() }, { footer: InspectFooter(token), ...said(QUOTE) });
  await assertRefused(await charge(await ending(Date.now() - 1), 'e1'), 410, 'quote_token_expired');
  // a busy machine has this long to ask
  assert.equal((await charge(await ending(Date.now() + 60_000), 'e2')).status, 201);
});

/** What the worker signs quotes with. */
async function edgeKey() {
  const seed = Buffer.from(JSON.parse(shop.settings.quoteKey).secretKey, 'hex');
  const publicHalf = Buffer.from(JSON.parse(shop.settings.keyRing).roles.edge.keys[0].publicKey, 'hex');
  return paseto.ImportSecretKey(`k4.secret.${Buffer.concat([seed, publicHalf]).toString('base64url')}`);
}

test('what the library signs with the edge’s key the worker takes, and with another key it does not', async () => {
  const { token } = await signed();
  const { claims } = await paseto.Verify(key, token, said(QUOTE));
  const footer = InspectFooter(token);
  const own = await edgeKey();
  const again = (secret) => paseto.Sign(secret, claims, { footer, ...said(QUOTE) });
  const other = await paseto.GenerateKeyPair();
  await assertRefused(await charge(await again(other.secretKey), 't1'), 422, 'quote_token_invalid');
  assert.equal((await charge(await again(own), 't2')).status, 201);
  // the same token, whoever signed it, is charged once
  await assertRefused(await charge(token, 't3'), 409, 'quote_token_used');
});
