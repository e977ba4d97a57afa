// Sealed codes in pages.
import { sealed } from './module.js';

sealed.provide(() => new URL('./sealed_bg.wasm', import.meta.url));

export * from './sealed.js';
