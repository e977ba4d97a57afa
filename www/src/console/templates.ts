import type { Campaign } from './worker';

/** What a new campaign may begin as. Every one passes the checks as it stands. */
export const templates: readonly { name: string; campaign: Campaign }[] = [
  {
    name: 'A code for ten percent',
    campaign: { id: 'welcome', name: 'Ten percent with WELCOME', codes: ['WELCOME'], limits: { perCustomer: 1 }, discounts: [{ type: 'percent_off', percent: '10' }] },
  },
  {
    name: 'Money off from an amount on',
    campaign: { id: 'five-off-fifty', name: '5.00 off from 50.00 on', when: { type: 'min_subtotal', amount: { EUR: 5000 } }, discounts: [{ type: 'amount_off', amount: { EUR: 500 } }] },
  },
  {
    name: 'Three for two',
    campaign: { id: 'three-for-two', name: 'Three for two', discounts: [{ type: 'buy_x_get_y', buy: { quantity: 2 }, get: { quantity: 1, percent: '100', pick: 'cheapest' } }] },
  },
  {
    name: 'The more, the cheaper',
    campaign: { id: 'by-the-dozen', name: 'By the dozen', discounts: [{ type: 'quantity_ladder', steps: [{ from: 6, percent: '5' }, { from: 12, percent: '10' }] }] },
  },
  {
    name: 'Free shipping',
    campaign: { id: 'free-shipping', name: 'Free shipping from 40.00 on', when: { type: 'min_subtotal', amount: { EUR: 4000 } }, discounts: [{ type: 'free_shipping' }] },
  },
  {
    name: 'For members, with a budget, for a week',
    campaign: {
      id: 'members-week',
      name: 'Members’ week',
      schedule: { from: '2027-03-01T00:00', until: '2027-03-08T00:00', timeZone: 'Europe/Dublin' },
      when: { type: 'segment', anyOf: ['member'] },
      limits: { budget: { EUR: 100000 } },
      discounts: [{ type: 'percent_off', percent: '15' }],
    },
  },
];
