// The worker, with books whose time passes as it is told: what they keep becomes older, and their alarm rings.
import worker, { Book as Real } from '../../../worker/src/index.ts';

export { Catalogue, Customer, Publications, Records, Redemption, Session, VoucherifyProject } from '../../../worker/src/index.ts';

const MOMENTS = { answers: ['$.at'], reservations: ['$.since', '$.at', '$.until'] };

export class Book extends Real {
  /** All that is kept is so much older, the alarm too. */
  async age(ms) {
    const { sql } = this.ctx.storage;
    for (const [kind, paths] of Object.entries(MOMENTS)) {
      for (const path of paths) sql.exec(`UPDATE row SET value = json_set(value, '${path}', value ->> '${path}' - CAST(? AS INTEGER)) WHERE kind = ? AND value ->> '${path}' IS NOT NULL`, ms, kind);
    }
    sql.exec('UPDATE row SET held_until = held_until - CAST(? AS INTEGER) WHERE held_until IS NOT NULL', ms);
    sql.exec("UPDATE setting SET value = value - CAST(? AS INTEGER) WHERE name = 'forget_at'", ms);
    await this.alarm();
    return this.kept();
  }

  /** How many rows of each kind there are, and whether an alarm is set. */
  async kept() {
    const rows = this.ctx.storage.sql.exec('SELECT kind, count(*) AS count FROM row GROUP BY kind ORDER BY kind').toArray();
    return { ...Object.fromEntries(rows.map(({ kind, count }) => [kind, count])), rings: (await this.ctx.storage.getAlarm()) !== null };
  }
}

export default {
  async fetch(request, env, context) {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/tests/')) return worker.fetch(request, env, context);
    const book = env.BOOKS.getByName(searchParams.get('book'));
    return Response.json(pathname === '/tests/kept' ? await book.kept() : await book.age(Number(searchParams.get('days')) * 86_400_000));
  },
};
