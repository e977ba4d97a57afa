// How cost grows with the number of active promotions (20-line cart).
//   node bench/scaling.mjs [--quick] [--no-floor] [--json FILE]
import { writeFileSync } from 'node:fs';
import { totals } from './adapters/counterfoil.mjs';
import { encodeSnapshot, writeCart } from './lib/flat.mjs';
import { available, instantiate } from './lib/floor.mjs';
import { measure, table } from './lib/harness.mjs';
import { indexedEngine, tunedEngine } from './lib/reference.mjs';
import { makeWorkload } from './lib/workload.mjs';

const args = process.argv.slice(2);
const flag = (name) => args.includes(`--${name}`);
const own = 'counterfoil quote, total only';

function floors({ snapshot, carts }) {
  const { bytes, tables } = encodeSnapshot(snapshot);
  const { evaluate, input, memory } = { ...instantiate('flat.wasm', bytes) };
  const before = new Uint32Array(memory.buffer, input(0), 1 << 16);
  for (const cart of carts) evaluate(writeCart(before, cart, tables), 1);
  // evaluating may have grown the memory
  const view = new Uint32Array(memory.buffer, input(0), 1 << 16);
  return [
    { name: 'floor scan', run: (cart) => evaluate(writeCart(view, cart, tables), 0) },
    { name: 'floor index', run: (cart) => evaluate(writeCart(view, cart, tables), 1) },
  ];
}

const rows = [];
for (const n of [25, 100, 1000, 10000]) {
  // the engine takes 10,000 campaigns in all, and those with codes and those that earn points are among them
  const automatic = Math.min(n, 10_000 - 20 - 4);
  const w = makeWorkload('W2', { lines: 20, automatic, coded: 20, categories: Math.max(24, n >> 2), segments: Math.max(12, n >> 3), brands: Math.max(16, n >> 3), carts: 32, specific: 0.995, myCategories: 6, myBrands: 4 });
  for (const c of w.carts) c.customer.segments.length = Math.min(4, c.customer.segments.length);
  const tuned = tunedEngine(w.snapshot);
  const contenders = [
    { name: own, run: await totals(w) },
    { name: 'js tuned', run: tuned },
    { name: 'js indexed', run: indexedEngine(w.snapshot) },
    ...(available() && !flag('no-floor') ? floors(w) : []),
  ];
  const [{ run: quoted }] = contenders;
  const differ = w.carts.filter((cart) => quoted(cart) !== tuned(cart).total).length;
  const measured = await measure(contenders, w.carts, { rounds: flag('quick') ? 7 : 21, ms: 30, warm: 250 });
  const applied = w.carts.reduce((sum, cart) => sum + tuned(cart).applied.length, 0) / w.carts.length;
  rows.push({ promotions: n, applied, differ, ...Object.fromEntries(measured.map(({ name, lo }) => [name, lo])) });
}
const names = Object.keys(rows[0]).filter((key) => !['promotions', 'applied', 'differ'].includes(key));
console.log(table(rows, [['promotions', (r) => String(r.promotions)], ['applied', (r) => r.applied], [`${own} differs on`, (r) => `${r.differ}/32`], ...names.map((key) => [`${key} us`, (r) => r[key]])]));
if (flag('json')) writeFileSync(args[args.indexOf('--json') + 1], JSON.stringify(rows, null, 1));
