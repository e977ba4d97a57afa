/** What the goods are called, in English. */

export interface GoodsWords {
  name: string;
  /** What one buys: "125 g tin". */
  portion: string;
  teaser: string;
}

export const goods: Readonly<Record<string, GoodsWords>> = {
  'harbour-breakfast': {
    name: 'Harbour Breakfast',
    portion: '125 g tin',
    teaser: 'Assam and a little Keemun, built for milk and early ferries.',
  },
  'heron-kettle': {
    name: 'Heron gooseneck kettle',
    portion: '1.0 l',
    teaser: 'Enamelled steel with a spout that pours as thin as you like.',
  },
  'lighthouse-espresso': {
    name: 'Lighthouse espresso',
    portion: '250 g beans',
    teaser: 'Dark chocolate, toasted hazelnut, a crema you can stand a spoon in.',
  },
  'tideline-mug': {
    name: 'Tideline mug',
    portion: '350 ml',
    teaser: 'Dipped by hand; no two tide marks are alike.',
  },
  'first-mist-sencha': {
    name: 'First Mist sencha',
    portion: '100 g pouch',
    teaser: 'First-flush Shizuoka: sweet grass, sea air, no bitterness.',
  },
  'cone-dripper': {
    name: 'Cone No. 2 dripper',
    portion: 'with jug, 0.4 l',
    teaser: 'Spiral ribs, thick porcelain and a jug to catch it all.',
  },
  'corvo-moka': {
    name: 'Corvo moka pot',
    portion: '3 cups',
    teaser: 'Eight facets, one valve, no moving parts to argue with.',
  },
  'jasmine-pearls': {
    name: 'Jasmine pearls',
    portion: '90 g jar',
    teaser: 'Rolled by hand, scented seven nights running.',
  },
  'skerry-cup': {
    name: 'Skerry espresso cup',
    portion: '80 ml, with saucer',
    teaser: 'A small cup with a thick lip. Nicer in threes.',
  },
  'pilot-lever': {
    name: 'Pilot lever machine',
    portion: '0.8 l boiler',
    teaser: 'Copper boiler, one long arm, and you are the pump.',
  },
  'tarred-rope': {
    name: 'Tarred Rope lapsang',
    portion: '125 g caddy',
    teaser: 'Pine smoke, wet slate and a sweetness that comes late.',
  },
  'guji-filter': {
    name: 'Guji Highland filter',
    portion: '250 g beans',
    teaser: 'Bergamot, ripe apricot, black tea in the cup as it cools.',
  },
  'basalt-teapot': {
    name: 'Basalt iron teapot',
    portion: '0.9 l',
    teaser: 'Cast in sand, hobnailed, and warm until the second chapter.',
  },
  'sunday-plate': {
    name: 'Sunday plate',
    portion: '21 cm',
    teaser: 'For cake first, and for toast the other six days.',
  },
  'copper-coast': {
    name: 'Copper Coast rooibos',
    portion: '150 g bag',
    teaser: 'Honey, orange peel, nothing to keep you up.',
  },
  'bistro-press': {
    name: 'Bistro Nine press',
    portion: '1.0 l',
    teaser: 'A steel cage, heavy glass, a knob one finds in the dark.',
  },
  'night-ferry': {
    name: 'Night Ferry decaf',
    portion: '250 g tin',
    teaser: 'Brown sugar and walnut for the long way home.',
  },
  'crackle-bowl': {
    name: 'Crackle tea bowl',
    portion: '400 ml',
    teaser: 'Wide enough to whisk in, made to be held with both hands.',
  },
  'slow-hand': {
    name: 'Slow Hand grinder',
    portion: '30 g',
    teaser: 'Forty turns for a cup. You will miss it when it is over.',
  },
  'slack-tide': {
    name: 'Slack Tide cold brew',
    portion: '500 ml',
    teaser: 'Eighteen hours in cold water. Pour over ice and wait for summer.',
  },
  'fog-lamp': {
    name: 'Fog Lamp Earl Grey',
    portion: '20 pyramids',
    teaser: 'Bright Calabrian bergamot on a black Ceylon. Cuts through anything.',
  },
  'sandglass-carafe': {
    name: 'Sandglass carafe',
    portion: '6 cups',
    teaser: 'One piece of glass, one collar of wood, one knot.',
  },
  'pear-jug': {
    name: 'Pear milk jug',
    portion: '0.6 l',
    teaser: 'Milk today, daffodils in March.',
  },
  'jetty-towel': {
    name: 'Jetty linen towel',
    portion: '50 × 70 cm',
    teaser: 'Washed three times, so the first drying-up is already the good one.',
  },
  'spring-tide': {
    name: 'Spring Tide oolong',
    portion: '75 g jar',
    teaser: 'Next month’s tea: lilac, warm butter, a long clean finish.',
  },
};
