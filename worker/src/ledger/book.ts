import type { Ledger } from 'counterfoil/workshop';
import { Kept, type Heard } from '../backup/kept';
import type { Env } from '../env';
import type { Answer } from './answer';
import { Escrow, type GivenBack, type Terms, type Wanted } from './escrow';
import type { OwnAllowance } from '../redemption/own_codes';
import { ANSWERS_KEPT_MS, FORGET_EVERY_MS, Forgetting, NOBODY, type Invitations } from './forgetting';
import { ledger, ofBook, programmeOf, split, withAllowances } from './programme';
import { RowStore, type Rows } from './row_store';

/** Referrals that are counted at once. */
const REFERRALS_PAGE = 2_000;

/** Refusals of what shards may have. */
const LIMITS: ReadonlySet<string> = new Set(['uses_limit_reached', 'budget_limit_reached']);

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

/** What was counted of an allowance. */
export interface Counter {
  uses?: number;
  heldUses?: number;
  spent?: number;
  heldAmount?: number;
}

/** Somebody, and how many of the friends they invited converted. */
export interface Leader {
  referrer: string;
  conversions: number;
}

/** What the book of invitations counts. */
export interface Referrals {
  leaders: Leader[];
  invitations: number;
  conversions: number;
}

/** What a book answers. */
export interface Told extends Heard {
  answer: Answer;
  repeated: boolean;
  /** What has happened by it, now or when it came first: what other rules may give something for. */
  events?: object[];
  /** What the next command was answered, when it was carried out too. */
  next?: Answer;
}

/**
 * One thing that must be exact: a campaign with its budgets, a shard of it, an account, the invitations. Its rows, its log
 * and its first answers lie in one SQLite database, and each command is one transaction on it.
 */
