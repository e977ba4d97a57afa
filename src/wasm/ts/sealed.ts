/**
 * Codes of sealed campaigns. A storefront's snapshot holds such a campaign as ciphertext that opens with its code alone; to try a
 * code takes a tenth of a second and 19 MiB, in a module of its own that is fetched when the first one is tried:
 *
 * ```js
 * import { Engine } from 'counterfoil';
 *
 * const engine = await Engine.open(snapshot, keyRing);
 * if (engine.quote(request).outcomes.some(({ reasons }) => reasons.some(({ code }) => code === 'code_unknown'))) {
 *   const { unseal } = await import('counterfoil/sealed');
 *   if (await unseal(engine, 'SUMMER-25')) engine.quote(request);
 * }
 * ```
 *
 * @module
 */
import { here, type Bench } from './bench.js';
import type { Engine } from './engine.js';
import { CounterfoilError } from './error.js';
import { sealed, type ModuleSource } from './module.js';

export { CounterfoilError };
export type { ModuleSource } from './module.js';

/** How a code is tried. */
export interface UnsealOptions {
  /** The wasm module, where the host has it at hand; otherwise it is fetched from beside this script. */
  module?: ModuleSource;
  /** The moment, UTC milliseconds, where it is not now: the snapshot is checked again, and must not have ended. */
  now?: number;
}

/** So many tries that open nothing are made within so many milliseconds: a device has other things to do. */
const MOST_IN_VAIN = 3;
const WITHIN = 10_000;

/** When the last tries that opened nothing were made. */
const inVain: number[] = [];

let bench: Bench = here;

/** @internal Has codes tried elsewhere. Called once, by the entry file. */
export function tryWith(other: Bench): void {
  bench = other;
}

/** Tries that are under way, one after another: each takes the memory of one. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Tries a code on the sealed campaigns of an open snapshot. Where it opens one, the engine knows the code from now on, and answers
 * as if its campaign had never been sealed; its sessions do so with their next change. Returns whether it opened any.
 *
 * One code is tried at a time, in pages in a thread of its own. After three within ten seconds that opened nothing the next one is
 * refused; `params.retryAfter` tells how many milliseconds to wait.
 *
 * @throws {@link CounterfoilError} `too_many_tries`, `sealed_malformed`, `memory_unavailable`; `snapshot_expired` where the snapshot
 * has ended
 */
export function unseal(engine: Engine, code: string, options: UnsealOptions = {}): Promise<boolean> {
  const tried = last.then(() => attempt(engine, code, options));
  last = tried.catch(() => undefined);
  return tried;
}

async function attempt(engine: Engine, code: string, { module: source, now = Date.now() }: UnsealOptions): Promise<boolean> {
  const oldest = inVain.at(-MOST_IN_VAIN);
  const wait = oldest === undefined ? 0 : Math.ceil(oldest + WITHIN - performance.now());
  if (wait > 0) throw tooManyTries(wait);
  const module = await sealed.load(source);
  const tried = await bench(module, [...engine.openedWith(now), new TextEncoder().encode(code)]);
  if ('refusal' in tried) throw new CounterfoilError(tried.refusal);
  if (tried.section.length > 0) {
    engine.takeOpened(tried.section, now);
    return true;
  }
  inVain.push(performance.now());
  if (inVain.length > MOST_IN_VAIN) inVain.shift();
  return false;
}

function tooManyTries(retryAfter: number): CounterfoilError {
  const message = `${MOST_IN_VAIN} codes were tried within ${WITHIN / 1_000} seconds, and none opened anything`;
  const help = 'wait a moment and try again';
  return new CounterfoilError({ code: 'too_many_tries', severity: 'error', message, help, params: { retryAfter }, fixBy: 'shopper' });
}
