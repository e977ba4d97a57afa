// A cart in a page: what it is made of, the engine that prices it, and what its elements do to it.

import { html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Engine, KeyRing } from '../engine.js';
import type { Gift, Line, Quote, QuoteRequest } from '../types.js';
import { takeGranted, unknownIn } from './granted.js';
import type { Tried } from './sealed_codes.js';
import type { CartElement, Product, StepWanted, Trying } from './types.js';
import type { Names } from './words.js';

export class Cart extends LitElement implements CartElement {
  static override properties: PropertyDeclarations = {
    snapshot: { type: String },
    keyRing: { type: String, attribute: 'key-ring' },
    grants: { type: String },
    engine: { attribute: false },
    request: { type: Object },
    names: { type: Object },
    products: { type: Object },
  };

  declare snapshot: string | undefined;
  declare keyRing: string | KeyRing | undefined;
  declare grants: string | undefined;
  declare engine: Engine | undefined;
  declare request: QuoteRequest | undefined;
  declare names: Names | undefined;
  declare products: Readonly<Record<string, Product>> | undefined;
  #quote: Quote | undefined;
  /** The codes that stand open by a grant. */
  #granted: readonly string[] = [];
  #trying: Trying | undefined;

  constructor() {
    super();
    this.addEventListener('counterfoil-enter-code', this.#onDefault(({ detail }) => void this.#enterCode(detail)));
    this.addEventListener('counterfoil-remove-code', this.#onDefault(({ detail }) => this.#removeCode(detail)));
    this.addEventListener('counterfoil-accept-gift', this.#onDefault(({ detail }) => this.#acceptGift(detail)));
    this.addEventListener('counterfoil-decline-gift', this.#onDefault(({ detail }) => this.#declineGift(detail)));
    this.addEventListener('counterfoil-remove-gift', this.#onDefault(({ detail }) => this.#removeGift(detail)));
    this.addEventListener('counterfoil-step', this.#onDefault(({ detail }) => this.#take(detail)));
  }

  get quote(): Quote | undefined {
    return this.#quote;
  }

  /** How it goes with a code that is tried on sealed campaigns. */
  get trying(): Trying | undefined {
    return this.#trying;
  }

  /** The names of the shop, those of its products among them. */
  get allNames(): Names {
    const ofProducts = Object.entries(this.products ?? {}).flatMap(([id, { name }]) => (name === undefined ? [] : [[id, name]]));
    const ofLines = (this.request?.lines ?? []).flatMap(({ id, sku, product }) => {
      const name = this.#productOf(sku, product)?.name;
      return name === undefined ? [] : [[id, name]];
    });
    return { ...Object.fromEntries([...ofProducts, ...ofLines]), ...this.names };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.dispatchEvent(new CustomEvent('counterfoil-cart-connected'));
  }

  /** Whether the cart itself can take a step that a hint suggests. */
  canTake({ hint, step }: StepWanted): boolean {
    switch (step.code) {
      case 'enter_code':
      case 'remove_code':
        return true;
      case 'add_units':
        return this.#line(step.params.line) !== undefined;
      case 'add_products_of':
      case 'add_another_of':
        return this.products?.[step.params.value]?.unitPrice !== undefined;
      case 'accept_gift':
        return this.canAccept(this.#quote?.gifts.find((gift) => gift.redeemable === hint.redeemable && gift.product.id === step.params.value));
      default:
        return false;
    }
  }

  /** Whether the ordinary price of a gift is known, which its line has. */
  canAccept(gift: Gift | undefined): boolean {
    return gift !== undefined && this.products?.[gift.product.id]?.unitPrice !== undefined;
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.style.display ||= 'contents';
    if ((changed.has('snapshot') || changed.has('keyRing')) && this.snapshot && this.keyRing) void this.#open(this.snapshot, this.keyRing);
    if (changed.has('engine') || changed.has('request')) this.#price();
    if (changed.has('engine')) void this.#renew();
  }

  async #open(snapshot: string, keyRing: string | KeyRing): Promise<void> {
    try {
      const [{ Engine }, bytes, ring] = await Promise.all([
        import('../entry.web.js'),
        fetched(snapshot).then((response) => response.arrayBuffer()),
        typeof keyRing === 'string' ? fetched(keyRing).then((response) => response.json() as Promise<KeyRing>) : keyRing,
      ]);
      this.engine = await Engine.open(bytes, ring);
    } catch (error) {
      this.#fail(error);
    }
  }

  #price(): void {
    const { engine, request } = this;
    if (engine === undefined || request === undefined) return;
    try {
      const started = performance.now();
      const quote = engine.quote({ ...request, include: [...new Set([...(request.include ?? []), 'hints' as const])] });
      this.#quote = quote;
      this.#tell('counterfoil-quote', { quote, request, took: performance.now() - started });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#tell('counterfoil-error', error);
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** Does something unless the page has said that it does so itself. */
  #onDefault<Detail>(act: (event: CustomEvent<Detail>) => void): (event: CustomEvent<Detail>) => void {
    // the page's own listeners stand above the cart, and come after it
    return (event) => queueMicrotask(() => event.defaultPrevented || act(event));
  }

  #change(change: Partial<QuoteRequest>): void {
    if (this.request === undefined) return;
    this.request = { ...this.request, ...change };
    this.#tell('counterfoil-change', this.request);
  }

  async #enterCode(code: string): Promise<void> {
    if (this.request?.codes?.includes(code)) return;
    await this.#askFor([...(this.request?.codes ?? []), code]);
    if ((await this.#unseal([code]))?.left.length) return;
    const codes = this.request?.codes ?? [];
    if (!codes.includes(code)) this.#change({ codes: [...codes, code] });
  }

  /** Has codes granted that the engine does not know, with those that were granted before: a grant takes the place of the last. */
  async #askFor(codes: readonly string[]): Promise<void> {
    const { engine, request, grants } = this;
    if (!grants || !engine || !request) return;
    const unknown = unknownIn(engine, { ...request, codes });
    if (unknown.length === 0) return;
    const wanted = codes.filter((code) => unknown.includes(code) || this.#granted.includes(code));
    if ((await takeGranted(engine, grants, wanted, request.customer?.id ?? undefined)) !== undefined) this.#granted = wanted;
  }

  /**
   * Tries those codes on sealed campaigns that the engine does not know. A shop that grants codes knows those of sealed campaigns too,
   * and what it has granted would make way for them.
   */
  async #unseal(codes: readonly string[]): Promise<Tried | undefined> {
    const { engine, request } = this;
    if (!engine || !request || this.#granted.length) return undefined;
    const unknown = unknownIn(engine, { ...request, codes });
    if (unknown.length === 0) return undefined;
    const { trySealed } = await import('./sealed_codes.js');
    return trySealed(engine, unknown, (trying) => {
      this.#trying = trying;
      this.#tell('counterfoil-trying', trying);
    });
  }

  /** Another engine knows nothing of what codes have opened of the one before. */
  async #renew(): Promise<void> {
    const codes = this.request?.codes ?? [];
    const wereGranted = codes.some((code) => this.#granted.includes(code));
    if (wereGranted) await this.#askFor(codes);
    const tried = await this.#unseal(codes);
    if (wereGranted || tried?.opened) this.#price();
  }

  #removeCode(code: string): void {
    this.#change({ codes: (this.request?.codes ?? []).filter((entered) => entered !== code) });
  }

  #acceptGift(gift: Gift): void {
    const known = this.products?.[gift.product.id];
    if (known?.unitPrice === undefined) return;
    const { redeemable, product, quantity } = gift;
    const line: Line = {
      ...known.line,
      id: `gift-${redeemable}-${product.id}`,
      [product.type]: product.id,
      unitPrice: known.unitPrice,
      quantity,
      giftOf: redeemable,
    };
    this.#change({ lines: [...(this.request?.lines ?? []), line], declinedGifts: this.#declinedWithout(redeemable) });
  }

  #removeGift(gift: Gift): void {
    this.#change({ lines: (this.request?.lines ?? []).filter((line) => !isOf(line, gift)) });
  }

  #declineGift({ redeemable }: Gift): void {
    const lines = (this.request?.lines ?? []).filter((line) => line.giftOf !== redeemable);
    this.#change({ lines, declinedGifts: [...this.#declinedWithout(redeemable), redeemable] });
  }

  #declinedWithout(redeemable: string): string[] {
    return (this.request?.declinedGifts ?? []).filter((declined) => declined !== redeemable);
  }

  #take({ hint, step }: StepWanted): void {
    switch (step.code) {
      case 'enter_code':
        return void this.#enterCode(step.params.code);
      case 'remove_code':
        return this.#removeCode(step.params.code);
      case 'add_units':
        return this.#addUnits(step.params.line, step.params.units);
      case 'add_products_of':
        return this.#addProducts(step.params.value, step.params.attribute, step.params.units);
      case 'add_another_of':
        return this.#addProducts(step.params.value, step.params.attribute, 1);
      case 'accept_gift': {
        const gift = this.#quote?.gifts.find(({ redeemable, product }) => redeemable === hint.redeemable && product.id === step.params.value);
        return gift && this.#acceptGift(gift);
      }
    }
  }

  #addUnits(id: string, units: number): void {
    const lines = (this.request?.lines ?? []).map((line) =>
      line.id === id && typeof line.quantity === 'number' ? { ...line, quantity: line.quantity + units } : line,
    );
    this.#change({ lines });
  }

  #addProducts(id: string, attribute: string, units: number): void {
    const known = this.products?.[id];
    if (known?.unitPrice === undefined) return;
    const line: Line = { ...known.line, id, [attribute === 'product' ? 'product' : 'sku']: id, unitPrice: known.unitPrice, quantity: units };
    this.#change({ lines: [...(this.request?.lines ?? []), line] });
  }

  #line(id: string): Line | undefined {
    return this.request?.lines.find((line) => line.id === id && typeof line.quantity === 'number');
  }

  #productOf(sku: string | null | undefined, product: string | null | undefined): Product | undefined {
    return this.products?.[sku ?? ''] ?? this.products?.[product ?? ''];
  }
}

const isOf = (line: Line, gift: Gift): boolean => line.giftOf === gift.redeemable && line[gift.product.type] === gift.product.id;

async function fetched(address: string): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response;
}
