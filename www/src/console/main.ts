import '../styles/console.css';
import { type Markup, html, show } from '../html';
import { audit } from './audit';
import { campaign } from './campaign';
import { campaigns } from './campaigns';
import { customers } from './customers';
import { experiments } from './experiments';
import { records } from './records';
import { referrals } from './referrals';
import { results } from './results';
import { sentences } from './words';
import { Refused, keeper, signIn, signOut, worker } from './worker';
import type { Desk, Open, View } from './view';

/** The console: which page is shown, who is signed in, and what the pages ask of it. */

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [head, main, said] = [byId('head'), byId('main'), byId('said')];

const pages: Readonly<Record<string, { name: string; open: Open }>> = {
  campaigns: { name: 'Campaigns', open: (desk, rest, query) => (rest[0] === undefined ? campaigns(desk, rest, query) : campaign(desk, rest, query)) },
  results: { name: 'Results', open: results },
  experiments: { name: 'Experiments', open: experiments },
  referrals: { name: 'Referrals', open: referrals },
  redemptions: { name: 'Redemptions', open: records },
  customers: { name: 'Customers', open: customers },
  audit: { name: 'Changes', open: audit },
};

const LIVE_MS = 5_000;

let view: View | undefined;
let running = 0;
/** How much of what runs waits for somebody's answer. */
let asking = 0;
/** What runs, in words, and how far it has come where that is known. */
let doing: { text: string; share: number | undefined } | undefined;

const place = () => location.hash.slice(2).split('?')[0]!.split('/').filter(Boolean).map(decodeURIComponent);

function drawHead(): void {
  const who = keeper();
  const here = place()[0] ?? 'campaigns';
  const link = ([id, { name }]: [string, { name: string }]) => html`<a href="#/${id}" ${id === here ? html`aria-current="page"` : ''}>${name}</a>`;
  show(
    head,
    html`<div class="console-head">
      <p class="console-name">counterfoil <span>console</span></p>
      ${who && html`<nav aria-label="Console">${Object.entries(pages).map(link)}</nav>
        <p class="console-who">${who.name || 'admin'} <button class="bare" data-act="sign-out">Sign out</button></p>`}
    </div>
    <div class="console-busy" ${running <= asking && html`hidden`}>
      <progress aria-label="${doing?.text ?? 'Working'}" ${doing?.share !== undefined && html`max="1" value="${doing.share}"`}></progress>
      <p class="console-doing" aria-live="polite">${doing?.text}</p>
    </div>`,
  );
}

const desk: Desk = {
  redraw() {
    if (!view) return;
    show(main, view.draw());
    view.drawn?.(main);
  },
  say(text, undo) {
    show(said, html`<p>${text}</p>${undo && html`<button class="quiet" data-act="undo">Undo</button>`}<button class="bare" data-act="hush">Dismiss</button>`);
    said.hidden = false;
    undoing = undo;
  },
  async ask({ title, text, yes }) {
    const body: Markup = typeof text === 'string' ? html`<p>${text}</p>` : text;
    // one dialog to a question: the end of the last one, told late, must not answer this one
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'ask-title');
    show(dialog, html`<form method="dialog"><h2 id="ask-title">${title}</h2>${body}<p class="row"><button class="primary" value="yes">${yes}</button><button class="quiet" value="">Cancel</button></p></form>`);
    document.body.append(dialog);
    asking += 1;
    drawHead();
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    dialog.remove();
    asking -= 1;
    drawHead();
    return dialog.returnValue === 'yes';
  },
  go(to) {
    location.hash = `#/${to}`;
  },
  doing(text, share) {
    if (running === 0) return;
    doing = { text, share };
    drawHead();
  },
  async busy(what, work) {
    running += 1;
    drawHead();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 401) {
        if (view?.unsaved?.()) resting = view;
        return leave('The token is not the right one any more.');
      }
      desk.say(`${what}: ${sentences(error.message, error.help)}`);
    } finally {
      running -= 1;
      if (running === 0) doing = undefined;
      drawHead();
    }
    return undefined;
  },
};

/** What somebody was at when the worker did not know the token any more. */
let resting: View | undefined;

let undoing: (() => Promise<void>) | undefined;

const hush = () => {
  said.hidden = true;
  undoing = undefined;
};

