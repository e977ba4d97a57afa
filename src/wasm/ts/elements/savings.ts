import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Outcome, Quote } from '../types.js';
import { nothingToShow, Shown } from './shown.js';
import { theme } from './theme.js';
import type { LineSavingsElement, SavingsElement } from './types.js';

const sum = (amounts: readonly { readonly amount: number }[]): number => amounts.reduce((total, { amount }) => total + amount, 0);

const applied = (quote: Quote): Outcome[] => quote.outcomes.filter(({ status, redeemable }) => status === 'applied' && redeemable !== undefined);

/** The price of one line, and who took what off it. */
export class LineSavings extends Shown implements LineSavingsElement {
  static override styles = [
    theme,
    css`
      s {
        color: var(--_quiet);
        margin-inline-end: 0.4em;
      }
      ul {
        gap: 0.1em;
      }
    `,
  ];
  static override properties = { line: { type: String } };

  declare line: string | undefined;

  protected override content(): TemplateResult | typeof nothingToShow {
    const { shownQuote: quote } = this;
    const line = quote?.lines.find(({ id }) => id === this.line);
    if (quote === undefined || line === undefined) return nothingToShow;
    const shares = applied(quote).flatMap(({ redeemable, allocations }) => {
      const amount = sum(allocations.filter((allocation) => allocation.line === this.line));
      return amount > 0 ? [{ name: this.speech.name(redeemable!), amount }] : [];
    });
    return html`
      <p part="price" class="money">
        ${line.discount > 0
          ? html`<span class="unseen">${this.say('savings_instead', { amount: line.subtotal })}</span
              ><s part="before" aria-hidden="true">${this.speech.money(line.subtotal)}</s>`
          : nothing}<b part="after">${this.speech.money(line.total)}</b>
      </p>
      ${shares.length > 0
        ? html`<ul part="shares">
            ${shares.map(({ name, amount }) => html`<li part="share" class="gain"><small>${name} <span class="money">${this.speech.off(amount)}</span></small></li>`)}
          </ul>`
        : nothing}
    `;
  }
}

/** From the list price to the total, every discount by its name. */
export class Savings extends Shown implements SavingsElement {
  static override styles = [
    theme,
    css`
      dl {
        display: grid;
        gap: 0.35em;
      }
      dl > div {
        display: flex;
        justify-content: space-between;
        gap: var(--_gap);
      }
      .total {
        font-size: 1.2em;
        font-weight: 700;
        border-block-start: 1px solid var(--_line);
        padding-block-start: 0.5em;
        margin-block-start: 0.25em;
      }
      .foot {
        margin-block-start: 0.5em;
      }
      .code {
        color: var(--_quiet);
        font-size: 0.85em;
      }
    `,
  ];
  static override properties = { brief: { type: Boolean }, heard: { state: true } };

  declare brief: boolean;
  /** What is read out of a change, once the changes pause. */
  declare heard: string;
  #total: number | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.brief = false;
    this.heard = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#telling);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { shownQuote: quote } = this;
    if (quote === undefined || quote.total === this.#total) return;
    const isFirst = this.#total === undefined;
    this.#total = quote.total;
    clearTimeout(this.#telling);
    if (!isFirst) this.#telling = setTimeout(() => (this.heard = this.#heardOf(quote)), 400);
  }

  #heardOf({ total, discountTotal }: Quote): string {
    const saved = discountTotal > 0 ? this.say('savings_saved', { amount: discountTotal }) : '';
    return this.say('savings_heard', { total, saved });
  }

  protected override content(): TemplateResult | typeof nothingToShow {
    const { shownQuote: quote } = this;
    if (quote === undefined) return nothingToShow;
    const foot = html`<p part="foot" class="row foot">
      ${quote.discountTotal > 0 ? html`<span part="saved" class="gain">${this.say('savings_saved', { amount: quote.discountTotal })}</span>` : nothing}
      ${quote.points > 0 ? html`<span part="earned">${this.say('savings_earned', { points: quote.points })}</span>` : nothing}
    </p>`;
    if (this.brief) return foot;
    const money = (minor: number): string => this.speech.money(minor);
    return html`
      <dl part="list" aria-label=${this.say('savings_title')}>
        <div part="row"><dt>${this.say('savings_goods')}</dt><dd class="money">${money(quote.subtotal)}</dd></div>
        ${applied(quote).map((outcome) => this.#saving(outcome))}
        ${quote.shipping.length > 0 ? this.#shipping(quote) : nothing}
        <div part="row total" class="total"><dt>${this.say('savings_total')}</dt><dd class="money">${money(quote.total)}</dd></div>
        ${quote.due !== quote.total
          ? html`<div part="row due"><dt>${this.say('savings_due')}</dt><dd class="money"><b>${money(quote.due)}</b></dd></div>`
          : nothing}
      </dl>
      ${foot}
      <p class="unseen" role="status">${this.heard}</p>
    `;
  }

  #saving({ redeemable, code, allocations }: Outcome): TemplateResult | typeof nothing {
    const amount = sum(allocations);
    if (amount === 0) return nothing;
    return html`<div part="row saving" class="gain">
      <dt>${this.speech.name(redeemable!)} ${code === undefined ? nothing : html`<span class="code" dir="ltr">${code}</span>`}</dt>
      <dd class="money">${this.speech.off(amount)}</dd>
    </div>`;
  }

  #shipping(quote: Quote): TemplateResult {
    const left = quote.shipping.reduce((total, charge) => total + charge.total, 0);
    const why = applied(quote).filter(({ shippingAllocations }) => sum(shippingAllocations) > 0);
    return html`<div part="row shipping">
      <dt>
        ${this.say('savings_shipping')}
        ${why.map(({ redeemable }) => html`<span class="gain"><small>${this.speech.name(redeemable!)}</small></span> `)}
      </dt>
      <dd class="money">
        ${left < quote.shippingTotal
          ? html`<span class="unseen">${this.say('savings_instead', { amount: quote.shippingTotal })}</span
              ><s aria-hidden="true" class="quiet">${this.speech.money(quote.shippingTotal)}</s> `
          : nothing}${left === 0 ? html`<span class="gain">${this.say('savings_free')}</span>` : this.speech.money(left)}
      </dd>
    </div>`;
  }
}
