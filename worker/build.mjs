// Bundles the worker for workerd: one script and the engine's wasm module beside it.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const room = dirname(fileURLToPath(import.meta.url));

/** A worker's bundle in memory: `[{ name, contents }]`, the script first. */
export async function bundle({ room: folder = room, entry = 'src/index.ts' } = {}) {
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    conditions: ['workerd'],
    external: ['cloudflare:*', 'node:*'],
    // Workers compile wasm only from a module that was deployed with the script.
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    outdir: 'dist',
    write: false,
  });
  return outputFiles
    .map(({ path, contents }) => ({ name: basename(path), contents }))
    .sort((a, b) => Number(a.name.endsWith('.wasm')) - Number(b.name.endsWith('.wasm')));
}

if (import.meta.url === pathToFileURL(argv[1]).href) {
  const dist = join(room, 'dist');
  await mkdir(dist, { recursive: true });
  for (const { name, contents } of await bundle()) {
    await writeFile(join(dist, name), contents);
    console.log(`dist/${name} ${contents.byteLength} bytes`);
  }
}
