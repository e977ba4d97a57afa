import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Outcome, Quote } from '../types.js';
import { cleaned, isMistyped } from './check_symbol.js';
import type { MessageKey } from './messages.js';
import { reasonsTold } from './reasons.js';
import { Shown } from './shown.js';
import { theme } from './theme.js';
import type { CodeFieldElement, Trying } from './types.js';

const FATES: Readonly<Record<Exclude<Outcome['status'], 'applied'>, MessageKey>> = {
  dormant: 'code_waiting',
  deferred: 'code_deferred',
  skipped: 'code_skipped',
  inapplicable: 'code_refused',
};

type Entered = Outcome & { readonly code: string };

/** A field for codes, and what became of each code of the quote. */
export class CodeField extends Shown implements CodeFieldElement {
  static override styles = [
    theme,
    css`
      label {
        display: block;
        font-weight: 600;
        margin-block-end: 0.35em;
      }
      .row {
        flex-wrap: nowrap;
      }
      input {
        inline-size: 100%;
        text-transform: uppercase;
      }
      .told:not(:empty) {
        margin-block-start: 0.5em;
        font-size: 0.92em;
      }
      ul {
        margin-block-start: var(--_gap);
      }
      li {
        display: flex;
        align-items: start;
        gap: var(--_gap);
        border-inline-start: 3px solid var(--_line);
        padding-inline-start: var(--_gap);
      }
      li.applied {
        border-color: var(--_gain);
      }
      li.inapplicable,
      li.skipped {
        border-color: var(--_warn);
      }
      li p {
        padding-block: 0.2em;
      }
      b {
        overflow-wrap: anywhere;
      }
      .bare {
        margin-block: -0.35em;
      }
    `,
  ];
  static override properties = { pattern: { type: String }, told: { state: true }, heard: { state: true } };

  declare pattern: string | undefined;
  /** What the field says of the text in it. */
  declare told: MessageKey | undefined;
  /** What is read out. */
  declare heard: string;
  /** A code that looks mistyped is sent when it is entered again. */
  #doubted = '';
  #awaited: string | undefined;
  #trying: Trying | undefined;

  constructor() {
    super();
    this.heard = '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.#follow(this.cart?.trying);
    const { shownQuote } = this;
    if (this.#awaited === undefined || shownQuote === undefined || this.speech === undefined) return;
    const outcome = enteredIn(shownQuote).find(({ code }) => code === this.#awaited);
    if (outcome === undefined) return;
    this.#awaited = undefined;
    this.heard = this.#heardOf(outcome);
  }

  /** To try a sealed code takes a moment; one that was not tried goes back where it was typed. */
  #follow(trying: Trying | undefined): void {
    if (trying === this.#trying) return;
    this.#trying = trying;
    this.told = trying?.says;
    if (trying?.says !== 'code_too_many' || this.#awaited !== trying.code) return;
    this.#awaited = undefined;
    this.#input.value ||= trying.code;
  }

  protected override content(): TemplateResult {
    const { shownQuote } = this;
    const entered = shownQuote === undefined ? [] : enteredIn(shownQuote);
    return html`
      <form part="form" @submit=${this.#submit}>
        <label part="label" for="code">${this.say('code_label')}</label>
        <div class="row" part="row">
          <input
            id="code"
            part="input"
            name="code"
            type="text"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            enterkeyhint="done"
            maxlength="64"
            dir="ltr"
            aria-describedby="told"
            aria-invalid=${this.told === 'code_typo'}
            @paste=${this.#paste}
            @input=${this.#typed}
          />
          <button part="button" type="submit">${this.say('code_apply')}</button>
        </div>
        <p id="told" part="told" class="told ${this.told === 'code_typo' ? 'warn' : 'quiet'}" role="status">${this.told === undefined ? nothing : this.say(this.told)}</p>
      </form>
      ${entered.length > 0 ? html`<ul part="codes">${entered.map((outcome) => this.#code(outcome))}</ul>` : nothing}
      <p class="unseen" role="status">${this.heard}</p>
    `;
  }

  #code(outcome: Entered): TemplateResult {
    const { code, status, discount, redeemable } = outcome;
    const fate = this.#fate(outcome);
    return html`<li class=${status} part="code code-${status}">
      <div class="grow">
        <p>
          <b dir="ltr">${code}</b>
          <span class="quiet">${status === 'applied' && redeemable !== undefined ? this.speech.name(redeemable) : fate}</span>
        </p>
        ${reasonsTold(outcome, this.speech).map((reason) => html`<p part="reason" class="quiet">${reason}</p>`)}
      </div>
      ${status === 'applied' ? html`<p part="saving" class="gain money">${discount > 0 ? this.speech.off(discount) : fate}</p>` : nothing}
      <button class="bare" part="remove" type="button" aria-label=${this.say('code_remove', { code })} @click=${() => this.#remove(code)}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
      </button>
    </li>`;
  }

  #fate({ status }: Outcome): string {
    return status === 'applied' ? this.say('code_accepted') : this.say(FATES[status]);
  }

  #heardOf(outcome: Entered): string {
    const { code, status, discount } = outcome;
    if (status !== 'applied') {
      return this.say('code_heard_refused', { code, fate: this.#fate(outcome), why: reasonsTold(outcome, this.speech).join(' ') });
    }
    return discount > 0 ? this.say('code_heard_saving', { code, amount: discount }) : this.say('code_heard_accepted', { code });
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }

  readonly #typed = (): void => {
    this.told = undefined;
  };

  readonly #paste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData?.getData('text') ?? '';
    const code = cleaned(pasted);
    if (code === pasted) return;
    event.preventDefault();
    const input = this.#input;
    input.setRangeText(code, input.selectionStart ?? 0, input.selectionEnd ?? 0, 'end');
    this.told = 'code_pasted';
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    const code = cleaned(this.#input.value).toUpperCase();
    if (code === '') return;
    if (this.pattern !== undefined && isMistyped(this.pattern, code) && this.#doubted !== code) {
      this.#doubted = code;
      this.told = 'code_typo';
      return;
    }
    this.#input.value = '';
    this.told = undefined;
    this.#awaited = code;
    this.tell('counterfoil-enter-code', code);
  };

  #remove(code: string): void {
    this.tell('counterfoil-remove-code', code);
    this.#input.focus();
  }
}

const enteredIn = (quote: Quote): Entered[] => quote.outcomes.filter((outcome): outcome is Entered => outcome.code !== undefined);
