// Reasons as a shop says them to its customers. A reason's `code` and `params` are stable for this purpose; a code that
// this list does not have is told in the engine's own words.

import type { Outcome, Reason } from '../types.js';
import { isSpoken, messagesOf, type MessageKey } from './messages.js';
import { Speech, Words, type Names } from './words.js';

const TOLD: Readonly<Record<string, MessageKey>> = {
  already_entered: 'reason_already_entered',
  anniversary_not_now: 'reason_around_day',
  birthday_not_now: 'reason_around_day',
  birthday_unknown: 'reason_account',
  budget_exceeded: 'reason_used_up',
  budget_exhausted: 'reason_used_up',
  campaign_ended: 'reason_ended',
  campaign_limit_reached: 'reason_campaign_limit',
  campaign_not_started: 'reason_not_started',
  campaign_paused: 'reason_used_up',
  channel_not_covered: 'reason_channel',
  code_ended: 'reason_ended',
  code_foreign: 'reason_unknown',
  code_revoked: 'reason_unknown',
  code_spent: 'reason_used_up',
  code_unknown: 'reason_unknown',
  country_not_covered: 'reason_country',
  currency_not_covered: 'reason_not_this_order',
  customer_attribute_missing: 'reason_account',
  customer_attribute_not_met: 'reason_not_this_order',
  customer_limit_reached: 'reason_customer_limit',
  customer_unit_limit_reached: 'reason_customer_units',
  customer_period_limit_reached: 'reason_period_limit',
  excluded_by_stacking: 'reason_stacking',
  other_code_fails: 'reason_other_code',
  fact_excluded: 'reason_not_this_order',
  fact_missing: 'reason_not_this_order',
  fact_not_covered: 'reason_not_this_order',
  fact_too_high: 'reason_not_this_order',
  fact_too_low: 'reason_not_this_order',
  fact_too_old: 'reason_not_this_order',
  fact_too_recent: 'reason_not_this_order',
  formula_divides_by_zero: 'reason_not_this_order',
  formula_fact_missing: 'reason_not_this_order',
  formula_overflows: 'reason_not_this_order',
  gift_declined: 'reason_gift_declined',
  gift_not_offered: 'reason_gift_not_offered',
  gift_out_of_stock: 'reason_gift_out_of_stock',
  gift_units_exceeded: 'reason_gift_units',
  last_order_too_old: 'reason_too_old',
  last_order_too_recent: 'reason_too_recent',
  lines_not_covered: 'reason_other_products',
  min_quantity_not_reached: 'reason_add_units',
  min_subtotal_not_reached: 'reason_add_amount',
  no_earlier_order: 'reason_account',
  no_effect: 'reason_products',
  no_matching_lines: 'reason_products',
  not_the_nth: 'reason_not_this_order',
  order_history_unknown: 'reason_account',
  others_save_more: 'reason_others_save_more',
  outside_hours: 'reason_other_time',
  outside_schedule: 'reason_other_time',
  period_limit_reached: 'reason_period_limit',
  redemption_limit_reached: 'reason_used_up',
  unit_limit_reached: 'reason_used_up',
  rule_not_met: 'reason_not_this_order',
  segment_required: 'reason_group',
  sign_up_unknown: 'reason_account',
  too_few_orders: 'reason_more_orders',
  too_many_orders: 'reason_fewer_orders',
  variant_unknown: 'reason_account',
};

/** Why something does not apply, and what would change it. */
export function reasonTold(reason: Reason, speech: Speech): string {
  const key = TOLD[reason.code];
  return key === undefined ? `${sentence(reason.message)} ${sentence(reason.help)}` : speech.say(key, reason.params);
}

/** How a reason is written. */
export interface ReasonStyle {
  /** A language whose messages are at hand: English, one that an element on the page speaks, or one of `setMessages`. */
  locale: string;
  currency: string;
  /** What the shop calls campaigns, groups and products, by id. */
  names?: Names;
}

/** A reason of a quote or a trace in the elements' words; in English where no others are at hand. */
export function reasonText(reason: Reason, { locale, currency, names = {} }: ReasonStyle): string {
  const spoken = isSpoken(locale) && messagesOf(locale) !== undefined ? locale : 'en';
  return reasonTold(reason, new Speech(new Words(spoken, messagesOf(spoken)!), currency, undefined, names));
}

/** Each reason once: several conditions may be told alike. */
export const reasonsTold = (outcome: Outcome, speech: Speech): string[] => [
  ...new Set(outcome.reasons.map((reason) => reasonTold(reason, speech))),
];

/** A text of the engine, lower case with names in backticks, as a sentence. */
function sentence(text: string): string {
  const plain = text.replaceAll('`', '').trim();
  const capital = plain.charAt(0).toUpperCase() + plain.slice(1);
  return plain === '' || /[.!?]$/.test(plain) ? capital : `${capital}.`;
}
