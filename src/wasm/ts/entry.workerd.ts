// The package in workers, which refuse to compile bytes: the module is imported.
import module from './counterfoil_bg.wasm';
import { storefront } from './module.js';

storefront.provide(() => module);

export * from './index.js';
