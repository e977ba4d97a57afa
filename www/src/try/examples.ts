/**
 * The programmes of `examples/`, each with the carts of its cases. Built in as they stand in the repository, so one that
 * is added there is here with the next build; fetched when it is chosen.
 */

export interface Example {
  id: string;
  title: string;
  load: () => Promise<Sheet>;
}

export interface Cart {
  title: string;
  request: unknown;
}

export interface Sheet {
  campaigns: unknown;
  carts: Cart[];
  /** The first cart that the campaigns give something. */
  telling: number;
}

interface Corpus {
  now: string;
  cases: { name: string; request: Record<string, unknown>; expect: { discountTotal?: number; points?: number } }[];
}

type Json<T> = () => Promise<T>;

const documents = import.meta.glob('../../../examples/P*.json', { import: 'default' }) as Record<string, Json<unknown>>;
const corpora = import.meta.glob('../../../tests/corpus/programmes/P*.json', { import: 'default' }) as Record<string, Json<Corpus>>;

const fileOf = (path: string) => /([^/]+)\.json$/.exec(path)![1]!;

/** `P14-buy-one-get-one` as people read it. */
function titleOf(file: string): string {
  const words = file.replace(/^P\d+-/, '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const caseTitle = (name: string) => name.split('/').at(-1)!.replaceAll('_', ' ');

const corpusOf = new Map(Object.entries(corpora).map(([path, load]) => [fileOf(path), load]));

export const examples: Example[] = Object.entries(documents).flatMap(([path, load]) => {
  const id = fileOf(path);
  const corpus = corpusOf.get(id);
  if (corpus === undefined) return [];
  return [{ id, title: titleOf(id), load: () => sheetOf(load, corpus) }];
});

async function sheetOf(load: Json<unknown>, loadCorpus: Json<Corpus>): Promise<Sheet> {
  const [campaigns, corpus] = await Promise.all([load(), loadCorpus()]);
  const now = Date.parse(corpus.now);
  const carts = corpus.cases.map(({ name, request }) => ({ title: caseTitle(name), request: { now, ...request } }));
  const telling = corpus.cases.findIndex(({ expect }) => (expect.discountTotal ?? 0) > 0 || (expect.points ?? 0) > 0);
  return { campaigns, carts, telling: Math.max(0, telling) };
}
