// How cost grows with the number of active promotions (20-line cart).
// node bench/scaling.mjs
import { totals } from './adapters/counterfoil.mjs';
import { encodeSnapshot, writeCart } from './lib/flat.mjs';
import { instantiate } from './lib/floor.mjs';
import { measure, table } from './lib/harness.mjs';
import { indexedEngine, tunedEngine } from './lib/reference.mjs';
import { makeWorkload } from './lib/workload.mjs';

const rows = [];
for (const n of [25, 100, 1000, 10000]) {
  const w = makeWorkload('W2', { lines: 20, automatic: n, coded: 20, categories: Math.max(24, n >> 2), segments: Math.max(12, n >> 3), brands: Math.max(16, n >> 3), carts: 32, specific: 0.995, myCategories: 6, myBrands: 4 });
  for (const c of w.carts) c.customer.segments.length = Math.min(4, c.customer.segments.length);
  const { bytes, tables } = encodeSnapshot(w.snapshot);
  const { evaluate, input, memory } = { ...instantiate('flat.wasm', bytes) };
  const view = new Uint32Array(memory.buffer, input(0), 1 << 16);
  for (const c of w.carts) evaluate(writeCart(view, c, tables), 1);
  const v = new Uint32Array(memory.buffer, input(0), 1 << 16);
  const tuned = tunedEngine(w.snapshot);
  const cs = [
    { name: 'js tuned', run: tuned },
    { name: 'js indexed', run: indexedEngine(w.snapshot) },
    { name: 'floor scan', run: (c) => evaluate(writeCart(v, c, tables), 0) },
    { name: 'floor index', run: (c) => evaluate(writeCart(v, c, tables), 1) },
  ];
  const r = await measure(cs, w.carts, { rounds: 21, ms: 30, warm: 250 });
  rows.push({ n, applied: w.carts.reduce((a, c) => a + tuned(c).applied.length, 0) / w.carts.length, ...Object.fromEntries(r.map((x) => [x.name, x.lo])) });
}
console.log(table(rows, [['promotions', (r) => String(r.n)], ['applied', (r) => r.applied], ...['js tuned', 'js indexed', 'floor scan', 'floor index'].map((k) => [`${k} us`, (r) => r[k]])]));
