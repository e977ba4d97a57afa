import type { Env } from './env';
import { Kept } from './kept';
import { Refusal } from './problem';
import { hexadecimal } from './tokens/quote_token';

const imported = new Kept<CryptoKey>(1);

/** Stands for a customer in all that is stored: always the same, and nobody without the key can tell whose it is. */
export async function pseudonym(env: Env, customer: string): Promise<string> {
  const secret = env.CUSTOMER_KEY ?? '';
  const key = await imported.of(secret, () => importKey(secret));
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(customer));
  return `cu_${hexadecimal(new Uint8Array(mac, 0, 16))}`;
}

/** Customers are asked for by the shop’s own name or by their pseudonym. */
export async function pseudonymOf(env: Env, customer: string): Promise<string> {
  return customer.startsWith('cu_') ? customer : pseudonym(env, customer);
}

async function importKey(secret: string): Promise<CryptoKey> {
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new Refusal(503, {
      code: 'customer_key_not_set',
      message: 'The worker has no key for customers’ pseudonyms.',
      help: 'Set the secret CUSTOMER_KEY to 64 random hexadecimal digits, for example with `openssl rand -hex 32`. Never change it.',
      fixBy: 'developer',
    });
  }
  const bytes = Uint8Array.from(secret.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}
