//! `counterfoil publish`

mod kept;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use counterfoil::catalog::Catalog;
use counterfoil::compile::Compiled;
use counterfoil::error::Severity;
use counterfoil::lint::GRAVE;
use counterfoil::publication::Publication;
use counterfoil::snapshot::{
    open, Expiry, KeyRing, Manifest, NamedSecretKey, Policy, Profile, Revision, Role, SecretKey, SectionKind,
};
use counterfoil::time::{Interval, Timestamp};

use kept::Kept;
use told::{Published, Rehearsal};

use super::root;
use crate::campaigns::CampaignFiles;
use crate::changes::{changes, Change};
use crate::clock::{self, Duration};
use crate::codes::segments::Told;
use crate::destination::Destination;
use crate::edge::{self, Edge};
use crate::fault::{faults_of, Failure, Fault};
use crate::keys;
use crate::render::{complain, count, note};
use crate::sealing::{seal_campaigns, Terms};

/// Sign campaigns and hand them out
///
/// Compiles the documents, signs them for the shop and the environment of the key ring, opens the result with that key
/// ring exactly as a host would, and only then hands it out. Nothing leaves that a host would refuse.
///
/// `--to` a folder writes `snapshot.cfs` in one step, and a copy under its SHA-256 in `snapshots/`, for any web server
/// or content delivery network. `--to` an address sends it to the counterfoil worker there, which checks it again; its
/// admin token is taken from `--token` or COUNTERFOIL_TOKEN.
///
/// Campaigns whose `codeList` names a file are not in what browsers see. `--edge-to` names a folder for the private half: each
/// part of it lies in `sections/` under its SHA-256, `head.cfs` names them, and a host that has the last one fetches what
/// is new, ten kilobytes for a thousand codes. A worker, which `--edge-to` names by its address, gets all of it, and quotes
/// with it.
///
/// Nothing is published that a grave lint has found something in: codes that are in plain sight or found by trying, and
/// discounts that leave nothing to pay.
///
/// `--dry-run` does all of it but the last step, and tells how many bytes each campaign adds to either half.
///
/// What changes for shoppers is told in words, against the documents that are published. Each publication keeps its own
/// for that beside the first key, or in the file of `--kept`, where nobody is served them; what is kept counts only if it is what
/// the place has published. Where it is not, because somebody else published or from another machine, `--against` names the
/// documents that were.
///
/// Versions only grow: the next one follows from what is published there. Hosts refuse a version below the one they have
/// seen, so to return to old rules, publish them anew.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Examples:

  counterfoil publish --campaigns campaigns/*.yaml --life 14d --to public \
      --key keys/publisher.key.json --key-ring keys/key-ring.json
  counterfoil publish --campaigns campaigns.json --to https://example.com \
      --key keys/publisher.key.json --key-ring keys/key-ring.json
  counterfoil publish --campaigns campaigns.json --against published.json --dry-run \
      --to public --key keys/publisher.key.json --key-ring keys/key-ring.json"#)]
pub struct Arguments {
    /// Campaign documents, JSON or YAML
    #[arg(long, required = true, value_name = "FILE", num_args = 1..)]
    campaigns: Vec<PathBuf>,
    /// The secret keys that sign; as many as the key ring's threshold asks for
    #[arg(long, required = true, value_name = "FILE", num_args = 1..)]
    key: Vec<PathBuf>,
    /// The keys that hosts trust; names the shop and the environment
    #[arg(long, value_name = "FILE")]
    key_ring: PathBuf,
    /// The shop's root documents, where the keys are kept up to date by them; a worker is handed them too
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// A folder, or the address of a worker
    #[arg(long, value_name = "DIR|URL")]
    to: String,
    /// A folder or a worker for the private half, which only workers and servers see: all campaigns, and what is kept of
    /// unique codes
    #[arg(long, value_name = "DIR|URL")]
    edge_to: Option<String>,
    /// The pepper of unique codes, as `counterfoil codes pepper` makes it
    #[arg(long, value_name = "FILE")]
    pepper: Option<PathBuf>,
    /// Publish although this lint has found something that it otherwise keeps from being published
    #[arg(long, value_name = "LINT", value_parser = counterfoil::lint::GRAVE)]
    allow: Vec<String>,
    /// The worker's admin token
    #[arg(long, value_name = "TOKEN", env = "COUNTERFOIL_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The version, higher than the one that is published. Default: the next one
    #[arg(long, value_name = "N")]
    version: Option<u64>,
    /// After how long hosts stop using the snapshot unless another one follows
    #[arg(long, value_name = "TIME", value_parser = clock::duration, default_value = "30d")]
    life: Duration,
    /// The documents that were published last, to tell what changes. Default: those that are kept
    #[arg(long, value_name = "FILE", num_args = 1..)]
    against: Vec<PathBuf>,
    /// Where the documents are kept that were published last. Default: `published.AUDIENCE.ENVIRONMENT.json` beside the first key
    #[arg(long, value_name = "FILE")]
    kept: Option<PathBuf>,
    /// Do everything except handing it out
    #[arg(long)]
    dry_run: bool,
    /// Print what was published as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let now = clock::now();
        let destination = Destination::of(&self.to, self.token.as_deref())?;
        let ring = root::follow(keys::key_ring(&self.key_ring)?, self.root.as_deref(), now)?;
        let keys = keys::secret_keys(&self.key, Role::Publisher)?;

        let files = CampaignFiles::read(&self.campaigns)?;
        let (compiled, warnings) = files.compile(self.life.from(now))?;
        let (grave, warnings): (Vec<Fault>, Vec<Fault>) = warnings.into_iter().partition(|found| self.is_grave(found));
        complain(&warnings);
        if !grave.is_empty() {
            let grave = grave.into_iter().map(|fault| Fault { severity: Severity::Error, ..fault });
            return Err(Failure::Refused(grave.collect()));
        }
        let named = count(self.campaigns.len(), "file");
        note(&format!("compiled   {} from {named}", count(compiled.campaigns, "campaign")));
        if !compiled.sealed.is_empty() {
            // their makers take them for secrets, and they are what docs/sealed-codes.md says
            let codes = count(compiled.sealed.len(), "code");
            note(&format!("sealed     {codes}: guessable, as far as each is short or a word"));
        }

        let current = self.current(&destination, &ring, now)?;
        let edge = edge::needed(self.edge_to.as_deref(), &compiled)?;
        let edge = edge.map(|to| Destination::of(to, self.token.as_deref())).transpose()?;
        let edge = edge.map(|to| Edge::at(to, self.pepper.as_deref(), &ring, now)).transpose()?;
        let before = current.as_ref().map_or(0, |manifest| manifest.version);
        let before = before.max(edge.as_ref().map_or(0, Edge::version));
        let version = next_version(self.version, before, &destination)?;
        let terms = self.terms(&ring, version, now);
        let snapshot = self.sign(&compiled, &terms, &keys)?;
        let mut published = self.prove(&snapshot, &ring, version, now)?;
        if let Some(edge) = &edge {
            let secrets: Vec<&SecretKey> = keys.iter().map(|key| &key.secret_key).collect();
            published.edge = Some(edge.sign(&compiled, &terms, (&ring, &secrets))?);
        }
        let kept = self.kept.clone().or_else(|| Some(kept::beside(self.key.first()?, &ring))).unwrap_or_default();
        if !self.against.is_empty() {
            published.changes = Some(self.changes(&files, current.as_ref(), &keys, published.codes())?);
        } else if let Some(current) = &current {
            published.changes = match current.revision.to_string() == published.revision {
                // they are the same, whatever is kept
                true => Some(changes(&files.texts(), &files.texts(), published.codes())),
                false => changes_since_kept(&kept, current, &files, published.codes()),
            };
        }

        if self.dry_run {
            let codes = edge.as_ref().map(|edge| edge.sizes_of_codes(&compiled)).transpose()?;
            let campaign_sizes = files.sizes(self.life.from(now), codes.as_ref());
            published.dry_run = Some(Rehearsal { campaign_sizes });
            note("not published: this is a dry run");
        } else {
            if let Some(chain) = &self.root {
                let chain = fs::read(chain).map_err(|error| Fault::of_io("read", chain, &error))?;
                destination.hand_root(&chain)?;
                if let Some(edge) = &edge {
                    edge.hand_root(&chain)?;
                }
            }
            // the private half first: nobody is told of a campaign before the edge knows it
            if let (Some(edge), Some(signed)) = (&edge, &published.edge) {
                edge.publish(signed)?;
            }
            destination.publish(&snapshot, &published.sha256)?;
            note(&format!("published  {}", destination.name_of_current()));
            let is_public = destination.has(&kept) || edge.as_ref().is_some_and(|edge| edge.has(&kept));
            keep(&kept, is_public, &Kept::of(version, &published.revision, &files.texts()));
        }
        if current.is_some_and(|current| current.revision.to_string() == published.revision) {
            let new =
                if published.codes().is_none() { "only their life is new" } else { "what is new is unique codes" };
            note(&format!("           the campaigns are the ones that were published before; {new}"));
        }
        published.tell(self.json, now)
    }

    /// The head of what is published now. What cannot be checked is no ground to count on, except when the caller
    /// says from where to count.
    fn current(&self, destination: &Destination, ring: &KeyRing, now: Timestamp) -> Result<Option<Manifest>, Failure> {
        let Some(bytes) = destination.current()? else {
            note("found      nothing published yet");
            return Ok(None);
        };
        let policy = Policy { expiry: Expiry::Ignore, ..Policy::at(now, Profile::Storefront) };
        match open(&bytes, ring, &policy) {
            Ok(snapshot) => {
                note(&format!("found      version {}", snapshot.manifest().version));
                Ok(Some(snapshot.manifest().clone()))
            }
            Err(error) if self.version.is_some() => {
                note(&format!("found      a snapshot that the key ring does not open ({})", error.code()));
                Ok(None)
            }
            Err(error) => {
                let mut faults = faults_of(&error, destination.name_of_current());
                for fault in &mut faults {
                    let help =
                        "check that the place and the key ring belong together; if they do, say with `--version` \
                                which version is next";
                    fault.message = format!("what is published there cannot be read: {}", fault.message);
                    fault.help = help.to_owned();
                }
                Err(faults.into())
            }
        }
    }

    /// What changes for shoppers. That the older documents are those that were published is not taken on trust: compiled again
    /// they must make the same snapshot.
    fn changes(
        &self,
        files: &CampaignFiles,
        current: Option<&Manifest>,
        keys: &[NamedSecretKey],
        codes: Option<&Told>,
    ) -> Result<Vec<Change>, Failure> {
        let older = CampaignFiles::read(&self.against)?;
        if let Some(current) = current {
            let life = Interval { from: current.issued_at, until: current.expires_at };
            let same = revision(&older, life, keys).is_some_and(|revision| revision == current.revision);
            if !same {
                let message = format!(
                    "the documents of `--against` are not those of version {}, which is published",
                    current.version
                );
                let help = "name the documents as they were published, to the same version of this program";
                let fault = Fault::new("against_other_documents", message, help);
                complain(&[Fault { severity: Severity::Warning, ..fault }]);
            }
        }
        Ok(changes(&older.texts(), &files.texts(), codes))
    }

    /// Whether a lint keeps campaigns from being published.
    fn is_grave(&self, found: &Fault) -> bool {
        GRAVE.contains(&found.code.as_str()) && !self.allow.contains(&found.code)
    }

    fn terms<'a>(&self, ring: &'a KeyRing, version: u64, now: Timestamp) -> Terms<'a> {
        let (audience, environment) = (ring.audience.as_str(), ring.environment.as_str());
        Terms { audience, environment, version, life: self.life.from(now), root_version: ring.version }
    }

    fn sign(&self, compiled: &Compiled, terms: &Terms<'_>, keys: &[NamedSecretKey]) -> Result<Vec<u8>, Failure> {
        let secrets: Vec<&SecretKey> = keys.iter().map(|key| &key.secret_key).collect();
        let snapshot = seal_campaigns(compiled, terms, &secrets).map_err(|error| faults_of(&error, "the snapshot"))?;
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        note(&format!("signed     version {} with {}", terms.version, names.join(", ")));
        Ok(snapshot)
    }

    /// Opens the snapshot as a host does, before it goes anywhere.
    fn prove(&self, snapshot: &[u8], ring: &KeyRing, version: u64, now: Timestamp) -> Result<Published, Failure> {
        let policy = Policy { min_version: version, ..Policy::at(now, Profile::Storefront) };
        let refused = |error| faults_of(&error, "the snapshot");
        let opened = open(snapshot, ring, &policy).map_err(refused)?;
        let catalog = Catalog::read(opened.section(SectionKind::Campaigns).unwrap_or_default()).map_err(refused)?;
        note(&format!("verified   with {}", self.key_ring.display()));
        let manifest = opened.manifest();
        Ok(Published {
            version: manifest.version,
            revision: manifest.revision.to_string(),
            sha256: hexadecimal(&opened.sha256()),
            campaigns: catalog.promotions().len(),
            bytes: snapshot.len(),
            issued_at: manifest.issued_at,
            expires_at: manifest.expires_at,
            to: self.to.clone(),
            edge: None,
            dry_run: None,
            changes: None,
        })
    }
}

/// What changes for shoppers against the documents that were kept, if they are what is published.
fn changes_since_kept(
    kept: &Path,
    current: &Manifest,
    files: &CampaignFiles,
    codes: Option<&Told>,
) -> Option<Vec<Change>> {
    match Kept::read(kept, current) {
        Ok(before) => {
            note(&format!("compared   with version {}, as {} has it", current.version, kept.display()));
            Some(changes(&before.documents(), &files.texts(), codes))
        }
        Err(why) => {
            note(&format!("compared   with nothing: {why}"));
            note("           to hear what changes for shoppers, name the documents that were published: `--against`");
            None
        }
    }
}

/// Keeps what was published for the next time. It is published, whether that succeeds or not.
fn keep(path: &Path, is_public: bool, published: &Kept) {
    let help = "name a file that is yours alone by `--kept`, or the next time `--against`, to hear what changes";
    let fault = match is_public {
        true => {
            let message = "what was published is not kept in a folder that is handed out";
            Some(Fault::new("place_is_public", message, help).of_file(path.display()))
        }
        false => published.write(path).err().map(|fault| Fault { help: help.to_owned(), ..fault }),
    };
    complain(&fault.map(|fault| Fault { severity: Severity::Warning, ..fault }).into_iter().collect::<Vec<_>>());
}

/// What documents would have been published as for `life`, under these keys.
fn revision(files: &CampaignFiles, life: Interval, keys: &[NamedSecretKey]) -> Option<Revision> {
    let (compiled, _) = files.compile(life).ok()?;
    Some(Publication::of(&compiled, &keys.first()?.secret_key).revision())
}

fn next_version(asked: Option<u64>, published: u64, destination: &Destination) -> Result<u64, Fault> {
    match asked {
        None => Ok(published.saturating_add(1)),
        Some(version) if version > published => Ok(version),
        Some(version) => {
            let message = format!("version {version} does not follow version {published}, which is published there");
            let help = format!("leave `--version` out, or give {} or more", published.saturating_add(1));
            Err(Fault::new("version_not_higher", message, help).of_file(destination.name_of_current()))
        }
    }
}

/// Two digits a byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
