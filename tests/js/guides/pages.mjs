// The pages of the documentation, and the blocks of code that stand in them.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

const FOLDERS = ['.', 'docs', 'docs/guides', 'worker', 'www', 'bench', 'bench/lib', 'tests/peers/own', 'tests/screens'];

/** Every page that is written in Markdown, by its path. */
export async function everyPage() {
  const lists = FOLDERS.map(async (folder) => {
    const names = await readdir(join(root, folder));
    return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
  });
  return (await Promise.all(lists)).flat().toSorted();
}

/**
 * The blocks of a page, in order: the word after the three backticks, the rest of that line, and what stands between.
 * @param {string} text of the page
 */
export function blocksIn(text, page) {
  const blocks = [];
  let open;
  for (const [index, line] of text.split('\n').entries()) {
    const [, spaces, fence] = /^( *)```(.*)$/.exec(line) ?? [];
    if (fence === undefined) {
      if (open) open.text += `${line}\n`;
      else assert.ok(!/^(\t| {4})[^\s*|-]/.test(line), `${page}:${index + 1}: a block without a fence, which nothing runs`);
    } else if (open) {
      assert.equal(fence, '', `${page}:${index + 1}: a block begins within a block`);
      blocks.push(open);
      open = undefined;
    } else {
      assert.equal(spaces, '', `${page}:${index + 1}: a fence that is indented`);
      const [language, name = ''] = fence.split(' ');
      open = { language, name, text: '', at: `${page}:${index + 1}` };
    }
  }
  assert.equal(open, undefined, `${page}: the last block has no end`);
  return blocks;
}

export const pageOf = (name) => readFile(join(root, name), 'utf8');
