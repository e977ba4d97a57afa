// The official SDK of Voucherify, unmodified: its server side in Node against the worker on workerd.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import voucherify from '@voucherify/sdk';
import { keysOf, startProjects } from './voucherify/project.mjs';
import { SERVER_METHODS, witnessed } from './voucherify/sdk_methods.mjs';

const { VoucherifyServerSide } = voucherify;

const keys = ['vouchers', 'redemptions', 'promotions', 'people', 'loyalty', 'rows', 'race'].map(keysOf);
let worker;
before(async () => {
  worker = await startProjects(keys);
});
after(() => worker.stop());

const sdkOf = (id, more = {}) => {
  const { appId, appToken } = keysOf(id);
  return witnessed(VoucherifyServerSide({ apiUrl: worker.url, applicationId: appId, secretKey: appToken, ...more }), called);
};

/** What this suite called so far. */
const called = new Set();

const percent = (code, percent_off, more = {}) => ({ code, type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off }, ...more });
const amount = (code, amount_off, more = {}) => ({ code, type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off }, ...more });
const voucher = (id) => ({ object: 'voucher', id });
const refused = (code, key) => (error) => {
  assert.deepEqual([error.code, error.key], [code, key], `${error.message}: ${error.details}`);
  assert.match(error.request_id, /^v-/);
  return true;
};

