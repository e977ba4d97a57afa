// The desk on workerd on this machine, beside the counterfoil worker: for `neighbours` of worker/local.mjs.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import { bundle } from '../../worker/build.mjs';

const room = dirname(fileURLToPath(import.meta.url));

/** @param {{ keyRing: string, checkoutToken: string }} secrets the same as the worker's */
export async function deskBeside({ keyRing, checkoutToken }) {
  const { workerOptions } = workerOptionsOf(join(room, 'wrangler.jsonc'));
  const modules = (await bundle({ room, entry: 'index.ts' })).map(({ name, contents }) => ({
    type: name.endsWith('.wasm') ? 'CompiledWasm' : 'ESModule',
    path: join(room, name),
    contents,
  }));
  return {
    ...workerOptions,
    name: 'tern-and-kettle-desk',
    modulesRoot: room,
    modules,
    routes: ['*/shop/*'],
    bindings: { ...workerOptions.bindings, KEY_RING: keyRing, CHECKOUT_TOKEN: checkoutToken },
  };
}
