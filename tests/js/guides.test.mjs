// The first guide runs: its files, its commands, its page in Chromium and its script, which must show what it says they show.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch, openPage, serve } from './hosts/chromium.mjs';
import { packageFolder } from './hosts/files.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'counterfoil-guides-'));
after(() => rm(folder, { recursive: true, force: true }));

const guide = await readFile(join(root, 'docs/guides/first-discount.md'), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, language, name, text]) => ({ language, name, text }));
const printed = (name) => blocks.find((block) => block.language === 'text' && block.name === name).text;

test('the first discount in five minutes', { timeout: 180_000 }, async (t) => {
  const program = process.env.COUNTERFOIL_CLI ?? join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/counterfoil');
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(program, join(folder, 'bin/counterfoil'));
  await symlink(packageFolder, join(folder, 'node_modules/counterfoil'));
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };

  // in the order in which they stand there
  const quoted = [];
  for (const { language, name, text } of blocks) {
    if (language === 'sh') {
      const { stdout } = await run('sh', ['-euc', text], { cwd: folder, env }).catch((error) => assert.fail(`${text}\n${error.stdout}${error.stderr}`));
      quoted.push(stdout);
    } else if (name && language !== 'text') {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }
  assert.match(quoted[0], /45\.40/);
  const { stdout } = await run(process.execPath, ['charge.mjs'], { cwd: folder });
  assert.equal(stdout, printed('charge.mjs'));

  const server = await serve((name) => {
    if (name === 'favicon.ico') return '';
    return readFile(join(folder, name.startsWith('node_modules/') ? name : join('public', name || 'index.html')));
  });
  t.after(() => server.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const { page, complaints } = await openPage(browser, server.url);
  const shows = async (text) => {
    for (const line of text.trimEnd().split('\n')) await page.getByText(line).first().waitFor();
  };
  await shows(printed('shown'));
  await page.getByLabel('Code', { exact: true }).fill('WELCOME10');
  await page.keyboard.press('Enter');
  await shows(printed('entered'));
  assert.deepEqual(complaints, []);
});
