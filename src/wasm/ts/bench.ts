// One try of one code in the module of sealed codes: in the page's own thread, or in one beside it.

import { CounterfoilError, engineFailed, isTrap, type Diagnostic } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance } from './instance.js';

/** The exports of the module, described where they are written in Rust. */
interface SealedExports extends CoreExports {
  cf_unseal(snapshot: number, keyRing: number, options: number, root: number, held: number, code: number): number;
}

/** What a try needs: the snapshot, the key ring, the options, root documents, what codes have opened so far, and the code. */
export type Attempt = readonly Uint8Array[];

/** What came of it: the section that the code opens, of no length where it opens none, or a refusal. */
export type Tried = { section: Uint8Array } | { refusal: Diagnostic };

/** Tries a code. The instance is dropped afterwards: memory that it has taken would never come back. */
export function tryCode(module: WebAssembly.Module, parts: Attempt): Tried {
  try {
    const core = new WebAssembly.Instance(module, {}).exports as unknown as SealedExports;
    const instance = new Instance(module, core);
    instance.write(...parts);
    const [bytes, keyRing, demanded, root, held, typed] = parts.map(({ length }) => length) as [number, number, number, number, number, number];
    return { section: instance.answer(core.cf_unseal(bytes, keyRing, demanded, root, held, typed)).slice() };
  } catch (error) {
    const refusal = isTrap(error) ? engineFailed(error) : error;
    if (refusal instanceof CounterfoilError) return { refusal: refusal.toJSON() };
    throw error;
  }
}

/** Where a code is tried. */
export type Bench = (module: WebAssembly.Module, parts: Attempt) => Promise<Tried>;

/** In this thread, which does nothing else meanwhile. */
export const here: Bench = async (module, parts) => tryCode(module, parts);

/**
 * In a worker of its own, which ends with the try. Where none is to be had, because the page's policy forbids it or the script is another
 * origin's, in this thread.
 */
export function beside(start: () => Worker): Bench {
  return async (module, parts) => (await inWorker(start, module, parts)) ?? here(module, parts);
}

function inWorker(start: () => Worker, module: WebAssembly.Module, parts: Attempt): Promise<Tried | undefined> {
  return new Promise((done) => {
    let worker: Worker;
    try {
      worker = start();
    } catch {
      return done(undefined);
    }
    const end = (tried: Tried | undefined) => {
      worker.terminate();
      done(tried);
    };
    worker.onmessage = ({ data }: MessageEvent<Tried>) => end(data);
    worker.onerror = worker.onmessageerror = () => end(undefined);
    worker.postMessage({ module, parts });
  });
}
