/**
 * The steps from an empty storage to the present one. Each runs once, in this order; a step that was deployed is never
 * changed, the next change is a step of its own.
 */
export const STEPS: readonly string[] = [
  `CREATE TABLE rows (
     seq INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     id TEXT NOT NULL,
     created_at TEXT,
     value TEXT NOT NULL,
     UNIQUE (kind, id)
   );
   CREATE INDEX rows_by_age ON rows (kind, created_at, seq);
   CREATE TABLE words (
     kind TEXT NOT NULL,
     field TEXT NOT NULL,
     word TEXT NOT NULL,
     seq INTEGER NOT NULL,
     PRIMARY KEY (kind, field, word, seq)
   ) WITHOUT ROWID;
   CREATE INDEX words_of_row ON words (seq);`,
];
