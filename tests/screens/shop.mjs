// What stands behind the pages: the demo shop, and a worker whose console has something to show.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN, localWorker } from '../js/local_worker.mjs';
import { openStorefront } from '../js/open_storefront.mjs';
import { newSigner } from '../js/signer.mjs';
import { site } from '../js/site.mjs';

const GOODS = [
  { id: 'harbour-breakfast', unitPrice: 1290, categories: ['tea'] },
  { id: 'lighthouse-espresso', unitPrice: 1490, categories: ['coffee'] },
  { id: 'heron-kettle', unitPrice: 8900, categories: ['tableware'] },
];
const ORDERS = 48;

/** Campaigns of the shop, and an experiment beside them. */
const withExperiment = ({ campaigns, ...document }) => ({
  ...document,
  experiments: [{ id: 'welcome-offer', variants: [{ id: 'ten-percent', weight: 45 }, { id: 'five-off', weight: 45 }], holdOut: 10 }],
  campaigns: [
    ...campaigns,
    { id: 'ten-percent', name: 'Ten percent for the first variant', when: { type: 'variant', experiment: 'welcome-offer', in: ['ten-percent'] }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'five-off', name: 'Five off for the second', when: { type: 'variant', experiment: 'welcome-offer', in: ['five-off'] }, discounts: [{ type: 'amount_off', amount: { EUR: 500 } }] },
    { id: 'launch', name: 'The first five with LAUNCH', codes: ['LAUNCH'], limits: { total: 5, budget: { EUR: 6000 } }, discounts: [{ type: 'percent_off', percent: '20' }] },
  ],
});

async function openConsole(offers) {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-screens-'));
  const signer = await newSigner();
  const settings = { keyRing: signer.keyRing, publisherKey: JSON.stringify(signer.secretKey), assets: await site(), stateDir: join(dir, 'state') };
  const worker = await localWorker(settings);
  const admin = async (method, path, body) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'x-actor': 'Mira' };
    const answer = await worker.at(path, { method, headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${await answer.text()}`);
  };
  await admin('PUT', '/admin/catalogue', withExperiment(offers));
  await admin('POST', '/admin/publish', { allow: ['code_in_id'] });
  for (let at = 0; at < ORDERS; at += 1) {
    const customer = { id: `c-${at % 31}` };
    const lines = [{ ...GOODS[at % 3], quantity: 1 + (at % 4) }];
    const request = { currency: 'EUR', customer, lines, codes: at % 5 === 0 ? ['LAUNCH'] : [] };
    const order = { request, order: `order-${at}`, customer: customer.id, confirm: at % 11 !== 0 };
    const answer = await worker.post('/redemptions', order, { key: `order-${at}` });
    assert.ok([201, 409].includes(answer.status), await answer.text());
  }
  for (const [at, referrer] of ['c-4', 'c-4', 'c-4', 'c-9', 'c-9', 'c-20'].entries()) {
    assert.equal((await worker.post('/referrals', { friend: `friend-${at}`, referrer }, { key: `invited-${at}` })).status, 200);
    if (at !== 4) assert.equal((await worker.post(`/referrals/friend-${at}/convert`, {}, { key: `converted-${at}` })).status, 200);
  }
  const stop = async () => {
    await worker.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { url: worker.url, stop };
}

/** Opens both. */
export async function openAll() {
  const shop = await openStorefront();
  const desk = await openConsole(shop.offers);
  const stop = () => Promise.all([shop.stop(), desk.stop()]);
  return { shop: shop.url, console: desk.url, try: shop.url, stop };
}
