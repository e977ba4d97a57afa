// The calls that `cargo xtask fuel` counts: each cart of a workload through the object door, the full result read.
import { toDocument, toRequest } from './documents.mjs';
import { seal } from './seal.mjs';
import { makeWorkload } from './workload.mjs';

export const objectDoor = (name) => async ({ Engine }) => {
  const { snapshot, carts } = makeWorkload(name);
  const { bytes, ring } = seal(toDocument(snapshot));
  const engine = await Engine.open(bytes, ring, { now: carts[0].now * 1000, disclosure: 'full' });
  return carts.map(toRequest).map((request) => () => engine.quote(request).toJSON());
};
