// Codes of sealed campaigns, tried in the page: fetched when a code is entered that nobody knows.

import type { Engine } from '../engine.js';
import type { Trying } from './types.js';

/** The kind of section that holds what codes open. */
const SEALED = 3;

/** Whether the snapshot of an engine, which has verified it, has sealed campaigns: what its manifest says, as docs/snapshot-format.md has it. */
export function hasSealed(engine: Engine): boolean {
  const file = engine.openedWith(0)[0]!;
  // magic and type, signatures, the length of the body, its format
  let at = 6 + file[5]! * 72 + 8 + 1;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = file[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const pass = (length: number): void => void (at += length);
  pass(number());
  pass(number());
  // profile and revision; then version, times, and the root document's version
  pass(17);
  for (let fields = 0; fields < 4; fields++) number();
  for (let left = number(); left > 0; left--) {
    const kind = file[at];
    pass(2);
    number();
    pass(32);
    if (kind === SEALED) return true;
  }
  return false;
}

/** What became of codes that were tried. */
export interface Tried {
  /** Whether any has opened something. */
  opened: boolean;
  /** Those that were not tried, because too many before them opened nothing. */
  left: string[];
}

/** Tries codes, one after another, and tells how it goes. What is wrong with a snapshot, its own engine has told. */
export async function trySealed(engine: Engine, codes: readonly string[], told: (trying: Trying | undefined) => void): Promise<Tried> {
  const tried: Tried = { opened: false, left: [] };
  if (!hasSealed(engine)) return tried;
  for (const code of codes) {
    told({ code, says: 'code_trying' });
    try {
      const { unseal } = await import('../entry.sealed.web.js');
      tried.opened = (await unseal(engine, code)) || tried.opened;
      told(undefined);
    } catch (error) {
      const isLeft = (error as { code?: unknown }).code === 'too_many_tries';
      if (isLeft) tried.left.push(code);
      told(isLeft ? { code, says: 'code_too_many' } : undefined);
    }
  }
  return tried;
}
