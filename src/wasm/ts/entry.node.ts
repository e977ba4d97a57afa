// The package in Node.
import { readFileSync } from 'node:fs';
import { storefront } from './module.js';

// At once: compiling beside the main thread takes twice as long until the first quote.
storefront.provide(() => new WebAssembly.Module(readFileSync(new URL('./counterfoil_bg.wasm', import.meta.url))));

export * from './index.js';
