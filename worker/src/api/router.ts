import { bodyLimit } from 'hono/body-limit';
import type { Hono } from 'hono';
import { tokenHolder } from '../admin';
import type { Env } from '../env';
import { methodNotAllowed, tooLarge } from '../problem';
import { fitting, idempotencyKey, jsonOf, MAX_BODY_BYTES, namesIn } from './check';
import type { Route } from './route';

/** Puts the routes on the router: who asks, the key, the body and the query are checked before anything is done. */
export function serve(app: Hono<{ Bindings: Env }>, routes: readonly Route[]): void {
  // by the announced length before anything is read, and by the bytes themselves where none is announced
  const limit = ({ most: maxSize = MAX_BODY_BYTES, raw }: Route) =>
    bodyLimit({
      maxSize,
      onError: () => {
        throw tooLarge(raw?.what ?? 'request', maxSize);
      },
    });
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    methods.set(path, [...(methods.get(path) ?? []), ...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])]);
    app.on(route.method, path, tokenHolder(route.who), limit(route), async (c) => {
      // the body is read before anything is refused: a connection with an unread body is closed
      const json = route.body || route.raw?.schema ? await jsonOf(c) : undefined;
      const names = namesIn(c);
      const key = route.keyed ? idempotencyKey(c) : '';
      const query = route.query ? fitting(route.query, c.req.query(), 'query') : undefined;
      const body = route.body ? fitting(route.body, json, 'request') : undefined;
      return route.handle({ c, env: c.env, key, body, query, param: (name) => names[name] ?? '' });
    });
  }
  for (const [path, allowed] of methods) {
    app.all(path, () => {
      throw methodNotAllowed(allowed.join(', '));
    });
  }
}
