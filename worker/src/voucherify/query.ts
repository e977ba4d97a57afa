import qs from 'qs';
import { isJson, type Json, type Query } from './call';
import { invalidQuery, pageOverLimit, queryTooLarge } from './failure';
import { isOperator, type Condition, type Selection } from './selection';

/** Reads `filters[created_at][conditions][$after][0]=2020` and its like. */
export function readQuery(search: string): Query {
  try {
    return qs.parse(search, {
      ignoreQueryPrefix: true,
      depth: 10,
      arrayLimit: 500,
      parameterLimit: 10_000,
      strictDepth: true,
      throwOnLimitExceeded: true,
    }) as Query;
  } catch {
    throw queryTooLarge('The query is nested deeper, or has more parameters, than this worker reads');
  }
}

const MOST_ROWS = 100;
const MOST_PAGES = 1000;

/** The page, the order and the filters of a list; `by` has what the endpoint's own parameters ask. */
export function readSelection(query: Query, by: readonly Condition[]): Selection & { limit: number; offset: number } {
  const limit = whole(query, 'limit', 10, MOST_ROWS);
  const page = whole(query, 'page', 1, Number.MAX_SAFE_INTEGER);
  if (page > MOST_PAGES) throw pageOverLimit(MOST_PAGES);
  const order = typeof query['order'] === 'string' && query['order'] !== '' ? query['order'] : '-created_at';
  const filters = isJson(query['filters']) ? query['filters'] : {};
  const asked = Object.entries(filters).flatMap(([field, filter]) => (field === 'junction' ? [] : conditions(field, filter)));
  const isAny = String(filters['junction']).toLowerCase() === 'or';
  return {
    all: [...by, ...dates(query, 'created_at'), ...dates(query, 'updated_at'), ...(isAny ? [] : asked)],
    any: isAny ? asked : [],
    order: fieldName(order.replace(/^-/, '')),
    descending: order.startsWith('-'),
    limit,
    offset: limit * (page - 1),
  };
}

function conditions(field: string, filter: unknown): Condition[] {
  const given = isJson(filter) && isJson(filter['conditions']) ? filter['conditions'] : undefined;
  if (!given) throw invalidQuery(`The filter ${field} has no conditions`);
  return Object.entries(given).map(([operator, values]) => {
    if (!isOperator(operator)) throw invalidQuery(`The filter ${field} asks ${operator}, which no filter knows`);
    return { field: fieldName(field), operator, values: [values].flat().flatMap(readings) };
  });
}

/** What a text of a query may stand for; a comparison takes the first. */
function readings(text: unknown): unknown[] {
  const read = readMetadata(text);
  return read === text ? [text] : [read, text];
}

/** `created_at[after]=…&created_at[before]=…` */
function dates(query: Query, field: string): Condition[] {
  const given = query[field];
  if (!isJson(given)) return [];
  const bounds = { after: '$after', before: '$before' } as const;
  return Object.entries(bounds).flatMap(([word, operator]) =>
    given[word] === undefined ? [] : [{ field, operator, values: [given[word]] }],
  );
}

function fieldName(name: string): string {
  if (/^[\w-]+(\.[\w-]+)*$/.test(name)) return name;
  throw invalidQuery(`No field is called ${name}`);
}

function whole(query: Query, name: string, otherwise: number, most: number): number {
  const given = query[name];
  if (given === undefined || given === '') return otherwise;
  const number = /^\d{1,6}$/.test(String(given)) ? Number(given) : 0;
  if (number >= 1 && number <= most) return number;
  throw invalidQuery(`${name} is a whole number from 1 to ${most}`);
}

const WHOLE = /^-?(0|[1-9]\d{0,14})$/;

/** What `validationOfQuery` reads that is one text; `order`, `customer`, `item`, `metadata`, `gift` and `reward` come in brackets. */
export const VALIDATION_TEXTS = ['amount', 'tracking_id', 'session_type', 'session_key', 'session_ttl', 'session_ttl_unit'] as const;

/**
 * The body that the POST form of a client-side validation would have had. A query holds texts alone: whole numbers are
 * read where amounts and quantities stand, numbers and truth values inside metadata.
 */
export function validationOfQuery(query: Query): Json {
  const { code: _, amount, item, items = item, order, customer, metadata, gift, reward, ...rest } = query;
  const { session_type, session_key, session_ttl, session_ttl_unit, tracking_id } = rest;
  const session = { type: session_type, key: session_key, ttl: wholeNumber(session_ttl), ttl_unit: session_ttl_unit };
  const given = {
    amount: wholeNumber(amount),
    items: Array.isArray(items) ? items.map(readFields) : undefined,
    ...(isJson(order) ? (readFields(order) as Json) : {}),
  };
  const asOrder = present(given);
  return present({
    order: Object.keys(asOrder).length === 0 ? undefined : asOrder,
    customer: isJson(customer) ? readFields(customer) : undefined,
    metadata: isJson(metadata) ? readMetadata(metadata) : undefined,
    gift: isJson(gift) ? readFields(gift) : undefined,
    reward: isJson(reward) ? readFields(reward) : undefined,
    tracking_id,
    session: session_type === undefined ? undefined : present(session),
  });
}

const COUNTED = ['amount', 'price', 'quantity', 'discount_amount', 'initial_quantity', 'initial_amount', 'credits', 'points'];

function readFields(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(readFields);
  if (!isJson(given)) return given;
  const read = Object.entries(given).map(([name, value]) => {
    if (name === 'metadata') return [name, readMetadata(value)];
    return [name, COUNTED.includes(name) ? wholeNumber(value) : readFields(value)];
  });
  return Object.fromEntries(read);
}

function readMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readMetadata);
  if (isJson(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, readMetadata(inner)]));
  if (value === 'true' || value === 'false') return value === 'true';
  return wholeNumber(value);
}

const wholeNumber = (value: unknown): unknown => (typeof value === 'string' && WHOLE.test(value) ? Number(value) : value);

const present = (fields: Json): Json => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