describe('vouchers', () => {
  let sdk;
  before(async () => {
    sdk = sdkOf('vouchers');
    await sdk.vouchers.create(percent('TEN', 10, { redemption: { quantity: 2 } }));
  });

  test('keys that are wrong', async () => {
    const stranger = sdkOf('vouchers', { secretKey: 'wrong' });
    await assert.rejects(stranger.vouchers.get('TEN'), refused(401, 'unauthorized'));
  });

  test('create, get', async () => {
    const made = await sdk.vouchers.create(amount('A B/C%', 700, { metadata: { from: 'letter' }, additional_info: 'note' }));
    assert.deepEqual([made.code, made.object, made.type, made.active], ['A B/C%', 'voucher', 'DISCOUNT_VOUCHER', true]);
    assert.match(made.id, /^v_/);
    assert.deepEqual([made.discount.type, made.discount.amount_off], ['AMOUNT', 700]);
    assert.deepEqual([made.redemption.redeemed_quantity, made.metadata.from], [0, 'letter']);
    const read = await sdk.vouchers.get('A B/C%');
    assert.deepEqual([read.id, read.code, read.created_at], [made.id, made.code, made.created_at]);
    await assert.rejects(sdk.vouchers.get('a b/c%'), refused(404, 'not_found'));
  });

  test('create draws a code where none is given', async () => {
    const made = await sdk.vouchers.create({ type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 1 }, code_config: { pattern: 'X-####', charset: '0123456789' } });
    assert.match(made.code, /^X-\d{4}$/);
  });

  test('a code that is taken', async () => {
    await assert.rejects(sdk.vouchers.create(amount('TEN', 1)), refused(409, 'duplicate_found'));
    assert.equal((await sdk.vouchers.get('TEN')).discount.percent_off, 10);
  });

  test('update', async () => {
    await sdk.vouchers.create(amount('LATER', 100, { metadata: { a: 1 } }));
    const changed = await sdk.vouchers.update({ code: 'LATER', expiration_date: '2020-01-01T00:00:00.000Z', metadata: { b: 2 } });
    assert.deepEqual([changed.expiration_date, changed.metadata], ['2020-01-01T00:00:00.000Z', { a: 1, b: 2 }]);
    const { valid, reason, error } = await sdk.validations.validateVoucher('LATER', { order: { amount: 1000 } });
    assert.deepEqual([valid, reason, error.key], [false, 'voucher expired', 'voucher_expired']);
  });

  test('delete', async () => {
    await sdk.vouchers.create(amount('GONE', 100));
    await sdk.vouchers.delete('GONE', { force: true });
    await assert.rejects(sdk.vouchers.get('GONE'), refused(404, 'not_found'));
    await assert.rejects(sdk.vouchers.delete('GONE'), refused(404, 'not_found'));
  });

  test('list', async () => {
    const { vouchers, total } = await sdk.vouchers.list({ limit: 100, order: 'created_at' });
    assert.equal(vouchers[0].code, 'TEN');
    assert.equal(total, vouchers.length);
    const one = await sdk.vouchers.list({ limit: 1 });
    assert.deepEqual([one.vouchers.length, one.total], [1, total]);
    const filtered = await sdk.vouchers.list({ filters: { code: { conditions: { $is: ['TEN'] } } } });
    assert.deepEqual(filtered.vouchers.map(({ code }) => code), ['TEN']);
  });

  test('enable, disable', async () => {
    assert.equal((await sdk.vouchers.disable('TEN')).active, false);
    const { valid, reason, error } = await sdk.validations.validate('TEN', { order: { amount: 1000 } });
    assert.deepEqual([valid, reason, error.key, error.details], [false, 'voucher is disabled', 'voucher_disabled', 'TEN']);
    assert.equal((await sdk.vouchers.enable('TEN')).active, true);
    assert.equal((await sdk.validations.validate('TEN', { order: { amount: 1000 } })).valid, true);
  });

  test('balance.create', async () => {
    await sdk.vouchers.create({ code: 'GIFT', type: 'GIFT_VOUCHER', gift: { amount: 5000 } });
    const added = await sdk.vouchers.balance.create('GIFT', { amount: 2500 });
    assert.deepEqual([added.amount, added.balance, added.type, added.object], [2500, 7500, 'gift_voucher', 'balance']);
    assert.equal((await sdk.vouchers.get('GIFT')).gift.balance, 7500);
    const paid = await sdk.redemptions.redeem('GIFT', { order: { amount: 3000 }, gift: { credits: 1000 } });
    assert.deepEqual([paid.amount, paid.order.total_amount, paid.voucher.gift.balance], [1000, 2000, 6500]);
    await assert.rejects(sdk.redemptions.redeem('GIFT', { order: { amount: 9000 }, gift: { credits: 7000 } }), refused(400, 'gift_amount_exceeded'));
    assert.equal((await sdk.vouchers.get('GIFT')).gift.balance, 6500);
  });

  test('releaseValidationSession', async () => {
    await sdk.vouchers.create(amount('ONE', 100, { redemption: { quantity: 1 } }));
    const order = { amount: 1000 };
    const held = await sdk.validations.validateVoucher('ONE', { order, session: { type: 'LOCK', key: 'mine', ttl: 1, ttl_unit: 'HOURS' } });
    assert.deepEqual([held.valid, held.session.key], [true, 'mine']);
    const other = await sdk.validations.validateVoucher('ONE', { order });
    assert.deepEqual([other.valid, other.error.key], [false, 'quantity_exceeded']);
    await sdk.vouchers.releaseValidationSession('ONE', 'mine');
    assert.equal((await sdk.validations.validateVoucher('ONE', { order })).valid, true);
  });

  test('qualifications.examine', async () => {
    const { data, total, object } = await sdk.vouchers.qualifications.examine({ order: { amount: 1000 } }, { audienceRulesOnly: true });
    assert.equal(object, 'list');
    assert.equal(total, data.length);
    const codes = data.map(({ code, id }) => code ?? id);
    assert.ok(codes.includes('TEN'), codes.join());
    assert.ok(!codes.includes('LATER'), 'it is expired');
  });

  test('campaigns.create, get, list', async () => {
    const config = { type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 100 }, code_config: { prefix: 'S-', length: 6 } };
    const made = await sdk.campaigns.create({ name: 'Summer', campaign_type: 'DISCOUNT_COUPONS', type: 'STATIC', vouchers_count: 3, voucher: config });
    assert.deepEqual([made.name, made.object, made.campaign_type], ['Summer', 'campaign', 'DISCOUNT_COUPONS']);
    assert.equal((await sdk.campaigns.get('Summer')).id, made.id);
    assert.ok((await sdk.campaigns.list()).campaigns.some(({ id }) => id === made.id));
    const { vouchers, total } = await sdk.vouchers.list({ campaign: 'Summer' });
    assert.equal(total, 3);
    for (const { code, campaign_id } of vouchers) assert.deepEqual([code.startsWith('S-'), campaign_id], [true, made.id]);
    assert.equal(new Set(vouchers.map(({ code }) => code)).size, 3);
    await sdk.campaigns.addCertainVoucher('Summer', 'S-GIVEN');
    assert.equal((await sdk.validations.validate('S-GIVEN', { order: { amount: 1000 } })).order.total_amount, 900);
  });
});

