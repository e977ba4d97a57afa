// A large project of Voucherify moves in, out and in again: with progress, in bounded memory, and the second time as the first.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { program } from '../js/publisher.mjs';
import { offers, voucher } from './export.mjs';

/** After so many codes the command line tells progress. */
const PROGRESS = 10_000;

/**
 * @param {{ campaigns: number, vouchers: number, seed?: number }} size
 * @param {(line: string) => void} tell
 * @returns what each step took, and the most memory that it held
 */
export async function prove(size, tell = () => {}) {
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-moving-'));
  const at = (...names) => join(dir, ...names);
  try {
    tell(`writing ${size.vouchers} vouchers of ${size.campaigns} campaigns`);
    await write(at('export.json'), size);
    const euros = ['--currency', 'EUR'];
    const shop = [...euros, '--time-zone', 'Europe/Warsaw'];
    const steps = {};
    const step = async (name, ...words) => {
      tell(name);
      steps[name] = await run(words);
    };
    await step('import', 'import', 'voucherify', at('export.json'), ...shop, '--out', at('once'));
    await step('check', 'check', at('once/campaigns.json'));
    await step('export', 'export', 'voucherify', at('once'), ...euros, '--out', at('back'));
    await step('import again', 'import', 'voucherify', at('back/campaigns.json'), at('back/vouchers.jsonl'), ...shop, '--out', at('twice'));

    const told = steps.import.said.split('\n').filter((line) => line.endsWith('codes …')).length;
    assert.equal(told, Math.floor(size.vouchers / PROGRESS), 'a line of progress for every 10,000 codes');
    const rows = (await readFile(at('once/codes.csv'), 'utf8')).trimEnd().split('\n');
    assert.equal(rows.length - 1, size.vouchers, 'a row for every voucher');
    for (const line of (await readFile(at('once/report.jsonl'), 'utf8')).trimEnd().split('\n')) {
      const { object, id, member, why } = JSON.parse(line);
      assert.ok([object, id, member, why].every((part) => typeof part === 'string') && why.length > 0, line);
    }
    const lists = await same(at('once'), at('twice'));
    return { steps, lists, bytes: (await stat(at('export.json'))).size };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Writes the export a voucher at a time. */
async function write(path, size) {
  const file = createWriteStream(path);
  const put = async (text) => file.write(text) || (await once(file, 'drain'));
  const { stacking_rules, ...lists } = { ...offers(size), stacking_rules: { redeemables_application_mode: 'PARTIAL', redeemables_sorting_rule: 'CATEGORY_HIERARCHY' } };
  await put(`{"stacking_rules":${JSON.stringify(stacking_rules)}`);
  for (const [name, rows] of Object.entries(lists)) await put(`,\n${JSON.stringify(name)}:${JSON.stringify(rows)}`);
  await put(',\n"vouchers":[');
  for (let at = 0; at < size.vouchers; at += 1) await put(`${at === 0 ? '' : ','}\n${JSON.stringify(voucher(at, size))}`);
  await put('\n]}\n');
  file.end();
  await once(file, 'close');
}

/** Runs the command line, which has to succeed; `memory` are the most bytes that it held, where the machine tells them. */
async function run(words) {
  const started = performance.now();
  const child = spawn(await program(), words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let memory = 0;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    memory = Math.max(memory, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024);
  }, 10);
  const [code] = await once(child, 'close');
  clearInterval(look);
  assert.equal(code, 0, said);
  return { said, memory, ms: performance.now() - started };
}

/** What was moved in is the same byte for byte in both folders; how many lists there are. */
async function same(one, other) {
  const names = (await readdir(join(one, 'codes'))).map((name) => join('codes', name)).sort();
  assert.deepEqual((await readdir(join(other, 'codes'))).map((name) => join('codes', name)).sort(), names);
  for (const name of ['campaigns.json', 'codes.csv', 'accounts.jsonl', ...names]) {
    assert.ok((await readFile(join(one, name))).equals(await readFile(join(other, name))), `${name} is another one the second time`);
  }
  return names.length;
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const { campaigns, vouchers, memory: most } = JSON.parse(argv[2]);
  const start = Date.now();
  const tell = (line) => console.log(`${((Date.now() - start) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  const few = await prove({ campaigns, vouchers: Math.ceil(vouchers / 10) }, tell);
  const { steps, lists, bytes } = await prove({ campaigns, vouchers }, tell);
  console.log(`\n${campaigns} campaigns and ${vouchers} vouchers, ${(bytes / 1e6).toFixed(1)} MB, ${lists} lists; the second import is the first, byte for byte\n`);
  for (const [name, step] of Object.entries(steps)) {
    const isOver = step.memory > most * 1e6;
    const figures = [`${(step.ms / 1_000).toFixed(1)} s`, `${(step.memory / 1e6).toFixed(0)} MB`, `${(few.steps[name].memory / 1e6).toFixed(0)} MB with a tenth of them`];
    console.log(`${isOver ? 'OVER' : 'ok  '}  ${name.padEnd(14)} ${figures.map((figure) => figure.padStart(8)).join('  ')}`);
    if (isOver) process.exitCode = 1;
  }
}
