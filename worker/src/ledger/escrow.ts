import type { Heard } from '../backup/kept';
import type { Env } from '../env';
import { log } from '../log';
import type { Answer } from './answer';
import { bookOf, type Command } from './book';
import { split } from './programme';
import type { RowStore } from './row_store';

/** The largest block of what nothing limits. */
const MOST_USES = 1_000_000;
const MOST_AMOUNT = 1_000_000_000_000;

/** Of what is left, all shards together are lent so much at a time: blocks become smaller as a limit comes near. */
const SHARE = 2;

/** How often home asks its shards for what they do not need. */
const GATHER_EVERY_MS = 1_000;

/** A block of an allowance: how much of it, and when it ends. */
export interface Terms {
  uses: number;
  amount: number;
  until?: number;
}

/** What a shard wants a block for. */
export interface Wanted {
  lease: string;
  allowance: string;
  uses: number;
  amount: number;
}

/** What left a block, and what the shard has used of it so far. */
export interface GivenBack {
  lease: string;
  uses: number;
  amount: number;
  used: number;
  spent: number;
}

interface LeaseRow extends Terms {
  allowance: string;
  shard: string;
}

interface BlockRow extends Terms {
  allowance: string;
  counter: { uses?: number; heldUses?: number; spent?: number; heldAmount?: number };
}

/** The book that escrow is a side of. */
export interface Desk {
  name: string;
  env: Env;
  store: RowStore;
  /** Decides and stores. */
  decide(sha256: string, command: Command): Promise<Answer>;
  /** Takes in of which epoch another book's answer is, before anything is made of it. */
  heard(told: Heard): void;
  /** Of which epoch this book is. */
  epoch(): number;
  /** What would be decided; stores nothing. */
  consider(sha256: string, command: Command): Promise<Answer>;
}

/**
 * The shards of a hot campaign: each counts in blocks that it has of the campaign's limits, so that no single object counts
 * every use. Home counts a block as taken, so the sum is exact at every moment (`docs/ledger.md`). When less is left than
 * a block, home gathers what the shards do not need, and decides about the rest alone.
 */
