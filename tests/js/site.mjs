// The pages of www/ as they are deployed, built once for all suites that open them.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packageFolder } from './hosts/files.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const kept = join(root, 'target/site');

/** Where else the built pages look for the snapshot: a browser is told by `--host-resolver-rules` who that is. */
export const MIRROR = 'mirror.test';

/** The folder of the built pages. */
export async function site() {
  const folder = join(kept, await fingerprint());
  if (await access(folder).then(() => true, () => false)) return folder;
  const building = `${folder}.${process.pid}`;
  const env = { ...process.env, VITE_MIRRORS: `http://${MIRROR}/snapshot.cfs` };
  await run('npx', ['--no-install', 'vite', 'build', '--outDir', building, '--emptyOutDir'], { cwd: join(root, 'www'), env });
  const before = await readdir(kept);
  // another suite may have been quicker
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }));
  for (const name of before) if (!name.includes('.')) await rm(join(kept, name), { recursive: true, force: true });
  return folder;
}

/** Names what the pages are made of. */
async function fingerprint() {
  await mkdir(kept, { recursive: true });
  const content = createHash('sha256');
  for (const place of [join(root, 'www'), join(root, 'examples'), packageFolder]) {
    const all = await readdir(place, { recursive: true, withFileTypes: true });
    const files = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const file of files.filter((path) => !/\/(node_modules|dist|\.wrangler)\//.test(path.slice(place.length))).sort()) {
      content.update(file).update(await readFile(file));
    }
  }
  content.update(await readFile(join(root, 'docs/campaigns.schema.json')));
  return content.digest('hex').slice(0, 16);
}
