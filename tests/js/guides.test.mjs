// What the documentation shows is so: every block of every page is carried out, in a folder of its own, on workerd and in Chromium where
// it is meant for those. CONTRIBUTING.md tells what the words after the backticks mean.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';
import { api } from './guides/api.mjs';
import { elements } from './guides/elements.mjs';
import { blocksIn, everyPage, pageOf, root } from './guides/pages.mjs';
import { corpus, ledger, loyalty, snapshotFormat, voucherify } from './guides/reference.mjs';
import { carryOut } from './guides/stage.mjs';
import { sync, uniqueCodes } from './guides/sync.mjs';
import { deployed } from './guides/deployed.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function shows(page, text) {
  for (const line of text.trimEnd().split('\n')) await page.getByText(line).first().waitFor();
}

const enter = async (page, code) => {
  await page.locator('counterfoil-code-field input').fill(code);
  await page.keyboard.press('Enter');
};

/** A page of the tests; what it complains of is a failure. */
async function opened(t, url) {
  const { page, complaints } = await openPage(browser, url);
  t.after(() => page.close());
  return { page, complaints: () => complaints.filter((complaint) => !complaint.includes('favicon') && !complaint.includes('404')) };
}

/** Pages with nothing to be done but what their blocks say. */
const PLAIN = [
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'README.md',
  'bench/README.md',
  'docs/campaigns.md',
  'docs/guides/moving-in.md',
  'docs/guides/worker.md',
  'docs/guides/writing-campaigns.md',
  'docs/sealed-codes.md',
];
const OWN = {
  'docs/corpus.md': () => corpus,
  'docs/ledger.md': () => ledger,
  'docs/loyalty.md': () => loyalty,
  'docs/snapshot-format.md': () => snapshotFormat,
  'docs/sync.md': (t) => sync(t, browser),
  'docs/unique-codes.md': uniqueCodes,
  'docs/voucherify.md': () => voucherify,
  'docs/elements.md': (t) => elements(t, browser),
  'worker/API.md': api,
  'worker/README.md': () => ({ account: deployed }),
};

describe('guides', { concurrency: false }, () => {
  test('docs/guides/first-discount.md', { timeout: 180_000 }, async (t) => {
    let at;
    await carryOut(t, 'docs/guides/first-discount.md', {
      shown: async (text, { url }) => {
        at = await opened(t, `${url}/`);
        await shows(at.page, text);
      },
      entered: async (text) => {
        await enter(at.page, 'WELCOME10');
        await shows(at.page, text);
      },
    });
    assert.deepEqual(at.complaints(), []);
  });

  test('docs/guides/widget.md', { timeout: 180_000 }, async (t) => {
    let at;
    await carryOut(t, 'docs/guides/widget.md', {
      shown: async (text, { url }) => {
        at = await opened(t, `${url}/`);
        const { page } = at;
        await page.getByText('2 × Assam').waitFor();
        await page.getByText('1 more of Assam', { exact: false }).first().waitFor();
        await page.getByRole('button', { name: 'One more', exact: true }).click();
        await page.getByText('3 × Assam').waitFor();
        await shows(page, text);
      },
      entered: async (text) => {
        await enter(at.page, 'WELCOME10');
        await shows(at.page, text);
      },
      ordered: async (text, { url }) => {
        const { page } = at;
        await page.getByRole('button', { name: 'Order', exact: true }).click();
        await shows(page, text);
        await page.goto(`${url}/?lang=ar`);
        await page.locator('html[dir="rtl"]').waitFor();
        await page.locator('counterfoil-savings').getByText('الإجمالي', { exact: false }).first().waitFor();
      },
      member: async (text, { url }) => {
        const { page } = at;
        const fetched = [];
        page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
        await page.goto(`${url}/member.html`);
        await page.getByText('12 stars with this order').waitFor();
        await page.getByRole('button', { name: 'One more', exact: true }).click();
        await shows(page, text);
        assert.equal(fetched.filter((path) => path.endsWith('/loyalty_bg.wasm')).length, 1, 'the module comes once');
      },
    });
    assert.deepEqual(at.complaints(), []);
  });

  for (const page of PLAIN) {
    test(page, { timeout: 240_000 }, async (t) => {
      await carryOut(t, page);
    });
  }
  for (const [page, own] of Object.entries(OWN)) {
    test(page, { timeout: 240_000 }, async (t) => {
      await carryOut(t, page, await own(t));
    });
  }

  test('no page has a block that is not carried out', async () => {
    const carried = new Set([...PLAIN, ...Object.keys(OWN), 'docs/guides/first-discount.md', 'docs/guides/widget.md']);
    const pages = await everyPage();
    assert.deepEqual([...carried].filter((page) => !pages.includes(page)), []);
    const shown = await Promise.all(pages.map(async (page) => blocksIn(await pageOf(page), page)));
    const left = shown.filter((_, index) => !carried.has(pages[index])).flat();
    assert.deepEqual(left.map(({ at }) => at), []);
    assert.ok(shown.flat().length > 80, `only ${shown.flat().length} blocks were found`);
  });

  test('npm shows the same README', async () => {
    assert.equal(await readFile(join(packageFolder, 'README.md'), 'utf8'), await pageOf('README.md'));
  });

  test('the list of pages names each, and no link leads nowhere', async () => {
    const list = await pageOf('docs/README.md');
    const pages = await everyPage();
    for (const page of pages.filter((name) => name.startsWith('docs/') && name !== 'docs/README.md')) {
      assert.ok(list.includes(`](${page.slice('docs/'.length)})`), page);
    }
    const lost = [];
    for (const page of pages) {
      for (const [, target] of (await pageOf(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [path, heading] = target.split('#');
        const file = path === '' ? page : join(page, '..', path);
        const text = await readFile(join(root, file), 'utf8').catch((error) => (error.code === 'EISDIR' ? '' : undefined));
        if (text === undefined || (heading && !headings(text).includes(heading))) lost.push(`${page}: ${target}`);
      }
    }
    assert.deepEqual(lost, []);
  });

  test('the rows of a table have as many columns as its head', async () => {
    const broken = [];
    for (const page of await everyPage()) {
      let columns;
      for (const [index, line] of (await pageOf(page)).split('\n').entries()) {
        const cells = line.startsWith('|') ? line.replaceAll('\\|', '').replaceAll(/`[^`]*`/g, '').split('|').length : undefined;
        columns = cells && (columns ?? cells);
        if (cells !== columns) broken.push(`${page}:${index + 1}`);
      }
    }
    assert.deepEqual(broken, []);
  });
});

/** What links may name of a page, as GitHub makes it of its headings. */
const headings = (text) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'),
  );
