import { CounterfoilError, type Engine } from 'counterfoil/workshop';
import { Refusal } from './problem';

/** The engine's 500 lines at some 260 bytes each. */
export const MAX_REQUEST_BYTES = 128 * 1024;

/** Request bytes in, quote bytes out. The clock is the worker's, whatever the request says. */
export function quote(engine: Engine, body: Uint8Array, now: number): Uint8Array<ArrayBuffer> {
  try {
    return engine.quoteBytes(body, { now });
  } catch (error) {
    throw error instanceof CounterfoilError ? Refusal.from(error, statusOf(error.code)) : error;
  }
}

function statusOf(code: string): number {
  switch (code) {
    case 'json_malformed':
      return 400;
    case 'engine_failed':
      return 500;
    // no word from who signs pulses
    case 'pulse_missing':
      return 503;
    default:
      return 422;
  }
}
