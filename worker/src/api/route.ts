import type { Context } from 'hono';
import type { GenericSchema } from 'valibot';
import type { Env } from '../env';

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
  handle(ask: Asked): Promise<Response>;
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

/** A route whose handler knows the types of its body and its query. */
export function route<B extends GenericSchema = GenericSchema<undefined>, Q extends GenericSchema<Record<string, string | undefined>, unknown> = never>(
  of: Omit<Route, 'handle' | 'body' | 'query'> & {
    body?: B;
    query?: Q;
    handle(ask: Omit<Asked, 'body' | 'query'> & { body: import('valibot').InferOutput<B>; query: import('valibot').InferOutput<Q> }): Promise<Response>;
  },
): Route {
  return of as unknown as Route;
}
