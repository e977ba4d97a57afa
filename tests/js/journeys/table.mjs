// The journeys on a page of elements: which programme, on what, and what must stand on the page and in the ledger at the end.
// Those of shop_table.mjs go through the demo shop.
//   request  what is in the cart when the page opens; `customer` is who buys
//   does     what the shopper does: ['code', text], ['more', line], ['step'] (takes what is suggested), ['claim', reward]
//   total    what the page shows and the shop charges, minor units
//   uses     how often the ledger has counted which campaign; `refused` is what a second order hears
//   account  an account that the order earns on (`earns`), or that the shopper has from before (`has`)
//   cut      when the network goes: `before` the order is sent, or `during`, so that its answer is lost

const DAY = 86_400_000;
const now = Date.now();
const yearsAgo = (years) => new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() - years);
const one = (id, unitPrice, quantity = 1, more = {}) => ({ id, unitPrice, quantity, ...more });
const eur = (lines, more = {}) => ({ currency: 'EUR', lines, ...more });
const usd = (lines, more = {}) => ({ currency: 'USD', lines, ...more });

export const journeys = [
  { programme: 'P02-premium-cart', device: 'phone', lang: 'ar', keyboard: true, request: eur([one('lamp', 12_500, 2)], { customer: { id: 'p02', attributes: { status: 'premium' } } }), does: [['more', 'lamp']], total: 33_750, uses: { 'premium-cart': 1 } },
  { programme: 'P03-sorry-coupon', device: 'phone', lang: 'en', request: eur([one('tea', 3_000)], { customer: { id: 'p03', email: 'ada@example.com', attributes: { complaint: '2041' } } }), does: [['code', 'sorry 8w2k 5rtn q7hd']], total: 2_000, uses: { 'sorry-2041': 1 }, refused: true },
  { programme: 'P04-return-credit', device: 'desktop', lang: 'ar', cut: 'before', programmeOf: { schemes: { cards: { unit: 'EUR' } } }, request: eur([one('pan', 2_000, 1, { categories: ['kitchen'] }), one('book', 1_000)], { payments: [{ type: 'gift_card', id: 'card-p04', method: 'return-credit', balance: 2_500 }] }), does: [['code', 'SORRY10']], total: 2_700, due: 900, uses: { 'welcome-back': 1 }, account: { id: 'card-p04', scheme: 'cards', has: 2_500, after: 700 } },
  { programme: 'P06-first-anniversary', device: 'desktop', lang: 'en', request: eur([one('sofa', 99_998)], { customer: { id: 'p06', signedUpAt: yearsAgo(1) - DAY } }), does: [], total: 49_999, uses: { 'first-anniversary': 1 } },
  { programme: 'P10-six-months-after', device: 'desktop', lang: 'ar', keyboard: true, request: usd([one('wax', 1_000, 1, { categories: ['care'] })], { customer: { id: 'p10', orders: { bought: [{ category: 'shoes', lastAt: now - 200 * DAY }] } } }), does: [['more', 'wax']], total: 1_700, uses: { care: 1 } },
  { programme: 'P11-tenth-time', device: 'phone', lang: 'en', request: usd([one('pass', 1_000)], { customer: { id: 'p11', orders: { count: 9 } } }), does: [], total: 800, uses: { 'tenth-order': 1 } },
  { programme: 'P13-abandoned-cart', device: 'desktop', lang: 'en', request: usd([one('hat', 1_000)], { startedAt: now - 3 * DAY, customer: { id: 'p13', orders: { count: 1 } } }), does: [['code', 'BACK-7KQ2-M4WX-D8RT']], total: 850, uses: { 'come-back-by-code': 1 }, refused: true },
  { programme: 'P15-favourite-product', device: 'phone', lang: 'ar', request: usd([one('tea', 1_000, 1, { categories: ['tea'] }), one('coffee', 2_000, 1, { categories: ['coffee'] })], { customer: { id: 'p15', attributes: { favouriteCategory: 'coffee' } } }), does: [], total: 2_800, uses: { favourite: 1 } },
  { programme: 'P26-coffee-card', device: 'desktop', lang: 'ar', keyboard: true, request: eur([one('latte', 420, 1, { categories: ['coffee'] }), one('cake', 500)], { customer: { id: 'p26', attributes: { coffees: 9 } } }), does: [['more', 'cake']], total: 1_000, uses: { 'tenth-coffee': 1 } },
  { programme: 'P27-cashback', device: 'phone', lang: 'en', cut: 'during', request: usd([one('bag', 10_000)], { customer: { id: 'p27' } }), does: [], total: 10_000, uses: { cashback: 1 }, account: { id: 'credit:p27', scheme: 'credit', earns: 300, after: 300 } },
  { programme: 'P28-reward-choice', device: 'desktop', lang: 'en', keyboard: true, request: eur([one('tea', 1_000)], { customer: { id: 'p28' } }), does: [['claim', 'shirt']], account: { id: 'points:p28', scheme: 'points', has: 400, after: 150 }, rewards: [{ id: 'coupon', name: 'Five off', points: 100 }, { id: 'shirt', name: 'A shirt', points: 250 }, { id: 'ticket', name: 'The summer party', points: 400 }] },
  { programme: 'P30-ab-test', device: 'phone', lang: 'ar', request: usd([one('shoe', 10_000)], { customer: { id: 'c-1' } }), does: [], total: 9_000, uses: { 'ten-percent': 1 } },
];