describe('validations and redemptions', () => {
  let sdk;
  before(async () => {
    sdk = sdkOf('redemptions');
    await sdk.vouchers.create(percent('TEN', 10, { redemption: { quantity: 2 } }));
    await sdk.vouchers.create(amount('FIVER', 500));
  });

  test('validateVoucher, validate(code), validate(object)', async () => {
    const one = await sdk.validations.validateVoucher('TEN', { order: { amount: 9995 } });
    assert.deepEqual([one.valid, one.order.total_discount_amount, one.order.total_amount], [true, 1000, 8995]);
    const same = await sdk.validations.validate('TEN', { order: { amount: 9995 } });
    assert.deepEqual(same.order, one.order);
    await assert.rejects(sdk.validations.validate('NOBODY', {}), refused(404, 'not_found'));
    const { valid, promotions } = await sdk.validations.validate({ order: { amount: 1000 } });
    assert.deepEqual([valid, promotions ?? []], [false, []]);
  });

  test('validateStackable', async () => {
    const { valid, redeemables, order, stacking_rules } = await sdk.validations.validateStackable({
      redeemables: [voucher('TEN'), voucher('FIVER')],
      order: { amount: 10000 },
    });
    assert.equal(valid, true);
    assert.deepEqual(redeemables.map((row) => [row.id, row.status, row.order.applied_discount_amount, row.order.total_amount]), [
      ['TEN', 'APPLICABLE', 1000, 9000],
      ['FIVER', 'APPLICABLE', 500, 8500],
    ]);
    assert.deepEqual([order.total_amount, order.total_applied_discount_amount], [8500, 1500]);
    assert.equal(stacking_rules.redeemables_limit, 30);
    const none = await sdk.validations.validateStackable({ redeemables: [voucher('NOBODY'), voucher('TEN')], order: { amount: 1 } });
    assert.deepEqual([none.valid, none.redeemables.map(({ status }) => status)], [false, ['INAPPLICABLE', 'SKIPPED']]);
  });

  test('redeem until there is no more, get, list, getForVoucher', async () => {
    const customer = { source_id: 'ann' };
    const first = await sdk.redemptions.redeem('TEN', { customer, order: { amount: 1000 }, metadata: { till: 3 } });
    assert.deepEqual([first.result, first.object, first.order.status, first.order.total_amount], ['SUCCESS', 'redemption', 'PAID', 900]);
    assert.equal(first.voucher.redemption.redeemed_quantity, 1);
    const second = await sdk.redemptions.redeem('TEN', { customer, order: { amount: 2000 } });
    assert.equal(second.voucher.redemption.redeemed_quantity, 2);
    await assert.rejects(sdk.redemptions.redeem('TEN', { customer, order: { amount: 2000 } }), refused(400, 'quantity_exceeded'));
    const read = await sdk.redemptions.get(first.id);
    assert.deepEqual([read.id, read.metadata.till, read.customer_id], [first.id, 3, first.customer_id]);
    assert.match(first.customer_id, /^cust_/);
    const failures = await sdk.redemptions.list({ result: 'FAILURE' });
    assert.deepEqual(failures.redemptions.map(({ failure_code }) => failure_code), ['quantity_exceeded']);
    const hers = await sdk.redemptions.list({ customer: first.customer_id, result: 'SUCCESS', order: 'created_at' });
    assert.deepEqual(hers.redemptions.map(({ id }) => id), [first.id, second.id]);
    const counted = await sdk.redemptions.getForVoucher('TEN');
    assert.deepEqual([counted.quantity, counted.redeemed_quantity], [2, 2]);
    assert.ok(counted.redemption_entries.some(({ id }) => id === second.id));
  });

  test('rollback by reason and by object, once', async () => {
    const [first, second] = (await sdk.redemptions.list({ result: 'SUCCESS', order: 'created_at' })).redemptions;
    const back = await sdk.redemptions.rollback(first.id, 'came back');
    assert.deepEqual([back.object, back.result, back.reason, back.redemption], ['redemption_rollback', 'SUCCESS', 'came back', first.id]);
    assert.equal((await sdk.vouchers.get('TEN')).redemption.redeemed_quantity, 1);
    const other = await sdk.redemptions.rollback(second.id, { reason: 'broken', tracking_id: 'ann', customer: { source_id: 'ann' } });
    assert.equal(other.reason, 'broken');
    assert.equal((await sdk.vouchers.get('TEN')).redemption.redeemed_quantity, 0);
    await assert.rejects(sdk.redemptions.rollback(first.id, 'again'), refused(400, 'already_rolled_back'));
    assert.equal((await sdk.vouchers.get('TEN')).redemption.redeemed_quantity, 0);
  });

  test('redeemStackable and rollbackStackable', async () => {
    const { redemptions, parent_redemption, order } = await sdk.redemptions.redeemStackable({
      redeemables: [voucher('TEN'), voucher('FIVER')],
      order: { amount: 10000 },
      customer: { source_id: 'bea' },
    });
    assert.deepEqual(redemptions.map(({ result, redemption }) => [result, redemption]), [
      ['SUCCESS', parent_redemption.id],
      ['SUCCESS', parent_redemption.id],
    ]);
    assert.deepEqual([order.total_amount, order.status], [8500, 'PAID']);
    await assert.rejects(sdk.redemptions.rollback(redemptions[0].id), refused(400, 'invalid_redemption_parent'));
    await assert.rejects(sdk.redemptions.rollback(parent_redemption.id), refused(400, 'invalid_redemption'));
    const back = await sdk.redemptions.rollbackStackable(parent_redemption.id, {}, { reason: 'came back' });
    assert.equal(back.rollbacks.length, 2);
    assert.equal(back.parent_rollback.result, 'SUCCESS');
    assert.deepEqual([back.order.status, back.order.total_amount], ['CANCELED', 10000]);
    assert.equal((await sdk.vouchers.get('TEN')).redemption.redeemed_quantity, 0);
  });

  test('qualifications.checkEligibility', async () => {
    const { redeemables } = await sdk.qualifications.checkEligibility({ scenario: 'ALL', order: { amount: 10000 } });
    const totals = Object.fromEntries(redeemables.data.map(({ id, order }) => [id, order.total_amount]));
    assert.deepEqual(totals, { TEN: 9000, FIVER: 9500 });
    const best = await sdk.qualifications.checkEligibility({ scenario: 'ALL', order: { amount: 10000 }, options: { limit: 1, sorting_rule: 'BEST_DEAL' } });
    assert.deepEqual([best.redeemables.data.map(({ id }) => id), best.redeemables.has_more], [['TEN'], true]);
  });
});

