//! `counterfoil codes`

mod export;
mod generate;
mod import;
mod pepper;

use clap::{Args, Subcommand};

use crate::fault::Failure;

/// Make lists of unique codes, and carry them from one program to another
///
/// A campaign whose `codeList` names a file has unique codes: `counterfoil publish` puts what is kept of them into the
/// snapshot of the edge, and nothing of them into the one that browsers see. A list is a CSV file whose first line names its
/// columns: `code`, and as needed `balance` (minor units), `holder` (the id of a customer), `uses`, `expires` (2026-12-31) and
/// `state` (active, revoked, spent).
#[derive(Debug, Args)]
#[command(after_long_help = r#"Examples:

  counterfoil codes pepper --out keys/pepper.json
  counterfoil codes generate --count 1000000 --prefix TEA --out codes/tea.csv
  counterfoil codes import export-of-another-shop.csv --column "code=Voucher code" --out codes/gift.csv
  counterfoil codes export codes/tea.csv --state active --columns code,expires --out for-the-printer.csv"#)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Generate(generate::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Pepper(pepper::Arguments),
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        match self.verb {
            Verb::Generate(arguments) => arguments.run(),
            Verb::Import(arguments) => arguments.run(),
            Verb::Export(arguments) => arguments.run(),
            Verb::Pepper(arguments) => arguments.run(),
        }
    }
}
