// Opens every file of tests/attacks. Runs in any host.

const utf8 = new TextDecoder();

/**
 * @param {typeof import('counterfoil')} counterfoil
 * @param {(name: string) => Promise<Uint8Array>} read
 * @returns {Promise<{ name: string, count: number, failures: string[] }[]>} one finding per attack
 */
export async function attemptAttacks({ Engine, CounterfoilError }, read) {
  const json = async (name) => JSON.parse(utf8.decode(await read(`attacks/${name}`)));
  const open = async (folder, file) => {
    const [bytes, keyRing] = [await read(`attacks/${folder}/${file}`), await json(`${folder}/key-ring.json`)];
    const { policy } = await json(`${folder}/expect.json`);
    return Engine.open(bytes, keyRing, policy);
  };

  // a shop that is open while others knock
  const loaded = await open('valid', 'snapshot.bin');
  const { policy } = await json('valid/expect.json');
  const request = { currency: 'EUR', now: policy.now, lines: [{ id: 'a', unitPrice: 4500, quantity: 2 }] };
  const before = JSON.stringify(loaded.quote(request));

  const findings = [];
  for (const { name, files, code } of await json('index.json')) {
    const failures = [];
    for (const file of files) {
      const got = await open(name, file).then(
        () => null,
        (error) => (error instanceof CounterfoilError && error.help !== '' ? error.code : `${error?.stack ?? error}`),
      );
      if (got !== code) failures.push(`${file}: got ${got}, expected ${code}`);
      if (JSON.stringify(loaded.quote(request)) !== before) failures.push(`${file}: the loaded engine answers otherwise`);
    }
    findings.push({ name, count: files.length, failures });
  }
  return findings;
}
