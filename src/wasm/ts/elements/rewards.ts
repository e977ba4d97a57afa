import { css, html, nothing, type TemplateResult } from 'lit';
import { Shown } from './shown.js';
import { theme } from './theme.js';
import type { Reward, RewardsElement } from './types.js';

/** What points buy. Points are gone once they are exchanged, so that is asked for twice. */
export class Rewards extends Shown implements RewardsElement {
  static override styles = [
    theme,
    css`
      li + li {
        border-block-start: 1px solid var(--_line);
        padding-block-start: var(--_gap);
      }
      .name {
        font-weight: 650;
      }
      .sure,
      .sure p {
        flex-basis: 100%;
      }
    `,
  ];
  static override properties = { rewards: { type: Array }, points: { type: Number }, asked: { state: true } };

  declare rewards: readonly Reward[];
  declare points: number;
  /** The reward whose exchange is to be confirmed. */
  declare asked: string | undefined;

  constructor() {
    super();
    this.rewards = [];
    this.points = 0;
  }

  protected override content(): TemplateResult {
    return html`<section part="section" aria-labelledby="title">
      <h2 id="title" part="title">${this.say('rewards_title')}</h2>
      ${this.rewards.length === 0
        ? html`<p part="none" class="quiet">${this.say('rewards_none')}</p>`
        : html`<ul part="list">${this.rewards.map((reward) => this.#reward(reward))}</ul>`}
    </section>`;
  }

  #reward(reward: Reward): TemplateResult {
    const { id, name, description, image, points } = reward;
    return html`<li part="reward" class="row">
      ${image === undefined ? nothing : html`<img part="image" src=${image} alt="" />`}
      <div class="grow">
        <p part="name" class="name">${name}</p>
        ${description === undefined ? nothing : html`<p part="description" class="quiet">${description}</p>`}
        <p part="points" class="quiet">${this.say('points_count', { points })}</p>
      </div>
      ${this.asked === id ? this.#question(reward) : this.#offer(reward)}
    </li>`;
  }

  #offer({ id, name, points, left }: Reward): TemplateResult {
    if (left === 0) return html`<span part="state" class="quiet">${this.say('reward_gone')}</span>`;
    if (points > this.points) return html`<span part="state" class="quiet">${this.say('reward_missing', { missing: points - this.points })}</span>`;
    return html`<button class="main" part="exchange" type="button" aria-label="${this.say('reward_exchange')}: ${name}" @click=${() => void this.#ask(id)}>
      ${this.say('reward_exchange')}
    </button>`;
  }

  #question(reward: Reward): TemplateResult {
    return html`<div part="question" class="row sure" role="group" aria-labelledby="sure">
      <p id="sure">${this.say('reward_sure', { points: reward.points, reward: reward.name })}</p>
      <button class="main" part="yes" type="button" @click=${() => this.#claim(reward)}>${this.say('reward_yes')}</button>
      <button part="no" type="button" @click=${() => void this.#ask(undefined)}>${this.say('reward_no')}</button>
    </div>`;
  }

  async #ask(id: string | undefined): Promise<void> {
    const before = this.asked;
    this.asked = id;
    await this.updateComplete;
    // the button that had the focus is gone with its row
    const rows = [...this.renderRoot.querySelectorAll('li')];
    const row = rows[this.rewards.findIndex((reward) => reward.id === (id ?? before))];
    row?.querySelector<HTMLButtonElement>('button.main')?.focus();
  }

  #claim(reward: Reward): void {
    this.asked = undefined;
    this.tell('counterfoil-claim-reward', reward);
  }
}
