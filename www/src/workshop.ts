import type { Engine, QuoteRequest, TracedQuote } from 'counterfoil/workshop';
import { openedBytes } from './offers';

/** The engine that also tells how a quote came about. Its module is fetched when somebody asks why for the first time. */

let opened: { version: number; engine: Promise<Engine> } | undefined;

async function open(): Promise<Engine> {
  const kept = openedBytes();
  if (!kept) throw new Error('there are no offers here');
  const { Engine } = await import('counterfoil/workshop');
  return Engine.open(kept.bytes, kept.keyRing);
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
