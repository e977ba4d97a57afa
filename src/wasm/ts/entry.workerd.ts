// The package in workers, which refuse to compile bytes: the module is imported.
import module from './counterfoil_bg.wasm';
import { provideModule } from './module.js';

provideModule(() => module);

export * from './index.js';
