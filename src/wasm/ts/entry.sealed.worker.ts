// The thread in which a page tries a sealed code: one message asks, one answers.
import { tryCode, type Attempt } from './bench.js';

globalThis.onmessage = ({ data }: MessageEvent<{ module: WebAssembly.Module; parts: Attempt }>) => {
  (globalThis as unknown as Worker).postMessage(tryCode(data.module, data.parts));
};
