// Judges the vectors of PASETO v4 with the worker's own reader and writer. Runs in Node and, as a Worker, on workerd.
import { footerOf, sign, verify } from '../../../worker/src/tokens/paseto.ts';
import vectors from '../../vectors/paseto-v4.json';

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
const base64Url = (raw) => btoa(String.fromCharCode(...raw)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** What does not come out as it must, by the vector's name; and how many vectors were judged. */
export async function judge() {
  const publicKey = await crypto.subtle.importKey('raw', bytes(vectors.publicKey), 'Ed25519', true, ['verify']);
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: base64Url(bytes(vectors.seed)), x: base64Url(bytes(vectors.publicKey)) };
  const secretKey = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['sign']);
  const wrong = [];
  for (const { name, token, message, footer, implicit } of vectors.signed) {
    if ((await sign(secretKey, message, footer, implicit)) !== token) wrong.push(`${name}: signed otherwise`);
    if ((await verify(publicKey, token, implicit)) !== message) wrong.push(`${name}: not read`);
    if (footerOf(token) !== footer) wrong.push(`${name}: another footer`);
    if ((await verify(publicKey, token, `${implicit} `)) !== undefined) wrong.push(`${name}: read with another assertion`);
  }
  for (const { name, token, implicit } of vectors.refused) {
    if ((await verify(publicKey, token, implicit)) !== undefined) wrong.push(`${name}: read`);
  }
  return { judged: vectors.signed.length + vectors.refused.length, wrong };
}

export default {
  async fetch() {
    return Response.json(await judge());
  },
};
