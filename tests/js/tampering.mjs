// Blind changes to signed documents, in wasm: every bit, every length, and splices of two files. None is accepted that is not
// good as it stands, and whoever has a snapshot open quotes as before.

/** Files of every type, of several versions, shops, environments, profiles and keys; those with a door are accepted there. */
const FILES = [
  ['snapshot', 'root-chain/good'],
  [null, 'under-the-root/snapshot'],
  ['snapshot', 'unknown-section/after'],
  ['snapshot', 'sealed/published'],
  [null, 'other-tenant/snapshot'],
  [null, 'other-environment/snapshot'],
  [null, 'edge-in-storefront/snapshot'],
  [null, 'wrong-key/snapshot'],
  ['root', 'root-chain/second'],
  ['root', 'root-chain/ended-on-the-way'],
  [null, 'root-of-another-shop/root'],
  [null, 'root-of-another-environment/root'],
  ['pulse', 'pulse/plain'],
  ['pulse', 'pulse/stops-what-is-not-there'],
  [null, 'pulse-of-another-shop/pulse'],
  [null, 'pulse-of-another-environment/pulse'],
  [null, 'pulse-of-the-other-profile/pulse'],
  ['grant', 'grant/plain'],
  ['grant', 'grant/by-another-key-of-the-edge'],
  ['grant', 'grant/with-a-footer'],
  [null, 'grant-expired/now'],
  [null, 'grant-for-another-customer/named'],
  [null, 'grant-of-another-shop/audience'],
  [null, 'grant-for-another-version/older'],
];

/** What is changed bit by bit: the door of each, and its file. */
export const SWEPT = {
  snapshot: ['snapshot', 'root-chain/good'],
  'snapshot with sealed campaigns': ['snapshot', 'sealed/with-a-secret-of-its-own'],
  'chain of root documents': ['root', 'root-chain/second'],
  pulse: ['pulse', 'pulse/plain'],
  grant: ['grant', 'grant/plain'],
};

/** The module asks for nothing but random bytes, and those only for keys of redemptions. */
export const IMPORTS = new Proxy({}, { get: () => new Proxy({}, { get: (_, name) => () => { throw new Error(`the module asks for ${name}`); } }) });

/** Writes the parts of a call one after the other, and says how long each is. */
export function write(core, ...parts) {
  let at = core.cf_body(parts.reduce((length, part) => length + part.length, 0));
  for (const part of parts) {
    new Uint8Array(core.memory.buffer).set(part, at);
    at += part.length;
  }
  return parts.map(({ length }) => length);
}

/** The text that a call has left at an address. */
export const told = (core, at) => new TextDecoder().decode(new Uint8Array(core.memory.buffer, at, core.cf_length()));

/** Why a file was refused: a code and a remedy, or the refusal is none. */
export function refusal(core, door) {
  const [{ code, help }] = JSON.parse(told(core, core.cf_error()));
  if (!code || !help) throw new Error(`a refusal without a code or a remedy at ${door}`);
}

/**
 * The doors of the module that take files, at one instance: a million instances would cost more than what they are asked.
 *
 * @param {WebAssembly.Module} module the storefront's, as it is shipped
 * @param {(name: string) => Promise<Uint8Array>} read
 */
