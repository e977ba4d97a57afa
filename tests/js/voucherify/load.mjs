// Puts what a case holds into a project, by the endpoints that anybody would use for it.

const PROMOTIONS = 'camp_case_promotions';
const LOYALTY = 'camp_case_loyalty';

/** @param project of `projectAt`; @param given the case */
export async function load(project, given) {
  project.now = time(given.now);
  await project.must('PUT', `/management/v1/projects/${project.id}`, settingsOf(given));
  for (const schema of given.metadata_schemas ?? []) {
    await project.must('POST', `/management/v1/projects/${project.id}/metadata-schemas`, schema);
  }
  await catalogue(project, given);
  await customers(project, given);
  const owners = await campaigns(project, given);
  for (const voucher of given.vouchers ?? []) await loadVoucher(project, given, voucher, owners);
  for (const [index, tier] of (given.promotion_tiers ?? []).entries()) {
    const { validation_rule, applicable_to, inapplicable_to, ...row } = tier;
    const campaign = campaignOf(tier) ?? PROMOTIONS;
    await project.must('POST', `/v1/promotions/${encodeURIComponent(campaign)}/tiers`, { name: tier.id, hierarchy: index + 1, active: true, ...row });
    await assign(project, tier, 'promotion_tier', tier.id);
  }
  for (const stack of given.promotion_stacks ?? []) {
    await project.must('POST', `/v1/promotions/${encodeURIComponent(campaignOf(stack) ?? PROMOTIONS)}/stacks`, { name: stack.id, ...stack });
  }
  await loyalty(project, given, owners);
  for (const order of given.stored_orders ?? []) await project.must('POST', '/v1/orders', order);
  for (const session of given.sessions ?? []) await openSession(project, given, session);
}

/** Cases that fix no time are answered at one, so that they are answered alike on any day. */
const NOW = '2026-03-01T10:00:00.000Z';

export const time = (now) => new Date(now ?? NOW).toISOString();

/** Where a case says nothing of stacking, limits do not bind. */
function settingsOf({ settings = {} }) {
  return { stacking_rules: { applicable_redeemables_per_category_limit: null }, ...settings };
}

const campaignOf = ({ campaign_id, campaign }) => campaign_id ?? campaign?.id ?? (typeof campaign === 'string' ? campaign : undefined);

async function catalogue(project, given) {
  const made = new Set();
  const product = async (row) => {
    const ids = [row.id, row.source_id].filter(Boolean);
    if (ids.some((id) => made.has(id))) return;
    ids.forEach((id) => made.add(id));
    await project.must('POST', '/v1/products', { name: row.source_id ?? row.id, ...row });
  };
  for (const row of given.products ?? []) await product(row);
  for (const { product_id, ...sku } of given.skus ?? []) {
    const owner = product_id ?? `prod_of_${sku.id ?? sku.source_id}`;
    await product({ id: owner });
    await project.must('POST', `/v1/products/${encodeURIComponent(owner)}/skus`, { sku: sku.source_id ?? sku.id, ...sku });
  }
  for (const { products, ...collection } of given.product_collections ?? []) {
    const listed = (products ?? []).map((each) => (typeof each === 'string' ? { id: each, object: 'product' } : each));
    const ids = [];
    for (const each of listed) {
      const name = each.id ?? each.source_id;
      if (each.object === 'sku') {
        ids.push(each);
        continue;
      }
      // A case names members of a collection as its order does, often by source_id alone.
      if (!made.has(name)) await product(name.startsWith('prod_') ? { id: name } : { source_id: name });
      const { id } = await project.must('GET', `/v1/products/${encodeURIComponent(name)}`);
      ids.push({ ...each, id, object: 'product' });
    }
    await project.must('POST', '/v1/product-collections', { name: collection.id, ...collection, ...(products && { products: ids }) });
  }
}

async function customers(project, given) {
  for (const row of given.customers ?? []) await project.must('POST', '/v1/customers', row);
  const { segments = [], ...customer } = given.customer ?? {};
  if (customer.id || segments.length > 0) {
    const { id } = await project.must('POST', '/v1/customers', customer);
    for (const segment of segments) {
      await project.must('POST', '/v1/segments', { id: segment, name: segment, type: 'static', customers: [id] });
    }
  }
  for (const segment of given.segments ?? []) await project.must('POST', '/v1/segments', { name: segment.id, ...segment });
  for (const category of given.categories ?? []) await project.must('POST', '/v1/categories', { name: category.id, ...category });
}

/** Creates the campaigns that are listed, and those that vouchers, tiers and the address only name. */
async function campaigns(project, given) {
  const named = new Map((given.campaigns ?? []).map((row) => [row.id ?? row.name, row]));
  const isNamed = (id) => [...named.values()].some((row) => row.id === id || row.name === id);
  const name = (id, campaign_type) => id && !isNamed(id) && named.set(id, { id, campaign_type });
  for (const voucher of given.vouchers ?? []) name(campaignOf(voucher), typeOf(voucher));
  for (const tier of [...(given.promotion_tiers ?? []), ...(given.promotion_stacks ?? [])]) name(campaignOf(tier) ?? PROMOTIONS, 'PROMOTION');
  const path = /\/loyalties\/([^/]+)\/(members|qualifications)/.exec(given.endpoint?.path ?? '')?.[1];
  const cards = (given.vouchers ?? []).filter((voucher) => voucher.type === 'LOYALTY_CARD' && !campaignOf(voucher));
  const program = path && path !== 'members' ? decodeURIComponent(path) : [...named.values()].find(isProgram)?.id;
  if (path || cards.length > 0 || given.earning_rules?.length > 0) name(program ?? LOYALTY, 'LOYALTY_PROGRAM');
  for (const { validation_rule, applicable_to, promotion, ...row } of named.values()) {
    const named = (given.vouchers ?? []).find((voucher) => campaignOf(voucher) === row.id && voucher.discount);
    const template = named && { voucher: { type: 'DISCOUNT_VOUCHER', discount: named.discount } };
    const card = isProgram(row) && { voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 0 } } };
    await project.must('POST', '/v1/campaigns', { ...card, ...template, name: row.id, type: isProgram(row) ? 'AUTO_UPDATE' : 'STATIC', ...row });
    // a campaign that only its vouchers tell of is for the same products
    await assign(project, { validation_rule, applicable_to: applicable_to ?? named?.applicable_to }, 'campaign', row.id);
  }
  const only = named.size === 1 ? [...named.values()][0] : undefined;
  return {
    program: [...named.values()].find(isProgram)?.id,
    of: (voucher) => {
      const said = campaignOf(voucher);
      if (said) return said;
      if (voucher.type === 'LOYALTY_CARD') return [...named.values()].find(isProgram)?.id;
      return only && only.campaign_type === typeOf(voucher) ? only.id : undefined;
    },
  };
}

