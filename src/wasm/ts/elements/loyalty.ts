import { css, html, nothing, type TemplateResult } from 'lit';
import { momentIn, nothingToShow, Shown } from './shown.js';
import { theme } from './theme.js';
import type { EarlyAccessElement, ExpiringPointsElement, PointsCardElement } from './types.js';

const DAY = 86_400_000;

/** A balance of points, and the way to the next level. */
export class PointsCard extends Shown implements PointsCardElement {
  static override styles = [
    theme,
    css`
      .balance {
        font-size: 1.8em;
        font-weight: 700;
        line-height: 1.15;
        font-variant-numeric: tabular-nums;
      }
      .head {
        justify-content: space-between;
        align-items: start;
      }
      .level {
        border: 1px solid var(--_line);
        border-radius: 2em;
        padding: 0.15em 0.75em;
      }
      .way {
        display: grid;
        gap: 0.4em;
        margin-block-start: var(--_gap);
      }
    `,
  ];
  static override properties = {
    points: { type: Number },
    pending: { type: Number },
    level: { type: String },
    levelUntil: { type: String, attribute: 'level-until' },
    nextLevel: { type: String, attribute: 'next-level' },
    required: { type: Number },
    actual: { type: Number },
    currency: { type: String },
  };

  declare points: number;
  declare pending: number;
  declare level: string | undefined;
  declare levelUntil: string | undefined;
  declare nextLevel: string | undefined;
  declare required: number;
  declare actual: number;
  declare currency: string | undefined;

  constructor() {
    super();
    this.points = 0;
    this.pending = 0;
    this.required = 0;
    this.actual = 0;
  }

  protected override ownCurrency(): string | undefined {
    return this.currency;
  }

  protected override content(): TemplateResult {
    const level = this.level ?? this.shownQuote?.level;
    const earns = this.shownQuote?.points ?? 0;
    const until = momentIn(this.levelUntil);
    return html`<section part="card" class="card" aria-labelledby="title">
      <div class="row head">
        <div>
          <h2 id="title" part="title" class="quiet">${this.say('points_title')}</h2>
          <p part="balance" class="balance">${this.say('points_count', { points: this.points })}</p>
        </div>
        ${level === undefined
          ? nothing
          : html`<p part="level" class="level">
              ${this.say('level', { level })} ${until === undefined ? nothing : html`<span class="quiet">${this.say('level_until', { until })}</span>`}
            </p>`}
      </div>
      ${this.pending > 0 ? html`<p part="pending" class="quiet">${this.say('points_pending', { points: this.pending })}</p>` : nothing}
      ${earns > 0 ? html`<p part="earns" class="gain">${this.say('points_earns', { points: earns })}</p>` : nothing}
      ${this.nextLevel !== undefined && this.required > 0 ? this.#way(this.nextLevel) : nothing}
    </section>`;
  }

  #way(level: string): TemplateResult {
    const missing = Math.max(0, this.required - this.actual);
    const told = this.say(this.currency === undefined ? 'level_missing_points' : 'level_missing_amount', { missing, level });
    return html`<div part="way" class="way">
      <progress part="bar" max=${this.required} .value=${Math.min(this.actual, this.required)} aria-label=${told}></progress>
      <p part="missing" class="quiet">${told}</p>
    </div>`;
  }
}

/** A notice that is there only when points are about to expire. */
export class ExpiringPoints extends Shown implements ExpiringPointsElement {
  static override styles = [
    theme,
    css`
      .card {
        border-inline-start: 4px solid var(--_warn);
      }
    `,
  ];
  static override properties = {
    points: { type: Number },
    at: { type: String },
    days: { type: Number },
    href: { type: String },
  };

  declare points: number;
  declare at: string | undefined;
  declare days: number;
  declare href: string | undefined;

  constructor() {
    super();
    this.points = 0;
    this.days = 30;
  }

  protected override content(): TemplateResult | typeof nothingToShow {
    const at = momentIn(this.at);
    const now = Date.now();
    if (at === undefined || this.points <= 0 || at <= now || at - now > this.days * DAY) return nothingToShow;
    return html`<p part="notice" class="card row" role="note">
      <span class="grow">${this.say('expiring', { points: this.points, at })}</span>
      ${this.href === undefined ? nothing : html`<a part="link" href=${this.href}>${this.say('expiring_use')}</a>`}
    </p>`;
  }
}

/** A badge that is there until everybody has access. */
export class EarlyAccess extends Shown implements EarlyAccessElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-block;
        justify-self: start;
      }
      p {
        border: 1px solid var(--_accent);
        border-radius: 2em;
        padding: 0.2em 0.8em;
        font-size: 0.92em;
      }
      b {
        color: var(--_accent);
      }
    `,
  ];
  static override properties = { level: { type: String }, from: { type: String } };

  declare level: string | undefined;
  declare from: string | undefined;

  protected override content(): TemplateResult | typeof nothingToShow {
    const from = momentIn(this.from);
    if (from !== undefined && from <= Date.now()) return nothingToShow;
    return html`<p part="badge">
      <b>${this.level === undefined ? this.say('early_access') : this.say('early_access_level', { level: this.level })}</b>
      ${from === undefined ? nothing : html`<span class="quiet">${this.say('early_access_opens', { from })}</span>`}
    </p>`;
  }
}
