import type { KeyRing } from 'counterfoil/workshop';
import type { Env } from './env';
import { Refusal } from './problem';

/** The key ring as the shop configured it. Nothing is served unsigned because it is missing. */
export function keyRingText(env: Env): string {
  if (env.KEY_RING) return env.KEY_RING;
  throw new Refusal(503, {
    code: 'key_ring_not_set',
    message: 'The worker has no key ring, so it trusts no snapshot.',
    help: 'Set the variable KEY_RING to the JSON text of the key ring that `counterfoil keygen` wrote.',
    fixBy: 'developer',
  });
}

export function keyRing(env: Env): KeyRing {
  const text = keyRingText(env);
  try {
    // The engine checks every field when it opens a snapshot.
    return JSON.parse(text) as KeyRing;
  } catch {
    throw new Refusal(503, {
      code: 'key_ring_invalid',
      message: 'The variable KEY_RING is not JSON.',
      help: 'Set it to the whole text of the key ring file, quotes included.',
      at: { document: 'key_ring', pointer: '' },
      fixBy: 'developer',
    });
  }
}
