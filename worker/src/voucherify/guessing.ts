import type { Env } from '../env';
import { isPatient, PERIOD_SECONDS } from '../guessing';
import { isJson, type Call } from './call';
import { tooManyRequests } from './failure';

/**
 * Slows down who tries codes from a page: by its address, as quotes with codes are. A call with codes counts whatever became of
 * them, and who is over the limit hears the same whatever was tried.
 */
export async function assertPatient(env: Env, headers: Headers, call: Call): Promise<void> {
  const address = headers.get('cf-connecting-ip');
  if (address === null || !namesCodes(call)) return;
  if (!(await isPatient([[env.GUESSES, address]]))) throw tooManyRequests(PERIOD_SECONDS);
}

/** Whether codes stand in it: the one of the query, or what a stack redeems besides tiers, which are no secret. */
function namesCodes({ query, body }: Call): boolean {
  if (typeof query['code'] === 'string') return true;
  const { redeemables } = isJson(body) ? body : {};
  return Array.isArray(redeemables) && redeemables.some((one) => isJson(one) && one['object'] !== 'promotion_tier');
}
