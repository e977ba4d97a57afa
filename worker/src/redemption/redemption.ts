import { Kept, type Heard } from '../backup/kept';
import type { Env } from '../env';
import { refusalIn, refused, type Answer, type LedgerRefusal } from '../ledger/answer';
import { carryOut, type Command, type Told } from '../ledger/book';
import { earn, type Earning } from '../ledger/earnings';
import { ledger } from '../ledger/programme';
import { log } from '../log';
import { Refusal } from '../problem';
import { hexadecimal } from '../tokens/quote_token';
import { ownIn } from './own_codes';
import { followsOf, returnsOf } from '../customers/orders';
import { buy, putBackAll } from './bought';
import { insist, withoutNow } from './insisting';
import { keyReused, notAsItStands, redemptionUnknown } from './refusals';
import { RedemptionStore, type Answered, type Begin, type Paid, type Redeemed, type Refunding, type Returned, type Share, type Task } from './redemption_store';
import { isMiss, spread } from './spreading';
import { recordOf, viewOf } from './view';

/** How soon an order is gone on with that nobody waits for any more. */
const RESUME_MS = 10_000;
/** Refused and released ones are kept so long for those who repeat. */
const KEPT_MS = 35 * 86_400_000;
/** How often a shard is asked whose block is used up by others meanwhile; then the campaign's own book decides. */
const MISSES_AT_MOST = 4;

interface Step {
  book: string;
  command: Command;
}

/** An order as the ledger keeps it, and what to ask next. */
interface Standing {
  order: { refusal?: LedgerRefusal };
  verdict: 'open' | 'held' | 'confirmed' | 'undone';
  steps: Step[];
}

/** An answer with what it leads to. */
interface Done extends Answered {
  redeemed: Redeemed;
  tasks: Task[];
}

/**
 * One order's redemption: what it holds in several books, so that all of it counts or nothing. It asks one book after
 * another, in a fixed order, and writes down what it is about to ask before it asks; whatever dies in between, it goes on.
 */
