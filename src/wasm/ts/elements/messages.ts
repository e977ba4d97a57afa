// The catalogues of messages: English is at hand, the others are fetched when a page speaks their language.

import en from './messages.en.js';

/**
 * A text, or texts by what the language calls the count of `by`; `none` where it is zero. `{name}` stands for a value,
 * `{name:money}`, `{name:day}`, `{name:moment}` and `{name:name}` for one that is written as what it is.
 */
export type Message = string | Plural;

/** Texts of which a count chooses. */
export type Plural = { readonly by: string; readonly none?: string; readonly other: string } & {
  readonly [Rule in Exclude<Intl.LDMLPluralRule, 'other'>]?: string;
};

/** What is said. */
export type MessageKey = keyof typeof en;

/** The messages of one language. */
export type Messages = Readonly<Record<MessageKey, Message>>;

const CATALOGUES: Readonly<Record<string, () => Promise<{ default: Messages }>>> = {
  ar: () => import('./messages.ar.js'),
  de: () => import('./messages.de.js'),
  pl: () => import('./messages.pl.js'),
  ro: () => import('./messages.ro.js'),
  tr: () => import('./messages.tr.js'),
};

const known = new Map<string, Messages>([['en', en]]);
const fetched = new Map<string, Promise<void>>();

/** Says the elements' messages in another language, or otherwise in one that there is. Call it before elements show. */
export function setMessages(language: string, messages: Messages): void {
  known.set(language, messages);
}

const languageOf = (locale: string): string => locale.toLowerCase().split('-')[0]!;

/** Whether there are messages of a language, at hand or to be fetched. */
export const isSpoken = (locale: string): boolean => known.has(languageOf(locale)) || languageOf(locale) in CATALOGUES;

/** The messages of a language, once they are at hand. */
export const messagesOf = (locale: string): Messages | undefined => known.get(languageOf(locale));

/** Fetches the messages of a language. Where that fails, English is spoken in its stead. */
export function fetchMessages(locale: string): Promise<void> {
  const language = languageOf(locale);
  let fetching = fetched.get(language);
  if (fetching === undefined) {
    fetching = CATALOGUES[language]!().then(
      ({ default: messages }) => setMessages(language, messages),
      () => setMessages(language, en),
    );
    fetched.set(language, fetching);
  }
  return fetching;
}
