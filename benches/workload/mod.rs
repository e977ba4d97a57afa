//! The workloads that `node bench/dump.mjs` writes: campaigns, compiled and signed, and requests to quote.

use std::error::Error;
use std::fs;
use std::path::Path;

use counterfoil::compile::{compile, Source};
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{seal, KeyRing, ManifestFields, Policy, Profile, SecretKey, Section, SectionKind};
use counterfoil::time::Interval;
use counterfoil::{Engine, Options};

/// The moment all workloads are about: 2026-09-21T14:13:20Z.
pub const NOW: i64 = 1_790_000_000_000;
/// Snapshots are issued a day before and live thirty days.
const LIFE: Interval = Interval { from: NOW - 86_400_000, until: NOW + 29 * 86_400_000 };

/// A signed snapshot and the key ring that trusts it.
pub struct Sealed {
    pub snapshot: Vec<u8>,
    pub ring: KeyRing,
}

/// A snapshot and what is asked of it.
pub struct Workload {
    pub sealed: Sealed,
    pub requests: Vec<Vec<u8>>,
}

impl Sealed {
    /// Compiles and signs the campaign document in a file.
    pub fn of(campaigns: &Path) -> Result<Sealed, Box<dyn Error>> {
        let source =
            Source { name: campaigns.display().to_string(), document: serde_json::from_str(&text(campaigns)?)? };
        let compiled = compile(&[source], LIFE)?;
        // the key protects nothing: the campaigns are made up and the shop does not exist
        let key = SecretKey::from_seed(&[0xbe; 32]);
        let fields = ManifestFields {
            audience: "bench",
            environment: "bench",
            profile: Profile::Storefront,
            revision: None,
            version: 1,
            issued_at: LIFE.from,
            expires_at: LIFE.until,
            root_version: 0,
        };
        let section = Section { kind: SectionKind::Campaigns, bytes: &compiled.section };
        Ok(Sealed {
            snapshot: seal(&fields, &[section], &[&key])?,
            ring: KeyRing::with_publisher("bench", "bench", &[key.public_key()]),
        })
    }

    /// Opens the snapshot as the baselines of `bench/` are: whoever asks is told why a code does not apply.
    pub fn open(&self) -> Result<Engine, counterfoil::error::Error> {
        let options = Options { policy: Policy::at(NOW, Profile::Storefront), disclosure: Disclosure::Full };
        Engine::open(&self.snapshot, &self.ring, options)
    }
}

impl Workload {
    /// Reads a workload by its name: `W1`, `W2`, or lines x campaigns such as `20x1000`.
    pub fn read(name: &str) -> Result<Workload, Box<dyn Error>> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/out");
        let requests = text(&dir.join(format!("{name}.requests.jsonl")))?;
        Ok(Workload {
            sealed: Sealed::of(&dir.join(format!("{name}.campaigns.json")))?,
            requests: requests.lines().map(|line| line.as_bytes().to_vec()).collect(),
        })
    }
}

fn text(path: &Path) -> Result<String, Box<dyn Error>> {
    let remedy = |error| format!("{}: {error}; `node bench/dump.mjs` writes the workloads", path.display());
    fs::read_to_string(path).map_err(|error| remedy(error).into())
}
