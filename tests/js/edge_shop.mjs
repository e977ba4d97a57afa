// A shop with unique codes, whose private half is published to a worker of its own by the command line.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADMIN_TOKEN, localWorker } from './local_worker.mjs';
import { counterfoil } from './publisher.mjs';

export const CODES = ['ONCE-3F7K-9QPX-2WVB', 'TWICE-8D2M-5RTN-6HJC', 'HELD-4ZYX-1GKS-7EWQ', 'TAKEN-5VBN-3MXC-9HKJ'];
export const CARD = 'CARD-7QWE-2RTY-4VHG';

const campaigns = [
  { id: 'open', codes: ['SPRING'], discounts: [{ type: 'amount_off', amount: { EUR: 100 } }] },
  { id: 'letter', codeList: { file: 'letter.csv' }, discounts: [{ type: 'percent_off', percent: '20' }] },
  { id: 'card', codeList: { file: 'card.csv', currency: 'EUR' }, discounts: [{ type: 'percent_off', percent: '100' }] },
];

export const cart = (...codes) => ({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }] });

/** Opens the shop; nothing is published yet. `furnish` puts files into the folder of its pages. */
export async function openEdgeShop(furnish = async () => {}) {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-edge-'));
  const assets = join(dir, 'www');
  await mkdir(assets);
  await writeFile(join(assets, 'index.html'), '<!doctype html><title>shop</title>');
  await furnish(assets);
  await counterfoil('keygen', '--out', dir);
  await counterfoil('keygen', '--out', dir, '--role', 'pulse', '--name', 'pulse', '--key-ring', join(dir, 'key-ring.json'));
  await counterfoil('keygen', '--out', dir, '--role', 'edge', '--name', 'edge', '--key-ring', join(dir, 'key-ring.json'));
  await counterfoil('codes', 'pepper', '--out', join(dir, 'pepper.json'));
  await writeFile(join(dir, 'campaigns.json'), JSON.stringify({ campaigns }));
  const text = (name) => readFile(join(dir, name), 'utf8');
  const settings = {
    keyRing: await text('key-ring.json'), pulseKey: await text('pulse.key.json'), pepper: await text('pepper.json'),
    publisherKey: await text('publisher.key.json'), quoteKey: await text('edge.key.json'), assets, stateDir: join(dir, 'state'),
  };
  const shop = {
    settings,
    worker: await localWorker(settings),
    /** Publishes both halves, with more codes of the letter. */
    async publish(...more) {
      const [once, twice, held, taken] = CODES;
      const rows = [`${once},1,,`, `${twice},2,,`, `${held},1,ann,`, `${taken},1,,revoked`, ...more.map((code) => `${code},1,,`)];
      await writeFile(join(dir, 'letter.csv'), `code,uses,holder,state\n${rows.join('\n')}\n`);
      await writeFile(join(dir, 'card.csv'), `code,balance\n${CARD},2500\n`);
      const { url } = shop.worker;
      const to = ['--to', url, '--edge-to', url, '--token', ADMIN_TOKEN, '--json'];
      const key = ['--key', join(dir, 'publisher.key.json'), '--key-ring', join(dir, 'key-ring.json'), '--pepper', join(dir, 'pepper.json')];
      return JSON.parse((await counterfoil('publish', '--campaigns', join(dir, 'campaigns.json'), ...key, ...to)).stdout);
    },
    /** Closes the worker and opens it again, with other settings where some are given. */
    async restart(other = {}) {
      await shop.worker.stop();
      shop.worker = await localWorker({ ...settings, ...other });
    },
    async close() {
      await shop.worker.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return shop;
}
