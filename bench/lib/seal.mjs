// Campaign documents, compiled and signed by the engine itself: `examples/workload.rs`. The command line would do it
// too, but it publishes for today, and the workloads play on one day of 2026.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A signed snapshot and the key ring that trusts it. */
export function seal(document) {
  const dir = mkdtempSync(join(tmpdir(), 'seal-'));
  const [campaigns, snapshot, ring] = ['campaigns.json', 'snapshot', 'ring.json'].map((name) => join(dir, name));
  try {
    writeFileSync(campaigns, JSON.stringify(document));
    const example = ['run', '--quiet', '--locked', '--example', 'workload', '--', 'seal', campaigns, snapshot, ring];
    execFileSync('cargo', example, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    return { bytes: readFileSync(snapshot), ring: JSON.parse(readFileSync(ring, 'utf8')) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
