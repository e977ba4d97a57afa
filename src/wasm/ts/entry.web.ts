// The package in pages.
import { storefront } from './module.js';

storefront.provide(() => new URL('./counterfoil_bg.wasm', import.meta.url));

export * from './index.js';
