import { migrate } from '../migrations';

/** The rows of a ledger by kind, as the ledger names them. */
const KINDS = ['answers', 'counters', 'reservations', 'accounts', 'leases', 'blocks', 'referrals', 'invitations'] as const;
type Kind = (typeof KINDS)[number];

/** Rows by kind and key: which the ledger needs, or which it touched. */
export type Rows = Partial<Record<Kind, string[]>> & { lapsedBy?: number };

/** Rows with what is in them. */
type State = Partial<Record<Kind, Record<string, unknown>>>;

/** What a decision comes to. */
export interface Touched {
  touched: Rows;
  state: State;
  events: readonly { type: string; at?: number }[];
}

/** Holds released by one command; the ledger takes no more. */
const MOST_LAPSED = 100;

/** Each entry brings storage from one version to the next; none is ever changed once it was deployed. */
export const MIGRATIONS = [
  `CREATE TABLE row (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, held_until INTEGER,
     PRIMARY KEY (kind, key)) WITHOUT ROWID;
   CREATE INDEX row_by_hold ON row (held_until) WHERE held_until IS NOT NULL;
   CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL);
   CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  'CREATE TABLE decided (key TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);',
];

/** The rows and the log of one book, in the SQLite of its Durable Object. */
export class RowStore {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, MIGRATIONS);
    this.#sql = storage.sql;
  }

  /** The named rows as the text of a state. */
  load(wanted: Rows): string {
    const kinds = KINDS.map((kind) => {
      const rows = (wanted[kind] ?? []).flatMap((key) =>
        this.#sql.exec<{ value: string }>('SELECT value FROM row WHERE kind = ? AND key = ?', kind, key).toArray()
          .map(({ value }) => [key, value] as const),
      );
      if (kind === 'reservations' && wanted.lapsedBy !== undefined) rows.push(...this.#lapsed(wanted.lapsedBy));
      const members = new Map(rows);
      return members.size === 0 ? '' : `,"${kind}":{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`;
    });
    return `{"version":1${kinds.join('')}}`;
  }

  /** The rows of a kind after a key, as the text of a state; the last key, where there are more. */
  page(kind: Kind, after: string, limit: number): { state: string; last: string | undefined } {
    const rows = this.#sql.exec<{ key: string; value: string }>('SELECT key, value FROM row WHERE kind = ? AND key > ? ORDER BY key LIMIT ?', kind, after, limit).toArray();
    const members = rows.map(({ key, value }) => `${JSON.stringify(key)}:${value}`);
    return { state: `{"version":1,"${kind}":{${members.join()}}}`, last: rows.length === limit ? rows.at(-1)?.key : undefined };
  }

  /** How many rows of a kind there are. */
  count(kind: Kind): number {
    return this.#sql.exec<{ count: number }>('SELECT count(*) AS count FROM row WHERE kind = ?', kind).one().count;
  }

  /** Writes what a decision touched: rows as they are now, rows that are gone, and its events, which its key finds again. */
  store(command: string, { touched, state, events }: Touched, now: number): void {
    for (const kind of KINDS) {
      for (const key of touched[kind] ?? []) {
        const row = state[kind]?.[key];
        if (row !== undefined) {
          this.#sql.exec('INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?)', kind, key, JSON.stringify(row), heldUntil(kind, row));
          continue;
        }
        this.#sql.exec('DELETE FROM row WHERE kind = ? AND key = ?', kind, key);
        if (kind === 'answers') this.#sql.exec('DELETE FROM decided WHERE key = ?', key);
      }
    }
    const seqs = events.filter(({ type }) => type !== 'answered').map((event) =>
      this.#sql.exec<{ seq: number }>('INSERT INTO event (at, type, value) VALUES (?, ?, ?) RETURNING seq', event.at ?? now, event.type, JSON.stringify(event)).one().seq);
    const [first, last] = [seqs[0], seqs.at(-1)];
    if (first !== undefined && last !== undefined) this.#sql.exec('INSERT OR REPLACE INTO decided VALUES (?, ?, ?)', command, first, last);
  }

  /** What happened by the command of that key, as long as its answer is kept. */
  eventsOf(key: string): object[] {
    const rows = this.#sql.exec<{ value: string }>('SELECT value FROM event, decided WHERE key = ? AND seq BETWEEN first AND last ORDER BY seq', key).toArray();
    return rows.map(({ value }) => JSON.parse(value) as object);
  }

  /** When the next hold ends. */
  nextHold(): number | undefined {
    const [row] = this.#sql.exec<{ at: number | null }>('SELECT min(held_until) AS at FROM row WHERE held_until IS NOT NULL').toArray();
    return row?.at ?? undefined;
  }

  /** One row. */
  row<T>(kind: Kind, key: string): T | undefined {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM row WHERE kind = ? AND key = ?', kind, key).toArray();
    return row && (JSON.parse(row.value) as T);
  }

  /** Whether there is any row of a kind. */
  has(kind: Kind): boolean {
    return this.#sql.exec('SELECT 1 FROM row WHERE kind = ? LIMIT 1', kind).toArray().length > 0;
  }

  /** The rows of a kind from a key on, up to another one. */
  between<T>(kind: Kind, from: string, to: string): [key: string, row: T][] {
    const rows = this.#sql.exec<{ key: string; value: string }>('SELECT key, value FROM row WHERE kind = ? AND key >= ? AND key < ?', kind, from, to).toArray();
    return rows.map(({ key, value }) => [key, JSON.parse(value) as T]);
  }

  /** All rows of a kind. */
  all<T>(kind: Kind): [key: string, row: T][] {
    const rows = this.#sql.exec<{ key: string; value: string }>('SELECT key, value FROM row WHERE kind = ?', kind).toArray();
    return rows.map(({ key, value }) => [key, JSON.parse(value) as T]);
  }

  /** The redemptions by whose names reservations begin. */
  redemptions(): string[] {
    const rows = this.#sql.exec<{ id: string }>("SELECT DISTINCT substr(key, 1, 35) AS id FROM row WHERE kind = 'reservations' AND key GLOB 'rd_*'");
    return rows.toArray().map(({ id }) => id);
  }

  /** What happened, from an event on. */
  events(after: number, limit: number): { seq: number; value: string }[] {
    return this.#sql.exec<{ seq: number; value: string }>('SELECT seq, value FROM event WHERE seq > ? ORDER BY seq LIMIT ?', after, limit).toArray();
  }

  setting(name: string): string | undefined {
    const [row] = this.#sql.exec<{ value: string }>('SELECT value FROM setting WHERE name = ?', name).toArray();
    return row?.value;
  }

  set(name: string, value: string | undefined): void {
    if (value === undefined) this.#sql.exec('DELETE FROM setting WHERE name = ?', name);
    else this.#sql.exec('INSERT OR REPLACE INTO setting VALUES (?, ?)', name, value);
  }

  #lapsed(by: number): (readonly [string, string])[] {
    const rows = this.#sql.exec<{ key: string; value: string }>(
      'SELECT key, value FROM row WHERE held_until <= ? ORDER BY held_until LIMIT ?', by, MOST_LAPSED);
    return rows.toArray().map(({ key, value }) => [key, value] as const);
  }
}

function heldUntil(kind: Kind, row: unknown): number | null {
  if (kind !== 'reservations') return null;
  const { standing, until } = row as { standing: string; until?: number };
  return standing === 'held' ? (until ?? null) : null;
}
