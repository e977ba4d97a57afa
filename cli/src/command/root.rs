//! `counterfoil root`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use counterfoil::snapshot::{countersign, inspect, KeyRing, NamedSecretKey, Role, RoleKeys, Root, SecretKey};
use counterfoil::time::Timestamp;
use serde::Serialize;

use super::keygen::lines;
use crate::clock::{self, distance, written};
use crate::document::{text_of, Source};
use crate::fault::{faults_of, Failure, Fault};
use crate::files;
use crate::keys;
use crate::render::{fields, note, say, say_json};

/// Keep the root documents of a shop: which keys hosts trust, and what publishers may give at most
///
/// A root document names the keys of each role (root, publisher, pulse) and the ceilings: the largest part of an order that
/// discounts may take together, the longest life of a snapshot, the largest budget of a campaign. The documents stand in
/// one file, one behind the other; hosts that trust one follow to the last. Each is signed by enough root keys of the one
/// before it and by enough of its own.
///
/// Root keys belong offline. The first key ring that hosts are set up with comes from `next --key-ring`.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Examples:

  counterfoil keygen --role root --name ann --out keys
  counterfoil root next plan.json --to public/root.cfr --key keys/ann.key.json --key-ring keys/key-ring.json
  counterfoil root sign public/root.cfr --key keys/bob.key.json
  counterfoil root show public/root.cfr --key-ring keys/key-ring.json"#)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Put the next root document behind those that are there, as the plan says
    Next(Next),
    /// Add a signature to the last root document
    Sign(Sign),
    /// Follow the documents as a host does, and say where they lead
    Show(Show),
}

#[derive(Debug, Args)]
struct Next {
    /// What the document says, JSON: audience, environment, version, expiresAt, roles, ceilings
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The file of root documents; it is made if it is not there
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Secret root keys that sign now; others can `sign` later
    #[arg(long, required = true, value_name = "FILE", num_args = 1..)]
    key: Vec<PathBuf>,
    /// Also write the key ring that new hosts are set up with
    #[arg(long, value_name = "FILE")]
    key_ring: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Sign {
    /// The file of root documents
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The secret root keys
    #[arg(long, required = true, value_name = "FILE", num_args = 1..)]
    key: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Show {
    /// The file of root documents
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The keys that the host was set up with
    #[arg(long, value_name = "FILE")]
    key_ring: PathBuf,
    /// The host's clock. Default: the system's
    #[arg(long, value_name = "MOMENT", value_parser = clock::moment)]
    now: Option<Timestamp>,
    /// Print what the last document says as JSON
    #[arg(long)]
    json: bool,
}

/// Where a chain leads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    root: &'a Root,
    signed_by: &'a [String],
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        match self.verb {
            Verb::Next(next) => next.run(),
            Verb::Sign(sign) => sign.run(),
            Verb::Show(show) => show.run(),
        }
    }
}

impl Next {
    fn run(self) -> Result<(), Failure> {
        let text = text_of(&self.plan).map_err(|fault| vec![fault])?;
        let plan: Root = serde_json::from_str(&text).map_err(|error| {
            let help = "compare it with the example in docs/snapshot-format.md; every field name counts";
            Fault::new("root_unreadable", format!("the plan cannot be read: {error}"), help)
                .of_file(self.plan.display())
        })?;
        let before = match fs::read(&self.to) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Fault::of_io("read", &self.to, &error).into()),
        };
        let documents = inspect(&before).map_err(|error| faults_of(&error, self.to.display()))?;
        let version = documents.last().map_or(1, |(last, _)| last.version.saturating_add(1));
        if plan.version != version {
            let help = format!("write `\"version\": {version}` in the plan");
            let message = format!("the next document there has version {version}, not {}", plan.version);
            return Err(Fault::new("root_out_of_order", message, help).of_file(self.plan.display()).into());
        }
        let keys = keys::secret_keys(&self.key, Role::Root)?;
        let document = plan
            .seal(&secrets(&keys))
            .map_err(|error| Source::of_json(&self.plan.display().to_string(), &text).faults(&error))?;
        files::replace(&self.to, &[before, document].concat())?;
        if let Some(path) = &self.key_ring {
            files::replace(path, &lines(&plan.pinned())?)?;
        }
        note(&format!("wrote      root document {version} to {}", self.to.display()));
        Ok(tell_missing(&self.to, version)?)
    }
}

