//! `counterfoil pulse`

use std::fs;
use std::path::PathBuf;

use clap::Args;
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{Policy, Pulse, Role, SecretKey};
use counterfoil::{Engine, Options};

use super::root;
use super::verify::Profile;
use crate::clock::{self, distance, written, Duration};
use crate::fault::{faults_of, Failure, Fault};
use crate::files;
use crate::keys;
use crate::render::{complain, fields, say, say_json};

/// Confirm a snapshot for a short time, and stop campaigns of it
///
/// A pulse says which version is current and which of its campaigns must not run any more. Hosts that follow it stop a
/// campaign within one pulse; at the edge they quote nothing once the last pulse has ended. A pulse can only confirm or
/// deny: its key is online, and what a publisher has not signed it cannot bring about. A stop is lifted by publishing anew.
///
/// The snapshot is opened and the pulse tried on it before it is written. Run it on a schedule, more often than `--life`.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil pulse public/snapshot.cfs --to public/pulse.cfp --stop spring-sale \
      --key keys/online.key.json --key-ring keys/key-ring.json"#)]
pub struct Arguments {
    /// The snapshot that is current
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to write the pulse; what is there is replaced
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The secret pulse keys
    #[arg(long, required = true, value_name = "FILE", num_args = 1..)]
    key: Vec<PathBuf>,
    /// The keys that hosts trust
    #[arg(long, value_name = "FILE")]
    key_ring: PathBuf,
    /// The shop's root documents
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
    /// Ids of campaigns that must not run
    #[arg(long, value_name = "CAMPAIGN", num_args = 1..)]
    stop: Vec<String>,
    /// The lowest version that hosts may still use. Default: that of the snapshot
    #[arg(long, value_name = "N")]
    min_version: Option<u64>,
    /// How long it is good: at most an hour at the edge, a day elsewhere
    #[arg(long, value_name = "TIME", value_parser = clock::duration, default_value = "10m")]
    life: Duration,
    /// Which half of a publication the snapshot is
    #[arg(long, value_enum, default_value = "storefront")]
    profile: Profile,
    /// Print the pulse as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let now = clock::now();
        let ring = root::follow(keys::key_ring(&self.key_ring)?, self.root.as_deref(), now)?;
        let keys = keys::secret_keys(&self.key, Role::Pulse)?;
        let bytes = fs::read(&self.file).map_err(|error| Fault::of_io("read", &self.file, &error))?;
        let options = Options { policy: Policy::at(now, self.profile.into()), disclosure: Disclosure::Full };
        let refused = |error| faults_of(&error, self.file.display());
        let mut engine = Engine::open(&bytes, &ring, options).map_err(refused)?;

        let unknown = self.stop.iter().filter(|id| engine.catalog().campaign_of_id(id).is_none());
        let unknown: Vec<Fault> = unknown.map(|id| not_there(id)).collect();
        let pulse = engine.pulse(now, self.life.from(now).until, self.stop.clone());
        let pulse = Pulse { min_version: self.min_version.unwrap_or(pulse.version), ..pulse };
        let secrets: Vec<&SecretKey> = keys.iter().map(|key| &key.secret_key).collect();
        let sealed = pulse.seal(&secrets).map_err(|error| faults_of(&error, "the pulse"))?;
        engine.take_pulse(&sealed, now).map_err(|error| faults_of(&error, "the pulse"))?;
        complain(&unknown);
        files::replace(&self.to, &sealed)?;
        match self.json {
            true => say_json(&pulse)?,
            false => say(&fields(&[
                ("pulse", self.to.display().to_string()),
                ("version", pulse.version.to_string()),
                ("expires", format!("{}, {}", written(pulse.expires_at), distance(pulse.expires_at, now))),
                ("stopped", if pulse.stopped.is_empty() { "nothing".to_owned() } else { pulse.stopped.join(", ") }),
            ]))?,
        }
        Ok(())
    }
}

/// A stop for a campaign that the snapshot does not have does no harm, and may be a slip of the pen.
fn not_there(id: &str) -> Fault {
    let message = format!("the snapshot has no campaign `{id}`");
    let fault = Fault::new("campaign_unknown", message, "look its id up in the campaign documents");
    Fault { severity: counterfoil::error::Severity::Warning, ..fault }
}
