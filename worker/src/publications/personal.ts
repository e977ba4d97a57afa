import { pseudonym } from '../customer';
import type { Opened } from '../edge_engine';
import type { Env } from '../env';
import { quote } from '../quote';
import { normaliser } from './code';
import { guarded } from './guarded';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

interface Asked {
  codes?: string[];
  customer?: { id?: string };
}

/** A quote, and for whom alone it was made where codes of theirs are part of it. */
export interface Personal {
  quoted: Uint8Array<ArrayBuffer>;
  holder?: string;
  /** The codes as the engine was asked for them. */
  codes?: string[];
}

/**
 * Quotes a request. A code that was published to somebody else is answered as one that there is not: the engine is asked for
 * it by a name that nobody has, and the answer tells it as it was typed. `buyer` is who buys, default the request's customer.
 */
export async function personalQuote(env: Env, { engine }: Pick<Opened, 'engine'>, body: Uint8Array, now: number, buyer?: string): Promise<Personal> {
  const quoted = quote(engine, body, now);
  const campaigns = await guarded.read(env, now);
  if (Object.keys(campaigns).length === 0) return { quoted };
  const normalise = await normaliser();
  const { outcomes } = JSON.parse(decoder.decode(quoted)) as { outcomes: { redeemable?: string; code?: string }[] };
  const codes = outcomes.flatMap(({ redeemable, code }) => (code !== undefined && redeemable !== undefined && redeemable in campaigns ? [normalise(code)] : []));
  if (codes.length === 0) return { quoted };
  const request = JSON.parse(decoder.decode(body)) as Asked;
  const id = buyer ?? request.customer?.id;
  const customer = id === undefined || id === '' ? undefined : await pseudonym(env, id);
  const withheld = new Set(await env.PUBLICATIONS.getByName('publications').withheldFrom(customer, codes));
  const holder = customer !== undefined && withheld.size < codes.length ? { holder: customer } : {};
  if (withheld.size === 0) return { quoted, ...holder };
  const typed = new Map<string, string>();
  const asked = (request.codes ?? []).map((code, place) => {
    if (!withheld.has(normalise(code))) return code;
    // the same code typed twice is the same unknown one twice
    const first = (request.codes ?? []).findIndex((other) => normalise(other) === normalise(code));
    const name = `\u0001${first}${' '.repeat(place)}`;
    typed.set(name, code);
    return name;
  });
  const answer = JSON.parse(decoder.decode(quote(engine, encoder.encode(JSON.stringify({ ...request, codes: asked })), now))) as { outcomes: { code?: string }[] };
  const told = answer.outcomes.map((outcome) => (outcome.code !== undefined && typed.has(outcome.code) ? { ...outcome, code: typed.get(outcome.code) } : outcome));
  return { quoted: encoder.encode(JSON.stringify({ ...answer, outcomes: told })) as Uint8Array<ArrayBuffer>, ...holder, codes: asked };
}
