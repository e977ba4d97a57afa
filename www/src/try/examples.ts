import type { Tryable } from './bench';

/**
 * The thirty programmes of `examples/`, each with the carts and events of its cases. Built in as they stand in the repository,
 * so one that is added there is here with the next build; fetched when it is chosen.
 */

export interface Example {
  id: string;
  title: string;
  load: () => Promise<Sheet>;
}

export interface Cart {
  title: string;
  sheet: Tryable;
}

export interface Sheet {
  campaigns: unknown;
  carts: Cart[];
  /** The first one that the campaigns give something. */
  telling: number;
}

type Json = Record<string, unknown>;

/** Carts and what they cost. */
interface Corpus {
  now: string;
  cases: { name: string; now?: string; request: Json; expect: { discountTotal?: number; points?: number } }[];
}

/** What happens to members, and what they are shown before. */
interface Histories {
  customers?: Record<string, Json>;
  histories: { name: string; now: string; commands: Told[] }[];
}

interface Told {
  now?: string;
  preview?: { request: Json; accounts?: Json[] };
  happened?: Json & { type: string; request?: Json };
}

type Load<T> = () => Promise<T>;

const documents = import.meta.glob('../../../examples/P*.json', { import: 'default' }) as Record<string, Load<unknown>>;
const corpora = import.meta.glob('../../../tests/corpus/programmes/P*.json', { import: 'default' }) as Record<string, Load<Corpus>>;
const ledgers = import.meta.glob('../../../tests/corpus/ledger/P*.json', { import: 'default' }) as Record<string, Load<Histories>>;

const fileOf = (path: string) => /([^/]+)\.json$/.exec(path)![1]!;

/** `P14-buy-one-get-one` as people read it. */
function titleOf(file: string): string {
  const [number, ...words] = file.split('-');
  return `${number} ${words.join(' ')}`;
}

const caseTitle = (name: string) => name.split('/').at(-1)!.replaceAll('_', ' ');

const byFile = <T>(found: Record<string, Load<T>>) => new Map(Object.entries(found).map(([path, load]) => [fileOf(path), load]));
const [corpusOf, ledgerOf] = [byFile(corpora), byFile(ledgers)];

export const examples: Example[] = Object.entries(documents).map(([path, load]) => {
  const id = fileOf(path);
  return { id, title: titleOf(id), load: () => sheetOf(load, corpusOf.get(id), ledgerOf.get(id)) };
});

/** More than these are for tests, not for people to choose from. */
const mostOfHistories = 16;

async function sheetOf(load: Load<unknown>, loadCorpus?: Load<Corpus>, loadLedger?: Load<Histories>): Promise<Sheet> {
  const [campaigns, corpus, ledger] = await Promise.all([load(), loadCorpus?.(), loadLedger?.()]);
  const cases = corpus?.cases ?? [];
  const carts = cases.map(({ name, now, request }) => ({ title: caseTitle(name), sheet: { now: Date.parse(now ?? corpus!.now), ...request } as unknown as Tryable }));
  const told = (ledger?.histories ?? []).flatMap(({ name, now, commands }) => {
    const sheets = commands.flatMap((command) => toldOf(command, now, ledger?.customers ?? {}));
    return sheets.map((sheet, at) => ({ title: `${caseTitle(name)}${sheets.length > 1 ? ` (${at + 1})` : ''}`, sheet }));
  });
  const telling = cases.findIndex(({ expect }) => (expect.discountTotal ?? 0) > 0 || (expect.points ?? 0) > 0);
  return { campaigns, carts: [...carts, ...told.slice(0, mostOfHistories)], telling: Math.max(0, telling) };
}

/** Histories name their customers; what is tried tells who they are. */
function toldOf({ now, preview, happened }: Told, began: string, customers: Record<string, Json>): Tryable[] {
  const moment = Date.parse(now ?? began);
  const known = (told: Json) => {
    const { customer } = told;
    return { now: moment, ...told, ...(typeof customer === 'string' && { customer: { ...customers[customer], id: customer } }) };
  };
  if (preview) return [{ ...preview, request: known(preview.request) } as unknown as Tryable];
  // what the ledger answered is nothing that people tell
  if (!happened || happened.type === 'answered') return [];
  const said = happened.request ? { ...happened, request: known(happened.request) } : known(happened);
  return [{ happened: said } as unknown as Tryable];
}
