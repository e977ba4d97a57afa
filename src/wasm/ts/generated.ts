// Written from the Rust types by `BLESS=1 cargo test generated`; do not edit.

export const REQUEST_CURRENCY = 0;
export const REQUEST_NOW = 1;
export const REQUEST_UTC_OFFSET = 2;
export const REQUEST_BIRTHDAY = 3;
export const REQUEST_SIGNED_UP_AT = 4;
export const REQUEST_ORDER_COUNT = 5;
export const REQUEST_LAST_ORDER_AT = 6;
export const REQUEST_PAID = 7;
export const REQUEST_PAID_WITH_POINTS = 8;
export const REQUEST_INCLUDE = 9;
export const REQUEST_CONTEXT_COUNT = 10;
export const REQUEST_NUMBER_COUNT = 11;
export const REQUEST_CODE_COUNT = 12;
export const REQUEST_SHIPPING_COUNT = 13;
export const REQUEST_LINE_COUNT = 14;
export const REQUEST_SLOTS = 15;

export const SHIPPING_METHOD = 0;
export const SHIPPING_PRICE = 1;
export const SHIPPING_SLOTS = 2;

export const LINE_PRICE = 0;
export const LINE_QUANTITY = 1;
export const LINE_SAME_AS = 2;
export const LINE_WORD_COUNT = 3;
export const LINE_SLOTS = 4;

export const ANSWER_SUBTOTAL = 0;
export const ANSWER_DISCOUNT_TOTAL = 1;
export const ANSWER_SHIPPING_TOTAL = 2;
export const ANSWER_TOTAL = 3;
export const ANSWER_DUE = 4;
export const ANSWER_POINTS = 5;
export const ANSWER_LINE_COUNT = 6;
export const ANSWER_SHIPPING_COUNT = 7;
export const ANSWER_APPLIED_COUNT = 8;
export const ANSWER_REFUSED_COUNT = 9;
export const ANSWER_EARNED_COUNT = 10;
export const ANSWER_HINT_COUNT = 11;
export const ANSWER_SLOTS = 12;

export const APPLIED_PROMOTION = 0;
export const APPLIED_CODE = 1;
export const APPLIED_AMOUNT = 2;
export const APPLIED_SHARE_COUNT = 3;
export const APPLIED_SHIPPING_SHARE_COUNT = 4;
export const APPLIED_SLOTS = 5;

export const REFUSED_CODE = 0;
export const REFUSED_PROMOTION = 1;
export const REFUSED_STATUS = 2;
export const REFUSED_REASON_COUNT = 3;
export const REFUSED_SLOTS = 4;

export const REASON_KIND = 0;
export const REASON_CONDITION = 1;
export const REASON_VALUE0 = 2;
export const REASON_VALUE1 = 3;
export const REASON_VALUE2 = 4;
export const REASON_SLOTS = 5;

export const HINT_PROMOTION = 0;
export const HINT_IS_SPEND = 1;
export const HINT_STEP = 2;
export const HINT_LINE = 3;
export const HINT_WORTH = 4;
export const HINT_REQUIRED = 5;
export const HINT_ACTUAL = 6;
export const HINT_IS_MONEY = 7;
export const HINT_SLOTS = 8;

export const MAX_PRICE = 1000000000000;
export const MAX_LINES = 500;
export const MAX_CODES = 10;
export const MAX_SHIPPING = 20;
export const MAX_WORDS = 1000;

export const STATUSES = ['applied', 'inapplicable', 'skipped', 'dormant', 'deferred'] as const;

/** The codes of all reasons, by their number. */
export const REASONS = [
  'code_unknown',
  'campaign_paused',
  'campaign_not_started',
  'campaign_ended',
  'outside_schedule',
  'rule_not_met',
  'excluded_by_stacking',
  'already_entered',
  'no_effect',
  'min_subtotal_not_reached',
  'currency_not_covered',
  'min_quantity_not_reached',
  'no_matching_lines',
  'segment_required',
  'customer_attribute_not_met',
  'customer_attribute_missing',
  'too_few_orders',
  'too_many_orders',
  'order_history_unknown',
  'last_order_too_recent',
  'last_order_too_old',
  'no_earlier_order',
  'country_not_covered',
  'channel_not_covered',
  'birthday_not_now',
  'birthday_unknown',
  'anniversary_not_now',
  'sign_up_unknown',
] as const;
