// The workshop in workers, which refuse to compile bytes: the module is imported.
import module from './workshop_bg.wasm';
import { workshop } from './module.js';

workshop.provide(() => module);

export * from './workshop.js';
