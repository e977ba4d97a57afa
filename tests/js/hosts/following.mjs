// A Worker that follows a snapshot through a store, and answers requests with what it has.
import { Engine } from 'counterfoil';
import { cacheKeep, follow, kvKeep, r2Keep } from 'counterfoil/sync';

const STORES = {
  KV: (env) => kvKeep(env.KEPT, 'snapshot'),
  R2: (env) => r2Keep(env.BUCKET, 'snapshot'),
  Cache: () => cacheKeep('snapshot'),
  // no value of KV has so long a key: it refuses to be read and to be written
  'none that works': (env) => kvKeep(env.KEPT, 'k'.repeat(600)),
};

const { now } = Date;
let sync;

export default {
  async fetch(request, env, context) {
    const { sources, root, pulse, keyRing, cart, wait, check, store = 'KV', clock = 0, timeout = 1_500 } = await request.json();
    Date.now = () => now() + clock;
    sync ??= await follow(Engine, { sources, root, pulse, keyRing, keep: STORES[store](env), poll: false, every: 1_000, timeout });
    if (check) await sync.check();
    const checked = sync.checkIfDue();
    if (wait) await checked;
    else context.waitUntil(checked);
    const { state, error, engine, notKept } = sync;
    return Response.json({ state, error: error?.code, version: engine?.snapshot.version, total: engine?.quote(cart).total, ...(notKept && { notKept: `${notKept}` }) });
  },
};
