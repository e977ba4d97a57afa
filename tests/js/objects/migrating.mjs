// The worker, with books that are empty storages: each is brought to a version, filled there, and opened by the present release.
import { DurableObject } from 'cloudflare:workers';
import { MIGRATIONS as catalogue } from '../../../worker/src/catalogue/catalogue.ts';
import { MIGRATIONS as book } from '../../../worker/src/ledger/row_store.ts';
import worker from '../../../worker/src/index.ts';
import { migrate } from '../../../worker/src/migrations.ts';
import { MIGRATIONS as records } from '../../../worker/src/records/records.ts';

export { Catalogue, Customer, Publications, Records, Redemption, Session, VoucherifyProject } from '../../../worker/src/index.ts';

const STORAGES = { book, records, catalogue };

export class Book extends DurableObject {
  /** What a storage of a version comes to that has these rows, and what `queries` find in it then. */
  open(storage, version, filled, queries) {
    const { sql } = this.ctx.storage;
    const migrations = STORAGES[storage];
    migrate(this.ctx.storage, migrations.slice(0, version));
    for (const statement of filled) sql.exec(statement);
    migrate(this.ctx.storage, migrations);
    // once more, as with the next start
    migrate(this.ctx.storage, migrations);
    return {
      newest: migrations.length,
      versions: sql.exec('SELECT version FROM migration ORDER BY version').toArray().map(({ version }) => version),
      schema: sql.exec("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY type, name").toArray(),
      found: queries.map((query) => sql.exec(query).toArray()),
    };
  }
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== '/tests/open') return worker.fetch(request, env, context);
    const { storage, version, filled, queries } = await request.json();
    return Response.json(await env.BOOKS.getByName(`${storage}/${version}/${filled.length}`).open(storage, version, filled, queries));
  },
};
