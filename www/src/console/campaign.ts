import 'counterfoil/elements';
import { money } from 'counterfoil/elements';
import type { QuoteRequest } from 'counterfoil/workshop';
import { autocompletion } from '@codemirror/autocomplete';
import { type Markup, html, show } from '../html';
import { inEnglish } from '../trace/english';
import { story } from '../trace/story';
import { type Fault, tried } from '../try/bench';
import { Sheet } from '../try/editor';
import { pretty } from '../try/pretty';
import { type Schema, completions } from '../try/schema';
import { badge, gauge, ifPublished } from './campaigns';
import { carts } from './carts';
import { gaugesOf, stateOf } from './running';
import { templates } from './templates';
import type { Desk, Open, View } from './view';
import { share } from './words';
import { type Campaign, type Catalogue, Refused, worker } from './worker';

/** One campaign: written with the schema at hand, checked and tried on a cart as one types. */

const schema = import('../../../docs/campaigns.schema.json').then(({ default: found }) => campaignOf(found as unknown as Schema & { $defs: Record<string, Schema> }));

/** The schema of one campaign, out of that of a document. */
function campaignOf(document: Schema & { $defs: Record<string, Schema> }): Schema {
  const campaign = document.$defs['Campaign'];
  return campaign === undefined ? document : { ...campaign, $defs: document.$defs };
}

export const campaign: Open = async (desk, [id = 'new'], query): Promise<View> => {
  const catalogue = await worker.catalogue();
  const known = id === 'new' ? undefined : catalogue.document.campaigns.find((found) => found.id === id);
  const template = templates[Number(query.get('from') ?? 0)] ?? templates[0]!;
  const before = known ?? unused(template.campaign, catalogue);
  const live = known && (await liveOf(known));
  return new Editor(desk, catalogue, before, known !== undefined, live).view;
};

/** A campaign under an id that no other has. */
function unused(campaign: Campaign, { document }: Catalogue): Campaign {
  const taken = new Set(document.campaigns.map(({ id }) => id));
  let id = campaign.id;
  for (let next = 2; taken.has(id); next += 1) id = `${campaign.id}-${next}`;
  return { ...campaign, id };
}

/** How it goes: what is used, what is left. */
async function liveOf(known: Campaign): Promise<Markup> {
  const [all, programme] = await Promise.all([ifPublished(worker.used(), []), ifPublished(worker.programme(), { allowances: {} })]);
  const used = all.find((found) => found.id === known.id);
  return html`<p class="row">${badge(stateOf(known, used, Date.now()))} ${used && gaugesOf(used, programme).map(gauge)}
    <a class="quiet small" href="#/redemptions?campaign=${encodeURIComponent(known.id)}">Its redemptions</a></p>`;
}

let editors = 0;

/** The cart with the campaign's code entered, where it has one: how else would one see what it does? */
function entered(request: QuoteRequest, { codes }: Campaign): QuoteRequest {
  const [code] = Array.isArray(codes) ? (codes as unknown[]) : [];
  const typed = Array.isArray(request?.codes) ? request.codes : [];
  return { now: Date.now(), ...request, ...(typeof code === 'string' && typed.length === 0 && { codes: [code] }) };
}

class Editor {
  readonly #serial = ++editors;
  #sheet: Sheet | undefined;
  #cart: Sheet | undefined;
  #saved: string;
  #pending: ReturnType<typeof setTimeout> | undefined;
  #run = 0;
  /** Which of the sample carts was chosen last. */
  #cartAt = 0;

  constructor(
    readonly desk: Desk,
    readonly catalogue: Catalogue,
    readonly before: Campaign,
    readonly isKnown: boolean,
    readonly live: Markup | undefined,
  ) {
    this.#saved = pretty(before);
  }

  get view(): View {
    const title = this.isKnown ? (this.before.name ?? this.before.id) : 'New campaign';
    return {
      title,
      draw: () => this.#draw(title),
      drawn: (main) => this.#drawn(main),
      unsaved: () => this.#isUnsaved,
      acts: {
        save: () => this.#save(),
        remove: () => this.#remove(),
        template: ({ value = '0' }) => this.#beginAs(value),
        cart: ({ value = '0' }) => this.#takeCart(value),
        place: ({ pointer = '' }) => this.#sheet?.show(pointer),
      },
    };
  }

