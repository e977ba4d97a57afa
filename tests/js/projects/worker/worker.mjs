import { Engine } from 'counterfoil';
import { preview } from 'counterfoil/loyalty';
import keyRing from './key-ring.json';
import snapshot from './snapshot.bin';

export default {
  async fetch(request) {
    const now = Date.parse('2026-03-01T10:00:00Z');
    const engine = await Engine.open(snapshot, keyRing, { now });
    if (new URL(request.url).pathname === '/preview') return Response.json(await preview(engine, { ...(await request.json()), now }));
    const body = new Uint8Array(await request.arrayBuffer());
    return new Response(engine.quoteBytes(body, { now }), { headers: { 'content-type': 'application/json' } });
  },
};
