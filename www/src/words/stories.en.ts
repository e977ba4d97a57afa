/** What is told of the goods on their pages, in English. */

export interface GoodsStory {
  story: string;
  details: readonly (readonly [label: string, value: string])[];
}

export const stories: Readonly<Record<string, GoodsStory>> = {
  'harbour-breakfast': {
    story: 'Brisk and malty, with a cocoa finish that stands up to milk. We blend it for the harbour crew next door, who drink it before it is light and judge it without mercy.',
    details: [['Leaf', 'Assam second flush, Keemun'], ['Steep', '4 min at 98 °C'], ['Cups', 'about 50']],
  },
  'heron-kettle': {
    story: 'Three coats of enamel over heavy steel, a beech handle that stays cool and a neck drawn so narrow that the stream never breaks. Works on every hob, induction included.',
    details: [['Holds', '1.0 litre'], ['Made in', 'Sheffield'], ['Hobs', 'all, induction included']],
  },
  'lighthouse-espresso': {
    story: 'Brazil for body, Java for weight, a little washed Sidamo to keep it awake. Roasted just to the edge of dark, so that it is as good with milk as without.',
    details: [['Roast', 'medium dark'], ['For', 'moka pot, lever, machine'], ['Rest', '8 days after roasting']],
  },
  'tideline-mug': {
    story: 'Red stoneware, thrown a little thick so that the tea stays hot, and dipped once in a glaze that runs where it wants. The bare foot grips the table.',
    details: [['Clay', 'red stoneware'], ['Washing', 'dishwasher, gladly'], ['Thrown by', 'Signe Holm']],
  },
  'first-mist-sencha': {
    story: 'Picked in the last days of April, steamed deep and kept cold until we pack it. Brew it cooler than you think and it answers with melon and fresh peas.',
    details: [['Leaf', 'Yabukita, deep-steamed'], ['Steep', '60 s at 70 °C'], ['Cups', 'about 40, re-steeped']],
  },
  'cone-dripper': {
    story: 'The ribs hold the paper off the wall so that the water leaves where it should. Comes with a small glass jug that pours without a drip.',
    details: [['Filters', 'any 02 cone'], ['Holds', '0.4 litre'], ['Set', 'dripper and jug']],
  },
  'corvo-moka': {
    story: 'Cast, not pressed, and therefore slow to heat and even when it gets there. The knob is bakelite, the gasket lasts years and a spare is under the lid.',
    details: [['Makes', '3 small cups'], ['Metal', 'cast aluminium'], ['Spare gasket', 'included']],
  },
  'jasmine-pearls': {
    story: 'Each pearl is two leaves and a bud. For seven nights they lie beside fresh jasmine and every morning the spent flowers are picked out again. Watch them open in glass.',
    details: [['Leaf', 'Fuding silver tip'], ['Steep', '3 min at 80 °C'], ['Jar', 'refillable']],
  },
  'skerry-cup': {
    story: 'Sized for a proper espresso and not a drop over. The saucer is deep enough for the spoon and one amaretto.',
    details: [['Holds', '80 ml'], ['Clay', 'white stoneware'], ['Thrown by', 'Signe Holm']],
  },
  'pilot-lever': {
    story: 'No board, no screen, nothing to update. A copper boiler makes the pressure, your arm does the rest, and every part can be had singly for as long as we are in business.',
    details: [['Boiler', '0.8 litre, copper'], ['Warm in', '9 minutes'], ['Guarantee', '15 years']],
  },
  'tarred-rope': {
    story: 'Smoked over resinous pine in Tongmu and rested for a year so that the smoke sinks in. Smells like a boatyard, drinks like a peated malt.',
    details: [['Leaf', 'Zheng Shan Xiao Zhong'], ['Steep', '3 min at 95 °C'], ['Cups', 'about 50']],
  },
  'guji-filter': {
    story: 'Washed heirloom from 2,100 metres, dried slowly on raised beds. We roast it light and stop early, because everything good about it was there before us.',
    details: [['Roast', 'light'], ['For', 'filter, carafe, dripper'], ['Grown at', '2,100 m']],
  },
  'basalt-teapot': {
    story: 'Poured into sand moulds that are broken after every pot. The enamelled inside does not mind black tea today and green tomorrow. A steel basket comes with it.',
    details: [['Holds', '0.9 litre'], ['Basket', 'steel, included'], ['Keeps hot', 'about an hour']],
  },
  'sunday-plate': {
    story: 'A shallow well, a rim that keeps the crumbs, and a glaze that breaks paler on every edge. Stacks without complaint.',
    details: [['Across', '21 cm'], ['Clay', 'white stoneware'], ['Cake', 'not included']],
  },
  'copper-coast': {
    story: 'Long-cut rooibos from the Cederberg, dried in the sun and left alone. Forgives every brewing time and most kinds of milk.',
    details: [['Leaf', 'long-cut rooibos'], ['Steep', '6 min, boiling'], ['Caffeine', 'none']],
  },
  'bistro-press': {
    story: 'The glass is twice as thick as usual and sold singly, should it meet the tap after all. The mesh is woven so fine that the last cup is as clear as the first.',
    details: [['Holds', '1.0 litre'], ['Glass', '3 mm borosilicate'], ['Spares', 'always']],
  },
  'night-ferry': {
    story: 'Decaffeinated with sugar cane in Colombia, close to where it grows. The only decaf that our roaster takes home for herself.',
    details: [['Roast', 'medium'], ['For', 'everything'], ['Process', 'sugar cane, natural']],
  },
  'crackle-bowl': {
    story: 'The glaze shrinks more than the clay and cracks as it cools: you can hear it, days later, on the shelf. Tea finds the lines and darkens them with the years.',
    details: [['Holds', '400 ml'], ['Good for', 'matcha, porridge, quiet'], ['Thrown by', 'Signe Holm']],
  },
  'slow-hand': {
    story: 'Hardened steel burrs on two bearings, so that the grind stays true from moka to press. The crank comes off and the whole thing fits in a boot.',
    details: [['Burrs', '38 mm, hardened'], ['Holds', '30 g'], ['Steps', '36 clicks a turn']],
  },
  'slack-tide': {
    story: 'A concentrate: one part to two of water, milk or tonic. Steeped in the cellar, filtered through felt and bottled the same night.',
    details: [['Makes', '1.5 litres'], ['Keeps', '3 weeks, chilled'], ['Sugar', 'none']],
  },
  'fog-lamp': {
    story: 'Cold-pressed bergamot oil, dosed with a steady hand, on whole-leaf Ceylon. The pyramids are woven from maize and go on the compost.',
    details: [['Leaf', 'Ceylon OP, bergamot'], ['Steep', '3 min at 95 °C'], ['Bags', '20, plastic-free']],
  },
  'sandglass-carafe': {
    story: 'Blown in one piece at Lind and annealed overnight. Brews, keeps and pours; the beech collar comes off for washing and the leather lace can be tied again.',
    details: [['Makes', '6 cups'], ['Blown by', 'Glashütte Lind'], ['Collar', 'beech, leather']],
  },
  'pear-jug': {
    story: 'A belly that holds a pint and a lip that lets go cleanly. The two rings are left by the same finger on every jug.',
    details: [['Holds', '0.6 litre'], ['Clay', 'red stoneware'], ['Thrown by', 'Signe Holm']],
  },
  'jetty-towel': {
    story: 'Irish flax, woven in half-linen twill with a stripe from the jetty poles. Gets softer for about ten years and then becomes the good duster.',
    details: [['Cloth', 'half linen, 240 g/m²'], ['Woven in', 'County Down'], ['Loop', 'yes, a proper one']],
  },
  'spring-tide': {
    story: 'Half rolled, half left alone, and roasted over longan wood for one night only. The first jars go to our members, the rest to everybody on the first of the month.',
    details: [['Leaf', 'Dong Ding, high roast'], ['Steep', '45 s at 95 °C, six times'], ['Jars', 'as many as came']],
  },
};
