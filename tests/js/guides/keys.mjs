// Public keys, as the command line tells them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a key of a role, and answers its public half. */
export async function newKey(shell, options) {
  const { stdout, stderr } = await shell(`counterfoil keygen ${options}`);
  return /public key +([0-9a-f]{64})/.exec(stdout + stderr)[1];
}

/** The publisher of a folder's key ring. */
export async function publisherIn(folder) {
  const ring = JSON.parse(await readFile(join(folder, 'keys/key-ring.json'), 'utf8'));
  return ring.roles.publisher.keys[0].publicKey;
}
