import { CounterfoilError, type Follows, type KnownCustomer, type LoyaltyAccount } from 'counterfoil/workshop';
import { Kept, type Heard } from '../backup/kept';
import { edgeEngine, type Opened } from '../edge_engine';
import type { Env } from '../env';
import { log } from '../log';
import { migrate } from '../migrations';
import { Refusal } from '../problem';
import type { Happening } from '../records/happenings';
import { keyReused } from '../redemption/refusals';
import type { Command, Told as Carried } from '../ledger/book';
import type { Followed } from '../redemption/redemption_store';
import { follow, inviterOf, memberOf, send, statementsOf, type Following, type Member, type Whose } from './following';
import { customerOf, type Profile } from './profile';

const MIGRATIONS = [
  `CREATE TABLE document (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE segment (name TEXT PRIMARY KEY, is_in INTEGER NOT NULL, at INTEGER NOT NULL, times INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE answer (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE task (seq INTEGER PRIMARY KEY AUTOINCREMENT, value TEXT NOT NULL);`,
];

/** How soon is tried again what others did not hear. */
const AGAIN_MS = 10_000;

/** A segment that the customer is in, and since when. */
export interface Since {
  segment: string;
  since: number;
}

/** Where the customer stands after a change, and what it brought. */
export interface Moved {
  segments: Since[];
  entered: string[];
  left: string[];
  earned: Follows['earned'][number][];
  gives: Follows['gives'][number][];
}

/** What a change or an event answers; what is refused is told by its problem, as errors lose their kind between objects. */
export type Told<T> = { done: T; repeated?: boolean } | { status: number; problem: Refusal['problem'] };

/** What others must hear of, at least once; each is harmless when it comes twice. */
type Task =
  | { type: 'tell'; id: string; happening: Happening }
  | { type: 'command'; following: Following; member: Member };

/** Who is meant, as the shop names them: never stored, but conditions may deal customers out by it. */
export interface Named {
  id: string;
  pseudonym: string;
}

interface SegmentRow extends Record<string, SqlStorageValue> {
  name: string;
  is_in: number;
  at: number;
  times: number;
}

/**
 * A customer, by their pseudonym: what the shop lets the worker keep of them, the segments they are in, and what they have
 * done. Entering a segment earns by the programme's rules, once for each time.
 */
