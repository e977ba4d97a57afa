// A small shop around the elements, in the language of the journey. It asks its own server alone: see till.mjs.
import { money } from '/counterfoil/elements/index.js';

const words = {
  en: { title: 'Your cart', order: 'Place the order', back: 'Send it all back', more: 'One more', placed: 'Ordered', returned: 'Sent back', offline: 'The shop could not be reached. Try again.' },
  ar: { title: 'سلتك', order: 'إتمام الطلب', back: 'إرجاع كل شيء', more: 'قطعة أخرى', placed: 'تم الطلب', returned: 'تم الإرجاع', offline: 'تعذر الوصول إلى المتجر. حاول مرة أخرى.' },
};

const { lang, request, names, products, account, rewards } = await (await fetch('/journey')).json();
const said = words[lang];
document.documentElement.lang = lang;
document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';

const find = (selector) => document.querySelector(selector);
const cart = find('counterfoil-cart');
Object.assign(cart, { request, names, products });
for (const id of ['title', 'order', 'back']) find(`#${id}`).textContent = said[id];

/** What the shop's server answers; what it refuses is thrown. */
async function ask(path, body) {
  const answer = await fetch(path, body && { method: 'POST', body: JSON.stringify(body) }).catch(() => {
    throw new Error(said.offline);
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
}

async function showAccount() {
  if (!account) return;
  const { available } = await ask('/till/account');
  const card = find('counterfoil-points-card');
  card.hidden = false;
  card.points = available;
  if (!rewards) return;
  const list = find('counterfoil-rewards');
  list.hidden = false;
  Object.assign(list, { rewards, points: available });
}

cart.addEventListener('counterfoil-quote', ({ detail: { quote, request: asked } }) => {
  const lines = find('#lines');
  for (const line of asked.lines) {
    let row = find(`#lines [data-line="${line.id}"]`);
    if (!row) {
      row = document.createElement('li');
      row.dataset.line = line.id;
      const name = names?.[line.id] ?? line.id;
      row.innerHTML = '<span></span><button type="button" class="more">+</button><counterfoil-line-savings></counterfoil-line-savings>';
      row.querySelector('button').setAttribute('aria-label', `${said.more}: ${name}`);
      row.querySelector('counterfoil-line-savings').line = line.id;
      lines.append(row);
    }
    row.querySelector('span').textContent = `${line.quantity} × ${names?.[line.id] ?? line.id}`;
  }
  document.documentElement.dataset.total = quote.total;
  // what must stand on the page, as this language writes it
  document.documentElement.dataset.written = money(quote.due, quote.currency, lang);
});

find('#lines').addEventListener('click', ({ target }) => {
  const id = target.closest('.more')?.closest('li').dataset.line;
  if (!id) return;
  const lines = cart.request.lines.map((line) => (line.id === id ? { ...line, quantity: line.quantity + 1 } : line));
  cart.request = { ...cart.request, lines };
});

let signed;
const tell = (text) => (find('#said').textContent = text);

async function attempt(work) {
  try {
    await work();
    await showAccount();
  } catch (error) {
    tell(error.message);
  }
}

find('#order').addEventListener('click', () =>
  attempt(async () => {
    // the same quote again, until there is an answer to it
    signed ??= await ask('/till/quote', cart.request);
    document.documentElement.dataset.charged = signed.quote.total;
    await ask('/till/order', { token: signed.token });
    find('#back').hidden = false;
    tell(said.placed);
  }),
);
find('#back').addEventListener('click', () =>
  attempt(async () => {
    await ask('/till/back', {});
    tell(said.returned);
  }),
);
document.addEventListener('counterfoil-claim-reward', ({ detail }) =>
  attempt(async () => {
    await ask('/till/claim', { reward: detail.id });
    find('#back').hidden = false;
    tell(said.placed);
  }),
);

await showAccount();
document.documentElement.dataset.ready = '';
