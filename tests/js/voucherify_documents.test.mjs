// What the official SDK of Voucherify writes is told as a campaign document, published, and quoted to the same cent as its own endpoints.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import voucherify from '@voucherify/sdk';
import { ADMIN_TOKEN, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';
import { keysOf } from './voucherify/project.mjs';

const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
const keys = keysOf('shop');

let dir;
let worker;
let sdk;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-documents-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  const signer = await newSigner();
  const secrets = { publisherKey: JSON.stringify(signer.secretKey), pepper: JSON.stringify({ pepper: '5e'.repeat(32) }) };
  worker = await localWorker({ ...signer.granting, ...secrets, voucherify: [keys], assets: join(dir, 'www'), stateDir: join(dir, 'state') });
  sdk = voucherify.VoucherifyServerSide({ apiUrl: worker.url, applicationId: keys.appId, secretKey: keys.appToken });
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const told = async (method, path, body) => {
  const answer = await worker.at(path, { method, headers, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  return { status: answer.status, body: await answer.json() };
};
const must = async (...asked) => {
  const { status, body } = await told(...asked);
  assert.ok(status < 300, `${asked[1]}: ${status} ${JSON.stringify(body)}`);
  return body;
};
const documentOf = (query) => told('GET', `/admin/voucherify/shop/document?${query}`);

test('a project of nothing is a document of nothing', async () => {
  const { status, body } = await documentOf('currency=EUR');
  assert.equal(status, 200);
  assert.deepEqual([body.document.campaigns, body.report], [[], []]);
});

test('promotions, coupons and a loyalty campaign are published as they were written', async () => {
  const rule = await sdk.validationRules.create({
    name: 'From 50.00',
    rules: { 1: { name: 'order.amount', conditions: { $more_than_or_equal: [5_000] } }, logic: '1' },
  });
  const promotion = await sdk.campaigns.create({
    name: 'Spring', campaign_type: 'PROMOTION', type: 'STATIC',
    promotion: { tiers: [{ name: 'Ten', banner: 'Ten off', hierarchy: 1, action: { discount: { type: 'PERCENT', percent_off: 12.5, amount_limit: 900 } } }] },
  });
  const [tier] = promotion.promotion.tiers;
  await sdk.validationRules.createAssignment(rule.id, { promotion_tier: tier.id });
  const coupons = await sdk.campaigns.create({
    name: 'Coupons', campaign_type: 'DISCOUNT_COUPONS', type: 'AUTO_UPDATE', vouchers_count: 0,
    voucher: { type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 333, effect: 'APPLY_TO_ORDER' }, redemption: { quantity: 1 } },
  });
  await sdk.campaigns.addCertainVoucher(coupons.id, 'WELCOME-7Q2M', {});
  const club = await sdk.loyalties.create({
    name: 'Club', type: 'AUTO_UPDATE', voucher: { code_config: {} },
    loyalty_tiers_expiration: { qualification_type: 'BALANCE' },
  });
  await sdk.loyalties.createEarningRule(club.id, [
    { event: 'order.paid', loyalty: { type: 'PROPORTIONAL', calculation_type: 'ORDER_AMOUNT', order: { amount: { every: 100, points: 2 } } }, active: true },
  ]);

  const { status, body } = await documentOf('currency=EUR&timeZone=Europe/Warsaw');
  assert.equal(status, 200, JSON.stringify(body));
  const { document, report } = body;
  assert.deepEqual(document.campaigns.map(({ id }) => id).sort(), [coupons.id, tier.id].sort());
  const ofTier = document.campaigns.find(({ id }) => id === tier.id);
  assert.deepEqual(ofTier.discounts, [{ type: 'percent_off', percent: '12.5', cap: { EUR: 900 } }]);
  assert.deepEqual(ofTier.when, { type: 'subtotal', base: 'running', atLeast: { EUR: 5_000 } });
  assert.equal(ofTier.status, undefined);
  assert.deepEqual(document.loyalty.programmes.map(({ id }) => id), [club.id]);
  for (const { object, id, member, why } of report) assert.ok(object && typeof id === 'string' && typeof member === 'string' && why);
  assert.ok(report.some(({ object, member }) => object === 'promotion_tier' && member === 'banner'), JSON.stringify(report));

  await must('PUT', '/admin/catalogue', document);
  await must('PUT', `/admin/catalogue/campaigns/${coupons.id}/codes`, 'code\nWELCOME-7Q2M\n');
  await must('POST', '/admin/publish', { allow: ['code_in_id', 'code_guessable', 'takes_everything'] });

  for (const cents of [4_999, 5_000, 5_001, 7_333, 20_000]) {
    const order = { amount: cents };
    const { promotions } = await sdk.promotions.validate({ order });
    const quote = async (codes) => (await (await worker.quote({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice: cents, quantity: 1 }] })).json());
    assert.equal((await quote([])).discountTotal, promotions[0]?.order.total_discount_amount ?? 0, `${cents}, by itself`);
    // the snapshot lets what applies by itself go first
    const redeemables = [...(promotions.length > 0 ? [{ object: 'promotion_tier', id: tier.id }] : []), { object: 'voucher', id: 'WELCOME-7Q2M' }];
    const { order: left } = await sdk.validations.validateStackable({ redeemables, order });
    assert.equal((await quote(['WELCOME-7Q2M'])).discountTotal, left.total_discount_amount, `${cents}, with the code`);
  }
});

test('what is asked wrongly is refused with its place', async () => {
  for (const [path, status, code, pointer] of [
    ['/admin/voucherify/shop/document', 422, 'field_missing', '/currency'],
    ['/admin/voucherify/shop/document?currency=euro', 422, 'field_invalid', '/currency'],
    ['/admin/voucherify/shop/document?currency=EUR&timeZone=Mars/North', 422, 'field_invalid', '/timeZone'],
    ['/admin/voucherify/none/document?currency=EUR', 404, 'project_unknown', '/project'],
  ]) {
    const answer = await told('GET', path);
    assert.deepEqual([answer.status, answer.body.code, answer.body.at?.pointer], [status, code, pointer], JSON.stringify(answer.body));
  }
  const unasked = await worker.at('/admin/voucherify/shop/document?currency=EUR');
  assert.equal(unasked.status, 401);
});
