// What esbuild makes of wasm-bindgen's output: one call, one instance of the module with imports of its own. An
// instance that trapped can so be dropped and another one made, which the output itself does not foresee.

/** The exports of the wasm module, described where they are written in Rust. */
export interface CoreExports {
  readonly memory: WebAssembly.Memory;
  cf_body(length: number): number;
  cf_length(): number;
  cf_error(): number;
  cf_open(snapshot: number, keyRing: number, options: number, root: number, grant: number, customer: number): number;
  cf_pulse(length: number, now: number): number;
  cf_slots(count: number): number;
  cf_request(length: number, fallback: number): number;
  cf_evaluate(count: number): number;
  cf_answer(): number;
  cf_totals(): number;
  cf_session_open(count: number): number;
  cf_session_replace(session: number, count: number): number;
  cf_session_set_quantity(session: number, line: number, quantity: number): number;
  cf_session_at(session: number, now: number): number;
  cf_session_close(session: number): void;
  cf_quote_bytes(length: number, now: number, fallback: number): number;
  cf_code(length: number): number;
  cf_day(length: number): number;
  cf_variant(length: number, experiment: number): number;
  cf_reason(currency: number): number;
  cf_idempotency_key(): number;
}

/** Makes an instance of the module. */
export function createInstance(module: WebAssembly.Module): CoreExports;
