// The shop's own words: every catalogue says everything, and no text stands in its code.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseAst } from 'vite';

const src = fileURLToPath(new URL('../../www/src/', import.meta.url));
const languages = ['ar', 'de', 'pl', 'ro', 'tr'];

async function part(name) {
  const { outputFiles } = await build({ entryPoints: [join(src, `${name}.ts`)], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

/** All messages of a language; of English, those of how a quote came about stand apart. */
async function catalogue(language) {
  const { default: found } = await part(`words/${language}`);
  const story = found.story ?? (await part('trace/messages.en')).default;
  return { ...found, messages: { ...found.messages, ...story } };
}

/** Of English, what the pages of the goods tell stands apart. */
async function goodsOf(language) {
  const { goods } = await catalogue(language);
  if (language !== 'en') return goods;
  const { stories } = await part('words/stories.en');
  return Object.fromEntries(Object.entries(goods).map(([id, words]) => [id, { ...words, ...stories[id] }]));
}

const textsOf = (message) => (typeof message === 'string' ? [message] : Object.entries(message).flatMap(([key, text]) => (key === 'by' ? [] : [text])));
const placeholders = (text) => [...text.matchAll(/\{(\w+(?::\w+)?)\}/g)].map(([, name]) => name);
const sorted = (names) => [...new Set(names)].sort();

describe('catalogues', () => {
  for (const language of ['en', ...languages]) {
    test(`${language} says everything, with the values that English has`, async () => {
      const [{ messages }, { messages: english }] = await Promise.all([catalogue(language), catalogue('en')]);
      assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort());
      // after a number, Turkish has one form
      const rules = language === 'tr' ? [] : new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const [key, message] of Object.entries(messages)) {
        const wanted = sorted(textsOf(english[key]).flatMap(placeholders));
        assert.deepEqual(sorted(textsOf(message).flatMap(placeholders)), wanted, key);
        // a count that a word tells needs no number; everything else stands in each form
        const others = wanted.filter((name) => name !== message.by);
        for (const text of textsOf(message)) assert.deepEqual(others.filter((name) => !placeholders(text).includes(name)), [], `${key}: ${text}`);
        if (typeof english[key] !== 'string' && language !== 'tr') assert.deepEqual(rules.filter((rule) => !(rule in message)), [], `${key} has no form for`);
        assert.ok(!textsOf(message).some((text) => /[€$]|\bEUR\b/.test(text)), `${key}: amounts are written by Intl`);
      }
    });

    test(`${language} names and tells all goods`, async () => {
      const [goods, english] = await Promise.all([goodsOf(language), goodsOf('en')]);
      const stock = [...(await readFile(join(src, 'stock.ts'), 'utf8')).matchAll(/^ {4}id: '([\w-]+)'/gm)].map(([, id]) => id);
      assert.deepEqual(Object.keys(goods), stock);
      for (const [id, words] of Object.entries(goods)) {
        assert.deepEqual(Object.keys(words), Object.keys(english[id]), id);
        assert.equal(words.details.length, english[id].details.length, id);
        for (const text of [words.name, words.portion, words.teaser, words.story, ...words.details.flat()]) assert.ok(text.trim().length > 0, id);
        if (language !== 'en') for (const member of ['teaser', 'story']) assert.notEqual(words[member], english[id][member], `${id}: ${member}`);
      }
    });
  }

  for (const language of languages) {
    test(`${language} is no copy of English`, async () => {
      const [{ messages }, { messages: english }] = await Promise.all([catalogue(language), catalogue('en')]);
      const same = Object.keys(english).filter((key) => /\p{L}{4}/u.test(textsOf(english[key])[0].replaceAll(/\{[^}]*\}/g, '')) && textsOf(messages[key])[0] === textsOf(english[key])[0]);
      // names of people, words that languages share, and the shop's own name
      const shared = /^(title_place|shopper_\w+|delivery_\w+|works_(on|off)line|level_\w+|date|club|points\w*|colour_\w+|campaign_st-patricks-day|statement)$/;
      assert.deepEqual(same.filter((key) => !shared.test(key)), []);
    });
  }

  test('every message is said somewhere', async () => {
    const { messages } = await catalogue('en');
    const sources = await ofTheShop();
    const code = [...sources.values()].join('\n');
    // those that are said by the id of what they name
    const byId = /^(campaign|badge|reward|shopper|category|shelf|colour|delivery|level|group|rule|entry|refused|works|story)_/;
    assert.deepEqual(Object.keys(messages).filter((key) => !byId.test(key) && !code.includes(`'${key}'`)), []);
  });

  test('every campaign of the sample has a name, and every reward', async () => {
    const { messages } = await catalogue('en');
    const { campaigns, loyalty } = JSON.parse(await readFile(join(src, '../../examples/storefront.json'), 'utf8'));
    const rewards = loyalty.programmes.flatMap((programme) => programme.rewards ?? []);
    const levels = loyalty.programmes.flatMap((programme) => programme.levels?.list ?? []);
    const wanted = [...campaigns.map(({ id }) => `campaign_${id}`), ...rewards.flatMap(({ id }) => [`reward_${id}`, `reward_${id}_note`]), ...levels.map(({ id }) => `level_${id}`)];
    assert.deepEqual(wanted.filter((key) => !(key in messages)), []);
  });
});

