/**
 * Brings the storage of an object to its newest version: each entry of the list once, in order, with the number of those
 * that were run. Storage of a newer release than this one is left alone.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly string[]): void {
  storage.transactionSync(() => {
    storage.sql.exec('CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY)');
    const [newest] = storage.sql.exec<{ version: number | null }>('SELECT max(version) AS version FROM migration').toArray();
    const from = newest?.version ?? 0;
    if (from > migrations.length) throw new Error(`storage version ${from} is newer than this release, which knows ${migrations.length}`);
    for (const [index, statements] of migrations.entries()) {
      if (index < from) continue;
      storage.sql.exec(statements);
      storage.sql.exec('INSERT INTO migration VALUES (?)', index + 1);
    }
  });
}
