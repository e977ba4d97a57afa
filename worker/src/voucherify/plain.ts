// What a project keeps without a decision: rows are created, read, listed, changed and deleted as they come.
import { isJson, isoTime, type Json } from './call';
import { foldsCodes, formed, named, newRow, type Desk, type Work } from './desk';
import { invalidPayload, notFound } from './failure';
import { kindOf, type KindName } from './kinds';
import { readSelection } from './query';
import { at } from './rows';
import { equals, type Condition } from './selection';

/** A field of the rows that must equal a part of the address or a parameter of the query. */
export interface By {
  readonly field: string;
  readonly path?: string;
  readonly query?: string;
  /** The part names a row of this kind; the field holds its `id`. */
  readonly of?: KindName;
  /** The field holds this, whatever was asked. */
  readonly value?: string;
}

/** Fields that a new row takes from where it was created, beside or instead of those that came. */
export type Fields = (desk: Desk, given: Json) => Json;

export const get =
  (kind: KindName, parameter: string, ...by: readonly By[]): Work =>
  (desk) => ({ status: 200, body: told(kind, found(desk, kind, parameter, by)) });

/** A row as it is answered. */
export const told = (kind: KindName, row: Json): Json => {
  const { untold } = kindOf(kind);
  return untold.length === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !untold.includes(name)));
};

export const list = (kind: KindName, ...by: readonly By[]): Work => {
  const { listed } = kindOf(kind);
  const query = by.flatMap(({ field, path, query: name = field, value }) => (path === undefined && value === undefined ? [name] : []));
  return formed({ listed, query }, (desk) => {
    const { rows, call } = desk;
    const selection = readSelection(call.query, asked(desk, by));
    const total = rows.count(kind, selection);
    const has_more = selection.offset + selection.limit < total;
    const found = rows.select(kind, selection).map((row) => told(kind, row));
    return { status: 200, body: { object: 'list', data_ref: listed, [listed]: found, total, has_more } };
  });
};

/** Rows of these kinds say something that the engine reads; it looks at them before they are kept. */
const LOOKED_AT: readonly KindName[] = ['products', 'skus', 'validation_rules', 'promotion_tiers', 'earning_rules', 'rewards'];

/** A row makes sense, and its metadata is as the project's schema of the object asks, or it does not come at all. */
const fitting =
  (kind: KindName, work: Work): Work =>
  async (desk) => {
    const { object: named } = kindOf(kind);
    if (!LOOKED_AT.includes(kind) && !desk.rows.find('metadata_schemas', named)) return work(desk);
    for (const row of [desk.call.body].flat().filter(isJson)) {
      const answer = await desk.decide('rows/check', { body: { object: named, row } });
      if (answer.status >= 400) return answer;
    }
    return work(desk);
  };

/** Creates; where the id or another name of its own is taken, that row is changed instead. A list creates each. */
export const create = (kind: KindName, fields: Fields = () => ({})): Work =>
  formed({ takes: 'rows' }, fitting(kind, (desk) => {
    const { body } = desk.call;
    const given = (Array.isArray(body) ? body : [body]).map(object);
    const made = desk.rows.transaction(() =>
      given.map((each) => createOne(desk, kind, { ...each, ...fields(desk, each) })),
    );
    return { status: 200, body: Array.isArray(body) ? made : made[0] };
  }));

export const update = (kind: KindName, parameter: string, ...by: readonly By[]): Work =>
  fitting(kind, (desk) => {
    const row = changed(desk, found(desk, kind, parameter, by), object(desk.call.body));
    desk.rows.put(kind, row);
    return { status: 200, body: row };
  });

/** Sets fields to what the address says: `…/enable`. */
export const set =
  (kind: KindName, parameter: string, fields: Json, ...by: readonly By[]): Work =>
  formed({ takes: 'nothing' }, (desk) => {
    const row = changed(desk, found(desk, kind, parameter, by), fields);
    desk.rows.put(kind, row);
    return { status: 200, body: row };
  });

/** Rules name rows of these kinds. */
const ASKED_FOR: readonly KindName[] = ['segments', 'product_collections'];

