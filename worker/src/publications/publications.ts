import { Kept } from '../backup/kept';
import type { Env } from '../env';
import { log } from '../log';
import { migrate } from '../migrations';
import type { Happening } from '../records/happenings';
import { normaliser } from './code';
import { guarded, prefixOf } from './guarded';

const MIGRATIONS = [
  `CREATE TABLE code (code TEXT PRIMARY KEY, campaign TEXT NOT NULL, typed TEXT NOT NULL, holder TEXT, is_of_set INTEGER NOT NULL);
   CREATE INDEX code_by_campaign ON code (campaign) WHERE holder IS NULL;
   CREATE TABLE publication (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, at INTEGER NOT NULL,
     campaign TEXT NOT NULL, code TEXT NOT NULL, customer TEXT);
   CREATE INDEX publication_by_customer ON publication (customer, seq);
   CREATE INDEX publication_by_campaign ON publication (campaign, seq);
   CREATE TABLE guard (campaign TEXT PRIMARY KEY, prefix TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE task (seq INTEGER PRIMARY KEY, value TEXT NOT NULL);`,
];

/** How soon is tried again what the records did not hear. */
const AGAIN_MS = 10_000;

/** Holds the codes of those who were removed: nobody. */
const NOBODY = '';

/** A code that was given to a customer. */
export interface Publication {
  id: string;
  at: number;
  campaign: string;
  code: string;
  /** A keyed pseudonym; null when the customer was removed. */
  customer: string | null;
}

/** The codes of a campaign that the worker has to give out. */
export interface CodeSet {
  campaign: string;
  codes: number;
  free: number;
}

/** What is asked for: a code of one's own, or the next free one of the campaign's set. */
export interface Wanted {
  campaign: string;
  customer: string;
  code?: string | undefined;
}

/** Why a code is not given: it is another one's, another campaign's, none is left, or the key stands for another request. */
export type Denied = 'code_published' | 'code_of_other_campaign' | 'codes_used_up' | 'key_reused';

interface PublicationRow extends Record<string, SqlStorageValue> {
  seq: number;
  key: string;
  fingerprint: string;
  at: number;
  campaign: string;
  code: string;
  customer: string | null;
}

