// One case: loaded into a project of its own, asked, compared.
import { differences } from './compare.mjs';
import { load, time } from './load.mjs';
import { requestOf } from './request.mjs';
import { statement } from './stated.mjs';

/** What the answers to a case lack, as lines; none when it holds. */
export async function failuresOf(project, given) {
  const stated = statement(given);
  if (stated) return stated(project, given);
  await load(project, given);
  const { steps, expect, ...rest } = given;
  if (!steps) return (await ask(project, given, remembering())).found;
  const found = [];
  const memory = remembering();
  let last;
  for (const [index, step] of steps.entries()) {
    last = await ask(project, { ...rest, ...step }, memory);
    found.push(...last.found.map((line) => `step ${index + 1}: ${line}`));
  }
  // What the case expects beside its steps is of the last answer, and of what stands in the project then.
  if (expect) found.push(...(await lacks(project, { ...rest, expect }, last.answer)).map((line) => `in the end: ${line}`));
  return found;
}

async function ask(project, given, memory) {
  project.now = time(given.now);
  const { method, path, body } = requestOf(given, memory.recall);
  const answer = await project.call(method, path, body);
  memory.keep(answer.body);
  return { answer, found: await lacks(project, given, answer) };
}

async function lacks(project, given, answer) {
  const { http_status, order_total_amount, voucher_after, vouchers_after, ...expect } = given.expect ?? {};
  const found = differences(expect, answer.body ?? {});
  if (http_status !== undefined && answer.status !== http_status) found.unshift(`the status is ${answer.status}, not ${http_status}`);
  if (order_total_amount !== undefined) found.push(...differences(order_total_amount, answer.body?.order?.total_amount, 'order.total_amount'));
  found.push(...(await afterwards(project, given, { voucher_after, vouchers_after })));
  const isExpected = http_status !== undefined || expect.code !== undefined || expect.key !== undefined;
  if (answer.status >= 400 && !isExpected) found.unshift(`it was refused: ${JSON.stringify(answer.body)}`);
  return found;
}

/** What stands in the project once the call was answered. */
async function afterwards(project, given, { voucher_after, vouchers_after }) {
  const code = voucher_after?.code ?? given.vouchers?.[0]?.code;
  const all = { ...vouchers_after, ...(voucher_after && { [code]: voucher_after }) };
  const found = [];
  for (const [name, expected] of Object.entries(all)) {
    const { body } = await project.call('GET', `/v1/vouchers/${encodeURIComponent(name)}`);
    found.push(...differences(expected, body, `${name} afterwards`));
  }
  return found;
}

/**
 * A case cannot know the id of a redemption that it made: a later step says where the last one, or the last list, told it
 * (`/v1/redemptions/$.parent_redemption.id/rollbacks`), or names any id, which means the last redemption.
 */
function remembering() {
  let last;
  let named;
  return {
    keep(body) {
      if (body?.object === 'redemption' || body?.redemptions?.length > 0) last = named = body;
      else if (body?.object === 'list') named = body;
    },
    recall(path) {
      const told = (place) => place.split('.').reduce((value, name) => value?.[name], named);
      if (path.includes('/$.')) return path.replace(/\/\$\.([\w.]+)/g, (_, place) => `/${told(place)}`);
      if (!last) return path;
      const single = last.redemptions ? last.redemptions[0].id : last.id;
      const parent = last.parent_redemption?.id ?? single;
      return path
        .replace(/\/redemptions\/[^/?]+\/(rollbacks?)/, (_, verb) => `/redemptions/${verb === 'rollbacks' ? parent : single}/${verb}`)
        .replace(/\/redemptions\/[:{<][^/?]*$/, () => `/redemptions/${single}`);
    },
  };
}
