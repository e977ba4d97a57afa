// Compiles and signs the campaigns of the corpus, and compares with what the native run signed: the same bytes. Runs in
// any host, as `corpus.mjs` does.

const DAY = 86_400_000;
const json = async (read, name) => JSON.parse(new TextDecoder().decode(await read(name)));

/**
 * @param {typeof import('counterfoil/workshop')} workshop
 * @param {(name: string) => Promise<Uint8Array>} read
 * @returns {Promise<{ name: string, count: number, failures: string[] }[]>}
 */
export async function publishCorpus({ check, compile, sign, keygen }, read) {
  const { cases } = await json(read, 'corpus-snapshots/cases.json');
  const snapshots = new Map(cases.map(({ file, snapshot, openAt }) => [file, { snapshot, openAt }]));
  const key = { role: 'publisher', name: 'corpus', secretKey: '07'.repeat(32) };
  const findings = [];
  for (const [file, { snapshot, openAt }] of snapshots) {
    const { campaigns } = await json(read, `corpus/${file}`);
    // documents that stand elsewhere are not at hand in every host
    if (typeof campaigns === 'string') continue;
    const finding = { name: file, count: 1, failures: [] };
    findings.push(finding);
    const documents = { corpus: Array.isArray(campaigns) ? { campaigns } : campaigns };
    const [issuedAt, expiresAt] = [openAt - 30 * DAY, openAt + 365 * DAY];
    const life = { from: issuedAt, until: expiresAt };
    const compiled = await compile(documents, life);
    const signed = await sign(compiled, { audience: 'corpus', environment: 'test', version: 1, issuedAt, expiresAt }, [key]);
    const native = await read(`corpus-snapshots/${snapshot}`);
    if (!same(signed, native)) finding.failures.push(`${file}: signed here ${signed.length} bytes, natively ${native.length}`);
    if (JSON.stringify(await check(documents, life)) !== JSON.stringify(compiled.warnings)) {
      finding.failures.push(`${file}: check and compile do not warn alike`);
    }
  }
  const keys = { name: 'new keys', count: 1, failures: [] };
  const [one, other] = [await keygen('a'), await keygen('b')];
  const sound = ({ secretKey, publicKey }, name) =>
    secretKey.role === 'publisher' && secretKey.name === name && publicKey.name === name && /^[0-9a-f]{64}$/.test(publicKey.publicKey);
  if (!sound(one, 'a') || !sound(other, 'b')) keys.failures.push('a key is not of the form that a ring takes');
  if (one.publicKey.publicKey === other.publicKey.publicKey) keys.failures.push('two keys are the same');
  return [...findings, keys];
}

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