test('limits are exact under concurrency', async () => {
  const sdk = sdkOf('race');
  await sdk.vouchers.create(percent('FEW', 10, { redemption: { quantity: 5 } }));
  await sdk.vouchers.create({ code: 'CARD', type: 'GIFT_VOUCHER', gift: { amount: 1000 } });
  const attempts = await Promise.allSettled(Array.from({ length: 24 }, () => sdk.redemptions.redeem('FEW', { order: { amount: 1000 } })));
  assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 5);
  for (const { reason } of attempts.filter(({ status }) => status === 'rejected')) assert.equal(reason.key, 'quantity_exceeded');
  assert.equal((await sdk.vouchers.get('FEW')).redemption.redeemed_quantity, 5);
  const payments = await Promise.allSettled(
    Array.from({ length: 12 }, () => sdk.redemptions.redeem('CARD', { order: { amount: 300 }, gift: { credits: 300 } })),
  );
  assert.equal(payments.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.equal((await sdk.vouchers.get('CARD')).gift.balance, 100);
});

describe('promotions', () => {
  let sdk;
  let campaign;
  let tier;
  before(async () => {
    sdk = sdkOf('promotions');
    campaign = await sdk.promotions.create({ name: 'Spring', campaign_type: 'PROMOTION', promotion: { tiers: [] } });
    const discount = { type: 'PERCENT', percent_off: 20, effect: 'APPLY_TO_ORDER' };
    tier = await sdk.promotions.tiers.create(campaign.id, { name: 'a fifth', banner: '20%', action: { discount }, hierarchy: 1, active: true });
    const rule = await sdk.validationRules.create({ name: 'from 50', rules: { 1: { name: 'order.amount', conditions: { $more_than: [5000] } }, logic: '1' } });
    await sdk.validationRules.createAssignment(rule.id, { related_object_type: 'promotion_tier', related_object_id: tier.id });
    await sdk.promotions.tiers.create(campaign.id, { name: 'over', action: { discount }, hierarchy: 2, active: true, expiration_date: '2020-01-01T00:00:00Z' });
  });

  test('validate', async () => {
    const { valid, promotions } = await sdk.promotions.validate({ order: { amount: 6000 } });
    assert.deepEqual([valid, promotions.map(({ id, name, banner }) => [id, name, banner])], [true, [[tier.id, 'a fifth', '20%']]]);
    assert.equal(promotions[0].order.total_amount, 4800);
    assert.deepEqual((await sdk.promotions.validate({ order: { amount: 5000 } }, { code: campaign.id })).promotions ?? [], []);
  });

  test('a campaign is told with its tiers', async () => {
    assert.deepEqual((await sdk.campaigns.get(campaign.id)).promotion.tiers.map(({ name }) => name).sort(), ['a fifth', 'over']);
    const action = { discount: { type: 'PERCENT', percent_off: 5, effect: 'APPLY_TO_ORDER' } };
    const created = await sdk.promotions.create({ name: 'With tiers', campaign_type: 'PROMOTION', promotion: { tiers: [{ name: 'first', action, active: false }] } });
    assert.deepEqual(created.promotion.tiers.map(({ name, campaign_id }) => [name, campaign_id]), [['first', created.id]]);
    await sdk.campaigns.delete(created.id);
  });

  test('tiers.listAll, tiers.list, tiers.get', async () => {
    const all = await sdk.promotions.tiers.listAll();
    assert.equal(all.tiers.length, 2);
    const open = await sdk.promotions.tiers.listAll({ is_available: true });
    assert.deepEqual(open.tiers.map(({ id }) => id), [tier.id]);
    const { tiers } = await sdk.promotions.tiers.list(campaign.id);
    assert.deepEqual(tiers.map(({ name }) => name).sort(), ['a fifth', 'over']);
    assert.equal((await sdk.promotions.tiers.get(tier.id)).campaign.id, campaign.id);
  });

  test('tiers.redeem', async () => {
    const redeemed = await sdk.promotions.tiers.redeem(tier.id, { order: { amount: 6000 }, customer: { source_id: 'ann' } });
    assert.deepEqual([redeemed.result, redeemed.order.total_amount], ['SUCCESS', 4800]);
    assert.equal(redeemed.promotion_tier.id, tier.id);
    await assert.rejects(sdk.promotions.tiers.redeem(tier.id, { order: { amount: 5000 } }), refused(400, 'order_rules_violated'));
  });

  test('stack.list', async () => {
    const stack = await sdk.promotions.stack.createInCampaign(campaign.id, { name: 'both', tiers: { ids: [tier.id], hierarchy_mode: 'MANUAL' } });
    const { data, total } = await sdk.promotions.stack.list();
    assert.deepEqual([data.map(({ id, name }) => [id, name]), total], [[[stack.id, 'both']], 1]);
    const { redeemables, order } = await sdk.validations.validateStackable({ redeemables: [{ object: 'promotion_stack', id: stack.id }], order: { amount: 6000 } });
    assert.deepEqual([redeemables.map(({ id }) => id), order.total_amount], [[tier.id], 4800]);
  });
});