export class Redemption extends Kept {
  readonly #store: RedemptionStore;
  /** Commands follow one another: the next one begins when the books have answered the one before. */
  #last: Promise<unknown> = Promise.resolve();
  /** For when the alarm is set, as far as this instance knows. */
  #ringsAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new RedemptionStore(ctx.storage);
  }

  /** The answer that was given under this key, if one was. */
  async answered(key: string, fingerprint: string): Promise<Answered | null> {
    await this.#last;
    const first = this.#store.answer(key);
    if (!first) return null;
    if (first.fingerprint === fingerprint) return { status: first.status, body: first.body, repeated: true };
    const { status, problem } = keyReused(key);
    return { status, body: problem };
  }

  /** Reserves, or redeems at once. */
  begin(key: string, fingerprint: string, begin: Begin): Promise<Answered> {
    return this.#once(key, fingerprint, async () => {
      const known = this.#store.redeemed();
      if (known && known.fingerprint !== fingerprint) throw keyReused(key);
      if (!known) {
        const redeemed: Redeemed = { ...begin, fingerprint, status: 'open', refunds: [] };
        this.#store.begin(redeemed, await this.#order(redeemed));
        this.#resumeSoon();
      }
      return this.#settle(201);
    });
  }

  /** Uses what is held. */
  confirm(key: string, fingerprint: string, shares: Share[]): Promise<Answered> {
    return this.#once(key, fingerprint, () => this.#become('confirmed', { type: 'confirm', shares }));
  }

  /** Gives back what is held, before it is used. */
  release(key: string, fingerprint: string): Promise<Answered> {
    return this.#once(key, fingerprint, () => this.#become('released', { type: 'undo' }));
  }

  /** Undoes what is used. */
  rollback(key: string, fingerprint: string): Promise<Answered> {
    return this.#once(key, fingerprint, () => this.#become('rolled_back', { type: 'undo' }));
  }

  /** Gives back a part of what is used. */
  async refund(key: string, fingerprint: string, shares: Share[], lines?: Returned[]): Promise<Answered> {
    // it may be this one
    await this.#inTurn(() => this.#finishRefund());
    return this.#once(key, fingerprint, async () => {
      const redeemed = this.#known();
      // what makes no sense is refused before it is written down
      await this.#refunds(redeemed, { key, fingerprint, shares });
      redeemed.refunding = { key, fingerprint, shares, lines };
      this.#store.keep(redeemed);
      this.#resumeSoon();
      return this.#refund(redeemed, redeemed.refunding);
    });
  }

  /** As it stands; null where there is none. */
  async read(): Promise<object | null> {
    await this.#last;
    const redeemed = this.#store.redeemed();
    return redeemed ? viewOf(redeemed) : null;
  }

  /** Takes the quote token that this object stands for: whoever asks first has it for good. */
  takeToken(redemption: string): boolean {
    return this.#store.tokenHolder(redemption) === redemption;
  }

  /** Goes on with what was left lying, releases what nobody confirmed, and passes on what others wait for. */
  override async alarm(): Promise<void> {
    this.#ringsAt = undefined;
    await this.#inTurn(async () => {
      await this.#finishRefund();
      const redeemed = this.#store.redeemed();
      if (!redeemed) return;
      const { verdict } = await this.#tell(this.#store.order(), { type: 'resume' });
      const isOver = redeemed.until <= Date.now();
      if (verdict === 'open' || redeemed.status === 'open') await this.#settle(200).then(({ redeemed, tasks }) => this.#store.settle(redeemed, tasks));
      else if (verdict === 'held' && isOver) await this.#undoAbandoned();
      else if (verdict === 'undone' && redeemed.until + KEPT_MS <= Date.now()) return this.#store.forget();
      await this.#passOn();
      this.#setAlarm();
    });
  }

  /** The token that it was charged by stays used. */
  override async wake(): Promise<void> {
    const redeemed = this.#store.redeemed();
    if (!redeemed) return;
    if (redeemed.token !== undefined) await this.env.REDEMPTIONS.getByName(`token/${redeemed.token}`).takeToken(redeemed.id);
    // what a backup has cut in two goes on at once
    if (this.#isUnsettled(redeemed)) this.#ring(Date.now());
    else this.#setAlarm();
  }

  /** Answers as the first time, or does the work and remembers the answer with what it leads to. */
  #once(key: string, fingerprint: string, work: () => Promise<Done>): Promise<Answered> {
    return this.#inTurn(async () => {
      try {
        const first = this.#store.answer(key);
        if (first) {
          if (first.fingerprint !== fingerprint) throw keyReused(key);
          return { status: first.status, body: first.body, repeated: true };
        }
        const { status, body, redeemed, tasks } = await work();
        this.#store.remember(key, fingerprint, { status, body }, redeemed, tasks);
        this.#setAlarm();
        this.ctx.waitUntil(
          this.#inTurn(async () => {
            await this.#passOn();
            this.#setAlarm();
          }),
        );
        return { status, body };
      } catch (error) {
        // what is thrown across objects loses its kind
        if (error instanceof Refusal) return { status: error.status, body: error.problem };
        throw error;
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #become(wanted: 'confirmed' | 'released' | 'rolled_back', said: object): Promise<Done> {
    const redeemed = this.#known();
    const { order, verdict } = await this.#tell(this.#store.order(), { type: 'resume' });
    const from = { confirmed: ['held', 'confirmed'], released: ['held'], rolled_back: ['confirmed'] }[wanted];
    const isBegun = redeemed.wanted === wanted && (verdict === 'open' || redeemed.status === wanted);
    if (!isBegun && !from.includes(verdict)) throw notAsItStands(redeemed.id, redeemed.status);
    if (!isBegun) {
      redeemed.wanted = wanted;
      this.#store.begin(redeemed, (await this.#tell(order, said)).order);
      this.#resumeSoon();
    }
    return this.#settle(200);
  }

  async #undoAbandoned(): Promise<void> {
    const { redeemed, tasks } = await this.#become('released', { type: 'undo' });
    this.#store.settle(redeemed, tasks);
  }

  /** Goes on with a refund that died on its way to the books, as if its caller had repeated it. */
  async #finishRefund(): Promise<void> {
    const known = this.#store.redeemed();
    if (!known?.refunding) return;
    const { key, fingerprint } = known.refunding;
    const { status, body, redeemed, tasks } = await this.#refund(known, known.refunding);
    this.#store.remember(key, fingerprint, { status, body }, redeemed, tasks);
  }

  async #refund(redeemed: Redeemed, refunding: Refunding): Promise<Done> {
    const { key, shares, lines } = refunding;
    const steps = await this.#refunds(redeemed, refunding);
    delete redeemed.refunding;
    for (const step of steps) {
      const { answer } = await this.#ask(step);
      if (answer.status === 'refused') return this.#refuse(redeemed, answer.refusal, `refund/${key}`);
    }
    redeemed.refunds.push(...shares);
    const record = recordOf(redeemed, 'refunded');
    const returned = lines ? returnsOf(redeemed, await shortOf(`${redeemed.id}/${key}`), lines) : [];
    return { status: 200, body: viewOf(redeemed), redeemed, tasks: [{ type: 'record', id: `${redeemed.id}/refund/${key}`, record }, ...returned] };
  }

  /** What the books are asked for a refund. They hear of many redemptions, and their keys are shorter than those of callers. */
  async #refunds({ id, refunds }: Redeemed, { key, shares }: Refunding): Promise<Step[]> {
    const { steps } = await this.#tell(this.#store.order(), { type: 'refund', key: await shortOf(`${id}/${key}`), shares, before: refunds });
    return steps.filter(({ command }) => command.type === 'refund');
  }

  /** A new order of what is charged. */
  async #order(redeemed: Redeemed): Promise<unknown> {
    const { id, charge, until, customer, customerZone, confirm, missed = 0 } = redeemed;
    const parts = missed < MISSES_AT_MOST ? await spread(this.env, redeemed) : charge.parts;
    const name = missed === 0 ? id : `${id}.${missed}`;
    const { order } = await this.#tell('', { type: 'begin', id: name, parts, until, customer, customerZone });
    return confirm ? (await this.#tell(order, { type: 'confirm' })).order : order;
  }

  /** Goes on until there is nothing to ask, and words what came of it. */
  async #settle(status: number): Promise<Done> {
    const redeemed = this.#known();
    const isUndoing = redeemed.wanted === 'released' || redeemed.wanted === 'rolled_back';
    if (redeemed.wanted === 'released') await this.#putBack(redeemed);
    const short = redeemed.status === 'open' && !isUndoing ? await buy(this.env, redeemed, this.epoch) : undefined;
    if (short) this.reach(short.epoch);
    if (short?.refusal) {
      this.#store.keepOrder((await this.#tell(this.#store.order(), { type: 'undo' })).order);
      await this.#drive();
      await this.#putBack(redeemed);
      return this.#refuse(redeemed, short.refusal, 'refused');
    }
    const { order, verdict } = await this.#drive();
    if (verdict === 'undone' && order.refusal && isMiss(order.refusal) && !isUndoing) {
      redeemed.missed = (redeemed.missed ?? 0) + 1;
      this.#store.begin(redeemed, await this.#order(redeemed));
      return this.#settle(status);
    }
    if (verdict === 'undone' && order.refusal && !isUndoing) {
      await this.#putBack(redeemed);
      return this.#refuse(redeemed, order.refusal, 'refused');
    }
    redeemed.status = verdict === 'undone' ? (redeemed.wanted ?? 'released') : verdict;
    const record = recordOf(redeemed, redeemed.status);
    const tasks: Task[] = [{ type: 'record', id: `${redeemed.id}/${redeemed.status}`, record }, ...followsOf(redeemed)];
    if (redeemed.paid && verdict !== 'held') redeemed.paid = handedOn(redeemed.paid);
    return { status, body: viewOf(redeemed), redeemed, tasks };
  }

  async #putBack(redeemed: Redeemed): Promise<void> {
    this.reach(await putBackAll(this.env, redeemed, this.epoch));
  }

  #refuse(redeemed: Redeemed, refusal: LedgerRefusal, event: string): Done {
    const { status, problem } = refused(refusal);
    if (event === 'refused') {
      redeemed.status = 'refused';
      redeemed.refusal = refusal;
      delete redeemed.paid;
    }
    const record = recordOf(redeemed, 'refused', problem);
    return { status, body: problem, redeemed, tasks: [{ type: 'record', id: `${redeemed.id}/${event}`, record }] };
  }

  async #drive(): Promise<Standing> {
    let standing = await this.#tell(this.#store.order(), { type: 'resume' });
    for (let [step] = standing.steps; step; [step] = standing.steps) {
      // written down before it is asked: it may be held there even if no answer comes
      this.#store.keepOrder(standing.order);
      const following = await this.#following(standing.order, step);
      const { answer, next } = await this.#ask(step, following);
      standing = await this.#tell(standing.order, { type: 'heard', step, answer });
      if (following && next) standing = await this.#tell(standing.order, { type: 'heard', step: following, answer: next });
    }
    this.#store.keepOrder(standing.order);
    return standing;
  }

  /**
   * What the same book is asked next if it accepts: it may do both at once. Only what is used at once asks so, and only of a single
   * book; a step that is taken without a word of it here is one that a repeat finds answered.
   */
  async #following(order: unknown, step: Step): Promise<Step | undefined> {
    if (step.command.type !== 'reserve') return undefined;
    const { steps: [next] } = await this.#tell(order, { type: 'heard', step, answer: { status: 'accepted' } });
    return next?.book === step.book ? next : undefined;
  }

  async #ask({ book, command }: Step, following?: Step): Promise<{ answer: Answer; next?: Answer }> {
    const { snapshot: { sha256 }, locks, charge } = this.#known();
    const [asked, next] = [command, following?.command].map((command) => command && withoutNow(command)) as [Command, Command | undefined];
    const told = await insist(() => carryOut(this.env, book, sha256, asked, this.epoch, command.type === 'reserve' ? locks?.[book] : undefined, ownIn(book, charge), next));
    this.reach(told.epoch);
    return told;
  }

  /** Hands on what others must hear of, in the order in which it happened; what fails is tried again by the alarm. */
  async #passOn(): Promise<void> {
    for (const { seq, task } of this.#store.tasks()) {
      try {
        this.reach((await this.#tellOthers(task)).epoch);
      } catch (error) {
        log('error', 'not_passed_on', { type: task.type, cause: error instanceof Error ? error.message : String(error) });
        return;
      }
      this.#store.done(seq);
    }
  }

  async #tellOthers(task: Task): Promise<Heard> {
    switch (task.type) {
      case 'record':
        return this.env.RECORDS.getByName('records').append(task.id, task.record, this.epoch);
      case 'follow':
        return this.env.CUSTOMERS.getByName(task.customer).follow({ pseudonym: task.customer, name: task.customer, accounts: task.accounts }, task as never, this.epoch);
      default:
        return this.#send(task);
    }
  }

  #send({ book, sha256, command }: Extract<Task, { type: 'command' }>): Promise<Told> {
    return command.type === 'earn' ? earn(this.env, sha256, command as Earning, this.epoch) : carryOut(this.env, book, sha256, command, this.epoch);
  }

  #resumeSoon(): void {
    const now = Date.now();
    // an alarm is a write: one that rings soon enough stays
    if (this.#ringsAt === undefined || this.#ringsAt <= now || this.#ringsAt > now + RESUME_MS) this.#ring(now + RESUME_MS);
  }

  #setAlarm(): void {
    const redeemed = this.#known();
    const { status, until } = redeemed;
    if (this.#isUnsettled(redeemed)) this.#resumeSoon();
    else if (status === 'held') this.#ring(until);
    else if (status === 'confirmed') this.#ring(undefined);
    else this.#ring(until + KEPT_MS);
  }

  /** Whether books or others have still to hear of it. */
  #isUnsettled({ status, wanted, refunding }: Redeemed): boolean {
    return this.#store.tasks().length > 0 || status === 'open' || refunding !== undefined || (wanted !== undefined && wanted !== status);
  }

  /** Not waited for: it is written together with what was stored before, and nothing is answered until both are. */
  #ring(at: number | undefined): void {
    this.#ringsAt = at;
    void (at === undefined ? this.ctx.storage.deleteAlarm() : this.ctx.storage.setAlarm(at));
  }

  async #tell(order: unknown, said: object): Promise<Standing> {
    const text = order === '' ? '' : JSON.stringify(order);
    const told = JSON.parse((await ledger()).order(text, JSON.stringify(said), Date.now())) as Standing;
    const refusal = refusalIn(told);
    if (refusal) throw refused(refusal);
    return told;
  }

  #known(): Redeemed {
    const redeemed = this.#store.redeemed();
    if (!redeemed) throw redemptionUnknown();
    return redeemed;
  }
}

async function shortOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return hexadecimal(new Uint8Array(digest, 0, 16));
}

/** What is left to know of it when others have what follows: what it takes to undo it. */
function handedOn({ happened: _, ...paid }: Paid): Paid {
  return { ...paid, commands: [] };
}
