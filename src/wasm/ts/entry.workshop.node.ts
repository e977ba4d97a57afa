// The workshop in Node.
import { readFileSync } from 'node:fs';
import { workshop } from './module.js';

workshop.provide(() => new WebAssembly.Module(readFileSync(new URL('./workshop_bg.wasm', import.meta.url))));

export * from './workshop.js';
