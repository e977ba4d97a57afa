// An export of a project of Voucherify, of any size: offers of every kind, and vouchers that say the same as their campaign, or other
// times, limits, holders and discounts. The same sizes give the same export.

/** Whole numbers below `most`, by chance. */
function chance(seed) {
  let state = seed >>> 0;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % most;
  };
}

const day = (number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString();
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** What discounts take off, by the number of the offer. */
const DISCOUNTS = [
  (any) => ({ type: 'PERCENT', percent_off: 1 + any(60), effect: 'APPLY_TO_ORDER' }),
  (any) => ({ type: 'PERCENT', percent_off: 1 + any(60), amount_limit: 500 + any(5_000), effect: 'APPLY_TO_ITEMS' }),
  (any) => ({ type: 'AMOUNT', amount_off: 100 + any(4_000), effect: 'APPLY_TO_ORDER' }),
  (any) => ({ type: 'AMOUNT', amount_off: 100 + any(900), effect: 'APPLY_TO_ITEMS_BY_QUANTITY' }),
  (any) => ({ type: 'FIXED', fixed_amount: 1_000 + any(9_000), effect: 'APPLY_TO_ORDER' }),
  (any) => ({ type: 'UNIT', unit_off: 1 + any(3), unit_type: `prod_${any(2_000)}`, effect: 'ADD_NEW_ITEMS' }),
];

/** Rules that conditions ask. */
const RULES = [
  (any) => ({ name: 'order.amount', conditions: { $more_than_or_equal: [1_000 + any(20_000)] } }),
  (any) => ({ name: 'order.items.count', conditions: { $more_than: [any(5)] } }),
  (any) => ({ name: 'customer.segment', conditions: { $is: [`seg_${any(30)}`] } }),
  () => ({ name: 'customer.metadata', property: 'tier', conditions: { $is: ['gold'] } }),
  (any) => ({ name: 'product.id', conditions: { $is: [{ id: `prod_${any(2_000)}`, object: 'product' }] } }),
  (any) => ({ name: 'order.items.any', conditions: { $is: [{ id: `pc_${any(40)}`, object: 'products_collection' }] } }),
];

/**
 * The offers, by the lists of an export.
 * @param {{ campaigns: number, seed?: number }} size
 */
export function offers({ campaigns: count, seed = 1 }) {
  const any = chance(seed);
  const lists = {
    campaigns: [], validation_rules: [], validation_rules_assignments: [], earning_rules: [], loyalty_tiers: [], rewards: [],
    reward_assignments: [], categories: [], segments: [], product_collections: [], products: [],
  };
  for (let at = 0; at < 20; at += 1) lists.categories.push({ id: `cat_${at}`, object: 'category', name: `Category ${at}`, hierarchy: at });
  for (let at = 0; at < 30; at += 1) {
    const filter = { junction: 'and', 'metadata.sport': { conditions: { $is: [`sport ${at}`] } } };
    lists.segments.push({ id: `seg_${at}`, object: 'segment', name: `Segment ${at}`, type: 'auto-update', filter });
  }
  for (let at = 0; at < 40; at += 1) {
    const products = Array.from({ length: 1 + any(5) }, () => ({ id: `prod_${any(2_000)}`, object: 'product' }));
    lists.product_collections.push({ id: `pc_${at}`, object: 'products_collection', name: `Collection ${at}`, type: 'STATIC', products });
  }
  for (let at = 0; at < 2_000; at += 1) lists.products.push({ id: `prod_${at}`, object: 'product', name: `Product ${at}`, price: 100 + any(9_900) });
  for (let at = 0; at < count; at += 1) lists.campaigns.push(campaign(at, any, lists));
  return lists;
}

function campaign(at, any, lists) {
  const id = `camp_${at}`;
  const shared = { id, object: 'campaign', name: `Campaign ${at}`, active: any(20) > 0, category_id: `cat_${any(20)}` };
  if (any(3) === 0) Object.assign(shared, { start_date: day(any(200)), expiration_date: day(400 + any(400)) });
  if (any(4) === 0) shared.validity_day_of_week = [1 + any(3), 4 + any(3)];
  if (any(3) === 0) {
    const rule = { id: `val_${at}`, object: 'validation_rules', name: `Rule ${at}`, rules: { 1: RULES[any(RULES.length)](any), logic: '1' } };
    lists.validation_rules.push(rule);
    const assignment = { object: 'validation_rules_assignment', rule_id: rule.id, related_object_id: id, related_object_type: 'campaign' };
    lists.validation_rules_assignments.push({ id: `asgm_${at}`, ...assignment });
  }
  const discount = DISCOUNTS[at % DISCOUNTS.length](any);
  switch (at % 10) {
    case 7:
      return { ...shared, campaign_type: 'GIFT_VOUCHERS', voucher: { type: 'GIFT_VOUCHER', gift: { amount: 1_000 + any(9_000), effect: 'APPLY_TO_ORDER' } } };
    case 8: {
      const points = { type: 'FIXED', points: 1 + any(9) };
      const loyalty = { type: 'PROPORTIONAL', calculation_type: 'ORDER_AMOUNT', order: { amount: { every: 100, points: points.points } } };
      lists.earning_rules.push({ id: `ern_${at}`, object: 'earning_rule', campaign_id: id, event: 'order.paid', loyalty, active: true });
      lists.rewards.push({ id: `rew_${at}`, object: 'reward', name: `Coupon ${at}`, type: 'CAMPAIGN', parameters: { campaign: { id: 'camp_0', type: 'DISCOUNT_COUPONS' } } });
      lists.reward_assignments.push({ id: `rewa_${at}`, object: 'reward_assignment', reward_id: `rew_${at}`, related_object_id: id, related_object_type: 'campaign', parameters: { loyalty: { points: 100 + any(400) } } });
      return { ...shared, campaign_type: 'LOYALTY_PROGRAM', voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 0 } } };
    }
    case 9: {
      const tiers = [0, 1].map((hierarchy) => ({ id: `promo_${at}_${hierarchy}`, object: 'promotion_tier', name: `Tier ${hierarchy}`, hierarchy, action: { discount: DISCOUNTS[any(3)](any) } }));
      return { ...shared, campaign_type: 'PROMOTION', promotion: { tiers } };
    }
    default:
      return { ...shared, campaign_type: 'DISCOUNT_COUPONS', voucher: { type: 'DISCOUNT_VOUCHER', discount } };
  }
}

