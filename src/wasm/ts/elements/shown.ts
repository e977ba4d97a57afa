// What all elements share: the language of the place where they stand, and the cart that they belong to.

import { LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import type { Quote } from '../types.js';
import type { Cart } from './cart.js';
import { fetchMessages, isSpoken, messagesOf, type MessageKey } from './messages.js';
import { theme } from './theme.js';
import { Speech, Words, type Names, type Values } from './words.js';

const connected = new Set<Shown>();
let isWatching = false;

/** A page may change its language, and a cart may come after its elements. */
function watchPage(): void {
  if (isWatching) return;
  isWatching = true;
  const language = new MutationObserver(() => connected.forEach((element) => element.requestUpdate()));
  language.observe(document, { subtree: true, attributeFilter: ['lang'] });
  document.addEventListener('counterfoil-cart-connected', () => connected.forEach((element) => element.findCart()));
}

const spoken = new Map<string, Words>();

/** The nearest language that is declared, also outside of shadow roots; otherwise the reader's own. */
function localeAt(element: Element): string {
  for (let at: Element | undefined = element; at !== undefined; at = hostOf(at)) {
    const declared = at.closest<HTMLElement>('[lang]:not([lang=""])')?.lang;
    if (declared !== undefined) return declared;
  }
  return navigator.language;
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}

/** An element that says something in the language of the page. */
export abstract class Shown extends LitElement {
  static override styles = [theme];
  static override properties: PropertyDeclarations = {
    for: { type: String },
    quote: { attribute: false },
    names: { type: Object },
  };

  declare for: string | undefined;
  declare quote: Quote | undefined;
  declare names: Names | undefined;
  protected cart: Cart | undefined;
  protected speech!: Speech;

  override connectedCallback(): void {
    super.connectedCallback();
    watchPage();
    connected.add(this);
    this.findCart();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connected.delete(this);
    this.#follow(undefined);
  }

  /** Looks for the cart of this element. */
  findCart(): void {
    const found = this.for === undefined ? this.closest('counterfoil-cart') : document.getElementById(this.for);
    const cart = found?.localName === 'counterfoil-cart' ? (found as unknown as Cart) : undefined;
    if (cart === this.cart) return;
    this.#follow(cart);
    this.requestUpdate();
  }

  #follow(cart: Cart | undefined): void {
    for (const news of ['counterfoil-quote', 'counterfoil-trying']) {
      this.cart?.removeEventListener(news, this.#heard);
      cart?.addEventListener(news, this.#heard);
    }
    this.cart = cart;
  }

  /** The quote that is shown. */
  protected get shownQuote(): Quote | undefined {
    return this.quote ?? this.cart?.quote;
  }

  protected say(key: MessageKey, values?: Values): string {
    return this.speech.say(key, values);
  }

  /** Tells the page; `false` where it wants no one else to act. */
  protected tell(type: string, detail: unknown): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }

  /** The element's own markup; nothing is shown until its language is at hand. */
  protected abstract content(): TemplateResult | typeof nothingToShow;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('for')) this.findCart();
  }

  protected override shouldUpdate(): boolean {
    const words = this.#words();
    if (words === undefined) return false;
    const request = this.cart?.request;
    const currency = this.shownQuote?.currency ?? request?.currency ?? this.ownCurrency() ?? 'XXX';
    const names = { ...this.cart?.allNames, ...this.names };
    this.speech = new Speech(words, currency, request?.exponent ?? undefined, names);
    return true;
  }

  /** The currency of an element that shows amounts without a quote. */
  protected ownCurrency(): string | undefined {
    return undefined;
  }

  protected override render(): unknown {
    return this.content();
  }

  protected override updated(): void {
    // an attribute of a page that already says so is left to it
    const { direction } = this.speech;
    if (getComputedStyle(this).direction !== direction) this.dir = direction;
  }

  readonly #heard = (): void => this.requestUpdate();

  #words(): Words | undefined {
    const wanted = localeAt(this);
    const locale = isSpoken(wanted) ? wanted : 'en';
    const messages = messagesOf(locale);
    if (messages === undefined) {
      void fetchMessages(locale).then(() => this.requestUpdate());
      return undefined;
    }
    let words = spoken.get(locale);
    if (words?.messages !== messages) spoken.set(locale, (words = new Words(locale, messages)));
    return words;
  }
}

/** What an element renders that has nothing to say now. */
export const nothingToShow = '';

/** A moment that an attribute tells: a date, a time, or UTC milliseconds. */
export function momentIn(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const moment = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(moment) ? moment : undefined;
}
