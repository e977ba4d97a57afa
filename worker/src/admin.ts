import type { MiddlewareHandler } from 'hono';
import type { Env } from './env';
import { Refusal } from './problem';

/** Lets the holder of ADMIN_TOKEN through, before anything of the body is read. */
export const adminOnly: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const expected = c.env.ADMIN_TOKEN;
  if (!expected) {
    throw new Refusal(503, {
      code: 'admin_token_not_set',
      message: 'The worker has no admin token, so nobody can publish.',
      help: 'Set the secret ADMIN_TOKEN, for example with `wrangler secret put ADMIN_TOKEN`.',
      fixBy: 'developer',
    });
  }
  const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (given === undefined || !(await sameText(given, expected))) {
    throw new Refusal(
      401,
      {
        code: 'unauthorized',
        message: given === undefined ? 'The request names no admin token.' : 'The admin token is not the right one.',
        help: 'Send the header `Authorization: Bearer <ADMIN_TOKEN>`.',
        fixBy: 'developer',
      },
      { 'www-authenticate': 'Bearer realm="counterfoil"' },
    );
  }
  await next();
};

/** In a time that depends on neither text: their digests are compared, which have one length. */
async function sameText(a: string, b: string): Promise<boolean> {
  return crypto.subtle.timingSafeEqual(await digest(a), await digest(b));
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
}
