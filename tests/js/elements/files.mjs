// What the pages of the elements are served: the built package, and a snapshot of their own campaigns.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, keygen, sign } from 'counterfoil/workshop';
import { packageFolder } from '../hosts/files.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const DAY = 86_400_000;

/** Signs the campaigns of a file; answers the snapshot and the key ring that opens it. */
export async function signed(file = join(here, 'campaigns.json')) {
  const documents = { campaigns: JSON.parse(await readFile(file, 'utf8')) };
  const issuedAt = Date.now();
  const expiresAt = issuedAt + DAY;
  const { secretKey, publicKey } = await keygen('elements');
  const compiled = await compile(documents, { from: issuedAt, until: expiresAt });
  const terms = { audience: 'elements', environment: 'test', version: 1, issuedAt, expiresAt };
  return {
    snapshot: await sign(compiled, terms, [secretKey]),
    keyRing: JSON.stringify({ audience: 'elements', environment: 'test', roles: { publisher: { threshold: 1, keys: [publicKey] } } }),
  };
}

/** Reads what a page asks for: `/counterfoil/…` is the package. */
export async function reader(folder = here) {
  const { snapshot, keyRing } = await signed();
  return async (name) => {
    if (name === 'snapshot.bin') return snapshot;
    if (name === 'key-ring.json') return keyRing;
    if (name.startsWith('counterfoil/')) return readFile(join(packageFolder, name.slice('counterfoil/'.length)));
    return readFile(join(folder, name || 'plain.html'));
  };
}
