import type { GoodsWords } from './goods.en';
import en, { type MessageKey } from './en';
import { direction, keepLanguage, type Language, locale, setLanguage } from './locale';
import { filled, type Message, type Values } from './message';

/** What the shop says, in the language of the page. English is at hand, the others are fetched when a page speaks them. */

export interface Catalogue {
  readonly messages: Readonly<Record<MessageKey, Message>>;
  readonly goods: Readonly<Record<string, GoodsWords>>;
}

const others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>>> = {
  de: () => import('./de'),
  tr: () => import('./tr'),
  ro: () => import('./ro'),
  pl: () => import('./pl'),
  ar: () => import('./ar'),
};

let catalogue: Catalogue = en;

/** Speaks a language from now on. Where its messages cannot be fetched it stays as it is, and answers `false`. */
export async function speak(language: Language): Promise<boolean> {
  try {
    catalogue = language === 'en' ? en : (await others[language]()).default;
  } catch {
    return false;
  }
  setLanguage(language);
  Object.assign(document.documentElement, { lang: locale(), dir: direction() });
  return true;
}

/** Speaks what the shopper chose, and keeps the choice. */
export async function choose(language: Language): Promise<boolean> {
  const isSpoken = await speak(language);
  if (isSpoken) keepLanguage(language);
  return isSpoken;
}

export const say = (key: MessageKey, values?: Values, currency?: string): string => filled(catalogue.messages[key], values, currency);

/** The message of something that campaigns or the ledger name, if the catalogue has one. */
export const saidOf = (key: string, values?: Values): string | undefined => (Object.hasOwn(catalogue.messages, key) ? say(key as MessageKey, values) : undefined);

export const wordsOf = (product: { readonly id: string }): GoodsWords => catalogue.goods[product.id]!;

/** With a capital letter, where the language has them. */
export const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);

/** The campaigns that have a name here. */
export const campaignIds = Object.keys(en.messages).flatMap((key) => (key.startsWith('campaign_') ? [key.slice('campaign_'.length)] : []));