describe('customers, publications, orders', () => {
  let sdk;
  before(() => {
    sdk = sdkOf('people');
  });

  test('customers.create, get, update', async () => {
    const made = await sdk.customers.create({ source_id: 'ann', name: 'Ann', metadata: { vip: true }, address: { city: 'Ulm' } });
    assert.match(made.id, /^cust_/);
    for (const name of ['ann', made.id]) assert.equal((await sdk.customers.get(name)).name, 'Ann');
    const changed = await sdk.customers.update({ source_id: 'ann', email: 'ann@shop.example', metadata: { size: 'M' }, address: { country: 'DE' } });
    assert.deepEqual([changed.id, changed.name, changed.metadata, changed.address], [made.id, 'Ann', { vip: true, size: 'M' }, { city: 'Ulm', country: 'DE' }]);
    await assert.rejects(sdk.customers.get('nobody'), refused(404, 'not_found'));
  });

  test('publications.create, list; customers.listRedeemables', async () => {
    await sdk.vouchers.create(amount('HERS', 100));
    const published = await sdk.distributions.publications.create({ voucher: 'HERS', customer: { source_id: 'ann' }, channel: 'mail' });
    assert.deepEqual([published.object, published.voucher.code, published.channel], ['publication', 'HERS', 'mail']);
    const ann = await sdk.customers.get('ann');
    assert.equal(published.customer_id, ann.id);
    const { publications, total } = await sdk.distributions.publications.list({ customer: ann.id });
    assert.deepEqual([publications.map(({ id }) => id), total], [[published.id], 1]);
    const { data } = await sdk.customers.listRedeemables(ann.id);
    assert.deepEqual(data.map(({ redeemable_object, customer_id, redeemable }) => [redeemable_object, customer_id, redeemable.voucher.code]), [['voucher', ann.id, 'HERS']]);
    assert.equal((await sdk.vouchers.get('HERS')).holder_id, ann.id);
    const bea = { source_id: 'bea' };
    await assert.rejects(sdk.distributions.publications.create({ voucher: 'HERS', customer: bea }), refused(400, 'voucher_already_published'));
  });

  test('segments.list', async () => {
    const ann = await sdk.customers.get('ann');
    const ulm = await sdk.segments.create({ name: 'Ulm', type: 'passive', filter: { junction: 'and', 'address.city': { conditions: { $is: ['Ulm'] } } } });
    await sdk.segments.create({ name: 'Rome', type: 'passive', filter: { junction: 'and', 'address.city': { conditions: { $is: ['Rome'] } } } });
    const { data } = await sdk.segments.list(ann.id);
    assert.deepEqual(data.map(({ id }) => id), [ulm.id]);
  });

  test('orders.create, update, get', async () => {
    await sdk.products.create({ source_id: 'mug', name: 'Mug', price: 1000 });
    const made = await sdk.orders.create({
      source_id: 'order-1',
      status: 'CREATED',
      customer: { source_id: 'ann' },
      items: [{ source_id: 'mug', related_object: 'product', quantity: 3 }],
    });
    assert.deepEqual([made.object, made.status, made.amount, made.total_amount], ['order', 'CREATED', 3000, 3000]);
    assert.equal(made.customer_id ?? made.customer?.id, (await sdk.customers.get('ann')).id);
    const changed = await sdk.orders.update({ id: made.id, status: 'PAID', metadata: { desk: 2 } });
    assert.deepEqual([changed.id, changed.status, changed.amount, changed.metadata.desk], [made.id, 'PAID', 3000, 2]);
    for (const name of [made.id, 'order-1']) assert.equal((await sdk.orders.get(name)).status, 'PAID');
  });
});

