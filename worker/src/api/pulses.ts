import { asBytes, holds } from '../bytes';
import { EVERY_MS, pulseOf } from '../pulse';
import { hexadecimal } from '../tokens/quote_token';
import { route, type Route } from './route';

/** The address that pages follow to hear what was stopped. */
export const pulses: Route[] = [
  route({
    method: 'GET', path: '/pulse', summary: 'The signed pulse of the snapshot in force: that it is current, and which of its campaigns were stopped.', who: 'anyone',
    answer: { status: 200, type: 'application/octet-stream' }, refusals: [503],
    handle: async ({ c, env }) => {
      const bytes = await pulseOf(env, Date.now());
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const headers = { etag: `"${hexadecimal(hash.subarray(0, 16))}"`, 'cache-control': `public, max-age=${EVERY_MS / 1_000}` };
      if (holds(c.req.header('if-none-match'), headers.etag)) return c.body(null, 304, headers);
      return c.body(bytes, 200, { ...headers, ...asBytes(bytes.buffer) });
    },
  }),
];
