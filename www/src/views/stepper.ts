import { mostOfOne } from '../basket';
import type { Colour } from '../goods';
import { html, type Markup } from '../html';
import { say } from '../words';
import { icons } from './icons';

/** One less, how many, one more. */
export function stepper(sku: string, name: string, product: string, colour: Colour, quantity: number): Markup {
  const which = html`data-product="${product}" data-colour="${colour}"`;
  return html`<div class="stepper" role="group" aria-label="${say('quantity_of', { name })}" data-key="stepper-${sku}">
    <button type="button" data-do="less" ${which} aria-label="${say('one_less', { name })}">${icons.minus}</button>
    <input type="number" inputmode="numeric" min="0" max="${mostOfOne}" value="${quantity}" data-do="set" ${which} aria-label="${say('quantity_of', { name })}">
    <button type="button" data-do="more" ${which} aria-label="${say('one_more', { name })}" ${quantity >= mostOfOne && html`disabled`}>${icons.plus}</button>
  </div>`;
}
