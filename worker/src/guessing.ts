import type { Ask } from './api/route';
import { readJson } from './json';
import { Refusal } from './problem';
import { normaliser } from './publications/code';
import { guarded } from './publications/guarded';

/** The period of the bindings in wrangler.jsonc. */
export const PERIOD_SECONDS = 60;

/** Who asks for a quote with codes: somebody at an address, or the shop's own server in a shopper's session. */
export interface Guesser {
  codes: readonly string[];
  session?: string;
}

/**
 * Slows down who tries codes: by the address that asks, by the session that the shop's server asks for, and by the campaign
 * whose codes begin as the typed ones do, whoever types them. Every quote with codes counts, right or wrong ones, and the
 * answer of one that is over a limit is the same whatever was guessed and whichever limit it is. The address is told by
 * Cloudflare and cannot be chosen by the caller; where there is none, it is not limited.
 */
export async function assertPatient(c: Ask, { codes, session }: Guesser): Promise<void> {
  if (codes.length === 0) return;
  // all shoppers of a server have its address
  const address = session === undefined ? c.req.header('cf-connecting-ip') : undefined;
  const { GUESSES, SESSION_GUESSES, CAMPAIGN_GUESSES } = c.env;
  const campaigns = await campaignsOf(c, codes);
  const patient = await isPatient([
    ...(address === undefined ? [] : [[GUESSES, address] as const]),
    ...(session === undefined ? [] : [[SESSION_GUESSES, session] as const]),
    ...campaigns.map((campaign) => [CAMPAIGN_GUESSES, campaign] as const),
  ]);
  if (patient) return;
  throw new Refusal(
    429,
    {
      code: 'too_many_requests',
      message: 'Too many codes were tried.',
      help: 'Wait a minute before you try another code.',
      at: { document: 'request', pointer: '/codes' },
      params: { seconds: PERIOD_SECONDS },
      fixBy: 'shopper',
    },
    { 'retry-after': String(PERIOD_SECONDS) },
  );
}

/** Counts a try by each of these; whether it is within the limits of all. */
export async function isPatient(by: readonly (readonly [limit: RateLimit, key: string])[]): Promise<boolean> {
  // each is counted, so that the others are not found out by the one that is over
  const counted = await Promise.all(by.map(([limit, key]) => limit.limit({ key })));
  return counted.every(({ success }) => success);
}

/** The codes of a request, whatever else is wrong with it. */
export function codesOf(request: unknown): string[] {
  const { codes } = (request ?? {}) as { codes?: unknown };
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
}

/** The same of its bytes, which the engine reads as this does. */
export function codesIn(body: Uint8Array): string[] {
  return codesOf(readJson(body));
}

/** The campaigns with codes that each are somebody's, and begin as these do. */
async function campaignsOf(c: Ask, codes: readonly string[]): Promise<string[]> {
  const prefixes = Object.entries(await guarded.read(c.env, Date.now())).filter(([, prefix]) => prefix !== '');
  if (prefixes.length === 0) return [];
  const typed = codes.map(await normaliser());
  return prefixes.filter(([, prefix]) => typed.some((code) => code.startsWith(prefix))).map(([campaign]) => campaign);
}
