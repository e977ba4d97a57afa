import { pseudonym } from '../customer';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import type { Charge } from './redemption_store';

/** What a code that is one of many may be used for, as the ledger counts it: an allowance that no programme names. */
export interface OwnAllowance {
  currency?: string;
  limits: { uses?: number; budget?: number }[];
}

interface Outcome {
  code?: string;
  redeemable?: string;
  status: string;
  discount: number;
}

/**
 * Adds what an order uses of codes that are one of many: each is counted by itself, in its campaign's book. What a snapshot says
 * is on a code is what was on it in the beginning; how much of it is used, the book knows.
 */
export async function withOwnCodes(env: Env, { engine }: Opened, charge: Charge, quoted: string): Promise<Charge> {
  if (engine.snapshot.profile !== 'edge') return charge;
  const { outcomes } = JSON.parse(quoted) as { outcomes: Outcome[] };
  const codes: Record<string, OwnAllowance> = {};
  const parts: object[] = [];
  for (const { code, redeemable, status, discount } of outcomes) {
    if (code === undefined || redeemable === undefined || status !== 'applied' || !charge.campaigns.includes(redeemable)) continue;
    const known = engine.findCode(code);
    if (known?.campaign !== redeemable) continue;
    const { uses, balance, currency } = known;
    const name = `${redeemable}/code:${(await pseudonym(env, engine.codeName(code))).slice(-32)}`;
    const limits = [...(uses === undefined ? [] : [{ uses }]), ...(balance === undefined ? [] : [{ budget: balance }])];
    codes[name] = { limits, ...(currency !== undefined && { currency }) };
    parts.push({ type: 'use', allowance: name, uses: 1, ...(currency !== undefined && { amount: discount, currency }) });
  }
  return parts.length === 0 ? charge : { ...charge, codes, parts: [...charge.parts, ...parts] };
}

/** Those of a charge that a book counts. */
export function ownIn(book: string, { codes = {} }: Charge): Record<string, OwnAllowance> | undefined {
  const own = Object.entries(codes).filter(([name]) => name.startsWith(`${book.slice('allowance:'.length)}/`));
  return own.length === 0 || !book.startsWith('allowance:') ? undefined : Object.fromEntries(own);
}
