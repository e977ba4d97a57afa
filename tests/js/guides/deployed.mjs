// What is deployed to an account, as far as it can be tried without one.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './pages.mjs';

/** The deployment is built and not sent; each secret that is set afterwards is one that the worker reads. */
export async function deployed(text, { folder, shell }) {
  const [before, deploy, ...secrets] = text.trimEnd().split('\n');
  assert.match(deploy, /^wrangler deploy /);
  await writeFile(join(folder, 'public', 'index.html'), '<!doctype html><title>shop</title>');
  // as they are written, but for the sending
  const { stdout } = await shell(`${before}\n${deploy} --dry-run --outdir "$PWD/deployed"`);
  assert.match(stdout, /Read 1 file from the assets directory .*public/);
  assert.match(stdout, /env\.BOOKS \(Book\)/);
  assert.match(stdout, /env\.KEY_RING/);
  const read = await readFile(join(root, 'worker/src/env.ts'), 'utf8');
  assert.ok(secrets.length > 5);
  for (const line of secrets) {
    const [, name] = /wrangler secret put ([A-Z_]+) --config "\$CONFIG"/.exec(line) ?? [];
    assert.ok(name && read.includes(`  ${name}?: string;`), `the worker reads no secret of the line: ${line}`);
  }
}
