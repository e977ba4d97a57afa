import { migrate } from '../migrations';
import type { Json } from './call';
import { selectionSql, type Selection } from './selection';
import { kindOf, type KindName } from './kinds';
import { STEPS } from './storage';

/**
 * What a project keeps, in the SQLite of its object: every row as JSON under kind and id, and beside it an index of
 * the words that rows of its kind are looked up by.
 */
export class Rows {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    migrate(storage, STEPS);
  }

  /** The row of this id or other name. `fold`: a code counts in any case of its letters. */
  find(kind: KindName, name: string, fold = false): Json | undefined {
    const kept = this.#read('SELECT value FROM rows WHERE kind = ? AND id = ?', kind, name);
    return kept[0] ?? this.#byOtherName(kind, name, fold);
  }

  /** Every row that the selection finds, from oldest to newest unless it says otherwise. */
  select(kind: KindName, selection: Selection = {}): Json[] {
    return this.entries(kind, selection).map(([, row]) => row);
  }

  /** The same with the ids under which they are kept. */
  entries(kind: KindName, selection: Selection = {}): [id: string, row: Json][] {
    const { where, order, limit, bindings } = selectionSql(kind, selection);
    return this.#sql
      .exec<{ id: string; value: string }>(`SELECT id, value FROM rows WHERE ${where} ORDER BY ${order} ${limit}`, ...bindings)
      .toArray()
      .map(({ id, value }) => [id, JSON.parse(value) as Json]);
  }

  /** How many rows the selection finds, whatever its page. */
  count(kind: KindName, selection: Selection = {}): number {
    const { where, bindings } = selectionSql(kind, { all: selection.all ?? [], any: selection.any ?? [] });
    return Number(this.#sql.exec(`SELECT count(*) AS found FROM rows WHERE ${where}`, ...bindings).one()['found']);
  }

  /** Keeps a row, instead of the one with its id. */
  put(kindName: KindName, row: Json, id = String(row[kindOf(kindName).id])): void {
    const kind = kindOf(kindName);
    const { seq } = this.#sql
      .exec<{ seq: number }>(
        `INSERT INTO rows (kind, id, created_at, value) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, id) DO UPDATE SET created_at = excluded.created_at, value = excluded.value RETURNING seq`,
        kindName,
        id,
        typeof row['created_at'] === 'string' ? row['created_at'] : null,
        JSON.stringify(row),
      )
      .one();
    this.#sql.exec('DELETE FROM words WHERE seq = ?', seq);
    for (const field of [...kind.names, ...kind.keys]) this.#index(kindName, field, at(row, field), seq);
    if (kind.id === 'code') this.#index(kindName, FOLDED, id.toLowerCase(), seq);
  }

  remove(kind: KindName, id: string): void {
    const [kept] = this.#sql.exec<{ seq: number }>('SELECT seq FROM rows WHERE kind = ? AND id = ?', kind, id);
    if (!kept) return;
    this.#sql.exec('DELETE FROM words WHERE seq = ?', kept.seq);
    this.#sql.exec('DELETE FROM rows WHERE seq = ?', kept.seq);
  }

  /** All of the changes or none. */
  transaction<T>(change: () => T): T {
    return this.#storage.transactionSync(change);
  }

  #byOtherName(kind: KindName, name: string, fold: boolean): Json | undefined {
    const fields = [...kindOf(kind).names, ...(fold ? [FOLDED] : [])];
    for (const field of fields) {
      const [row] = this.#read(
        'SELECT value FROM rows JOIN words USING (seq) WHERE words.kind = ? AND field = ? AND word = ? ORDER BY seq LIMIT 1',
        kind,
        field,
        field === FOLDED ? name.toLowerCase() : name,
      );
      if (row) return row;
    }
    return undefined;
  }

  #index(kind: KindName, field: string, value: unknown, seq: number): void {
    if (value === undefined || value === null || typeof value === 'object') return;
    this.#sql.exec('INSERT INTO words (kind, field, word, seq) VALUES (?, ?, ?, ?)', kind, field, String(value), seq);
  }

  #read(query: string, ...bindings: SqlStorageValue[]): Json[] {
    return this.#sql.exec<{ value: string }>(query, ...bindings).toArray().map(({ value }) => JSON.parse(value) as Json);
  }
}

/** The index of codes for projects that take them in any case. */
const FOLDED = 'code/folded';

/** What stands at a dotted path of a row. */
export function at(row: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((place, step) => (place as Json | null | undefined)?.[step], row);
}
