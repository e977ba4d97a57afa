// What esbuild makes of wasm-bindgen's output: one call, one instance of the module with glue of its own. An
// instance that trapped can so be dropped and another one made, which the glue itself does not foresee.

/** The exports of the wasm module; hot calls go to them directly, with the address of a `Core` first. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory;
  core_slots(core: number, count: number): number;
  core_slot_count(core: number): number;
  core_evaluate(core: number, count: number): number;
  core_answer(core: number): number;
  core_answer_count(core: number): number;
  core_head(core: number, slot: number): number;
  core_session_open(core: number, count: number): number;
  core_session_replace(core: number, session: number, count: number): number;
  core_session_set_quantity(core: number, session: number, line: number, quantity: number): number;
  core_session_at(core: number, session: number, now: number): number;
  core_session_close(core: number, session: number): void;
  core_body(core: number, length: number): number;
  core_quote_bytes(core: number, length: number, now: number, fallback: number): number;
  core_quote_length(core: number): number;
  core_code(core: number, length: number): number;
  core_day(core: number, length: number): number;
}

/** An opened snapshot. */
export interface Core {
  /** Its address in the module's memory. */
  readonly __wbg_ptr: number;
  describe(): string;
  reason(currency: number, promotion: number, reason: Float64Array): string;
  take_error(): unknown;
}

/** One instance of the module and its glue. */
export interface Glue {
  initSync(options: { module: WebAssembly.Module }): CoreExports;
  readonly Core: { open(bytes: Uint8Array, keyRing: unknown, options: unknown): Core };
  idempotency_key(): string;
}

/** Makes glue that has no instance yet. */
export function createGlue(): Glue;
