import '../styles/try.css';
import 'counterfoil/elements';
import { money } from 'counterfoil/elements';
import type { TracedQuote } from 'counterfoil/workshop';
import { autocompletion } from '@codemirror/autocomplete';
import { html, show } from '../html';
import { inEnglish } from '../trace/english';
import { story } from '../trace/story';
import { cartIn, type Fault, type Tried, tried, type Tryable } from './bench';
import { Sheet } from './editor';
import { type Example, examples } from './examples';
import { read, type Sheets, written } from './link';
import { following, members } from './members';
import { pretty } from './pretty';
import { completions, type Schema } from './schema';
import { Standing } from './standing';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [example, cartCase] = [byId<HTMLSelectElement>('example'), byId<HTMLSelectElement>('case')];
const [state, answer, said] = [byId('state'), byId('answer'), byId('said')];

const schema = import('../../../docs/campaigns.schema.json').then(({ default: found }) => found as unknown as Schema);

const campaigns = new Sheet(byId('campaigns'), 'Campaigns, as JSON', changed, autocompletion({ icons: false, override: [completions(schema)] }));
const cart = new Sheet(byId('cart'), 'Cart, as JSON', changed);

let pending: ReturnType<typeof setTimeout> | undefined;

/** Tries what the sheets say, once the typing pauses. */
function changed(): void {
  byId('result').ariaBusy = 'true';
  clearTimeout(pending);
  pending = setTimeout(() => void tryNow(), 150);
}

let latest = 0;

async function tryNow(): Promise<void> {
  const run = ++latest;
  await answered(run);
  if (run === latest) byId('result').ariaBusy = 'false';
}

