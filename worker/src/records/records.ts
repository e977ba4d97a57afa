import { Kept, type Heard, type Line } from '../backup/kept';
import { dumpAll, fillAll, wakeAll, type Mismatch } from '../backup/objects';
import type { Env } from '../env';
import { migrate } from '../migrations';
import type { Failed } from '../redemption/entered';
import type { Action } from './events';
import type { Happening } from './happenings';
import { custom, statistics, type Custom, type Statistics } from './statistics';
import { Webhooks, type Webhook } from './webhooks';

/** What became of a redemption at a moment. */
export interface RecordEntry {
  at: number;
  outcome: string;
  redemption: string;
  order: string | null;
  /** A keyed pseudonym. */
  customer: string | null;
  campaigns: string[];
  currency: string;
  total: number;
  discount: number;
  /** What each campaign took off, minor units. */
  discounts: Record<string, number>;
  /** The variant of each experiment that the customer was given. */
  experiments: Record<string, string>;
  /** Why it was refused. */
  code: string | null;
  message: string | null;
  /** What the message speaks of, money in minor units; absent where nothing was refused. */
  params?: Record<string, unknown>;
  /** The codes that were entered and took nothing off, each with its reason; absent in records of earlier versions. */
  failed?: Failed[];
}

/** A change that somebody made. */
export interface AuditEntry {
  at: number;
  actor: string;
  action: Action;
  subject: string;
  detail: string;
}

/** Which records are wanted; what is absent does not matter. */
export interface Wanted {
  campaign?: string | undefined;
  customer?: string | undefined;
  order?: string | undefined;
  outcome?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/** How often something came of a redemption; of all campaigns together under an empty name. */
export interface Tally extends Record<string, SqlStorageValue> {
  campaign: string;
  outcome: string;
  currency: string;
  count: number;
  /** Of the whole orders, minor units. */
  discount: number;
}

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  value: string;
}

/** What the names of customers begin with where objects are listed. */
const CUSTOMER = 'customer/';

export const MIGRATIONS = [
  `CREATE TABLE record (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, outcome TEXT NOT NULL,
     customer TEXT, order_id TEXT, value TEXT NOT NULL);
   CREATE INDEX record_by_customer ON record (customer, seq);
   CREATE INDEX record_by_order ON record (order_id, seq);
   CREATE TABLE campaign_record (campaign TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (campaign, seq)) WITHOUT ROWID;
   CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, value TEXT NOT NULL);`,
  `CREATE TABLE tally (campaign TEXT NOT NULL, outcome TEXT NOT NULL, currency TEXT NOT NULL, count INTEGER NOT NULL, discount INTEGER NOT NULL,
     PRIMARY KEY (campaign, outcome, currency)) WITHOUT ROWID;
   INSERT INTO tally SELECT '', outcome, json_extract(value, '$.currency'), count(*), sum(json_extract(value, '$.discount'))
     FROM record GROUP BY 2, 3;
   INSERT INTO tally SELECT campaign, outcome, json_extract(value, '$.currency'), count(*), sum(json_extract(value, '$.discount'))
     FROM campaign_record JOIN record USING (seq) GROUP BY 1, 2, 3;
   CREATE INDEX record_by_redemption ON record (json_extract(value, '$.redemption'));
   CREATE TABLE enlisted (book TEXT PRIMARY KEY) WITHOUT ROWID;
   ${Webhooks.TABLES}`,
  `CREATE TABLE happening (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, type TEXT NOT NULL, customer TEXT NOT NULL, value TEXT NOT NULL);
   CREATE INDEX happening_by_customer ON happening (customer, seq);`,
];

