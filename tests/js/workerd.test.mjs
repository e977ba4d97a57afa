// The corpus and the attacks on workerd.
import { after } from 'node:test';
import { read } from './hosts/files.mjs';
import { report } from './hosts/report.mjs';
import { beside, startWorker } from './hosts/workerd.mjs';

const worker = await startWorker(beside(import.meta.url, 'hosts/worker.mjs'), read);
after(worker.stop);
for (const suite of ['corpus', 'attacks']) report(suite, await worker.ask(suite));