describe('loyalty', () => {
  let sdk;
  let club;
  let card;
  before(async () => {
    sdk = sdkOf('loyalty');
    club = await sdk.loyalties.create({
      name: 'Club',
      type: 'AUTO_UPDATE',
      voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 0 }, code_config: { prefix: 'CARD-', length: 8 } },
    });
    await sdk.loyalties.createEarningRule(club.id, [
      { event: 'order.paid', active: true, loyalty: { type: 'PROPORTIONAL', calculation_type: 'ORDER_AMOUNT', order: { amount: { every: 100, points: 1 } } } },
      { event: 'quiz', active: true, loyalty: { type: 'FIXED', points: 25 } },
    ]);
    card = await sdk.loyalties.createMember(club.id, { customer: { source_id: 'ann' }, metadata: { desk: 1 } });
  });
  const balance = async () => (await sdk.loyalties.getMember(club.id, card.code)).loyalty_card.balance;

  test('createMember, getMember', async () => {
    assert.match(card.code, /^CARD-/);
    assert.deepEqual([card.type, card.loyalty_card.balance, card.campaign_id], ['LOYALTY_CARD', 0, club.id]);
    const read = await sdk.loyalties.getMember(null, card.code);
    assert.deepEqual([read.id, read.holder_id], [card.id, (await sdk.customers.get('ann')).id]);
    await assert.rejects(sdk.loyalties.getMember(club.id, 'NOBODY'), refused(404, 'not_found'));
  });

  test('listEarningRules', async () => {
    const { data, total } = await sdk.loyalties.listEarningRules(club.id, { order: 'created_at' });
    assert.deepEqual([data.map(({ event }) => event), total], [['order.paid', 'quiz'], 2]);
  });

  test('points by a paid order, by an event, by hand', async () => {
    await sdk.orders.create({ status: 'PAID', amount: 10050, customer: { source_id: 'ann' } });
    assert.equal(await balance(), 100);
    const event = await sdk.events.create('quiz', { customer: { source_id: 'ann' }, metadata: { score: 9 } });
    assert.equal(event.object, 'event');
    assert.equal(await balance(), 125);
    const added = await sdk.loyalties.addPoints(club.id, card.code, { points: 50 });
    assert.deepEqual([added.points, added.balance, added.type, added.object], [50, 175, 'loyalty_card', 'balance']);
    const taken = await sdk.loyalties.addOrRemoveCardBalance(card.code, { points: -25 }, club.id);
    assert.equal(taken.balance, 150);
    await assert.rejects(sdk.loyalties.addOrRemoveCardBalance(card.code, { points: -151 }), (error) => error.code === 400);
    assert.equal(await balance(), 150);
  });

  test('redeemReward', async () => {
    const coin = await sdk.rewards.create({ name: 'Money', type: 'COIN', parameters: { coin: { exchange_ratio: 1, points_ratio: 10 } } });
    await sdk.loyalties.createRewardAssignments(club.id, [{ reward: coin.id }]);
    const paid = await sdk.loyalties.redeemReward(club.id, card.code, { reward: { id: coin.id, points: 100 }, order: { amount: 5000 } });
    assert.deepEqual([paid.result, paid.amount, paid.order.total_amount], ['SUCCESS', 100, 4000]);
    assert.equal(paid.loyalty_card.points, 100);
    // no customer is named, so nobody earns points by this order
    assert.equal(await balance(), 50);
    const much = { reward: { id: coin.id, points: 1000 }, order: { amount: 50000 } };
    await assert.rejects(sdk.loyalties.redeemReward(club.id, card.code, much), refused(400, 'loyalty_card_points_exceeded'));
    assert.equal(await balance(), 50);
  });
});

