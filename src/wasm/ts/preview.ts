/**
 * What a member would earn with a cart, how far the next level is, and which rewards are in reach: told beside the quote, in the
 * page, without a network. The rules come with the snapshot that the page has; the module that reads them is fetched with the first
 * preview:
 *
 * ```js
 * const { preview } = await import('counterfoil/loyalty');
 * const { quote, programmes } = await preview(engine, request, [statement]);
 * programmes[0].hints[0].message; // "41.00 EUR more this year to `gold`"
 * ```
 *
 * It is told and not decided: the ledger decides, by the same rules.
 *
 * @packageDocumentation
 */
import type { Engine } from './engine.js';
import { CounterfoilError, engineFailed, isTrap } from './error.js';
import type { CoreExports } from './glue.js';
import { toJson } from './instance.js';
import type { Live } from './live.js';
import { HostModule, type ModuleSource } from './module.js';
import type { LoyaltyAccount, LoyaltyPreview } from './loyalty.js';
import type { QuoteRequest } from './types.js';

export { CounterfoilError };
export type { Engine } from './engine.js';
export type { ModuleSource } from './module.js';
export type * from './loyalty.js';
export type { Quote, QuoteRequest } from './types.js';

/** How a preview is made. */
export interface PreviewOptions {
  /** The moment, UTC milliseconds, where the request names none and it is not now. */
  now?: number;
  /** The wasm module, where the host has it at hand; otherwise it is fetched from beside this script. */
  module?: ModuleSource;
}

/** The exports of the module that the storefront's has not. */
interface PreviewExports extends CoreExports {
  cf_preview(length: number, now: number, fallback: number): number;
}

/** @internal The module, as each host gets at it. */
export const loyalty = new HostModule();

/** What an engine has open, in the module of previews; another one once the engine has taken something. */
const beside = new WeakMap<Live, { changes: number; live: Live }>();

/**
 * Answers a request as `engine.quote` does, and tells what its customer would earn and could have. `accounts` are statements of
 * the ledger, or as much of them as the page knows; campaigns are told what the accounts hold.
 *
 * @throws {@link CounterfoilError} as `engine.quote`
 */
export async function preview(engine: Engine, request: QuoteRequest, accounts: readonly LoyaltyAccount[] = [], options: PreviewOptions = {}): Promise<LoyaltyPreview> {
  const module = await loyalty.load(options.module);
  const [own, changes] = [engine.ask((live) => live), engine.changes];
  const known = beside.get(own);
  const live = known?.changes === changes ? known.live : engine.begun(module);
  beside.set(own, { changes, live });
  const { now = Date.now() } = options;
  try {
    const body = toJson({ request, accounts });
    live.write(body);
    return JSON.parse(live.text((live.exports as PreviewExports).cf_preview(body.length, NaN, now))) as LoyaltyPreview;
  } catch (error) {
    if (!isTrap(error)) throw error;
    beside.delete(own);
    throw engineFailed(error);
  }
}
