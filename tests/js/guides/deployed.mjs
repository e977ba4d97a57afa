// What is deployed to an account, as far as it can be tried without one.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './pages.mjs';

/** The deployment is built and not sent; each secret that is set afterwards is one that the worker reads. */
export async function deployed(text, { folder, shell }) {
  const [deploy, ...secrets] = text.trimEnd().split('\n');
  await mkdir(join(folder, 'assets'));
  const wrangler = join(root, 'node_modules/.bin/wrangler');
  const tried = deploy.replace('wrangler deploy', `"${wrangler}" deploy --config "$COUNTERFOIL/worker/wrangler.jsonc" --dry-run --assets "$PWD/assets" --outdir "$PWD/deployed"`);
  assert.notEqual(tried, deploy);
  const { stdout } = await shell(tried);
  assert.match(stdout, /env\.BOOKS \(Book\)/);
  assert.match(stdout, /env\.KEY_RING/);
  const read = await readFile(join(root, 'worker/src/env.ts'), 'utf8');
  assert.ok(secrets.length > 5);
  for (const line of secrets) {
    const [, name] = /wrangler secret put ([A-Z_]+)/.exec(line) ?? [];
    assert.ok(name && read.includes(`  ${name}?: string;`), `the worker reads no secret of the line: ${line}`);
  }
}
