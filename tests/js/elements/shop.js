// What the small apps of the frameworks share: an engine, and a cart of two cups.
import { Engine } from 'counterfoil';

const [snapshot, keyRing] = await Promise.all([fetch('/snapshot.bin'), fetch('/key-ring.json')]);
const engine = await Engine.open(await snapshot.arrayBuffer(), await keyRing.json());

export const names = { welcome: 'Welcome', cups: 'Cups for less' };

export const quoteWith = (codes) =>
  engine.quote({ currency: 'EUR', lines: [{ id: 'cup', product: 'cup', unitPrice: 1100, quantity: 6 }], codes });
