// The whole shop on this machine, set up from the environment: storefront, desk and counterfoil worker. See `cargo xtask demo`.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process, { env } from 'node:process';
import { startWorker } from '../worker/local.mjs';
import { deskBeside } from './desk/local.mjs';

const { KEY_RING: keyRing, CHECKOUT_TOKEN: checkoutToken, ADMIN_TOKEN: adminToken, STATE_DIR: stateDir = '.state' } = env;

const open = async () =>
  startWorker({
    port: Number(env.PORT ?? 8787),
    keyRing,
    checkoutToken,
    adminToken,
    publisherKey: env.PUBLISHER_KEY,
    pulseKey: env.PULSE_KEY,
    quoteKey: env.QUOTE_KEY,
    customerKey: env.CUSTOMER_KEY,
    voucherify: JSON.parse(env.VOUCHERIFY_PROJECTS || '[]'),
    stateDir,
    neighbours: [await deskBeside({ keyRing, checkoutToken })],
  });

/** Puts the sample campaigns into the catalogue, unless somebody has worked on what is there, and publishes what is there. */
async function publish({ url }, campaigns) {
  const ask = async (path, init) => {
    const answer = await fetch(url + path, { ...init, headers: { authorization: `Bearer ${adminToken}`, 'x-actor': 'demo', ...init?.headers } });
    const told = await answer.json();
    if (!answer.ok) throw new Error(`${told.message} ${told.help}`);
    return told;
  };
  const marker = join(stateDir, 'sample-revision');
  const sampled = Number(await readFile(marker, 'utf8').catch(() => 0));
  const { revision, document } = await ask('/admin/catalogue');
  const sample = await readFile(campaigns, 'utf8');
  if (revision === sampled && JSON.stringify(document) !== JSON.stringify(JSON.parse(sample))) {
    const put = await ask('/admin/catalogue', { method: 'PUT', body: sample, headers: { 'if-match': `"${revision}"` } });
    await writeFile(marker, String(put.revision));
  }
  await ask('/admin/publish', { method: 'POST', body: '{}' });
}

const shop = await open()
  .then(async (opened) => {
    if (env.CAMPAIGNS) await publish(opened, env.CAMPAIGNS);
    return opened;
  })
  .catch((error) => {
    console.error(`the shop did not open: ${error.message}`);
    process.exit(1);
  });

let stopping;
// A terminal signals the whole process group and npm passes the signal on, so it may come twice.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (stopping ??= shop.stop()));

console.log(`the shop is open at ${shop.url}`);
