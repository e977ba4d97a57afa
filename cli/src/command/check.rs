//! `counterfoil check`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterfoil::error::Severity;
use counterfoil::time::Timestamp;
use serde::Serialize;

use crate::campaigns::CampaignFiles;
use crate::clock::{self, Duration};
use crate::fault::{Failure, Fault};
use crate::margin::PriceList;
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
  counterfoil check campaigns/*.json --products products.json --margin 20

A price list is an object:

  { "currency": "EUR", "products": [
    { "sku": "mug", "unitPrice": 1200, "cost": 700, "categories": ["kitchen"] } ] }

Each campaign is tried on it alone, as if it applied, with carts of 1 to 6 and of
12 units of one product; of those that lose money the worst is told.

`--format json` prints one object: `errors` and `warnings` are counts,
`diagnostics` a list with `severity`, `code`, `message`, `help`, `file`,
`line`, `column`, `pointer`, `params` and `fixBy`."#)]
pub struct Arguments {
    /// The campaign documents
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A price list: warn of campaigns that sell one of its products below cost
    #[arg(long, value_name = "FILE")]
    products: Option<PathBuf>,
    /// With `--products`: by how many percent of the cost a price must exceed it
    #[arg(long, value_name = "PERCENT", requires = "products", default_value = "0",
          value_parser = clap::value_parser!(u32).range(..=1000))]
    margin: u32,
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
            Ok((compiled, mut warnings)) => {
                if let Some(products) = &self.products {
                    warnings.extend(PriceList::read(products)?.examine(&files, self.margin, life.from, self.life)?);
                }
                (compiled.campaigns, warnings)
            }
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
