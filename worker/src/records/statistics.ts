/**
 * What the orders of a time came to. Each redemption counts once, by what it was last heard to be: one that was rolled back
 * is no order any more. All amounts are whole minor units, means too.
 */

/** Orders, and what they came to. */
export interface Sum {
  orders: number;
  /** What was paid, minor units. */
  total: number;
  /** What was taken off, minor units. */
  discount: number;
}

/** A variant of an experiment, by the customers who were given it. */
export interface VariantSum extends Sum {
  experiment: string;
  variant: string;
  /** Redemptions that were begun; `orders` of them were confirmed. */
  begun: number;
  /** The mean of an order's total, minor units; 0 without orders. */
  mean: number;
  /** In 19 of 20 such experiments the true mean is no further off than this, minor units; null for fewer than two orders. */
  interval: number | null;
  /** How the mean differs from that of the customers held out, or else of the first variant; null for that one itself. */
  against: { variant: string; difference: number; interval: number } | null;
}

export interface Statistics {
  /** The one that is told; empty where there are no records. */
  currency: string;
  /** All that there are records in, the most frequent first. */
  currencies: string[];
  from: number;
  to: number;
  all: Sum;
  /** Rolled back after they were confirmed. */
  rolledBack: number;
  refused: number;
  /** By day, in UTC, without those on which nothing happened. */
  days: (Sum & { day: string; refused: number })[];
  /** By campaign: `total` is what the orders came to that it was part of, `discount` what it took off itself. */
  campaigns: (Sum & { id: string })[];
  /** Why orders were refused, the most frequent first. */
  refusals: { code: string; count: number }[];
  /** The customers who paid most, by their pseudonyms. */
  customers: (Sum & { customer: string })[];
  variants: VariantSum[];
}

/** How many customers and reasons are named. */
const MOST = 50;

/** What the engine calls customers who are given no variant. */
const HELD_OUT = 'held_out';

/** The newest word on each redemption of the time; what was given back in parts, or could not be, leaves it an order. */
const LAST = `WITH last AS (
  SELECT json_extract(value, '$.redemption') AS redemption, outcome, at, customer, value,
    json_extract(value, '$.total') AS total, json_extract(value, '$.discount') AS discount, max(seq) AS seq
  FROM record WHERE at >= ? AND at < ? AND json_extract(value, '$.currency') = ? AND id NOT LIKE '%/refund/%'
  GROUP BY json_extract(value, '$.redemption')), ordered AS (SELECT * FROM last WHERE outcome = 'confirmed')`;

const SUMS = 'count(*) AS orders, coalesce(sum(total), 0) AS total, coalesce(sum(discount), 0) AS discount';
const DAY = "strftime('%Y-%m-%d', at / 1000, 'unixepoch')";

type Row = Record<string, SqlStorageValue>;

/** @param wanted the currency; default the most frequent */
export function statistics(sql: SqlStorage, wanted: string | undefined, from: number, to: number): Statistics {
  const currencies = currenciesIn(sql, from, to);
  const currency = wanted ?? currencies[0] ?? '';
  const asked = <T>(query: string): T[] => sql.exec<Row>(`${LAST} ${query}`, from, to, currency).toArray() as T[];
  const [all] = asked<Sum>(`SELECT ${SUMS} FROM ordered`);
  const [counts] = asked<{ rolledBack: number; refused: number }>(
    "SELECT coalesce(sum(outcome = 'rolled_back'), 0) AS rolledBack, coalesce(sum(outcome = 'refused'), 0) AS refused FROM last",
  );
  return {
    currency, currencies, from, to,
    all: all ?? { orders: 0, total: 0, discount: 0 },
    rolledBack: counts?.rolledBack ?? 0,
    refused: counts?.refused ?? 0,
    days: asked(`SELECT ${DAY} AS day, sum(outcome = 'confirmed') AS orders, sum(iif(outcome = 'confirmed', total, 0)) AS total,
      sum(iif(outcome = 'confirmed', discount, 0)) AS discount, sum(outcome = 'refused') AS refused FROM last GROUP BY day ORDER BY day`),
    campaigns: asked(`SELECT each.key AS id, count(*) AS orders, sum(total) AS total, sum(each.value) AS discount
      FROM ordered, json_each(ordered.value, '$.discounts') AS each GROUP BY each.key ORDER BY discount DESC, each.key`),
    refusals: asked(`SELECT json_extract(value, '$.code') AS code, count(*) AS count FROM last WHERE outcome = 'refused'
      GROUP BY code ORDER BY count DESC, code LIMIT ${MOST}`),
    customers: asked(`SELECT customer, ${SUMS} FROM ordered WHERE customer IS NOT NULL GROUP BY customer ORDER BY total DESC, customer LIMIT ${MOST}`),
    variants: byVariant(asked(`SELECT each.key AS experiment, each.value AS variant, outcome, total, discount
      FROM last, json_each(last.value, '$.experiments') AS each ORDER BY experiment, variant`)),
  };
}

