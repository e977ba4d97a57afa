import type { Env } from '../env';
import { Refusal } from '../problem';

/** First addresses and lengths of what no other network routes to: this host, private networks, links, metadata, groups, examples. */
const PRIVATE: readonly (readonly [first: string, bits: number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3],
];

/** What names end with that only a host or its own network knows. */
const LOCAL = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;

/** Whether webhooks may go to this host and its own network: for tests and development. */
export function allowsPrivate(env: Env): boolean {
  return env.PRIVATE_WEBHOOKS === 'allowed';
}

/** Refuses an address that leads to the worker's own host or network, in whichever way it is written. */
export function assertPublic(env: Env, url: string): void {
  if (allowsPrivate(env) || !isPrivate(url)) return;
  throw new Refusal(422, {
    code: 'webhook_address_private',
    message: 'The address is one of a private network or of the host itself.',
    help: 'Name an address that everybody reaches. For development, set the variable PRIVATE_WEBHOOKS to `allowed`.',
    at: { document: 'request', pointer: '/url' },
    fixBy: 'developer',
  });
}

/** Whether the host of an address is private by its name or its number. What a public name resolves to is not asked. */
export function isPrivate(url: string): boolean {
  // however a number was written, in the host of a URL it is four decimals or an IPv6 in brackets
  const host = new URL(url).hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return !isGlobal(host);
  if (/^\d+(\.\d+){3}$/.test(host)) return PRIVATE.some(([first, bits]) => numberOf(host) >>> (32 - bits) === numberOf(first) >>> (32 - bits));
  return !host.includes('.') || LOCAL.test(host);
}

/** Only 2000::/3 is handed out, and of that not what stands for an IPv4 (Teredo, 6to4), nor examples. */
function isGlobal(host: string): boolean {
  return /^\[[23][0-9a-f]{3}:/.test(host) && !/^\[(2001:0?:|2001::|2002:|2001:db8:|3fff:)/.test(host);
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
