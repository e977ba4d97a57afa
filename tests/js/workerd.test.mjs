// The corpus and the attacks on workerd.
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { beside, startWorker } from './hosts/workerd.mjs';

const worker = await startWorker(beside(import.meta.url, 'hosts/worker.mjs'), read);
try {
  report({ corpus: await worker.ask('corpus'), attacks: await worker.ask('attacks'), publishing: await worker.ask('publishing') });
} finally {
  await worker.stop();
}
