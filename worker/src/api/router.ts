import { bodyLimit } from 'hono/body-limit';
import type { Hono } from 'hono';
import { tokenHolder } from '../admin';
import type { Env } from '../env';
import { methodNotAllowed, tooLarge } from '../problem';
import { fitting, idempotencyKey, jsonOf, MAX_BODY_BYTES, namesIn } from './check';
import type { Ask, Asked, Route } from './route';

async function answered(route: Route, c: Ask): Promise<Response> {
  const json = route.body || route.raw?.schema ? await jsonOf(c) : undefined;
  const names = namesIn(c);
  const key = route.keyed ? idempotencyKey(c) : '';
  const query = route.query ? fitting(route.query, c.req.query(), 'query') : undefined;
  const body = route.body ? fitting(route.body, json, 'request') : undefined;
  const asked: Asked = { c, env: c.env, key, body, query, param: (name) => names[name] ?? '' };
  const answer = await route.handle(asked);
  await note(route, asked, answer);
  return answer;
}

/** Lets the rest of a body arrive, as far as nobody has begun to read it: a connection with an unread body is closed, and what is sent next on it lost. */
async function heard(c: Ask): Promise<void> {
  const { body, bodyUsed } = c.req.raw;
  if (body && !bodyUsed) await body.pipeTo(new WritableStream());
}

/** Says in the audit what was changed, and by whom. What was refused, or had been done before, is no change. */
async function note({ notes, answer: { status } }: Route, asked: Asked, answer: Response): Promise<void> {
  if (!notes || answer.status !== status || answer.headers.has('idempotent-replay')) return;
  const { action, subject = asked.param('id'), detail = '' } = notes(asked, await answer.clone().json());
  const actor = asked.c.req.header('x-actor')?.slice(0, 100) ?? 'admin';
  await asked.env.RECORDS.getByName('records').note({ at: Date.now(), actor, action, subject, detail: detail.slice(0, MAX_DETAIL_LENGTH) });
}

/** Longer ones end here. */
const MAX_DETAIL_LENGTH = 1_000;

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
      try {
        return await answered(route, c);
      } catch (error) {
        await heard(c);
        throw error;
      }
    });
  }
  for (const [path, allowed] of methods) {
    app.all(path, () => {
      throw methodNotAllowed(allowed.join(', '));
    });
  }
}