  get #isUnsaved(): boolean {
    return this.#sheet !== undefined && this.#sheet.text !== this.#saved;
  }

  /** Another template takes the place of what is written; what somebody typed is asked for first. */
  async #beginAs(template: string): Promise<void> {
    if (this.#isUnsaved && !(await this.desk.ask({ title: 'Begin anew?', text: 'The template takes the place of what you wrote here.', yes: 'Begin anew' }))) {
      const own = templates.findIndex(({ campaign: { name } }) => name === this.before.name);
      document.querySelector<HTMLSelectElement>('[data-act=template]')!.value = String(own);
      return;
    }
    this.#saved = this.#sheet?.text ?? this.#saved;
    this.desk.go(`campaigns/new?from=${template}`);
  }

  /** Another cart takes the place of the one that is there; one that somebody typed can be brought back. */
  #takeCart(at: string): void {
    const sheet = this.#cart;
    if (!sheet) return;
    const [typed, given, chosen] = [sheet.text, pretty(carts[this.#cartAt]?.request), this.#cartAt];
    this.#cartAt = Number(at);
    sheet.text = pretty(carts[this.#cartAt]?.request);
    if (typed === given) return;
    this.desk.say(`Your own cart made way for “${carts[this.#cartAt]?.name}”.`, async () => {
      this.#cartAt = chosen;
      sheet.text = typed;
      const select = document.querySelector<HTMLSelectElement>('[data-act=cart]');
      if (select) select.value = String(chosen);
    });
  }

  #draw(title: string): Markup {
    return html`<div class="page-head">
        <div><p><a href="#/campaigns">Campaigns</a></p><h1>${title}</h1></div>
        <p class="row">
          <button class="primary" data-act="save">Save</button>
          ${this.isKnown && html`<button class="quiet" data-act="remove">Delete …</button>`}
        </p>
      </div>
      ${this.live}
      ${!this.isKnown && html`<label class="field">Begin as <select data-act="template">${templates.map(({ name, campaign: { name: own } }, at) => html`<option value="${at}" ${own === this.before.name && html`selected`}>${name}</option>`)}</select></label>`}
      <div class="desk">
        <section aria-labelledby="source-title">
          <h2 id="source-title">Campaign</h2>
          <div class="editor" data-sheet="campaign" data-key="campaign-${this.#serial}"></div>
          <ul class="faults" data-faults aria-live="polite"></ul>
        </section>
        <section aria-labelledby="preview-title">
          <h2 id="preview-title">On this cart</h2>
          <label class="field">Cart <select data-act="cart">${carts.map(({ name }, at) => html`<option value="${at}" ${at === this.#cartAt && html`selected`}>${name}</option>`)}</select></label>
          <p class="soft" data-state role="status">Fetching the engine …</p>
          <div data-preview></div>
          <details><summary>The cart as JSON</summary><div class="editor low" data-sheet="cart" data-key="cart-${this.#serial}"></div><ul class="faults" data-cart-faults></ul></details>
        </section>
      </div>`;
  }

  #drawn(main: HTMLElement): void {
    const place = (name: string) => main.querySelector<HTMLElement>(`[data-sheet=${name}]`)!;
    if (place('campaign').shadowRoot) return;
    const changed = () => {
      clearTimeout(this.#pending);
      this.#pending = setTimeout(() => void this.#try(main), 200);
    };
    // who had to sign in again finds what was typed
    const [text, request] = [this.#sheet?.text ?? this.#saved, this.#cart?.text ?? pretty(carts[this.#cartAt]?.request)];
    this.#sheet = new Sheet(place('campaign'), 'Campaign, as JSON', changed, autocompletion({ icons: false, override: [completions(schema)] }));
    this.#cart = new Sheet(place('cart'), 'Cart, as JSON', changed);
    this.#sheet.text = text;
    this.#cart.text = request;
  }

  /** The document as it would be with this campaign, and where it stands there. */
  #document(value: Campaign): [{ campaigns: Campaign[] }, number] {
    const { document } = this.catalogue;
    const at = document.campaigns.findIndex(({ id }) => id === this.before.id && this.isKnown);
    const campaigns = at < 0 ? [...document.campaigns, value] : document.campaigns.with(at, value);
    return [{ ...document, campaigns }, at < 0 ? campaigns.length - 1 : at];
  }

  async #try(main: HTMLElement): Promise<void> {
    const [sheet, cart] = [this.#sheet!, this.#cart!];
    const run = ++this.#run;
    const of = (name: string) => main.querySelector<HTMLElement>(`[${name}]`);
    const [found, request] = [sheet.parsed(), cart.parsed()];
    const state = of('data-state');
    if (!state) return;
    show(of('data-cart-faults')!, 'fault' in request ? html`<li class="error">${request.fault}</li>` : html``);
    if ('fault' in found) {
      show(of('data-faults')!, html`<li class="error">${found.fault}</li>`);
      state.textContent = 'The campaign is no JSON yet.';
      return;
    }
    if ('fault' in request) return;
    const [document, at] = this.#document(found.value as Campaign);
    const { faults, answer } = await tried(document, entered(request.value as QuoteRequest, found.value as Campaign));
    if (run !== this.#run || !of('data-state')) return;
    const prefix = `/campaigns/${at}`;
    const own = faults.filter(({ sheet: name, pointer }) => name === 'campaigns' && `${pointer}/`.startsWith(`${prefix}/`)).map((fault) => ({ ...fault, pointer: fault.pointer.slice(prefix.length) }));
    const others = faults.filter(({ sheet: name, severity }) => name === 'campaigns' && severity === 'error').length - own.filter(({ severity }) => severity === 'error').length;
    sheet.mark(own);
    show(of('data-faults')!, html`${own.map((fault) => this.#fault(fault))}${others > 0 && html`<li class="error">${others} more in other campaigns</li>`}`);
    show(of('data-cart-faults')!, html`${faults.filter(({ sheet: name }) => name === 'cart').map(({ message, help }) => html`<li class="error">${message} <span>${help}</span></li>`)}`);
    state.textContent = answer ? 'Worked out in this page, as you type.' : 'Mend what is marked, then the cart is priced anew.';
    if (!answer) return;
    const { quote, trace } = answer;
    const id = (found.value as Campaign).id;
    const outcome = quote.outcomes.find(({ redeemable }) => redeemable === id);
    const telling = { ...inEnglish(quote.currency), money: (minor: number) => money(minor, quote.currency, 'en'), campaign: (name: string) => name, line: (name: string) => name, places: false };
    const code = outcome?.code === undefined ? '' : html` with the code <code>${outcome.code}</code>`;
    const taken = outcome?.status === 'applied' ? html`It takes <strong>${money(outcome.discount, quote.currency, 'en')}</strong> off${code}, ${share(outcome.discount, quote.subtotal)} of the goods.` : html`It takes nothing off this cart${code}.`;
    show(of('data-preview')!, html`<p class="taken">${taken}</p><counterfoil-savings></counterfoil-savings><counterfoil-progress limit="3"></counterfoil-progress><details><summary>Why</summary>${story(trace, telling)}</details>`);
    for (const element of of('data-preview')!.querySelectorAll('counterfoil-savings, counterfoil-progress')) (element as HTMLElementTagNameMap['counterfoil-savings']).quote = quote;
  }

  #fault({ severity, pointer, message, help, code }: Fault): Markup {
    const line = this.#sheet!.lineOf(this.#sheet!.placeOf(pointer).from);
    return html`<li class="${severity}"><button type="button" class="bare" data-act="place" data-pointer="${pointer}">${line}${message}</button> <span>${help}</span> <code>${code}</code></li>`;
  }

  async #save(): Promise<void> {
    const sheet = this.#sheet!;
    const found = sheet.parsed();
    if ('fault' in found) return this.desk.say(`It cannot be saved yet: ${found.fault}`);
    const value = found.value as Campaign;
    if (this.isKnown && value.id !== this.before.id) return this.desk.say('The id of a campaign stays: its redemptions are counted by it. Make a new campaign instead.');
    const taken = !this.isKnown && this.catalogue.document.campaigns.some(({ id }) => id === value.id);
    if (taken) return this.desk.say(`There is a campaign with the id ${value.id} already. Choose another.`);
    try {
      await worker.save(value, this.catalogue.revision);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 412) throw error;
      const text = 'Somebody changed the catalogue since you opened this page. Saving replaces this campaign only.';
      if (!(await this.desk.ask({ title: 'Save all the same?', text, yes: 'Save' }))) return;
      await worker.save(value);
    }
    this.#saved = sheet.text;
    const back = this.before;
    this.desk.go('campaigns');
    this.desk.say(`${value.name ?? value.id} is saved. Publish to put it in force.`, async () => {
      await (this.isKnown ? worker.save(back) : worker.remove(value.id));
      this.desk.say('As it was before.');
      this.desk.go(`campaigns?at=${Date.now()}`);
    });
  }

  async #remove(): Promise<void> {
    const { id, name } = this.before;
    const text = 'It is taken out of the catalogue. Shoppers see it until the next publish; what was redeemed stays in the records.';
    if (!(await this.desk.ask({ title: `Delete ${name ?? id}?`, text, yes: 'Delete' }))) return;
    await worker.remove(id);
    this.#saved = this.#sheet!.text;
    this.desk.go('campaigns');
    this.desk.say(`${name ?? id} is deleted.`, async () => {
      await worker.save(this.before);
      this.desk.go(`campaigns?at=${Date.now()}`);
    });
  }
}
