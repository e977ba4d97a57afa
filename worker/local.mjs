// Runs the worker on workerd on this machine: no account, no outgoing connections but those of webhooks, state in a folder.
import { Miniflare, Response } from 'miniflare';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import { bundle } from './build.mjs';

const room = dirname(fileURLToPath(import.meta.url));

/**
 * @param {object} settings
 * @param {number} [settings.port] 0 (default) takes a free one
 * @param {string} [settings.host]
 * @param {string} [settings.keyRing] the key ring, as JSON text
 * @param {string} [settings.adminToken]
 * @param {string} [settings.checkoutToken]
 * @param {string} [settings.quoteKey] key of the edge, which signs quotes and grants: its file as text, or 64 hexadecimal digits
 * @param {string} [settings.customerKey] key of customers' pseudonyms, 64 hexadecimal digits
 * @param {string} [settings.publisherKey] the key file that the worker publishes with, as text
 * @param {string} [settings.pepper] the pepper file of unique codes, as text
 * @param {string} [settings.pulseKey] the key file that pulses are signed with, as text
 * @param {object[]} [settings.voucherify] the projects of the Voucherify-compatible API, as in VOUCHERIFY_PROJECTS
 * @param {boolean} [settings.testClock] whether its callers may say what time it is
 * @param {boolean} [settings.privateWebhooks] whether webhooks may go to this machine and its network
 * @param {Record<string, number>} [settings.guesses] by the names of the bindings, how often codes are tried in a minute;
 *   default as wrangler.jsonc says
 * @param {string} [settings.entry] a script in place of the worker's own, to look at its objects from inside
 * @param {string} settings.stateDir keeps what was published across restarts
 * @param {string} [settings.assets] folder of static files; default: the built storefront
 * @param {object[]} [settings.neighbours] options of other workers at the same address, as Miniflare takes them: what their
 *   `routes` name is theirs, and they reach this worker as the service `counterfoil`
 * @param {(url: string) => number} [settings.outbound] answers webhooks in place of the network, with an HTTP status
 * @param {(line: string) => void} [settings.onLog] receives each line that the worker logs
 * @returns {Promise<{ url: string, snapshots: () => Promise<KVNamespace>, stop: () => Promise<void> }>} `snapshots`
 *   is the namespace behind the worker's back, as another location would write to it
 */
export async function startWorker({
  port = 0,
  host = '127.0.0.1',
  keyRing = '',
  adminToken = '',
  checkoutToken = '',
  quoteKey = '',
  customerKey = '',
  publisherKey = '',
  pulseKey = '',
  pepper = '',
  voucherify = [],
  testClock = false,
  privateWebhooks = false,
  guesses = {},
  entry,
  stateDir,
  assets = join(room, '..', 'www', 'dist'),
  neighbours = [],
  outbound,
  onLog = console.log,
}) {
  await assertFree(port, host);
  if (!existsSync(assets)) {
    throw new Error(`There is no folder ${assets}. Build the storefront first, or name another folder in "assets".`);
  }
  const { workerOptions } = workerOptionsOf(join(room, 'wrangler.jsonc'), undefined, {
    overrides: { assets: { directory: resolve(assets) } },
  });
  const modules = (await bundle({ entry })).map(({ name, contents }) => ({
    type: name.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
    path: join(room, name),
    contents,
  }));

  const own = {
    ...workerOptions,
    name: 'counterfoil',
    modulesRoot: room,
    modules,
    ratelimits: Object.fromEntries(
      Object.entries(workerOptions.ratelimits).map(([name, of]) => [name, { ...of, simple: { ...of.simple, limit: guesses[name] ?? of.simple.limit } }]),
    ),
    bindings: {
      ...workerOptions.bindings,
      KEY_RING: keyRing,
      ADMIN_TOKEN: adminToken,
      CHECKOUT_TOKEN: checkoutToken,
      QUOTE_KEY: quoteKey,
      CUSTOMER_KEY: customerKey,
      PUBLISHER_KEY: publisherKey,
      PULSE_KEY: pulseKey,
      PEPPER: pepper,
      VOUCHERIFY_PROJECTS: JSON.stringify(voucherify),
      VOUCHERIFY_TEST_CLOCK: testClock ? 'allowed' : '',
      PRIVATE_WEBHOOKS: privateWebhooks ? 'allowed' : '',
    },
    ...(outbound && { outboundService: (request) => new Response(null, { status: outbound(request.url) }) }),
  };
  const miniflare = new Miniflare({
    workers: [own, ...neighbours],
    host,
    port,
    // Otherwise request metadata is downloaded at start.
    cf: false,
    kvPersist: join(stateDir, 'kv'),
    r2Persist: join(stateDir, 'r2'),
    durableObjectsPersist: join(stateDir, 'objects'),
    handleStructuredLogs: ({ message }) => {
      onLog(message);
    },
  });
  const url = (await miniflare.ready).origin;
  return {
    url,
    snapshots: () => miniflare.getKVNamespace('SNAPSHOTS'),
    stop: () => miniflare.dispose(),
  };
}

/** A killed worker may leave its workerd behind, which keeps the port: that is said before anything starts. */
function assertFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', ({ code, message }) => {
      const taken = `Port ${port} is taken. A worker that was killed with \`kill -9\` leaves its workerd behind: end that one (\`fuser -k ${port}/tcp\`, or the process that \`lsof -ti tcp:${port}\` names), or take another PORT.`;
      reject(new Error(code === 'EADDRINUSE' ? taken : message));
    });
    probe.listen(port, host, () => probe.close(resolve));
  });
}
