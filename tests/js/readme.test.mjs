// The README runs: its commands, then its JavaScript, which must print what the README says it prints.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageFolder } from './hosts/files.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const temporary = await mkdtemp(join(tmpdir(), 'counterfoil-readme-'));
after(() => rm(temporary, { recursive: true, force: true }));

const readme = await readFile(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ language, text }));
const script = blocks.findIndex(({ language }) => language === 'js');
const printed = blocks.slice(script).find(({ language }) => language === 'text')?.text;
const commands = blocks.slice(0, script).filter(({ language, text }) => language === 'sh' && text.startsWith('counterfoil '));

test('the commands and the JavaScript of the README do what it says', { timeout: 120_000 }, async () => {
  assert.ok(script >= 0 && printed, 'README.md has no ```js block with what it prints in a ```text block after it');
  const program = process.env.COUNTERFOIL_CLI ?? join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/counterfoil');
  const programs = join(temporary, 'bin');
  await Promise.all([mkdir(programs), mkdir(join(temporary, 'node_modules'))]);
  await symlink(program, join(programs, 'counterfoil'));
  await symlink(packageFolder, join(temporary, 'node_modules/counterfoil'));
  await cp(join(root, 'examples'), join(temporary, 'examples'), { recursive: true });

  const env = { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` };
  for (const { text } of commands) {
    await run('sh', ['-euc', text], { cwd: temporary, env, timeout: 60_000 }).catch(({ stdout, stderr, message }) => {
      assert.fail(`${text}\n${stdout}${stderr || message}\n(built by \`cargo build --package counterfoil-cli\`)`);
    });
  }
  await writeFile(join(temporary, 'main.mjs'), blocks[script].text);
  const { stdout } = await run(process.execPath, ['main.mjs'], { cwd: temporary, timeout: 60_000 });
  assert.equal(stdout, printed);
});
