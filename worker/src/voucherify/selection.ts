import { kindOf, type KindName } from './kinds';

/** A question to one field of a row. */
export interface Condition {
  /** A field, or a dotted path. */
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly unknown[];
}

/** Which rows, in which order, and which page of them. */
export interface Selection {
  /** All of these hold. */
  readonly all?: readonly Condition[];
  /** And one of these, if there are any. */
  readonly any?: readonly Condition[];
  readonly order?: string;
  readonly descending?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** A question in SQL and the values bound to it, none of which is written into the text. */
type Asked = readonly [sql: string, ...bound: unknown[]];
type Asking = (column: string, values: readonly unknown[]) => Asked;

const among: Asking = (column, values) => {
  const given = values.filter((value) => value !== null);
  const found = `${column} IN (${listed(given)})`;
  return [given.length === values.length ? found : `(${column} IS NULL OR ${found})`, ...given];
};
const notAmong: Asking = (column, values) => {
  const [found, ...given] = among(column, values);
  // of a field that is absent, IN is neither true nor false
  return [`(${found}) IS NOT TRUE`, ...given];
};
const than =
  (comparison: string): Asking =>
  (column, [value]) => [`${column} ${comparison} ?`, value];

const OPERATORS = {
  $is: among,
  $in: among,
  $is_not: notAmong,
  $not_in: notAmong,
  $has_value: (column) => [`${column} IS NOT NULL`],
  $is_unknown: (column) => [`${column} IS NULL`],
  $after: than('>'),
  $before: than('<'),
  $more_than: than('>'),
  $more_than_equal: than('>='),
  $less_than: than('<'),
  $less_than_equal: than('<='),
  $starts_with: (column, [value]) => [`instr(${column}, ?) = 1`, value],
  $ends_with: (column, [value]) => [`substr(${column}, -length(?)) = ?`, value, value],
  $contains: (column, [value]) => [`instr(${column}, ?) > 0`, value],
  $not_contain: (column, [value]) => [`(instr(${column}, ?) > 0) IS NOT TRUE`, value],
} as const satisfies Record<string, Asking>;

export type Operator = keyof typeof OPERATORS;

export const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATORS, name);

const listed = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** The field that equals one of the values. */
export const equals = (field: string, ...values: unknown[]): Condition => ({ field, operator: '$is', values });

/** The parts of a query for a selection of rows of one kind. */
export function selectionSql(
  kind: KindName,
  selection: Selection,
): { where: string; order: string; limit: string; bindings: SqlStorageValue[] } {
  const bindings: SqlStorageValue[] = [kind];
  const asked = (condition: Condition): string => conditionSql(kind, condition, bindings);
  const where = ['kind = ?', ...(selection.all ?? []).map(asked)];
  const any = (selection.any ?? []).map(asked);
  if (any.length > 0) where.push(`(${any.join(' OR ')})`);
  const direction = selection.descending ? 'DESC' : 'ASC';
  const field = selection.order ?? 'created_at';
  const order = `${field === 'created_at' ? 'created_at' : column(field)} ${direction}, seq ${direction}`;
  const limit =
    selection.limit === undefined ? '' : `LIMIT ${Math.trunc(selection.limit)} OFFSET ${Math.trunc(selection.offset ?? 0)}`;
  return { where: where.join(' AND '), order, limit, bindings };
}

function conditionSql(kind: KindName, { field, operator, values }: Condition, bindings: SqlStorageValue[]): string {
  const { names, keys } = kindOf(kind);
  const isText = values.every((value) => typeof value === 'string');
  if (isText && (operator === '$is' || operator === '$in') && [...names, ...keys].includes(field)) {
    bindings.push(kind, field, ...(values as string[]));
    return `seq IN (SELECT seq FROM words WHERE words.kind = ? AND field = ? AND word IN (${listed(values)}))`;
  }
  const asking: Asking = OPERATORS[operator];
  const [sql, ...given] = asking(column(field), values);
  bindings.push(...given.map(bound));
  return sql;
}

/** A field of the JSON. Only letters, digits, `_`, `-` and dots pass, so that nothing can be written into the query. */
function column(field: string): string {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(field)) throw new RangeError(`no field is called ${field}`);
  return `json_extract(value, '$.${field.split('.').map((step) => `"${step}"`).join('.')}')`;
}

/** JSON's true and false are 1 and 0 in SQLite. */
function bound(value: unknown): SqlStorageValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' || value === null ? value : String(value);
}
