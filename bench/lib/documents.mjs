// A workload in counterfoil's own forms: its snapshot as a campaign document,
// its carts as quote requests, and a quote as the result that SEMANTICS.md
// describes. Nothing of this is timed: an application writes the first two
// itself and reads the quote as it is.

/** An hour from 0 to 24, as documents spell it. */
const clock = (hour) => `${String(hour).padStart(2, '0')}:00`;
const civil = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 19);
const euro = (minor) => ({ EUR: minor });
const percent = (bps) => String(bps / 100);
const inCategory = (category) => ({ categories: [category] });

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function schedule(promotion) {
  const days = { from: civil(promotion.startsAt), until: civil(promotion.endsAt) };
  if (promotion.hours === null) return days;
  const [from, until] = promotion.hours;
  if (from < until) return { ...days, hours: { from: clock(from), until: clock(until) } };
  // A window that ends before it begins is empty in the workload; in a document it would pass midnight. The
  // carts' clocks stay on one Monday, so "on Thursdays" never holds and is refused for the same reason.
  return { ...days, weekdays: [WEEKDAYS[4]] };
}

function condition(c) {
  switch (c.type) {
    case 'min_subtotal':
      return { type: 'min_subtotal', amount: euro(c.amount) };
    case 'total_qty':
      return { type: 'min_quantity', quantity: c.min };
    case 'category_qty':
      return { type: 'min_quantity', quantity: c.min, lines: inCategory(c.category) };
    case 'line_attr':
      return { type: 'min_quantity', quantity: c.min, lines: { attributes: { [c.key]: [c.value] } } };
    case 'segment':
      return { type: 'segment', anyOf: c.any };
    case 'customer_in':
      return { type: 'customer_attribute', key: c.key, in: c.values };
    case 'customer_gte':
      return { type: 'customer_attribute', key: c.key, atLeast: c.value };
    default:
      throw new Error(`unknown condition ${c.type}`);
  }
}

function discount(e) {
  switch (e.type) {
    case 'percent':
      return {
        type: 'percent_off',
        percent: percent(e.bps),
        ...(e.category === null ? {} : { lines: inCategory(e.category) }),
        ...(e.cap === null ? {} : { cap: euro(e.cap) }),
      };
    case 'amount':
      return { type: 'amount_off', amount: euro(e.amount) };
    case 'bogo':
      return {
        type: 'buy_x_get_y',
        buy: { quantity: e.buy, lines: inCategory(e.category) },
        get: { quantity: e.get, percent: percent(e.bps) },
        base: 'original',
      };
    case 'free_shipping':
      return { type: 'free_shipping', ...(e.cap === null ? {} : { cap: euro(e.cap) }) };
    case 'fixed_price':
      return { type: 'fixed_unit_price', price: euro(e.price), lines: inCategory(e.category), measured: 'line' };
    default:
      throw new Error(`unknown effect ${e.type}`);
  }
}

function campaign(promotion) {
  return {
    id: promotion.id,
    name: promotion.name,
    schedule: schedule(promotion),
    ...(promotion.code === null ? {} : { codes: [promotion.code] }),
    ...(promotion.conditions.length === 0 ? {} : { when: { all: promotion.conditions.map(condition) } }),
    discounts: [discount(promotion.effect)],
    stacking: { priority: promotion.priority, ...(promotion.group === null ? {} : { group: promotion.group }) },
    rounding: { level: 'line' },
  };
}

/** Points: the base rate for everyone, times the rate of the customer's tier. */
function earning(points) {
  const tiers = Object.entries(points.tiers).filter(([, bps]) => bps !== 10000);
  return [
    // the other evaluators know no gift cards
    { id: 'points', earning: [{ type: 'points_per_amount', points: points.baseBps, per: euro(10000), onGiftCards: true }] },
    ...tiers.map(([tier, bps]) => ({
      id: `points-${tier}`,
      when: { type: 'customer_attribute', key: 'tier', in: [tier] },
      earning: [{ type: 'points_multiplier', factor: String(bps / 10000) }],
    })),
  ];
}

/** The workload's snapshot as a campaign document. */
export function toDocument(snapshot) {
  const groups = [...new Set(snapshot.promotions.map((p) => p.group))].filter((group) => group !== null);
  return {
    campaigns: [...snapshot.promotions.map(campaign), ...earning(snapshot.points)],
    stacking: { groups: groups.sort().map((id) => ({ id, pick: 'first' })) },
  };
}

/** A cart as a quote request. */
export function toRequest(cart) {
  return {
    currency: cart.currency,
    now: cart.now * 1000,
    lines: cart.lines,
    shipping: [{ id: cart.shipping.method, price: cart.shipping.amount }],
    customer: cart.customer,
    codes: cart.codes,
  };
}

const REASONS = {
  code_unknown: 'unknown_code',
  campaign_not_started: 'not_started',
  campaign_ended: 'expired',
  outside_schedule: 'outside_hours',
  excluded_by_stacking: 'group_taken',
  no_effect: 'no_effect',
};

function reason(outcome, promotions) {
  const [first] = outcome.reasons;
  if (first.code in REASONS) return REASONS[first.code];
  // a condition's reason names its place; the workload tells reasons apart by the condition's type
  const place = /^\/when\/all\/(\d+)$/.exec(first.at?.pointer ?? '');
  return promotions.get(outcome.redeemable)?.conditions[Number(place?.[1])]?.type ?? first.code;
}

const sum = (shares) => shares.reduce((total, share) => total + share.amount, 0);

/** For one workload: a quote as the result that SEMANTICS.md describes. */
export function resultReader(snapshot) {
  const promotions = new Map(snapshot.promotions.map((p) => [p.id, p]));
  return (quote) => {
    const applied = quote.outcomes.filter((outcome) => outcome.status === 'applied');
    // a quote has an outcome for each entered code, the workload's result one for each different code
    const told = new Set(applied.map((outcome) => outcome.code));
    const refused = quote.outcomes.filter((o) => o.status !== 'applied' && !told.has(o.code) && told.add(o.code));
    const shipping = quote.shipping.reduce((total, charge) => total + charge.total, 0);
    return {
      applied: applied.map((outcome) => ({
        id: outcome.redeemable,
        code: outcome.code ?? null,
        amount: sum(outcome.allocations),
        shipping: sum(outcome.shippingAllocations),
        lines: outcome.allocations,
      })),
      rejected: refused.map((outcome) => ({ code: outcome.code, reason: reason(outcome, promotions) })),
      lines: quote.lines.map((line) => ({ id: line.id, net: line.total })),
      subtotal: quote.subtotal,
      discount: quote.discountTotal - (quote.shippingTotal - shipping),
      shipping,
      total: quote.total,
      points: quote.points,
    };
  };
}
