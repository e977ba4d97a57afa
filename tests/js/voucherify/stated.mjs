// Cases that are stated without a request: a formula and its value, a date table, a budget over several orders, bundles.
// Each becomes calls whose answers show what the statement says.
import { bundle } from './bundle.mjs';
import { differences } from './compare.mjs';
import { load } from './load.mjs';

/** The member that holds the statement -> what fails of it. */
const BY_MEMBER = { formulas, table, sequence, bundle_case: bundle, buckets };

/** What checks a case that is stated without a request. */
export function statement(given) {
  const member = Object.keys(BY_MEMBER).find((name) => given[name] !== undefined);
  if (member) return BY_MEMBER[member];
  return given.endpoint || given.steps || !given.earning_rules ? undefined : earning;
}

const differs = (what, actual, expected) => (Object.is(actual, expected) ? [] : [`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]);

/** What the project answers to a question that no request of a shop asks. */
const answerTo = (project, question, body) => project.must('POST', `/management/v1/projects/${project.id}/questions/${question}`, body);

/** Formulas and their values. */
async function formulas(project, given) {
  await load(project, given);
  const { formulas: asked, customer, order, metadata, voucher, promotion_tier, now } = given;
  const context = { customer, order, metadata, voucher, promotion_tier, now };
  const { formulas: told } = await answerTo(project, 'formulas', { ...context, formulas: asked.map(({ value, ...each }) => each) });
  return asked.flatMap(({ formula, value }, index) => differs(formula, told[index].value, value));
}

/** Points that are earned on a day, by a rule, and the day on which they go. */
async function table(project, given) {
  const found = [];
  for (const [index, { earned, expiration_rules, expires_at, ...more }] of given.table.entries()) {
    if (!earned || !expiration_rules || !expires_at) return [`no row of a table is known that says ${Object.keys(more)}`];
    const campaign = `camp_table_${index + 1}`;
    project.now = `${earned.slice(0, 10)}T10:00:00.000Z`;
    await load(project, { settings: given.settings, now: project.now });
    await project.must('POST', '/v1/campaigns', {
      id: campaign,
      name: campaign,
      campaign_type: 'LOYALTY_PROGRAM',
      type: 'STATIC',
      voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 0, expiration_rules } },
    });
    const { code } = await project.must('POST', `/v1/loyalties/${campaign}/members`, { customer: { source_id: 'member' } });
    await project.must('POST', `/v1/loyalties/${campaign}/members/${code}/balance`, { points: 100, expiration_type: 'PROGRAM_RULES' });
    const card = await project.must('GET', `/v1/loyalties/${campaign}/members/${code}`);
    found.push(...differs(`points earned on ${earned}: the day they go`, card.loyalty_card.next_expiration_date, expires_at));
  }
  return found;
}

const PRICE = 1000;

/** Units that a budget still has for one order after the other. */
async function sequence(project, given) {
  const { limit, orders } = given.sequence;
  const perTier = Object.keys(limit).some((name) => name.includes('promotion_tier'));
  const isOfSeveral = orders.some(({ units }) => typeof units === 'object');
  const ofCollection = isOfSeveral || Object.keys(limit).some((name) => name.includes('in_collection'));
  const entry = ofCollection ? { object: 'products_collection', id: 'pc_budget' } : { object: 'product', id: 'prod_budget' };
  const named = orders.flatMap(({ units }) => (typeof units === 'object' ? Object.keys(units) : []));
  const products = [...new Set(['budget', ...named])].map((name) => `prod_${name}`);
  const discount = { type: 'PERCENT', percent_off: 100, effect: 'APPLY_TO_ITEMS' };
  const applicable_to = { data: [{ ...entry, effect: 'APPLY_TO_EVERY', ...limit }] };
  const redeemable = perTier ? { object: 'promotion_tier', id: 'promo_budget' } : { object: 'voucher', id: 'BUDGET' };
  await load(project, {
    now: given.now,
    products: products.map((id) => ({ id, price: PRICE })),
    product_collections: [{ id: 'pc_budget', type: 'STATIC', products }],
    campaigns: perTier ? [] : [{ id: 'camp_budget', campaign_type: 'DISCOUNT_COUPONS' }],
    vouchers: perTier ? [] : [{ code: 'BUDGET', type: 'DISCOUNT_VOUCHER', campaign_id: 'camp_budget', discount, applicable_to }],
    promotion_tiers: perTier ? [{ id: 'promo_budget', action: { discount }, applicable_to }] : [],
  });
  const units = [];
  for (const { customer, units: quantity } of orders) {
    const asked = typeof quantity === 'object' ? Object.entries(quantity) : [['budget', quantity]];
    const items = asked.map(([name, units]) => ({ product_id: `prod_${name}`, quantity: units, price: PRICE }));
    const { body } = await project.call('POST', '/v1/redemptions', { redeemables: [redeemable], customer: { source_id: customer }, order: { items } });
    const discounted = asked.map(([name], index) => [name, (body?.order?.items?.[index]?.discount_amount ?? 0) / PRICE]);
    units.push(typeof quantity === 'object' ? Object.fromEntries(discounted) : discounted[0][1]);
  }
  return differences(given.expect.discounted_units, units, 'discounted units');
}

/** Points with days of their own, on a card that pays with some of them: what is left of each. */
async function buckets(project, given) {
  const { buckets: held, spend, redeem, points_used = spend ?? redeem } = given;
  const dayOf = ({ expires_at, expiration_date, expires }) => (expires_at ?? expiration_date ?? expires)?.slice(0, 10);
  const campaign = 'camp_buckets';
  const days = held.map(dayOf).filter(Boolean).sort();
  await load(project, {
    settings: given.settings,
    now: given.now ?? (days[0] && `${days[0]}T00:00:00.000Z`),
    campaigns: [{ id: campaign, campaign_type: 'LOYALTY_PROGRAM' }],
    rewards: [{ id: 'rew_money', type: 'COIN', parameters: { coin: { exchange_ratio: 1, points_ratio: 1 } } }],
  });
  const members = `/v1/loyalties/${campaign}/members`;
  const { code } = await project.must('POST', members, { customer: { source_id: 'member' } });
  for (const bucket of held) {
    const day = dayOf(bucket);
    const expiry = day ? { expiration_type: 'CUSTOM_DATE', expiration_date: day } : { expiration_type: 'NON_EXPIRING' };
    await project.must('POST', `${members}/${code}/balance`, { points: bucket.points ?? bucket.total_points, ...expiry });
  }
  const paid = await project.call('POST', `${members}/${code}/redemption`, { reward: { id: 'rew_money', points: points_used }, order: { amount: 1e9 } });
  const { data } = await project.must('GET', `${members}/${code}/points-expiration?limit=100`);
  const { balance } = (await project.must('GET', `${members}/${code}`)).loyalty_card;
  const onDay = (day) => data.filter(({ expires_at }) => expires_at === day).reduce((sum, { bucket }) => sum + bucket.total_points, 0);
  const forever = balance - data.reduce((sum, { bucket }) => sum + bucket.total_points, 0);
  const left = held.map((bucket) => (dayOf(bucket) ? onDay(dayOf(bucket)) : forever));
  const told = held.map((bucket, index) => ({ ...bucket, left: left[index] }));
  return differences(given.expect, { left, buckets: told, balance, ...(paid.status >= 400 && paid.body) });
}

/** What a member earns: by an order that is paid, or by an event. */
async function earning(project, given) {
  await load(project, given);
  const { earning_rules, order, customer = { source_id: 'member' } } = given;
  const { event: said = given.event ?? 'order.paid', metadata = given.metadata } = typeof given.event === 'object' ? given.event : {};
  const event = said.event ?? said;
  const [program] = (await project.must('GET', '/v1/loyalties')).campaigns;
  const members = `/v1/loyalties/${encodeURIComponent(program.id)}/members`;
  const { code, loyalty_card } = await project.must('POST', members, { customer });
  if (event === 'order.paid') await project.must('POST', '/v1/orders', { ...order, status: 'PAID', customer });
  else await project.must('POST', '/v1/events', { event, customer, metadata, loyalty: { code } });
  const card = await project.must('GET', `${members}/${code}`);
  const points = card.loyalty_card.balance - loyalty_card.balance;
  const { loyalty_card: expected, ...told } = given.expect;
  const isKnown = (name) => /points|earned/.test(name) || name === 'balance';
  const unknown = Object.keys(told).filter((name) => !isKnown(name));
  if (unknown.length > 0) return [`nothing of ${unknown} is known of what ${earning_rules.length} rules earn`];
  return [
    ...Object.entries(told).flatMap(([name, value]) => differs(name, name === 'balance' ? card.loyalty_card.balance : points, value)),
    ...differences(expected ?? {}, card.loyalty_card, 'loyalty_card'),
  ];
}
