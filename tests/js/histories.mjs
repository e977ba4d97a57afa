// Carries out the histories of the ledger as a worker does: what happens is told to the engine, the commands that follow are
// sent to the ledger, and each answer is told again. Each `expect` must hold; and answers, previews, the log and the state must
// be those of the native run, which wrote them: `CORPUS_ANSWERS=1 cargo test --test ledger every_history_holds`. Runs in any host.

const text = (bytes) => new TextDecoder().decode(bytes);
const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));

/** The corpus writes moments as people do. */
function withMoments(_, value) {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : value;
}

/**
 * @param {typeof import('counterfoil')} counterfoil
 * @param {typeof import('counterfoil/loyalty')} loyalty
 * @param {typeof import('counterfoil/workshop')} workshop
 * @param {(name: string) => Promise<Uint8Array>} read
 * @returns {Promise<{ name: string, count: number, failures: string[] }[]>} one finding per file
 */
export async function tellHistories(counterfoil, loyalty, workshop, read) {
  const json = async (name, reviver) => JSON.parse(text(await read(name)), reviver);
  const keyRing = await json('corpus-snapshots/key-ring.json');
  const { histories: native } = await json('corpus-snapshots/histories.json');
  const toldNatively = new Map(native.map((told) => [told.name, told]));
  const ledger = await workshop.Ledger.open();
  const findings = [];
  // a page has room for about a hundred instances: those of the snapshot before may go
  let shop, opened;
  for (const name of (await json('corpus/ledger/index.json')).files) {
    const file = await json(`corpus/ledger/${name}`, withMoments);
    const finding = { name, count: file.histories.length, failures: [] };
    findings.push(finding);
    for (const history of file.histories) {
      try {
        const told = toldNatively.get(history.name);
        if (told.snapshot !== opened) {
          [shop, opened] = [undefined, told.snapshot];
          const signed = opened && (await read(`corpus-snapshots/${opened}`));
          const open = ({ Engine }) => Engine.open(signed, keyRing, { now: history.now });
          shop = opened && { tools: await open(workshop), page: () => open(counterfoil) };
        }
        const customers = history.customers ?? file.customers ?? {};
        const programme = shop?.tools.programme() ?? JSON.stringify(history.programme ?? file.programme ?? {});
        const book = new Book(ledger, programme, shop && { ...shop, customers, preview: loyalty.preview });
        const wrong = await book.run(history, told);
        finding.failures.push(...wrong.map((what) => `${history.name}: ${what}`));
      } catch (error) {
        finding.failures.push(`${history.name}: ${error.stack ?? error}`);
      }
    }
  }
  return findings;
}

/** A ledger as a worker keeps it, and the shop whose ledger it is. */
class Book {
  #ledger;
  #programme;
  #shop;
  #state = '{"version":1}';
  #log = [];

  constructor(ledger, programme, shop) {
    this.#ledger = ledger;
    this.#programme = programme;
    this.#shop = shop;
  }

