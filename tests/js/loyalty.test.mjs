// `counterfoil/loyalty` beside a storefront's engine: it knows all that the engine has taken. What it previews of the corpus,
// `histories.mjs` compares in every host.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { CounterfoilError, Engine } from 'counterfoil';
import { preview } from 'counterfoil/loyalty';
import { Engine as Workshop, compile, keygen, sign } from 'counterfoil/workshop';

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
