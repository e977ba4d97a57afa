/**
 * The tabs of one origin that follow the same snapshot. One of them asks the sources; the others hear from it. A host without tabs
 * is one tab.
 */
export class Tabs {
  readonly #name: string;
  readonly #left = new AbortController();
  #channel: BroadcastChannel | undefined;
  #leads = true;

  constructor(name: string) {
    this.#name = `counterfoil:${name}`;
  }

  /** Whether this tab is the one that asks. */
  get leads(): boolean {
    return this.#leads;
  }

  /** Joins the others; `heard` is called when another tab has found something out. */
  join(heard: () => void): void {
    const locks = (globalThis.navigator as Navigator | undefined)?.locks;
    if (!locks || typeof BroadcastChannel !== 'function') return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = heard;
    this.#leads = false;
    const { signal } = this.#left;
    // Held until this tab leaves or is closed; then the next one in the queue leads.
    const held = () => new Promise<void>((leave) => {
      this.#leads = true;
      signal.addEventListener('abort', () => leave());
    });
    locks.request(this.#name, { signal }, held).catch(() => {
      // no lock to be had: everybody asks
      this.#leads = true;
    });
  }

  /** Lets the other tabs know that there is news in the store. */
  tell(): void {
    this.#channel?.postMessage(null);
  }

  /** Hands the lead on. */
  leave(): void {
    this.#left.abort();
    this.#channel?.close();
  }
}
