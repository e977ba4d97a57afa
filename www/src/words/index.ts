import type { StoryKey } from '../trace/story';
import type { GoodsWords } from './goods.en';
import en, { type MessageKey } from './en';
import { direction, keepLanguage, type Language, locale, setLanguage } from './locale';
import type { GoodsStory } from './stories.en';
import { filled, type Message, type Values } from './message';

/** What the shop says, in the language of the page. English is at hand, the others are fetched when a page speaks them. */

export interface Catalogue {
  readonly messages: Readonly<Record<MessageKey, Message>>;
  readonly goods: Readonly<Record<string, GoodsWords>>;
}

/** Another language in one piece; of English, what only some views say is fetched with them. */
export interface Translation extends Catalogue {
  readonly goods: Readonly<Record<string, GoodsWords & GoodsStory>>;
  readonly story: Readonly<Record<StoryKey, Message>>;
}

const others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: Translation }>>> = {
  de: () => import('./de'),
  tr: () => import('./tr'),
  ro: () => import('./ro'),
  pl: () => import('./pl'),
  ar: () => import('./ar'),
};

let catalogue: Catalogue | Translation = en;

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

/** The words of how a quote came about. */
export const storyWords = (english: Translation['story']) => ('story' in catalogue ? catalogue.story : english);

/** What the page of a product tells. */
export const storyOf = (product: { readonly id: string }, english: Readonly<Record<string, GoodsStory>>): GoodsStory =>
  ('story' in catalogue ? catalogue.goods : english)[product.id]!;

/** The message of something that campaigns or the ledger name, if the catalogue has one. */
export const saidOf = (key: string, values?: Values): string | undefined => (Object.hasOwn(catalogue.messages, key) ? say(key as MessageKey, values) : undefined);

export const wordsOf = (product: { readonly id: string }): GoodsWords => catalogue.goods[product.id]!;

/** With a capital letter, where the language has them. */
export const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);

/** The campaigns that have a name here. */
export const campaignIds = Object.keys(en.messages).flatMap((key) => (key.startsWith('campaign_') ? [key.slice('campaign_'.length)] : []));