function leave(text: string): undefined {
  signOut();
  view = signInPage(text);
  drawHead();
  desk.redraw();
  return undefined;
}

function signInPage(fault = ''): View {
  return {
    title: 'Sign in',
    draw: () => html`<form class="sheet sign-in" data-act="sign-in">
      <h1>Sign in</h1>
      <p>With the worker’s admin token. It stays in this tab, and is gone when the tab is closed.</p>
      <label>Token <input name="token" type="password" required autocomplete="current-password"></label>
      <label>Your name, for the list of changes <input name="name" autocomplete="username" maxlength="100"></label>
      ${fault && html`<p class="fault" role="alert">${fault}</p>`}
      <p><button class="primary">Sign in</button></p>
    </form>`,
    acts: {
      async 'sign-in'(_, form) {
        signIn({ token: String(form.get('token')).trim(), name: String(form.get('name')).trim() });
        try {
          await worker.catalogue();
          await (resting ? resume(resting) : open());
        } catch (error) {
          // what helps against a wrong token is told to those who program
          leave(error instanceof Refused ? sentences(error.message, error.status === 401 ? 'Ask whoever runs the worker for it.' : error.help) : String(error));
        }
      },
    },
  };
}

function resume(before: View): void {
  [view, resting] = [before, undefined];
  drawHead();
  desk.redraw();
}

let opening = 0;
let standing = location.hash;

async function open(): Promise<void> {
  if (view?.unsaved?.() && !(await desk.ask({ title: 'Leave without saving?', text: 'What you changed here is not saved yet.', yes: 'Leave' }))) {
    history.replaceState(null, '', standing);
    return;
  }
  standing = location.hash;
  const run = ++opening;
  if (!keeper()) {
    leave('');
    return;
  }
  const [page = 'campaigns', ...rest] = place();
  const { name, open: opened } = pages[page] ?? pages['campaigns']!;
  drawHead();
  const next = await desk.busy(name, () => opened(desk, rest, new URLSearchParams(location.hash.split('?')[1])));
  if (run !== opening) return;
  view = next ?? (keeper() ? { title: name, draw: () => html`<h1>${name}</h1><p>There is nothing to show. <button class="quiet" data-act="again">Try again</button></p>`, acts: { again: open } } : view);
  document.title = `${view!.title} · counterfoil console`;
  desk.redraw();
  // on a phone the pages stand in a row that is wider than the screen
  head.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function signOutAsked(): Promise<void> {
  if (view?.unsaved?.() && !(await desk.ask({ title: 'Sign out without saving?', text: 'What you changed here is not saved yet.', yes: 'Sign out' }))) return;
  resting = undefined;
  leave('');
}

function act(target: EventTarget | null, kind: 'click' | 'submit' | 'change', event: Event): void {
  const element = (target as Element).closest<HTMLElement>('[data-act]');
  if (!element) return;
  const isForm = element instanceof HTMLFormElement;
  const isField = element instanceof HTMLSelectElement || element instanceof HTMLInputElement;
  if (isForm !== (kind === 'submit') || isField !== (kind === 'change')) return;
  if (isForm) event.preventDefault();
  const name = element.dataset.act!;
  if (name === 'sign-out') return void signOutAsked();
  if (name === 'hush') return hush();
  if (name === 'undo') {
    const undo = undoing;
    hush();
    void desk.busy('Undo', async () => undo?.());
    return;
  }
  const form = isForm ? new FormData(element) : new FormData();
  const data = isField ? { ...element.dataset, value: element.value } : element.dataset;
  void desk.busy(view?.title ?? '', async () => view?.acts?.[name]?.(data, form));
}

document.addEventListener('click', (event) => act(event.target, 'click', event));
document.addEventListener('submit', (event) => act(event.target, 'submit', event));
document.addEventListener('change', (event) => act(event.target, 'change', event));
addEventListener('hashchange', () => void open());
// charts are drawn as wide as there is room
addEventListener('resize', () => view?.drawn?.(main));
addEventListener('beforeunload', (event) => {
  if ((resting ?? view)?.unsaved?.()) event.preventDefault();
});
setInterval(() => {
  // a network that fails now and then is not worth a word each time
  if (document.visibilityState === 'visible') void view?.live?.().catch(() => undefined);
}, LIVE_MS);

hush();
document.body.classList.add('standing');
await open();
