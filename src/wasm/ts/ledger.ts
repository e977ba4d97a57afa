import { engineFailed, isTrap } from './error.js';
import type { CoreExports } from './glue.js';
import { Instance } from './instance.js';
import { workshop } from './module.js';

/** The exports that only the workshop has. */
interface LedgerExports extends CoreExports {
  cf_ledger_decide(programme: number, state: number, command: number): number;
  cf_ledger_rows(programme: number, state: number, command: number): number;
  cf_ledger_statement(programme: number, state: number, account: number, now: number): number;
  cf_ledger_remaining(programme: number, state: number, allowance: number, now: number): number;
  cf_ledger_leaders(state: number): number;
  cf_ledger_growth(figures: number): number;
  cf_ledger_charge(programme: number, request: number, quote: number): number;
  cf_ledger_order(order: number, said: number, now: number): number;
}

const encoder = new TextEncoder();

/**
 * What may be redeemed and spent, decided in one place: JSON texts in, JSON texts out, as they lie in storage. It keeps
 * nothing: whoever calls it loads rows and stores them. `docs/ledger.md` says which, and in which order.
 *
 * ```ts
 * const ledger = await Ledger.open();
 * const programme = '{ "schemes": { "gift": { "unit": "EUR" } } }';
 * const refill = { key: 'k1', now: 1772359200000, type: 'refill', account: 'card-1', scheme: 'gift', lot: 'sold', amount: 2500 };
 * const { answer } = JSON.parse(ledger.decide(programme, '{ "version": 1 }', JSON.stringify(refill)));
 * answer.accounts[0].available; // 2500
 * ```
 */
export class Ledger {
  readonly #module: WebAssembly.Module;
  #bench: Instance | undefined;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** Makes the module ready; what follows answers at once. */
  static async open(): Promise<Ledger> {
    return new Ledger(await workshop.load());
  }

  /** Decides a command on the rows that were loaded: `answer`, `events`, `repeated`, `state` and `touched`. */
  decide(programme: string, state: string, command: string): string {
    return this.#ask([programme, state, command], (core, [a, b, c]) => core.cf_ledger_decide(a, b, c));
  }

  /** The rows that a command needs, as far as those show that are loaded. */
  rows(programme: string, state: string, command: string): string {
    return this.#ask([programme, state, command], (core, [a, b, c]) => core.cf_ledger_rows(a, b, c));
  }

  /** The statement of an account at a moment, UTC milliseconds; or `answer`, a refusal. */
  statement(programme: string, state: string, account: string, now: number): string {
    return this.#ask([programme, state, account], (core, [a, b, c]) => core.cf_ledger_statement(a, b, c, now));
  }

  /** What the limits for everybody have left of an allowance, by the counters that are loaded: a list; or `answer`, a refusal. */
  remaining(programme: string, state: string, allowance: string, now: number): string {
    return this.#ask([programme, state, allowance], (core, [a, b, c]) => core.cf_ledger_remaining(a, b, c, now));
  }

  /** Who brought most friends, of the referrals that are loaded: `referrer` and `conversions`, the most first; or `answer`, a refusal. */
  leaderBoard(state: string): string {
    return this.#ask([state, '', ''], (core, [a]) => core.cf_ledger_leaders(a));
  }

  /**
   * What inviting friends brings, by `customers`, what they `paid`, `invitations`, `conversions`, and `lifetimeValue` and `reward`
   * where they are given: `lifetimeValue`, and as decimals `invitationsPerCustomer`, `conversionRate`, `k` and `returnOnReward`, null
   * where that would be divided by nothing; or `answer`, a refusal.
   */
  growth(figures: string): string {
    return this.#ask([figures, '', ''], (core, [a]) => core.cf_ledger_growth(a));
  }

  /** What the quote of a request is charged and what it uses; or `answer`, a refusal. */
  charge(programme: string, request: string, quote: string): string {
    return this.#ask([programme, request, quote], (core, [a, b, c]) => core.cf_ledger_charge(a, b, c));
  }

  /**
   * Takes note of what is said about an order that is kept in several places: `order` as it stands then, its `verdict`,
   * and the `steps` to take next; or `answer`, a refusal.
   */
  order(order: string, said: string, now: number): string {
    return this.#ask([order, said, ''], (core, [a, b]) => core.cf_ledger_order(a, b, now));
  }

  #ask(texts: [string, string, string], call: (core: LedgerExports, lengths: [number, number, number]) => number): string {
    const bytes = texts.map((text) => encoder.encode(text));
    const bench = (this.#bench ??= new Instance(this.#module));
    try {
      bench.write(...bytes);
      const [a, b, c] = bytes as [Uint8Array, Uint8Array, Uint8Array];
      return bench.text(call(bench.exports as LedgerExports, [a.length, b.length, c.length]));
    } catch (error) {
      // an instance in a state nobody knows
      this.#bench = undefined;
      throw isTrap(error) ? engineFailed(error) : error;
    }
  }
}
