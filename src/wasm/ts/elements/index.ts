/**
 * What a shop's customers see of its programmes, as standard custom elements: a field for codes, savings, the way to the
 * next benefit, gifts, points, rewards and referrals. Importing it defines them all.
 *
 * @packageDocumentation
 */
import { Cart } from './cart.js';
import { CodeField } from './code_field.js';
import { GiftPicker } from './gift_picker.js';
import { EarlyAccess, ExpiringPoints, PointsCard } from './loyalty.js';
import { Progress } from './progress.js';
import { ReferralCard } from './referral_card.js';
import { Rewards } from './rewards.js';
import { LineSavings, Savings } from './savings.js';

// the cart first: elements inside it look for it
const elements = {
  'counterfoil-cart': Cart,
  'counterfoil-code-field': CodeField,
  'counterfoil-line-savings': LineSavings,
  'counterfoil-savings': Savings,
  'counterfoil-progress': Progress,
  'counterfoil-gift-picker': GiftPicker,
  'counterfoil-points-card': PointsCard,
  'counterfoil-rewards': Rewards,
  'counterfoil-referral-card': ReferralCard,
  'counterfoil-expiring-points': ExpiringPoints,
  'counterfoil-early-access': EarlyAccess,
};

for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

export { setMessages } from './messages.js';
export type { Message, MessageKey, Messages, Plural } from './messages.js';
export { money } from './amounts.js';
export { reasonText } from './reasons.js';
export type { ReasonStyle } from './reasons.js';
export type * from './types.js';
