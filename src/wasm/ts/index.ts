/**
 * Promotion and loyalty rules, signed once and evaluated wherever the cart is.
 *
 * @packageDocumentation
 */
export { Engine, idempotencyKey } from './engine.js';
export type { KeyRing, OpenOptions, QuoteBytesOptions, RingKey, RoleKeys, SnapshotInfo } from './engine.js';
export { CounterfoilError } from './error.js';
export type { Diagnostic, FixBy, Place } from './error.js';
export type { ModuleSource } from './module.js';
export type { Session } from './session.js';
export type * from './types.js';
