import { html } from '../html';
import type { Open, View } from './view';
import { moment, plain } from './words';
import { worker } from './worker';

/** Who changed what, the newest first. */
export const audit: Open = async (desk): Promise<View> => {
  let { entries, next } = await worker.audit();
  return {
    title: 'Changes',
    draw: () => html`<div class="page-head"><h1>Changes</h1></div>
      <div class="sheet table">
        ${entries.length === 0 ? html`<p class="soft">Nobody has changed anything yet.</p>` : html`<table>
          <caption class="unseen">Changes, the newest first</caption>
          <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Of</th></tr></thead>
          <tbody>${entries.map(({ seq, at, actor, action, subject, detail }) => html`<tr data-key="${seq}"><th scope="row">${moment(at)}</th><td data-label="Who">${actor}</td><td data-label="What">${plain(action)}</td><td data-label="Of"><code>${subject}</code>${detail && html`<small>${detail}</small>`}</td></tr>`)}</tbody>
        </table>`}
        ${next !== null && html`<p><button class="quiet" data-act="older">Older ones</button></p>`}
      </div>`,
    acts: {
      async older() {
        const more = await worker.audit(next ?? undefined);
        entries = [...entries, ...more.entries];
        next = more.next;
        desk.redraw();
      },
    },
  };
};
