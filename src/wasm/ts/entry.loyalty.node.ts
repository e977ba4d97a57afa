// Loyalty in Node.
import { readFileSync } from 'node:fs';
import { loyalty } from './preview.js';

loyalty.provide(() => new WebAssembly.Module(readFileSync(new URL('./loyalty_bg.wasm', import.meta.url))));

export { CounterfoilError, preview } from './preview.js';
export type * from './preview.js';
