// The blocks of docs/elements.md: a plain page, three frameworks, looks and words, in Chromium.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { compile as compileSvelte } from 'svelte/compiler';
import { Engine } from 'counterfoil';
import { signed } from '../elements/files.mjs';
import { openPage, serve } from '../hosts/chromium.mjs';
import { packageFolder } from '../hosts/files.mjs';
import { root } from './pages.mjs';

const NAMES = { welcome: 'Welcome', 'free-shipping': 'Free shipping' };
const CART = { currency: 'EUR', lines: [{ id: 'tea', unitPrice: 1250, quantity: 3 }], codes: ['WELCOME10'] };
const IMPORTS = '<script type="importmap">{ "imports": { "counterfoil/elements": "/node_modules/counterfoil/elements/index.js" } }</script>';

/** An app around a block: it shows the quote, and writes down the codes that it hears of. */
const APPS = {
  react: (block) => `
    import { useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import 'counterfoil/elements';
    const { quote, names } = globalThis.shop;
    function App() {
      const [codes, setCodes] = useState([]);
      return <>${block}<output>{codes.join()}</output></>;
    }
    createRoot(document.querySelector('#app')).render(<App />);`,
  vue: (block) => `
    import { createApp } from 'vue';
    import 'counterfoil/elements';
    const { quote, names } = globalThis.shop;
    const app = createApp({ data: () => ({ quote, names, codes: [] }), template: ${JSON.stringify(`${block}<output>{{ codes.join() }}</output>`)} });
    app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith('counterfoil-');
    app.mount('#app');`,
  svelte: (block) => {
    const source = `<script>import 'counterfoil/elements'; const { quote, names } = globalThis.shop; let codes = $state([]);</script>\n${block}<output>{codes.join()}</output>`;
    const { js } = compileSvelte(source, { generate: 'client', name: 'App' });
    return `import { mount } from 'svelte';\n${js.code}\nmount(App, { target: document.querySelector('#app') });`;
  },
};

async function app(framework, block) {
  const { outputFiles } = await build({
    stdin: { contents: APPS[framework](block), resolveDir: root, loader: 'jsx' },
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    // the elements are the page's own
    external: ['counterfoil/elements'],
    alias: { vue: 'vue/dist/vue.esm-bundler.js' },
    conditions: ['browser', 'svelte'],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    write: false,
  });
  return outputFiles[0].text;
}

/** A module of the elements by itself. */
async function part(name) {
  const { outputFiles } = await build({ entryPoints: [join(root, `src/wasm/ts/elements/${name}.ts`)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

export async function elements(t, browser) {
  const { snapshot, keyRing } = await signed();
  const files = { 'snapshot.cfs': snapshot, 'key-ring.json': keyRing, 'favicon.ico': '' };
  const server = await serve((name) => files[name] ?? readFile(join(packageFolder, name.replace('node_modules/counterfoil/', ''))));
  t.after(() => server.stop());
  const engine = await Engine.open(snapshot, JSON.parse(keyRing));
  const shop = JSON.stringify({ quote: engine.quote(CART), names: NAMES });

  const opened = async (file, html) => {
    files[file] = html;
    const { page, complaints } = await openPage(browser, server.url + file);
    t.after(() => page.close());
    t.after(() => assert.deepEqual(complaints, []));
    return page;
  };
  const enter = async (page, code) => {
    await page.getByLabel('Code', { exact: true }).fill(code);
    await page.keyboard.press('Enter');
  };
  const inFramework = (framework) => async (block) => {
    const code = await app(framework, block);
    const page = await opened(`${framework}.html`, `<!doctype html><html lang="en">${IMPORTS}<div id="app"></div><script>globalThis.shop = ${shop}</script><script type="module">${code}</script>`);
    // the quote came in by its property
    await page.getByText('Add goods for €12.50 and it applies.').first().waitFor();
    await enter(page, 'tenth');
    await page.locator('output', { hasText: /^TENTH$|^tenth$/ }).waitFor();
  };
  let plain;

  return {
    entered: async (text, { folder }) => {
      plain = await opened('index.html', await readFile(join(folder, 'index.html'), 'utf8'));
      await enter(plain, 'WELCOME10');
      await plain.getByText(text.trimEnd()).first().waitFor();
      const page = await readFile(join(root, 'docs/elements.md'), 'utf8');
      const described = [...page.matchAll(/^\| `(counterfoil-[a-z-]+)` \|/gm)].map(([, name]) => name);
      const defined = await plain.evaluate((names) => names.filter((name) => customElements.get(name)), described);
      const exported = [...(await readFile(join(root, 'src/wasm/ts/elements/index.ts'), 'utf8')).matchAll(/'(counterfoil-[a-z-]+)':/g)].map(([, name]) => name);
      assert.ok(exported.length > 8);
      assert.deepEqual(exported.filter((name) => !defined.includes(name)), []);
    },
    react: inFramework('react'),
    vue: inFramework('vue'),
    svelte: inFramework('svelte'),
    looks: async (text) => {
      await plain.addStyleTag({ content: text });
      const shown = [...text.matchAll(/(--counterfoil-[a-z-]+): ([^;]+);/g)].map(([, name, value]) => [name, value]);
      for (const [name, value] of shown) {
        const is = await plain.locator('counterfoil-code-field').evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
        // a property that is inherited by its value has the one around it
        if (value !== 'inherit') assert.equal(is, value, name);
      }
      // the colour that the field itself takes for its accent
      assert.equal(await plain.locator('counterfoil-code-field').evaluate((element) => getComputedStyle(element).getPropertyValue('--_accent')), '#0b5c6b');
      const folder = join(root, 'src/wasm/ts/elements');
      const sources = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
      const used = new Set([...sources.join('\n').matchAll(/var\((--counterfoil-[a-z-]+)/g)].map(([name]) => name.slice(4)));
      assert.deepEqual(shown.map(([name]) => name).toSorted(), [...used].toSorted());
    },
    messages: async (text) => {
      const { default: english } = await part('messages.en');
      files['messages.js'] = `const messages = ${JSON.stringify({ ...english, code_label: 'Bon' })};\n${text}`;
      const page = await opened('french.html', `<!doctype html><html lang="fr">${IMPORTS}<script type="module" src="/messages.js"></script><counterfoil-code-field></counterfoil-code-field>`);
      await page.getByLabel('Bon', { exact: true }).waitFor();
    },
    reasons: async (text) => {
      const field = '<counterfoil-code-field></counterfoil-code-field>';
      const script = `import 'counterfoil/elements'; Object.assign(document.querySelector('counterfoil-code-field'), ${shop});`;
      const page = await opened('reasons.html', `<!doctype html><html lang="de">${IMPORTS}${field}<script type="module">${script}</script>`);
      const heard = [];
      page.on('console', (message) => heard.push(message.text()));
      // German has come once the field speaks it
      const german = await page.getByText(/(Legen|Fügen) Sie/).first().innerText();
      files['reasons.js'] = `const { quote, names } = ${shop};\n${text}\nglobalThis.told = true;`;
      await page.addScriptTag({ type: 'module', url: '/reasons.js' });
      await page.waitForFunction(() => globalThis.told);
      assert.ok(heard.includes(german), `${heard.join('\n')} has not: ${german}`);
    },
  };
}
