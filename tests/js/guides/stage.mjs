// Carries a page out: what its blocks say is done in a folder of its own, in the order in which they stand. CONTRIBUTING.md tells what
// the words after the backticks mean; a block that says nothing known ends the test.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageFolder } from '../hosts/files.mjs';
import { blocksIn, pageOf, root } from './pages.mjs';

const run = promisify(execFile);
const program = process.env.COUNTERFOIL_CLI ?? join(root, process.env.CARGO_TARGET_DIR ?? 'target', 'debug/counterfoil');

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const hasEnding = ({ name }) => /\.\w+$/.test(name);
const isProgram = ({ name }) => /\.m?js$/.test(name);

/**
 * @param page its path
 * @param own what is done with the blocks whose name has no ending, by that name: each is handed the block's text and the stage
 */
export async function carryOut(t, page, own = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'counterfoil-page-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const port = await freePort();
  const blocks = blocksIn((await pageOf(page)).replaceAll('8787', String(port)), page);
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'node_modules/@voucherify'), { recursive: true });
  await symlink(program, join(folder, 'bin/counterfoil'));
  await symlink(packageFolder, join(folder, 'node_modules/counterfoil'));
  await symlink(join(root, 'node_modules/@voucherify/sdk'), join(folder, 'node_modules/@voucherify/sdk'));
  await symlink(join(root, 'examples'), join(folder, 'examples'));
  const env = { ...process.env, COUNTERFOIL: root, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  const shell = (code) => run('sh', ['-euc', code], { cwd: folder, env });
  const node = (file) => run(process.execPath, [file], { cwd: folder, env });
  const stage = { folder, port, url: `http://127.0.0.1:${port}`, env, shell, printed: '', unused: new Set(Object.keys(own)) };

  const take = {
    file: async ({ name, text }) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    },
    ran: async ({ text, at }) => {
      ({ stdout: stage.printed } = await shell(text).catch((error) => assert.fail(`${at}\n${text}\n${error.stdout}${error.stderr}`)));
    },
    refused: ({ text, at }) => assert.rejects(shell(text), (error) => error.code === 3, at),
    served: async ({ text }) => {
      const served = spawn('sh', ['-euc', text], { cwd: folder, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      served.stderr.on('data', (bytes) => (said += bytes));
      t.after(() => served.exitCode === null && process.kill(-served.pid));
      await answers(`${stage.url}/`, () => assert.equal(served.exitCode, null, said));
    },
    printed: ({ text, at }) => {
      for (const line of text.trimEnd().split('\n')) assert.ok(stage.printed.includes(line), `${at}: ${line}\nis not in\n${stage.printed}`);
    },
    printedBy: async ({ name, text, at }) => assert.equal((await node(name)).stdout, text, at),
    ofTheRepository: ({ text, at }) => ofTheRepository(text, at),
    compiled: async ({ language, text, at }) => {
      const file = join(folder, `shown.${language}`);
      await writeFile(file, text);
      // the day on which the pages' carts are quoted: schedules of that time are not over
      const checked = await shell(`counterfoil check ${file} --format json --now 2026-03-01T00:00:00Z`).catch((error) => error);
      assert.deepEqual(JSON.parse(checked.stdout).diagnostics, [], at);
    },
    doctest: async ({ at }) => assert.ok(await isDoctest(page), `${at}: no \`#[doc = include_str!("…/${page}")]\` has it run`),
    drawn: () => {},
  };
  for (const block of blocks) {
    const { language, name, at } = block;
    const what = kindOf(block);
    if (what) await take[what](block);
    else {
      assert.ok(name in own, `${at}: nothing is known of a block \`${language} ${name}\``);
      await own[name](block.text, stage);
      stage.unused.delete(name);
    }
  }
  assert.deepEqual([...stage.unused], [], `${page} has no such blocks`);
  return stage;
}

/** What is done with a block, unless the page's own test does it. */
function kindOf(block) {
  const { language, name } = block;
  if (language === 'text' && isProgram(block)) return 'printedBy';
  if (language !== 'sh' && hasEnding(block)) return 'file';
  const kinds = {
    sh: 'ran',
    'sh refused': 'refused',
    'sh serve': 'served',
    'sh repository': 'ofTheRepository',
    text: 'printed',
    'text drawing': 'drawn',
    'json campaigns': 'compiled',
    'yaml campaigns': 'compiled',
    rust: 'doctest',
  };
  return kinds[`${language} ${name}`.trim()];
}

/** Waits until something listens there. */
async function answers(url, assertAlive) {
  for (let left = 600; left > 0; left -= 1) {
    assertAlive();
    if (await fetch(url).then(() => true, () => false)) return;
    await sleep(100);
  }
  assert.fail(`nobody answers ${url}`);
}

/** Commands for who works on the repository build and test all of it: what is held here is that there are such verbs, options, tests and scripts. */
async function ofTheRepository(text, at) {
  const isThere = (file) => access(join(root, file)).then(() => true, () => false);
  for (const line of text.trimEnd().split('\n')) {
    const [command] = line.split('#');
    const words = command.trim().split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word));
    const [tool, verb, ...rest] = words;
    const options = rest.filter((word) => word.startsWith('--'));
    if (tool === 'node') {
      const script = join(dirname(at), verb);
      assert.ok(await isThere(script), `${at}: there is no ${script}`);
      const text = await readFile(join(root, script), 'utf8');
      for (const option of options) assert.ok(text.includes(option), `${at}: ${script} has no ${option}`);
    } else if (tool === 'npm') {
      assert.ok(await isThere(join(dirname(at), 'package.json')), `${at}: ${line}`);
    } else if (verb === 'xtask') {
      const [name] = rest;
      const { stdout } = await run('cargo', ['xtask', name, '--help'], { cwd: root });
      for (const option of options) assert.ok(stdout.includes(option), `${at}: \`cargo xtask ${name}\` has no ${option}`);
    } else {
      assert.equal(`${tool} ${verb}`, 'cargo test', `${at}: ${line}`);
      const target = rest[rest.indexOf('--test') + 1];
      assert.ok((await isThere(`tests/${target}.rs`)) || (await isThere(`tests/${target}/main.rs`)), `${at}: there is no test ${target}`);
    }
  }
}

/** Whether `cargo test --doc` runs the Rust of a page. */
async function isDoctest(page) {
  const sources = (await readdir(join(root, 'src'), { recursive: true })).filter((name) => name.endsWith('mod.rs') || name === 'lib.rs');
  const texts = await Promise.all(sources.map((name) => readFile(join(root, 'src', name), 'utf8')));
  return texts.some((text) => text.includes(`/${page}")]`) && text.includes('#[doc = include_str!('));
}
