// The files that hosts may read, by the names that suites use.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const target = join(root, process.env.CARGO_TARGET_DIR ?? 'target');

/** The folder of the built package. */
export const packageFolder = dirname(createRequire(import.meta.url).resolve('counterfoil/package.json'));

const folders = {
  'corpus-snapshots': join(target, 'corpus-snapshots'),
  attacks: join(root, 'tests/attacks'),
  corpus: join(root, 'tests/corpus'),
  suites: join(root, 'tests/js'),
  package: packageFolder,
};

/** @param {string} name `corpus-snapshots/cases.json` */
export async function read(name) {
  const [folder, ...rest] = normalize(name).split('/');
  if (!(folder in folders)) throw new Error(`suites read nothing called ${name}`);
  try {
    return new Uint8Array(await readFile(join(folders[folder], ...rest)));
  } catch (error) {
    const help = folder === 'corpus-snapshots' ? ': run `CORPUS_ANSWERS=1 cargo test --test corpus`' : '';
    throw new Error(`cannot read ${name}${help}`, { cause: error });
  }
}
