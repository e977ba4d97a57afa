// The guides run: files are written and commands run in the order in which they stand, and print what the guide says they print; pages
// are opened in Chromium and show what it says they show.
//   ```json NAME     a file
//   ```sh            commands; a ```text block after them is what their output contains
//   ```sh serve      a program that goes on
//   ```sh refused    commands of which the last one fails
//   ```text NAME     a file, where NAME has an extension and the block is not what `node NAME` prints; else for a page
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const program = process.env.COUNTERFOIL_CLI ?? join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/counterfoil');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isProgram = (name) => /\.m?js$/.test(name);
const isFile = ({ language, name }) => language !== 'sh' && /\.\w+$/.test(name) && !(language === 'text' && isProgram(name));

/** Carries a guide out, and answers where it did so and what its pages shall show. */
async function carryOut(t, guide) {
  const folder = await mkdtemp(join(tmpdir(), `counterfoil-${guide}-`));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const port = await freePort();
  const text = (await readFile(join(root, `docs/guides/${guide}.md`), 'utf8')).replaceAll('8787', String(port));
  const blocks = [...text.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, language, name, code]) => ({ language, name, text: code }));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'node_modules/@voucherify'), { recursive: true });
  await symlink(program, join(folder, 'bin/counterfoil'));
  await symlink(packageFolder, join(folder, 'node_modules/counterfoil'));
  await symlink(join(root, 'node_modules/@voucherify/sdk'), join(folder, 'node_modules/@voucherify/sdk'));
  const env = { ...process.env, COUNTERFOIL: root, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  const shell = (code) => run('sh', ['-euc', code], { cwd: folder, env });

  let printed = '';
  for (const block of blocks) {
    const { language, name, text: code } = block;
    if (isFile(block)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), code);
    } else if (language === 'sh' && name === 'serve') {
      const served = spawn('sh', ['-euc', code], { cwd: folder, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      served.stderr.on('data', (bytes) => (said += bytes));
      t.after(() => served.exitCode === null && process.kill(-served.pid));
      await answers(`http://127.0.0.1:${port}/`, () => assert.equal(served.exitCode, null, said));
    } else if (language === 'sh' && name === 'refused') {
      await assert.rejects(shell(code), (error) => error.code === 3, code);
    } else if (language === 'sh') {
      ({ stdout: printed } = await shell(code).catch((error) => assert.fail(`${code}\n${error.stdout}${error.stderr}`)));
    } else if (language === 'text' && name === '') {
      for (const line of code.trimEnd().split('\n')) assert.ok(printed.includes(line), `${line}\nis not in\n${printed}`);
    } else if (language === 'text' && isProgram(name)) {
      const { stdout } = await run(process.execPath, [name], { cwd: folder, env });
      assert.equal(stdout, code);
    }
  }
  const shown = (name) => blocks.find((block) => block.language === 'text' && block.name === name).text.trimEnd().split('\n');
  return { folder, port, shown };
}

/** Waits until something listens there. */
async function answers(url, assertAlive) {
  for (let left = 300; left > 0; left -= 1) {
    assertAlive();
    if (await fetch(url).then(() => true, () => false)) return;
    await sleep(100);
  }
  assert.fail(`nobody answers ${url}`);
}

async function shows(page, lines) {
  for (const line of lines) await page.getByText(line).first().waitFor();
}

const enter = async (page, code) => {
  await page.locator('counterfoil-code-field input').fill(code);
  await page.keyboard.press('Enter');
};

describe('guides', { concurrency: false }, () => {
  test('the first discount in five minutes', { timeout: 180_000 }, async (t) => {
    const { folder, shown } = await carryOut(t, 'first-discount');
    const server = await serve((name) => {
      if (name === 'favicon.ico') return '';
      return readFile(join(folder, name.startsWith('node_modules/') ? name : join('public', name || 'index.html')));
    });
    t.after(() => server.stop());
    const { page, complaints } = await openPage(browser, server.url);
    await shows(page, shown('shown'));
    await enter(page, 'WELCOME10');
    await shows(page, shown('entered'));
    assert.deepEqual(complaints, []);
  });

  test('the widget', { timeout: 180_000 }, async (t) => {
    const { port, shown } = await carryOut(t, 'widget');
    const { page, complaints } = await openPage(browser, `http://127.0.0.1:${port}/`);
    t.after(() => page.close());
    await page.getByText('2 × Assam').waitFor();
    await page.getByText('1 more of Assam', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'One more', exact: true }).click();
    await page.getByText('3 × Assam').waitFor();
    await shows(page, shown('shown'));
    await enter(page, 'WELCOME10');
    await shows(page, shown('entered'));
    await page.getByRole('button', { name: 'Order', exact: true }).click();
    await shows(page, shown('ordered'));
    await page.goto(`http://127.0.0.1:${port}/?lang=ar`);
    await page.locator('html[dir="rtl"]').waitFor();
    await page.locator('counterfoil-savings').getByText('الإجمالي', { exact: false }).first().waitFor();
    assert.deepEqual(complaints.filter((complaint) => !complaint.includes('favicon') && !complaint.includes('404')), []);
  });

  for (const guide of ['worker', 'writing-campaigns', 'moving-in']) {
    test(guide.replace('-', ' '), { timeout: 180_000 }, async (t) => {
      await carryOut(t, guide);
    });
  }

  test('every guide is run, and named by the list of pages', async () => {
    const guides = (await readdir(join(root, 'docs/guides'))).toSorted();
    assert.deepEqual(guides, ['first-discount.md', 'moving-in.md', 'security.md', 'widget.md', 'worker.md', 'writing-campaigns.md']);
    const list = await readFile(join(root, 'docs/README.md'), 'utf8');
    for (const guide of guides) assert.ok(list.includes(`guides/${guide}`), guide);
  });
});
