// The methods of the official SDK 2.9 that the worker must answer, and a witness that says which of them a suite called.

/** As the SDK spells them below the client. */
export const SERVER_METHODS = [
  'validations.validateVoucher', 'validations.validate', 'validations.validateStackable',
  'redemptions.redeem', 'redemptions.redeemStackable', 'redemptions.get', 'redemptions.list', 'redemptions.getForVoucher',
  'redemptions.rollback', 'redemptions.rollbackStackable',
  'qualifications.checkEligibility', 'vouchers.qualifications.examine',
  'vouchers.get', 'vouchers.create', 'vouchers.update', 'vouchers.delete', 'vouchers.list', 'vouchers.enable', 'vouchers.disable',
  'vouchers.balance.create', 'vouchers.releaseValidationSession',
  'promotions.validate', 'promotions.tiers.listAll', 'promotions.tiers.list', 'promotions.tiers.redeem', 'promotions.stack.list',
  'distributions.publications.create', 'distributions.publications.list',
  'customers.create', 'customers.get', 'customers.update', 'customers.listRedeemables',
  'orders.create', 'orders.update', 'orders.get', 'events.create',
  'loyalties.createMember', 'loyalties.getMember', 'loyalties.listEarningRules', 'loyalties.redeemReward',
  'loyalties.addOrRemoveCardBalance', 'loyalties.addPoints',
  'campaigns.get', 'campaigns.list', 'validationRules.list', 'segments.list', 'products.get', 'productCollections.get', 'rewards.get',
  'categories.list',
];

export const CLIENT_METHODS = [
  'validate', 'redeem', 'validateStackable', 'redeemStackable', 'qualifications', 'publish', 'track', 'listVouchers', 'createCustomer',
  'listConsents', 'updateConsents',
];

/** The same client; `called` gathers the names of the methods that are called on it, with dots. */
export function witnessed(sdk, called, path = '') {
  return new Proxy(sdk, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof name === 'symbol') return value;
      const full = path === '' ? name : `${path}.${name}`;
      if (typeof value === 'function') {
        return (...words) => {
          called.add(full);
          return value.apply(target, words);
        };
      }
      return typeof value === 'object' && value !== null ? witnessed(value, called, full) : value;
    },
  });
}
