// The corpus and the attacks on the command line: the documents as a merchant has them, the files as a host gets them.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { program } from './publisher.mjs';

const tests = fileURLToPath(new URL('..', import.meta.url));
const counterfoil = await program();
const dir = await mkdtemp(join(tmpdir(), 'counterfoil-command-line-'));
after(() => rm(dir, { recursive: true, force: true }));

/** What the program prints, or the code of its refusal. */
async function outcome(args, input = '') {
  const child = spawn(counterfoil, args, { env: { ...process.env, NO_COLOR: '1' } });
  child.stdin.on('error', () => {}).end(input);
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray()));
  if (out.length > 0) return out.join('').replace(/\n$/, '');
  return /error\[(\w+)\]/.exec(err.join(''))?.[1] ?? err.join('');
}

/** Runs `check` on each, as many at a time as there are processors, and collects one finding per name. */
async function findings(list, check) {
  const found = new Map();
  const waiting = [...list];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      if (!found.has(one.finding)) found.set(one.finding, { name: one.finding, count: 0, failures: [] });
      const finding = found.get(one.finding);
      finding.count += 1;
      const { got, expected } = await check(one);
      if (got !== expected) finding.failures.push(`${one.name}:\n  got      ${got}\n  expected ${expected}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return [...found.values()];
}

const json = async (name) => JSON.parse(new TextDecoder().decode(await read(name)));

async function corpus() {
  const { cases } = await json('corpus-snapshots/cases.json');
  // what is wrong with `now` is wrong only where there is no clock to fall back on
  const list = cases.filter(({ error }) => error?.pointer !== '/now');
  const documents = new Map();
  for (const file of new Set(list.map(({ file }) => file))) documents.set(file, await documentOf(file));
  return findings(
    list.map((one) => ({ ...one, finding: one.file })),
    async ({ file, request, disclosure, answer, error }) => {
      const heard = disclosure === 'public' ? ['--public'] : [];
      const got = await outcome(['quote', '--campaigns', documents.get(file), '--request', '-', '--json', ...heard], request);
      return { got, expected: answer ?? error.code };
    },
  );
}

/** The campaigns of a file of the corpus as a document of their own. */
async function documentOf(file) {
  const path = join(tests, 'corpus', file);
  const { campaigns } = JSON.parse(await readFile(path, 'utf8'));
  if (typeof campaigns === 'string') return resolve(dirname(path), campaigns);
  const document = join(dir, `${file.replaceAll('/', '-')}`);
  await writeFile(document, JSON.stringify(Array.isArray(campaigns) ? { campaigns } : campaigns));
  return document;
}

async function attacks() {
  // grants and the codes of sealed campaigns are taken by open engines alone
  const isForFiles = async ({ name }) => !['grant', 'sealed'].includes((await json(`attacks/${name}/expect.json`)).document);
  const all = await json('attacks/index.json');
  const folders = (await Promise.all(all.map(async (folder) => ((await isForFiles(folder)) ? [folder] : [])))).flat();
  const list = folders.flatMap(({ name, files, code }) => files.map((file) => ({ finding: name, name: file, code })));
  return findings(list, async ({ finding, name, code }) => {
    const folder = join(tests, 'attacks', finding);
    const { policy, document = 'snapshot', with: companions = [] } = await json(`attacks/${finding}/expect.json`);
    const { now, minVersion, minRootVersion = 0, profile } = policy;
    const host = ['--now', now, '--min-version', minVersion, '--profile', profile, '--key-ring', join(folder, 'key-ring.json')];
    const root = document === 'root' ? name : companions.find((file) => file === 'chain.bin');
    host.push('--min-root-version', minRootVersion);
    if (root) host.push('--root', join(folder, root));
    if (document === 'pulse') host.push('--pulse', join(folder, name));
    const snapshot = document === 'snapshot' ? name : 'good.bin';
    const got = await outcome(['verify', join(folder, snapshot), ...host.map(String), '--json']);
    return { got: got.startsWith('{') ? null : got, expected: code };
  });
}

report({ corpus: await corpus(), attacks: await attacks() });