/** Which code is whose: each belongs to one customer, whoever asks at the same time. */
export class Publications extends Kept {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MIGRATIONS);
    this.#sql = ctx.storage.sql;
  }

  /** Adds codes to the set of a campaign; those that it has stay as they are. */
  async add(campaign: string, codes: readonly string[]): Promise<CodeSet> {
    const normalise = await normaliser();
    this.ctx.storage.transactionSync(() => {
      for (const typed of codes) this.#sql.exec('INSERT OR IGNORE INTO code VALUES (?, ?, ?, NULL, 1)', normalise(typed), campaign, typed);
    });
    await this.#guard(campaign);
    return this.set(campaign);
  }

  /** How many codes a campaign has to give out. */
  set(campaign: string): CodeSet {
    const { codes, free } = this.#sql.exec<{ codes: number; free: number }>(
      'SELECT count(*) AS codes, count(*) - count(holder) AS free FROM code WHERE campaign = ? AND is_of_set = 1', campaign).one();
    return { campaign, codes, free };
  }

  /** Gives a code to a customer, once for each key. A code that is the customer's already stays so. */
  async publish(key: string, fingerprint: string, wanted: Wanted): Promise<(Publication & { repeated: boolean }) | { denied: Denied }> {
    const now = Date.now();
    const code = wanted.code === undefined ? undefined : { typed: wanted.code, normal: (await normaliser())(wanted.code) };
    const outcome = this.ctx.storage.transactionSync(() => this.#publish(key, fingerprint, { ...wanted, code }, now));
    if ('denied' in outcome || outcome.repeated) return outcome;
    await this.#guard(wanted.campaign);
    await this.ctx.storage.setAlarm(now + AGAIN_MS);
    await this.#passOn();
    return outcome;
  }

  #publish(key: string, fingerprint: string, { campaign, customer, code }: Omit<Wanted, 'code'> & { code: { typed: string; normal: string } | undefined }, now: number): (Publication & { repeated: boolean }) | { denied: Denied } {
    const [first] = this.#sql.exec<PublicationRow>('SELECT * FROM publication WHERE key = ?', key).toArray();
    if (first) return first.fingerprint === fingerprint ? { ...publicationOf(first), repeated: true } : { denied: 'key_reused' };
    if (code !== undefined) this.#sql.exec('INSERT OR IGNORE INTO code VALUES (?, ?, ?, NULL, 0)', code.normal, campaign, code.typed);
    const [row] = code === undefined
      ? this.#sql.exec<{ code: string; typed: string; campaign: string; holder: string | null }>('SELECT * FROM code WHERE campaign = ? AND is_of_set = 1 AND holder IS NULL ORDER BY rowid LIMIT 1', campaign).toArray()
      : this.#sql.exec<{ code: string; typed: string; campaign: string; holder: string | null }>('SELECT * FROM code WHERE code = ?', code.normal).toArray();
    if (!row) return { denied: 'codes_used_up' };
    if (row.campaign !== campaign) return { denied: 'code_of_other_campaign' };
    if (row.holder !== null && row.holder !== customer) return { denied: 'code_published' };
    this.#sql.exec('UPDATE code SET holder = ? WHERE code = ?', customer, row.code);
    const made = this.#sql.exec<PublicationRow>(
      'INSERT INTO publication (key, fingerprint, at, campaign, code, customer) VALUES (?, ?, ?, ?, ?, ?) RETURNING *', key, fingerprint, now, campaign, row.typed, customer).one();
    this.#sql.exec('INSERT INTO task VALUES (?, ?)', made.seq, JSON.stringify({ at: now, type: 'published', customer, name: campaign } satisfies Happening));
    return { ...publicationOf(made), repeated: false };
  }

  /** What was given to whom, the newest first. */
  page({ campaign, customer }: { campaign?: string | undefined; customer?: string | undefined }, before: number | undefined, limit: number): { publications: Publication[]; next: number | null } {
    const rows = this.#sql.exec<PublicationRow>(
      'SELECT * FROM publication WHERE seq < ?1 AND (?2 IS NULL OR campaign = ?2) AND (?3 IS NULL OR customer = ?3) ORDER BY seq DESC LIMIT ?4',
      before ?? Number.MAX_SAFE_INTEGER, campaign ?? null, customer ?? null, limit).toArray();
    return { publications: rows.map(publicationOf), next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
  }

  /** Which of these codes somebody else has, or nobody yet. */
  withheldFrom(customer: string | undefined, codes: readonly string[]): string[] {
    return codes.filter((code) => {
      const [row] = this.#sql.exec<{ holder: string | null }>('SELECT holder FROM code WHERE code = ?', code).toArray();
      return row !== undefined && (row.holder === null || row.holder !== customer);
    });
  }

  /** Takes a customer out: their codes are nobody's from now on, and are not given out again. */
  forget(customer: string): number {
    return this.ctx.storage.transactionSync(() => {
      this.#sql.exec('UPDATE code SET holder = ? WHERE holder = ?', NOBODY, customer);
      return this.#sql.exec('UPDATE publication SET customer = NULL WHERE customer = ? RETURNING seq', customer).toArray().length;
    });
  }

  override async alarm(): Promise<void> {
    await this.#passOn();
  }

  override async wake(): Promise<void> {
    await this.#passOn();
  }

  /** The edge must know of the campaign before anyone has a code of it. */
  async #guard(campaign: string): Promise<void> {
    const codes = this.#sql.exec<{ code: string }>('SELECT min(code) AS code FROM code WHERE campaign = ?1 UNION SELECT max(code) FROM code WHERE campaign = ?1', campaign).toArray();
    // the first and the last of all begin with what all of them begin with
    const prefix = prefixOf(codes.map(({ code }) => code));
    const { rowsWritten } = this.#sql.exec('INSERT INTO guard VALUES (?1, ?2) ON CONFLICT DO UPDATE SET prefix = ?2 WHERE prefix != ?2', campaign, prefix);
    if (rowsWritten === 0) return;
    const rows = this.#sql.exec<{ campaign: string; prefix: string }>('SELECT campaign, prefix FROM guard').toArray();
    await guarded.write(this.env, Object.fromEntries(rows.map((row) => [row.campaign, row.prefix])));
  }

  async #passOn(): Promise<void> {
    for (const { seq, value } of this.#sql.exec<{ seq: number; value: string }>('SELECT seq, value FROM task ORDER BY seq').toArray()) {
      try {
        const told = await this.env.RECORDS.getByName('records').tell(`publication/${seq}`, JSON.parse(value), this.epoch);
        this.reach(told.epoch);
      } catch (error) {
        log('error', 'not_passed_on', { type: 'published', cause: error instanceof Error ? error.message : String(error) });
        await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
        return;
      }
      this.#sql.exec('DELETE FROM task WHERE seq = ?', seq);
    }
  }
}

function publicationOf({ seq, at, campaign, code, customer }: PublicationRow): Publication {
  return { id: `pb-${seq}`, at, campaign, code, customer };
}
