// The blocks of the pages about following a snapshot: in Node, in Chromium, in a worker on workerd.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Engine } from 'counterfoil';
import { Miniflare } from 'miniflare';
import { good, serveSource } from '../hosts/source.mjs';
import { bundle } from '../hosts/workerd.mjs';
import { packageFolder } from '../hosts/files.mjs';
import { newKey, publisherIn } from './keys.mjs';

const CART = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1000, quantity: 1 }] };
const PAGE = `<!doctype html><title>shop</title><script type="importmap">
{ "imports": { "counterfoil": "/package/entry.web.js", "counterfoil/sync": "/package/entry.sync.js" } }</script>`;

/** Runs a block as a module of Node, with what the text around it speaks of, and answers what it made. */
async function inNode({ folder }, name, code, given, made) {
  const file = join(folder, `${name}.mjs`);
  const names = Object.keys(given).join(', ');
  globalThis.ofThePage = given;
  await writeFile(file, `const { ${names} } = globalThis.ofThePage;\n${code}\nexport { ${made} };\n`);
  return (await import(pathToFileURL(file).href))[made];
}

/** Publishes a percentage off everything, and answers the snapshot. */
async function published({ folder, shell }, percent, { ring = 'keys/key-ring.json', root = '' } = {}) {
  const campaigns = { campaigns: [{ id: 'sale', discounts: [{ type: 'percent_off', percent: String(percent) }] }] };
  await writeFile(join(folder, 'sale.json'), JSON.stringify(campaigns));
  await shell('test -e keys || counterfoil keygen --out keys --audience my-shop');
  await shell(`counterfoil publish --campaigns sale.json --key keys/publisher.key.json --key-ring ${ring} ${root} --version ${percent} --to published-${percent}`);
  return readFile(join(folder, `published-${percent}/snapshot.cfs`));
}
const ringOf = async ({ folder }, file = 'keys/key-ring.json') => JSON.parse(await readFile(join(folder, file), 'utf8'));

