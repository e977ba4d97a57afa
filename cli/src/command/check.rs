//! `counterfoil check`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterfoil::error::Severity;
use counterfoil::time::Timestamp;
use serde::Serialize;

use crate::campaigns::CampaignFiles;
use crate::clock::{self, Duration};
use crate::fault::{Failure, Fault};
use crate::render::{count, say, say_json, tell};

/// Find what is wrong with campaign documents
///
/// Reads the documents together, as they would be published together, and tells everything that is wrong with all of
/// them: broken syntax, fields that do not exist or are missing, values out of range, codes and ids that are used
/// twice, schedules that never run. Each fault with its line, column and remedy.
///
/// Files ending in .yaml or .yml are read as YAML, all others as JSON. Exit code 3 when there are errors; warnings
/// alone do not count.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil check campaigns/*.json

`--format json` prints one object: `errors` and `warnings` are counts,
`diagnostics` a list with `severity`, `code`, `message`, `help`, `file`,
`line`, `column`, `pointer`, `params` and `fixBy`."#)]
pub struct Arguments {
    /// The campaign documents
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// For people, or for editors and build servers
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// From when the snapshot would live; recurring schedules are expanded from then. Default: the system's clock
    #[arg(long, value_name = "MOMENT", value_parser = clock::moment)]
    now: Option<Timestamp>,
    /// How long the snapshot would live
    #[arg(long, value_name = "TIME", value_parser = clock::duration, default_value = "30d")]
    life: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    diagnostics: &'a [Fault],
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let files = CampaignFiles::read(&self.files)?;
        let life = self.life.from(self.now.unwrap_or_else(clock::now));
        let (campaigns, diagnostics) = match files.compile(life) {
            Ok((compiled, warnings)) => (compiled.campaigns, warnings),
            Err(faults) => (0, faults),
        };
        let errors = diagnostics.iter().filter(|fault| fault.severity == Severity::Error).count();
        let warnings = diagnostics.len().saturating_sub(errors);
        match self.format {
            Format::Json => say_json(&Report { errors, warnings, diagnostics: &diagnostics })?,
            Format::Human => {
                tell(&diagnostics)?;
                let files = count(self.files.len(), "file");
                say(&match (errors, warnings) {
                    (0, 0) => format!("{files}, {}: no faults", count(campaigns, "campaign")),
                    _ => format!("{files}: {}, {}", count(errors, "error"), count(warnings, "warning")),
                })?;
            }
        }
        match errors {
            0 => Ok(()),
            _ => Err(Failure::Findings),
        }
    }
}
