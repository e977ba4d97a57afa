// The compiled wasm module. Each entry file knows how its host gets at it; instances are cheap, compiling is not,
// so it is compiled once.

/** Where the wasm module comes from: compiled already, its bytes, or an address to fetch it from. */
export type ModuleSource = WebAssembly.Module | BufferSource | URL | Response;

let ofHost: (() => ModuleSource | Promise<ModuleSource>) | undefined;
let compiled: Promise<WebAssembly.Module> | undefined;

/** Tells how this host gets at the module. Called once, by the entry file. */
export function provideModule(source: () => ModuleSource | Promise<ModuleSource>): void {
  ofHost = source;
}

/** The compiled module: from `source` where the caller has it, otherwise from the host. */
export function loadModule(source?: ModuleSource): Promise<WebAssembly.Module> {
  if (source !== undefined) return compile(source);
  if (ofHost === undefined) throw new Error('counterfoil: import the package by its name, not one of its files');
  const provided = ofHost;
  compiled ??= (async () => compile(await provided()))().catch((error: unknown) => {
    // a network that failed once may work the next time
    compiled = undefined;
    throw error;
  });
  return compiled;
}

async function compile(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  // before anything else is asked for: in Node, to ask for `Response` is to load all of fetch
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer) return WebAssembly.compile(source);
  if (source instanceof URL) return compile(await fetch(source));
  if (!(source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`counterfoil: ${source.url} answered ${source.status}`);
  // a server that does not know wasm's media type must not keep the page from starting
  if (source.headers.get('content-type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(source);
  return WebAssembly.compile(await source.arrayBuffer());
}
