// A shop's publisher in the tests: its own key, and snapshots signed with it by the command line.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the command line; rejects with its exit code and output when it refuses. */
export async function counterfoil(...args) {
  return run(await program(), args);
}

let built;

/** The program as it is in the source tree now, or the one that COUNTERFOIL_CLI names. */
export function program() {
  return env.COUNTERFOIL_CLI ?? (built ??= build());
}

async function build() {
  const wanted = ['build', '--locked', '--quiet', '--release', '--package', 'counterfoil-cli'];
  const { stdout } = await run('cargo', [...wanted, '--message-format', 'json'], { cwd: root, maxBuffer: 2 ** 26 });
  const messages = stdout.trim().split('\n').map((line) => JSON.parse(line));
  return messages.find(({ executable }) => executable).executable;
}

/** A new key pair in its own folder under `dir`. */
export async function newPublisher(dir, { audience = 'demo-shop' } = {}) {
  await mkdir(dir, { recursive: true });
  const home = await mkdtemp(join(dir, 'publisher-'));
  await counterfoil('keygen', '--out', home, '--audience', audience);
  const keyRingFile = join(home, 'key-ring.json');
  const keyFile = join(home, 'publisher.key.json');
  return {
    keyRing: await readFile(keyRingFile, 'utf8'),
    keyRingFile,
    keyFile,
    /** The bytes of a signed snapshot of these campaigns. */
    async snapshot(campaigns, { version, life = '30d' }) {
      const to = await mkdtemp(join(home, `v${version}-`));
      await counterfoil('publish', ...(await this.publishing(campaigns, { version, life })), '--to', to);
      return readFile(join(to, 'snapshot.cfs'));
    },
    /** The arguments of `publish`, without where to. */
    async publishing(campaigns, { version, life = '30d' }) {
      const file = join(await mkdtemp(join(home, 'campaigns-')), 'campaigns.json');
      await writeFile(file, JSON.stringify({ campaigns }));
      const signing = ['--campaigns', file, '--key', keyFile, '--key-ring', keyRingFile];
      return [...signing, '--version', String(version), '--life', life];
    },
  };
}
