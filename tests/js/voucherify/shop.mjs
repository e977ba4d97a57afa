// A shop set up through the official SDK, server side, for the suites that call it.

/** What the client-side story needs: vouchers, a promotion, a campaign to publish from, consents. */
export async function openShop(sdk, project) {
  await sdk.products.create({ name: 'Mug', source_id: 'mug', price: 1000 });
  await sdk.vouchers.create({ code: 'TENTH', type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 10 }, redemption: { quantity: 1 } });
  await sdk.vouchers.create({ code: 'FIVER', type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 500 } });
  const vip = await sdk.validationRules.create({
    name: 'vip',
    rules: { 1: { name: 'customer.metadata', property: 'vip', conditions: { $is: [true] } }, logic: '1' },
  });
  const { id } = await sdk.vouchers.create({ code: 'VIP', type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 50 } });
  await sdk.validationRules.createAssignment(vip.id, { related_object_type: 'voucher', related_object_id: id });
  await sdk.vouchers.create({ code: 'LAST', type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 100 }, redemption: { quantity: 1 } });
  const spring = await sdk.promotions.create({ name: 'Spring', campaign_type: 'PROMOTION', promotion: { tiers: [] } });
  const discount = { type: 'AMOUNT', amount_off: 300, effect: 'APPLY_TO_ORDER' };
  const tier = await sdk.promotions.tiers.create(spring.id, { name: 'three off', action: { discount }, hierarchy: 1, active: true });
  await sdk.campaigns.create({
    name: 'Letters',
    campaign_type: 'DISCOUNT_COUPONS',
    type: 'AUTO_UPDATE',
    voucher: { type: 'DISCOUNT_VOUCHER', discount: { type: 'AMOUNT', amount_off: 200 }, code_config: { length: 10 } },
  });
  const consents = [{ id: 'cnst_news', name: 'News', object: 'consent' }];
  await project.must('PUT', `/management/v1/projects/${project.id}`, { consents: { consents } });
  return { tier };
}
