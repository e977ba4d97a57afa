import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env';
import type { Answer } from './answer';
import { ledger, ofBook, programmeOf } from './programme';
import { RowStore, type Rows } from './row_store';

/** Answers and ended reservations are forgotten so long after; keys are good for as long. */
const KEPT_MS = 35 * 86_400_000;

/** What the ledger decides. */
interface Decided {
  answer: Answer;
  events: { type: string; at?: number }[];
  repeated: boolean;
  state: Record<string, Record<string, unknown>>;
  touched: Rows;
}

/** A command as the ledger reads it; `now` is the book's own. */
export interface Command {
  key: string;
  type: string;
  [member: string]: unknown;
}

/** What a book answers. */
export interface Told {
  answer: Answer;
  repeated: boolean;
}

/**
 * One thing that must be exact: a campaign with its budgets, an account, the invitations. Its rows, its log and its first
 * answers lie in one SQLite database, and each command is one transaction on it.
 */
export class Book extends DurableObject<Env> {
  readonly #store: RowStore;
  readonly #name: string;
  #programme: { sha256: string; stopped: boolean; text: string } | undefined;
  #ringsAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new RowStore(ctx.storage);
    this.#name = ctx.id.name ?? '';
    void ctx.blockConcurrencyWhile(async () => {
      this.#ringsAt = (await ctx.storage.getAlarm()) ?? undefined;
    });
  }

  /** Decides a command by the programme of a published snapshot, and stores what comes of it. */
  async carryOut(sha256: string, command: Command): Promise<Told> {
    const programme = await this.#programmeBy(sha256);
    const { answer, repeated } = await this.#decide(programme, command);
    return { answer, repeated };
  }

  /** The statement of the account that this book keeps; or `answer`, a refusal. */
  async statement(sha256: string, account: string): Promise<object> {
    const programme = await this.#programmeBy(sha256);
    const state = this.#store.load({ accounts: [account] });
    return JSON.parse((await ledger()).statement(programme, state, account, Date.now())) as object;
  }

  /** What happened here, and where the next page begins. */
  events(after: number, limit: number): { events: object[]; next: number | null } {
    const rows = this.#store.events(after, limit);
    const events = rows.map(({ seq, value }) => ({ seq, ...(JSON.parse(value) as object) }));
    return { events, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /** How much is used of an allowance, live. */
  counters(allowances: readonly string[]): { stopped: boolean; counters: Record<string, object> } {
    const counters = Object.fromEntries(allowances.map((name) => [name, this.#store.row<object>('counters', name) ?? {}]));
    return { stopped: this.#isStopped(), counters };
  }

  /** From the moment this returns nothing more is reserved here, or is again. */
  setStopped(stopped: boolean): void {
    this.#store.set('stopped', stopped ? 'yes' : undefined);
  }

  /** Holds that nobody confirmed are free again. */
  override async alarm(): Promise<void> {
    this.#ringsAt = undefined;
    const sha256 = this.#store.setting('programme');
    if (sha256 === undefined) return;
    const programme = await this.#programmeBy(sha256);
    const now = Date.now();
    await this.#decide(programme, { key: `lapse/${now}`, type: 'lapse' });
    await this.#decide(programme, { key: `forget/${now}`, type: 'forget', before: now - KEPT_MS });
  }

  #isStopped(): boolean {
    return this.#store.setting('stopped') !== undefined;
  }

  async #programmeBy(sha256: string): Promise<string> {
    const stopped = this.#isStopped();
    if (this.#programme?.sha256 !== sha256 || this.#programme.stopped !== stopped) {
      const text = await programmeOf(this.env, sha256);
      // it may have been stopped meanwhile
      const isStopped = this.#isStopped();
      this.#programme = { sha256, stopped: isStopped, text: ofBook(text, this.#name, isStopped) };
    }
    return this.#programme.text;
  }

  /** Loads, decides and stores in one transaction, without a pause in which another command could come between. */
  async #decide(programme: string, command: Command): Promise<Told> {
    const core = await ledger();
    const now = Date.now();
    const text = JSON.stringify({ ...command, now });
    const decided = this.ctx.storage.transactionSync(() => {
      const outcome = JSON.parse(core.decide(programme, this.#load(core.rows.bind(core, programme), text), text)) as Decided;
      if (outcome.events.length > 0) {
        this.#store.store(outcome.touched, outcome.state, outcome.events, now);
        if (this.#programme && this.#store.setting('programme') !== this.#programme.sha256) {
          this.#store.set('programme', this.#programme.sha256);
        }
      }
      return outcome;
    });
    if (decided.events.length > 0) await this.#setAlarm();
    return decided;
  }

  /** The rows that a command needs: what is loaded may name more. */
  #load(rows: (state: string, command: string) => string, command: string): string {
    let state = '{"version":1}';
    for (let known = ''; ; ) {
      const wanted = rows(state, command);
      if (wanted === known) return state;
      const named = JSON.parse(wanted) as Rows | { answer: Answer };
      // the decision will say what is wrong
      if ('answer' in named) return state;
      state = this.#store.load(named);
      known = wanted;
    }
  }

  async #setAlarm(): Promise<void> {
    const next = this.#store.nextHold();
    if (next === undefined || (this.#ringsAt !== undefined && this.#ringsAt <= next)) return;
    this.#ringsAt = next;
    await this.ctx.storage.setAlarm(next);
  }
}

/** The book of that name. */
export function bookOf(env: Env, name: string): DurableObjectStub<Book> {
  return env.BOOKS.getByName(name);
}

/** What a book answers to a command. */
export async function carryOut(env: Env, book: string, sha256: string, command: Command): Promise<Answer> {
  // the types of a call to an object lose those of members that are not known
  const told = (await bookOf(env, book).carryOut(sha256, command as never)) as unknown as Told;
  return told.answer;
}