const isProgram = ({ campaign_type }) => campaign_type === 'LOYALTY_PROGRAM';

function typeOf(voucher) {
  if (voucher.is_referral_code) return 'REFERRAL_PROGRAM';
  return { GIFT_VOUCHER: 'GIFT_VOUCHERS', LOYALTY_CARD: 'LOYALTY_PROGRAM' }[voucher.type] ?? 'DISCOUNT_COUPONS';
}

async function loadVoucher(project, given, voucher, owners) {
  const { validation_rule, validation_rule_semantics, applicable_to, inapplicable_to, holder, holder_id, campaign, ...row } = voucher;
  const type = voucher.gift ? 'GIFT_VOUCHER' : voucher.loyalty_card ? 'LOYALTY_CARD' : 'DISCOUNT_VOUCHER';
  const campaign_id = owners.of(voucher);
  const path = `/v1/vouchers/${encodeURIComponent(voucher.code)}`;
  // where it does not matter what a code gives, a case leaves it out
  const nothing = type === 'DISCOUNT_VOUCHER' && !row.discount && !campaign_id && { discount: { type: 'AMOUNT', amount_off: 0 } };
  // what is switched off cannot be published any more
  const isOff = row.active === false && (holder ?? holder_id);
  const made = await project.must('POST', path, { type, ...nothing, ...row, ...(isOff && { active: true }), ...(campaign_id && { campaign_id }) });
  await assign(project, voucher, 'voucher', made.id);
  const named = holder ?? holder_id;
  const customer = typeof named === 'string' ? { id: named } : named;
  if (!customer) return;
  if (customer.id) await project.must('POST', '/v1/customers', customer);
  await project.must('POST', '/v1/publications', { voucher: voucher.code, customer });
  if (isOff) await project.must('POST', `${path}/disable`, {});
}

/** A rule that a case writes inside a row stands beside it here, and is assigned to it. */
async function assign(project, { validation_rule, applicable_to, inapplicable_to }, related_object_type, related_object_id) {
  if (!validation_rule && !applicable_to && !inapplicable_to) return;
  const listed = (given) => given?.data ?? given?.included ?? (Array.isArray(given) ? given : []);
  const rule = {
    name: `rule of ${related_object_id}`,
    rules: {},
    ...validation_rule,
    ...((applicable_to || inapplicable_to) && {
      applicable_to: {
        included: listed(applicable_to),
        excluded: [...listed(inapplicable_to), ...(applicable_to?.excluded ?? [])],
        included_all: applicable_to?.included_all ?? false,
      },
    }),
  };
  const { id } = await project.must('POST', '/v1/validation-rules', rule);
  await project.must('POST', `/v1/validation-rules/${id}/assignments`, { related_object_type, related_object_id });
}

async function loyalty(project, given, { program }) {
  for (const reward of given.rewards ?? []) {
    const { id } = await project.must('POST', '/v1/rewards', { name: reward.id, ...reward });
    const points = reward.parameters?.loyalty?.points ?? reward.points;
    const parameters = points === undefined ? {} : { parameters: { loyalty: { points } } };
    const isAssigned = given.reward_assignments?.some(({ reward_id }) => reward_id === id);
    if (program && !isAssigned) await project.must('POST', `/v1/rewards/${id}/assignments`, { campaign: program, ...parameters });
  }
  for (const { reward_id, ...assignment } of given.reward_assignments ?? []) {
    await project.must('POST', `/v1/rewards/${reward_id}/assignments`, assignment);
  }
  for (const { validation_rule, ...rule } of given.earning_rules ?? []) {
    const campaign = encodeURIComponent(campaignOf(rule) ?? program);
    const [{ id }] = await project.must('POST', `/v1/loyalties/${campaign}/earning-rules`, [{ event: 'order.paid', active: true, ...rule }]);
    await assign(project, { validation_rule }, 'earning_rule', id);
  }
  for (const tier of given.loyalty_tiers ?? []) {
    await project.must('POST', `/v1/loyalties/${encodeURIComponent(campaignOf(tier) ?? program)}/tiers`, [tier]);
  }
}

async function openSession(project, given, session) {
  const { voucher, code = voucher, redeemable, key, gift, reward, order, ...more } = session;
  const name = code?.code ?? code ?? redeemable?.id ?? redeemable;
  const lock = session.session ?? { type: 'LOCK', key, ...more };
  await project.must('POST', `/v1/vouchers/${encodeURIComponent(name)}/validate`, { session: lock, gift, reward, order: order ?? given.order });
}
