/** Carts to see a campaign on, of the demo shop's goods. Each can be changed on the page. */
const tea = { id: 'harbour-breakfast', product: 'harbour-breakfast', unitPrice: 1250, categories: ['tea', 'loose-tea'] };
const beans = { id: 'lighthouse-espresso', product: 'lighthouse-espresso', unitPrice: 1190, categories: ['coffee', 'beans'] };
const kettle = { id: 'heron-kettle', product: 'heron-kettle', unitPrice: 8900, categories: ['brewing'] };
const shipping = [{ id: 'standard', price: 490 }];
const common = { currency: 'EUR', country: 'IE', shipping, codes: [] };

export const carts: readonly { name: string; request: object }[] = [
  { name: 'A little of everything', request: { ...common, lines: [{ ...tea, quantity: 2 }, { ...beans, quantity: 3 }, { ...kettle, quantity: 1 }] } },
  { name: 'One tin of tea', request: { ...common, lines: [{ ...tea, quantity: 1 }] } },
  { name: 'A dozen bags of beans', request: { ...common, lines: [{ ...beans, quantity: 12 }] } },
  { name: 'A member’s basket', request: { ...common, customer: { id: 'c-7', segments: ['member'] }, lines: [{ ...tea, quantity: 3 }, { ...kettle, quantity: 1 }] } },
];
