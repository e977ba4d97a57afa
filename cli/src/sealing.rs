//! From campaign documents to a signed snapshot, and back through the door that every host uses. There is no
//! other way to an engine: what is only tried out is signed as well, with a key that lives for the moment.

use counterfoil::compile::Compiled;
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::publication::seal_half;
use counterfoil::snapshot::{seal, sections, KeyRing, ManifestFields, Policy, Profile, SecretKey};
use counterfoil::time::{Interval, Timestamp};
use counterfoil::{Engine, Options};
use zeroize::Zeroizing;

use crate::campaigns::CampaignFiles;
use crate::fault::Fault;

/// For whom a snapshot is, its version, and how long it lives.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The shop.
    pub audience: &'a str,
    /// The environment.
    pub environment: &'a str,
    /// Higher than all before.
    pub version: u64,
    /// From its issue to its end.
    pub life: Interval,
    /// The last root document; 0 where there is none.
    pub root_version: u64,
}

/// Signs compiled campaigns as a storefront snapshot.
///
/// # Errors
/// What [`seal`] refuses.
pub fn seal_campaigns(compiled: &Compiled, terms: &Terms<'_>, keys: &[&SecretKey]) -> Result<Vec<u8>, Error> {
    seal_half(compiled, &[], &fields(Profile::Storefront, terms), keys)
}

/// Signs the private half: all campaigns, and the segments of unique codes.
///
/// # Errors
/// What [`seal`] refuses.
pub fn seal_edge(
    compiled: &Compiled,
    codes: &[Vec<u8>],
    terms: &Terms<'_>,
    keys: &[&SecretKey],
) -> Result<Vec<u8>, Error> {
    let codes: Vec<&[u8]> = codes.iter().map(Vec::as_slice).collect();
    seal_half(compiled, &codes, &fields(Profile::Edge, terms), keys)
}

fn fields<'a>(profile: Profile, terms: &Terms<'a>) -> ManifestFields<'a> {
    ManifestFields {
        audience: terms.audience,
        environment: terms.environment,
        profile,
        revision: None,
        version: terms.version,
        issued_at: terms.life.from,
        expires_at: terms.life.until,
        root_version: terms.root_version,
    }
}

/// A key from the system's source of randomness.
///
/// # Errors
/// `randomness_unavailable`.
pub fn fresh_key() -> Result<SecretKey, Fault> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(|error| {
        let message = format!("the system gives no random bytes: {error}");
        Fault::new("randomness_unavailable", message, "make keys on a machine with a working random source")
    })?;
    Ok(SecretKey::from_seed(&seed))
}

/// An engine as a host would have it at `now` if the documents were published for `life` and all that is sealed or for the edge
/// alone were open to it; the second part is the compiler's warnings.
///
/// # Errors
/// The faults of the documents; a snapshot that no host would open.
pub fn rehearse(
    files: &CampaignFiles,
    now: Timestamp,
    life: Interval,
    disclosure: Disclosure,
) -> Result<(Engine, Vec<Fault>), Vec<Fault>> {
    let (compiled, warnings) = files.compile(life)?;
    let key = fresh_key().map_err(|fault| vec![fault])?;
    let terms = Terms { audience: "rehearsal", environment: "local", version: 1, life, root_version: 0 };
    let ring = KeyRing::with_publisher(terms.audience, terms.environment, &[key.public_key()]);
    let options = Options { policy: Policy::at(now, Profile::Storefront), disclosure };
    let section = compiled.rehearsed();
    let programme = compiled.edge.as_ref().map_or(&compiled.programme, |edge| &edge.programme);
    let sealed = seal(&fields(Profile::Storefront, &terms), &sections(&section, programme), &[&key]);
    let engine = sealed.and_then(|bytes| Engine::open(&bytes, &ring, options));
    let faults = |error: Error| error.diagnostics().map(Fault::from).collect::<Vec<_>>();
    Ok((engine.map_err(faults)?, warnings))
}