/** What the shop's page is made of, without its words: name and text of each file. */
async function ofTheShop() {
  const { metafile } = await build({ entryPoints: [join(src, 'main.ts')], bundle: true, format: 'esm', write: false, metafile: true, external: ['counterfoil*', '*.css'], outdir: 'out', loader: { '.css': 'empty' } });
  const files = Object.keys(metafile.inputs).map((path) => path.replace(/^.*?src\//, '')).filter((path) => path.endsWith('.ts') && !/^(words\/((goods|stories)\.)?[a-z]{2}|trace\/messages\.en)\.ts$/.test(path));
  const texts = await Promise.all(files.map(async (path) => [path, await readFile(join(src, path), 'utf8')]));
  return new Map(texts);
}

function* nodes(node) {
  if (Array.isArray(node)) for (const one of node) yield* nodes(one);
  else if (typeof node?.type === 'string') {
    yield node;
    for (const [key, value] of Object.entries(node)) if (key !== 'parent' && typeof value === 'object' && value !== null) yield* nodes(value);
  }
}

/** What of a template a reader would see or hear: the text between tags, and the attributes that speak. */
function spokenIn(quasis) {
  const markup = quasis.map(({ value }) => value.cooked ?? value.raw).join('\u0000');
  const said = [...markup.matchAll(/\b(?:aria-label|aria-description|alt|title|placeholder|you-get|friend-gets)="([^"]*)"/g)].map(([, text]) => text);
  const text = markup.replaceAll(/<svg[\s\S]*?<\/svg>/g, '').replaceAll(/<[^>]*>/g, '\u0001').split('\u0001');
  return [...said, ...text].map((piece) => piece.replaceAll(/[\u0000\s]+/g, ' ').replaceAll(/&\w+;/g, '').trim());
}

/** Attributes of a tag that another template begins, and the shop's own name. */
const isText = (piece) => /\p{L}{2,}/u.test(piece.replaceAll(/[\w-]+="[^"]*"|\b(checked|selected|disabled|Tern|Kettle)\b/g, ''));
/** Words with spaces between them, or one with a capital letter. */
const isPhrase = (text) => /\p{L}{2,}[,.:;]? \p{L}{2,}/u.test(text) || /^\p{Lu}\p{Ll}{2,}[.!?:]?$/u.test(text);

/** Texts in code that a reader would see or hear. */
function textsIn(path, source) {
  const found = [];
  const tree = parseAst(source, { lang: 'ts' });
  const apart = new Set();
  for (const node of nodes(tree)) {
    if (node.type === 'TaggedTemplateExpression' && ['html', 'css', 'svg'].includes(node.tag.name)) {
      apart.add(node.quasi);
      const spoken = node.tag.name === 'css' ? [] : spokenIn(node.quasi.quasis);
      for (const piece of spoken) if (isText(piece)) found.push(`${path}: ${piece}`);
    }
    // what is thrown is for those who program
    if (node.type === 'ThrowStatement') for (const inner of nodes(node)) apart.add(inner);
  }
  // drawings are markup of their own; brands, and what languages call themselves, are names
  if (path.startsWith('pictures/') || ['stock.ts', 'views/icons.ts', 'words/locale.ts'].includes(path)) return found;
  for (const node of nodes(tree)) {
    if (apart.has(node)) continue;
    const text = node.type === 'Literal' && typeof node.value === 'string' ? node.value : node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.raw).join(' ') : '';
    // selectors, media, addresses; currencies
    if (isPhrase(text) && !/[#[>(]|^\.|counterfoil-/.test(text) && !/^[A-Z]{3}( [A-Z]{3})*$/.test(text)) found.push(`${path}: ${text}`);
  }
  return found;
}

test('no text stands in the code of the shop', async () => {
  const sources = await ofTheShop();
  assert.ok(sources.size > 40, `only ${sources.size} files`);
  assert.deepEqual([...sources].flatMap(([path, source]) => textsIn(path, source)), []);
});

test('no text stands in the code of the elements', async () => {
  const folder = fileURLToPath(new URL('../../src/wasm/ts/elements/', import.meta.url));
  const all = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const catalogues = all.filter((name) => /^messages\.[a-z]{2}\.ts$/.test(name));
  assert.deepEqual(catalogues, ['ar', 'de', 'en', 'pl', 'ro', 'tr'].map((language) => `messages.${language}.ts`));
  const code = all.filter((name) => !catalogues.includes(name));
  assert.ok(code.length >= 15, `only ${code.length} files`);
  const found = await Promise.all(code.map(async (name) => textsIn(name, await readFile(join(folder, name), 'utf8'))));
  assert.deepEqual(found.flat(), []);
});

test('a text in code is found', () => {
  const code = ['html`<p>Your savings</p>`', 'html`<button aria-label="Take it out">${x}</button>`', "const told = 'Nothing saved yet';", 'say(`Saved ${x} so far`)'];
  assert.deepEqual(code.map((source) => textsIn('made_up.ts', source).length), [1, 1, 1, 1]);
});
