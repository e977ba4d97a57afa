// A snapshot that a later version of counterfoil has published: a worker that cannot read all of it does not take it, and a page is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Engine } from 'counterfoil';
import { assertRefused } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const percent = (id, of) => ({ id, discounts: [{ type: 'percent_off', percent: of }] });
const documents = { campaigns: [percent('ten', '10'), percent('later', '20')] };
const cart = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }] };

let shop;
before(async () => {
  shop = await openShop({ campaigns: [percent('ten', '10')] });
});
after(() => shop?.stop());

/** The snapshot with one byte of the campaign `later` changed so that nobody knows what it means, and the engine of a page. */
async function ofLaterVersion() {
  for (let after = 0; after < 64; after += 1) {
    const changed = (section) => section.with(Buffer.from(section).lastIndexOf('later') + 5 + after, 0x7f);
    const bytes = await shop.signer.snapshot(documents, 2, changed);
    const engine = await Engine.open(bytes, JSON.parse(shop.signer.keyRing)).catch(() => undefined);
    if (engine?.snapshot.setAside.length === 1) return { bytes, engine };
  }
  throw new Error('every byte means something');
}

test('a page is told, and prices by the campaigns that it knows', async () => {
  const { engine } = await ofLaterVersion();
  const [{ code, severity, fixBy, at }] = engine.snapshot.setAside;
  assert.deepEqual([code, severity, fixBy, at.pointer], ['kind_unknown', 'warning', 'developer', '/sections/campaigns/records/0']);
  assert.equal(engine.quote(cart).total, 900);
});

test('a worker takes only what it can read, and goes on with what it has', async () => {
  const { bytes } = await ofLaterVersion();
  const problem = await assertRefused(await shop.put(bytes), 422, 'kind_unknown');
  assert.equal(problem.diagnostics.length, 1);
  const quoted = await (await shop.quote(cart)).json();
  assert.equal(quoted.total, 900);
});
