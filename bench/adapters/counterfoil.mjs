// counterfoil as its users have it: the npm package from pkg/, snapshots compiled and signed from campaign documents.
import { writeFileSync } from 'node:fs';
import { resultReader, toDocument, toRequest } from '../lib/documents.mjs';

const load = async () => {
  try {
    return await import('../../pkg/entry.node.js');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('pkg/ has no package: build it with `cargo xtask pkg`', { cause: error });
  }
};

/** Opened at the workload's moment, and told the true reason why a code does not apply, as the baselines tell it. */
async function open({ bytes, ring }, now) {
  const { Engine } = await load();
  return Engine.open(bytes, ring, { now: now * 1000, disclosure: 'full' });
}

async function engineOf({ snapshot, carts }) {
  const { seal } = await import('../lib/seal.mjs');
  return open(seal(toDocument(snapshot)), carts[0].now);
}

export async function contenders(w) {
  const engine = await engineOf(w);
  const requests = w.carts.map(toRequest);
  const bodies = requests.map((request) => new TextEncoder().encode(JSON.stringify(request)));
  const at = (list, i) => list[i % list.length];
  const normalise = resultReader(w.snapshot);
  const session = engine.session(requests[0]);
  const [{ lines }] = requests;
  return [
    { name: 'counterfoil quote', full: true, normalise, run: (_, i) => engine.quote(at(requests, i)).toJSON() },
    { name: 'counterfoil quote, total only', run: (_, i) => ({ total: engine.quote(at(requests, i)).total }) },
    { name: 'counterfoil session.setQuantity', partial: true, batch: 16, run: (_, i) => session.setQuantity(at(lines, i).id, 1 + (i & 1)) },
    { name: 'body bytes -> bytes: counterfoil', bytes: true, normalise, run: (_, i) => engine.quoteBytes(at(bodies, i)) },
  ];
}

/** scaling.mjs: one evaluation, the total read. */
export async function totals(w) {
  const engine = await engineOf(w);
  const requests = new Map(w.carts.map((cart) => [cart, toRequest(cart)]));
  return (cart) => engine.quote(requests.get(cart)).total;
}

/** What a deployment ships and what its application holds, for a cold start. */
export async function coldFiles({ dir, name, workload }) {
  const { seal } = await import('../lib/seal.mjs');
  const { bytes, ring } = seal(toDocument(workload.snapshot));
  writeFileSync(`${dir}/${name}.cfs`, bytes);
  writeFileSync(`${dir}/${name}.ring.json`, JSON.stringify(ring));
  writeFileSync(`${dir}/${name}.request.json`, JSON.stringify(toRequest(workload.carts[0])));
}
