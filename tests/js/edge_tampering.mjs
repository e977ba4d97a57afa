// Blind changes to the edge's half of a publication, at the door of the module of edges: campaigns that not everyone may read, and a
// segment of unique codes. Files that are large are hashed by the host, as edges do.
import { createHash } from 'node:crypto';
import { IMPORTS, refusal, told, write } from './tampering.mjs';

const NOW = 1_772_359_200_000;
const LIFE = { from: NOW, until: NOW + 86_400_000 };
const PEPPER = '5a'.repeat(32);
const CODES = ['ONCE-3F7K-9QPX', 'ONCE-3F7K-9QPY', 'ONCE-7777-AAAA'];

const percent = (id, of, how) => ({ id, ...how, discounts: [{ type: 'percent_off', percent: of }] });
const DOCUMENTS = {
  shop: {
    campaigns: [
      percent('ten', '10'),
      percent('goat', '50', { visibility: 'sealed', codes: ['MOUNTAIN-GOAT-7'] }),
      percent('staff', '30', { visibility: 'edge', codes: ['STAFF-2041-KITE'] }),
      percent('letter', '20', { codeList: { file: 'letter.csv' } }),
    ],
  },
};

/** The doors: what is large is hashed by the host before, or by the module itself. */
const BOTH = ['edge', 'edge, hashed in the module'];

/** What is changed bit by bit. */
export const EDGE_SWEPT = {
  'snapshot of an edge': [BOTH[0], 'good'],
  'snapshot of an edge that the module hashes by itself': [BOTH[1], 'good'],
};

/**
 * A host of the same form as `openDoors`.
 *
 * @param {WebAssembly.Module} module that of the workshop, which edges have
 * @param {typeof import('counterfoil/workshop')} workshop
 */
export async function openEdgeDoors(module, { CodeTable, compile, keygen, readCodes, sign, signEdge }) {
  const [{ secretKey, publicKey }, stranger] = [await keygen('publisher'), await keygen('stranger')];
  const halves = async ({ codes = CODES, audience = 'shop', version = 1, key = secretKey, pepper = PEPPER }) => {
    const compiled = await compile(DOCUMENTS, LIFE);
    const table = await CodeTable.open();
    const lines = codes.map((code) => `${code}\n`).join('');
    table.add(0, await readCodes({ head: 'code', lines, line: 2, pepper, hasCurrency: false }));
    const listed = compiled.codeLists.map(({ campaign, currency }) => (currency ? `${campaign}:${currency}` : campaign));
    const terms = { audience, environment: 'production', version, issuedAt: NOW, expiresAt: LIFE.until };
    return { edge: await signEdge(compiled, table.build(listed, pepper), terms, [key]), open: await sign(compiled, terms, [key]) };
  };
  const held = await halves({});
  const files = [
    { takenAt: BOTH, name: 'good', bytes: held.edge },
    { takenAt: BOTH, name: 'of the next version', bytes: (await halves({ codes: [...CODES, 'ONCE-NEW0-0000'], version: 2 })).edge },
    { takenAt: [], name: 'of another shop', bytes: (await halves({ audience: 'other' })).edge },
    { takenAt: [], name: 'of a stranger', bytes: (await halves({ key: stranger.secretKey })).edge },
    { takenAt: [], name: 'under another pepper', bytes: (await halves({ pepper: 'a5'.repeat(32) })).edge },
    { takenAt: [], name: 'the half for everyone', bytes: held.open },
  ];

  const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
  const keyRing = encode({ audience: 'shop', environment: 'production', roles: { publisher: { threshold: 1, keys: [publicKey] } } });
  const options = encode({ now: NOW, profile: 'edge', peppers: [PEPPER] });
  const instance = () => new WebAssembly.Instance(module, IMPORTS).exports;

  function open(core, bytes, isHashedByHost) {
    const lengths = write(core, bytes, keyRing, options, new Uint8Array(0));
    const at = isHashedByHost ? core.cf_heavy(...lengths) : 0;
    const heavy = at === 0 ? [] : JSON.parse(told(core, at));
    if (heavy.length > 0) {
      const hashes = heavy.map(([from, length]) => createHash('sha256').update(new Uint8Array(core.memory.buffer, from, length)).digest());
      const to = core.cf_hashes(hashes.length);
      hashes.forEach((hash, index) => new Uint8Array(core.memory.buffer).set(hash, to + 32 * index));
    }
    return core.cf_open(...lengths, -1, -1) !== 0;
  }

  const typed = [CODES[0], 'ONCE-NEW0-0000', 'STAFF-2041-KITE', 'MOUNTAIN-GOAT-7'];
  const request = (code) => encode({ currency: 'EUR', now: NOW, lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }], codes: [code] });
  const quotes = (core) => typed.map((code) => told(core, core.cf_quote_bytes(...write(core, request(code)), NaN, NaN))).join();
  const shop = instance();
  if (!open(shop, held.edge, true)) throw new Error(told(shop, shop.cf_error()));
  const before = quotes(shop);
  const doors = { [BOTH[0]]: [instance(), true], [BOTH[1]]: [instance(), false] };

  function accepts(name, bytes) {
    const [core, isHashedByHost] = doors[name];
    if (open(core, bytes, isHashedByHost)) return true;
    refusal(core, name);
    // the one that quotes is handed the same, and stays as it is
    if (open(shop, bytes, isHashedByHost)) throw new Error('what one instance refuses another one takes');
    refusal(shop, name);
    return false;
  }

  return {
    accepts,
    doors: BOTH,
    good: files,
    bytesOf: async () => held.edge,
    isUnchanged: () => quotes(shop) === before,
  };
}
