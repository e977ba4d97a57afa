// The compiled wasm module. Each entry file knows how its host gets at it; instances are cheap, compiling is not,
// so it is compiled once.

/** Where the wasm module comes from: compiled already, its bytes, or an address to fetch it from. */
export type ModuleSource = WebAssembly.Module | BufferSource | URL | Response;

type HostSource = () => ModuleSource | Promise<ModuleSource>;

/** A module of the package as a host gets at it. */
export class HostModule {
  #ofHost: HostSource | undefined;
  #compiled: Promise<WebAssembly.Module> | undefined;

  /** Tells how this host gets at the module. Called once, by the entry file. */
  provide(source: HostSource): void {
    this.#ofHost = source;
  }

  /** The compiled module: from `source` where the caller has it, otherwise from the host. */
  load(source?: ModuleSource): Promise<WebAssembly.Module> {
    if (source !== undefined) return compile(source);
    const provided = this.#ofHost;
    if (provided === undefined) throw new Error('counterfoil: import the package by its name, not one of its files');
    this.#compiled ??= (async () => compile(await provided()))().catch((error: unknown) => {
      // a network that failed once may work the next time
      this.#compiled = undefined;
      throw error;
    });
    return this.#compiled;
  }
}

/** The module that quotes. */
export const storefront = new HostModule();

/** The one that does more. */
export const workshop = new HostModule();

/** The one that tries codes of sealed campaigns. */
export const sealed = new HostModule();

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
