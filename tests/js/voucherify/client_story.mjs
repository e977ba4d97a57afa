// Every method of the official SDK's client side, once, in Node or in a page. The answers are plain JSON, so that one set
// of expectations holds for both.

import { CLIENT_METHODS, witnessed } from './sdk_methods.mjs';

/** @param client the client; @param tierId of the promotion tier of `openShop`; @param who a customer of this host's own */
export async function clientStory(client, tierId, who) {
  const called = new Set();
  const sdk = witnessed(client, called);
  const told = async (promise) => {
    try {
      return JSON.parse(JSON.stringify((await promise) ?? null));
    } catch (error) {
      return { refused: { code: error.code, key: error.key, message: error.message, details: error.details } };
    }
  };
  const tenth = { object: 'voucher', id: 'TENTH' };
  const fiver = { object: 'voucher', id: 'FIVER' };
  const cart = { items: [{ source_id: 'mug', related_object: 'product', quantity: 2 }] };
  const customer = { source_id: who };
  const answers = {};
  answers.byCode = await told(sdk.validate(' TENTH\n'));
  answers.withCart = await told(
    sdk.validate({ code: 'TENTH', items: cart.items, customer, orderMetadata: { gift: true }, metadata: { page: 'cart' }, tracking_id: who }),
  );
  answers.withAmount = await told(sdk.validate({ code: 'FIVER', amount: 2500 }));
  answers.vip = await told(sdk.validate({ code: 'VIP', amount: 1000, customer: { ...customer, metadata: { vip: true } } }));
  answers.notVip = await told(sdk.validate({ code: 'VIP', amount: 1000, customer: { ...customer, metadata: { vip: false } } }));
  answers.unknown = await told(sdk.validate('NOT-THERE'));
  answers.promotions = await told(sdk.validate({ amount: 2000, customer }));
  const lock = { session_type: 'LOCK', session_key: `lock-${who}`, session_ttl: 1, session_ttl_unit: 'MINUTES' };
  answers.locked = await told(sdk.validate({ code: 'LAST', amount: 1000, ...lock }));
  answers.lockedOut = await told(sdk.validate({ code: 'LAST', amount: 1000 }));
  answers.stack = await told(sdk.validateStackable({ redeemables: [tenth, fiver], order: cart, customer }));
  answers.twice = await told(sdk.validateStackable({ redeemables: [tenth, tenth], order: cart }));
  answers.qualifications = await told(sdk.qualifications({ scenario: 'ALL', order: { amount: 2000 }, customer }));
  answers.created = await told(sdk.createCustomer({ source_id: who, name: 'Ann', metadata: { from: 'page' } }));
  answers.createdTwice = await told(sdk.createCustomer({ source_id: who, email: 'ann@shop.example' }, true));
  answers.redeemed = await told(sdk.redeem('FIVER', { customer, order: { amount: 2500 } }));
  const tier = { object: 'promotion_tier', id: tierId };
  answers.redeemedStack = await told(sdk.redeemStackable({ redeemables: [fiver, tier], order: cart, customer }));
  answers.published = await told(sdk.publish('Letters', { customer }));
  answers.publishedAgain = await told(sdk.publish('Letters', { customer }, { join_once: true }));
  answers.tracked = await told(sdk.track('looked', customer, { product: 'mug' }));
  answers.held = await told(sdk.listVouchers({ customer: who, limit: 10 }));
  answers.consents = await told(sdk.listConsents());
  answers.consented = await told(sdk.updateConsents(who, { cnst_news: true }));
  answers.consentedByNobody = await told(sdk.updateConsents('nobody-at-all', { cnst_news: true }));
  answers.uncalled = CLIENT_METHODS.filter((name) => !called.has(name));
  return answers;
}
