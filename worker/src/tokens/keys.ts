import type { SecretKey } from 'counterfoil/workshop';
import { Kept } from '../kept';
import { fromBase64Url } from './paseto';

/** The DER of an Ed25519 private key up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** What the id of a key is the hash of, before the key itself. */
const KEY_ID = new TextEncoder().encode('counterfoil/key-id/v1');

/** A key pair of WebCrypto, which does not hand out the private half. */
export interface Keys {
  /** What a key ring names the key by. */
  id: string;
  publicKey: string;
  signing: CryptoKey;
  verifying: CryptoKey;
}

/** An isolate has one or two of them. */
const imported = new Kept<Keys>(2);

/** The key of 32 bytes as hexadecimal digits. */
export function keysOfSeed(seed: string): Promise<Keys> {
  return imported.of(seed, () => importKeys(seed));
}

/** The 32 bytes of a secret, as hexadecimal digits: these, or a key file of `counterfoil keygen` that has them. */
export function seedOf(secret: string): string | undefined {
  const digits = /^\s*\{/.test(secret) ? secretKeyOf(secret) : secret;
  return digits !== undefined && /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

function secretKeyOf(file: string): string | undefined {
  try {
    const { role, secretKey } = JSON.parse(file) as Partial<SecretKey>;
    return role === 'edge' ? secretKey : undefined;
  } catch {
    return undefined;
  }
}

async function importKeys(text: string): Promise<Keys> {
  const seed = Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const der = new Uint8Array([...PKCS8_HEAD, ...seed]);
  const extractable = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
  const { x } = (await crypto.subtle.exportKey('jwk', extractable)) as JsonWebKey;
  const publicKey = fromBase64Url(x ?? '') ?? new Uint8Array();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...KEY_ID, ...publicKey])));
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
