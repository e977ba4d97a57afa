import { money } from '../format';
import { type Markup, html } from '../html';
import { type Bar, calendar, put } from './charts';
import { filesView, saveFile, takeIn } from './files';
import { type Gauge, type State, gaugesOf, spanOf, stateOf, states } from './running';
import { type Open, type View, type Desk } from './view';
import { date, number } from './words';
import { type Campaign, Refused, type Used, worker } from './worker';

/** All campaigns: whether they run, how much is left of them, and one click to stop them. */

const DAY = 86_400_000;
const shown = ['list', 'calendar'] as const;

export const campaigns: Open = async (desk, _, query): Promise<View> => {
  const [catalogue, programme] = await Promise.all([worker.catalogue(), ifPublished(worker.programme(), { allowances: {} })]);
  let used = await usedNow();
  let [wanted, only] = ['', ''];
  const as = shown.find((name) => name === query.get('as')) ?? 'list';
  const stateNow = (campaign: Campaign) => stateOf(campaign, used.get(campaign.id), Date.now());
  const nameOf = ({ id, name }: Campaign) => name ?? id;
  const listed = () =>
    catalogue.document.campaigns.filter((campaign) => {
      const text = `${campaign.id} ${nameOf(campaign)}`.toLowerCase();
      return text.includes(wanted.toLowerCase()) && (only === '' || stateNow(campaign) === only);
    });

  const again = async () => {
    Object.assign(catalogue, await worker.catalogue());
    used = await usedNow();
    desk.redraw();
  };

  const row = (campaign: Campaign): Markup => {
    const state = stateNow(campaign);
    const counted = used.get(campaign.id);
    const changed = catalogue.changes.find(({ id }) => id === campaign.id);
    return html`<tr data-key="${campaign.id}">
      <th scope="row"><a href="#/campaigns/${encodeURIComponent(campaign.id)}">${nameOf(campaign)}</a><small><code>${campaign.id}</code>${changed && html` · ${changed.change === 'added' ? 'new' : 'changed'}, not published yet`}</small></th>
      <td>${badge(state)}</td>
      <td data-label="When">${when(campaign)}</td>
      <td data-label="Uses" class="figure">${counted ? number(counted.uses) : '–'}${counted && counted.heldUses > 0 && html`<small>${number(counted.heldUses)} held</small>`}</td>
      <td data-label="Left">${counted ? gaugesOf(counted, programme).map(gauge) : ''}</td>
      <td>${switching(campaign, state, counted)}</td>
    </tr>`;
  };

  return {
    title: 'Campaigns',
    draw: () => {
      const { document, changes, published } = catalogue;
      return html`<div class="page-head">
        <h1>Campaigns</h1>
        <p class="row">
          ${changes.length > 0 ? html`<button class="primary" data-act="publish">Publish ${changes.length === 1 ? 'one change' : `${changes.length} changes`}</button>` : ''}
          <a class="quiet" href="#/campaigns/new">New campaign</a>
        </p>
      </div>
      <p class="soft">${published ? `Version ${published.version} was published on ${date(published.at)}.` : 'Nothing has been published from here yet.'}</p>
      <form class="filters" role="search" data-act="filter">
        <label>Name <input name="text" type="search" value="${wanted}"></label>
        <label>State <select name="state" data-act="state">${[['', 'All'] as const, ...Object.entries(states)].map(([id, name]) => html`<option value="${id}" ${only === id && html`selected`}>${name}</option>`)}</select></label>
        <button class="quiet">Show</button>
        <p class="switch">${shown.map((name) => html`<a href="#/campaigns?as=${name}" ${as === name && html`aria-current="true"`}>${name === 'list' ? 'List' : 'Calendar'}</a>`)}</p>
      </form>
      ${as === 'calendar' && html`<div class="sheet chart" data-chart="calendar"></div>`}
      <div class="${as === 'calendar' ? 'unseen' : 'sheet table'}">
        <table>
          <caption class="unseen">Campaigns</caption>
          <thead><tr><th scope="col">Campaign</th><th scope="col">State</th><th scope="col">When</th><th scope="col" class="figure">Uses</th><th scope="col">Left</th><th scope="col"><span class="unseen">Stop or start</span></th></tr></thead>
          <tbody>${listed().map(row)}</tbody>
        </table>
        ${listed().length === 0 && html`<p class="soft">${document.campaigns.length === 0 ? 'There are no campaigns yet.' : 'No campaign is like that.'}</p>`}
      </div>
      ${filesView()}`;
    },
    drawn(main) {
      put(main.querySelector('[data-chart=calendar]'), (width) => {
        const seen = window(listed());
        return calendar(bars(listed(), seen, stateNow, nameOf), seen, Date.now(), width);
      });
    },
    async live() {
      used = await usedNow();
      desk.redraw();
    },
    acts: {
      filter(_data, form) {
        wanted = String(form.get('text'));
        only = String(form.get('state'));
        desk.redraw();
      },
      state({ value = '' }) {
        only = value;
        desk.redraw();
      },
      async stop({ id = '' }) {
        await toggle(desk, id, 'stop', used);
      },
      async resume({ id = '' }) {
        await toggle(desk, id, 'resume', used);
      },
      'save-file'() {
        saveFile(desk, catalogue);
      },
      async 'take-in'(_data, form) {
        const file = form.get('file');
        if (file instanceof File) await takeIn(desk, catalogue, file, again);
      },
      async publish() {
        const words = { added: 'is new', changed: 'changes', removed: 'is taken out' };
        const { changes } = catalogue;
        const text = html`<p>What shoppers get changes at once:</p><ul class="marked">${changes.map(({ id, change }) => html`<li><code>${id}</code> ${words[change]}</li>`)}</ul>`;
        if (!(await desk.ask({ title: 'Publish?', text, yes: 'Publish' }))) return;
        const nameAt = (pointer = '') => {
          const campaign = catalogue.document.campaigns[Number(pointer.split('/')[2])];
          return campaign ? nameOf(campaign) : pointer;
        };
        const published = await publishing(desk, nameAt, `Checking, signing and publishing ${number(catalogue.document.campaigns.length)} campaigns …`);
        if (!published) return;
        await again();
        desk.say(`Version ${published.version} is in force.`);
      },
    },
  };
};

