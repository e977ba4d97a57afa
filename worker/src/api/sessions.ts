import { edgeEngine } from '../edge_engine';
import { assertPatient, codesOf } from '../guessing';
import { lockable } from '../redemption/charging';
import type { Lock } from '../redemption/session';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** The addresses of sessions that lock codes for a time. */
export const sessions: Route[] = [
  route({
    method: 'PUT', path: '/sessions/{id}', summary: 'Locks one use of each campaign of a cart for a time, and lets go of those that left the cart.', who: 'checkout',
    body: schemas.session, answer: { status: 200, schema: answers.session }, refusals: [429, 503],
    handle: async ({ c, env, body, param }) => {
      await assertPatient(c, { codes: codesOf(body.request), session: param('id') });
      const now = Date.now();
      const wanted = await lockable(env, await edgeEngine.opened(env, now), body, now);
      const locks = (await env.SESSIONS.getByName(param('id')).lock(wanted)) as Lock[];
      return c.json({ id: param('id'), locks }, 200, noStore);
    },
  }),
  route({
    method: 'GET', path: '/sessions/{id}', summary: 'What a session has locked.', who: 'checkout',
    answer: { status: 200, schema: answers.session },
    handle: async ({ c, env, param }) => c.json({ id: param('id'), locks: (await env.SESSIONS.getByName(param('id')).held()) as Lock[] }, 200, noStore),
  }),
  route({
    method: 'DELETE', path: '/sessions/{id}', summary: 'Lets go of what a session has locked.', who: 'checkout',
    answer: { status: 200, schema: answers.session },
    handle: async ({ c, env, param }) => {
      await env.SESSIONS.getByName(param('id')).release();
      return c.json({ id: param('id'), locks: [] }, 200, noStore);
    },
  }),
];
