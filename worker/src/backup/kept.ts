import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../env';

/** Rows in one line of a backup. */
const ROWS_A_LINE = 200;

/** Rows of one table of an object, as they stand in a backup: one line of JSON. */
export interface Line {
  object: string;
  /** The version of its storage. */
  version: number;
  table: string;
  columns: string[];
  rows: SqlStorageValue[][];
}

/** What an object answers to another one, and of which epoch it is. */
export interface Heard {
  epoch: number;
}

const CUT = `
  CREATE TABLE IF NOT EXISTS cut (epoch INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS cut_log (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;`;

/**
 * An object whose storage can be written to a backup and filled from one.
 *
 * A backup is of one moment, though objects are read one after another while they work. Each backup begins an epoch, and
 * whoever asks or answers says of which epoch it is. An object that first hears of a newer one copies its tables before it
 * takes the message in: so no object's part of the backup knows of something that another's does not (Chandy and Lamport,
 * *Distributed Snapshots*, 1985). What was on its way at that moment is asked again after the restore, as after a crash.
 */
export abstract class Kept extends DurableObject<Env> {
  #epoch: number;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    // most objects are never there when a backup is taken, and keep nothing for one
    const wasCut = ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'cut'").toArray().length > 0;
    const [cut] = wasCut ? ctx.storage.sql.exec<{ epoch: number }>('SELECT epoch FROM cut').toArray() : [];
    this.#epoch = cut?.epoch ?? 0;
  }

  /** Tables whose rows are only ever added, under a `seq` that grows: a backup needs no copy of them. */
  protected readonly logs: readonly string[] = [];

  /** The backup that this object's parts were last kept for. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Keeps what stands here for a backup, before anything later is taken in. */
  reach(epoch: number): void {
    if (epoch <= this.#epoch) return;
    const { sql } = this.ctx.storage;
    this.ctx.storage.transactionSync(() => {
      sql.exec(CUT);
      this.#dropCopies();
      for (const name of this.#tables()) {
        if (this.logs.includes(name)) sql.exec(`INSERT INTO cut_log SELECT ?, coalesce(max(seq), 0) FROM "${name}"`, name);
        else sql.exec(`CREATE TABLE "cut_of_${name}" AS SELECT * FROM "${name}"`);
      }
      sql.exec('DELETE FROM cut');
      sql.exec('INSERT INTO cut VALUES (?)', epoch);
    });
    this.#epoch = epoch;
  }

  /** All it kept for a backup, as lines; the copies are gone when the last one is read. */
  dump(object: string, epoch: number): ReadableStream<Uint8Array> {
    this.reach(epoch);
    if (this.#epoch !== epoch) throw new Error(`backup ${epoch} was overtaken by ${this.#epoch}`);
    const version = this.#version();
    const tables = this.#tables();
    const encoder = new TextEncoder();
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const write = async (): Promise<void> => {
      for (const table of tables) {
        for (const { columns, rows } of this.#pages(table)) {
          await writer.write(encoder.encode(`${JSON.stringify({ object, version, table, columns, rows } satisfies Line)}\n`));
          if (this.#epoch !== epoch) throw new Error(`backup ${epoch} was overtaken by ${this.#epoch}`);
        }
      }
      this.ctx.storage.transactionSync(() => this.#dropCopies());
      await writer.close();
    };
    this.ctx.waitUntil(write().catch((error: unknown) => writer.abort(error)));
    return readable;
  }

  /** Takes over lines of a backup. Answers the version of its own storage when theirs is another one; then nothing was taken. */
  async fill(lines: readonly Line[]): Promise<number | null> {
    const own = this.#version();
    if (lines.some(({ version }) => version !== own)) return own;
    this.ctx.storage.transactionSync(() => {
      for (const { table, columns, rows } of lines) {
        if (![table, ...columns].every((name) => /^\w{1,40}$/.test(name))) throw new Error('a table or a column has no name that can be');
        const insert = `INSERT OR REPLACE INTO "${table}" (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`;
        for (const row of rows) this.ctx.storage.sql.exec(insert, ...row);
      }
    });
    return null;
  }

  /** Goes on where the backup left it, once every object is filled. */
  abstract wake(): Promise<void>;

  /** What it keeps, page by page. */
  *#pages(table: string): Generator<{ columns: string[]; rows: SqlStorageValue[][] }> {
    const { sql } = this.ctx.storage;
    const isLog = this.logs.includes(table);
    const [source, place] = isLog ? [table, 'seq'] : [`cut_of_${table}`, 'rowid'];
    const [end] = isLog
      ? sql.exec<{ last: number }>('SELECT last FROM cut_log WHERE name = ?', table).toArray()
      : sql.exec<{ last: number }>(`SELECT coalesce(max(rowid), 0) AS last FROM "${source}"`).toArray();
    const last = end?.last ?? 0;
    for (let after = 0; after < last; after += ROWS_A_LINE) {
      const cursor = sql.exec(`SELECT * FROM "${source}" WHERE ${place} > ? AND ${place} <= ? ORDER BY ${place}`, after, Math.min(after + ROWS_A_LINE, last));
      const columns = cursor.columnNames;
      const rows = [...cursor.raw()];
      if (rows.length > 0) yield { columns, rows };
    }
  }

  #tables(): string[] {
    const rows = this.ctx.storage.sql.exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
         AND name NOT IN ('migration', 'cut', 'cut_log') AND name NOT LIKE 'cut\\_of\\_%' ESCAPE '\\' ORDER BY name`).toArray();
    return rows.map(({ name }) => name);
  }

  #dropCopies(): void {
    const { sql } = this.ctx.storage;
    const copies = sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'cut\\_of\\_%' ESCAPE '\\'`).toArray();
    for (const { name } of copies) sql.exec(`DROP TABLE "${name}"`);
    sql.exec('DELETE FROM cut_log');
  }

  #version(): number {
    return this.ctx.storage.sql.exec<{ version: number }>('SELECT max(version) AS version FROM migration').one().version;
  }
}
