import { Engine } from 'counterfoil';

const fetched = async (name) => {
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name} answered ${response.status}`);
  return response;
};
const keyRing = await (await fetched('key-ring.json')).json();
const snapshot = await (await fetched('snapshot.bin')).arrayBuffer();
const now = Date.parse('2026-03-01T10:00:00Z');
const engine = await Engine.open(snapshot, keyRing, { now });
const quote = engine.quote({ currency: 'EUR', now, lines: [{ id: 'tea', unitPrice: 4500, quantity: 2 }] });

// what a member would earn comes with a module of its own, when it is asked for
const { preview } = await import('counterfoil/loyalty');
const told = await preview(engine, { currency: 'EUR', now, lines: [{ id: 'tea', unitPrice: 4500, quantity: 2 }] });
document.querySelector('output').textContent = `total ${quote.total}, previewed ${told.quote.total}, programmes ${told.programmes.length}`;
