// node bench/codes.mjs [n]            all structures, interleaved lookups
// node --expose-gc bench/codes.mjs n memory "<structure>"   one structure's build time and memory
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lookups, structures } from './lib/codes.mjs';
import { table } from './lib/harness.mjs';
import { makeCodes } from './lib/workload.mjs';

const n = Number(process.argv[2] ?? 1_000_000);
if (process.argv[3] === 'memory') {
  const data = makeCodes(n);
  const texts = Buffer.from(data.codes.join('\n'), 'latin1');
  const width = data.codes[0].length + 1;
  data.codes = null; // the structure has to own its strings
  data.hits = data.misses = null;
  for (let i = 0; i < 4; i++) global.gc();
  const before = process.memoryUsage();
  // strings made the way JSON.parse makes them: one fresh flat string each
  let codes = Array.from({ length: n }, (_, i) => texts.latin1Slice(i * width, i * width + width - 1));
  const t0 = performance.now();
  const s = await structures[process.argv[4]].build(codes);
  const ms = performance.now() - t0;
  codes = null;
  for (let i = 0; i < 4; i++) global.gc();
  const after = process.memoryUsage();
  if (!s.has(texts.latin1Slice(0, width - 1))) throw new Error('lost a code');
  console.log(JSON.stringify({ ms, heap: after.heapUsed - before.heapUsed, ext: after.arrayBuffers + after.external - before.arrayBuffers - before.external, rss: after.rss - before.rss, bytes: s.bytes }));
} else {
  const data = makeCodes(n);
  const built = [];
  for (const [name, d] of Object.entries(structures)) {
    if (d.skip?.()) continue;
    built.push({ name, s: await d.build(data.codes) });
  }
  const rows = await lookups(built, data);
  const set = rows.find((r) => r.name === 'js Set');
  for (const r of rows) {
    if (structures[r.name].partial) continue;
    try {
      r.mem = JSON.parse(execFileSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), String(n), 'memory', r.name], { encoding: 'utf8' }));
    } catch (e) {
      console.error(r.name, String(e.message).slice(0, 200));
    }
  }
  console.log(
    table(rows, [
      [`${n} codes`, (r) => r.name],
      ['hit ns', (r) => r.hit],
      ['miss ns', (r) => r.miss],
      ['x Set (hit)', (r) => r.hit / set.hit],
      ['build ms', (r) => r.mem?.ms],
      ['payload B/code', (r) => (r.bytes ? r.bytes / n : undefined)],
      ['js heap B/code', (r) => (r.mem ? r.mem.heap / n : undefined)],
      ['RSS B/code', (r) => (r.mem ? r.mem.rss / n : undefined)],
    ]),
  );
}