/** One voucher of the export: most are as their campaign says, some are not. */
export function voucher(at, { campaigns, seed = 1 }) {
  const any = chance(seed * 7_919 + at * 104_729 + 1);
  any(2);
  const number = at.toString().padStart(7, '0');
  const code = `${LETTERS[any(24)]}${LETTERS[any(24)]}-${number}`;
  const shared = { id: `v_${number}`, code, object: 'voucher', active: any(50) > 0, metadata: any(4) === 0 ? { printed: `batch ${any(9)}` } : {} };
  if (any(10) === 0) shared.holder_id = `cust_${any(5_000)}`;
  const times = any(8) === 0 ? { expiration_date: `${day(400 + any(300)).slice(0, 10)}T23:59:59.999Z` } : any(400) === 0 ? { start_date: day(any(100)) } : {};
  if (any(100) === 0) {
    return { ...shared, type: 'DISCOUNT_VOUCHER', discount: DISCOUNTS[any(3)](chance(any(40))), redemption: { quantity: 1 + any(3), redeemed_quantity: any(2) }, ...times };
  }
  const of = any(campaigns);
  const named = { campaign_id: `camp_${of}`, campaign: `Campaign ${of}` };
  switch (of % 10) {
    case 7: {
      const amount = 1_000 + any(9_000);
      return { ...shared, ...named, type: 'GIFT_VOUCHER', gift: { amount, balance: amount - any(1_000), effect: 'APPLY_TO_ORDER' }, redemption: { redeemed_quantity: any(3) }, ...times };
    }
    case 8: {
      const points = any(5_000);
      return { ...shared, ...named, type: 'LOYALTY_CARD', loyalty_card: { points, balance: points }, redemption: { redeemed_quantity: 0 } };
    }
    case 9:
      return voucher(at, { campaigns: campaigns - 1 - any(Math.min(9, campaigns - 1)), seed: seed + 1 });
    default:
      return { ...shared, ...named, type: 'DISCOUNT_VOUCHER', redemption: { quantity: 1, redeemed_quantity: any(2) }, ...times };
  }
}
