import { CounterfoilError, Engine, idempotencyKey } from 'counterfoil';
import type { Hint, KeyRing, Line, Outcome, Quote, QuoteRequest, Reason, Session, Step } from 'counterfoil';

const keyRing: KeyRing = {
  audience: 'demo-shop',
  environment: 'production',
  roles: { publisher: { threshold: 1, keys: [{ name: '2026-a', publicKey: 'ab'.repeat(32) }] } },
};

export async function priced(bytes: ArrayBuffer, lines: readonly Line[], codes: readonly string[]): Promise<string> {
  const engine: Engine = await Engine.open(bytes, keyRing, { minVersion: 3, disclosure: 'full' });
  const request: QuoteRequest = { currency: 'EUR', lines, codes, include: ['hints', 'units'] };
  try {
    const quote: Quote = engine.quote(request);
    const applied: Outcome[] = quote.outcomes.filter(({ status }) => status === 'applied');
    const reasons: Reason[] = quote.outcomes.flatMap((outcome) => [...outcome.reasons]);
    const nearest: Hint | undefined = quote.hints?.[0];
    const [first]: readonly Step[] = nearest?.steps ?? [];
    const step: string = first?.code === 'spend' ? `${first.params.amount} more` : first?.code === 'add_units' ? `${first.params.units} units` : '';
    const session: Session = engine.session(request);
    const total: number = session.setQuantity('a', 2);
    session.close();
    return [quote.total, total, applied.length, step, engine.snapshot.version, await idempotencyKey(), ...reasons.map(({ code }) => code)].join();
  } catch (error: unknown) {
    if (error instanceof CounterfoilError) return `${error.code} at ${error.at?.pointer ?? ''}: ${error.help}`;
    throw error;
  }
}

export async function answered(engine: Engine, request: Request): Promise<Response> {
  const body: Uint8Array<ArrayBuffer> = engine.quoteBytes(new Uint8Array(await request.arrayBuffer()), { now: Date.now() });
  return new Response(body);
}

export async function mistakes(engine: Engine, bytes: ArrayBuffer): Promise<void> {
  // @ts-expect-error a request has lines
  engine.quote({ currency: 'EUR' });
  // @ts-expect-error a price is a number
  engine.quote({ currency: 'EUR', lines: [{ id: 'a', unitPrice: '45.00', quantity: 1 }] });
  // @ts-expect-error there is no such part
  engine.quote({ currency: 'EUR', lines: [], include: ['tax'] });
  // @ts-expect-error there is no such option
  await Engine.open(bytes, keyRing, { unsigned: true });
  // @ts-expect-error a snapshot is opened with a key ring
  await Engine.open(bytes);
  // @ts-expect-error a quote is read, not written
  engine.quote({ currency: 'EUR', lines: [] }).total = 0;
}

import * as workshop from 'counterfoil/workshop';
import type { CampaignTrace, Compiled, KeyPair, Refund, TracedQuote } from 'counterfoil/workshop';

export async function published(documents: workshop.Documents, order: QuoteRequest): Promise<string> {
  const life: workshop.Life = { from: Date.now(), until: Date.now() + 86_400_000 };
  const compiled: Compiled = await workshop.compile(documents, life);
  const { secretKey, publicKey }: KeyPair = await workshop.keygen('2026-a');
  const terms = { audience: 'demo-shop', environment: 'production', version: 1, issuedAt: life.from, expiresAt: life.until };
  const snapshot: Uint8Array = await workshop.sign(compiled, terms, [secretKey]);
  const ring = { ...keyRing, roles: { publisher: { threshold: 1, keys: [publicKey] } } };
  const engine: workshop.Engine = await workshop.Engine.open(snapshot.slice(), ring);
  const { quote, trace }: TracedQuote = engine.trace(order);
  const lost: CampaignTrace | undefined = trace.campaigns.find(({ applied }) => !applied);
  const refund: Refund = engine.refund(order, { now: [{ line: 'a', quantity: 1 }] });
  const codes: string[] = (await workshop.check(documents, life)).map(({ code }) => code);
  // @ts-expect-error a storefront has no tools
  (engine as Engine).refund(order, { now: [] });
  return [quote.total, lost?.reasons[0]?.code, refund.lines[0]?.units[0]?.amount, ...codes].join();
}

import { preview } from 'counterfoil/loyalty';
import type { LoyaltyAccount, LoyaltyHint, LoyaltyPreview } from 'counterfoil/loyalty';

export async function foretold(engine: Engine, request: QuoteRequest): Promise<string> {
  const statement: LoyaltyAccount = { scheme: 'stars', available: 20, progress: { level: 'silver', points: 439 } };
  const { quote, programmes }: LoyaltyPreview = await preview(engine, request, [statement]);
  const hints: readonly LoyaltyHint[] = programmes[0]?.hints ?? [];
  // @ts-expect-error accounts are a list
  await preview(engine, request, statement);
  return [quote.total, ...hints.map(({ message }) => message)].join();
}

import { money, setMessages } from 'counterfoil/elements';
import type { CartElement, Messages, Reward } from 'counterfoil/elements';

export function shown(french: Messages, quote: Quote): string {
  setMessages('fr', french);
  const cart: CartElement = document.createElement('counterfoil-cart');
  cart.request = { currency: 'EUR', lines: [] };
  cart.addEventListener('counterfoil-enter-code', ({ detail }) => detail.toUpperCase());
  cart.addEventListener('counterfoil-claim-reward', (event) => {
    const reward: Reward = event.detail;
    return reward.points;
  });
  const field = document.createElement('counterfoil-code-field');
  field.quote = quote;
  // @ts-expect-error a pattern is a text
  field.pattern = 16;
  // @ts-expect-error the cart answers, nobody else
  cart.quote = quote;
  return money(quote.total, quote.currency, 'fr');
}
