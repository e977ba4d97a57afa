// The package as users get it: packed, installed into fresh projects of four kinds, run there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, preview } from 'vite';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';
import { startWorker } from './hosts/workerd.mjs';

const run = promisify(execFile);
const here = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const temporary = await mkdtemp(join(tmpdir(), 'counterfoil-package-'));
after(() => rm(temporary, { recursive: true, force: true }));

const npm = (cwd, ...options) => run('npm', [...options, '--offline', '--no-audit', '--no-fund'], { cwd, timeout: 120_000 });
const packed = await npm(temporary, 'pack', packageFolder, '--json', '--pack-destination', temporary);
const [{ filename, files }] = JSON.parse(packed.stdout);
const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));

/** A fresh project after one of the templates, with the package installed from its tarball. */
async function project(kind, dataIn = '.') {
  const folder = join(temporary, kind);
  await cp(here(`projects/${kind}`), folder, { recursive: true });
  for (const name of ['snapshot.bin', 'key-ring.json']) {
    await cp(here(`../attacks/valid/${name}`), join(folder, dataIn, name));
  }
  await npm(folder, 'install', '--ignore-scripts', join(temporary, filename));
  return folder;
}

/** What a page shows that quotes, and previews with the module that it fetches for that. */
const PREVIEWED = 'total 8100, previewed 8100, programmes 0';

/** What the page shows once its script has run. */
async function shown(url) {
  const browser = await launch();
  try {
    const { page, complaints } = await openPage(browser, url);
    await page.waitForFunction(() => document.querySelector('output').textContent !== '', undefined, { timeout: 30_000 }).catch(() => {
      assert.fail(`the page shows nothing; it complains: ${complaints.join('; ')}`);
    });
    const text = await page.textContent('output');
    assert.deepEqual(complaints, []);
    return text;
  } finally {
    await browser.close();
  }
}

test('the tarball holds what is imported, and nothing else', async () => {
  const paths = files.map(({ path }) => path);
  const papers = ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md', 'elements/LICENSE-lean-qr', 'elements/LICENSE-lit', 'package.json'];
  const rest = paths.filter((path) => !papers.includes(path));
  assert.deepEqual(papers.filter((path) => !paths.includes(path)), []);
  assert.deepEqual(rest.filter((path) => !/^(elements\/)?[a-z._]+(\.js|\.d\.ts|\.wasm)$/.test(path)), []);
  assert.deepEqual(rest.filter((path) => path.endsWith('.wasm')), ['counterfoil_bg.wasm', 'loyalty_bg.wasm', 'sealed_bg.wasm', 'workshop_bg.wasm']);

  const named = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  const imported = new Set(named.map((path) => path.replace('./', '')));
  for (const path of imported) {
    if (!/\.(js|d\.ts)$/.test(path)) continue;
    const text = await readFile(join(packageFolder, path), 'utf8');
    for (const [, from] of text.matchAll(/(?:from ?|import ?|import\(|new URL\()['"](\.\.?\/[^'"]+)['"]/g)) {
      const file = posix.join(posix.dirname(path), from);
      imported.add(path.endsWith('.d.ts') ? file.replace(/\.js$/, '.d.ts') : file);
    }
  }
  assert.deepEqual([...imported].filter((path) => !paths.includes(path)), [], 'imported, not packed');
  assert.deepEqual(rest.filter((path) => path.endsWith('.js') && !['types.js', 'stories.js'].includes(path) && !imported.has(path)), [], 'packed, never imported');
});

test('the version is the one of Cargo.toml', async () => {
  const [, version] = /^\[workspace\.package\]\nversion = "(.+)"$/m.exec(await readFile(here('../../Cargo.toml'), 'utf8'));
  assert.equal(manifest.version, version);
});

test('the types have no `any` and hold under both ways of resolving', { timeout: 180_000 }, async (t) => {
  const folder = await project('types');
  const installed = join(folder, 'node_modules/counterfoil');
  for (const name of (await readdir(installed, { recursive: true })).filter((name) => name.endsWith('.d.ts'))) {
    const text = await readFile(join(installed, name), 'utf8');
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, /\bany\b/, name);
  }
  for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    await t.test(moduleResolution, async () => {
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
      const tsc = here('../../node_modules/.bin/tsc');
      await run(tsc, ['--project', folder], { timeout: 120_000 }).catch((error) => assert.fail(error.stdout || error.message));
    });
  }
});

test('Node', { timeout: 180_000 }, async () => {
  const folder = await project('node-esm');
  const { stdout } = await run(process.execPath, ['main.mjs'], { cwd: folder, timeout: 60_000 });
  assert.equal(stdout, 'total 8100\npreviewed 8100\nback 4050\n');
});

test('a Vite app', { timeout: 180_000 }, async () => {
  const root = await project('vite-app', 'public');
  await build({ root, configFile: false, logLevel: 'error', build: { target: 'es2022' } });
  const server = await preview({ root, configFile: false, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
  try {
    assert.equal(await shown(server.resolvedUrls.local[0]), PREVIEWED);
  } finally {
    await server.close();
  }
});

test('a plain page', { timeout: 180_000 }, async () => {
  const root = await project('plain-page');
  const server = await serve((name) => readFile(join(root, name || 'index.html')));
  try {
    assert.equal(await shown(server.url), PREVIEWED);
  } finally {
    await server.stop();
  }
});

test('a Worker', { timeout: 180_000 }, async () => {
  const root = await project('worker');
  const worker = await startWorker(join(root, 'worker.mjs'));
  try {
    const body = JSON.stringify({ currency: 'EUR', lines: [{ id: 'tea', unitPrice: 4500, quantity: 2 }] });
    assert.equal((await worker.ask('', { method: 'POST', body })).total, 8100);
    assert.equal((await worker.ask('preview', { method: 'POST', body })).quote.total, 8100);
  } finally {
    await worker.stop();
  }
});
