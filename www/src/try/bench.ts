import type { Diagnostic, Follows, Happened, KeyPair, LoyaltyAccount, LoyaltyView, QuoteRequest, TracedQuote } from 'counterfoil/workshop';

/** Campaigns and a cart to a quote, all in this page. The workshop's module is fetched when the first cart is tried. */

const DAY = 86_400_000;

type Workshop = typeof import('counterfoil/workshop');

let workshop: Promise<[Workshop, KeyPair]> | undefined;

async function opened(): Promise<[Workshop, KeyPair]> {
  const tools = await import('counterfoil/workshop');
  // signs for this page alone
  return [tools, await tools.keygen('try')];
}

/** What the second sheet holds: a cart, a cart with what the ledger tells of its member, or something that happened. */
export type Tryable = QuoteRequest | { request: QuoteRequest; accounts?: LoyaltyAccount[] } | { happened: Happened };

/** The cart of a sheet, where it holds one. */
export function cartIn(sheet: Tryable): QuoteRequest | undefined {
  if ('happened' in sheet) return undefined;
  return 'request' in sheet ? sheet.request : sheet;
}

/** Something wrong in one of the sheets, and where. */
export interface Fault {
  sheet: 'campaigns' | 'cart';
  severity: 'error' | 'warning';
  pointer: string;
  code: string;
  message: string;
  help: string;
}

export interface Tried {
  faults: Fault[];
  answer?: TracedQuote;
  /** What the cart earns its member, where the campaigns have programmes. */
  programmes?: readonly LoyaltyView[];
  /** What follows from what happened. */
  follows?: Follows;
  /** How long the answer took, without compiling and signing. */
  took?: number;
}

const faultOf =
  (sheet: Fault['sheet'], within = '') =>
  ({ severity, at, code, message, help }: Diagnostic): Fault => ({ sheet, severity, pointer: within + (at?.pointer ?? ''), code, message, help });

const momentIn = (sheet: Tryable): number => {
  const told = 'happened' in sheet ? ('request' in sheet.happened ? sheet.happened.request : sheet.happened) : cartIn(sheet);
  return typeof told?.now === 'number' ? told.now : Date.now();
};

/** Campaigns know what a member has by attributes of the customer. */
function informed(request: QuoteRequest, accounts: readonly LoyaltyAccount[]): QuoteRequest {
  if (accounts.length === 0) return request;
  const customer = request.customer ?? {};
  const held = accounts.map(({ scheme, available, progress }) => ({ [scheme]: available ?? 0, ...(progress?.level !== undefined && { [`${scheme}.level`]: progress.level }) }));
  return { ...request, customer: { ...customer, attributes: Object.assign({}, customer.attributes, ...held) } };
}

export async function tried(campaigns: unknown, sheet: Tryable): Promise<Tried> {
  workshop ??= opened().catch((error: unknown) => {
    // a network that failed once may work the next time
    workshop = undefined;
    throw error;
  });
  const [tools, { secretKey, publicKey }] = await workshop;
  const now = momentIn(sheet);
  const life = { from: now - DAY, until: now + 400 * DAY };
  const documents = { campaigns };
  const faults = (await tools.check(documents, life)).map(faultOf('campaigns'));
  if (faults.some(({ severity }) => severity === 'error')) return { faults };
  const place = { audience: 'try', environment: 'try' };
  const compiled = await tools.compile(documents, life);
  const snapshot = await tools.sign(compiled, { ...place, version: 1, issuedAt: life.from, expiresAt: life.until }, [secretKey]);
  const keyRing = { ...place, roles: { publisher: { threshold: 1, keys: [publicKey] } } };
  const engine = await tools.Engine.open(snapshot.slice(), keyRing, { now, disclosure: 'full' });
  const started = performance.now();
  const took = () => performance.now() - started;
  const within = 'happened' in sheet ? '/happened' : 'request' in sheet ? '/request' : '';
  try {
    if ('happened' in sheet) return { faults, follows: engine.follow(sheet.happened), took: took() };
    const accounts = ('request' in sheet && sheet.accounts) || [];
    const request = informed({ ...cartIn(sheet)!, include: ['hints'] }, accounts);
    const answer = engine.trace(request);
    const spent = took();
    return { faults, answer, programmes: engine.preview(request, accounts).programmes, took: spent };
  } catch (error) {
    if (!(error instanceof tools.CounterfoilError)) throw error;
    return { faults: [...faults, ...error.diagnostics.map(faultOf('cart', within))] };
  }
}