export class Book extends Kept {
  protected override readonly logs = ['event'];
  readonly #store: RowStore;
  readonly #forgetting: Forgetting;
  readonly #name: string;
  readonly #escrow: Escrow;
  #programme: { sha256: string; stopped: boolean; text: string } | undefined;
  #ringsAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new RowStore(ctx.storage);
    this.#forgetting = new Forgetting(ctx.storage.sql);
    this.#name = ctx.id.name ?? '';
    this.#escrow = new Escrow({
      name: this.#name,
      env,
      store: this.#store,
      decide: async (sha256, command) => (await this.#decide(await this.#programmeBy(sha256), command)).answer,
      heard: ({ epoch }) => this.reach(epoch),
      epoch: () => this.epoch,
      consider: async (sha256, command) => this.#consider(await ledger(), await this.#programmeBy(sha256), JSON.stringify({ ...command, now: Date.now() })).answer,
    });
    void ctx.blockConcurrencyWhile(async () => {
      this.#ringsAt = (await ctx.storage.getAlarm()) ?? undefined;
    });
  }

  /**
   * Decides a command by the programme of a published snapshot, and stores what comes of it. What it takes the place of, a
   * reservation that is held, is released with it or not at all. Unique codes are counted by `own`. `next` is carried out too
   * where the command is accepted: it is what its caller would send for in any case.
   */
  async carryOut(sha256: string, command: Command, epoch: number, insteadOf?: string, own?: Record<string, OwnAllowance>, next?: Command): Promise<Told> {
    this.reach(epoch);
    await this.#enlist();
    const programme = withAllowances(await this.#programmeBy(sha256), own);
    if (this.#escrow.hasLent) await this.#gatherFor(sha256, programme, command);
    const { answer, repeated, events } = await this.#decide(programme, command, insteadOf);
    const then = next && answer.status === 'accepted' ? (await this.#decide(programme, next)).answer : undefined;
    const happened = repeated ? this.#store.eventsOf(command.key) : events;
    return { answer, repeated, epoch: this.epoch, ...(this.#name.startsWith('account:') && { events: happened }), ...(then && { next: then }) };
  }

  /** What a limit has no room for may lie idle on a shard. */
  async #gatherFor(sha256: string, programme: string, command: Command): Promise<void> {
    const { answer } = this.#consider(await ledger(), programme, JSON.stringify({ ...command, now: Date.now() }));
    if (answer.status === 'refused' && LIMITS.has(answer.refusal.code)) await this.#escrow.gather(sha256);
  }

  /** At home: a block of its limits for a shard, as `Escrow` has it. */
  async lend(sha256: string, shard: string, wanted: Wanted, epoch: number): Promise<{ terms: Terms | null } & Heard> {
    this.reach(epoch);
    await this.#enlist();
    const terms = this.#isStopped() ? null : await this.#escrow.lend(sha256, shard, wanted);
    return { terms, epoch: this.epoch };
  }

  /** On a shard: the block to use. */
  async block(sha256: string, allowance: string, uses: number, amount: number): Promise<string | null> {
    await this.#enlist();
    return this.#escrow.block(sha256, allowance, uses, amount);
  }

  /** On a shard: what it does not need. */
  async giveBack(sha256: string, round: number, leases: never, epoch: number): Promise<{ back: GivenBack[] } & Heard> {
    this.reach(epoch);
    return { back: await this.#escrow.giveBack(sha256, round, leases), epoch: this.epoch };
  }

  /** At home: over how many shards its uses are spread from now on. */
  async setShards(sha256: string, shards: number): Promise<void> {
    await this.#enlist();
    await this.#escrow.setShards(sha256, shards);
  }

  /** The statement of the account that this book keeps; or `answer`, a refusal. */
  async statement(sha256: string, account: string): Promise<object> {
    const programme = await this.#programmeBy(sha256);
    // what ceilings and rewards have left: in an account's book all that is counted is its own
    const counters = this.#store.all('counters').map(([name]) => name);
    const state = this.#store.load({ accounts: [account], counters });
    return JSON.parse((await ledger()).statement(programme, state, account, Date.now())) as object;
  }

  /** What the limits for everybody have left of an allowance that this book keeps, here and on its shards. */
  async remaining(sha256: string, allowance: string): Promise<object[]> {
    const programme = await this.#programmeBy(sha256);
    const { counters } = await this.counters([allowance]);
    const ofStretches = this.#store.between('counters', `${allowance}|`, `${allowance}}`).filter(([name]) => !name.includes('|customer|'));
    const state = JSON.stringify({ version: 1, counters: { ...Object.fromEntries(ofStretches), [allowance]: counters[allowance] } });
    const told = JSON.parse((await ledger()).remaining(programme, state, allowance, Date.now())) as object[];
    // of one that the programme does not name any more nothing is told
    return Array.isArray(told) ? told : [];
  }

  /** What happened here, and where the next page begins. */
  events(after: number, limit: number): { events: object[]; next: number | null } {
    const rows = this.#store.events(after, limit);
    const events = rows.map(({ seq, value }) => ({ seq, ...(JSON.parse(value) as object) }));
    return { events, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /** Who brought most friends that converted, how many friends came by an invitation, and how many of them converted. */
  async referrals(most: number): Promise<Referrals> {
    const core = await ledger();
    const leaders = new Map<string, number>();
    for (let [after, isMore] = ['', true]; isMore; ) {
      const { state, last } = this.#store.page('referrals', after, REFERRALS_PAGE);
      for (const { referrer, conversions } of JSON.parse(core.leaderBoard(state)) as Leader[]) leaders.set(referrer, (leaders.get(referrer) ?? 0) + conversions);
      [after, isMore] = [last ?? '', last !== undefined];
    }
    const conversions = [...leaders.values()].reduce((sum, more) => sum + more, 0);
    leaders.delete(NOBODY);
    const all = Array.from(leaders, ([referrer, conversions]): Leader => ({ referrer, conversions }));
    all.sort((one, other) => other.conversions - one.conversions || (one.referrer < other.referrer ? -1 : 1));
    return { leaders: all.slice(0, most), invitations: this.#store.count('referrals'), conversions };
  }

  /** How much is used of its allowances, live, here and on its shards. */
  async counters(allowances: readonly string[]): Promise<{ stopped: boolean; shards: number; counters: Record<string, Counter> }> {
    const counted = allowances.map((name) => [name, this.#store.row<Counter>('counters', name) ?? {}] as [string, Counter]);
    // also of budgets that a snapshot without the campaign does not name
    const [, name] = split(this.#name);
    const earlier = this.#store.between<Counter>('counters', `${name}/`, `${name}0`).filter(([counter]) => !counter.includes('|') && !counter.includes('/code:'));
    const counters: Record<string, Counter> = Object.fromEntries([...counted, ...earlier]);
    const shards = await Promise.all(this.#escrow.shardNames().map((shard) => bookOf(this.env, `lease:${shard}`).counted()));
    for (const { allowance, counter } of shards.flat()) counters[allowance] = sum(counters[allowance] ?? {}, counter);
    return { stopped: this.#isStopped(), shards: this.#escrow.shards, counters };
  }

  /** On a shard: what it has counted. */
  counted(): { allowance: string; counter: Counter }[] {
    return this.#escrow.counted();
  }

  /** From the moment this returns nothing more is reserved here and on its shards, or is again. */
  async setStopped(stopped: boolean): Promise<void> {
    await this.#enlist();
    this.#store.set('stopped', stopped ? 'yes' : undefined);
    await Promise.all(this.#escrow.shardNames().map((shard) => bookOf(this.env, `lease:${shard}`).setStopped(stopped)));
  }

  /** Holds that nobody confirmed are free again. */
  override async alarm(): Promise<void> {
    this.#ringsAt = undefined;
    const sha256 = this.#store.setting('programme');
    if (sha256 === undefined) return;
    const programme = await this.#programmeBy(sha256);
    const now = Date.now();
    const lapse = { key: `lapse/${now}`, type: 'lapse' };
    await this.#decide(programme, lapse);
    this.#forgetting.drop(lapse.key);
    if (now >= this.#forgetAt()) await this.#forget(programme, now);
    await this.#setAlarm();
  }

  /** Forgets what is long over, some rows in each transaction. */
  async #forget(programme: string, now: number): Promise<void> {
    const core = await ledger();
    const some = (): boolean => {
      const over = this.#forgetting.over(now);
      if (!over) return false;
      const command = { key: `forget/${now}`, type: 'forget', before: over.before, now };
      const decided = JSON.parse(core.decide(programme, over.state, JSON.stringify(command))) as Decided;
      if (decided.answer.status === 'refused') throw new Error(`not forgotten: ${decided.answer.refusal.code}, ${decided.answer.refusal.message}`);
      this.#store.store(command.key, decided, now);
      this.#forgetting.drop(command.key);
      return !over.isAll;
    };
    while (this.ctx.storage.transactionSync(some));
    this.#store.set('forget_at', this.#forgetting.isToCome ? String(now + FORGET_EVERY_MS) : undefined);
  }

  #forgetAt(): number {
    return Number(this.#store.setting('forget_at') ?? Infinity);
  }

  /** Whether an order that is on its way draws on what this book keeps. */
  isHeld(): boolean {
    return this.#forgetting.isHeld;
  }

  /** Leaves nothing of the account that this book keeps. */
  async clear(): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#forgetting.clear());
    await this.ctx.storage.deleteAlarm();
    this.#ringsAt = undefined;
  }

  /** What invitations have of somebody. */
  invitationsOf(name: string): Invitations {
    return this.#forgetting.invitations(name);
  }

  /** Who invited a friend, as long as that is not rewarded. */
  inviterOf(friend: string): string | null {
    const { referrer = NOBODY, convertedAt } = this.#store.row<{ referrer: string; convertedAt?: number }>('referrals', friend) ?? {};
    return referrer === NOBODY || convertedAt !== undefined ? null : referrer;
  }

  /** Takes somebody out of the invitations. */
  takeOut(name: string): number {
    return this.ctx.storage.transactionSync(() => this.#forgetting.takeOut(name));
  }

  /** The redemptions that something stands here for, as a backup finds them. */
  redemptions(epoch: number): string[] {
    this.reach(epoch);
    return this.#store.redemptions();
  }

  override async wake(): Promise<void> {
    await this.#setAlarm();
  }

  /** A backup must know of it before it keeps anything. */
  async #enlist(): Promise<void> {
    if (this.#store.setting('enlisted') !== undefined) return;
    const { epoch } = await this.env.RECORDS.getByName('records').enlist(this.#name, this.epoch);
    this.reach(epoch);
    this.#store.set('enlisted', 'yes');
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
  async #decide(programme: string, command: Command, insteadOf?: string): Promise<Decided> {
    const core = await ledger();
    const now = Date.now();
    const decided = this.ctx.storage.transactionSync(() => {
      const instead = insteadOf === undefined ? undefined : this.#instead(core, programme, insteadOf, command, now);
      return instead ?? this.#carry(core, programme, command, now);
    });
    if (decided.events.length > 0) await this.#setAlarm();
    return decided;
  }

  /** Carries a command out on what a held reservation sets free; undefined, and nothing is set free, when it is refused all the same. */
  #instead(core: Ledger, programme: string, reservation: string, command: Command, now: number): Decided | undefined {
    const refused = Symbol('refused');
    try {
      return this.ctx.storage.transactionSync(() => {
        this.#carry(core, programme, { key: `instead/${command.key}`, type: 'release', reservation }, now);
        const outcome = this.#carry(core, programme, command, now);
        if (outcome.answer.status === 'refused') throw refused;
        return outcome;
      });
    } catch (thrown) {
      if (thrown !== refused) throw thrown;
      return undefined;
    }
  }

  #carry(core: Ledger, programme: string, command: Command, now: number): Decided {
    const outcome = this.#consider(core, programme, JSON.stringify({ ...command, now }));
    if (outcome.events.length === 0) return outcome;
    this.#store.store(command.key, outcome, now);
    if (this.#programme && this.#store.setting('programme') !== this.#programme.sha256) {
      this.#store.set('programme', this.#programme.sha256);
    }
    if (this.#store.setting('forget_at') === undefined) this.#store.set('forget_at', String(now + ANSWERS_KEPT_MS + FORGET_EVERY_MS));
    return outcome;
  }

  /** Decides without storing anything. */
  #consider(core: Ledger, programme: string, command: string): Decided {
    return JSON.parse(core.decide(programme, this.#load(core.rows.bind(core, programme), command), command)) as Decided;
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
    const next = Math.min(this.#store.nextHold() ?? Infinity, this.#forgetAt());
    if (next === Infinity || (this.#ringsAt !== undefined && this.#ringsAt <= next)) return;
    this.#ringsAt = next;
    await this.ctx.storage.setAlarm(next);
  }
}

/** The book of that name. All blocks of a shard are in one: `lease:spring/3` keeps the lease `spring/3#0`. */
export function bookOf(env: Env, name: string): DurableObjectStub<Book> {
  return env.BOOKS.getByName(name.startsWith('lease:') ? name.replace(/#.*$/, '') : name);
}

/** What a book answers to a command; `epoch` is the asking object's. */
export async function carryOut(env: Env, book: string, sha256: string, command: Command, epoch: number, insteadOf?: string, own?: Record<string, OwnAllowance>, next?: Command): Promise<Told> {
  // the types of a call to an object lose those of members that are not known
  return (await bookOf(env, book).carryOut(sha256, command as never, epoch, insteadOf, own as never, next as never)) as unknown as Told;
}

function sum(one: Counter, other: Counter): Counter {
  const members = ['uses', 'heldUses', 'spent', 'heldAmount'] as const;
  return Object.fromEntries(members.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
