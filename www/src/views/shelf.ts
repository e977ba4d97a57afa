import { quantityOf } from '../basket';
import { money } from '../format';
import { type Product, goods, skuOf } from '../goods';
import { html, type Markup } from '../html';
import { harbourPicture, pictureOf } from '../pictures';
import { productAddress } from '../routes';
import type { Shop } from '../shop';
import { say, wordsOf } from '../words';
import { badgeOf } from '../words/names';
import { early } from './early';
import { icons } from './icons';
import { stepper } from './stepper';

export function tile(shop: Shop, product: Product, position: number): Markup {
  const colour = product.colours[0];
  const sku = skuOf(product, colour);
  const quantity = quantityOf(shop.basket, sku);
  const { name, teaser, portion } = wordsOf(product);
  const touching = shop.badge(product.id);
  const badge = touching && badgeOf(touching);
  return html`<li class="tile" data-key="${product.id}">
    <img src="${pictureOf(product, colour)}" alt="" width="400" height="400" ${position > 7 && html`loading="lazy"`}>
    ${badge && html`<span class="badge">${badge}</span>`}
    <div class="tile-text">
      <h3><a href="${productAddress(product)}">${name}</a></h3>
      <p class="tile-teaser">${teaser}</p>
      ${early(product)}
      <div class="tile-foot">
        <p class="price"><b>${money(product.price)}</b> <span>${portion}</span></p>
        ${
          quantity > 0
            ? stepper(sku, name, product.id, colour, quantity)
            : shop.opensLater(product) === undefined &&
              html`<button class="add" type="button" data-key="add" data-do="add" data-product="${product.id}" data-colour="${colour}" aria-label="${say('add_name', { name })}">${icons.plus}<span class="add-word">${say('add')}</span></button>`
        }
      </div>
    </div>
  </li>`;
}

const banner = () => html`<section class="banner" aria-labelledby="banner-title">
  <img src="${harbourPicture()}" alt="${say('banner_picture')}" width="1200" height="460">
  <div class="banner-text">
    <h1 id="banner-title" tabindex="-1">${say('banner_title')}</h1>
    <p>${say('banner_text')}</p>
  </div>
</section>`;

export function shelf(shop: Shop): Markup {
  const category = shop.route.view === 'shelf' ? shop.route.category : undefined;
  const shown = category ? goods.filter((product) => product.category === category) : goods;
  return html`<div class="shelf" data-key="shelf">
    ${category ? html`<header class="shelf-head" data-key="head"><h1 tabindex="-1">${say(`category_${category}`)}</h1><p>${say(`category_${category}_line`)}</p></header>` : banner()}
    ${!category && html`<h2 class="unseen">${say('all_goods')}</h2>`}
    <ul class="tiles">${shown.map((product, i) => tile(shop, product, i))}</ul>
  </div>`;
}
