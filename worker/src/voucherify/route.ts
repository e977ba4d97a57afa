import type { Answer } from './call';
import type { Desk, Work } from './desk';
import type { KindName } from './kinds';
import { create, get, list, remove, update } from './plain';

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

type At = ReturnType<typeof below>;

/** The routes of rows that are kept as they come: lists, creates, gets, changes and deletes them. */
export const kept = (at: At, path: string, kind: KindName, one: string, also: Parameters<typeof remove>[2] = {}): Route[] => {
  const name = one.split(' ').at(-1) ?? '';
  const row = `${path}/:${name}`;
  return [
    at('GET', path, `lists ${kind.replaceAll('_', ' ')}`, list(kind)),
    at('POST', path, `creates ${one}`, create(kind)),
    at('GET', row, one, get(kind, name)),
    at('PUT', row, `changes ${one}`, update(kind, name)),
    at('DELETE', row, `deletes ${one}${Object.keys(also).length > 0 ? ' with its assignments' : ''}`, remove(kind, name, also)),
  ];
};

/** Leaves the answer to the engine. */
export const decided =
  (endpoint: string, change: (desk: Desk) => Parameters<Desk['decide']>[1] = () => ({})): Work =>
  (desk): Promise<Answer> =>
    desk.decide(endpoint, change(desk));
