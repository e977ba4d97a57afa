//! `counterfoil verify`

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterfoil::catalog::Catalog;
use counterfoil::snapshot::{self, open, Manifest, Policy, SectionKind, Snapshot};
use counterfoil::time::Timestamp;
use serde::Serialize;

use super::publish::hexadecimal;
use super::root;
use crate::clock::{self, distance, written};
use crate::fault::{faults_of, Failure, Fault};
use crate::keys;
use crate::render::{complain, count, fields, say, say_json};

/// Check a snapshot as a host would, and say what is in it
///
/// Runs every check that a browser, a worker or a server runs before it believes a snapshot: signatures, shop,
/// environment, profile, time, version, the hash of each section. Prints what the snapshot says of itself, or the
/// refusal with its code; exit code 1 then.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil verify public/snapshot.cfs --key-ring keys/key-ring.json"#)]
pub struct Arguments {
    /// The snapshot
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The keys that hosts trust
    #[arg(long, value_name = "FILE")]
    key_ring: PathBuf,
    /// The shop's root documents
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// A pulse that is to confirm it
    #[arg(long, value_name = "FILE")]
    pulse: Option<PathBuf>,
    /// Refuse versions below this one, as a host does that has seen it; under the root document of `--min-root-version`
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_version: u64,
    /// Refuse what was published under a root document below this one, as a host does that has seen it
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_root_version: u64,
    /// The host's clock: `2026-03-01T10:00:00Z`, or UTC milliseconds. Default: the system's clock
    #[arg(long, value_name = "MOMENT", value_parser = clock::moment)]
    now: Option<Timestamp>,
    /// Which half of a publication it must be
    #[arg(long, value_enum, default_value = "storefront")]
    profile: Profile,
    /// Print the manifest as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    /// For browsers
    Storefront,
    /// For edge workers and servers
    Edge,
}

impl From<Profile> for snapshot::Profile {
    fn from(profile: Profile) -> snapshot::Profile {
        match profile {
            Profile::Storefront => snapshot::Profile::Storefront,
            Profile::Edge => snapshot::Profile::Edge,
        }
    }
}

/// What was found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verified<'a> {
    manifest: &'a Manifest,
    bytes: usize,
    sha256: String,
    signed_by: Vec<String>,
    campaigns: usize,
    codes: usize,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let now = self.now.unwrap_or_else(clock::now);
        let ring = root::follow(keys::key_ring(&self.key_ring)?, self.root.as_deref(), now)?;
        let bytes = fs::read(&self.file).map_err(|error| Fault::of_io("read", &self.file, &error))?;
        let (min_version, min_root_version) = (self.min_version, self.min_root_version);
        let policy = Policy { min_version, min_root_version, ..Policy::at(now, self.profile.into()) };
        let refused = |error| faults_of(&error, self.file.display());
        let opened = open(&bytes, &ring, &policy).map_err(refused)?;
        if let Some(path) = &self.pulse {
            let pulse = fs::read(path).map_err(|error| Fault::of_io("read", path, &error))?;
            let mut current = opened.clone().into_current();
            current.take(&pulse, now).map_err(|error| faults_of(&error, path.display()))?;
        }
        let catalog = opened.section(SectionKind::Campaigns).map(Catalog::read).transpose().map_err(refused)?;
        let set_aside = catalog.as_ref().map_or(&[][..], Catalog::set_aside);
        complain(&set_aside.iter().map(|one| Fault::of_diagnostic(one, self.file.display())).collect::<Vec<_>>());

        let verified = verified(&opened, bytes.len(), catalog.as_ref());
        match self.json {
            true => say_json(&verified)?,
            false => say(&format!("{} is sound\n{}", self.file.display(), page(&verified, now)))?,
        }
        Ok(())
    }
}

fn verified<'a>(opened: &'a Snapshot<'_>, bytes: usize, catalog: Option<&Catalog>) -> Verified<'a> {
    Verified {
        manifest: opened.manifest(),
        bytes,
        sha256: hexadecimal(&opened.sha256()),
        signed_by: opened.signers().iter().map(ToString::to_string).collect(),
        campaigns: catalog.map_or(0, |catalog| catalog.promotions().len()),
        codes: catalog.map_or(0, |catalog| catalog.codes().len()),
    }
}

fn page(verified: &Verified<'_>, now: Timestamp) -> String {
    let Manifest { audience, environment, profile, revision, version, issued_at, expires_at, .. } = verified.manifest;
    fields(&[
        ("shop", audience.clone()),
        ("environment", environment.clone()),
        ("profile", profile.name().to_owned()),
        ("version", version.to_string()),
        ("revision", revision.to_string()),
        ("issued", format!("{}, {}", written(*issued_at), distance(*issued_at, now))),
        ("expires", format!("{}, {}", written(*expires_at), distance(*expires_at, now))),
        ("signed by", verified.signed_by.join(", ")),
        ("campaigns", verified.campaigns.to_string()),
        ("codes", verified.codes.to_string()),
        ("sections", sections(verified.manifest)),
        ("size", count(verified.bytes, "byte")),
        ("sha256", verified.sha256.clone()),
    ])
}

fn sections(manifest: &Manifest) -> String {
    let section = |entry: &snapshot::SectionEntry| {
        let name = match SectionKind::from_byte(entry.kind) {
            Some(SectionKind::Campaigns) => "campaigns".to_owned(),
            Some(SectionKind::Programme) => "programme".to_owned(),
            Some(SectionKind::Codes) => "codes".to_owned(),
            Some(SectionKind::Sealed) => "sealed".to_owned(),
            None => format!("kind {}", entry.kind),
        };
        format!("{name} ({} bytes)", entry.length)
    };
    manifest.sections.iter().map(section).collect::<Vec<_>>().join(", ")
}
