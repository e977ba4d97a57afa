// A million unique codes beside the 1,204 campaigns of workload W2: how large, how quick, and how little is fetched for a thousand more. The
// codes are generated and published by the command line, and asked in the package as an edge does.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { toDocument } from '../../bench/lib/documents.mjs';
import { makeWorkload } from '../../bench/lib/workload.mjs';
import { counterfoil } from '../js/publisher.mjs';

/** What must hold of a million codes; `undefined` where a slice says nothing. */
export const LIMITS = {
  'bytes a code, all of the file': 7.0,
  'open, ms': 100,
  'one code, µs': 1.5,
  'look-up against a Set': 0.5,
  'memory against the file': 1.3,
  'of it beside the module': 0.1,
  'ready against JSON.parse and a Set': 1 / 50,
  'bytes fetched for 1,000 new codes': 10_000,
  'storefront of the campaigns, brotli bytes': 60_000,
};

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

/** The bytes of buffers that somebody holds: what was let go is swept beside the program, some time after it was collected. */
async function held() {
  let least = Infinity;
  for (let round = 0; round < 10; round += 1) {
    gc();
    await setTimeout(5);
    least = Math.min(least, process.memoryUsage().arrayBuffers);
  }
  return least;
}

/** Instances of the module, so that their memory can be measured. */
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...parts) {
    super(...parts);
    instances.push(new WeakRef(this));
  }
};

/**
 * @param {{ codes: number, lists: number, fresh: number }} size
 * @param {(line: string) => void} tell
 * @returns {Promise<Record<string, number>>} figures by the names of LIMITS
 */
