import type { Ask } from './api/route';
import { Refusal } from './problem';

/** The period of the binding in wrangler.jsonc. */
const PERIOD_SECONDS = 60;

/**
 * Slows down who tries codes. Every quote with codes counts, right or wrong ones: so the answer of one that is over the
 * limit is the same whatever was guessed. The address is told by Cloudflare and cannot be chosen by the caller; where there is
 * none, nothing is limited.
 */
export async function assertPatient(c: Ask, hasCodes: boolean): Promise<void> {
  const address = c.req.header('cf-connecting-ip');
  if (!hasCodes || address === undefined) return;
  const { success } = await c.env.GUESSES.limit({ key: address });
  if (success) return;
  throw new Refusal(
    429,
    {
      code: 'too_many_requests',
      message: 'Too many codes were tried.',
      help: 'Wait a minute before you try another code.',
      at: { document: 'request', pointer: '/codes' },
      params: { seconds: PERIOD_SECONDS },
      fixBy: 'shopper',
    },
    { 'retry-after': String(PERIOD_SECONDS) },
  );
}

/** Whether the bytes of a request may name codes: a member of that name, wherever it stands. */
export function namesCodes(body: Uint8Array): boolean {
  return new TextDecoder().decode(body).includes('"codes"');
}
