// Codes that are good although the page does not know them: the shop is asked once, and what it grants is previewed here.

import type { Engine } from '../engine.js';
import type { QuoteRequest } from '../types.js';

/** What the shop answers. */
interface Answer {
  granted: string[];
  grant: string | null;
  expiresAt: number | null;
}

/** The codes of a request that this engine does not know. What is wrong with the request, its own quote tells. */
export function unknownIn(engine: Engine, request: QuoteRequest): string[] {
  try {
    const outcomes = engine.quote(request).outcomes.filter(({ reasons }) => reasons.some(({ code }) => code === 'code_unknown'));
    return outcomes.flatMap(({ code }) => code ?? []);
  } catch {
    return [];
  }
}

/**
 * Asks for a grant for these codes, and has the engine take it; answers until when it is good. Nothing where no code is: a shop
 * that cannot be asked, or grants nothing, leaves the codes unknown.
 */
export async function takeGranted(engine: Engine, address: string, codes: readonly string[], customer: string | undefined): Promise<number | undefined> {
  try {
    const body = JSON.stringify({ codes, ...(customer !== undefined && { customer }) });
    const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (!response.ok) return undefined;
    const { grant, expiresAt } = (await response.json()) as Answer;
    if (grant === null || expiresAt === null) return undefined;
    engine.takeGrant(Uint8Array.from(atob(grant), (sign) => sign.charCodeAt(0)), { customer: customer ?? '' });
    return expiresAt;
  } catch {
    return undefined;
  }
}
