/** How the shop's campaigns are spoken of on the page. What they do is decided in examples/storefront.json. */

export interface CampaignName {
  /** Where it took something off. */
  name: string;
  /** On the corner of a picture. */
  badge?: string;
  /** Whether its discount is told on the lines it came off or under the order. */
  toldOn: 'lines' | 'order';
}

const names: Record<string, CampaignName> = {
  'tea-three-for-two': { name: 'Three teas for two', badge: '3 for 2', toldOn: 'lines' },
  'espresso-cups-set': { name: 'Three cups for €20', badge: '3 for €20', toldOn: 'lines' },
  'coffee-ladder': { name: 'More beans, better price', badge: 'Less from 3', toldOn: 'lines' },
  'irish-tea-season': { name: 'Irish tea season', badge: '−15 %', toldOn: 'lines' },
  'st-patricks-day': { name: 'St Patrick’s Day', badge: '−17 %', toldOn: 'lines' },
  'win-back': { name: 'We kept your cup warm', toldOn: 'order' },
  'premium-cart': { name: 'Premium thanks', toldOn: 'order' },
  welcome: { name: 'Welcome to the quay', toldOn: 'order' },
  'quayside-five': { name: 'Quayside card', toldOn: 'order' },
  birthday: { name: 'Happy birthday', toldOn: 'order' },
  'friend-welcome': { name: 'Sent by a friend', toldOn: 'order' },
  'harbour-gift': { name: 'A mug on the house', toldOn: 'order' },
  'gold-shipping': { name: 'Gold ships free', toldOn: 'order' },
  'free-shipping': { name: 'Free shipping', toldOn: 'order' },
  points: { name: 'A point for every euro', toldOn: 'order' },
  'members-double-points': { name: 'Members earn double', toldOn: 'order' },
};

/** A campaign that was published after this page was built is told by its id. */
export const campaignName = (id: string): CampaignName => names[id] ?? { name: id.replaceAll('-', ' '), toldOn: 'order' };

export const campaignNames: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(names).map(([id, { name }]) => [id, name]));

export const toldOnLines = (id: string | undefined) => id !== undefined && campaignName(id).toldOn === 'lines';
