import type { InferOutput } from 'valibot';
import type { begin } from '../api/schemas';
import { pseudonym } from '../customer';
import type { Env } from '../env';
import { Refusal } from '../problem';
import { verified } from '../tokens/quote_token';
import { customerIn } from './charging';
import type { Charge } from './redemption_store';
import { recordOf } from './view';

const NOTHING = { campaigns: [], total: 0, discountTotal: 0, discounts: {}, experiments: {} };

/**
 * Writes down an attempt that was refused before any book was asked: who, when, why, and what would have been charged as far as a
 * token says so. A repeat under its key is the same attempt. A fault of the worker is none.
 */
export async function noteRefused(env: Env, id: string, body: InferOutput<typeof begin>, error: unknown): Promise<void> {
  if (!(error instanceof Refusal) || error.status >= 500) return;
  const { token, request, order } = body;
  const name = body.customer ?? customerIn(request);
  const customer = name === undefined ? undefined : await pseudonym(env, name);
  const charge = (token === undefined ? undefined : (await verified(env, token))?.charge) ?? { ...NOTHING, currency: currencyIn(request) };
  await writeDown(env, `${id}/refused/${error.problem.code}`, { id, charge, order, customer }, error.problem);
}

/** The same under a name of the caller's own, of what is known to be charged. */
export async function writeDown(env: Env, name: string, attempt: Parameters<typeof recordOf>[0], problem: Refusal['problem']): Promise<void> {
  await env.RECORDS.getByName('records').append(name, recordOf(attempt, 'refused', problem), 0);
}

/** Empty where the request says none that there is. */
function currencyIn(request: Record<string, unknown> | undefined): Charge['currency'] {
  const currency = request?.['currency'];
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : '';
}
