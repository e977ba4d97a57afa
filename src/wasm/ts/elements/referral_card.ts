import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { nothingToShow, Shown } from './shown.js';
import { theme } from './theme.js';
import type { ReferralCardElement } from './types.js';

/** A link for friends, as text to copy and share and as a QR code to show. */
export class ReferralCard extends Shown implements ReferralCardElement {
  static override styles = [
    theme,
    css`
      .split {
        display: flex;
        flex-wrap: wrap;
        gap: calc(var(--_gap) * 1.5);
      }
      .told {
        flex: 1 1 14rem;
        min-inline-size: 0;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--_gap);
        align-content: start;
      }
      h2 {
        margin: 0;
      }
      label {
        font-weight: 600;
      }
      input {
        flex: 1;
        min-inline-size: 0;
      }
      .link {
        flex-wrap: nowrap;
      }
      .code {
        background: #fff;
        border-radius: var(--_radius);
        padding: 0.75rem;
        block-size: fit-content;
      }
      svg {
        display: block;
        inline-size: 8.5rem;
        block-size: 8.5rem;
      }
    `,
  ];
  static override properties = {
    link: { type: String },
    friendGets: { type: String, attribute: 'friend-gets' },
    youGet: { type: String, attribute: 'you-get' },
    friends: { type: Number },
    square: { state: true },
    isCopied: { state: true },
  };

  declare link: string | undefined;
  declare friendGets: string | undefined;
  declare youGet: string | undefined;
  declare friends: number | undefined;
  /** The QR code of `link`, once it is drawn. */
  declare square: { readonly of: string; readonly size: number; readonly path: string } | undefined;
  declare isCopied: boolean;
  #drawn: string | undefined;

  constructor() {
    super();
    this.isCopied = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.link !== undefined && this.link !== this.#drawn) void this.#draw(this.link);
  }

  protected override content(): TemplateResult | typeof nothingToShow {
    const { link, friendGets: friend, youGet: you, friends } = this;
    if (link === undefined) return nothingToShow;
    return html`<section part="card" class="card split" aria-labelledby="title">
      <div class="told">
        <h2 id="title" part="title">${this.say('referral_title')}</h2>
        ${friend === undefined || you === undefined ? nothing : html`<p part="terms">${this.say('referral_both', { friend, you })}</p>`}
        <label for="link">${this.say('referral_link')}</label>
        <div class="row link">
          <input id="link" part="link" type="text" readonly dir="ltr" .value=${link} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()} />
          <button part="copy" type="button" @click=${this.#copy}>${this.say(this.isCopied ? 'referral_copied' : 'referral_copy')}</button>
        </div>
        ${'share' in navigator
          ? html`<button class="main" part="share" type="button" @click=${this.#share}>${this.say('referral_share')}</button>`
          : nothing}
        ${friends === undefined ? nothing : html`<p part="friends" class="quiet">${this.say('referral_friends', { friends })}</p>`}
        <p class="unseen" role="status">${this.isCopied ? this.say('referral_copied') : nothing}</p>
      </div>
      ${this.square === undefined || this.square.of !== link ? nothing : this.#code(this.square)}
    </section>`;
  }

  #code({ size, path }: { size: number; path: string }): TemplateResult {
    return html`<div part="qr" class="code">
      <svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${this.say('referral_qr')} shape-rendering="crispEdges"><path d=${path} fill="#000" /></svg>
    </div>`;
  }

  async #draw(link: string): Promise<void> {
    this.#drawn = link;
    const { squareOf } = await import('./qr.js');
    this.square = { of: link, ...squareOf(link) };
  }

  readonly #copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(this.link ?? '');
    this.isCopied = true;
  };

  readonly #share = async (): Promise<void> => {
    // a person who changes their mind is no error
    await navigator.share({ url: this.link ?? '' }).catch(() => {});
  };
}
