import { sentence } from '../format';
import { html, type Markup } from '../html';
import type { Shop } from '../shop';

/** How the prices on this page come about. */
export function footer(shop: Shop): Markup {
  return html`<section class="works" aria-labelledby="works-title">
      <h2 id="works-title">How these prices work</h2>
      <p>All offers of the shop came to this page as one signed file. Each change of the basket is worked out here, in a WebAssembly module, by the same code that the shop runs; the shop is asked once, at the end. Pull the plug and reload: it goes on.</p>
      <p class="works-more"><button type="button" class="quiet" data-do="works" aria-pressed="${String(shop.showsWorks)}">Show the works</button> <a class="quiet" href="/try.html">Try campaigns of your own</a></p>
    </section>
    <p class="imprint">Tern &amp; Kettle is not a real shop. It demonstrates <b>counterfoil</b>. The pictures are drawn in code; nothing here is tracked, stored elsewhere or sold.</p>`;
}

/** What is wrong with the offers, if anything, said plainly. */
export function notice(shop: Shop): Markup {
  const { refused, unreachable, engine } = shop.offers;
  if (refused) {
    return html`<div class="notice refused" data-key="refused">
      <p><b>The shop’s newest offers were refused.</b> ${sentence(refused.message)} ${sentence(refused.help)} ${engine ? `You still see the last good ones, version ${engine.snapshot.version}.` : 'There are no earlier ones to go on with.'}</p>
      <button type="button" class="quiet" data-do="refresh">Try again</button>
      <button type="button" class="quiet" data-do="forget">Start afresh</button>
    </div>`;
  }
  if (!shop.loading && unreachable && !engine) {
    return html`<div class="notice refused" data-key="unreachable"><p><b>The shop’s offers could not be fetched.</b> ${sentence(unreachable)} The shelves are open, totals are not.</p><button type="button" class="quiet" data-do="refresh">Try again</button></div>`;
  }
  if (!shop.online)
    return html`<div class="notice calm" data-key="offline"><p><b>You are offline.</b> Prices go on as before${engine ? `, from offers version ${engine.snapshot.version}` : ''}.</p></div>`;
  return html``;
}
