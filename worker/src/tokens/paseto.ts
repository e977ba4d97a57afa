// PASETO v4.public: Ed25519 over a pre-authentication encoding. One algorithm, so there is nothing to choose or to confuse.
// https://github.com/paseto-standard/paseto-spec/blob/master/docs/01-Protocol-Versions/Version4.md

const HEADER = 'v4.public.';
const SIGNATURE_BYTES = 64;
const encoder = new TextEncoder();

/** Signs a message. The footer is readable by anyone; the implicit assertion is not in the token, and both sides know it. */
export async function sign(key: CryptoKey, message: string, footer: string, implicit: string): Promise<string> {
  const payload = encoder.encode(message);
  const signature = await crypto.subtle.sign('Ed25519', key, signedBytes(payload, footer, implicit));
  const body = new Uint8Array([...payload, ...new Uint8Array(signature)]);
  return `${HEADER}${toBase64Url(body)}${footer === '' ? '' : `.${toBase64Url(encoder.encode(footer))}`}`;
}

/** The footer of a token, before anything is verified: it says which key to take, and nothing else. */
export function footerOf(token: string): string | undefined {
  const [, , , footer, ...rest] = token.split('.');
  if (!token.startsWith(HEADER) || rest.length > 0) return undefined;
  return footer === undefined ? '' : text(fromBase64Url(footer));
}

/** The message of a token that this key signed; undefined for anything else. */
export async function verify(key: CryptoKey, token: string, implicit: string): Promise<string | undefined> {
  const footer = footerOf(token);
  const body = fromBase64Url(token.split('.')[2] ?? '');
  if (footer === undefined || !body || body.length < SIGNATURE_BYTES) return undefined;
  const payload = body.subarray(0, body.length - SIGNATURE_BYTES);
  const signature = body.subarray(body.length - SIGNATURE_BYTES);
  const isSound = await crypto.subtle.verify('Ed25519', key, signature, signedBytes(payload, footer, implicit));
  return isSound ? text(payload) : undefined;
}

function signedBytes(payload: Uint8Array, footer: string, implicit: string): Uint8Array<ArrayBuffer> {
  return preAuthentication([encoder.encode(HEADER), payload, encoder.encode(footer), encoder.encode(implicit)]);
}

/** PAE: how many pieces, then each with its length, so that no piece can pass for a part of another. */
export function preAuthentication(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(8 + pieces.reduce((sum, piece) => sum + 8 + piece.length, 0));
  const lengths = new DataView(encoded.buffer);
  let at = 0;
  const length = (count: number): void => {
    lengths.setBigUint64(at, BigInt(count), true);
    at += 8;
  };
  length(pieces.length);
  for (const piece of pieces) {
    length(piece.length);
    encoded.set(piece, at);
    at += piece.length;
  }
  return encoded;
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Only the one spelling without padding: a token has no second one. */
export function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  return toBase64Url(bytes) === encoded ? bytes : undefined;
}

function text(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
