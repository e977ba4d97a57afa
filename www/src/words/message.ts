import { dateOf, money, percentOf, roundMoney, writtenCount } from '../format';
import { direction, locale } from './locale';

/** Messages with values: one text, or texts of which a count chooses, as the elements of the package have them. */

/**
 * A text, or texts by what the language calls the count of `by`. `{name}` stands for a value; `{name:money}`, `{name:sum}`
 * (an amount without empty decimals), `{name:percent}` and `{name:date}` for one that the language writes in its way.
 */
export type Message = string | ({ readonly by: string; readonly other: string } & { readonly [Rule in Exclude<Intl.LDMLPluralRule, 'other'>]?: string });

export type Values = Readonly<Record<string, number | string>>;

const rules = new Map<string, Intl.PluralRules>();

function ruleOf(count: number): Intl.LDMLPluralRule {
  let found = rules.get(locale());
  if (!found) rules.set(locale(), (found = new Intl.PluralRules(locale())));
  return found.select(count);
}

const chosen = (message: Message, values: Values) => (typeof message === 'string' ? message : (message[ruleOf(Number(values[message.by]))] ?? message.other));

function written(value: number | string, kind: string | undefined, currency: string): string {
  switch (kind) {
    case 'money':
      return money(Number(value), currency);
    case 'sum':
      return roundMoney(Number(value), currency);
    case 'percent':
      return percentOf(Number(value));
    case 'date':
      return dateOf(Number(value));
    default:
      return typeof value === 'number' ? writtenCount(value) : isolated(value);
  }
}

/**
 * What is written from left to right must not turn the sentence around it. What was put together of such parts reads from the right:
 * by itself it would have no letter to tell.
 */
const isolated = (text: string) => (direction() === 'rtl' ? `${text.includes('\u2068') ? '\u2067' : '\u2068'}${text}\u2069` : text);

/** A message with its values; its amounts are of `currency`. */
export function filled(message: Message, values: Values = {}, currency = 'EUR'): string {
  return chosen(message, values).replaceAll(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind?: string) => written(values[name] ?? '', kind, currency));
}
