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
import type { Engine } from './engine.js';
import { CounterfoilError, engineFailed, isTrap } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance } from './instance.js';
import { sealed, type ModuleSource } from './module.js';

export { CounterfoilError };
export type { ModuleSource } from './module.js';

/** The exports of the module, described where they are written in Rust. */
interface SealedExports extends CoreExports {
  cf_unseal(snapshot: number, keyRing: number, options: number, root: number, held: number, code: number): number;
}

/** How a code is tried. */
export interface UnsealOptions {
  /** The wasm module, where the host has it at hand; otherwise it is fetched from beside this script. */
  module?: ModuleSource;
  /** The moment, UTC milliseconds, where it is not now: the snapshot is checked again, and must not have ended. */
  now?: number;
}

/** Tries that are under way, one after another: each takes the memory of one. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Tries a code on the sealed campaigns of an open snapshot. Where it opens one, the engine knows the code from now on, and answers
 * as if its campaign had never been sealed; its sessions do so with their next change. Returns whether it opened any.
 *
 * @throws {@link CounterfoilError} `sealed_malformed`, `memory_unavailable`; `snapshot_expired` where the snapshot has ended
 */
export function unseal(engine: Engine, code: string, options: UnsealOptions = {}): Promise<boolean> {
  const tried = last.then(() => attempt(engine, code, options));
  last = tried.catch(() => undefined);
  return tried;
}

async function attempt(engine: Engine, code: string, { module: source, now = Date.now() }: UnsealOptions): Promise<boolean> {
  const module = await sealed.load(source);
  try {
    // an instance for each try: memory that it has taken would never come back
    const core = new WebAssembly.Instance(module, {}).exports as unknown as SealedExports;
    const instance = new Instance(module, core);
    const parts = [...engine.openedWith(now), new TextEncoder().encode(code)];
    instance.write(...parts);
    const [bytes, keyRing, demanded, root, held, typed] = parts.map(({ length }) => length) as [number, number, number, number, number, number];
    const section = instance.answer(core.cf_unseal(bytes, keyRing, demanded, root, held, typed));
    if (section.length === 0) return false;
    engine.takeOpened(section.slice(), now);
    return true;
  } catch (error) {
    throw isTrap(error) ? engineFailed(error) : error;
  }
}
