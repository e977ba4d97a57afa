// The workshop in pages.
import { workshop } from './module.js';

workshop.provide(() => new URL('./workshop_bg.wasm', import.meta.url));

export * from './workshop.js';
