import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env';
import type { Answer, LedgerRefusal } from '../ledger/answer';
import { carryOut } from '../ledger/book';
import { migrate } from '../migrations';

const MIGRATIONS = [
  `CREATE TABLE lock (campaign TEXT PRIMARY KEY, reservation TEXT, asked TEXT, until INTEGER NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE asked (count INTEGER NOT NULL);
   INSERT INTO asked VALUES (0);`,
];

interface Row extends Record<string, SqlStorageValue> {
  campaign: string;
  /** What is held in the campaign's book. */
  reservation: string | null;
  /** What was asked there, and may be held, as its answer was never heard. */
  asked: string | null;
  until: number;
  sha256: string;
}

/** A campaign of which a session holds one use, or why it does not. */
export interface Lock {
  campaign: string;
  locked: boolean;
  until?: number;
  refusal?: LedgerRefusal;
}

/** Of which campaigns one use is wanted, for whom, and how long. */
export interface Wanted {
  campaigns: string[];
  until: number;
  sha256: string;
  customer?: string | undefined;
}

/**
 * A shopper's session: it holds one use of each campaign whose code was entered, so that nobody else takes the last one
 * while the shopper types an address. The redemption that names the session takes the place of what it holds.
 */
export class Session extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #name: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MIGRATIONS);
    this.#sql = ctx.storage.sql;
    this.#name = ctx.id.toString().slice(0, 32);
  }

  /** Holds these and lets go of all others. One that was held stays so when its time cannot be made longer. */
  lock(wanted: Wanted): Promise<Lock[]> {
    return this.#inTurn(async () => {
      for (const row of this.#rows()) {
        await this.#settle(row);
        if (!wanted.campaigns.includes(row.campaign)) await this.#letGo(row);
      }
      const locks: Lock[] = [];
      for (const campaign of [...wanted.campaigns].sort()) locks.push(await this.#hold(campaign, wanted));
      await this.ctx.storage.setAlarm(wanted.until);
      return locks;
    });
  }

  /** What is held now. */
  held(): Promise<Lock[]> {
    return this.#inTurn(() => this.#held().map(({ campaign, until }) => ({ campaign, locked: true, until })));
  }

  /** What gives way to a redemption: by book, the reservation there. */
  async locks(): Promise<Record<string, string>> {
    return this.#inTurn(() => Object.fromEntries(this.#held().map(({ campaign, reservation }) => [`allowance:${campaign}`, reservation ?? ''])));
  }

  /** Lets go of everything. */
  release(): Promise<void> {
    return this.#inTurn(async () => {
      for (const row of this.#rows()) {
        await this.#settle(row);
        await this.#letGo(row);
      }
    });
  }

  /** The books have let go by themselves. */
  override alarm(): void {
    this.#sql.exec('DELETE FROM lock WHERE until <= ?', Date.now());
    const [row] = this.#sql.exec<{ until: number | null }>('SELECT max(until) AS until FROM lock').toArray();
    if (row?.until) void this.ctx.storage.setAlarm(row.until);
  }

  async #hold(campaign: string, { until, sha256, customer }: Wanted): Promise<Lock> {
    const held = this.#rows().find((row) => row.campaign === campaign);
    const { count } = this.#sql.exec<{ count: number }>('UPDATE asked SET count = count + 1 RETURNING count').one();
    const reservation = `lock/${this.#name}/${count}`;
    // written down before it is asked: it may be held there even if no answer comes
    this.#sql.exec(
      `INSERT INTO lock VALUES (?1, NULL, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET asked = ?2, until = max(until, ?3), sha256 = ?4`,
      campaign, reservation, until, sha256);
    const parts = [{ type: 'use', allowance: campaign, uses: 1 }];
    const command = { key: reservation, type: 'reserve', reservation, until, parts, ...(customer !== undefined && { customer }) };
    const answer = await this.#ask(campaign, sha256, command, held?.reservation ?? undefined);
    if (answer.status === 'accepted') {
      this.#sql.exec('UPDATE lock SET reservation = asked, asked = NULL, until = ? WHERE campaign = ?', until, campaign);
      return { campaign, locked: true, until };
    }
    if (held && held.reservation !== null && held.until > Date.now()) {
      this.#sql.exec('UPDATE lock SET asked = NULL, until = ? WHERE campaign = ?', held.until, campaign);
      return { campaign, locked: true, until: held.until };
    }
    this.#sql.exec('DELETE FROM lock WHERE campaign = ?', campaign);
    return { campaign, locked: false, refusal: answer.refusal };
  }

  /** What was asked before this object died is let go. */
  async #settle({ campaign, asked, sha256 }: Row): Promise<void> {
    if (asked === null) return;
    await this.#ask(campaign, sha256, { key: `${asked}/release`, type: 'release', reservation: asked });
    this.#sql.exec('UPDATE lock SET asked = NULL WHERE campaign = ?', campaign);
  }

  async #letGo({ campaign, reservation, sha256 }: Row): Promise<void> {
    // refused where it is over already
    if (reservation !== null) await this.#ask(campaign, sha256, { key: `${reservation}/release`, type: 'release', reservation });
    this.#sql.exec('DELETE FROM lock WHERE campaign = ?', campaign);
  }

  /** A session is no part of a backup: what it holds lapses by itself. */
  async #ask(campaign: string, sha256: string, command: Parameters<typeof carryOut>[3], insteadOf?: string): Promise<Answer> {
    const { answer } = await carryOut(this.env, `allowance:${campaign}`, sha256, command, 0, insteadOf);
    return answer;
  }

  #rows(): Row[] {
    return this.#sql.exec<Row>('SELECT * FROM lock ORDER BY campaign').toArray();
  }

  #held(): Row[] {
    const now = Date.now();
    return this.#rows().filter(({ reservation, until }) => reservation !== null && until > now);
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
