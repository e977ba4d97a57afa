import { type Markup, html } from '../html';
import { saveAs } from './download';
import type { Desk } from './view';
import { number } from './words';
import { type Campaign, type Catalogue, worker } from './worker';

/** Campaigns as a file: all that there are, saved, and a file in their place. */

export const filesView = (): Markup => html`<details class="sheet">
  <summary>All campaigns as a file</summary>
  <p class="row"><button class="quiet" data-act="save-file">Save as JSON</button></p>
  <form class="row" data-act="take-in">
    <label>A file in their place <input type="file" name="file" accept="application/json,.json" required></label>
    <button class="quiet">Take in …</button>
  </form>
  <p class="soft">A file is checked as a whole, and taken in or left. Nothing that shoppers get changes before it is published.</p>
</details>`;

export function saveFile(desk: Desk, { document }: Catalogue): void {
  saveAs('campaigns.json', new Blob([`${JSON.stringify(document, null, 2)}\n`], { type: 'application/json' }));
  desk.say(`campaigns.json is saved: ${number(document.campaigns.length)} campaigns.`);
}

/** What a document has that another has not, and what it has otherwise. */
function differences(before: readonly Campaign[], after: readonly Campaign[]): Markup {
  const known = new Map(before.map((campaign) => [campaign.id, JSON.stringify(campaign)]));
  const coming = new Set(after.map(({ id }) => id));
  const told = [
    ...after.flatMap((campaign) => {
      const was = known.get(campaign.id);
      return was === JSON.stringify(campaign) ? [] : [html`<li><code>${campaign.id}</code> ${was === undefined ? 'is new' : 'changes'}</li>`];
    }),
    ...before.flatMap(({ id }) => (coming.has(id) ? [] : [html`<li><code>${id}</code> is taken out</li>`])),
  ];
  return told.length === 0 ? html`<p>Its campaigns are the ones that are here.</p>` : html`<ul class="marked">${told}</ul>`;
}

/** Puts a file in the place of all campaigns, once somebody has seen what that changes. */
export async function takeIn(desk: Desk, catalogue: Catalogue, file: File, again: () => Promise<void>): Promise<void> {
  let document: Catalogue['document'];
  try {
    document = JSON.parse(await file.text());
  } catch {
    return desk.say(`${file.name} is no JSON.`);
  }
  if (!Array.isArray(document?.campaigns)) return desk.say(`${file.name} has no list of campaigns.`);
  const before = catalogue.document;
  if (!(await desk.ask({ title: `Take in ${file.name}?`, text: differences(before.campaigns, document.campaigns), yes: 'Take in' }))) return;
  const replace = (by: Catalogue['document']) => {
    const many = `${number(by.campaigns.length)} campaigns`;
    desk.doing(`Sending ${many} …`, 0);
    return worker.replace(by, catalogue.revision, (share) => (share < 1 ? desk.doing(`Sending ${many} …`, share) : desk.doing(`The worker checks ${many} …`)));
  };
  await replace(document);
  await again();
  desk.say(`${file.name} is taken in: ${number(document.campaigns.length)} campaigns.`, async () => {
    await replace(before);
    await again();
  });
}