export class Escrow {
  readonly #desk: Desk;
  readonly #asking = new Map<string, Promise<boolean>>();
  #gathering: Promise<void> | undefined;
  #gatheredAt = Number.NEGATIVE_INFINITY;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Home: over how many shards its uses are spread; 0 when it counts alone. */
  get shards(): number {
    return Number(this.#desk.store.setting('shards') ?? 0);
  }

  /** Home: changes that, and takes back what the shards have. */
  async setShards(sha256: string, shards: number): Promise<void> {
    this.#desk.store.set('shards', String(shards));
    await this.#gathering;
    this.#gatheredAt = Number.NEGATIVE_INFINITY;
    await this.gather(sha256);
  }

  /** Home: the shards that ever had a block. */
  shardNames(): string[] {
    return [...new Set(this.#desk.store.all<LeaseRow>('leases').map(([, { shard }]) => shard))];
  }

  /** Home: a block for a shard; null when home has to decide itself. */
  async lend(sha256: string, shard: string, { lease, allowance, uses, amount }: Wanted): Promise<Terms | null> {
    const known = this.#desk.store.row<LeaseRow>('leases', lease);
    if (known) return termsOf(known);
    const command = { type: 'lease', lease, allowance, shard };
    const most = { uses: MOST_USES, amount: amount > 0 ? MOST_AMOUNT : 0 };
    const room = await this.#desk.consider(sha256, { ...command, ...most, key: 'room', upTo: true });
    const free = room.status === 'accepted' ? termsOf(room as unknown as Terms) : { uses: 0, amount: 0 };
    const part = (whole: number): number => (this.shards === 0 ? 0 : Math.floor(whole / (SHARE * this.shards)));
    const block = { uses: part(free.uses), amount: part(free.amount) };
    if (block.uses > 0 && block.uses >= uses && block.amount >= amount) {
      const answer = await this.#desk.decide(sha256, { ...command, ...block, key: `lease/${lease}` });
      if (answer.status === 'accepted') return termsOf(answer as unknown as Terms);
    }
    return null;
  }

  /** Home: whether a shard may have what is missing here. */
  get hasLent(): boolean {
    return this.#desk.store.has('leases');
  }

  /** Home: takes back what no shard has used or holds, at most once in a while. */
  gather(sha256: string): Promise<void> {
    if (this.#gathering && Date.now() < this.#gatheredAt + GATHER_EVERY_MS) return this.#gathering;
    this.#gatheredAt = Date.now();
    this.#gathering = this.#gather(sha256).catch((error: unknown) => {
      // the next one goes on with the same round
      log('error', 'not_gathered', { book: this.#desk.name, cause: error instanceof Error ? error.message : String(error) });
    });
    return this.#gathering;
  }

  /** Shard: a block that has room, of its own or of home; null when home decides itself. */
  async block(sha256: string, allowance: string, uses: number, amount: number): Promise<string | null> {
    for (;;) {
      const found = this.#withRoom(allowance, uses, amount);
      if (found !== undefined) return found;
      if (!(await this.#asked(sha256, allowance, uses, amount))) return null;
    }
  }

  /** Shard: what it does not need of these leases. A round that is asked for again is answered as the first time. */
  async giveBack(sha256: string, round: number, leases: readonly (readonly [string, LeaseRow])[]): Promise<GivenBack[]> {
    const back: GivenBack[] = [];
    for (const [lease, row] of leases) {
      // home leased it, and its answer was lost on the way
      if (!this.#desk.store.row('blocks', lease)) await this.#accept(sha256, lease, row.allowance, termsOf(row));
      const key = `back/${lease}/${round}`;
      const isAnswered = this.#desk.store.row('answers', key) !== undefined;
      const block = this.#desk.store.row<BlockRow>('blocks', lease);
      if (!isAnswered && block && !isFree(block, 1, 0) && !isFree(block, 0, 1)) continue;
      const answer = await this.#desk.decide(sha256, { key, type: 'give_back', lease });
      if (answer.status === 'accepted') back.push({ lease, ...(answer as unknown as Omit<GivenBack, 'lease'>) });
    }
    return back;
  }

  /** Shard: what it has counted of each allowance. */
  counted(): Pick<BlockRow, 'allowance' | 'counter'>[] {
    return this.#desk.store.all<BlockRow>('blocks').map(([, { allowance, counter }]) => ({ allowance, counter }));
  }

  async #gather(sha256: string): Promise<void> {
    const { store, env, decide, heard, epoch } = this.#desk;
    const round = Number(store.setting('round') ?? 0);
    const now = Date.now();
    const byShard = new Map<string, [string, LeaseRow][]>();
    for (const [lease, row] of store.all<LeaseRow>('leases')) {
      if (row.until !== undefined && row.until <= now) continue;
      byShard.set(row.shard, [...(byShard.get(row.shard) ?? []), [lease, row]]);
    }
    await Promise.all([...byShard].map(async ([shard, leases]) => {
      const told = (await bookOf(env, `lease:${shard}`).giveBack(sha256, round, leases as never, epoch())) as { back: GivenBack[] } & Heard;
      heard(told);
      for (const { lease, uses, amount, used, spent } of told.back) {
        await decide(sha256, { key: `return/${lease}/${round}`, type: 'return_lease', lease, uses, amount, used, spent });
      }
    }));
    store.set('round', String(round + 1));
  }

  #withRoom(allowance: string, uses: number, amount: number): string | undefined {
    const now = Date.now();
    const fits = ([, row]: [string, BlockRow]): boolean =>
      row.allowance === allowance && (row.until === undefined || row.until > now) && isFree(row, uses, amount);
    return this.#desk.store.all<BlockRow>('blocks').find(fits)?.[0];
  }

  /** Whether home has given a block; all who wait for one ask once. */
  #asked(sha256: string, allowance: string, uses: number, amount: number): Promise<boolean> {
    const asking = this.#asking.get(allowance) ?? this.#ask(sha256, allowance, uses, amount).finally(() => this.#asking.delete(allowance));
    this.#asking.set(allowance, asking);
    return asking;
  }

  async #ask(sha256: string, allowance: string, uses: number, amount: number): Promise<boolean> {
    const [, shard] = split(this.#desk.name);
    const campaign = shard.slice(0, shard.lastIndexOf('/'));
    // asked for under the same id until it is there
    const lease = `${shard}#${allowance.slice(campaign.length + 1)}${this.#desk.store.setting(`blocks/${allowance}`) ?? 0}`;
    const { env, heard, epoch } = this.#desk;
    const told = await bookOf(env, `allowance:${campaign}`).lend(sha256, shard, { lease, allowance, uses, amount }, epoch());
    heard(told);
    const { terms } = told;
    if (!terms) return false;
    await this.#accept(sha256, lease, allowance, terms);
    return true;
  }

  async #accept(sha256: string, lease: string, allowance: string, terms: Terms): Promise<void> {
    const { store, decide } = this.#desk;
    const answer = await decide(sha256, { key: `accept/${lease}`, type: 'accept_lease', lease, allowance, ...terms });
    if (answer.status === 'refused') throw new Error(`the block of ${lease} was not accepted: ${answer.refusal.message}`);
    store.set(`blocks/${allowance}`, String(store.all<BlockRow>('blocks').filter(([, row]) => row.allowance === allowance).length));
  }
}

function termsOf({ uses, amount, until }: Terms): Terms {
  return { uses, amount, ...(until !== undefined && { until }) };
}

function isFree({ uses, amount, counter }: BlockRow, wantedUses: number, wantedAmount: number): boolean {
  const { uses: done = 0, heldUses = 0, spent = 0, heldAmount = 0 } = counter;
  return uses - done - heldUses >= wantedUses && amount - spent - heldAmount >= wantedAmount;
}
