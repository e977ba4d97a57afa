/** Who can do something about a refusal. */
export type FixBy = 'shopper' | 'merchant' | 'developer';

/** A place in a document. */
export interface Place {
  /** The kind of document. */
  document: 'campaign' | 'request' | 'snapshot' | 'key_ring';
  /** Which one, where there are several. */
  id?: string;
  /** JSON Pointer (RFC 6901) into it; empty for the whole. */
  pointer: string;
}

/** One fault. */
export interface Diagnostic {
  /** Stable snake_case code. */
  code: string;
  /** How grave it is. */
  severity: 'warning' | 'error';
  /** For people; may change in any release. */
  message: string;
  /** The remedy. */
  help: string;
  /** Where. */
  at?: Place;
  /** What the message speaks of: money in minor units, times in UTC milliseconds. */
  params?: Record<string, number | string>;
  /** Who can mend it. */
  fixBy: FixBy;
}

/**
 * A call that cannot be answered: a snapshot that is refused, a request that is no request. A code that does not
 * apply is an answer, never an error.
 */
export class CounterfoilError extends Error {
  override readonly name = 'CounterfoilError';
  /** Stable snake_case code. */
  readonly code: string;
  /** The remedy. */
  readonly help: string;
  /** Where. */
  readonly at: Place | undefined;
  /** What the message speaks of. */
  readonly params: Record<string, number | string>;
  /** Who can mend it. */
  readonly fixBy: FixBy;
  /** All faults; the first one gives the error its code. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(first: Diagnostic, diagnostics: readonly Diagnostic[] = [first], options?: ErrorOptions) {
    super(first.message, options);
    this.code = first.code;
    this.help = first.help;
    this.at = first.at;
    this.params = first.params ?? {};
    this.fixBy = first.fixBy;
    this.diagnostics = diagnostics;
  }

  /** The refusal as data, for a log or an HTTP answer. */
  toJSON(): Diagnostic {
    const { code, message, help, at, params, fixBy } = this;
    return { code, severity: 'error', message, help, ...(at && { at }), params, fixBy };
  }
}

/** Whether the module stopped in the middle of a call: by a trap, or because the stack was used up. */
export function isTrap(error: unknown): boolean {
  // Firefox has a name of its own for the stack
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError || (error as Error)?.name === 'InternalError';
}

/** What the caller is told of a trap. */
export function engineFailed(cause: unknown): CounterfoilError {
  const message = 'the engine failed in this call; it is started again for the next one';
  const help = 'report the request that caused it; other requests are answered';
  return new CounterfoilError({ code: 'engine_failed', severity: 'error', message, help, fixBy: 'developer' }, undefined, { cause });
}
