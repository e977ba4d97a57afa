// `counterfoil/loyalty` beside a storefront's engine: it previews as the workshop does, and knows all that the engine has taken.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { before, test } from 'node:test';
import { CounterfoilError, Engine } from 'counterfoil';
import { preview } from 'counterfoil/loyalty';
import { Engine as Workshop, compile, keygen, sign } from 'counterfoil/workshop';

const CORPUS = new URL('../corpus/ledger/', import.meta.url);
const LIFE_MS = 30 * 86_400_000;
const terms = { audience: 'shop', environment: 'test', version: 1 };

let secretKey, pulseKey, keyRing;
before(async () => {
  const [publisher, pulse] = [await keygen('publisher'), await keygen('pulse')];
  [secretKey, pulseKey] = [publisher.secretKey, { ...pulse.secretKey, role: 'pulse' }];
  const trusting = ({ publicKey }) => ({ threshold: 1, keys: [publicKey] });
  keyRing = { audience: 'shop', environment: 'test', roles: { publisher: trusting(publisher), pulse: trusting(pulse) } };
});

async function published(document, now) {
  const life = { from: now, until: now + LIFE_MS };
  return sign(await compile({ 'shop.json': document }, life), { ...terms, issuedAt: life.from, expiresAt: life.until }, [secretKey]);
}

/** The corpus writes moments as people do. */
function withMoments(_, value) {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : value;
}

/** The previews of the corpus: documents, and what is asked of them. */
async function previews() {
  const found = [];
  for (const name of (await readdir(CORPUS)).filter((name) => name !== 'index.json')) {
    const { campaigns, customers = {}, histories } = JSON.parse(await readFile(new URL(name, CORPUS), 'utf8'), withMoments);
    if (campaigns === undefined) continue;
    const document = typeof campaigns === 'string' ? JSON.parse(await readFile(new URL(campaigns, CORPUS), 'utf8')) : campaigns;
    const asked = histories.flatMap((history) => history.commands.filter(({ preview }) => preview).map(({ preview }) => ({ now: history.now, ...preview })));
    for (const { now, request, accounts } of asked) {
      const { customer } = request;
      const who = typeof customer === 'string' ? { customer: { id: customer, ...customers[customer] } } : {};
      found.push({ name, document: Array.isArray(document) ? { campaigns: document } : document, now, request: { now, ...request, ...who }, accounts });
    }
  }
  return found;
}

test('every preview of the corpus is the one of the workshop', async () => {
  const all = await previews();
  assert.ok(all.length > 40, `${all.length} previews`);
  let named = 0;
  for (const { name, document, now, request, accounts } of all) {
    const bytes = await published(document, now);
    const [page, tools] = await Promise.all([Engine.open(bytes, keyRing, { now }), Workshop.open(bytes, keyRing, { now })]);
    const told = await preview(page, request, accounts);
    assert.deepEqual(told, tools.preview(request, accounts ?? []), name);
    named += told.programmes.flatMap(({ hints }) => hints).length;
  }
  assert.ok(named > 20, `${named} hints`);
});

const SHOP = {
  campaigns: [{ id: 'tenth', discounts: [{ type: 'percent_off', percent: '10' }] }],
  loyalty: { programmes: [{ id: 'stars', earning: [{ id: 'purchase', on: 'order', points: 1, every: { EUR: 100 } }] }] },
};
const REQUEST = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1000, quantity: 2 }] };

test('a preview follows what the engine has taken', async () => {
  const now = Date.now() - 1_000;
  const bytes = await published(SHOP, now);
  const engine = await Engine.open(bytes, keyRing);
  const asked = async () => {
    const { quote, programmes } = await preview(engine, REQUEST);
    return [quote.total, programmes[0].points];
  };
  assert.deepEqual(await asked(), [1800, 18]);
  const signing = await Workshop.open(bytes, keyRing);
  engine.takePulse(signing.signPulse({ issuedAt: now, expiresAt: now + 60_000, stopped: ['tenth'] }, [pulseKey]));
  assert.deepEqual([engine.quote(REQUEST).total, await asked()], [2000, [2000, 20]]);
});

test('what is refused of a request is refused as everywhere, and nothing of it stays', async () => {
  const engine = await Engine.open(await published(SHOP, Date.now() - 1_000), keyRing);
  const refused = (error) => error instanceof CounterfoilError && error.code === 'field_missing' && error.at.pointer === '/lines';
  await assert.rejects(preview(engine, { currency: 'EUR' }), (error) => assert.deepEqual([error.code, error.at?.pointer], ['field_missing', '/lines']) ?? true);
  assert.throws(() => engine.quote({ currency: 'EUR' }), refused);
  assert.equal((await preview(engine, REQUEST)).quote.total, 1800);
});
