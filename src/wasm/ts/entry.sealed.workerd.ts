// Sealed codes in workers, which refuse to compile bytes: the module is imported.
import module from './sealed_bg.wasm';
import { sealed } from './module.js';

sealed.provide(() => module);

export { CounterfoilError, unseal } from './sealed.js';
