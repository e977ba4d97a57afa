// One run, everything side by side:
//   node bench/run.mjs [W1,W2] [--quick] [--rounds N] [--ms N] [--only a,b] [--no-peers] [--no-floor] [--json FILE]
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as counterfoil from './adapters/counterfoil.mjs';
import { available, floorContenders } from './lib/floor.mjs';
import { measure, ratio, table } from './lib/harness.mjs';
import { allPeers } from './lib/peers.mjs';
import { indexedEngine, simpleEngine, tunedEngine } from './lib/reference.mjs';
import { makeWorkload } from './lib/workload.mjs';

const args = process.argv.slice(2);
const flag = (n) => args.includes(`--${n}`);
const value = (n, d) => (args.includes(`--${n}`) ? args[args.indexOf(`--${n}`) + 1] : d);
const names = (args[0] && !args[0].startsWith('--') ? args[0] : 'W1,W2').split(',');
const rounds = Number(value('rounds', flag('quick') ? 7 : 31));
const ms = Number(value('ms', 40));
const only = value('only', '').split(',').filter(Boolean);

// Each workload runs in its own process, and a contender marked `isolated` in
// one more (beside the JS baselines, so that its ratio is still a paired one).
// cedar-wasm is isolated, and run without inlining of JS-to-wasm calls, because
// V8 11.3 (Node 20) otherwise aborts in its deoptimizer while one of its exports
// is on the stack ("unreachable code" in DoComputeBuiltinContinuation).
if (!flag('child')) {
  const merged = { workloads: {} };
  for (const name of names) {
    const part = join(tmpdir(), `bench-${process.pid}-${name}.json`);
    const rest = args.filter((a, i) => !(i === 0 && !a.startsWith('--')) && a !== '--json' && args[i - 1] !== '--json');
    for (const group of flag('no-peers') ? [[]] : [[], ['--isolated']]) {
      let ok = false;
      for (let attempt = 1; attempt <= 4 && !ok; attempt++) {
        const r = spawnSync(process.execPath, [...(group.length ? ['--no-turbo-inline-js-wasm-calls'] : []), process.argv[1], name, ...rest, ...group, '--child', '--json', part], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
        ok = r.status === 0;
        if (ok) for (const line of r.stderr.split('\n')) if (line.startsWith('skipped ')) console.log(line);
        if (!ok) console.log(`\n${name}: the process ended with ${r.signal ?? r.status} on attempt ${attempt}\n${r.stderr.trim().split('\n').slice(0, 6).join('\n')}`);
      }
      if (!ok) process.exitCode = 1;
      else if (existsSync(part)) {
        const { workloads, ...head } = JSON.parse(readFileSync(part, 'utf8'));
        Object.assign(merged, head);
        merged.workloads[name] = [...(merged.workloads[name] ?? []), ...workloads[name].filter((r) => group.length === 0 || r.isolated)];
        rmSync(part);
      }
    }
  }
  if (args.includes('--json')) writeFileSync(value('json'), JSON.stringify(merged, null, 1));
  process.exit();
}

/** Without the built package the others run all the same. */
async function own(w) {
  try {
    return await counterfoil.contenders(w);
  } catch (e) {
    console.error(`skipped counterfoil: ${e.message}`);
    return [];
  }
}

// rejected codes are a set: engines may report them in any order
const byCode = (x, y) => (x.code < y.code ? -1 : x.code > y.code ? 1 : 0);
const norm = (r) => JSON.stringify({ ...r, rejected: [...r.rejected].sort(byCode) });

const report = { node: process.version, v8: process.versions.v8, cpu: cpus()[0].model, cores: cpus().length, rounds, ms, workloads: {} };
if (!flag('isolated')) console.log(`node ${process.version}, V8 ${process.versions.v8}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}, ${rounds} rounds of ${ms} ms`);

for (const name of names) {
  const w = makeWorkload(name);
  const ref = simpleEngine(w.snapshot);
  let contenders = [
    { name: 'js simple (idiomatic)', kind: 'js', full: true, run: ref },
    { name: 'js tuned', kind: 'js', full: true, run: tunedEngine(w.snapshot) },
    { name: 'js indexed', kind: 'js', full: true, run: indexedEngine(w.snapshot) },
  ];
  // the same as an HTTP handler sees it: request body in, response body out
  const enc = new TextEncoder();
  const dec = new TextDecoder();
  const bodies = w.carts.map((c) => enc.encode(JSON.stringify(c)));
  for (const [tag, make] of [['tuned', tunedEngine], ['indexed', indexedEngine]]) {
    const f = make(w.snapshot);
    contenders.push({ name: `body bytes -> bytes: js ${tag}`, kind: 'js', bytes: true, run: (_, i) => enc.encode(JSON.stringify(f(JSON.parse(dec.decode(bodies[i % bodies.length]))))) });
  }
  if (!flag('isolated')) contenders.push(...(await own(w)));
  if (!flag('no-peers')) contenders.push(...(await allPeers(w)));
  if (!flag('no-floor') && available()) contenders.push(...floorContenders(w));
  contenders = contenders.filter((c) => (flag('isolated') ? c.kind === 'js' && !c.bytes : !c.isolated) || (flag('isolated') && c.isolated));
  if (flag('isolated') && !contenders.some((c) => c.isolated)) continue;
  if (only.length) contenders = contenders.filter((c) => c.kind === 'js' || only.some((o) => c.name.includes(o)));

  // same answers first
  for (const c of contenders) {
    if (c.partial) {
      c.answers = 'n/a';
      continue;
    }
    let bad = 0;
    for (let i = 0; i < w.carts.length; i++) {
      const a = ref(w.carts[i]);
      const b = await c.run(w.carts[i], i);
      const answer = c.bytes ? JSON.parse(dec.decode(b)) : b;
      // a contender's own form of a result is compared, not timed, in the form of the others
      const r = c.normalise ? c.normalise(answer) : answer;
      if (c.full || c.bytes ? norm(a) !== norm(r) : a.total !== r.total) bad++;
    }
    c.answers = bad === 0 ? (c.full || c.bytes ? 'same' : 'same total') : `${bad}/${w.carts.length} differ`;
  }
  for (const c of contenders) c.prepare?.();

  const rows = await measure(contenders, w.carts, { rounds, ms, warm: flag('quick') ? 200 : 500 });
  // each row is compared with the baseline that does the same job
  const find = (...ns) => rows.filter((r) => ns.includes(r.name));
  const jobs = { object: [find('js tuned', 'js indexed'), find('floor wasm index: flat in, full result out')], body: [find('body bytes -> bytes: js tuned', 'body bytes -> bytes: js indexed'), find('body bytes -> bytes: floor hand JSON')] };
  for (const r of rows) {
    const c = contenders.find((x) => x.name === r.name);
    const [js, fl] = jobs[c.bytes ? 'body' : 'object'];
    Object.assign(r, { c, xjs: ratio(r, js), xfl: ratio(r, fl) });
  }
  const cart = JSON.stringify(w.carts[0]).length;
  console.log(flag('isolated') ? `\n${name}, in a process of its own` : `\n${name}: ${w.carts[0].lines.length} lines, ${w.snapshot.promotions.filter((p) => p.code === null).length} automatic promotions, ${w.snapshot.promotions.filter((p) => p.code !== null).length} with a code; cart ${cart} B of JSON`);
  console.log(
    table(rows, [
      ['contender', (r) => r.name],
      ['answers', (r) => r.c.answers],
      ['quiet us', (r) => r.lo],
      ['median us', (r) => r.us],
      ['p99 us', (r) => r.p99],
      ['per second', (r) => Math.round(r.perSec).toString()],
      ['x best js', (r) => r.xjs],
      ['x floor', (r) => r.xfl],
    ]),
  );
  report.workloads[name] = rows.map(({ c, rounds, ...r }) => ({ ...r, answers: c.answers, kind: c.kind, isolated: Boolean(c.isolated) }));
}
if (!flag('isolated')) console.log(`\nload after ${loadavg()[0].toFixed(1)}; quiet / median: 10th percentile / median of the rounds' medians; p99: 10th percentile of the rounds' p99; x: median of round-by-round ratios`);
if (args.includes('--json')) writeFileSync(value('json'), JSON.stringify(report, null, 1));
