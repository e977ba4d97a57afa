import type { Engine, QuoteRequest, TracedQuote } from 'counterfoil/workshop';
import { keptOffers } from './offers';

/** The engine that also tells how a quote came about. Its module is fetched when somebody asks why for the first time. */

let opened: { version: number; engine: Promise<Engine> } | undefined;

async function open(): Promise<Engine> {
  const [{ Engine }, kept] = await Promise.all([import('counterfoil/workshop'), keptOffers()]);
  if (!kept) throw new Error('this browser keeps no copy of the offers');
  return Engine.open(await kept.snapshot.arrayBuffer(), kept.keyRing);
}

/** The quote of a request and its trace, by the offers of this version. */
export async function traced(request: QuoteRequest, version: number): Promise<TracedQuote> {
  if (opened?.version !== version) opened = { version, engine: open() };
  try {
    return (await opened.engine).trace(request);
  } catch (error) {
    // a network that failed once may work the next time
    opened = undefined;
    throw error;
  }
}
