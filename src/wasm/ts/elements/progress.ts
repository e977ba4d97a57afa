import { css, html, nothing, type TemplateResult } from 'lit';
import type { Hint, Step } from '../types.js';
import type { MessageKey } from './messages.js';
import { nothingToShow, Shown } from './shown.js';
import { theme } from './theme.js';
import type { ProgressElement } from './types.js';

/** The nearest benefits, best worth per effort first, as the engine sorted them. */
export class Progress extends Shown implements ProgressElement {
  static override styles = [
    theme,
    css`
      li {
        display: grid;
        gap: 0.4em;
      }
      .row > p {
        flex: 1;
      }
      .gain::before {
        content: '· ' / '';
      }
    `,
  ];
  static override properties = { limit: { type: Number }, handles: { type: String } };

  declare limit: number;
  declare handles: string;

  constructor() {
    super();
    this.limit = 3;
    this.handles = '';
  }

  protected override content(): TemplateResult | typeof nothingToShow {
    const hints = (this.shownQuote?.hints ?? []).slice(0, this.limit);
    if (hints.length === 0) return nothingToShow;
    return html`<section part="section" aria-labelledby="title">
      <h2 id="title" part="title">${this.say('progress_title')}</h2>
      <ul part="list">${hints.map((hint) => this.#hint(hint))}</ul>
    </section>`;
  }

  #hint(hint: Hint): TemplateResult {
    const [first, second] = hint.steps.map((step) => this.#step(step));
    const step = second === undefined ? (first ?? '') : this.say('progress_two', { first: first ?? '', second });
    const goal = this.#sentence(this.say('progress_goal', { step, goal: hint.redeemable }));
    const worth = this.#worth(hint);
    return html`<li part="hint">
      <div class="row">
        <p part="goal">${goal} ${worth === undefined ? nothing : html`<span part="worth" class="gain">${worth}</span>`}</p>
        ${hint.steps.filter((wanted) => this.#isDoable(hint, wanted)).map((wanted) => this.#button(hint, wanted))}
      </div>
      ${hint.measure === 'step'
        ? nothing
        : html`<progress part="bar" max=${hint.required} .value=${hint.actual} aria-label=${goal}></progress>
            <p part="count" class="quiet">${this.#count(hint)}</p>`}
    </li>`;
  }

  #button(hint: Hint, step: Step): TemplateResult {
    const adds = step.code === 'add_units' || step.code === 'add_products_of';
    const deed = adds ? this.say('step_do_add', { units: step.params.units }) : this.say('step_do');
    return html`<button part="button" type="button" aria-label="${deed}: ${this.#step(step)}" @click=${() => this.tell('counterfoil-step', { hint, step })}>
      ${deed}
    </button>`;
  }

  #isDoable(hint: Hint, step: Step): boolean {
    return this.handles.split(/\s+/).includes(step.code) || (this.cart?.canTake({ hint, step }) ?? false);
  }

  /** Steps are written as they stand within a sentence, so that two can be joined; at its beginning they get their capital. */
  #sentence(text: string): string {
    return text.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(this.speech.words.locale));
  }

  #step(step: Step): string {
    const key = `step_${step.code}`;
    return this.speech.has(key) ? this.say(key as MessageKey, step.params) : step.message;
  }

  #worth(hint: Hint): string | undefined {
    const amount = hint.saves > 0 ? Math.min(hint.saves, hint.worth) : hint.worth;
    if (amount > 0) return this.say('progress_worth', { amount });
    return hint.points > 0 ? this.say('progress_points', { points: hint.points }) : undefined;
  }

  #count({ measure, actual, required }: Hint): string {
    const told = (value: number): string => (measure === 'amount' ? this.speech.money(value) : this.speech.words.count(value));
    return this.say('progress_of', { actual: told(actual), required: told(required) });
  }
}