impl Sign {
    fn run(self) -> Result<(), Failure> {
        let mut chain = read(&self.file)?;
        for key in keys::secret_keys(&self.key, Role::Root)? {
            chain = countersign(&chain, &key.secret_key).map_err(|error| faults_of(&error, self.file.display()))?;
            note(&format!("signed     with {}", key.name));
        }
        files::replace(&self.file, &chain)?;
        Ok(tell_missing(&self.file, last(&self.file, &chain)?.0.version)?)
    }
}

impl Show {
    fn run(self) -> Result<(), Failure> {
        let now = self.now.unwrap_or_else(clock::now);
        let ring = keys::key_ring(&self.key_ring)?;
        let chain = read(&self.file)?;
        let followed = ring.follow(&chain, now).map_err(|error| faults_of(&error, self.file.display()))?;
        let (root, signed_by) = last(&self.file, &chain)?;
        if self.json {
            say_json(&Shown { root: &root, signed_by: &signed_by })?;
        } else {
            let path = self.file.display();
            say(&format!(
                "{path} leads from {} to {}\n{}",
                ring.version,
                followed.version,
                page(&root, &signed_by, now)
            ))?;
        }
        Ok(())
    }
}

/// Root documents, or nothing of a file that has none.
pub(super) fn follow(ring: KeyRing, chain: Option<&Path>, now: Timestamp) -> Result<KeyRing, Vec<Fault>> {
    let Some(path) = chain else { return Ok(ring) };
    let bytes = read(path).map_err(|fault| vec![fault])?;
    ring.follow(&bytes, now).map_err(|error| faults_of(&error, path.display()))
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    fs::read(path).map_err(|error| Fault::of_io("read", path, &error))
}

fn last(path: &Path, chain: &[u8]) -> Result<(Root, Vec<String>), Vec<Fault>> {
    let documents = inspect(chain).map_err(|error| faults_of(&error, path.display()))?;
    documents.into_iter().next_back().ok_or_else(|| {
        let help = "write the first one with `counterfoil root next`";
        vec![Fault::new("root_missing", "there is no root document in the file", help).of_file(path.display())]
    })
}

/// Says whether hosts would follow yet, as the last document's own signatures go.
fn tell_missing(path: &Path, version: u64) -> Result<(), Vec<Fault>> {
    let chain = read(path).map_err(|fault| vec![fault])?;
    let (root, signed_by) = last(path, &chain)?;
    let first = inspect(&chain).ok().and_then(|documents| documents.into_iter().next());
    let ring = first.map_or_else(|| root.pinned(), |(first, _)| first.pinned());
    match ring.follow(&chain, clock::now()) {
        Ok(_) => note(&format!("complete   hosts follow to version {version}")),
        Err(error) => note(&format!("incomplete signed by {}: {}", signed_by.join(", "), error.first().message)),
    }
    Ok(())
}

fn page(root: &Root, signed_by: &[String], now: Timestamp) -> String {
    let role = |role: Option<&RoleKeys>| {
        role.map_or("none".to_owned(), |role| format!("{} of {}", role.threshold, role.keys.len()))
    };
    let budgets = root.ceilings.budgets.iter().map(|budget| format!("{} {}", budget.amount, budget.currency));
    let budgets = budgets.collect::<Vec<_>>().join(", ");
    fields(&[
        ("shop", root.audience.clone()),
        ("environment", root.environment.clone()),
        ("version", root.version.to_string()),
        ("expires", format!("{}, {}", written(root.expires_at), distance(root.expires_at, now))),
        ("root", role(root.roles.root.as_ref())),
        ("publisher", role(Some(&root.roles.publisher))),
        ("pulse", role(root.roles.pulse.as_ref())),
        ("edge", role(root.roles.edge.as_ref())),
        ("discounts", format!("at most {} basis points of an order", root.ceilings.discount)),
        ("life", format!("at most {} seconds a snapshot", root.ceilings.life.checked_div(1_000).unwrap_or(0))),
        (
            "budgets",
            if budgets.is_empty() {
                "not bounded".to_owned()
            } else {
                format!("at most {budgets} a campaign, minor units")
            },
        ),
        ("signed by", signed_by.join(", ")),
    ])
}

fn secrets(keys: &[NamedSecretKey]) -> Vec<&SecretKey> {
    keys.iter().map(|key| &key.secret_key).collect()
}
