// Sealed codes in Node.
import { readFileSync } from 'node:fs';
import { sealed } from './module.js';

sealed.provide(() => new WebAssembly.Module(readFileSync(new URL('./sealed_bg.wasm', import.meta.url))));

export { CounterfoilError, unseal } from './sealed.js';
