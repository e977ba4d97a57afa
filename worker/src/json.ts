/** Why a body is not read, and where it is so. */
export interface Unread {
  code: 'json_malformed' | 'field_repeated';
  message: string;
  help: string;
  pointer: string;
}

/** Thrown for a body that is no JSON, or of which two readers could make two things. */
export class Unreadable extends Error {
  readonly why: Unread;

  constructor(why: Unread) {
    super(why.message);
    this.name = 'Unreadable';
    this.why = why;
  }
}

/** Deeper than any document has a use for, and than which nobody need follow it. */
const MAX_DEPTH = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * What a body says; an empty one `{}`. Whatever reads the same bytes after this reads the same: no name is twice in an
 * object, of which one reader takes the first and another the last, every text has a form in UTF-8, and nothing is nested
 * so deeply that who goes through it would run out of stack.
 */
export function readJson(bytes: ArrayBuffer | Uint8Array): unknown {
  if (bytes.byteLength === 0) return {};
  const { text, value } = parsed(bytes);
  assertOneReading(text);
  return value;
}

function parsed(bytes: ArrayBuffer | Uint8Array): { text: string; value: unknown } {
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    throw new Unreadable({ code: 'json_malformed', message: 'The body is not JSON.', help: 'Send one JSON value in UTF-8.', pointer: '' });
  }
}

/** An object or a list that is open: the names it has had, and what stands at which is read now. */
interface Level {
  names: Set<string> | undefined;
  at: string | number;
}

/** Goes through what is known to be JSON. */
function assertOneReading(text: string): void {
  const levels: Level[] = [];
  const open = (level: Level): void => {
    if (levels.length === MAX_DEPTH) throw unreadable(levels, 'json_malformed', 'The body is nested too deeply.', `Send at most ${MAX_DEPTH} levels.`);
    levels.push(level);
  };
  let isName = false;
  for (let at = 0; at < text.length; at += 1) {
    const level = levels.at(-1);
    switch (text[at]) {
      case '{':
        open({ names: new Set(), at: '' });
        isName = true;
        break;
      case '[':
        open({ names: undefined, at: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        isName = false;
        break;
      case ',':
        isName = level?.names !== undefined;
        if (level && !isName) level.at = Number(level.at) + 1;
        break;
      case '"': {
        const end = endOf(text, at);
        // a name stands nowhere yet but in its object
        const said = wordAt(text, at, end, isName ? levels.slice(0, -1) : levels);
        if (isName && level?.names) {
          level.at = said;
          if (level.names.has(said)) throw unreadable(levels, 'field_repeated', 'A member is there twice.', 'Send each member once.');
          level.names.add(said);
        }
        isName = false;
        at = end;
      }
    }
  }
}

/** The quotation mark that closes the text that begins here. */
function endOf(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function wordAt(text: string, start: number, end: number, levels: readonly Level[]): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  const word = JSON.parse(text.slice(start, end + 1)) as string;
  // one half of a pair, which UTF-8 cannot say
  if (/\p{Surrogate}/u.test(word)) throw unreadable(levels, 'json_malformed', 'A text has half a character.', 'Send both halves of a surrogate pair, or neither.');
  return word;
}

function unreadable(levels: readonly Level[], code: Unread['code'], message: string, help: string): Unreadable {
  return new Unreadable({ code, message, help, pointer: pointerTo(levels.map(({ at }) => at)) });
}

/** A JSON Pointer. */
export function pointerTo(path: readonly unknown[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
