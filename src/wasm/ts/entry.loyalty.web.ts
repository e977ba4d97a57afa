// Loyalty in pages.
import { loyalty } from './preview.js';

loyalty.provide(() => new URL('./loyalty_bg.wasm', import.meta.url));

export { CounterfoilError, preview } from './preview.js';
export type * from './preview.js';
