// The table of routes of Voucherify's interface, as the worker has it.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function readRoutes() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../../../worker/', import.meta.url)),
    entryPoints: ['src/voucherify/routes.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    write: false,
  });
  const { ROUTES } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  return ROUTES;
}
