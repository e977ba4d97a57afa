// A shop's publisher in the tests that need no command line: the package compiles and signs.
import { compile, keygen, sign } from 'counterfoil/workshop';

const LIFE_MS = 30 * 86_400_000;

/** A new key, and snapshots signed with it. */
export async function newSigner({ audience = 'demo-shop', environment = 'production' } = {}) {
  const { secretKey, publicKey } = await keygen('tests');
  const online = await keygen('online');
  const edge = await keygen('edge');
  const trusting = (...keys) => ({ threshold: 1, keys });
  const ringOf = (roles) => JSON.stringify({ audience, environment, roles: { publisher: trusting(publicKey), ...roles } });
  return {
    keyRing: ringOf({}),
    secretKey,
    /** For a worker that signs pulses. */
    pulsing: { keyRing: ringOf({ pulse: trusting(online.publicKey) }), pulseKey: JSON.stringify({ ...online.secretKey, role: 'pulse' }) },
    /** For one that grants too what codes open. */
    granting: {
      keyRing: ringOf({ pulse: trusting(online.publicKey), edge: trusting(edge.publicKey) }),
      pulseKey: JSON.stringify({ ...online.secretKey, role: 'pulse' }), quoteKey: JSON.stringify({ ...edge.secretKey, role: 'edge' }),
    },
    /** The bytes of a signed snapshot of this campaign document; `changed` makes of its section what another version might have written. */
    async snapshot(document, version, changed = (section) => section) {
      const issuedAt = Date.now() - 1_000;
      const expiresAt = issuedAt + LIFE_MS;
      const compiled = await compile({ 'shop.json': document }, { from: issuedAt, until: expiresAt });
      return Buffer.from(await sign({ ...compiled, section: changed(compiled.section) }, { audience, environment, version, issuedAt, expiresAt }, [secretKey]));
    },
  };
}
