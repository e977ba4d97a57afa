// What carts cost with their sealed codes. Runs as a Worker, on workerd.
import { Engine } from 'counterfoil';
import { unseal } from 'counterfoil/sealed';
import { cases, now } from '../../sealed/shop/expect.json';
import keyRing from '../../sealed/shop/key-ring.json';
import snapshot from '../../sealed/shop/snapshot.bin';

export default {
  async fetch() {
    const totals = [];
    for (const { codes, request } of cases) {
      const engine = await Engine.open(snapshot, keyRing, { now });
      for (const code of codes) await unseal(engine, code, { now });
      totals.push(engine.quote({ ...request, now }).total);
    }
    return Response.json(totals);
  },
};
