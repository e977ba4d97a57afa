import type { Product } from '../goods';
import { html, type Markup } from '../html';
import { say } from '../words';

/** What members may order before others, until it opens for everybody. */
export function early(product: Product, now = Date.now()): Markup | false {
  if (!product.early) return false;
  const opensAt = product.early.opensAt(now);
  return opensAt > now && html`<counterfoil-early-access class="early" level="member" from="${opensAt}"></counterfoil-early-access>`;
}

/** In the place of the button, for those who have to wait. */
export const notYet = (opensAt: number) => html`<p class="not-yet" data-key="not-yet">${say('early_not_yet', { from: opensAt })}</p>`;
