import type { Answer } from './call';
import type { Desk, Work } from './desk';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a project opens to shoppers' pages by name; everything else of the client side is open to every listed origin. */
export type Switch = 'redemptions' | 'publications' | 'vouchers' | 'customers' | 'events';

/** A covered endpoint. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  /** Both: what it is called between the worker and the project. */
  readonly name: string;
  /** What it does, for the table in the docs. */
  readonly about: string;
  readonly does: Work;
  /** What must be switched on for it. */
  readonly needs?: Switch;
}

/** The routes below one base: `at('GET', '/vouchers', 'lists vouchers', list('vouchers'))`. */
export const below =
  (base: string) =>
  (method: Method, path: string, about: string, does: Work, needs?: Switch): Route => ({
    method,
    path: base + path,
    name: `${method} ${base}${path}`,
    about,
    does,
    ...(needs && { needs }),
  });

/** Leaves the answer to the engine. */
export const decided =
  (endpoint: string, change: (desk: Desk) => Parameters<Desk['decide']>[1] = () => ({})): Work =>
  (desk): Promise<Answer> =>
    desk.decide(endpoint, change(desk));
