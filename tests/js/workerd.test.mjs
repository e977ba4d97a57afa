// The corpus, its histories and the attacks on workerd.
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { beside, startWorker } from './hosts/workerd.mjs';

const worker = await startWorker(beside(import.meta.url, 'hosts/worker.mjs'), read);
try {
  const findings = {};
  for (const suite of ['corpus', 'histories', 'attacks', 'publishing']) findings[suite] = await worker.ask(suite);
  report(findings);
} finally {
  await worker.stop();
}