export class Customer extends Kept {
  readonly #sql: SqlStorage;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MIGRATIONS);
    this.#sql = ctx.storage.sql;
  }

  /** Keeps this of the customer, in place of what was kept. */
  put(named: Named, profile: Profile): Promise<Told<Moved>> {
    return this.#inTurn(() => this.#change(named, profile));
  }

  /** Looks again which segments the customer is in: time passes, and documents change. */
  look(named: Named): Promise<Told<Moved>> {
    return this.#inTurn(() => this.#change(named, this.#profile() ?? {}));
  }

  /** Something of the shop's own has happened, once for each key. */
  happen(named: Named, key: string, fingerprint: string, event: string, payload: Record<string, unknown>): Promise<Told<Moved>> {
    return this.#inTurn(async () => {
      const [first] = this.#sql.exec<{ fingerprint: string; value: string }>('SELECT fingerprint, value FROM answer WHERE key = ?', key).toArray();
      if (first && first.fingerprint !== fingerprint) throw keyReused(key);
      if (first) return { done: JSON.parse(first.value) as Moved, repeated: true };
      const now = Date.now();
      const opened = await edgeEngine.opened(this.env, now);
      const { known, member } = await this.#known(opened, named, this.#profile() ?? {}, now);
      const id = `${named.pseudonym}/event/${key}`;
      const invitedBy = await inviterOf(this.env, opened, named.id);
      const follows = follow(opened, { ...known, type: 'event', id, event, payload, ...(invitedBy && { invitedBy }) });
      const happening: Happening = { at: now, type: 'event', customer: named.pseudonym, name: event, earned: follows.earned, gives: follows.gives };
      const tasks: Task[] = [{ type: 'tell', id, happening }, ...commandsOf(opened, follows, member)];
      await this.#enlist(named);
      await this.#write(tasks, () => undefined);
      const moved = await this.#change(named, this.#profile());
      const told: Moved = { ...moved, earned: [...follows.earned, ...moved.earned], gives: [...follows.gives, ...moved.gives] };
      this.#sql.exec('INSERT INTO answer VALUES (?, ?, ?)', key, fingerprint, JSON.stringify(told));
      return told;
    });
  }

  /** Sends a command, and sees to what follows from it, also when nobody waits any more. */
  ask(whose: Whose, command: Command): Promise<Told<{ told: Carried }>> {
    return this.#inTurn(async () => {
      const now = Date.now();
      const opened = await edgeEngine.opened(this.env, now);
      const following: Following = { sha256: opened.pointer.sha256, command: { ...command, now } };
      const task: Task = { type: 'command', following, member: memberOf(opened, whose, this.#profile() ?? {}) };
      await this.#enlist(whose);
      // before what waits already: who asks is answered whatever hangs
      const { seq } = this.#sql.exec<{ seq: number }>('INSERT INTO task (seq, value) SELECT coalesce(min(seq), 1) - 1, ? FROM task RETURNING seq', JSON.stringify(task)).one();
      await this.ctx.storage.setAlarm(now + AGAIN_MS);
      const told = await this.#finish(seq, task);
      await this.#passOn();
      return { told: told as Carried };
    });
  }

  /** Takes over what follows from an order; it may come twice. */
  async follow(whose: Whose, { happening, commands }: Followed, epoch: number): Promise<Heard> {
    this.reach(epoch);
    const taken = await this.#inTurn(async () => {
      const now = Date.now();
      const member = memberOf(await edgeEngine.opened(this.env, now), whose, this.#profile() ?? {});
      await this.#enlist(whose);
      const tasks = commands.map(({ command, ...of }): Task => ({ type: 'command', following: { ...of, command: { now, ...command } }, member }));
      await this.#write([...(happening ? [{ type: 'tell' as const, ...happening }] : []), ...tasks], () => undefined);
      return { epoch: this.epoch };
    });
    if ('status' in taken) throw new Error(`not taken over: ${taken.problem.code}`);
    return taken.done;
  }

  /** What is kept; null where nothing is. */
  read(): { profile: Profile; segments: Since[] } | null {
    const profile = this.#profile();
    return profile ? { profile, segments: this.#segments() } : null;
  }

  /** Leaves nothing. */
  async forget(): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const table of ['document', 'segment', 'answer', 'task']) this.#sql.exec(`DELETE FROM ${table}`);
    });
    await this.ctx.storage.deleteAlarm();
  }

  override async alarm(): Promise<void> {
    await this.#inTurn(() => this.#passOn());
  }

  override async wake(): Promise<void> {
    if (this.#tasks().length > 0) await this.ctx.storage.setAlarm(Date.now());
  }

  async #change(named: Named, profile: Profile | undefined): Promise<Moved> {
    const now = Date.now();
    const opened = await edgeEngine.opened(this.env, now);
    const { known, member } = await this.#known(opened, named, profile ?? {}, now);
    const found = opened.engine.segments(known);
    const rows = new Map(this.#rows().map((row) => [row.name, row]));
    const entered = found.filter((name) => rows.get(name)?.is_in !== 1);
    const left = [...rows.values()].filter(({ name, is_in }) => is_in === 1 && !found.includes(name)).map(({ name }) => name);
    const moved: Moved = { segments: [], entered, left, earned: [], gives: [] };
    const tasks: Task[] = [];
    for (const segment of [...entered, ...left]) {
      const isEntered = entered.includes(segment);
      const times = (rows.get(segment)?.times ?? 0) + 1;
      const id = `${named.pseudonym}/${segment}/${times}`;
      const happening: Happening = { at: now, type: isEntered ? 'segment_entered' : 'segment_left', customer: named.pseudonym, name: segment };
      if (!isEntered) {
        tasks.push({ type: 'tell', id, happening });
        continue;
      }
      const { currency: _, ...occasion } = known;
      const follows = follow(opened, { ...occasion, type: 'segment_entered', id, segment });
      moved.earned.push(...follows.earned);
      moved.gives.push(...follows.gives);
      tasks.push({ type: 'tell', id, happening: { ...happening, earned: follows.earned, gives: follows.gives } }, ...commandsOf(opened, follows, member));
    }
    if (profile !== undefined) await this.#enlist(named);
    await this.#write(tasks, () => {
      if (profile !== undefined) this.#keep('profile', profile);
      for (const segment of [...entered, ...left]) {
        this.#sql.exec('INSERT INTO segment VALUES (?1, ?2, ?3, 1) ON CONFLICT DO UPDATE SET is_in = ?2, at = ?3, times = times + 1', segment, Number(entered.includes(segment)), now);
      }
    });
    return { ...moved, segments: this.#segments() };
  }

  /** The customer with what the accounts hold, as conditions ask about them. */
  async #known(opened: Opened, { id, pseudonym }: Named, profile: Profile, now: number): Promise<{ known: Omit<KnownCustomer, 'accounts'> & { accounts: LoyaltyAccount[] }; member: Member }> {
    const { currency } = profile;
    const member = memberOf(opened, { pseudonym, name: pseudonym }, profile);
    const accounts = await statementsOf(this.env, opened, member.accounts);
    const known = { now, customer: customerOf(profile, { id }), utcOffset: member.utcOffset, accounts, ...(currency !== undefined && { currency }) };
    return { known, member };
  }

  /** What is kept, together with what it leads to; others hear of it before it is answered, if they can. */
  async #write(tasks: readonly Task[], keep: () => void): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      keep();
      for (const task of tasks) this.#sql.exec('INSERT INTO task (value) VALUES (?)', JSON.stringify(task));
    });
    if (tasks.length === 0) return;
    await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
    await this.#passOn();
  }

  /** Hands on what others must hear of, in the order in which it happened, each with what follows from it. */
  async #passOn(): Promise<void> {
    for (let [next] = this.#tasks(); next; [next] = this.#tasks()) {
      try {
        await this.#finish(next.seq, next.task);
      } catch (error) {
        log('error', 'not_passed_on', { type: next.task.type, cause: error instanceof Error ? error.message : String(error) });
        await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
        return;
      }
    }
  }

  /** Does the first of what waits. */
  async #finish(seq: number, task: Task): Promise<Carried | undefined> {
    const { more, told } = await this.#do(task);
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec('DELETE FROM task WHERE seq = ?', seq);
      // before what waits already: what a posting of points brings is paid before the next one counts
      for (const [at, next] of more.entries()) this.#sql.exec('INSERT INTO task (seq, value) VALUES (?, ?)', seq - more.length + 1 + at, JSON.stringify(next));
    });
    return told;
  }

  async #do(task: Task): Promise<{ more: Task[]; told?: Carried }> {
    if (task.type === 'tell') {
      const told = await this.env.RECORDS.getByName('records').tell(task.id, task.happening as never, this.epoch);
      this.reach(told.epoch);
      return { more: [] };
    }
    const { following } = task;
    const { told, member, next, gives } = await send(this.env, await edgeEngine.opened(this.env, Date.now()), following, task.member, this.epoch);
    this.reach(told.epoch);
    const commands = next.map((following): Task => ({ type: 'command', following, member }));
    if (gives.length === 0) return { more: commands, told };
    const { key } = following.command;
    const happening: Happening = { at: Date.now(), type: 'given', customer: member.customer?.id ?? '', name: key, gives: gives as never };
    return { more: [{ type: 'tell', id: `${happening.customer}/${key}/gives`, happening }, ...commands], told };
  }

  async #enlist({ pseudonym }: Pick<Named, 'pseudonym'>): Promise<void> {
    if (this.#document('enlisted') !== undefined) return;
    const { epoch } = await this.env.RECORDS.getByName('records').enlist(`customer/${pseudonym}`, this.epoch);
    this.reach(epoch);
    this.#keep('enlisted', true);
  }

  #segments(): Since[] {
    return this.#rows().filter(({ is_in }) => is_in === 1).map(({ name, at }) => ({ segment: name, since: at }));
  }

  #rows(): SegmentRow[] {
    return this.#sql.exec<SegmentRow>('SELECT * FROM segment ORDER BY name').toArray();
  }

  #tasks(): { seq: number; task: Task }[] {
    const rows = this.#sql.exec<{ seq: number; value: string }>('SELECT seq, value FROM task ORDER BY seq').toArray();
    return rows.map(({ seq, value }) => ({ seq, task: JSON.parse(value) as Task }));
  }

  #profile(): Profile | undefined {
    return this.#document('profile') as Profile | undefined;
  }

  #document(name: string): unknown {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM document WHERE name = ?', name).toArray();
    return row && JSON.parse(row.value);
  }

  #keep(name: string, value: unknown): void {
    this.#sql.exec('INSERT OR REPLACE INTO document VALUES (?, ?)', name, JSON.stringify(value));
  }

  /** One after another, also across what is waited for; a refusal is an answer. */
  #inTurn<T>(work: () => Promise<T | { done: T; repeated: true }>): Promise<Told<T>> {
    const turn = this.#last.then(async (): Promise<Told<T>> => {
      try {
        const done = await work();
        return typeof done === 'object' && done !== null && 'repeated' in done ? done : { done };
      } catch (error) {
        const refusal = error instanceof CounterfoilError ? Refusal.from(error, 422) : error;
        if (refusal instanceof Refusal) return { status: refusal.status, problem: refusal.problem };
        throw error;
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function commandsOf(opened: Opened, { commands }: Follows, member: Member): Task[] {
  return commands.map((command) => ({ type: 'command', following: { sha256: opened.pointer.sha256, command: command as never }, member }));
}
