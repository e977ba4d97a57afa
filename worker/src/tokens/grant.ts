import { CounterfoilError, type Engine } from 'counterfoil/workshop';
import type { Env } from '../env';
import { keyRing } from '../key_ring';
import { Refusal } from '../problem';
import { hexadecimal, type Keys } from './keys';
import { preAuthentication, sign } from './paseto';
import { footer, keysOf } from './quote_token';

/** How long a page may preview what a code opens. */
const LIFE_MS = 15 * 60_000;

/** Not in the token, and known to both sides: a token for something else is no grant. */
const PURPOSE = 'counterfoil/grant/v1:';

const encoder = new TextEncoder();

/** What a page is given for the codes that a shopper has typed. */
export interface Granted {
  /** The campaign of each code; null of one that is not good here, whatever the reason. */
  campaigns: readonly (string | null)[];
  /** The token, a line feed, the campaigns; nothing when no code is good. */
  grant?: Uint8Array<ArrayBuffer>;
  expiresAt: number;
}

/**
 * Grants a shopper what their codes open, for a quarter of an hour and for the snapshot in force: a PASETO v4.public token, signed
 * by the key of the edge, that names by their hash the campaigns which follow it.
 */
export async function grant(env: Env, engine: Engine, codes: readonly string[], customer: string, now: number): Promise<Granted> {
  const { id, signing } = await trusted(env);
  const expiresAt = now + LIFE_MS;
  const { campaigns, section } = opened(engine, codes, customer, now, expiresAt);
  const good = campaigns.filter((campaign) => campaign !== null);
  if (good.length === 0) return { campaigns, expiresAt };
  const { audience, environment, revision, version } = engine.snapshot;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', section));
  const about = [audience, environment, revision, String(version), customer].map((text) => encoder.encode(text));
  const bound = new Uint8Array(await crypto.subtle.digest('SHA-256', preAuthentication([...about, hash])));
  const moment = (time: number): string => new Date(time).toISOString();
  // `until` first: readers without a parser of JSON find it there
  const claims = { until: expiresAt, exp: moment(expiresAt), iat: moment(now), aud: audience, environment, revision, version, campaigns: [...new Set(good)], section: hexadecimal(hash) };
  const token = await sign(signing, JSON.stringify(claims), footer(id), PURPOSE + hexadecimal(bound));
  return { campaigns, grant: new Uint8Array([...encoder.encode(`${token}\n`), ...section]), expiresAt };
}

function opened(engine: Engine, codes: readonly string[], customer: string, now: number, until: number): ReturnType<Engine['granting']> {
  try {
    return engine.granting(codes, customer === '' ? undefined : customer, now, until);
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, 422) : error;
  }
}

/** The key of the edge, where pages trust it. Where root documents say whom they trust, they are asked instead. */
async function trusted(env: Env): Promise<Keys> {
  const keys = await keysOf(env);
  const { root, edge } = keyRing(env).roles;
  if (root || edge?.keys.some(({ publicKey }) => publicKey === keys.publicKey)) return keys;
  throw new Refusal(503, {
    code: 'edge_key_not_trusted',
    message: 'The key ring does not name the key that the worker signs grants with, so no page would take them.',
    help: 'Make a key with `counterfoil keygen --role edge --key-ring <file>`, and set QUOTE_KEY and KEY_RING to the two files.',
    at: { document: 'key_ring', pointer: '/roles/edge' },
    fixBy: 'developer',
  });
}
