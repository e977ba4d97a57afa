// The worker, with a way to its store of snapshots: what is too long for a value of KV, from inside.
import worker from '../../../worker/src/index.ts';
import { PART_BYTES, SnapshotStore } from '../../../worker/src/snapshot_store.ts';

export * from '../../../worker/src/index.ts';

/** Bytes that no two places of have in common, and their hash. */
async function file(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { bytes, sha256: Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** Keeps a private half that is so much longer than a part, reads it again, and tells where it lies. */
async function keep(env, { more, bucket }) {
  const store = new SnapshotStore(bucket ? env : { SNAPSHOTS: env.SNAPSHOTS });
  const { bytes, sha256 } = await file(PART_BYTES + more);
  // all of it is one section
  await store.keepEdge({ version: 1, revision: 'r', sha256 }, bytes, { length: 0, version: 1, sections: [{ sha256, length: bytes.length }] });
  return { sha256, isSame: await isKept(env, sha256), ...(await places(env, sha256)) };
}

/** A private half as an earlier release kept it: whole, under its own hash. */
async function keepAsEarlier(env) {
  const { bytes, sha256 } = await file(1_000);
  await env.SNAPSHOTS.put(`edge/${sha256}/0`, bytes);
  await env.SNAPSHOTS.put(`edge/${sha256}`, JSON.stringify(bytes.length));
  return { isSame: await isKept(env, sha256) };
}

/** Whether it is read as it was written; its hash says so. */
async function isKept(env, sha256) {
  const bytes = await new SnapshotStore(env).edge(sha256);
  if (bytes === null) return false;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

async function places(env, sha256) {
  const { keys } = await env.SNAPSHOTS.list({ prefix: `edge-section/${sha256}/` });
  const { objects } = await env.LARGE.list({ prefix: `edge-section/${sha256}` });
  return { inValues: keys.length, inBucket: objects.map(({ size }) => size) };
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/tests/keep') return Response.json(await keep(env, { more: Number(searchParams.get('more')), bucket: searchParams.has('bucket') }));
    if (pathname === '/tests/earlier') return Response.json(await keepAsEarlier(env));
    if (pathname === '/tests/kept') {
      const sha256 = searchParams.get('sha256');
      return Response.json({ isSame: await isKept(env, sha256), ...(await places(env, sha256)) });
    }
    return worker.fetch(request, env, ctx);
  },
};
