// The worker of a soak: settings as JSON in the first argument, its address on the first line.
import { argv } from 'node:process';
import { startWorker } from '../../worker/local.mjs';

const { url } = await startWorker({ ...JSON.parse(argv[2]), onLog: () => {} });
console.log(url);
