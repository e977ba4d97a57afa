import type { Context } from 'hono';
import type { GenericSchema, InferOutput } from 'valibot';
import type { Env } from '../env';
import type { Action } from '../records/events';

export type Ask = Context<{ Bindings: Env }>;

/** Who may ask. */
export type Who = 'anyone' | 'checkout' | 'admin';

/** An address of the worker: what the router, the checks of a request and the OpenAPI document are made of. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `{id}`. */
  path: string;
  /** One sentence. */
  summary: string;
  who: Who;
  /** The most bytes of a body; 128 KiB when absent. */
  most?: number;
  /** Whether the request needs an `Idempotency-Key`. */
  keyed?: boolean;
  query?: GenericSchema<Record<string, string | undefined>, unknown>;
  body?: GenericSchema;
  /** A body that the handler reads itself, and what is too large where it is. */
  raw?: { type: string; schema?: GenericSchema; what: 'snapshot' | 'request' };
  /** What a good answer looks like; whether a repeat is answered with 200 in place of 201, and who has it already with 304. */
  answer: { status: 200 | 201; schema?: GenericSchema; type?: string; repeated?: boolean; tagged?: boolean };
  /** The statuses of refusals besides those that every address of its kind has. */
  refusals?: readonly number[];
  /** What the audit says when it was carried out: of every address that changes what the shop runs by. */
  notes?(ask: Asked, told: Told): Noted;
  handle(ask: Asked): Promise<Response>;
}

/** The answer that was given. */
export type Told = Readonly<Record<string, unknown>>;

/** An entry of the audit, apart from who and when. The subject is what the address names where it is absent. */
export interface Noted {
  action: Action;
  subject?: string;
  detail?: string;
}

/** A request that passed the checks of its route. */
export interface Asked {
  c: Ask;
  env: Env;
  key: string;
  body: unknown;
  query: unknown;
  param(name: string): string;
}

type Typed<B extends GenericSchema, Q extends GenericSchema<Record<string, string | undefined>, unknown>> = Omit<Asked, 'body' | 'query'> & { body: InferOutput<B>; query: InferOutput<Q> };

/** A route whose handler knows the types of its body and its query. */
export function route<B extends GenericSchema = GenericSchema<undefined>, Q extends GenericSchema<Record<string, string | undefined>, unknown> = never>(
  of: Omit<Route, 'handle' | 'notes' | 'body' | 'query'> & {
    body?: B;
    query?: Q;
    notes?(ask: Typed<B, Q>, told: Told): Noted;
    handle(ask: Typed<B, Q>): Promise<Response>;
  },
): Route {
  return of as unknown as Route;
}
