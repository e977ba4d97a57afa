/** A row, a body, an answer: JSON whose fields are Voucherify's. */
export type Json = Record<string, unknown>;

/** A query after its brackets were read: texts, lists and objects of texts. */
export type Query = Record<string, unknown>;

/** A request as the project's object hears it. */
export interface Call {
  /** The route that took it, as `GET /v1/vouchers/:code`. */
  readonly route: string;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  /** What the body holds; `{}` without one. Some endpoints take a list. */
  readonly body: unknown;
  /** UTC milliseconds. */
  readonly now: number;
  /** Whether a shopper's page asks. */
  readonly clientSide: boolean;
  readonly requestId: string;
}

export interface Answer {
  readonly status: number;
  /** Absent for 204. */
  readonly body?: unknown;
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isoTime = (now: number): string => new Date(now).toISOString();
