import { toBase64 } from '../base64';
import { pseudonym } from '../customer';
import { edgeEngine } from '../edge_engine';
import type { Env } from '../env';
import { assertPatient } from '../guessing';
import { normaliser } from '../publications/code';
import { guarded } from '../publications/guarded';
import { grant } from '../tokens/grant';
import * as answers from './answers';
import { noStore } from './redemptions';
import { route, type Route } from './route';
import * as schemas from './schemas';

/** The address at which pages have codes granted that they do not know. */
export const grants: Route[] = [
  route({
    method: 'POST', path: '/grants', summary: 'Grants a page what codes open, to be previewed there for a quarter of an hour. A code that is not good, for whatever reason, is left out.', who: 'anyone',
    body: schemas.grant, answer: { status: 200, schema: answers.granted }, refusals: [429, 503],
    handle: async ({ c, env, body: { codes, customer = '' } }) => {
      await assertPatient(c, { codes });
      const now = Date.now();
      const { engine } = await edgeEngine.opened(env, now);
      const open = await openTo(env, codes, customer, now);
      const { campaigns, grant: bytes, expiresAt } = await grant(env, engine, open, customer, now);
      const granted = open.filter((_, at) => campaigns[at] !== null);
      return c.json({ granted, expiresAt: bytes ? expiresAt : null, grant: bytes ? toBase64(bytes) : null }, 200, noStore);
    },
  }),
];

/** Codes that were published to somebody else are as good as none. */
async function openTo(env: Env, codes: readonly string[], customer: string, now: number): Promise<string[]> {
  if (Object.keys(await guarded.read(env, now)).length === 0) return [...codes];
  const normalise = await normaliser();
  const holder = customer === '' ? undefined : await pseudonym(env, customer);
  const withheld = new Set(await env.PUBLICATIONS.getByName('publications').withheldFrom(holder, codes.map(normalise)));
  return codes.filter((code) => !withheld.has(normalise(code)));
}
