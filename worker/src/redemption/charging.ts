import type { InferOutput } from 'valibot';
import type { begin, session } from '../api/schemas';
import { pseudonym } from '../customer';
import { withKnownCustomer, type Known } from '../customers/known';
import { withoutConsents } from '../customers/profile';
import { paidOf } from '../customers/orders';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import { refusalIn, refused } from '../ledger/answer';
import { keepProgramme, ledger } from '../ledger/programme';
import { Refusal } from '../problem';
import { personalQuote } from '../publications/personal';
import { switchesOf } from '../switches';
import { issue, read, type Quoted } from '../tokens/quote_token';
import { enteredIn, withoutCodes } from './entered';
import { withOwnCodes } from './own_codes';
import type { Begin, Charge } from './redemption_store';
import type { Wanted } from './session';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const programmes = new WeakMap<Opened['engine'], string>();

/** The programme of the snapshot that is open. */
export function programmeIn({ engine, pointer }: Opened): string {
  const known = programmes.get(engine);
  if (known !== undefined) return known;
  const programme = engine.programme();
  programmes.set(engine, programme);
  keepProgramme(pointer.sha256, programme);
  return programme;
}

type Gives = { type?: unknown } | null;

/** What the worker itself asks the programme. */
export interface Rules {
  schemes?: Record<string, unknown>;
  rewards?: Record<string, { stock?: string; scheme?: string }>;
  referrals?: { friend?: Gives; ladder?: { gives?: Gives }[]; ladders?: Record<string, { gives?: Gives }[]> };
}

const rules = new WeakMap<Opened['engine'], Rules>();

/** The same as an object, read once for each snapshot. */
export function rulesIn(opened: Opened): Rules {
  const known = rules.get(opened.engine) ?? (JSON.parse(programmeIn(opened)) as Rules);
  rules.set(opened.engine, known);
  return known;
}

/** A request, and for whom. */
interface Asked {
  request: Record<string, unknown>;
  /** Whether the caller has shown the check-out token: then what is kept of the customer is told to campaigns. */
  trusts?: boolean;
  /** Default the request's own. */
  customer?: string | undefined;
}

/** A quote, and the token that it is charged by. */
export async function signedQuote(env: Env, opened: Opened, asked: Asked, now: number): Promise<{ quote: unknown; token: string; expiresAt: number }> {
  const { quoted, charge, holder } = await priced(env, opened, asked, now);
  const { version, sha256 } = opened.pointer;
  return { quote: JSON.parse(quoted), ...(await issue(env, { ...charge, entered: withoutCodes(charge.entered) }, { version, sha256 }, holder, now)) };
}

/** What a session may lock of a cart: one use of each campaign that applies or earns. */
export async function lockable(env: Env, opened: Opened, body: InferOutput<typeof session>, now: number): Promise<Wanted> {
  const customer = body.customer ?? customerIn(body.request);
  const { charge } = await priced(env, opened, { request: body.request, trusts: true, customer }, now);
  return {
    campaigns: charge.campaigns,
    until: now + body.seconds * 1_000,
    sha256: opened.pointer.sha256,
    customer: customer === undefined ? undefined : await pseudonym(env, customer),
  };
}

/** What a redemption is charged: what its token says, or what the worker quotes now. */
export async function charged(env: Env, opened: Opened, id: string, body: InferOutput<typeof begin>, now: number): Promise<Begin> {
  const { token, request, holdSeconds, confirm, order, customerZone, earn } = body;
  const customer = body.customer ?? customerIn(request);
  const common: Omit<Begin, 'charge' | 'snapshot'> = {
    id, confirm, order, customerZone, earn,
    until: now + holdSeconds * 1_000,
    customer: customer === undefined ? undefined : await pseudonym(env, customer),
    locks: body.session === undefined ? undefined : await env.SESSIONS.getByName(body.session).locks(),
  };
  const { shards } = await switchesOf(env, now);
  if (token !== undefined) {
    const quoted = await read(env, token, now);
    if (request !== undefined) await assertSameCart(opened, request, quoted);
    if (quoted.holder !== undefined && common.customer !== quoted.holder) throw customerChanged();
    const { charge, snapshot } = quoted;
    const at = Date.parse(quoted.iat);
    const asking = request && (await answered(env, opened, { request, trusts: true, customer }, at));
    const paid = await paidOf(env, opened, { ...common, charge, snapshot, asking, customer, pseudonym: common.customer }, at);
    await takeToken(env, quoted.jti, id);
    return { ...common, charge, snapshot, paid, token: quoted.jti, shards: shardsOf(charge, shards) };
  }
  if (request === undefined) throw nothingToCharge();
  const { version, sha256 } = opened.pointer;
  const snapshot = { version, sha256 };
  const { charge, ...asking } = await priced(env, opened, { request, trusts: true, customer }, now);
  const paid = await paidOf(env, opened, { ...common, charge, snapshot, asking, customer, pseudonym: common.customer }, now);
  return { ...common, charge, snapshot, paid, shards: shardsOf(charge, shards) };
}