async function usedNow(): Promise<Map<string, Used>> {
  return new Map((await ifPublished(worker.used(), [])).map((used) => [used.id, used]));
}

/** Publishes; what is too odd to go out unseen goes out when somebody has read it and means it. */
async function publishing(desk: Desk, nameAt: (pointer?: string) => string, text: string): Promise<{ version: number } | undefined> {
  desk.doing(text);
  try {
    return await worker.publish();
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'lint_not_allowed') throw error;
    const { diagnostics } = error;
    const found = html`<p>Look at this first:</p><ul class="marked">${diagnostics.map(({ at, message, help }) => html`<li><strong>${nameAt(at?.pointer)}</strong>: ${message}<small>${help}</small></li>`)}</ul>`;
    if (!(await desk.ask({ title: 'Do you mean it so?', text: found, yes: 'Publish anyway' }))) return undefined;
    desk.doing(text);
    return worker.publish(diagnostics.map(({ code }) => code));
  }
}

/** Before the first publish there is nothing to count. */
export async function ifPublished<T>(asked: Promise<T>, none: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if ((error as { status?: number }).status === 503) return none;
    throw error;
  }
}

async function toggle(desk: Desk, id: string, verb: 'stop' | 'resume', used: Map<string, Used>): Promise<void> {
  used.set(id, await worker.switch(id, verb));
  desk.redraw();
  const back = verb === 'stop' ? 'resume' : 'stop';
  desk.say(verb === 'stop' ? `${id} is stopped: nothing more is redeemed.` : `${id} runs again.`, () => toggle(desk, id, back, used));
}

export const badge = (state: State): Markup => html`<span class="badge ${state}">${states[state]}</span>`;

/** Stops what is published, at once; what is stopped can be started again. */
function switching({ id }: Campaign, state: State, used: Used | undefined): Markup | string {
  if (used === undefined || state === 'over') return '';
  return used.stopped
    ? html`<button class="quiet small" data-act="resume" data-id="${id}">Start<span class="unseen"> ${id}</span></button>`
    : html`<button class="quiet small" data-act="stop" data-id="${id}">Stop<span class="unseen"> ${id}</span></button>`;
}

function when(campaign: Campaign): string {
  const { from, until, recurs, zone } = spanOf(campaign);
  const first = from === undefined ? '' : date(from, zone);
  // `until` is the moment after the last
  const last = until === undefined ? '' : date(until - 1, zone);
  const span = first === last && first !== '' ? first : first === '' ? (last === '' ? 'Always' : `Up to ${last}`) : last === '' ? `From ${first}` : `${first} to ${last}`;
  return recurs ? `${span}, at certain times` : span;
}

export function gauge({ currency, used, limit }: Gauge): Markup {
  const told = currency === undefined ? `${number(Math.max(0, limit - used))} of ${number(limit)} uses` : `${money(Math.max(0, limit - used), currency)} of ${money(limit, currency)}`;
  return html`<span class="gauge"><meter min="0" max="${limit}" value="${Math.max(0, limit - used)}" low="${Math.round(limit / 5)}" optimum="${limit}" aria-hidden="true"></meter> ${told}</span>`;
}

/** Two months back, and as far ahead as something ends: four months at least, a year at most. */
function window(listed: readonly Campaign[]): [number, number] {
  const now = Date.now();
  const ends = listed.map((campaign) => spanOf(campaign).until ?? 0);
  return [now - 60 * DAY, Math.min(now + 365 * DAY, Math.max(now + 120 * DAY, ...ends))];
}

function bars(listed: readonly Campaign[], [from, until]: readonly [number, number], state: (of: Campaign) => State, name: (of: Campaign) => string): Bar[] {
  return listed.flatMap((campaign) => {
    const span = spanOf(campaign);
    const bar = { id: campaign.id, name: name(campaign), from: span.from ?? from, until: span.until ?? until, state: state(campaign) };
    return bar.until <= from || bar.from >= until ? [] : [bar];
  });
}
