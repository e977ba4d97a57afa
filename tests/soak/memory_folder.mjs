// Where thousands of little databases wait for no disk: what was written there outlives a killed process too.
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';

/** In bytes; containers often have 64 MB there, and a full one would look like a worker that fails for ever. */
const ENOUGH = 1_000_000_000n;

/** @returns {string} the folder of shared memory if there is room in it, otherwise that of temporary files */
export function memoryFolder() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY, { bigint: true });
    return bavail * bsize >= ENOUGH ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
