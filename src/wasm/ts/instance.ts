import { CounterfoilError, type Diagnostic } from './error.js';
import { createInstance, type CoreExports } from './glue.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON as UTF-8. A number that JSON does not have is told by its name, so that it does not pass for one left out. */
export const toJson = (value: unknown): Uint8Array =>
  encoder.encode(
    JSON.stringify(value ?? null, (_, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? `${one}` : one)),
  );

/** An instance of the module, with views of its memory. */
export class Instance {
  readonly exports: CoreExports;
  #numbers: Float64Array;
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module, exports: CoreExports = createInstance(module)) {
    this.exports = exports;
    this.#numbers = new Float64Array(this.exports.memory.buffer);
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
  }

  /** The module's memory as 64-bit slots. Growing the memory empties views, so the view is asked for anew. */
  get numbers(): Float64Array {
    if (this.#numbers.length === 0) this.#numbers = new Float64Array(this.exports.memory.buffer);
    return this.#numbers;
  }

  /** The module's memory as bytes. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.exports.memory.buffer);
    return this.#bytes;
  }

  /** Hands bytes to the core, one after another. */
  write(...parts: Uint8Array[]): void {
    let at = this.exports.cf_body(parts.reduce((length, part) => length + part.length, 0));
    for (const part of parts) {
      this.bytes.set(part, at);
      at += part.length;
    }
  }

  /** Hands UTF-8 text to the core; returns its length in bytes. */
  writeText(text: string): number {
    // a code unit is at most three bytes
    const room = text.length * 3;
    const from = this.exports.cf_body(room);
    return encoder.encodeInto(text, this.bytes.subarray(from, from + room)).written;
  }

  /** What the core answered, a view of the module's memory; throws where it refused. */
  answer(at: number): Uint8Array {
    if (at === 0) throw this.refusal();
    return this.bytes.subarray(at, at + this.exports.cf_length());
  }

  /** The same as text. */
  text(at: number): string {
    return decoder.decode(this.answer(at));
  }

  /** Why the core refused the last call. */
  refusal(): CounterfoilError {
    const diagnostics = JSON.parse(this.text(this.exports.cf_error())) as [Diagnostic, ...Diagnostic[]];
    return new CounterfoilError(diagnostics[0], diagnostics);
  }
}
