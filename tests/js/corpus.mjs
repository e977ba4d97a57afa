// Answers every case of the corpus through every door. Runs in any host: all it needs is the package and a way to
// read files. What must be answered was written by the native run: `CORPUS_ANSWERS=1 cargo test --test corpus`.

const utf8 = new TextDecoder();
const json = async (read, name) => JSON.parse(utf8.decode(await read(name)));

/**
 * @param {typeof import('counterfoil')} counterfoil
 * @param {(name: string) => Promise<Uint8Array>} read
 * @param {typeof import('counterfoil/workshop')} workshop
 * @returns {Promise<{ name: string, count: number, failures: string[] }[]>} one finding per corpus file
 */
export async function answerCorpus({ Engine, CounterfoilError }, read, workshop) {
  const keyRing = await json(read, 'corpus-snapshots/key-ring.json');
  const { cases } = await json(read, 'corpus-snapshots/cases.json');
  const engines = new Map();
  const open = async (Door, { snapshot, openAt, disclosure }) => {
    const key = `${snapshot} ${disclosure} ${Door === Engine}`;
    if (!engines.has(key)) {
      const bytes = await read(`corpus-snapshots/${snapshot}`);
      engines.set(key, await Door.open(bytes, keyRing, { now: openAt, disclosure }));
    }
    return engines.get(key);
  };

  const findings = new Map();
  let file;
  for (const one of cases) {
    // a page has room for about a hundred instances: those of the last file may go
    if (one.file !== file) engines.clear();
    file = one.file;
    const finding = findings.get(one.file) ?? { name: one.file, count: 0, failures: [] };
    findings.set(one.file, finding);
    finding.count += 1;
    try {
      const engine = await open(Engine, one);
      const expected = one.answer ?? `${one.error.code} at ${JSON.stringify(one.error.pointer)}`;
      for (const [door, ask] of Object.entries(doors(engine, one))) {
        const got = outcome(ask, CounterfoilError);
        // the door for bytes gives names back in the caller's own spelling, the others never saw it
        const spelled = one.error || door === 'quoteBytes' || !one.request.includes('\\u') ? expected : JSON.stringify(JSON.parse(expected));
        if (got !== spelled) finding.failures.push(`${one.name}, ${door}:\n  got      ${got}\n  expected ${spelled}`);
      }
      if (!one.returns && !one.trace) continue;
      const tools = await open(workshop.Engine, one);
      const told = (ask) => outcome(() => utf8.decode(ask()), workshop.CounterfoilError);
      const bytes = (text) => new TextEncoder().encode(text);
      const asked = (one.returns ?? []).map((part) => [part, told(() => tools.refundBytes(bytes(part.request)))]);
      if (one.trace) asked.push([{ answer: one.trace }, told(() => tools.traceBytes(bytes(one.request)))]);
      for (const [{ answer, error }, got] of asked) {
        const expected = answer ?? `${error.code} at ${JSON.stringify(error.pointer)}`;
        if (got !== expected) finding.failures.push(`${one.name}, in the workshop:\n  got      ${got}\n  expected ${expected}`);
      }
    } catch (error) {
      finding.failures.push(`${one.name}: ${error.stack ?? error}`);
    }
  }
  return [...findings.values()];
}

/** Ways to ask for a quote; those that take an object only where the text is one. */
function doors(engine, { request: text, error }) {
  const quoteBytes = () => utf8.decode(engine.quoteBytes(new TextEncoder().encode(text)));
  // some of what the format does not take as JSON, JavaScript does
  if (error?.code === 'json_malformed') return { quoteBytes };
  // the native host has no clock to fall back on
  if (error?.pointer === '/now') return {};
  const request = JSON.parse(text);
  const session = () => {
    const session = engine.session(request);
    try {
      return JSON.stringify(session.quote());
    } finally {
      session.close();
    }
  };
  return { quoteBytes, quote: () => JSON.stringify(engine.quote(request)), session };
}

function outcome(ask, CounterfoilError) {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof CounterfoilError)) return `${error.stack}`;
    return `${error.code} at ${JSON.stringify(error.at?.pointer ?? '')}`;
  }
}