/** Those of the campaigns that are charged. */
function shardsOf({ campaigns }: Charge, shards: Readonly<Record<string, number>>): Record<string, number> | undefined {
  const hot = campaigns.flatMap((campaign) => (shards[campaign] === undefined ? [] : [[campaign, shards[campaign]]]));
  return hot.length === 0 ? undefined : (Object.fromEntries(hot) as Record<string, number>);
}

async function priced(env: Env, opened: Opened, asked: Asked, now: number): Promise<Priced & { charge: Charge }> {
  const priced = await answered(env, opened, asked, now);
  // the cart is what was asked for, whatever is known besides
  const charge = await chargeOf(opened, JSON.stringify(asked.request), priced.quoted);
  const own = await withOwnCodes(env, opened, charge, priced.quoted);
  return { ...priced, charge: { ...own, entered: enteredIn(priced.quoted) } };
}

/** A quote, and the request as the engine was asked, with what the customer's accounts hold. */
interface Priced extends Known {
  quoted: string;
  holder: string | undefined;
}

async function answered(env: Env, opened: Opened, { request, trusts = false, customer = customerIn(request) }: Asked, now: number): Promise<Priced> {
  const known = trusts ? await withKnownCustomer(env, opened, request, customer, now) : { request: withoutConsents(request), accounts: [] };
  const asked = limitsUnits(opened) ? byUnit(known.request) : known.request;
  const { quoted, holder, codes } = await personalQuote(env, opened, encoder.encode(JSON.stringify(asked)), now, trusts ? customer : undefined);
  return { ...known, request: codes === undefined ? asked : { ...asked, codes }, quoted: decoder.decode(quoted), holder };
}

/** Whether some campaign is limited to so many units: each has an allowance for them. */
function limitsUnits(opened: Opened): boolean {
  return programmeIn(opened).includes('/units":');
}

/** The request, asking for its lines unit by unit; what is no list is left to the engine to refuse. */
function byUnit(request: Record<string, unknown>): Record<string, unknown> {
  const include = request['include'] ?? [];
  return Array.isArray(include) && !include.includes('units') ? { ...request, include: [...include, 'units'] } : request;
}

async function chargeOf(opened: Opened, request: string, quoted: string): Promise<Charge> {
  const told = JSON.parse((await ledger()).charge(programmeIn(opened), request, quoted)) as Charge;
  const refusal = refusalIn(told);
  if (refusal) throw refused(refusal);
  return told;
}

/** The cart may be put together anew by the check-out: it must be the one that was quoted, to the last price. */
async function assertSameCart(opened: Opened, request: object, { charge }: Quoted): Promise<void> {
  const text = JSON.stringify(request);
  const { cart } = await chargeOf(opened, text, JSON.stringify({ ...charge, outcomes: [] }));
  if (cart === charge.cart) return;
  throw new Refusal(409, {
    code: 'cart_changed',
    message: 'The cart is not the one that was quoted.',
    help: 'Quote the cart again, and show the shopper what has changed.',
    at: { document: 'request', pointer: '/request' },
    fixBy: 'shopper',
  });
}

async function takeToken(env: Env, jti: string, redemption: string): Promise<void> {
  const isOurs = await env.REDEMPTIONS.getByName(`token/${jti}`).takeToken(redemption);
  if (isOurs) return;
  throw new Refusal(409, {
    code: 'quote_token_used',
    message: 'The quote was charged before.',
    help: 'Repeat the request that charged it under its key to hear the answer again, or quote the cart again.',
    at: { document: 'request', pointer: '/token' },
    fixBy: 'developer',
  });
}

/** Whom a request names as its customer. */
export function customerIn(request: Record<string, unknown> | undefined): string | undefined {
  const customer = request?.['customer'] as { id?: unknown } | undefined | null;
  return typeof customer?.id === 'string' && customer.id !== '' ? customer.id : undefined;
}

function customerChanged(): Refusal {
  return new Refusal(409, {
    code: 'customer_changed',
    message: 'The quote has codes that are another customer’s.',
    help: 'Name the customer for whom the cart was quoted, or quote it again.',
    at: { document: 'request', pointer: '/customer' },
    fixBy: 'developer',
  });
}

function nothingToCharge(): Refusal {
  return new Refusal(422, {
    code: 'field_missing',
    message: 'There is neither a quote token nor a request.',
    help: 'Send `token` as POST /quote/signed gave it, or `request` to have the cart quoted now.',
    at: { document: 'request', pointer: '/token' },
    fixBy: 'developer',
  });
}
