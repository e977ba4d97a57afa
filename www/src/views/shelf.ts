import { quantityOf } from '../basket';
import { money } from '../format';
import { type Product, categories, goods, skuOf } from '../goods';
import { html, type Markup } from '../html';
import { harbourPicture, pictureOf } from '../pictures';
import { productAddress } from '../routes';
import type { Shop } from '../shop';
import { stepper } from './stepper';
import { icons } from './icons';

export function tile(shop: Shop, product: Product, position: number): Markup {
  const colour = product.colours[0];
  const sku = skuOf(product, colour);
  const quantity = quantityOf(shop.basket, sku);
  const badge = shop.badge(product.id);
  return html`<li class="tile" data-key="${product.id}">
    <img src="${pictureOf(product, colour)}" alt="" width="400" height="400" ${position > 7 && html`loading="lazy"`}>
    ${badge && html`<span class="badge">${badge}</span>`}
    <div class="tile-text">
      <h3><a href="${productAddress(product)}">${product.name}</a></h3>
      <p class="tile-teaser">${product.teaser}</p>
      <div class="tile-foot">
        <p class="price"><b>${money(product.price)}</b> <span>${product.portion}</span></p>
        ${
          quantity > 0
            ? stepper(sku, product.name, product.id, colour, quantity)
            : html`<button class="add" type="button" data-key="add" data-do="add" data-product="${product.id}" data-colour="${colour}" aria-label="Add ${product.name} to the basket">${icons.plus}<span class="add-word">Add</span></button>`
        }
      </div>
    </div>
  </li>`;
}

const banner = () => html`<section class="banner" aria-labelledby="banner-title">
  <img src="${harbourPicture()}" alt="A harbour at sunrise behind a window sill with an iron teapot, a tea tin, a mug and a butter-yellow kettle." width="1200" height="460">
  <div class="banner-text">
    <h1 id="banner-title" tabindex="-1">Put the kettle on, the boat’s in.</h1>
    <p>Tea, coffee and the things to make and drink them with, from a warehouse on the quay.</p>
  </div>
</section>`;

export function shelf(shop: Shop): Markup {
  const wanted = shop.route.view === 'shelf' ? shop.route.category : undefined;
  const category = categories.find(({ id }) => id === wanted);
  const shown = wanted ? goods.filter((product) => product.category === wanted) : goods;
  return html`<div class="shelf" data-key="shelf">
    ${category ? html`<header class="shelf-head" data-key="head"><h1 tabindex="-1">${category.name}</h1><p>${category.line}</p></header>` : banner()}
    ${!category && html`<h2 class="unseen">All the goods</h2>`}
    <ul class="tiles">${shown.map((product, i) => tile(shop, product, i))}</ul>
  </div>`;
}