export async function sync(t, browser) {
  const source = await serveSource((name) => (name === '' ? PAGE : readFile(join(packageFolder, name.replace('package/', '')))));
  t.after(() => source.stop());
  return {
    follow: async (text, stage) => {
      source.serve('snapshot', good(await published(stage, 10)));
      const drawn = [];
      const render = (engine, state) => drawn.push([state, engine.quote(CART).total]);
      const code = text.replaceAll(/https:\/\/(shop|mirror)\.example/g, source.url);
      const following = await inNode(stage, 'follow', code, { keyRing: await ringOf(stage), render }, 'sync');
      t.after(() => following.close());
      assert.deepEqual([following.state, following.engine.quote(CART).total], ['ready', 900]);
      source.serve('snapshot', good(await published(stage, 20)));
      await following.check();
      assert.deepEqual(drawn, [['ready', 800]]);
    },
    'root-and-pulse': async (text, stage) => {
      const { shell, folder } = stage;
      const role = (publicKey) => ({ threshold: 1, keys: [{ publicKey }] });
      const made = (name) => newKey(shell, `--role ${name} --name ${name} --out keys`);
      const roles = { root: role(await made('root')), publisher: role(await publisherIn(folder)), pulse: role(await made('pulse')) };
      const plan = { audience: 'my-shop', environment: 'production', version: 1, expiresAt: Date.now() + 86_400_000_000, roles };
      await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
      await shell('counterfoil root next plan.json --to root.cfr --key keys/root.key.json --key-ring pinned.json');
      const hosts = '--key-ring pinned.json --root root.cfr';
      source.serve('snapshot', good(await published(stage, 30, { ring: 'pinned.json', root: '--root root.cfr' })));
      source.serve('snapshots/root.cfr', good(await readFile(join(folder, 'root.cfr'))));
      const pulse = async (stops) => {
        await shell(`counterfoil pulse published-30/snapshot.cfs --key keys/pulse.key.json ${hosts} --to pulse.cfp ${stops}`);
        return readFile(join(folder, 'pulse.cfp'));
      };
      const context = await browser.newContext();
      t.after(() => context.close());
      const page = await context.newPage();
      let confirming = await pulse('');
      await page.route('https://pulse.shop.example/**', (route) => route.fulfill({ body: confirming, headers: { 'access-control-allow-origin': '*' } }));
      await page.goto(source.url);
      await page.evaluate(({ code, keyRing }) => {
        globalThis.keyRing = keyRing;
        globalThis.sources = ['/snapshot'];
        const script = Object.assign(document.createElement('script'), { type: 'module' });
        script.textContent = `import { Engine } from 'counterfoil'; import { follow } from 'counterfoil/sync';\n${code}\nglobalThis.sync = sync;`;
        document.head.append(script);
      }, { code: text, keyRing: await ringOf(stage, 'pinned.json') });
      await page.waitForFunction(() => globalThis.sync !== undefined);
      const standing = () => page.evaluate((cart) => [globalThis.sync.state, globalThis.sync.error?.code, globalThis.sync.engine?.quote(cart).total], CART);
      assert.deepEqual(await standing(), ['ready', undefined, 700]);
      confirming = await pulse('--stop sale');
      await page.evaluate(() => globalThis.sync.check());
      assert.deepEqual(await standing(), ['ready', undefined, 1000], 'the pulse stopped the campaign');
    },
    worker: async (text, stage) => {
      source.serve('snapshot', good(await published(stage, 40)));
      const file = join(stage.folder, 'worker.mjs');
      const given = { sources: [`${source.url}/snapshot`], keyRing: await ringOf(stage) };
      await writeFile(file, `const { sources, keyRing } = ${JSON.stringify(given)};\n${text}`);
      const worker = new Miniflare({ modules: await bundle(file), modulesRoot: '/', compatibilityDate: '2026-04-01', cf: false, kvNamespaces: ['KEPT'] });
      t.after(() => worker.dispose());
      const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(CART) });
      assert.equal((await answer.json()).total, 600);
      const kept = await worker.getKVNamespace('KEPT');
      assert.ok((await kept.list()).keys.length > 0, 'the snapshot is kept');
    },
  };
}

export async function uniqueCodes(t) {
  return {
    grant: async (text, stage) => {
      const { folder, url } = stage;
      const engine = await Engine.open(await (await fetch(`${url}/snapshot`)).arrayBuffer(), await ringOf(stage));
      const [, code] = (await readFile(join(folder, 'codes/tea.csv'), 'utf8')).split('\n');
      const total = () => engine.quote({ currency: 'EUR', codes: [code], lines: [{ id: 'pot', unitPrice: 5000, quantity: 1 }] }).total;
      assert.equal(total(), 5000);
      await inNode(stage, 'grant', text.replace('/grants', `${url}/grants`).replace('tea-0q3v-…', code), { engine }, 'grant');
      assert.equal(total(), 4000);
    },
    follow: async (text, stage) => {
      const { folder, shell } = stage;
      const source = await serveSource((name) => readFile(join(folder, 'private', name)));
      t.after(() => source.stop());
      const env = { PEPPER: await readFile(join(folder, 'keys/pepper.json'), 'utf8') };
      const code = text.replace('https://private.example', source.url);
      const following = await inNode(stage, 'follow', code, { env, keyRing: await ringOf(stage) }, 'sync');
      t.after(() => following.close());
      assert.equal(following.state, 'ready', JSON.stringify(following.error));
      await shell('counterfoil codes generate --count 1010 --resume --out codes/tea.csv');
      const codes = (await readFile(join(folder, 'codes/tea.csv'), 'utf8')).trimEnd().split('\n').slice(1);
      assert.equal(codes.length, 1010);
      const known = () => codes.filter((code) => following.engine.findCode(code)).length;
      assert.equal(known(), 1000);
      const signing = '--pepper keys/pepper.json --key keys/publisher.key.json --key-ring keys/key-ring.json';
      await shell(`counterfoil publish --campaigns campaigns.json --to public --edge-to private ${signing}`);
      await following.check();
      assert.equal(known(), 1010);
    },
  };
}