async function answered(run: number): Promise<void> {
  const [first, second] = [campaigns.parsed(), cart.parsed()];
  if ('fault' in first || 'fault' in second) {
    tell('fault' in first ? first.fault : '', 'fault' in second ? second.fault : '');
    state.textContent = 'One of the sheets is no JSON yet.';
    return;
  }
  try {
    const found = await tried(first.value, second.value as Tryable);
    const { faults, took } = found;
    if (run !== latest) return;
    mark(faults);
    if (found.answer === undefined && found.follows === undefined) {
      const count = faults.filter(({ severity }) => severity === 'error').length;
      const earlier = answer.hidden ? '' : ' Below stands the last answer.';
      state.textContent = `${count === 1 ? 'One fault is' : `${count} faults are`} in the way.${earlier}`;
      return;
    }
    state.textContent = `Worked out on this device in ${took! >= 1 ? took!.toFixed(1) : 'under 1'} ms.`;
    shown(found);
  } catch (error) {
    state.textContent = `The engine could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function shown({ answer: traced, programmes = [], follows }: Tried): void {
  answer.hidden = false;
  for (const part of answer.querySelectorAll<HTMLElement>('[data-of="cart"]')) part.hidden = traced === undefined;
  const loyalty = byId('members');
  loyalty.hidden = follows === undefined && programmes.length === 0;
  show(loyalty, follows ? following(follows) : members(programmes));
  if (traced) quoted(traced);
}

function quoted({ quote, trace }: TracedQuote): void {
  for (const element of answer.querySelectorAll('counterfoil-savings, counterfoil-code-field, counterfoil-gift-picker, counterfoil-progress')) {
    (element as HTMLElementTagNameMap['counterfoil-savings']).quote = quote;
  }
  const telling = { ...inEnglish(quote.currency), money: (minor: number) => money(minor, quote.currency, 'en'), campaign: (id: string) => id, line: (id: string) => id, places: true };
  show(byId('story'), html`<h2>Why</h2>${story(trace, telling)}`);
  byId('quote').textContent = JSON.stringify(quote, null, 2);
}

function tell(ofCampaigns: string, ofCart: string): void {
  const one = (fault: string) => (fault === '' ? html`` : html`<li class="error">${fault}</li>`);
  show(byId('campaigns-faults'), one(ofCampaigns));
  show(byId('cart-faults'), one(ofCart));
}

function mark(faults: readonly Fault[]): void {
  for (const [sheet, name] of [
    [campaigns, 'campaigns'],
    [cart, 'cart'],
  ] as const) {
    const own = faults.filter((fault) => fault.sheet === name);
    sheet.mark(own);
    show(
      byId(`${name}-faults`),
      html`${own.map(
        ({ severity, pointer, message, help, code }) =>
          html`<li class="${severity}"><button type="button" class="bare" data-sheet="${name}" data-pointer="${pointer}">${sheet.lineOf(sheet.placeOf(pointer).from)}${message}</button> <span>${help}</span> <code>${code}</code></li>`,
      )}`,
    );
  }
}

/** What stands on the page. */
const standing = new Standing({ campaigns, cart, example, cartCase, said });

let loading = 0;

async function choose(chosen: Example): Promise<void> {
  const run = ++loading;
  const sample = await chosen.load();
  // another one was chosen meanwhile
  if (run !== loading) return;
  const given = { campaigns: pretty(sample.campaigns), cart: pretty(sample.carts[sample.telling]?.sheet) };
  standing.replace({ sheets: given, given, sample, example: chosen.id, cart: String(sample.telling), address: `?example=${chosen.id}` });
}

function follow(link: Sheets): void {
  if (example.options[0]?.value !== '') example.prepend(new Option('From the link', ''));
  standing.replace({ sheets: link, given: link, sample: undefined, example: '', cart: '', address: location.href });
}

/** The campaign with this id, wherever the document lists it. */
function pointerTo(id: string): string {
  const found = campaigns.parsed();
  const listed = 'value' in found ? (found.value as { campaigns?: { id?: unknown }[] }).campaigns : undefined;
  return `/campaigns/${listed?.findIndex((campaign) => campaign.id === id) ?? 0}`;
}

example.replaceChildren(...examples.map(({ id, title }) => new Option(title, id)));
example.addEventListener('change', () => void choose(examples.find(({ id }) => id === example.value)!));
cartCase.addEventListener('change', () => standing.takeCart(cartCase.value));

byId('share').addEventListener('click', async () => {
  const address = new URL(await written({ campaigns: campaigns.text, cart: cart.text }), new URL(location.pathname, location.href)).href;
  history.replaceState(null, '', address);
  standing.isGiven();
  await navigator.clipboard.writeText(address).then(
    () => (said.textContent = 'The link is copied.'),
    () => (said.textContent = 'The link is in the address bar.'),
  );
});

said.addEventListener('click', ({ target }) => {
  if ((target as Element).closest('[data-bring-back]')) standing.bringBack();
});

document.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('button[data-pointer]');
  if (!button) return;
  const { sheet, pointer = '', campaign } = button.dataset;
  if (sheet === 'cart') cart.show(pointer);
  else campaigns.show(campaign === undefined ? pointer : pointerTo(campaign) + pointer);
});

/** A change of the cart that the shopper's view asks for goes into the sheet, where it can be seen. */
function codesInSheet(change: (codes: string[]) => string[]): void {
  const found = cart.parsed();
  if (!('value' in found)) return;
  const sheet = found.value as Tryable;
  const request = cartIn(sheet);
  if (request === undefined) return;
  const changed = { ...request, codes: change([...(request.codes ?? [])]) };
  cart.text = pretty('request' in sheet ? { ...sheet, request: changed } : changed);
}
answer.addEventListener('counterfoil-enter-code', (event) => codesInSheet((codes) => [...codes, event.detail]));
answer.addEventListener('counterfoil-remove-code', (event) => codesInSheet((codes) => codes.filter((code) => code !== event.detail)));
answer.addEventListener('counterfoil-step', ({ detail: { step } }) => {
  if (step.code === 'enter_code') codesInSheet((codes) => [...codes, step.params.code]);
  if (step.code === 'remove_code') codesInSheet((codes) => codes.filter((code) => code !== step.params.code));
});

// a link that is pasted into this very page
addEventListener('hashchange', async () => {
  const link = await read(location.hash);
  if (link) follow(link);
});
addEventListener('beforeunload', (event) => {
  if (standing.hasOwn) event.preventDefault();
});

document.body.classList.add('standing');
const carried = await read(location.hash);
const wanted = examples.find(({ id }) => id === new URLSearchParams(location.search).get('example'));
if (carried) {
  follow(carried);
} else {
  const first = wanted ?? examples.find(({ id }) => id.startsWith('P16')) ?? examples[0]!;
  await choose(first);
}
