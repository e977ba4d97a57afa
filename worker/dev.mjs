// `npm run dev`: the worker on this machine, set up from the environment.
import process, { env } from 'node:process';
import { startWorker } from './local.mjs';

const worker = await startWorker({
  port: Number(env.PORT ?? 8787),
  keyRing: env.KEY_RING,
  adminToken: env.ADMIN_TOKEN,
  checkoutToken: env.CHECKOUT_TOKEN,
  quoteKey: env.QUOTE_KEY,
  customerKey: env.CUSTOMER_KEY,
  publisherKey: env.PUBLISHER_KEY,
  pulseKey: env.PULSE_KEY,
  pepper: env.PEPPER,
  voucherify: JSON.parse(env.VOUCHERIFY_PROJECTS || '[]'),
  privateWebhooks: env.PRIVATE_WEBHOOKS === 'allowed',
  stateDir: env.STATE_DIR ?? '.state',
  ...(env.ASSETS && { assets: env.ASSETS }),
}).catch((error) => {
  console.error(`counterfoil worker did not start: ${error.message}`);
  process.exit(1);
});

let stopping;
// A terminal signals the whole process group and npm passes the signal on, so it may come twice.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (stopping ??= worker.stop()));

console.log(`counterfoil worker listening on ${worker.url}`);
