import { Engine } from 'counterfoil';
import keyRing from './key-ring.json';
import snapshot from './snapshot.bin';

export default {
  async fetch(request) {
    const now = Date.parse('2026-03-01T10:00:00Z');
    const engine = await Engine.open(snapshot, keyRing, { now });
    const body = new Uint8Array(await request.arrayBuffer());
    return new Response(engine.quoteBytes(body, { now }), { headers: { 'content-type': 'application/json' } });
  },
};