  /** Everything about a history that is not as it says, or not as it was natively. */
  async run(history, native) {
    const wrong = [];
    let { now } = history;
    const previews = [...native.previews];
    for (const [index, given] of history.commands.entries()) {
      const expected = history.expect[index];
      const command = { now, ...given };
      now = command.now;
      const told = await this.#told({ key: `k${index}`, ...command }, expected, previews);
      const differing = typeof expected === 'string' ? (word(told) === expected ? [] : [`expected ${expected}, got ${JSON.stringify(told)}`]) : differences(expected, told);
      if (ordered(told) !== ordered(native.answers[index])) differing.push(`natively ${ordered(native.answers[index])}, here ${ordered(told)}`);
      wrong.push(...differing.map((difference) => `command ${index}: ${difference}`));
    }
    if (history.expect.length !== history.commands.length) wrong.push('there is one expectation for each command');
    if (JSON.stringify(this.#log) !== native.events) wrong.push(`the log is\n${JSON.stringify(this.#log)}\nand natively\n${native.events}`);
    if (this.#log.length > 0 && this.#state !== native.state) wrong.push(`the state is\n${this.#state}\nand natively\n${native.state}`);
    if (history.state) wrong.push(...differences(history.state, JSON.parse(this.#state)).map((difference) => `state: ${difference}`));
    if (history.leaders) {
      const board = JSON.parse(this.#ledger.leaderBoard(this.#state)).map(({ referrer, conversions }) => [referrer, conversions]);
      wrong.push(...differences(history.leaders, board).map((difference) => `leaders: ${difference}`));
    }
    for (const { account, at, expect } of history.statements ?? []) {
      wrong.push(...differences(expect, this.#statement(account, at)).map((difference) => `statement: ${difference}`));
    }
    return wrong;
  }

  async #told(command, expected, previews) {
    if (command.happened) return this.#happened(command.happened, command.now);
    if (command.preview) return this.#preview(command.preview, command.now, previews.shift());
    const decision = this.#carryOut(command);
    if (expected.follows === undefined) return decision.answer;
    const { type, customer, friend } = command;
    const whose = { claim: customer, refer: friend }[type];
    return { ...decision.answer, follows: this.#happened({ type: 'answered', id: command.key, now: command.now, ...(whose && { customer: whose }), answer: decision.answer, events: decision.events }, command.now) };
  }

  /** A preview as servers and as pages make it. */
  async #preview(asked, now, native) {
    const { request, accounts } = this.#completed(asked, now);
    const { page, tools, preview } = this.#shop;
    const told = text(tools.previewBytes(bytes({ request, accounts })));
    const shown = JSON.stringify(await preview(await page(), request, accounts));
    for (const [where, here] of Object.entries({ servers: told, pages: shown })) {
      if (here !== native) throw new Error(`the preview of ${where} is\n${here}\nand natively\n${native}`);
    }
    return JSON.parse(told);
  }

  /** Tells what has happened, and carries out what follows: the answers' words, what rules gave, and what is handed out. */
  #happened(happened, now) {
    const { tools } = this.#shop;
    const [earned, answers, gives] = [[], [], []];
    // the last is done first: what follows from an answer comes before the commands that wait
    const open = [{ occasion: this.#completed(happened, now) }];
    while (open.length > 0) {
      const { command, occasion } = open.pop();
      if (!command) {
        let follows;
        try {
          follows = JSON.parse(text(tools.followBytes(bytes(occasion))));
        } catch (error) {
          if (error.code === undefined) throw error;
          return { at: error.at?.pointer ?? null, error: error.code };
        }
        earned.push(...follows.earned);
        gives.push(...follows.gives);
        open.push(...follows.commands.map((command) => ({ command, occasion })).reverse());
        continue;
      }
      const { answer, events, repeated } = this.#carryOut(command);
      answers.push(word(answer));
      if (repeated || word(answer) === 'key_reused') continue;
      // a conversion is the referrer's, everything else the customer's
      const referrer = answer.gives?.conversions === undefined ? undefined : answer.gives.referrer;
      const customer = referrer === undefined ? (occasion.customer ?? occasion.request?.customer ?? null) : this.#customer(referrer);
      const accounts = this.#accounts(customer, command.now);
      open.push({ occasion: { type: 'answered', id: command.key, now: command.now, answer, events, customer, accounts } });
    }
    return { earned, answers, gives };
  }

  #carryOut(command) {
    const { state, ...decision } = JSON.parse(this.#ledger.decide(this.#programme, this.#state, JSON.stringify(command)));
    this.#state = JSON.stringify(state);
    this.#log.push(...decision.events);
    return decision;
  }

  /** Puts in what the worker knows: who the customer is, and what the accounts hold. */
  #completed(asked, now) {
    const holder = asked.request ?? asked;
    const customer = holder.customer === undefined ? undefined : this.#customer(holder.customer);
    const completed = { now, ...holder, ...(customer && { customer }) };
    const accounts = asked.accounts ?? this.#accounts(customer, now);
    return asked.request ? { ...asked, request: completed, accounts } : { ...completed, accounts };
  }

  #customer(told) {
    return typeof told === 'string' ? { ...this.#shop.customers[told], id: told } : told;
  }

  #accounts(customer, now) {
    if (customer?.id === undefined) return [];
    const schemes = Object.keys(JSON.parse(this.#programme).schemes ?? {});
    return schemes.map((scheme) => this.#statement(`${scheme}:${customer.id}`, now)).filter(({ answer }) => answer === undefined);
  }

  #statement(account, now) {
    return JSON.parse(this.#ledger.statement(this.#programme, this.#state, account, now));
  }
}

/** `accepted`, or the code of the refusal. */
const word = ({ status, refusal }) => refusal?.code ?? status;

/** Where something is not a part of something else, as `tests/support/compare.rs` tells it. */
function differences(expected, actual, at = '') {
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) return [`${at}: expected ${expected.length} elements, there are ${actual.length}: ${JSON.stringify(actual)}`];
    return expected.flatMap((wanted, index) => differences(wanted, actual[index], `${at}/${index}`));
  }
  if (isObject(expected) && isObject(actual) && !Array.isArray(expected) && !Array.isArray(actual)) {
    return Object.entries(expected).flatMap(([key, wanted]) => {
      if (actual[key] === undefined) return wanted === null ? [] : [`${at}/${key}: expected ${JSON.stringify(wanted)}, there is none`];
      return differences(wanted, actual[key], `${at}/${key}`);
    });
  }
  return expected === actual ? [] : [`${at}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
}

/** JSON with the members of all objects in order of their names. */
function ordered(value) {
  const inOrder = (_, part) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
  return JSON.stringify(value, inOrder);
}
