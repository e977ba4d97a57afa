import { css, html, nothing, type TemplateResult } from 'lit';
import type { Gift } from '../types.js';
import { nothingToShow, Shown } from './shown.js';
import { theme } from './theme.js';
import type { GiftPickerElement, Product } from './types.js';

/** What campaigns give: to accept, to decline, and where there are several, to choose from. */
export class GiftPicker extends Shown implements GiftPickerElement {
  static override styles = [
    theme,
    css`
      section + section {
        margin-block-start: calc(var(--_gap) * 1.5);
      }
      .head {
        justify-content: space-between;
        margin-block-end: calc(var(--_gap) * 0.75);
      }
      h2 {
        margin: 0;
      }
      .choose {
        margin-block-end: 0.35em;
      }
      .in_cart .name {
        font-weight: 650;
      }
    `,
  ];
  static override properties = { products: { type: Object } };

  declare products: Readonly<Record<string, Product>> | undefined;

  protected override content(): TemplateResult | typeof nothingToShow {
    const gifts = this.shownQuote?.gifts ?? [];
    if (gifts.length === 0) return nothingToShow;
    const byCampaign = Map.groupBy(gifts, ({ redeemable }) => redeemable);
    return html`${[...byCampaign].map(([redeemable, given]) => this.#campaign(redeemable, given))}`;
  }

  #campaign(redeemable: string, gifts: readonly Gift[]): TemplateResult {
    const isDeclined = gifts.every(({ state }) => state === 'declined');
    return html`<section part="section" aria-label=${this.speech.name(redeemable)}>
      <div class="row head">
        <h2 part="title">${this.speech.name(redeemable)}</h2>
        ${isDeclined
          ? html`<span part="state" class="quiet">${this.say('gift_declined')}</span>`
          : html`<button part="decline" type="button" @click=${() => this.tell('counterfoil-decline-gift', gifts[0])}>${this.say('gift_decline')}</button>`}
      </div>
      ${[...Map.groupBy(gifts, ({ choice }) => choice).values()].map((choices) => this.#choice(choices))}
    </section>`;
  }

  #choice(choices: readonly Gift[]): TemplateResult {
    const { choose } = choices[0]!;
    return html`
      ${choices.length > choose ? html`<p part="choose" class="quiet choose">${this.say('gift_choose', { choose })}</p>` : nothing}
      <ul part="list">${choices.map((gift) => this.#gift(gift))}</ul>
    `;
  }

  #gift(gift: Gift): TemplateResult {
    const { product, state, quantity, unitPrice, worth } = gift;
    const image = this.#product(product.id)?.image;
    const name = this.#product(product.id)?.name ?? this.speech.name(product.id);
    const price = unitPrice === 0 ? this.say('gift_free') : this.say('gift_for', { price: unitPrice });
    return html`<li part="gift gift-${state}" class="row ${state}">
      ${image === undefined ? nothing : html`<img part="image" src=${image} alt="" />`}
      <div class="grow">
        <p part="name" class="name">${quantity > 1 ? html`${this.speech.words.count(quantity)} × ` : nothing}${name}</p>
        <p part="price" class="quiet">
          <span class="gain">${price}</span>${worth > 0 ? html` · ${this.say('gift_worth', { amount: worth })}` : nothing}
        </p>
      </div>
      ${this.#deed(gift, name)}
    </li>`;
  }

  #deed(gift: Gift, name: string): TemplateResult {
    switch (gift.state) {
      case 'in_cart':
        return html`<span part="state" class="gain">${this.say('gift_in_cart')}</span>
          <button part="remove" type="button" aria-label="${this.say('gift_remove')}: ${name}" @click=${() => this.tell('counterfoil-remove-gift', gift)}>
            ${this.say('gift_remove')}
          </button>`;
      case 'out_of_stock':
        return html`<span part="state" class="quiet">${this.say('gift_out_of_stock')}</span>`;
      case 'proposed':
      case 'declined':
        return html`<button class="main" part="accept" type="button" aria-label="${this.say('gift_accept')}: ${name}" @click=${() => this.tell('counterfoil-accept-gift', gift)}>
          ${this.say('gift_accept')}
        </button>`;
    }
  }

  #product(id: string): Product | undefined {
    return this.products?.[id] ?? this.cart?.products?.[id];
  }
}
