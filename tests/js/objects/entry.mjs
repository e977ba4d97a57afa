// The worker, with a way to drive its objects from inside: what is sent at once arrives at once, without a network in between.
import worker, { Redemption as Real } from '../../../worker/src/index.ts';

export { Book, Catalogue, Customer, Publications, Records, Session, VoucherifyProject } from '../../../worker/src/index.ts';

/** A redemption whose time can be over. */
export class Redemption extends Real {
  /** Its alarm rings after its time, when all that came before is done. */
  async expire() {
    await this.read();
    const [row] = this.ctx.storage.sql.exec("SELECT value FROM document WHERE name = 'redeemed'").toArray();
    if (row) {
      const over = { ...JSON.parse(row.value), until: Date.now() - 1 };
      this.ctx.storage.sql.exec("UPDATE document SET value = ? WHERE name = 'redeemed'", JSON.stringify(over));
    }
    await this.alarm();
  }
}

const HOLD_MS = 3_600_000;

/** What a redemption of a campaign with a budget is charged. */
function begin(id, campaign, sha256) {
  const charge = {
    currency: 'EUR', subtotal: 1_000, discountTotal: 100, shippingTotal: 0, total: 900, due: 900, points: 0, cart: '', campaigns: [campaign], discounts: { [campaign]: 100 },
    experiments: {},
    parts: [{ type: 'use', allowance: campaign, uses: 1 }, { type: 'use', allowance: `${campaign}/EUR`, uses: 1, amount: 100, currency: 'EUR' }],
  };
  return { id, charge, snapshot: { version: 1, sha256 }, until: Date.now() + HOLD_MS, confirm: false };
}

async function operate(env, { campaign, sha256 }, id, operation, key) {
  const object = env.REDEMPTIONS.getByName(id);
  switch (operation) {
    case 'reserve':
      return object.begin('reserve', 'same', begin(id, campaign, sha256));
    case 'confirm':
      return object.confirm(key, key, []);
    case 'refund':
      return object.refund(key, key, [{ part: 1, amount: 40 }]);
    case 'expire':
      await object.expire();
      return { status: 200, body: {} };
    default:
      return object[operation](key, key);
  }
}

const told = ({ status, body, repeated = false }) => ({ status, says: body.code ?? body.status ?? null, repeated });

/** Carries a sequence out, one after another or all at once, and tells what each heard and what the book has counted. */
async function drive(env, { campaign, sha256, sequence, ids, atOnce, cleans }) {
  const book = env.BOOKS.getByName(`allowance:${campaign}`);
  const counted = async () => {
    const { counters } = await book.counters([campaign]);
    const { uses = 0, heldUses = 0 } = counters[campaign] ?? {};
    const { spent = 0, heldAmount = 0 } = counters[`${campaign}/EUR`] ?? {};
    return { uses, heldUses, spent, heldAmount };
  };
  const before = await counted();
  const one = ([who, operation], at) => operate(env, { campaign, sha256 }, ids[who], operation, `${operation}-${at}`).then(told);
  const answers = [];
  if (atOnce) answers.push(...(await Promise.all(sequence.map(one))));
  else for (const [at, step] of sequence.entries()) answers.push(await one(step, at));
  const after = await counted();
  const stand = await Promise.all(ids.map(async (id) => (await env.REDEMPTIONS.getByName(id).read())?.status ?? null));
  const grown = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]]));
  if (cleans) for (const [who, status] of stand.entries()) if (['held', 'confirmed'].includes(status)) await operate(env, { campaign, sha256 }, ids[who], status === 'held' ? 'release' : 'rollback', 'clean');
  return { answers, stand, grown };
}

/** Tells the records of an order twice, as a redemption does that died before it heard that they have it. */
async function tellTwice(env, currency) {
  const record = { at: Date.now(), outcome: 'confirmed', redemption: 'rd_0', order: null, customer: null, campaigns: ['wide0'], currency, total: 900, discount: 100, discounts: { wide0: 100 }, experiments: {}, code: null, message: null };
  const happening = { at: Date.now(), type: 'event', customer: 'cu_0', name: 'visited' };
  const records = env.RECORDS.getByName('records');
  for (const _ of [1, 2]) await records.append('rd_0/confirmed', record, 0);
  for (const _ of [1, 2]) await records.tell('cu_0/event/1', happening, 0);
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === '/twice') return Response.json({ done: await tellTwice(env, 'CHF') });
    if (pathname !== '/drive') return worker.fetch(request, env, context);
    const { lane, sequences } = await request.json();
    const found = [];
    for (const sequence of sequences) found.push(await drive(env, { ...lane, ...sequence }));
    return Response.json(found);
  },
};
