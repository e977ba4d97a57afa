//! `counterfoil keygen`

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use counterfoil::error::Error;
use counterfoil::snapshot::{KeyRing, NamedSecretKey, RingKey, Role, RoleKeys};
use zeroize::Zeroizing;

use crate::fault::{faults_of, Failure, Fault};
use crate::files::{self, Readers};
use crate::keys::key_ring;
use crate::render::{fields, say};
use crate::sealing::fresh_key;

/// Make a key; a publisher's with the key ring that trusts it
///
/// Writes two files into a folder. `publisher.key.json` is the secret half: whoever holds it can publish what every
/// host of the shop believes. Only its owner may read the file. `key-ring.json` is the public half and names the shop
/// (audience) and the environment: every host is set up with it and accepts nothing else.
///
/// With `--role root`, `--role pulse` or `--role edge` only the secret half is written, `<name>.key.json`, and the public half printed: it
/// belongs into a root document (`counterfoil root`). Shops without root documents name a ring of theirs with `--key-ring`:
/// the public half is added there, in the place of its role.
///
/// Files that are there are never overwritten. A lost key cannot be recovered: make a new one and give every host the
/// new key ring.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n\n  counterfoil keygen --out keys --audience my-shop --name 2026-a")]
pub struct Arguments {
    /// What the key signs: snapshots, root documents, pulses, or quotes and grants
    #[arg(long, value_enum, default_value = "publisher")]
    role: SignsAs,
    /// The folder for the files; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What people call the key
    #[arg(long, value_name = "NAME", default_value = "publisher")]
    name: String,
    /// A key ring that is to trust the key too; it is changed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["audience", "environment"])]
    key_ring: Option<PathBuf>,
    /// The shop whose snapshots the key signs
    #[arg(long, value_name = "AUDIENCE", default_value = "demo-shop")]
    audience: String,
    /// The environment it signs for
    #[arg(long, value_name = "ENVIRONMENT", default_value = "production")]
    environment: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SignsAs {
    /// Snapshots
    Publisher,
    /// Root documents
    Root,
    /// Pulses
    Pulse,
    /// Quote tokens and grants
    Edge,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        match self.role {
            SignsAs::Publisher if self.key_ring.is_none() => self.with_ring(),
            SignsAs::Publisher => self.alone(Role::Publisher),
            SignsAs::Root => self.alone(Role::Root),
            SignsAs::Pulse => self.alone(Role::Pulse),
            SignsAs::Edge => self.alone(Role::Edge),
        }
    }

    fn alone(self, role: Role) -> Result<(), Failure> {
        let path = self.out.join(format!("{}.key.json", self.name));
        let key = NamedSecretKey { role, name: self.name, secret_key: fresh_key()? };
        let public = key.secret_key.public_key();
        let ring = self.key_ring.as_ref().map(|ring| trusting(ring, role, &key)).transpose()?;
        files::make_folder(&self.out)?;
        files::create(&path, &Zeroizing::new(lines(&key)?), Readers::Owner)?;
        if let (Some(ring), Some(path)) = (ring, &self.key_ring) {
            files::replace(path, &lines(&ring)?)?;
        }
        Ok(say(&fields(&[
            ("secret", path.display().to_string()),
            ("role", role.name().to_owned()),
            ("public key", public.to_string()),
            ("key id", public.id().to_string()),
        ]))?)
    }

    fn with_ring(self) -> Result<(), Failure> {
        let secret_path = self.out.join("publisher.key.json");
        let ring_path = self.out.join("key-ring.json");
        // before anything is written: half a pair is of no use
        for path in [&secret_path, &ring_path] {
            if path.symlink_metadata().is_ok() {
                return Err(files::exists(path).into());
            }
        }
        let key = NamedSecretKey { role: Role::Publisher, name: self.name, secret_key: fresh_key()? };
        let public = key.secret_key.public_key();
        let mut ring = KeyRing::with_publisher(&self.audience, &self.environment, &[public]);
        for listed in &mut ring.roles.publisher.keys {
            listed.name = Some(key.name.clone());
        }
        if let Some(error) = Error::from_diagnostics(ring.validate()) {
            return Err(faults_of(&error, "the key ring").into());
        }
        files::make_folder(&self.out)?;
        files::create(&secret_path, &Zeroizing::new(lines(&key)?), Readers::Owner)?;
        files::create(&ring_path, &lines(&ring)?, Readers::Anyone)?;
        say(&format!(
            "a new key for `{}`, environment `{}`\n{}\n\nKeep {} out of version control, chats and tickets. It belongs where you publish from, and in a backup.",
            self.audience,
            self.environment,
            fields(&[
                ("secret", secret_path.display().to_string()),
                ("public", ring_path.display().to_string()),
                ("key id", public.id().to_string()),
            ]),
            secret_path.display(),
        ))?;
        Ok(())
    }
}

/// A ring that trusts one more key.
fn trusting(path: &Path, role: Role, key: &NamedSecretKey) -> Result<KeyRing, Vec<Fault>> {
    let mut ring = key_ring(path)?;
    let roles = &mut ring.roles;
    let none = || RoleKeys { threshold: 1, keys: Vec::new() };
    let keys = match role {
        Role::Root => roles.root.get_or_insert_with(none),
        Role::Publisher => &mut roles.publisher,
        Role::Pulse => roles.pulse.get_or_insert_with(none),
        Role::Edge => roles.edge.get_or_insert_with(none),
    };
    keys.keys.push(RingKey { name: Some(key.name.clone()), ..RingKey::new(&key.secret_key.public_key()) });
    match Error::from_diagnostics(ring.validate()) {
        Some(error) => Err(faults_of(&error, path.display())),
        None => Ok(ring),
    }
}

pub(super) fn lines(value: &impl serde::Serialize) -> Result<Vec<u8>, Fault> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| {
        Fault::new("key_not_written", format!("the key cannot be written: {error}"), "choose plainer names")
    })?;
    text.push(b'\n');
    Ok(text)
}
