import { Refusal } from './counterfoil';

/** What a page said, as far as it can be meant: a page is a shopper's own, and may say anything. */

export interface Return {
  order: string;
  key: string;
  lines: { line: string; quantity: number }[];
}

/** Keys, rewards, orders. */
export const NAME = /^[\w-]{1,64}$/;
/** Referral codes. */
export const CODE = /^[0-9A-HJKMNP-TV-Z]{12}$/;

export function textIn(body: object, member: string, form: RegExp): string {
  const text = (body as Record<string, unknown>)[member];
  if (typeof text === 'string' && form.test(text)) return text;
  throw misunderstood(member);
}

export function returnIn(body: object): Return {
  const { lines } = body as { lines?: unknown };
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > 100) throw misunderstood('lines');
  return {
    order: textIn(body, 'order', NAME),
    key: textIn(body, 'key', NAME),
    lines: lines.map((told: { line?: unknown; quantity?: unknown } | null) => {
      const { line, quantity } = told ?? {};
      if (typeof line !== 'string' || !Number.isSafeInteger(quantity) || (quantity as number) < 1) throw misunderstood('lines');
      return { line, quantity: quantity as number };
    }),
  };
}

const misunderstood = (member: string) =>
  new Refusal(422, { code: 'field_invalid', message: `The desk does not understand \`${member}\`.`, help: 'Reload the page.' });
