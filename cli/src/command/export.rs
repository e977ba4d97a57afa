//! `counterfoil export`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::fault::Failure;
use crate::moving::{voucherify, REPORT};
use crate::render::{count, say};

/// Move out: what `counterfoil import` wrote becomes another system's objects again
///
/// Reads the folder of an import (`campaigns.json`, `codes.csv`) and writes `campaigns.json` with tiers and rewards, and
/// `vouchers.jsonl`, in Voucherify's field names. Importing them again gives the same folder. `report.jsonl` tells what of the
/// documents could not be said.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil export voucherify moved --currency EUR --out back"#)]
pub struct Arguments {
    /// Where to
    #[arg(value_enum)]
    target: Target,
    /// The folder of an import
    #[arg(value_name = "FOLDER")]
    from: PathBuf,
    /// The currency of the amounts that are told
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// A new folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Voucherify,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let moved = match self.target {
            Target::Voucherify => voucherify::export(&self.from, &self.out, &self.currency)?,
        };
        let out = self.out.display();
        say(&format!("{} and {} in {out}", count(moved.documents, "campaign"), count(moved.codes, "voucher")))?;
        let lost = match moved.lost {
            0 => "nothing is lost".to_string(),
            items => format!("{} could not be carried over: see {out}/{REPORT}", count(items, "item")),
        };
        Ok(say(&lost)?)
    }
}
