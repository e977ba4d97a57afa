// A Worker that follows a snapshot through KV, and answers requests with what it has.
import { Engine } from 'counterfoil';
import { follow, kvKeep } from 'counterfoil/sync';

let sync;

export default {
  async fetch(request, env, context) {
    const { sources, keyRing, cart, wait } = await request.json();
    const keep = kvKeep(env.KEPT, 'snapshot');
    sync ??= await follow(Engine, { sources, keyRing, keep, poll: false, every: 1_000, timeout: 500 });
    const checked = sync.checkIfDue();
    if (wait) await checked;
    else context.waitUntil(checked);
    const { state, error, engine } = sync;
    return Response.json({ state, error: error?.code, version: engine?.snapshot.version, total: engine?.quote(cart).total });
  },
};
