//! `counterfoil codes pepper`

use std::path::PathBuf;

use clap::Args;

use crate::codes::pepper::fresh;
use crate::fault::Failure;
use crate::files::{self, Readers};
use crate::render::say;

/// Make the secret under which codes are kept in published files
///
/// Whoever has a published file and not the pepper cannot try codes against it. The file is for who publishes; hosts of the
/// edge get the same 64 digits from their secret store.
#[derive(Debug, Args)]
#[command(after_long_help = "Example:\n\n  counterfoil codes pepper --out keys/pepper.json")]
pub struct Arguments {
    /// The file; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        if let Some(folder) = self.out.parent() {
            files::make_folder(folder)?;
        }
        files::create(&self.out, fresh()?.as_bytes(), Readers::Owner)?;
        say(&format!("a new pepper in {}\n\nKeep it out of version control, chats and tickets.", self.out.display()))?;
        Ok(())
    }
}
