// Cold start and memory: every sample is a fresh node process.
//   node bench/cold.mjs [runs] [W1,W2] [--only a,b] [--no-peers] [--no-floor] [--json FILE]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as own from './adapters/counterfoil.mjs';
import { encodeSnapshot } from './lib/flat.mjs';
import { available } from './lib/floor.mjs';
import { median, table } from './lib/harness.mjs';
import { makeWorkload } from './lib/workload.mjs';

const args = process.argv.slice(2);
const flag = (name) => args.includes(`--${name}`);
const value = (name) => (flag(name) ? args[args.indexOf(`--${name}`) + 1] : undefined);
const runs = Number(/^\d+$/.test(args[0]) ? args[0] : 9);
const names = args.find((arg) => /^W\d/.test(arg))?.split(',') ?? ['W1', 'W2'];
const only = value('only')?.split(',');
const dir = mkdtempSync(join(tmpdir(), 'cold-'));
const child = fileURLToPath(new URL('./lib/cold-child.mjs', import.meta.url));
const floors = available() && !flag('no-floor') ? ['floor flat', 'floor flat (small build)', 'floor wasm-bindgen + serde'] : [];
const peers = flag('no-peers') ? [] : ['jsonLogic', 'jsonRulesEngine', 'zen', 'cedar', 'yggdrasil', 'medusa'];
// the hand-written ones stay: the others are compared with them
const who = ['counterfoil', 'js simple', 'js tuned', 'js indexed', ...floors, ...peers].filter((x) => !only || x.startsWith('js ') || only.some((o) => x.includes(o)));
const report = {};
for (const name of names) {
  const w = makeWorkload(name);
  const { bytes, tables } = encodeSnapshot(w.snapshot);
  writeFileSync(`${dir}/${name}.cart.json`, JSON.stringify(w.carts[0]));
  writeFileSync(`${dir}/${name}.snapshot.json`, JSON.stringify(w.snapshot));
  writeFileSync(`${dir}/${name}.snapshot.bin`, bytes);
  writeFileSync(`${dir}/${name}.tables.json`, JSON.stringify(Object.fromEntries(Object.entries(tables).map(([k, v]) => [k, v instanceof Map ? [...v] : v]))));
  if (who.includes('counterfoil')) await own.coldFiles({ dir, name, workload: w }); // what cold() will read
  const samples = new Map(who.map((x) => [x, []]));
  for (let r = 0; r < runs; r++)
    for (const x of who) {
      try {
        const o = JSON.parse(execFileSync(process.execPath, ['--expose-gc', child, x, dir, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').pop());
        if (o.total) samples.get(x).push(o);
      } catch {
        // not installed
      }
    }
  const rows = who.filter((x) => samples.get(x).length).map((x) => {
    const s = samples.get(x);
    const f = (k) => s.map((o) => o[k]);
    return { name: x, ready: Math.min(...f('ready')), first: Math.min(...f('first')), total: Math.min(...f('total')), med: median(f('total')), rss: median(f('rss')) / 1e6, heap: median(f('heap')) / 1e6, ext: median(f('ext')) / 1e6 };
  });
  report[name] = rows;
  console.log(`\n${name}: cold start, ms in a fresh process (best of ${runs}; node's own start not counted)`);
  console.log(table(rows, [['contender', (r) => r.name], ['import+build', (r) => r.ready], ['first eval', (r) => r.first], ['total', (r) => r.total], ['total (median)', (r) => r.med], ['RSS +MB', (r) => r.rss], ['heap +MB', (r) => r.heap], ['external +MB', (r) => r.ext]]));
}
if (flag('json')) writeFileSync(value('json'), JSON.stringify(report, null, 1));
rmSync(dir, { recursive: true, force: true });
