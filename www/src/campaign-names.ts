/** How the shop's campaigns are spoken of on the page. What they do is decided in examples/storefront.json. */

export interface CampaignName {
  /** Where it took something off. */
  name: string;
  /** On the corner of a picture. */
  badge?: string;
  /** What a hint leads to: "12.50 more for ...". */
  goal: string;
  /** Whether its discount is told on the lines it came off or under the order. */
  toldOn: 'lines' | 'order';
  /** What to add when a hint asks for units without naming a line. */
  unit?: readonly [one: string, many: string];
}

const names: Record<string, CampaignName> = {
  'tea-three-for-two': { name: 'Three teas for two', badge: '3 for 2', goal: 'a free tea', toldOn: 'lines', unit: ['tea', 'teas'] },
  'espresso-cups-set': { name: 'Three cups for €20', badge: '3 for €20', goal: 'three cups for €20', toldOn: 'lines', unit: ['espresso cup', 'espresso cups'] },
  'coffee-ladder': {
    name: 'More beans, better price',
    badge: 'Less from 3',
    goal: 'a better price on all beans',
    toldOn: 'lines',
    unit: ['bag of beans', 'bags of beans'],
  },
  'irish-tea-season': { name: 'Irish tea season', badge: '−15 %', goal: 'Irish tea season', toldOn: 'lines' },
  'st-patricks-day': { name: 'St Patrick’s Day', badge: '−17 %', goal: 'St Patrick’s Day prices', toldOn: 'lines' },
  'win-back': { name: 'We kept your cup warm', goal: '20 % off, as a welcome back', toldOn: 'order' },
  'premium-cart': { name: 'Premium thanks', goal: '10 % off, as a premium member', toldOn: 'order' },
  welcome: { name: 'Welcome to the quay', goal: '10 % off your first order', toldOn: 'order' },
  'quayside-five': { name: 'Quayside card', goal: '€5 off', toldOn: 'order' },
  birthday: { name: 'Happy birthday', goal: 'your birthday present: €20 off', toldOn: 'order' },
  'free-shipping': { name: 'Free shipping', goal: 'free shipping', toldOn: 'order' },
  points: { name: 'A point for every euro', goal: 'points', toldOn: 'order' },
  'members-double-points': { name: 'Members earn double', goal: 'double points', toldOn: 'order' },
};

/** A campaign that was published after this page was built is told by its id. */
export const campaignName = (id: string): CampaignName => names[id] ?? { name: id.replaceAll('-', ' '), goal: id.replaceAll('-', ' '), toldOn: 'order' };

export const toldOnLines = (id: string | undefined) => id !== undefined && campaignName(id).toldOn === 'lines';
