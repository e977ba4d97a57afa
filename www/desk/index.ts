import { shoppersAt } from '../src/shoppers';
import { Refusal } from './counterfoil';
import type { Env } from './env';
import type { ShopCustomer } from './shop_customer';

export { ShopCustomer } from './shop_customer';

/**
 * The desk of the shop: the one that knows who a shopper is and what they ordered, sets the prices that are charged and
 * holds the check-out token. Pages ask it under /shop/<shopper>/…; the counterfoil worker is asked by it alone.
 */
export default {
  async fetch(request, env): Promise<Response> {
    const visitor = visitorOf(request);
    try {
      const answer = await answered(request, env, visitor.id);
      if (visitor.isNew) answer.headers.append('set-cookie', visitor.cookie);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) return told(error.status, error.problem);
      console.error(error instanceof Error ? error.stack : error);
      return told(500, { code: 'internal_error', message: 'The desk failed.', help: 'Try again; if it stays, tell the shop.' });
    }
  },
} satisfies ExportedHandler<Env>;

type Verb = 'account' | 'quote' | 'orders' | 'returns' | 'rewards' | 'invitation';

const MAX_BODY = 65_536;

async function answered(request: Request, env: Env, visitor: string): Promise<Response> {
  const { pathname, origin } = new URL(request.url);
  const [, , name = '', verb = 'account'] = pathname.split('/');
  const shopper = shoppersAt(Date.now()).find(({ id }) => id === name);
  const isReading = verb === 'account';
  if (!shopper || !isVerb(verb)) throw new Refusal(404, { code: 'address_unknown', message: 'The desk knows no such address.', help: 'Reload the page.' });
  if (request.method !== (isReading ? 'GET' : 'POST')) {
    throw new Refusal(405, { code: 'method_not_allowed', message: `The address takes ${isReading ? 'GET' : 'POST'}.`, help: 'Reload the page.' });
  }
  const body = isReading ? {} : await bodyOf(request);
  const id = await customerId(visitor, shopper.id);
  const customer = env.CUSTOMERS.getByName(id) as unknown as ShopCustomer;
  const { status, body: answer } = await customer.ask({ id, shopper: shopper.id, origin, address: request.headers.get('cf-connecting-ip') ?? undefined, verb, body });
  return told(status, answer);
}

const verbs: Record<Verb, true> = { account: true, quote: true, orders: true, returns: true, rewards: true, invitation: true };
const isVerb = (name: string): name is Verb => Object.hasOwn(verbs, name);

async function bodyOf(request: Request): Promise<object> {
  const refusal = new Refusal(400, { code: 'json_malformed', message: 'The body is no JSON object.', help: 'Reload the page.' });
  const text = await request.text();
  if (text.length > MAX_BODY) throw refusal;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // told below
  }
  throw refusal;
}

function told(status: number, body: unknown): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } });
}

/**
 * Whose browser it is. Nobody signs in to a demonstration: each visitor has the sample shoppers to themselves. A real shop
 * puts its own session in the place of this cookie.
 */
function visitorOf(request: Request): { id: string; isNew: boolean; cookie: string } {
  const known = /(?:^|;\s*)visitor=([0-9a-f-]{36})(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1];
  const id = known ?? crypto.randomUUID();
  const secure = request.url.startsWith('https:') ? '; Secure' : '';
  return { id, isNew: known === undefined, cookie: `visitor=${id}; Path=/shop/; Max-Age=31536000; HttpOnly; SameSite=Strict${secure}` };
}

/** The name that the ledger and invitations know; whoever hears it is not let in by it. */
async function customerId(visitor: string, shopper: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${visitor}/${shopper}`)));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
