// The corpus, its histories and the attacks in Chromium: the package as it is served, by its `browser` entry, without a bundler.
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';

const manifest = JSON.parse(new TextDecoder().decode(await read('package/package.json')));
const entry = (name) => new URL(manifest.exports[name].browser, 'http://host/package/').pathname;
const imports = Object.fromEntries(['', '/loyalty', '/sealed', '/workshop'].map((path) => [`counterfoil${path}`, entry(`.${path}`)]));
const PAGE = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">{ "imports": ${JSON.stringify(imports)} }</script>
<script type="module">
  import * as counterfoil from 'counterfoil';
  import * as loyalty from 'counterfoil/loyalty';
  import * as sealed from 'counterfoil/sealed';
  import * as workshop from 'counterfoil/workshop';
  import { answerCorpus } from '/suites/corpus.mjs';
  import { attemptAttacks } from '/suites/attacks.mjs';
  import { tellHistories } from '/suites/histories.mjs';
  import { publishCorpus } from '/suites/publishing.mjs';
  const read = async (name) => {
    const response = await fetch('/' + name);
    if (!response.ok) throw new Error(await response.text());
    return new Uint8Array(await response.arrayBuffer());
  };
  window.suites = {
    corpus: () => answerCorpus(counterfoil, read, workshop),
    histories: () => tellHistories(counterfoil, loyalty, workshop, read),
    attacks: () => attemptAttacks(counterfoil, sealed, read),
    publishing: () => publishCorpus(workshop, read),
  };
</script>`;

const server = await serve(async (name) => (name === '' ? new TextEncoder().encode(PAGE) : read(name)));
const browser = await launch();
const findings = {};
try {
  const { page } = await openPage(browser, server.url);
  await page.waitForFunction('window.suites', undefined, { timeout: 60_000 });
  for (const suite of ['corpus', 'histories', 'attacks', 'publishing']) findings[suite] = await page.evaluate((name) => window.suites[name](), suite);
} finally {
  await browser.close();
  await server.stop();
}
report(findings);
