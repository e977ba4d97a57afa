// Loyalty in workers, which refuse to compile bytes: the module is imported.
import module from './loyalty_bg.wasm';
import { loyalty } from './preview.js';

loyalty.provide(() => module);

export { CounterfoilError, preview } from './preview.js';
export type * from './preview.js';