describe('what a project keeps', () => {
  let sdk;
  before(() => {
    sdk = sdkOf('rows');
  });

  test('products.get', async () => {
    const made = await sdk.products.create({ name: 'Mug', source_id: 'mug', price: 1000, attributes: ['colour'] });
    for (const name of ['mug', made.id]) assert.deepEqual((await sdk.products.get(name)).price, 1000);
  });

  test('productCollections.get', async () => {
    const { id } = await sdk.products.get('mug');
    const made = await sdk.productCollections.create({ type: 'STATIC', name: 'mugs', products: [{ id, object: 'product' }] });
    const read = await sdk.productCollections.get(made.id);
    assert.deepEqual([read.name, read.products], ['mugs', [{ id, object: 'product' }]]);
    const { data, total } = await sdk.productCollections.listProducts(made.id);
    assert.deepEqual([total, data.map(({ name }) => name)], [1, ['Mug']]);
  });

  test('rewards.get', async () => {
    const made = await sdk.rewards.create({ name: 'Mug', type: 'MATERIAL', parameters: { product: { id: 'prod_1' } } });
    assert.deepEqual((await sdk.rewards.get(made.id)).parameters.product.id, 'prod_1');
  });

  test('categories.list', async () => {
    await sdk.categories.create({ name: 'winter', hierarchy: 1 });
    const { data, total } = await sdk.categories.list();
    assert.deepEqual([data.map(({ name, hierarchy, object }) => [name, hierarchy, object]), total], [[['winter', 1, 'category']], 1]);
  });

  test('validationRules.list', async () => {
    const made = await sdk.validationRules.create({ name: 'big', rules: { 1: { name: 'order.amount', conditions: { $more_than: [1] } } } });
    const { data, total } = await sdk.validationRules.list();
    assert.deepEqual([data.map(({ id, name }) => [id, name]), total], [[[made.id, 'big']], 1]);
  });
});

test('every method that shops lean on was called', () => {
  assert.deepEqual(SERVER_METHODS.filter((name) => !called.has(name)), []);
});
