import { Engine } from 'counterfoil';
import { readFile } from 'node:fs/promises';

const keyRing = JSON.parse(await readFile('key-ring.json', 'utf8'));
const now = Date.parse('2026-03-01T10:00:00Z');
const engine = await Engine.open(await readFile('snapshot.bin'), keyRing, { now });
const quote = engine.quote({ currency: 'EUR', now, lines: [{ id: 'tea', unitPrice: 4500, quantity: 2 }] });
console.log(`total ${quote.total}`);

const workshop = await import('counterfoil/workshop');
const tools = await workshop.Engine.open(await readFile('snapshot.bin'), keyRing, { now });
const order = { currency: 'EUR', now, lines: [{ id: 'tea', unitPrice: 4500, quantity: 2 }] };
const { preview } = await import('counterfoil/loyalty');
console.log(`previewed ${(await preview(engine, order)).quote.total}`);
console.log(`back ${tools.refund(order, { now: [{ line: 'tea', quantity: 1 }] }).amount}`);