/** The books of the shop: what was redeemed and what was refused, and who changed what. */
export class Records extends Kept {
  readonly #sql: SqlStorage;
  readonly #webhooks: Webhooks;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MIGRATIONS);
    this.#sql = ctx.storage.sql;
    this.#webhooks = new Webhooks(ctx.storage, env);
  }

  protected override readonly logs = ['record', 'audit', 'happening'];

  /** Writes a record down; one that comes again changes nothing. */
  append(id: string, record: RecordEntry, epoch: number): Heard {
    this.reach(epoch);
    this.#append(id, record);
    return { epoch: this.epoch };
  }

  #append(id: string, record: RecordEntry): void {
    this.ctx.storage.transactionSync(() => {
      const { at, outcome, customer, order, campaigns, currency, discount } = record;
      const [made] = this.#sql.exec<{ seq: number }>(
        'INSERT OR IGNORE INTO record (id, at, outcome, customer, order_id, value) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq',
        id, at, outcome, customer, order, JSON.stringify(record)).toArray();
      if (!made) return;
      const { seq } = made;
      for (const campaign of campaigns) this.#sql.exec('INSERT OR IGNORE INTO campaign_record VALUES (?, ?)', campaign, seq);
      for (const campaign of ['', ...new Set(campaigns)]) {
        this.#sql.exec('INSERT INTO tally VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET count = count + 1, discount = discount + excluded.discount',
          campaign, outcome, currency, discount);
      }
      this.#webhooks.enqueue(`redemption.${outcome}`, at, { id: `r-${seq}`, ...record });
    });
  }

  /** A page of records, the newest first. */
  page(wanted: Wanted, before: number | undefined, limit: number): { records: object[]; next: number | null } {
    const conditions = ['1'];
    const values: SqlStorageValue[] = [];
    const where = (condition: string, value: SqlStorageValue | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    where('campaign_record.campaign = ?', wanted.campaign);
    where('customer = ?', wanted.customer);
    where('order_id = ?', wanted.order);
    where('outcome = ?', wanted.outcome);
    where('at >= ?', wanted.from);
    where('at < ?', wanted.to);
    where('record.seq < ?', before);
    const from = wanted.campaign === undefined ? 'record' : 'campaign_record JOIN record ON record.seq = campaign_record.seq';
    const query = `SELECT record.seq AS seq, value FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY record.seq DESC LIMIT ?`;
    const rows = this.#sql.exec<Row>(query, ...values, limit).toArray();
    const records = rows.map(({ seq, value }) => ({ id: `r-${seq}`, ...(JSON.parse(value) as RecordEntry) }));
    return { records, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /** What the orders of a time came to, in one currency: the named one, or the most frequent. */
  statistics(currency: string | undefined, from: number, to: number): Statistics {
    return statistics(this.#sql, currency, from, to);
  }

  /** All customers who have ordered, and what they paid. */
  custom(currency: string | undefined): Custom {
    return custom(this.#sql, currency);
  }

  /** Writes down what became of a customer; what comes again changes nothing. */
  tell(id: string, happening: Happening, epoch: number): Heard {
    this.reach(epoch);
    this.ctx.storage.transactionSync(() => {
      const { at, type, customer } = happening;
      const made = this.#sql.exec('INSERT OR IGNORE INTO happening (id, at, type, customer, value) VALUES (?, ?, ?, ?, ?) RETURNING seq', id, at, type, customer, JSON.stringify(happening)).toArray();
      if (made.length > 0) this.#webhooks.enqueue(`customer.${type}`, at, { id, ...happening });
    });
    return { epoch: this.epoch };
  }

  /** A page of what became of customers, the newest first. */
  happenings({ customer, type }: { customer: string | undefined; type: string | undefined }, before: number | undefined, limit: number): { happenings: object[]; next: number | null } {
    const rows = this.#sql.exec<Row>(
      'SELECT seq, value FROM happening WHERE seq < ?1 AND (?2 IS NULL OR customer = ?2) AND (?3 IS NULL OR type = ?3) ORDER BY seq DESC LIMIT ?4',
      before ?? Number.MAX_SAFE_INTEGER, customer ?? null, type ?? null, limit).toArray();
    const happenings = rows.map(({ seq, value }) => ({ id: `h-${seq}`, ...(JSON.parse(value) as Happening) }));
    return { happenings, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /**
   * Takes a customer out of all records: what was sold stays, and nobody knows to whom; what they typed and what became of them goes. Answers how
   * many there were.
   */
  forget(customer: string): { records: number; happenings: number } {
    return this.ctx.storage.transactionSync(() => {
      const rows = this.#sql.exec<Row>('SELECT seq, value FROM record WHERE customer = ?', customer).toArray();
      for (const { seq, value } of rows) {
        const record = { ...(JSON.parse(value) as RecordEntry), customer: null, order: null, failed: [] };
        this.#sql.exec('UPDATE record SET customer = NULL, order_id = NULL, value = ? WHERE seq = ?', JSON.stringify(record), seq);
      }
      const gone = this.#sql.exec('DELETE FROM happening WHERE customer = ? RETURNING seq', customer).toArray();
      this.#webhooks.forget(customer);
      return { records: rows.length, happenings: gone.length };
    });
  }

  /** Writes down who changed what. */
  note(entry: AuditEntry): void {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec('INSERT INTO audit (at, value) VALUES (?, ?)', entry.at, JSON.stringify(entry));
      this.#webhooks.enqueue(`change.${entry.action}`, entry.at, entry);
    });
  }

  /** What came of all redemptions, counted. */
  tallies(): Tally[] {
    return this.#sql.exec<Tally>('SELECT * FROM tally ORDER BY campaign, outcome, currency').toArray();
  }

  webhooks(): { webhooks: Webhook[]; waiting: number; dead: number } {
    return { webhooks: this.#webhooks.list(), ...this.#webhooks.counts() };
  }

  putWebhook(webhook: Webhook): Webhook & { secret?: string } {
    return this.#webhooks.put(webhook);
  }

  removeWebhook(id: string): boolean {
    return this.#webhooks.remove(id);
  }

  deadLetters(before: number | undefined, limit: number): { letters: object[]; next: number | null } {
    return this.#webhooks.letters(before, limit);
  }

  revive(seq: number): boolean {
    return this.#webhooks.revive(seq);
  }

  /** Begins a backup: from now on nothing comes in that is not told as later than it. Answers what there is to be kept. */
  beginBackup(): ReturnType<Records['enlisted']> & Heard {
    this.reach(this.epoch + 1);
    return { ...this.enlisted(), epoch: this.epoch };
  }

  /** What other objects have kept for a backup, as lines. Read from here, they do not count among those that the backup itself asks. */
  dumpOthers(names: readonly string[], epoch: number): ReadableStream<Uint8Array> {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const write = async (): Promise<void> => {
      await dumpAll(this.env, names, epoch, writer);
      await writer.close();
    };
    this.ctx.waitUntil(write().catch((error: unknown) => writer.abort(error)));
    return readable;
  }

  /** Fills other objects from lines of a backup, and tells the first that one cannot take over. */
  fillOthers(lines: readonly Line[]): Promise<Mismatch | null> {
    return fillAll(this.env, lines);
  }

  /** Has other objects go on where a backup left them. */
  wakeOthers(names: readonly string[]): Promise<void> {
    return wakeAll(this.env, names);
  }

  /** An object that keeps something: a book by its name, a customer as `customer/<pseudonym>`. */
  enlist(name: string, epoch: number): Heard {
    this.reach(epoch);
    this.#sql.exec('INSERT OR IGNORE INTO enlisted VALUES (?)', name);
    return { epoch: this.epoch };
  }

  /** What there is to be backed up besides these records. */
  enlisted(): { redemptions: string[]; books: string[]; customers: string[] } {
    const redemptions = this.#sql.exec<{ id: string }>("SELECT DISTINCT json_extract(value, '$.redemption') AS id FROM record").toArray();
    const names = this.#sql.exec<{ book: string }>('SELECT book FROM enlisted').toArray().map(({ book }) => book);
    const customers = names.filter((name) => name.startsWith(CUSTOMER));
    return {
      redemptions: redemptions.map(({ id }) => id),
      books: names.filter((name) => !name.startsWith(CUSTOMER)),
      customers: customers.map((name) => name.slice(CUSTOMER.length)),
    };
  }

  /** The accounts that go by a customer's pseudonym, of whichever scheme. */
  accountsOf(pseudonym: string): string[] {
    const rows = this.#sql.exec<{ book: string }>("SELECT book FROM enlisted WHERE book GLOB 'account:*:' || ? ORDER BY book", pseudonym).toArray();
    return rows.map(({ book }) => book.slice('account:'.length));
  }

  override async wake(): Promise<void> {
    await this.#webhooks.deliver();
  }

  /** Delivers what waits. */
  override async alarm(): Promise<void> {
    await this.#webhooks.deliver();
  }

  /** A page of changes, the newest first. */
  audit(before: number | undefined, limit: number): { entries: object[]; next: number | null } {
    const rows = this.#sql.exec<Row>('SELECT seq, value FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?', before ?? Number.MAX_SAFE_INTEGER, limit).toArray();
    const entries = rows.map(({ seq, value }) => ({ seq, ...(JSON.parse(value) as AuditEntry) }));
    return { entries, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }
}
