// Many rows changed by one call. Voucherify does so by and by; here they are changed before the call is answered, each by
// itself, and the action that the answer names is over already.
import { isJson, isoTime, type Answer, type Json } from './call';
import { formed, newRow, type Desk, type Work } from './desk';
import { entering } from './customers';
import { Failure, invalidPayload } from './failure';
import { create, get, list } from './plain';
import type { Route, below } from './route';

const MOST_ROWS = 1000;

/** Rows with what shall be so of each. */
const listed = (body: unknown): Json[] => {
  if (Array.isArray(body) && body.every(isJson)) return body;
  throw invalidPayload('The body should be a list of objects');
};

/** `{ source_ids, metadata }`: the same metadata for all rows of these names. */
const withMetadata =
  (names: string, name: string) =>
  (body: unknown): Json[] => {
    const { [names]: given, metadata } = isJson(body) ? body : {};
    if (!Array.isArray(given) || !given.every((each) => typeof each === 'string') || !isJson(metadata)) {
      throw invalidPayload(`The body should have the properties '${names}' and 'metadata'`);
    }
    return given.map((each) => ({ [name]: each, metadata }));
  };

const voucher: Work = (desk) => {
  const { code, ...changes } = desk.call.body as Json;
  if (typeof code !== 'string') throw invalidPayload("Each voucher should have the property 'code'");
  return desk.decide('vouchers/update', { path: { code }, body: changes });
};

/** Created where it is not there yet. */
const named =
  (work: Work): Work =>
  (desk) => {
    const { id, source_id } = desk.call.body as Json;
    if (typeof (source_id ?? id) !== 'string') throw invalidPayload("Each object should have the property 'source_id'");
    return work(desk);
  };

const inBulk =
  (type: string, rowsOf: (body: unknown) => Json[], change: Work): Work =>
  formed({ status: 202, ...(rowsOf === listed && { takes: 'list' }) }, async (desk) => {
    const given = rowsOf(desk.call.body);
    if (given.length > MOST_ROWS) throw invalidPayload(`At most ${MOST_ROWS} objects are changed by one call`);
    const failed: Json[] = [];
    for (const each of given) {
      const { status, body } = await attempted(change, { ...desk, call: { ...desk.call, body: each } });
      if (status >= 400) failed.push({ ...names(each), error: body });
    }
    const result = { done_count: given.length - failed.length, failed_count: failed.length, failed };
    const { now, requestId } = desk.call;
    const action = newRow(desk, 'async_actions', { type, status: 'DONE', progress: 100, request_id: requestId, result });
    desk.rows.put('async_actions', { ...action, updated_at: isoTime(now) });
    return { status: 202, body: { async_action_id: action['id'] } };
  });

async function attempted(change: Work, desk: Desk): Promise<Answer> {
  try {
    return await change(desk);
  } catch (error) {
    if (error instanceof Failure) return { status: error.status, body: error.body };
    throw error;
  }
}

const names = (row: Json): Json =>
  Object.fromEntries(['id', 'code', 'source_id'].filter((name) => name in row).map((name) => [name, row[name]]));

const customer = named(entering(create('customers')));
const product = named(create('products'));

/** To be tried before the routes of single rows, whose codes could be these words. */
export const bulkRoutes = (at: ReturnType<typeof below>): Route[] => [
  at('POST', '/vouchers/bulk/async', 'changes vouchers', inBulk('vouchers_update', listed, voucher)),
  at('POST', '/vouchers/metadata/async', 'sets metadata of vouchers', inBulk('vouchers_metadata', withMetadata('codes', 'code'), voucher)),
  at('POST', '/customers/bulk/async', 'creates or changes customers', inBulk('customers_update', listed, customer)),
  at('POST', '/customers/metadata/async', 'sets metadata of customers', inBulk('customers_metadata', withMetadata('source_ids', 'source_id'), customer)),
  at('POST', '/products/bulk/async', 'creates or changes products', inBulk('products_update', listed, product)),
  at('POST', '/products/metadata/async', 'sets metadata of products', inBulk('products_metadata', withMetadata('source_ids', 'source_id'), product)),
  at('GET', '/async-actions', 'lists changes of many rows', list('async_actions')),
  at('GET', '/async-actions/:action', 'what became of a change of many rows', get('async_actions', 'action')),
];
