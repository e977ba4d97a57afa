import { CounterfoilError, type Engine, type PulseTerms, type SecretKey } from 'counterfoil/workshop';
import type { Env } from './env';
import { Refusal } from './problem';
import type { Pointer } from './snapshot_store';

/** How long a pulse is good: who hears of no newer one meanwhile is told to be stale, and an edge stops quoting. */
const LIFE_MS = 5 * 60_000;

/** A new one is signed so often, and whenever another campaign is stopped. */
export const EVERY_MS = 5_000;

/** Until a publish is seen everywhere, what was published before it may go on. */
const SETTLING_MS = 5 * 60_000;

/** What a pulse says now of the snapshot in force. Moments are those of a grid, so that all who sign sign alike. */
export function pulseTerms({ version, publishedAt }: Pointer, stopped: readonly string[], now: number): PulseTerms {
  const issuedAt = now - (now % EVERY_MS);
  return { issuedAt, expiresAt: issuedAt + LIFE_MS, stopped, minVersion: now - publishedAt < SETTLING_MS ? 1 : version };
}

/** The key that signs pulses, where the shop has set one. */
export function pulseKey(env: Env): SecretKey | undefined {
  if (!env.PULSE_KEY) return undefined;
  try {
    return JSON.parse(env.PULSE_KEY) as SecretKey;
  } catch {
    throw new Refusal(503, {
      code: 'pulse_key_invalid',
      message: 'The secret PULSE_KEY is not JSON.',
      help: 'Set it to the whole text of the key file that `counterfoil keygen --role pulse` wrote.',
      fixBy: 'developer',
    });
  }
}

/** Signs a pulse for the snapshot that is open, and tries it there: nothing is handed out that a page would refuse. */
export function signedPulse(engine: Engine, terms: PulseTerms, key: SecretKey, now: number): Uint8Array<ArrayBuffer> {
  try {
    const bytes = engine.signPulse(terms, [key]);
    engine.takePulse(bytes, { now });
    return bytes;
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, 503) : error;
  }
}

/** The last pulse that this isolate has heard of, of which all who ask within a moment are answered. */
let heard: { at: number; pulse: Uint8Array<ArrayBuffer> } | undefined;
/** How often that was forgotten. */
let forgotten = 0;

/** How long an isolate answers with what it has heard. */
const HEARD_MS = 2_000;

/** The pulse of storefronts, as the catalogue signs it. Requests share no hearing, as with a note; who asks meanwhile goes by the one before. */
export async function pulseOf(env: Env, now: number): Promise<Uint8Array<ArrayBuffer>> {
  const known = heard;
  if (known && now - known.at < HEARD_MS) return known.pulse;
  const hearing = known && { ...known, at: now };
  heard = hearing;
  const before = forgotten;
  try {
    const outcome = await env.CATALOGUE.getByName('catalogue').pulse();
    if (!('done' in outcome)) throw new Refusal(outcome.status, outcome.problem);
    const pulse = new Uint8Array(outcome.done);
    // something may have been stopped in between
    if (heard === hearing && forgotten === before) heard = { at: now, pulse };
    return pulse;
  } catch (error) {
    if (heard === hearing) heard = undefined;
    throw error;
  }
}

/** What was heard is behind: something was stopped here. */
export function forgetPulse(): void {
  heard = undefined;
  forgotten += 1;
}

export function pulseKeyNotSet(): Refusal {
  return new Refusal(503, {
    code: 'pulse_key_not_set',
    message: 'The worker has no key to sign pulses with.',
    help: 'Set the secret PULSE_KEY to the text of the key file that `counterfoil keygen --role pulse` wrote, and name its public half in the key ring.',
    fixBy: 'developer',
  });
}
