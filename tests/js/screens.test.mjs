// The pictures that were looked at are those of the pages there are: none is missing, none is left over, and they stay small.
import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { views } from '../../www/views.mjs';
import { NOT_SHOWN, pages, pictures } from '../screens/pages.mjs';
import { index } from '../screens/show.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'tests/screens/pictures');
const MOST_BYTES = 6_000_000;

test('there is a picture of every page on every screen, and none besides', async () => {
  assert.deepEqual((await readdir(folder)).toSorted(), pictures.map(({ name }) => `${name}.webp`).toSorted());
});

test('they stay small', async () => {
  const sizes = await Promise.all((await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size));
  assert.ok(sizes.every((size) => size > 1_000));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
});

test('the page that shows them shows each, and when and how it was looked at', async () => {
  const looked = JSON.parse(await readFile(join(root, 'tests/screens/looked.json'), 'utf8'));
  assert.deepEqual(Object.keys(looked).toSorted(), pictures.map(({ name }) => name).toSorted());
  for (const { day, www } of Object.values(looked)) assert.match(`${day} ${www}`, /^\d{4}-\d\d-\d\d [0-9a-f]{7,}$/);
  assert.equal(await readFile(join(root, 'tests/screens/README.md'), 'utf8'), index(pages, looked));
});

test('every view of the shop and every page of the console is one of them', async () => {
  const names = pages.map(({ name }) => name);
  for (const view of Object.keys(views).filter((view) => !NOT_SHOWN.includes(view))) {
    assert.ok(names.includes(view === 'checkout' ? 'shop-ordered' : `shop-${view}`), view);
  }
  const main = await readFile(join(root, 'www/src/console/main.ts'), 'utf8');
  const [, listed] = /const pages[^=]*= \{([\s\S]*?)\n\};/.exec(main);
  const consolePages = [...listed.matchAll(/^ {2}(\w+): \{/gm)].map(([, page]) => page);
  assert.ok(consolePages.length >= 6, `${consolePages}`);
  for (const page of consolePages) assert.ok(names.includes(`console-${page}`), page);
});
