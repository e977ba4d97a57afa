import type { MiddlewareHandler } from 'hono';
import type { Ask, Who } from './api/route';
import type { Env } from './env';
import { Refusal } from './problem';
import { sameText } from './same_text';

/** Lets through who may ask, before anything of the body is read: the admin token opens what the check-out's opens too. */
export function tokenHolder(who: Who): MiddlewareHandler<{ Bindings: Env }> {
  return async (c, next) => {
    if (who !== 'anyone') await assertHolder(who, c.env, c.req.header('authorization'));
    await next();
  };
}

/** Whether the caller is the shop's own server; anyone may ask where this is asked. */
export async function isShop(c: Ask): Promise<boolean> {
  return isOneOf(bearer(c.req.header('authorization')), [c.env.ADMIN_TOKEN, c.env.CHECKOUT_TOKEN]);
}

/** Every token is compared, so that the time does not tell which one was nearly right. */
async function isOneOf(given: string | undefined, tokens: readonly (string | undefined)[]): Promise<boolean> {
  const same = await Promise.all(tokens.map(async (token = '') => given !== undefined && token !== '' && (await sameText(given, token))));
  return same.includes(true);
}

async function assertHolder(who: 'checkout' | 'admin', env: Env, header: string | undefined): Promise<void> {
  const name = who === 'admin' ? 'ADMIN_TOKEN' : 'CHECKOUT_TOKEN';
  if (!env[name]) throw tokenNotSet(who, name);
  const given = bearer(header);
  if (await isOneOf(given, [env.ADMIN_TOKEN, who === 'checkout' ? env.CHECKOUT_TOKEN : undefined])) return;
  throw new Refusal(
    401,
    {
      code: 'unauthorized',
      message: given === undefined ? `The request names no ${who} token.` : `The ${who} token is not the right one.`,
      help: `Send the header \`Authorization: Bearer <${name}>\`.`,
      at: { document: 'header', pointer: '/authorization' },
      fixBy: 'developer',
    },
    { 'www-authenticate': 'Bearer realm="counterfoil"' },
  );
}

function bearer(header = ''): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header)?.[1];
}

function tokenNotSet(who: 'checkout' | 'admin', name: string): Refusal {
  return new Refusal(503, {
    code: `${who}_token_not_set`,
    message: who === 'admin' ? 'The worker has no admin token, so nobody can publish.' : 'The worker has no check-out token, so nobody can redeem.',
    help: `Set the secret ${name}, for example with \`wrangler secret put ${name}\`.`,
    fixBy: 'developer',
  });
}
