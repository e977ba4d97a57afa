// One cold start: import, build the engine from a JSON (or binary) snapshot,
// evaluate one cart. Prints milliseconds and memory.
import { readFileSync } from 'node:fs';
const [, , who, dir, name] = process.argv;
const cart = JSON.parse(readFileSync(`${dir}/${name}.cart.json`, 'utf8'));
const text = readFileSync(`${dir}/${name}.snapshot.json`, 'utf8');
const here = new URL('.', import.meta.url);
// like the JSON above, what arrived over the network before the clock starts
const own = who === 'counterfoil' ? { bytes: readFileSync(`${dir}/${name}.cfs`), ring: JSON.parse(readFileSync(`${dir}/${name}.ring.json`, 'utf8')), request: JSON.parse(readFileSync(`${dir}/${name}.request.json`, 'utf8')) } : undefined;
global.gc?.();
const m0 = process.memoryUsage();
const t0 = performance.now();
let run;
if (who.startsWith('js ')) {
  const m = await import('./reference.mjs');
  run = m[`${who.slice(3)}Engine`](JSON.parse(text));
} else if (who.startsWith('floor flat')) {
  const { writeCart, readResult } = await import('./flat.mjs');
  const file = who === 'floor flat (small build)' ? 'flat.small.wasm' : 'flat.wasm';
  const x = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL(`../floor/out/${file}`, here)))).exports;
  const blob = readFileSync(`${dir}/${name}.snapshot.bin`);
  const at = x.input(blob.length); // may grow the memory: take the view after it
  new Uint8Array(x.memory.buffer, at, blob.length).set(blob);
  x.load_snapshot(blob.length);
  const tab = JSON.parse(readFileSync(`${dir}/${name}.tables.json`, 'utf8'));
  const t = {};
  for (const k of Object.keys(tab)) t[k] = k.startsWith('promo') ? tab[k] : new Map(tab[k]);
  const p = x.input(1 << 16);
  run = (c) => {
    x.evaluate(writeCart(new Uint32Array(x.memory.buffer, p, 1 << 14), c, t), 1);
    const r = x.result() >> 2;
    return readResult(new Int32Array(x.memory.buffer), r, c, t);
  };
} else if (who === 'floor wasm-bindgen + serde') {
  const { createRequire } = await import('node:module');
  const { Floor } = createRequire(import.meta.url)('../floor/out/bindgen/floor.js');
  const f = new Floor(readFileSync(`${dir}/${name}.snapshot.bin`));
  run = (c) => f.value_eval(c, true);
} else if (who === 'counterfoil') {
  const { Engine } = await import('../../pkg/entry.node.js');
  const engine = await Engine.open(own.bytes, own.ring, { now: cart.now * 1000, disclosure: 'full' });
  run = () => engine.quote(own.request).toJSON();
} else {
  const peers = await import('./peers.mjs');
  const list = await peers[who]({ name, snapshot: JSON.parse(text), carts: [cart] });
  if (!list.length) {
    console.log('{}');
    process.exit(0);
  }
  run = (c) => list[0].run(c, 0);
}
const t1 = performance.now();
await run(cart);
const t2 = performance.now();
for (let i = 0; i < 20; i++) await run(cart);
global.gc?.();
const m1 = process.memoryUsage();
console.log(JSON.stringify({ ready: t1 - t0, first: t2 - t1, total: t2 - t0, rss: m1.rss - m0.rss, heap: m1.heapUsed - m0.heapUsed, ext: m1.external - m0.external }));
process.exit(0);
