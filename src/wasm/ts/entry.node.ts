// The package in Node.
import { readFile } from 'node:fs/promises';
import { provideModule } from './module.js';

provideModule(() => readFile(new URL('./counterfoil_bg.wasm', import.meta.url)));

export * from './index.js';