export async function prove({ codes: count, lists, fresh }, tell = () => {}) {
  const { Engine } = await import('counterfoil/workshop');
  const dir = await mkdtemp(join(tmpdir(), 'counterfoil-codes-'));
  try {
    const { each, run } = await publish(dir, { count, lists, tell });
    const file = await readFile(join(dir, 'edge/snapshot.cfs'));
    const keyRing = JSON.parse(await readFile(join(dir, 'key-ring.json'), 'utf8'));
    const { pepper } = JSON.parse(await readFile(join(dir, 'pepper.json'), 'utf8'));
    const listed = await codesOf(dir, lists);
    assert.equal(listed.length, count);
    const open = (bytes) => Engine.open(bytes, keyRing, { profile: 'edge', peppers: [pepper] });

    tell('asking');
    const before = await held();
    let engine = await open(await readFile(join(dir, 'edge/snapshot.cfs')));
    const memory = instances.at(-1).deref().exports.memory.buffer.byteLength;
    // the module's own memory is not among them
    const beside = Math.max(0, (await held()) - before);
    for (const [at, code] of [listed[0], listed[count >> 1], listed[count - 1]].entries()) {
      assert.match(engine.findCode(code.toLowerCase())?.campaign ?? `nothing of code ${at}`, /^promo-|^p/);
      assert.equal(engine.findCode(`${code}X`), undefined);
    }
    const asked = timed(listed, (code) => engine.findCode(code) !== undefined);
    engine = undefined;

    tell('a Set beside it');
    const set = new Set(listed);
    const inSet = timed(listed, (code) => set.has(code));
    const text = JSON.stringify(listed);
    const bySet = [0, 1, 2].map(() => {
      gc();
      const start = performance.now();
      const made = new Set(JSON.parse(text));
      const took = performance.now() - start;
      assert.equal(made.size, count);
      return took;
    });

    tell('opening');
    const opened = [];
    for (let round = 0; round < 9; round += 1) {
      gc();
      const start = performance.now();
      const one = await open(file);
      opened.push(performance.now() - start);
      assert.ok(one.findCode(listed[round]));
    }

    tell(`${fresh} new codes`);
    await each((place) => (place === 0 ? ['generate', '--count', String(Math.ceil(count / lists) + fresh), '--resume'] : undefined));
    const { edge } = await run();
    assert.equal(edge.added, fresh);
    return {
      'bytes a code, all of the file': file.length / count,
      'open, ms': median(opened),
      'one code, µs': asked / 1_000,
      'look-up against a Set': asked / inSet,
      'memory against the file': (memory + beside) / file.length,
      'of it beside the module': beside / file.length,
      'ready against JSON.parse and a Set': median(opened) / median(bySet),
      'bytes fetched for 1,000 new codes': edge.delta,
      'storefront of the campaigns, brotli bytes': brotliCompressSync(await readFile(join(dir, 'public/snapshot.cfs'))).length,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Publishes the campaigns of the second workload, the first ones with lists of codes. */
async function publish(dir, { count, lists, tell }) {
  await counterfoil('keygen', '--out', dir, '--audience', 'demo-shop');
  await counterfoil('codes', 'pepper', '--out', join(dir, 'pepper.json'));
  const document = toDocument(makeWorkload('W2').snapshot);
  const withList = document.campaigns.filter((campaign) => (campaign.codes ?? []).length === 0).slice(0, lists);
  for (const [place, campaign] of withList.entries()) campaign.codeList = { file: `codes/${place}.csv` };
  assert.equal(withList.length, lists);
  await mkdir(join(dir, 'codes'));
  // what is over or tied is told, with its place in the file: campaigns that are neither say nothing
  for (const [place, campaign] of document.campaigns.entries()) {
    if (campaign.schedule) Object.assign(campaign.schedule, { from: '2020-01-01T00:00:00', until: '2199-01-01T00:00:00' });
    campaign.stacking = { ...campaign.stacking, priority: place };
  }
  await writeFile(join(dir, 'campaigns.json'), JSON.stringify(document, undefined, 1));
  const each = async (verb) => {
    for (let place = 0; place < lists; place += 1) {
      const arguments_ = verb(place);
      if (arguments_ !== undefined) await counterfoil('codes', ...arguments_, '--out', join(dir, `codes/${place}.csv`));
    }
  };
  const share = (place) => Math.ceil((count - place) / lists);
  await each((place) => {
    tell(`generating list ${place + 1} of ${lists}`);
    return ['generate', '--count', String(share(place)), '--prefix', `L${place}`];
  });
  const run = async () => {
    const keys = ['--key', join(dir, 'publisher.key.json'), '--key-ring', join(dir, 'key-ring.json'), '--pepper', join(dir, 'pepper.json')];
    const to = ['--to', join(dir, 'public'), '--edge-to', join(dir, 'edge'), '--json'];
    const allowed = ['takes_everything', 'code_in_id', 'code_guessable'].flatMap((lint) => ['--allow', lint]);
    const { stdout } = await counterfoil('publish', '--campaigns', join(dir, 'campaigns.json'), ...keys, ...to, ...allowed);
    return JSON.parse(stdout);
  };
  tell('publishing');
  await run();
  return { each, run };
}

async function codesOf(dir, lists) {
  const codes = [];
  for (let place = 0; place < lists; place += 1) {
    const lines = (await readFile(join(dir, `codes/${place}.csv`), 'latin1')).trimEnd().split('\n');
    for (const line of lines.slice(1)) codes.push(line);
  }
  return codes;
}

/** Nanoseconds of a look-up, half of them of codes that there are: the median of many chunks. Each text is a new one, as typed. */
function timed(listed, look) {
  const chunk = 100;
  const times = [];
  let hits = 0;
  for (let round = 0; round < 1_200; round += 1) {
    const texts = Array.from({ length: chunk }, (_, at) => {
      const code = listed[(round * 7_919 + at * 104_729) % listed.length];
      return Buffer.from(at & 1 ? code : `${code.slice(0, -1)}U`, 'latin1').latin1Slice();
    });
    const start = process.hrtime.bigint();
    for (let at = 0; at < chunk; at += 1) hits += look(texts[at]) ? 1 : 0;
    // what is compiled while it runs is not what a long-lived worker sees
    if (round >= 200) times.push(Number(process.hrtime.bigint() - start) / chunk);
    else if (round === 199) hits = 0;
  }
  assert.equal(hits, 1_000 * (chunk / 2));
  return median(times);
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const size = JSON.parse(argv[2]);
  const start = Date.now();
  const figures = await prove(size, (line) => console.log(`${((Date.now() - start) / 1_000).toFixed(1).padStart(6)} s  ${line}`));
  let holds = true;
  console.log(`\n${size.codes} codes in ${size.lists} lists, 1,204 campaigns`);
  for (const [name, most] of Object.entries(LIMITS)) {
    const figure = figures[name];
    const isHeld = figure <= most;
    holds &&= isHeld;
    console.log(`${isHeld ? 'ok  ' : 'OVER'}  ${name.padEnd(44)} ${figure.toPrecision(4).padStart(10)}  at most ${most.toPrecision(4)}`);
  }
  if (!holds) process.exitCode = 1;
}
