import { filled } from '../words/message';
import messages from './messages.en';
import type { Telling } from './story';

/** The story in the words of those who write campaigns: English, with the engine's own reasons. */

/** A text of the engine, lower case with names in backticks, as a sentence. */
function sentence(text: string): string {
  const plain = text.replaceAll('`', '').trim();
  return plain === '' ? '' : `${plain.charAt(0).toUpperCase()}${plain.slice(1)}${/[.!?]$/.test(plain) ? '' : '.'}`;
}

export const inEnglish = (currency: string): Pick<Telling, 'say' | 'method' | 'reason'> => ({
  say: (key, values) => filled(messages[key], values, currency),
  method: (id) => id,
  reason: ({ message, help }) => sentence(`${message}: ${help}`),
});
