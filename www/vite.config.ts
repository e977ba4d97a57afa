import { appendFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...given: never[]) => unknown>>[1];

/** The letters that every language needs; those that some have besides are fetched when a page shows one. */
const isOfSomeLanguages = (name: string) => name.includes('latin-ext');
const isFirstFont = (name: string) => name.endsWith('.woff2') && !isOfSomeLanguages(name);

/** What the shop's own page needs, its later views too. The engine that tells why, and languages, are not kept beforehand. */
function ofTheShop(bundle: Bundle): Set<string> {
  const kept = new Set<string>();
  const chunkOf = (name: string) => (bundle[name]?.type === 'chunk' ? bundle[name] : undefined);
  const keep = (name: string): void => {
    const file = bundle[name];
    if (kept.has(name) || file === undefined || isOfSomeLanguages(name)) return;
    kept.add(name);
    if (file.type !== 'chunk') return;
    file.imports.forEach(keep);
    file.dynamicImports.filter((name) => /\/(views\/\w+)\.ts$/.test(chunkOf(name)?.facadeModuleId ?? '')).forEach(keep);
    for (const asset of [...(file.viteMetadata?.importedCss ?? []), ...(file.viteMetadata?.importedAssets ?? [])]) keep(asset);
  };
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry && file.name === 'shop') keep(file.fileName);
  // fonts are named by the styles
  for (const name of Object.keys(bundle)) if (isFirstFont(name)) kept.add(name);
  return kept;
}

/** What a language brings, kept once it was fetched: its catalogues and its letters. */
function ofLanguages(bundle: Bundle): string[] {
  const isCatalogue = (module: string | null) => module !== null && /\/(src\/words\/\w+\.ts|elements\/messages\.\w+\.js)$/.test(module);
  return Object.values(bundle).flatMap((file) =>
    (file.type === 'chunk' && file.isDynamicEntry && isCatalogue(file.facadeModuleId)) || isOfSomeLanguages(file.fileName) ? [file.fileName] : [],
  );
}

/** Emits the service worker with the list of files to keep, named after their content. */
function serviceWorker(): Plugin {
  const fromPublic = ['icon.svg', 'manifest.webmanifest', 'theme.js'];
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const shell = ['/', ...[...ofTheShop(bundle), ...fromPublic].map((name) => `/${name}`)].sort();
      const languages = ofLanguages(bundle).map((name) => `/${name}`).sort();
      const content = createHash('sha256');
      for (const file of Object.values(bundle)) content.update(file.type === 'chunk' ? file.code : file.source);
      for (const name of fromPublic) content.update(readFileSync(here(`public/${name}`)));
      const version = content.digest('hex').slice(0, 16);
      const source = readFileSync(here('src/service-worker.js'), 'utf8');
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: `const version = ${JSON.stringify(version)}\nconst shell = ${JSON.stringify(shell)}\nconst languages = ${JSON.stringify(languages)}\n${source}`,
      });
    },
  };
}

/** Where else the page may ask for the snapshot: `VITE_MIRRORS`, addresses with a space between. */
const mirrors = (process.env.VITE_MIRRORS ?? '').split(' ').filter((mirror) => mirror !== '');
const connect = ["connect-src 'self'", ...mirrors.map((mirror) => new URL(mirror).origin)].join(' ');

/** The worker sends a policy of its own with every file, which knows of no mirrors. */
function mirrorsAllowed(): Plugin {
  let folder = '';
  return {
    name: 'mirrors-allowed',
    apply: 'build',
    configResolved: ({ build }) => {
      folder = build.outDir;
    },
    closeBundle() {
      if (mirrors.length === 0) return;
      const policy = ["default-src 'self'", connect, "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self' 'unsafe-inline'", "img-src 'self' blob: data:", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
      appendFileSync(resolve(folder, '_headers'), `\n/*\n  Content-Security-Policy: ${policy.join('; ')}\n`);
    },
  };
}

/** What only the built page has: its content security policy, and its fonts asked for at once. */
function documentHead(): Plugin {
  // 'wasm-unsafe-eval' lets the page compile the engine; it allows no other code.
  const policy = `default-src 'self'; ${connect}; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob:; object-src 'none'; base-uri 'none'`;
  return {
    name: 'document-head',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle, path }) => [
        {
          tag: 'meta',
          // the editor says by an attribute how wide a tab is
          attrs: { 'http-equiv': 'Content-Security-Policy', content: path !== '/index.html' ? `${policy}; style-src 'self'; style-src-attr 'unsafe-inline'` : policy },
          injectTo: 'head-prepend',
        },
        ...Object.keys(bundle ?? {})
          .filter(isFirstFont)
          .map((name) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${name}`, crossorigin: true } })),
      ],
    },
  };
}

// Few files: what all pages share, and what the views of the shop share. The bundler would make one of each module that two need.
const groups = [
  { name: 'ground', test: /\/(pkg\/elements\/index\.js|www\/src\/(html|format|words\/(locale|message))\.ts)$/ },
  { name: 'counter', test: /\/www\/src\/((views\/(icons|stepper|basket|footer|early|shelf)|words\/(index|en|goods\.en|names|refusals)|pictures\/[\w-]+|account|basket|goods|stock|routes|desk|pricing|shoppers|offers)\.ts)$/ },
];

// An isolated page gets a clock of 5 µs instead of 100 µs, which is what a quote takes. The worker sends the same (public/_headers).
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

// The offers come from the worker, wherever it runs.
const worker = process.env.COUNTERFOIL_WORKER ?? 'http://127.0.0.1:8787';
const proxied = ['/snapshot', '/keyring.json', '/shop', '/health', '/admin', '/campaigns', '/programme', '/records', '/accounts'];
const proxy = Object.fromEntries(proxied.map((path) => [path, worker]));

export default defineConfig({
  // Pre-bundling would move the module away from its .wasm file.
  optimizeDeps: { exclude: ['counterfoil', 'counterfoil/elements', 'counterfoil/sync', 'counterfoil/workshop'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { shop: here('index.html'), try: here('try.html'), console: here('console.html') },
      output: { codeSplitting: { groups } },
    },
  },
  server: { headers: isolated, proxy, fs: { allow: [here('..')] } },
  preview: { headers: isolated, proxy },
  plugins: [documentHead(), serviceWorker(), mirrorsAllowed()],
});
