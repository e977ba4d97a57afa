// Writes the workloads in counterfoil's own forms to out/, for whatever runs
// them natively: `cargo bench`, `cargo run --release --example workload`.
//   node dump.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toDocument, toRequest } from './lib/documents.mjs';
import { makeWorkload } from './lib/workload.mjs';

const out = fileURLToPath(new URL('./out/', import.meta.url));

/** W1 and W2 as they are, and every combination of cart and catalogue size. */
const SIZES = { W1: {}, W2: {} };
for (const lines of [1, 20, 200]) {
  for (const campaigns of [10, 1000]) {
    SIZES[`${lines}x${campaigns}`] = {
      lines,
      automatic: campaigns,
      coded: 10,
      categories: Math.max(24, campaigns >> 2),
      segments: Math.max(12, campaigns >> 3),
      brands: Math.max(16, campaigns >> 3),
      carts: 16,
      myCategories: 6,
      myBrands: 4,
    };
  }
}

export function dump() {
  mkdirSync(out, { recursive: true });
  for (const [name, over] of Object.entries(SIZES)) {
    const { snapshot, carts } = makeWorkload(name === 'W1' ? 'W1' : 'W2', over);
    writeFileSync(`${out}${name}.campaigns.json`, JSON.stringify(toDocument(snapshot)));
    writeFileSync(`${out}${name}.requests.jsonl`, carts.map((cart) => `${JSON.stringify(toRequest(cart))}\n`).join(''));
  }
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(dump());
