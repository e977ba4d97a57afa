import { isShop } from '../admin';
import { edgeEngine } from '../edge_engine';
import { sha256 } from '../digest';
import type { Env } from '../env';
import { assertPatient, codesOf } from '../guessing';
import { Refusal, type Problem } from '../problem';
import { noteRefused, writeDown } from '../redemption/attempts';
import { charged, signedQuote } from '../redemption/charging';
import type { Redemption } from '../redemption/redemption';
import { redemptionUnknown } from '../redemption/refusals';
import type { Answered } from '../redemption/redemption_store';
import { publicKeys } from '../tokens/quote_token';
import * as answers from './answers';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** The addresses of quotes that are charged, and of what is redeemed. */
export const redemptions: Route[] = [
  route({
    method: 'GET', path: '/quote-keys.json', summary: 'The public keys of quote tokens.', who: 'anyone',
    answer: { status: 200, schema: answers.quoteKeys }, refusals: [503],
    handle: async ({ c, env }) => c.json(await publicKeys(env), 200, { 'cache-control': 'no-cache' }),
  }),
  route({
    method: 'POST', path: '/quote/signed', summary: 'Quotes a cart, with a token by which it is charged exactly so, once.', who: 'anyone',
    body: schemas.request, answer: { status: 200, schema: answers.signedQuote }, refusals: [429, 503],
    handle: async ({ c, env, body }) => {
      await assertPatient(c, { codes: codesOf(body) });
      const now = Date.now();
      const opened = await edgeEngine.opened(env, now);
      return c.json(await signedQuote(env, opened, await isShop(c) ? { request: body, trusts: true } : { request: body }, now), 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/redemptions', summary: 'Holds what an order uses, all or nothing; or redeems it at once.', who: 'checkout', keyed: true,
    body: schemas.begin, answer: { status: 201, schema: schemas.redemption }, refusals: [404, 409, 410, 429, 503],
    handle: async ({ c, env, key, body }) => {
      const id = await idOf(key);
      const print = await fingerprint('begin', body);
      const stub = object(env, id);
      // a repeat is answered even when its quote would not be any more
      const earlier = async () => {
        const first = await stub.answered(key, print);
        return first && answer(first);
      };
      // a token is taken by who charges it, and not by another request under a key that was used
      const repeated = body.token === undefined ? null : await earlier();
      if (repeated) return repeated;
      let begin;
      try {
        if (body.session !== undefined) await assertPatient(c, { codes: codesOf(body.request), session: body.session });
        const now = Date.now();
        begin = await charged(env, await edgeEngine.opened(env, now), id, body, now);
      } catch (error) {
        const answered = await earlier();
        if (answered) return answered;
        await noteRefused(env, id, body, error);
        throw error;
      }
      const told = await stub.begin(key, print, begin);
      // what makes no sense to a book is refused before the object begins to keep it
      if (told.status === 422 && !told.repeated) await writeDown(env, `${id}/refused`, begin, told.body as Problem);
      return answer(told);
    },
  }),
  route({
    method: 'GET', path: '/redemptions/{id}', summary: 'A redemption as it stands.', who: 'checkout',
    answer: { status: 200, schema: schemas.redemption }, refusals: [404],
    handle: async ({ c, env, param }) => {
      const found = await object(env, known(param('id'))).read();
      if (!found) throw redemptionUnknown();
      return c.json(found, 200, noStore);
    },
  }),
  route({
    method: 'POST', path: '/redemptions/{id}/confirm', summary: 'Uses what is held, or less of it.', who: 'checkout', keyed: true,
    body: schemas.confirm, answer: { status: 200, schema: schemas.redemption }, refusals: [404, 409],
    handle: async ({ env, key, body, param }) =>
      answer(await object(env, known(param('id'))).confirm(key, await fingerprint('confirm', body), body.parts)),
  }),
  route({
    method: 'POST', path: '/redemptions/{id}/release', summary: 'Gives back what is held.', who: 'checkout', keyed: true,
    body: schemas.nothing, answer: { status: 200, schema: schemas.redemption }, refusals: [404, 409],
    handle: async ({ env, key, body, param }) =>
      answer(await object(env, known(param('id'))).release(key, await fingerprint('release', body))),
  }),
  route({
    method: 'POST', path: '/redemptions/{id}/rollback', summary: 'Undoes what is used.', who: 'checkout', keyed: true,
    body: schemas.nothing, answer: { status: 200, schema: schemas.redemption }, refusals: [404, 409],
    handle: async ({ env, key, body, param }) =>
      answer(await object(env, known(param('id'))).rollback(key, await fingerprint('rollback', body))),
  }),
  route({
    method: 'POST', path: '/redemptions/{id}/refund', summary: 'Gives back a part of what is used.', who: 'checkout', keyed: true,
    body: schemas.refund, answer: { status: 200, schema: schemas.redemption }, refusals: [404, 409],
    handle: async ({ env, key, body, param }) =>
      answer(await object(env, known(param('id'))).refund(key, await fingerprint('refund', body), 'parts' in body ? body.parts : [], body.lines)),
  }),
];

export const noStore = { 'cache-control': 'no-store' };

function object(env: Env, id: string): DurableObjectStub<Redemption> {
  return env.REDEMPTIONS.getByName(id);
}

/** An attempt and its repeats are one object, whichever location they come to. */
async function idOf(key: string): Promise<string> {
  return `rd_${(await sha256(`redemption/${key}`)).slice(0, 32)}`;
}

function known(id: string): string {
  if (!/^rd_[0-9a-f]{32}$/.test(id)) throw redemptionUnknown();
  return id;
}

/** Stands for a request: the same one has the same, whatever the order of its members. */
export async function fingerprint(verb: string, body: unknown): Promise<string> {
  return sha256(`${verb}/${JSON.stringify(body, sortedKeys)}`);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function answer({ status, body, repeated }: Answered): Response {
  const replay: Record<string, string> = repeated ? { 'idempotent-replay': 'true' } : {};
  if (status >= 400) return new Refusal(status, body as never, replay).toResponse();
  return Response.json(body, { status, headers: { ...noStore, ...replay } });
}