/** All customers who have ordered, and what they paid, in one currency. */
export interface Custom {
  currency: string;
  currencies: string[];
  customers: number;
  paid: number;
}

/** @param wanted the currency; default the most frequent */
export function custom(sql: SqlStorage, wanted: string | undefined): Custom {
  const currencies = currenciesIn(sql, 0, Number.MAX_SAFE_INTEGER);
  const currency = wanted ?? currencies[0] ?? '';
  const [sum] = sql.exec<{ customers: number; paid: number }>(
    `${LAST} SELECT count(DISTINCT customer) AS customers, coalesce(sum(total), 0) AS paid FROM ordered WHERE customer IS NOT NULL`,
    0, Number.MAX_SAFE_INTEGER, currency,
  ).toArray();
  return { currency, currencies, customers: sum?.customers ?? 0, paid: sum?.paid ?? 0 };
}

function currenciesIn(sql: SqlStorage, from: number, to: number): string[] {
  return sql.exec<{ currency: string }>(
    "SELECT json_extract(value, '$.currency') AS currency FROM record WHERE at >= ? AND at < ? GROUP BY currency HAVING currency != '' ORDER BY count(*) DESC, currency", from, to,
  ).toArray().map(({ currency }) => currency);
}

interface Given {
  experiment: string;
  variant: string;
  outcome: string;
  total: number;
  discount: number;
}

/** What a mean and its variance are made of. Squares of amounts pass what a number holds exactly, so they are big integers. */
interface Sample {
  count: bigint;
  sum: bigint;
  squares: bigint;
}

interface Told extends VariantSum {
  sample: Sample;
}

function byVariant(rows: readonly Given[]): VariantSum[] {
  const found: Told[] = [];
  for (const { experiment, variant, outcome, total, discount } of rows) {
    let last = found.at(-1);
    if (last?.experiment !== experiment || last.variant !== variant) {
      const sample = { count: 0n, sum: 0n, squares: 0n };
      last = { experiment, variant, begun: 0, orders: 0, total: 0, discount: 0, mean: 0, interval: null, against: null, sample };
      found.push(last);
    }
    last.begun += 1;
    if (outcome !== 'confirmed') continue;
    last.orders += 1;
    last.total += total;
    last.discount += discount;
    last.sample.count += 1n;
    last.sample.sum += BigInt(total);
    last.sample.squares += BigInt(total) ** 2n;
  }
  return found.map(({ sample, ...sum }) => {
    const own = found.filter(({ experiment }) => experiment === sum.experiment);
    const other = own.find(({ variant }) => variant === HELD_OUT) ?? own[0];
    return { ...sum, mean: meanOf(sample), interval: intervalOf(sample), against: againstOf(sum.variant, sample, other) };
  });
}

/** Half up. */
function meanOf({ count, sum }: Sample): number {
  return count === 0n ? 0 : Number((2n * sum + count) / (2n * count));
}

function intervalOf(...samples: Sample[]): number | null {
  // 1.96² times the sum of s² / n, as one fraction
  let [above, below] = [0n, 1n];
  for (const { count, sum, squares } of samples) {
    if (count < 2n) return null;
    const [own, under] = [38_416n * (count * squares - sum * sum), 10_000n * count * count * (count - 1n)];
    [above, below] = [above * under + own * below, below * under];
  }
  return Number(rootUp((above + below - 1n) / below));
}

function againstOf(variant: string, sample: Sample, other: Told | undefined): VariantSum['against'] {
  if (other === undefined || other.variant === variant) return null;
  const interval = intervalOf(sample, other.sample);
  return interval === null ? null : { variant: other.variant, difference: meanOf(sample) - meanOf(other.sample), interval };
}

/** The smallest whole number whose square is not below `square`, by Newton's method. */
function rootUp(square: bigint): bigint {
  if (square < 2n) return square;
  let root = square;
  for (let next = (root + 1n) / 2n; next < root; next = (root + square / root) / 2n) root = next;
  return root * root === square ? root : root + 1n;
}
