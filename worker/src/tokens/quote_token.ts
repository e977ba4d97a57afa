import type { Env } from '../env';
import { Refusal } from '../problem';
import type { Charge } from '../redemption/redemption_store';
import { keysOfSeed, seedOf, type Keys } from './keys';
import { footerOf, sign, toBase64Url, verify } from './paseto';

export { hexadecimal } from './keys';

/** How long a quote is charged as it was shown. */
export const LIFE_MS = 10 * 60_000;

/** Not in the token, and known to both sides: a token for something else is not one for this. */
const PURPOSE = 'counterfoil/quote/v1';

/** What a quote token says. */
export interface Quoted {
  /** A number of its own: it is charged once. */
  jti: string;
  iat: string;
  exp: string;
  snapshot: { version: number; sha256: string };
  charge: Charge;
  /** The pseudonym of the customer whose own codes are part of it: nobody else is charged by it. */
  holder?: string;
}

/** Signs what was quoted. */
export async function issue(env: Env, charge: Charge, snapshot: Quoted['snapshot'], holder: string | undefined, now: number): Promise<{ token: string; expiresAt: number }> {
  const { id, signing } = await keysOf(env);
  const jti = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const expiresAt = now + LIFE_MS;
  const claims: Quoted = { jti, iat: moment(now), exp: moment(expiresAt), snapshot, charge, ...(holder !== undefined && { holder }) };
  return { token: await sign(signing, JSON.stringify(claims), footer(id), PURPOSE), expiresAt };
}

/** What a token says that was issued here, whether it has expired or not. */
export async function verified(env: Env, token: string): Promise<Quoted | undefined> {
  const { id, verifying } = await keysOf(env);
  const message = footerOf(token) === footer(id) ? await verify(verifying, token, PURPOSE) : undefined;
  return message === undefined ? undefined : (JSON.parse(message) as Quoted);
}

/** The same of one that has not expired; others are refused. */
export async function read(env: Env, token: string, now: number): Promise<Quoted> {
  const quoted = await verified(env, token);
  if (quoted === undefined) {
    throw new Refusal(422, {
      code: 'quote_token_invalid',
      message: 'The quote token was not issued here.',
      help: 'Send the token as POST /quote/signed gave it, or ask for a new one.',
      at: { document: 'request', pointer: '/token' },
      fixBy: 'developer',
    });
  }
  if (Date.parse(quoted.exp) <= now) {
    throw new Refusal(410, {
      code: 'quote_token_expired',
      message: 'The quote is too old to be charged.',
      help: 'Quote the cart again, and show the shopper what has changed.',
      at: { document: 'request', pointer: '/token' },
      params: { expiredAt: Date.parse(quoted.exp) },
      fixBy: 'shopper',
    });
  }
  return quoted;
}

/** The public keys that verify quote tokens. */
export async function publicKeys(env: Env): Promise<{ keys: { id: string; publicKey: string }[] }> {
  const { id, publicKey } = await keysOf(env);
  return { keys: [{ id, publicKey }] };
}

const moment = (time: number): string => new Date(time).toISOString();

export const footer = (kid: string): string => JSON.stringify({ kid });

/** The key of the edge. */
export async function keysOf(env: Env): Promise<Keys> {
  const seed = seedOf(env.QUOTE_KEY ?? '');
  if (seed !== undefined) return keysOfSeed(seed);
  throw new Refusal(503, {
    code: 'quote_key_not_set',
    message: 'The worker has no key to sign quotes with.',
    help: 'Set the secret QUOTE_KEY to the text of the key file that `counterfoil keygen --role edge` wrote, or to 64 random hexadecimal digits.',
    fixBy: 'developer',
  });
}
