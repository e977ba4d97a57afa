// The package in pages.
import { provideModule } from './module.js';

provideModule(() => new URL('./counterfoil_bg.wasm', import.meta.url));

export * from './index.js';
