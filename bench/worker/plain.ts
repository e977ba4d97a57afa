// What a team writes itself for one shop: the hand-written rules of lib/reference.mjs behind /quote, and one Durable Object
// that counts uses behind /redemptions. It keeps to the same promises for one campaign with one limit (no more uses than
// the limit, a repeat under its key is answered as the first time) and to no others: no signed snapshots, no reasons with
// help, no budgets, holds, gift cards, returns, records or pseudonyms.
import { DurableObject } from 'cloudflare:workers';
import { indexedEngine } from '../lib/reference.mjs';

interface Env {
  PROMOTIONS: string;
  LIMIT: number;
  USES: DurableObjectNamespace<Uses>;
}

interface Cart {
  now: number;
  codes: string[];
  lines: { unitPrice: number; quantity: number }[];
}

let quote: ((cart: Cart) => object) | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method !== 'POST') return refusal(405, 'method_not_allowed');
    const body = (await request.json()) as Cart;
    if (pathname === '/quote') {
      quote ??= indexedEngine(JSON.parse(env.PROMOTIONS));
      return Response.json(quote({ ...body, now: Math.floor(Date.now() / 1_000) }));
    }
    if (pathname === '/redemptions') {
      const key = request.headers.get('idempotency-key');
      if (key === null) return refusal(400, 'idempotency_key_missing');
      if (!body.codes.includes('HOT')) return refusal(422, 'code_unknown');
      const subtotal = body.lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
      const discount = Math.floor((subtotal + 5) / 10);
      const stub = env.USES.getByName('hot');
      const { status, answer } = await stub.redeem(key, JSON.stringify({ status: 'confirmed', subtotal, discount, total: subtotal - discount }), env.LIMIT);
      return new Response(answer, { status, headers: { 'content-type': 'application/json' } });
    }
    return refusal(404, 'unknown');
  },
} satisfies ExportedHandler<Env>;

export class Uses extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS redemption (key TEXT PRIMARY KEY, status INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID');
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS used (id INTEGER PRIMARY KEY, uses INTEGER NOT NULL)');
    ctx.storage.sql.exec('INSERT OR IGNORE INTO used VALUES (1, 0)');
  }

  redeem(key: string, answer: string, limit: number): { status: number; answer: string } {
    const { sql } = this.ctx.storage;
    return this.ctx.storage.transactionSync(() => {
      const [first] = sql.exec<{ status: number; answer: string }>('SELECT status, answer FROM redemption WHERE key = ?', key).toArray();
      if (first) return first;
      const { uses } = sql.exec<{ uses: number }>('SELECT uses FROM used').one();
      const outcome = uses < limit ? { status: 201, answer } : { status: 409, answer: '{"code":"uses_limit_reached"}' };
      if (uses < limit) sql.exec('UPDATE used SET uses = uses + 1');
      sql.exec('INSERT INTO redemption VALUES (?, ?, ?)', key, outcome.status, outcome.answer);
      return outcome;
    });
  }
}

function refusal(status: number, code: string): Response {
  return Response.json({ code }, { status });
}
