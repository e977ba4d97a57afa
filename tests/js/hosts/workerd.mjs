// A Worker on workerd, bundled as one would for a deployment.
import { build } from 'esbuild';
import { Miniflare, Response } from 'miniflare';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Bundles a Worker with the package's `workerd` entry: the script and the wasm module beside it. */
export async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd'],
    // a Worker compiles wasm only from a module that was deployed with it
    loader: { '.wasm': 'copy', '.bin': 'binary' },
    outdir: 'bundle',
    write: false,
  });
  return outputFiles.map(({ path, contents }) => ({
    type: path.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
    path: `/${basename(path)}`,
    contents,
  })).sort((a, b) => Number(a.type === 'CompiledWasm') - Number(b.type === 'CompiledWasm'));
}

/** Runs a Worker; `env.FILES` reads what `read` does, where that is given. */
export async function startWorker(entry, read) {
  const files = async (request) => {
    try {
      return new Response(await read(new URL(request.url).pathname.slice(1)));
    } catch (error) {
      return new Response(error.message, { status: 404 });
    }
  };
  const miniflare = new Miniflare({
    modules: await bundle(entry),
    modulesRoot: '/',
    compatibilityDate: '2026-04-01',
    // otherwise request metadata is downloaded at start
    cf: false,
    ...(read && { serviceBindings: { FILES: files } }),
  });
  await miniflare.ready;
  const ask = async (path, init) => {
    const response = await miniflare.dispatchFetch(`http://worker/${path}`, init);
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return { ask, stop: () => miniflare.dispose() };
}

/** The path of a file beside a module. */
export const beside = (url, relative) => fileURLToPath(new URL(relative, url));
