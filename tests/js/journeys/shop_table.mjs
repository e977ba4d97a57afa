// Programmes as the demo shop runs them (examples/storefront.json): who buys what, and what the ledger must hold of it.
//   campaign  the one that gives it; `add` are products, one unit each time they are named
//   total     what the page shows and the shop charges, minor units
//   stars     points of the shopper before the order and after it; after the return they are what they were
//   cut       when the network goes: `before` the order is sent, or `during`, so that its answer is lost

export const shopJourneys = [
  { programme: 'P01-win-back', campaign: 'win-back', shopper: 'jonas', device: 'desktop', lang: 'en', cut: 'before', add: ['slow-hand', 'pear-jug'], total: 9_760, stars: [30, 127] },
  { programme: 'P02-premium-cart', campaign: 'premium-cart', shopper: 'leonie', device: 'phone', lang: 'en', add: ['pilot-lever'], total: 23_110, stars: [600, 1_062] },
  { programme: 'P05-welcome', campaign: 'welcome', shopper: 'mira', device: 'phone', lang: 'ar', keyboard: true, add: ['heron-kettle'], code: 'welcome 10', total: 8_010, stars: [0, 80] },
  { programme: 'P07-birthday', campaign: 'birthday', shopper: 'leonie', device: 'desktop', lang: 'ar', add: ['jetty-towel', 'pear-jug'], total: 1_800, stars: [600, 636] },
  { programme: 'P08-local-holiday', campaign: 'irish-tea-season', shopper: 'aoife', device: 'phone', lang: 'ar', add: ['fog-lamp'], total: 1_102, stars: [120, 132] },
  { programme: 'P12-public-code', campaign: 'quayside-five', shopper: 'jonas', device: 'desktop', lang: 'en', keyboard: true, cut: 'during', add: ['crackle-bowl', 'crackle-bowl'], code: 'quayside5', total: 4_390, stars: [30, 69] },
  { programme: 'P14-buy-one-get-one', campaign: 'tea-three-for-two', shopper: 'guest', device: 'phone', lang: 'en', keyboard: true, add: ['jasmine-pearls', 'jasmine-pearls', 'jasmine-pearls'], total: 3_700 },
  { programme: 'P16-volume-ladder', campaign: 'coffee-ladder', shopper: 'guest', device: 'desktop', lang: 'ar', keyboard: true, add: ['guji-filter', 'guji-filter', 'guji-filter'], total: 4_622 },
  { programme: 'P19-points-for-purchases', campaign: 'points', shopper: 'jonas', device: 'phone', lang: 'ar', add: ['tideline-mug'], total: 1_890, stars: [30, 44] },
  { programme: 'P29-sneakers-club', campaign: 'members-first', shopper: 'aoife', device: 'desktop', lang: 'en', add: ['spring-tide'], total: 2_096, stars: [120, 152] },
];
