import type { Env } from '../env';
import { Refusal } from '../problem';
import type { Charge } from '../redemption/redemption_store';
import { footerOf, fromBase64Url, sign, toBase64Url, verify } from './paseto';

/** How long a quote is charged as it was shown. */
export const LIFE_MS = 10 * 60_000;

/** Not in the token, and known to both sides: a token for something else is not one for this. */
const PURPOSE = 'counterfoil/quote/v1';

/** The DER of an Ed25519 private key up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

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

interface Keys {
  id: string;
  publicKey: string;
  signing: CryptoKey;
  verifying: CryptoKey;
}

let imported: { secret: string; keys: Promise<Keys> } | undefined;

/** Signs what was quoted. */
export async function issue(env: Env, charge: Charge, snapshot: Quoted['snapshot'], holder: string | undefined, now: number): Promise<{ token: string; expiresAt: number }> {
  const { id, signing } = await keysOf(env);
  const jti = toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
  const expiresAt = now + LIFE_MS;
  const claims: Quoted = { jti, iat: moment(now), exp: moment(expiresAt), snapshot, charge, ...(holder !== undefined && { holder }) };
  return { token: await sign(signing, JSON.stringify(claims), footer(id), PURPOSE), expiresAt };
}

/** What a token says that was issued here and has not expired. */
export async function read(env: Env, token: string, now: number): Promise<Quoted> {
  const { id, verifying } = await keysOf(env);
  const message = footerOf(token) === footer(id) ? await verify(verifying, token, PURPOSE) : undefined;
  if (message === undefined) {
    throw new Refusal(422, {
      code: 'quote_token_invalid',
      message: 'The quote token was not issued here.',
      help: 'Send the token as POST /quote/signed gave it, or ask for a new one.',
      at: { document: 'request', pointer: '/token' },
      fixBy: 'developer',
    });
  }
  const quoted = JSON.parse(message) as Quoted;
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

const footer = (kid: string): string => JSON.stringify({ kid });

function keysOf(env: Env): Promise<Keys> {
  const secret = env.QUOTE_KEY ?? '';
  if (imported?.secret !== secret) imported = { secret, keys: importKeys(secret) };
  return imported.keys;
}

async function importKeys(secret: string): Promise<Keys> {
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new Refusal(503, {
      code: 'quote_key_not_set',
      message: 'The worker has no key to sign quotes with.',
      help: 'Set the secret QUOTE_KEY to 64 random hexadecimal digits, for example with `openssl rand -hex 32`.',
      fixBy: 'developer',
    });
  }
  const seed = Uint8Array.from(secret.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const der = new Uint8Array([...PKCS8_HEAD, ...seed]);
  const extractable = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
  const { x } = (await crypto.subtle.exportKey('jwk', extractable)) as JsonWebKey;
  const publicKey = fromBase64Url(x ?? '') ?? new Uint8Array();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey));
  return {
    id: hexadecimal(hash.subarray(0, 8)),
    publicKey: hexadecimal(publicKey),
    signing: await crypto.subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign']),
    verifying: await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']),
  };
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
