import { quantityOf } from '../basket';
import { grams, money } from '../format';
import { type Colour, type Product, goods, skuOf } from '../goods';
import { html, type Markup } from '../html';
import { glazeOf, pictureOf } from '../pictures';
import { steps } from '../pricing';
import { shelfAddress } from '../routes';
import type { Shop } from '../shop';
import { say, storyOf, wordsOf } from '../words';
import { campaignName, colourName, pictureName } from '../words/names';
import { stories } from '../words/stories.en';
import { early, notYet } from './early';
import { icons } from './icons';
import { tile } from './shelf';
import { stepper } from './stepper';

function swatches(product: Product, chosen: Colour): Markup | false {
  if (product.colours.length === 1) return false;
  return html`<fieldset class="swatches">
    <legend>${say('colour')}: <b>${colourName(chosen)}</b></legend>
    ${product.colours.map(
      (colour) => html`<label data-key="${colour}" title="${colourName(colour)}">
        <input type="radio" name="colour" value="${colour}" data-do="pick-colour" ${colour === chosen && html`checked`}>
        <svg viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="16" r="13" fill="${glazeOf(colour)}"/></svg>
        <span class="unseen">${colourName(colour)}</span>
      </label>`,
    )}
  </fieldset>`;
}

/** What several of it would cost, worked out by the engine for this shopper. */
function manyForLess(shop: Shop, product: Product, colour: Colour): Markup | false {
  const engine = shop.engine;
  if (!engine) return false;
  const saving = steps(engine, shop.shopper, product, colour, [1, 3, 6, 12]).filter((step) => step.after < step.before);
  if (saving.length === 0) return false;
  return html`<section class="ladder" aria-labelledby="ladder-title">
    <h2 id="ladder-title">${say('for_you')}</h2>
    <ul>
      ${saving.map(
        (step) => html`<li data-key="${step.quantity}">
          <span class="ladder-what"><b>${say('so_many_for', { quantity: step.quantity, price: step.after })}</b> <s aria-hidden="true">${money(step.before)}</s> <span class="unseen">${say('instead_of', { price: step.before })}</span></span>
          <span class="ladder-why">${step.offers.map(campaignName).join(', ')}</span>
          <button type="button" class="quiet" data-do="take" data-product="${product.id}" data-colour="${colour}" data-quantity="${step.quantity}">${say('take', { quantity: step.quantity })}</button>
        </li>`,
      )}
    </ul>
  </section>`;
}

export function productPage(shop: Shop, product: Product, colour: Colour): Markup {
  const sku = skuOf(product, colour);
  const quantity = quantityOf(shop.basket, sku);
  const { name, portion, teaser } = wordsOf(product);
  const { story, details } = storyOf(product, stories);
  const opensAt = shop.opensLater(product);
  const beside = goods.filter((other) => other !== product && other.category !== product.category);
  const start = goods.indexOf(product);
  const related = [0, 1, 2, 3].map((i) => beside[(start + i * 5) % beside.length]!);
  return html`<article class="product" data-key="product-${product.id}">
    <a class="back" href="${shelfAddress(product.category)}">${icons.back} ${say(`category_${product.category}`)}</a>
    <div class="product-split">
      <img class="product-picture" src="${pictureOf(product, colour)}" alt="${pictureName(product, colour)}" width="400" height="400">
      <div class="product-text">
        <p class="brand">${product.brand}</p>
        <h1 tabindex="-1">${name}</h1>
        ${early(product)}
        <p class="lead">${teaser}</p>
        <p class="price"><b>${money(product.price)}</b> <span>${portion}</span></p>
        ${swatches(product, colour)}
        <div class="buy">
          ${
            quantity > 0
              ? html`${stepper(sku, name, product.id, colour, quantity)}<p class="in-basket">${icons.check} ${say('in_your_basket')}</p>`
              : opensAt === undefined
                ? html`<button class="primary" type="button" data-key="add" data-do="add" data-product="${product.id}" data-colour="${colour}">${say('add_to_basket')}</button>`
                : notYet(opensAt)
          }
        </div>
        ${manyForLess(shop, product, colour)}
        <p class="story">${story}</p>
        <dl class="details">
          ${details.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
          <div><dt>${say('weight')}</dt><dd>${grams(product.grams)}</dd></div>
        </dl>
      </div>
    </div>
    <section class="related" aria-labelledby="related-title">
      <h2 id="related-title">${say('goes_well')}</h2>
      <ul class="tiles">${related.map((other, i) => tile(shop, other, i))}</ul>
    </section>
  </article>`;
}
