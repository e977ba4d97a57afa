// Sealed codes in pages: the module lies beside this script, and a page is not held up while a code is tried.
import { beside } from './bench.js';
import { sealed } from './module.js';
import { tryWith } from './sealed.js';

sealed.provide(() => new URL('./sealed_bg.wasm', import.meta.url));
if (typeof Worker === 'function') tryWith(beside(() => new Worker(new URL('./entry.sealed.worker.js', import.meta.url), { type: 'module' })));

export { CounterfoilError, unseal } from './sealed.js';
