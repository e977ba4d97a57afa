import type { Reason } from 'counterfoil/workshop';

/** What became of a code that was entered. */
export interface Entered {
  /** As it was typed; absent where a quote token told of it. */
  code?: string;
  /** As the quote's outcome has it: `applied`, or why not. */
  status: string;
  /** The campaign, of a code that is accepted. */
  redeemable?: string;
  reasons: Pick<Reason, 'code' | 'message' | 'params'>[];
}

/** An entered code that took nothing off, as the books of the shop keep it. */
export interface Failed {
  /** As it was typed; null where a quote token told of it. */
  code: string | null;
  campaign: string | null;
  status: string;
  reason: string | null;
  message: string | null;
}

/** The codes of a quote, each with what came of it. */
export function enteredIn(quoted: string): Entered[] {
  const { outcomes } = JSON.parse(quoted) as { outcomes: (Partial<Entered> & Pick<Entered, 'status'>)[] };
  return outcomes.flatMap(({ code, status, redeemable, reasons = [] }) =>
    code === undefined ? [] : [{ code, status, ...(redeemable !== undefined && { redeemable }), reasons: reasons.map(({ code, message, params }) => ({ code, message, params })) }]);
}

/** The same for a quote token, which whoever has it can read. */
export const withoutCodes = (entered: readonly Entered[] = []): Entered[] => entered.map(({ code: _, ...rest }) => rest);

/** Those that did not apply. What applied is told by its campaign: a code that is somebody's alone is not kept. */
export function failedOf(entered: readonly Entered[]): Failed[] {
  return entered
    .filter(({ status }) => status !== 'applied')
    .map(({ code = null, redeemable = null, status, reasons: [first] }) => ({ code, campaign: redeemable, status, reason: first?.code ?? null, message: first?.message ?? null }));
}
