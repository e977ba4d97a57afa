import type { Answer, Call, Json } from './call';
import { isoTime } from './call';
import { notFound } from './failure';
import { kindOf, type KindName } from './kinds';
import type { Rows } from './rows';

/** Where one call is worked on: what the project keeps, and whom to ask for a decision. */
export interface Desk {
  readonly call: Call;
  readonly rows: Rows;
  /** Asks the engine, loads what it needs, stores what it says, answers what it says. */
  decide(endpoint: string, changed?: Partial<Pick<Call, 'path' | 'query' | 'body'>>): Promise<Answer>;
}

/** What the description of a route says of it beyond its address; an object is taken and answered where nothing is said. */
export interface Form {
  /** `nothing` has no body, `rows` is one object or a list of them, `list` a list. */
  readonly takes?: 'nothing' | 'rows' | 'list';
  /** Parameters of the query that are texts. */
  readonly query?: readonly string[];
  /** The member of a list that holds the rows of its page; such a list takes filters, an order and a page. */
  readonly listed?: string;
  /** 200 when absent. */
  readonly status?: 202 | 204;
}

/** How a route is answered. */
export interface Work {
  (desk: Desk): Answer | Promise<Answer>;
  readonly form?: Form;
}

/** A work that says of which form it is. */
export const formed = (form: Form, work: (desk: Desk) => Answer | Promise<Answer>): Work =>
  Object.assign((desk: Desk) => work(desk), { form });

export const PROJECT = 'project';

/** What the project is set to: stacking rules, time zone. The engine knows what holds where nothing is said. */
export const settings = (rows: Rows): Json => rows.find('settings', PROJECT) ?? { id: PROJECT };

/** Whether codes count in any case of their letters. */
export const foldsCodes = (rows: Rows): boolean => settings(rows)['case_sensitive_codes'] === false;

/** The row of a name that stands in the address, or the refusal. */
export function named({ rows, call }: Desk, kind: KindName, parameter: string): Json {
  const name = call.path[parameter] ?? '';
  const row = rows.find(kind, name, kind === 'vouchers' && foldsCodes(rows));
  if (!row) throw notFound(kindOf(kind).called, name);
  return row;
}

/** A new row with what every row says of itself; an id that came along is kept, so that an export moves in with its ids. */
export function newRow({ call }: Desk, kind: KindName, fields: Json): Json {
  const { object, prefix } = kindOf(kind);
  const id = typeof fields['id'] === 'string' && fields['id'] !== '' ? fields['id'] : `${prefix}_${randomHex(12)}`;
  const created_at = typeof fields['created_at'] === 'string' ? fields['created_at'] : isoTime(call.now);
  return { ...fields, id, created_at, updated_at: null, object };
}

export function randomHex(bytes: number): string {
  const drawn = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(drawn, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
