// Opens every file of tests/attacks. Runs in any host.

const utf8 = new TextDecoder();

/**
 * @param {typeof import('counterfoil')} counterfoil
 * @param {typeof import('counterfoil/sealed')} sealed
 * @param {(name: string) => Promise<Uint8Array>} read
 * @returns {Promise<{ name: string, count: number, failures: string[] }[]>} one finding per attack
 */
export async function attemptAttacks({ Engine }, { unseal }, read) {
  const json = async (name) => JSON.parse(utf8.decode(await read(`attacks/${name}`)));
  const bytes = (folder, file) => read(`attacks/${folder}/${file}`);
  const ringOf = (folder) => json(`${folder}/key-ring.json`);

  /** What a host does with one file of a folder; `floor` is the version that it has used. */
  const attempt = async (folder, file, state, floor) => {
    const { policy, document, typed, setAside = 0, with: companions = [] } = await json(`${folder}/expect.json`);
    const keyRing = await ringOf(folder);
    const options = { ...policy, minVersion: Math.max(policy.minVersion, floor) };
    if (document === 'root') {
      await Engine.open(await bytes(folder, 'good.bin'), keyRing, { ...options, root: await bytes(folder, file) });
    } else if (document === 'pulse') {
      const engine = await Engine.open(await bytes(folder, 'good.bin'), keyRing, options);
      const [held, now] = state === 'valid' ? ['held.bin', policy.now] : ['ended.bin', policy.now - 2];
      if (state !== 'fresh' && companions.includes(held)) engine.takePulse(await bytes(folder, held), { now });
      const before = JSON.stringify(engine.quote(request));
      try {
        engine.takePulse(await bytes(folder, file), { now: policy.now });
      } finally {
        if (JSON.stringify(engine.quote(request)) !== before) throw new Error('the pulse changed the answer');
      }
    } else if (document === 'grant') {
      const engine = await Engine.open(await bytes(folder, 'good.bin'), keyRing, options);
      const [held, now] = state === 'valid' ? ['held.bin', policy.now] : ['ended.bin', policy.now - 2];
      const customer = 'ann';
      if (state !== 'fresh' && companions.includes(held)) engine.takeGrant(await bytes(folder, held), { customer, now });
      const before = JSON.stringify(engine.quote(request));
      try {
        engine.takeGrant(await bytes(folder, file), { customer, now: policy.now });
      } finally {
        if (JSON.stringify(engine.quote(request)) !== before) throw new Error('the grant changed the answer');
      }
    } else if (document === 'sealed') {
      const engine = await Engine.open(await bytes(folder, file), keyRing, options);
      const before = JSON.stringify(engine.quote(request));
      const opened = await unseal(engine, typed, { now: policy.now });
      if (JSON.stringify(engine.quote(request)) !== before) throw new Error('a cart without the code has another answer');
      const [{ reasons }] = engine.quote({ ...request, codes: [typed] }).outcomes.filter(({ code }) => code === typed);
      const isKnown = reasons.every(({ code }) => code !== 'code_unknown');
      if (isKnown !== opened) throw new Error('what the code has opened is not what the cart is told');
      if (!opened) return 'code_unknown';
    } else {
      const root = companions.includes('chain.bin') ? await bytes(folder, 'chain.bin') : undefined;
      const { snapshot } = await Engine.open(await bytes(folder, file), keyRing, { ...options, root });
      const told = snapshot.setAside.map((one) => `${one.code} ${one.severity} ${one.fixBy}`);
      if (told.some((one) => one !== 'kind_unknown warning developer') || told.length !== setAside) throw new Error(`set aside: ${told}`);
    }
  };

  const { policy } = await json('valid/expect.json');
  const request = { currency: 'EUR', now: policy.now, lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }] };
  // shops that are open while others knock: with a snapshot that is good, and with one that has ended
  const valid = await Engine.open(await bytes('valid', 'snapshot.bin'), await ringOf('valid'), policy);
  const ended = await Engine.open(await bytes('expired', 'now.bin'), await ringOf('expired'), { ...policy, now: policy.now - 1 });
  const states = [['fresh', 0, valid], ['valid', 12, valid], ['expired', 12, ended]];
  const before = JSON.stringify(valid.quote(request));

  const findings = [];
  for (const { name, files, code } of await json('index.json')) {
    const failures = [];
    const { codeInState = code } = await json(`${name}/expect.json`);
    for (const file of files) {
      for (const [state, floor, loaded] of states) {
        const expected = state === 'fresh' ? code : codeInState;
        const got = await attempt(name, file, state, floor).then(
          (answer = null) => answer,
          // of one entry of the package or another
          (error) => (error?.name === 'CounterfoilError' && error.help !== '' ? error.code : `${error?.stack ?? error}`),
        );
        if (got !== expected) failures.push(`${file} (${state}): got ${got}, expected ${expected}`);
        if (JSON.stringify(loaded.quote(request)) !== before) failures.push(`${file} (${state}): the loaded engine answers otherwise`);
      }
    }
    findings.push({ name, count: files.length * states.length, failures });
  }
  return findings;
}
