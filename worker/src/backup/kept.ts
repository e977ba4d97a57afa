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

/** An object whose storage can be written to a backup and filled from one. */
export abstract class Kept extends DurableObject<Env> {
  /**
   * All it keeps, as lines. Tables that only grow are read page by page, up to where they end now; the others at once, so
   * that the lines are of one moment.
   */
  dump(object: string): ReadableStream<Uint8Array> {
    const { sql } = this.ctx.storage;
    const tables = sql.exec<{ name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name != 'migration' ORDER BY name`).toArray();
    const version = this.#version();
    const line = (table: string, columns: string[], rows: SqlStorageValue[][]): string => `${JSON.stringify({ object, version, table, columns, rows } satisfies Line)}\n`;
    const isLog = (table: { sql: string }): boolean => table.sql.includes('seq INTEGER PRIMARY KEY');

    const fixed = tables.filter((table) => !isLog(table)).flatMap(({ name }) => {
      const cursor = sql.exec(`SELECT * FROM "${name}"`);
      return inPages([...cursor.raw()]).map((rows) => line(name, cursor.columnNames, rows));
    });
    const logs = tables.filter(isLog).map(({ name }) => {
      const { last } = sql.exec<{ last: number | null }>(`SELECT max(seq) AS last FROM "${name}"`).one();
      return { name, last: last ?? 0 };
    });

    const encoder = new TextEncoder();
    const { readable, writable } = new IdentityTransformStream();
    const write = async (): Promise<void> => {
      const writer = writable.getWriter();
      // an object without rows is there all the same
      if (fixed.length === 0 && logs.every(({ last }) => last === 0)) return writer.close();
      for (const text of fixed) await writer.write(encoder.encode(text));
      for (const { name, last } of logs) {
        for (let after = 0; after < last; ) {
          const cursor = sql.exec(`SELECT * FROM "${name}" WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`, after, last, ROWS_A_LINE);
          const { columnNames } = cursor;
          const rows = [...cursor.raw()];
          const newest = rows.at(-1)?.[columnNames.indexOf('seq')];
          if (typeof newest !== 'number') break;
          after = newest;
          await writer.write(encoder.encode(line(name, columnNames, rows)));
        }
      }
      await writer.close();
    };
    this.ctx.waitUntil(write());
    return readable;
  }

  /** Takes over lines of a backup. Answers the version of its own storage when theirs is another one; then nothing was taken. */
  async fill(lines: readonly Line[], isLast: boolean): Promise<number | null> {
    const own = this.#version();
    if (lines.some(({ version }) => version !== own)) return own;
    this.ctx.storage.transactionSync(() => {
      for (const { table, columns, rows } of lines) {
        if (![table, ...columns].every((name) => /^\w{1,40}$/.test(name))) throw new Error('a table or a column has no name that can be');
        const insert = `INSERT OR REPLACE INTO "${table}" (${columns.map((name) => `"${name}"`).join()}) VALUES (${columns.map(() => '?').join()})`;
        for (const row of rows) this.ctx.storage.sql.exec(insert, ...row);
      }
    });
    if (isLast) await this.wake();
    return null;
  }

  /** Goes on where the backup left it. */
  protected abstract wake(): Promise<void>;

  #version(): number {
    return this.ctx.storage.sql.exec<{ version: number }>('SELECT max(version) AS version FROM migration').one().version;
  }
}

function inPages<T>(rows: T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_A_LINE) }, (_, page) => rows.slice(page * ROWS_A_LINE, (page + 1) * ROWS_A_LINE));
}