export async function openDoors(module, read) {
  const bytesOf = (name) => read(`attacks/${name}.bin`);
  const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
  const keyRing = await read('attacks/root-chain/key-ring.json');
  const now = 1_772_359_200_000;
  const options = encode({ now });
  const nothing = new Uint8Array(0);
  // who grants is trusted by another ring, and what it grants is of another snapshot
  const [keyRingOfGrants, granting, customer] = [await read('attacks/grant/key-ring.json'), await bytesOf('grant/good'), new TextEncoder().encode('ann')];
  const [held, later] = await Promise.all(['root-chain/good', 'under-the-root/snapshot'].map(bytesOf));
  const request = encode({ currency: 'EUR', now, lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }] });

  const instance = () => new WebAssembly.Instance(module, IMPORTS).exports;
  // what the module does not know of is not there
  const open = (core, ...parts) => core.cf_open(...write(core, ...parts), -1, -1) !== 0;
  const quote = (core) => told(core, core.cf_quote_bytes(...write(core, request), NaN, NaN));

  const shop = instance();
  if (!open(shop, held, keyRing, options, nothing)) throw new Error(told(shop, shop.cf_error()));
  const before = quote(shop);
  const door = instance();

  const doors = {
    // as a host that has no root documents yet: what was published under them is not for it
    snapshot: (bytes) => [door, open(door, bytes, keyRing, options, nothing)],
    // opens only where the documents lead to the last one; a file of none leads nowhere
    root: (bytes) => [door, open(door, later, keyRing, options, bytes)],
    grant: (bytes) => [door, door.cf_open(...write(door, granting, keyRingOfGrants, options, nothing, bytes, customer)) !== 0],
    pulse: (bytes) => [shop, !Number.isNaN(shop.cf_pulse(...write(shop, bytes), now))],
  };

  /** Whether a door takes the bytes. A refusal has a code and a remedy; a trap is none and goes on to the caller. */
  function accepts(name, bytes) {
    const [core, taken] = doors[name](bytes);
    if (taken) return true;
    refusal(core, name);
    return false;
  }

  return {
    accepts,
    doors: Object.keys(doors),
    good: await Promise.all(FILES.map(async ([door, name]) => ({ takenAt: [door], name, bytes: await bytesOf(name) }))),
    bytesOf,
    isUnchanged: () => quote(shop) === before,
  };
}

/** Every file is accepted at its doors, and at no other. */
export function controls({ accepts, doors, good }) {
  const wrong = [];
  for (const { name, takenAt, bytes } of good) {
    for (const at of doors) if (accepts(at, bytes) !== takenAt.includes(at)) wrong.push(`${name} at ${at}`);
  }
  return wrong;
}

/** Every `step`th bit flipped, from the first; and every beginning. What was accepted, and how many were tried. */
export async function sweep(host, [door, file], step = 1) {
  const good = await host.bytesOf(file);
  const accepted = host.accepts(door, good) ? [] : ['not even what is good'];
  let tried = 0;
  for (let bit = 0; bit < good.length * 8; bit += step, tried++) {
    const bytes = good.slice();
    bytes[bit >> 3] ^= 1 << (bit & 7);
    if (host.accepts(door, bytes)) accepted.push(`bit ${bit}`);
  }
  for (let length = 0; length < good.length; length++, tried++) {
    if (host.accepts(door, good.slice(0, length))) accepted.push(`the first ${length} bytes`);
  }
  if (!host.isUnchanged()) accepted.push('the open snapshot answers otherwise');
  return { tried, accepted };
}

/** Numbers from 0 to below a limit, the same for the same seed: mulberry32. */
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A graft of one file in another: in place, in addition, at its own place; or the head of one and the tail of another. */
function splice(good, next) {
  const [host, donor] = [good[next(good.length)].bytes, good[next(good.length)].bytes];
  const kind = next(4);
  if (kind === 3) return [host.slice(0, next(host.length)), donor.slice(next(donor.length))];
  const from = next(donor.length);
  const graft = donor.slice(from, from + 2 + next(63));
  const to = kind === 2 ? Math.min(from, host.length) : next(host.length);
  return [host.slice(0, to), graft, host.slice(kind === 1 ? to : Math.min(host.length, to + graft.length))];
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const isEqual = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** So many splices, each at every door. What was accepted and is not good as it stands. */
export function splices(host, count, seed, told = () => {}) {
  const next = numbers(seed);
  const accepted = [];
  for (let tried = 0; tried < count; tried++) {
    const bytes = joined(splice(host.good, next));
    for (const door of host.doors) {
      if (!host.accepts(door, bytes)) continue;
      const isGood = host.good.some((known) => known.takenAt.includes(door) && isEqual(known.bytes, bytes));
      if (!isGood) accepted.push(`splice ${tried} of seed ${seed} at ${door}: ${Buffer.from(bytes).toString('hex')}`);
    }
    if (tried % 10_000 === 9_999) told(tried + 1);
  }
  if (!host.isUnchanged()) accepted.push('the open snapshot answers otherwise');
  return { tried: count, accepted };
}