/** Deletes a row, and the rows of other kinds whose field holds its id or code; not one that is protected or that rules ask for. */
export const remove = (kind: KindName, parameter: string, also: Partial<Record<KindName, string>> = {}): Work =>
  formed({ status: 204, ...(ASKED_FOR.includes(kind) && { query: ['force'] }) }, async (desk) => {
    const row = named(desk, kind, parameter);
    const { rows } = desk;
    if (row['protected'] === true || (ASKED_FOR.includes(kind) && desk.call.query['force'] !== 'true')) {
      const { object, id } = kindOf(kind);
      const answer = await desk.decide('rows/delete', { body: { object, id: row[id], row } });
      if (answer.status >= 400) return answer;
    }
    const its = [row['id'], row['code']].filter((name) => typeof name === 'string');
    rows.transaction(() => {
      for (const [other, field] of Object.entries(also) as [KindName, string][]) {
        for (const [id] of rows.entries(other, { all: [equals(field, ...its)] })) rows.remove(other, id);
      }
      rows.remove(kind, String(row[kindOf(kind).id]));
    });
    return { status: 204 };
  });

function createOne(desk: Desk, kind: KindName, fields: Json): Json {
  const { rows } = desk;
  const taken = ['id', ...kindOf(kind).names.filter((name) => name !== 'name')]
    .map((name) => fields[name])
    .filter((name) => typeof name === 'string')
    .map((name) => rows.find(kind, name))
    .find((row) => row !== undefined);
  const row = taken ? changed(desk, taken, fields) : newRow(desk, kind, fields);
  rows.put(kind, row);
  assignRules(desk, kind, row);
  return row;
}

/** `validation_rules: [id]` on a new row assigns these rules to it. */
function assignRules(desk: Desk, kind: KindName, row: Json): void {
  const given = row['validation_rules'];
  if (!Array.isArray(given)) return;
  for (const rule_id of given.filter((id) => typeof id === 'string')) {
    if (!desk.rows.find('validation_rules', rule_id)) throw notFound('validation rule', rule_id);
    desk.rows.put('validation_rules_assignments', assignment(desk, rule_id, kindOf(kind).object, String(row['id'])));
  }
}

export function assignment(desk: Desk, rule_id: string, related_object_type: string, related_object_id: string): Json {
  return newRow(desk, 'validation_rules_assignments', { rule_id, related_object_type, related_object_id });
}

/** The fields that came replace those that were; what is an object on both sides is changed field by field. */
function changed({ call }: Desk, row: Json, fields: Json): Json {
  const { id: _, object: __, created_at: ___, ...given } = fields;
  const merged = Object.entries(given).map(([name, value]) => {
    const before = row[name];
    const isBag = (name === 'metadata' || name === 'address') && isJson(value) && isJson(before);
    return [name, isBag ? { ...before, ...value } : value];
  });
  return { ...row, ...Object.fromEntries(merged), updated_at: isoTime(call.now) };
}

function found(desk: Desk, kind: KindName, parameter: string, by: readonly By[]): Json {
  const row = named(desk, kind, parameter);
  const fits = asked(desk, by).every(({ field, values }) => values.includes(at(row, field)));
  if (!fits) throw notFound(kindOf(kind).called, desk.call.path[parameter] ?? '');
  return row;
}

function asked(desk: Desk, by: readonly By[]): Condition[] {
  const { call, rows } = desk;
  return by.flatMap(({ field, path, query, of, value }) => {
    if (value !== undefined) return [equals(field, value)];
    if (path !== undefined) return [equals(field, of ? named(desk, of, path)['id'] : call.path[path])];
    const given = nameIn(call.query[query ?? field]);
    if (given === undefined) return [];
    const row = of && rows.find(of, given, of === 'vouchers' && foldsCodes(rows));
    return [equals(field, row ? row['id'] : given)];
  });
}

/** A row is named by a text, or by an object that holds its id or source_id. */
function nameIn(given: unknown): string | undefined {
  const name = isJson(given) ? (given['id'] ?? given['source_id']) : given;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

export function object(body: unknown): Json {
  if (isJson(body)) return body;
  throw invalidPayload('The body is not an object');
}
