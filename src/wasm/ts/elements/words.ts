// What the elements say: messages of one language, with their values written as that language writes them.

import { money } from './amounts.js';
import type { Message, MessageKey, Messages } from './messages.js';

export type Values = Readonly<Record<string, number | string>>;

/** What a placeholder's value is: `{missing:money}`. */
type Kind = 'money' | 'day' | 'moment' | 'name' | 'count';

/** Names of campaigns, products, categories and other ids, as the shop speaks of them. */
export type Names = Readonly<Record<string, string>>;

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

/** The words of one language. */
export class Words {
  readonly direction: 'ltr' | 'rtl';
  readonly #plurals: Intl.PluralRules;
  readonly #counts: Intl.NumberFormat;
  readonly #days: Intl.DateTimeFormat;
  readonly #moments: Intl.DateTimeFormat;

  constructor(
    readonly locale: string,
    readonly messages: Messages,
  ) {
    this.direction = RIGHT_TO_LEFT.includes(locale.split('-')[0]!) ? 'rtl' : 'ltr';
    this.#plurals = new Intl.PluralRules(locale);
    this.#counts = new Intl.NumberFormat(locale);
    this.#days = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
    this.#moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  }

  count(value: number): string {
    return this.#counts.format(value);
  }

  day(moment: number): string {
    return this.#days.format(moment);
  }

  moment(moment: number): string {
    return this.#moments.format(moment);
  }

  plural(count: number): Intl.LDMLPluralRule {
    return this.#plurals.select(count);
  }
}

/** The words of a language for amounts of one currency, with a shop's names. */
export class Speech {
  constructor(
    readonly words: Words,
    readonly currency: string,
    readonly decimals: number | undefined,
    readonly names: Names,
  ) {}

  get direction(): 'ltr' | 'rtl' {
    return this.words.direction;
  }

  money(minor: number): string {
    return money(minor, this.currency, this.words.locale, this.decimals);
  }

  /** What came off, with a real minus sign on the side where the language has it. */
  off(minor: number): string {
    return this.money(-minor).replace('-', '−');
  }

  /** How the shop calls something; a name that it does not give is made of the id. */
  name(id: string): string {
    return this.names[id] ?? id.replaceAll(/[-_]+/g, ' ').trim();
  }

  has(key: string): key is MessageKey {
    return Object.hasOwn(this.words.messages, key);
  }

  say(key: MessageKey, values: Values = {}): string {
    return this.#chosen(this.words.messages[key], values).replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind?: Kind) =>
      this.#written(values[name] ?? '', kind),
    );
  }

  #chosen(message: Message, values: Values): string {
    if (typeof message === 'string') return message;
    const value = Number(values[message.by]);
    if (value === 0 && message.none !== undefined) return message.none;
    return message[this.words.plural(value)] ?? message.other;
  }

  #written(value: number | string, kind?: Kind): string {
    switch (kind) {
      case 'money':
        return this.money(Number(value));
      case 'day':
        return this.words.day(Number(value));
      case 'moment':
        return this.words.moment(Number(value));
      case 'name':
        return this.#isolated(this.name(String(value)));
      default:
        return typeof value === 'number' ? this.words.count(value) : this.#isolated(value);
    }
  }

  /**
   * What is written from left to right must not turn the sentence around it. What the host put together of such parts reads from
   * the right: by itself it would have no letter to tell.
   */
  #isolated(text: string): string {
    return this.direction === 'rtl' ? `${text.includes('\u2068') ? '\u2067' : '\u2068'}${text}\u2069` : text;
  }
}
