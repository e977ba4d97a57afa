import type { Diagnostic, KeyPair, QuoteRequest, TracedQuote } from 'counterfoil/workshop';

/** Campaigns and a cart to a quote, all in this page. The workshop's module is fetched when the first cart is tried. */

const DAY = 86_400_000;

type Workshop = typeof import('counterfoil/workshop');

let workshop: Promise<[Workshop, KeyPair]> | undefined;

async function opened(): Promise<[Workshop, KeyPair]> {
  const tools = await import('counterfoil/workshop');
  // signs for this page alone
  return [tools, await tools.keygen('try')];
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
  /** How long the answer took, without compiling and signing. */
  took?: number;
}

const faultOf =
  (sheet: Fault['sheet']) =>
  ({ severity, at, code, message, help }: Diagnostic): Fault => ({ sheet, severity, pointer: at?.pointer ?? '', code, message, help });

export async function tried(campaigns: unknown, request: QuoteRequest): Promise<Tried> {
  workshop ??= opened().catch((error: unknown) => {
    // a network that failed once may work the next time
    workshop = undefined;
    throw error;
  });
  const [tools, { secretKey, publicKey }] = await workshop;
  const now = typeof request?.now === 'number' ? request.now : Date.now();
  const life = { from: now - DAY, until: now + 400 * DAY };
  const documents = { campaigns };
  const faults = (await tools.check(documents, life)).map(faultOf('campaigns'));
  if (faults.some(({ severity }) => severity === 'error')) return { faults };
  const place = { audience: 'try', environment: 'try' };
  const compiled = await tools.compile(documents, life);
  const snapshot = await tools.sign(compiled, { ...place, version: 1, issuedAt: life.from, expiresAt: life.until }, [secretKey]);
  const keyRing = { ...place, roles: { publisher: { threshold: 1, keys: [publicKey] } } };
  const engine = await tools.Engine.open(snapshot.slice(), keyRing, { now, disclosure: 'full' });
  try {
    const started = performance.now();
    const answer = engine.trace({ ...request, include: ['hints'] });
    return { faults, answer, took: performance.now() - started };
  } catch (error) {
    if (!(error instanceof tools.CounterfoilError)) throw error;
    return { faults: [...faults, ...error.diagnostics.map(faultOf('cart'))] };
  }
}
