//! `counterfoil codes export`

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::codes::list::{self, written, COLUMNS};
use crate::fault::{Failure, Fault};
use crate::render::note;

/// Write the codes of a list for another program
///
/// Chooses columns and codes; the file is CSV whose first line names the columns. Without `--out` it goes to the standard
/// output.
#[derive(Debug, Args)]
#[command(
    after_long_help = "Example:\n\n  counterfoil codes export codes/gift.csv --state active --columns code,balance"
)]
pub struct Arguments {
    /// The list
    file: PathBuf,
    /// The columns, in this order; default all
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', value_parser = COLUMNS)]
    columns: Vec<String>,
    /// Only codes of this state
    #[arg(long, value_name = "STATE", value_parser = ["active", "revoked", "spent"])]
    state: Option<String>,
    /// The file; what is there is replaced
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let name = self.out.clone().unwrap_or_else(|| "the output".into());
        let of_csv = |error: csv::Error| Fault::of_io("write", &name, &std::io::Error::other(error));
        let output: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(std::fs::File::create(path).map_err(|error| Fault::of_io("write", path, &error))?),
            None => Box::new(std::io::stdout().lock()),
        };
        let wanted: Vec<&str> = match self.columns.is_empty() {
            true => COLUMNS.to_vec(),
            false => self.columns.iter().map(String::as_str).collect(),
        };
        let places: Vec<usize> = wanted.iter().filter_map(|name| COLUMNS.iter().position(|one| one == name)).collect();
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(&wanted).map_err(of_csv)?;
        let mut count = 0_u64;
        list::read(&self.file, &Default::default(), |_, row| {
            let values = written(&row);
            let [.., state] = &values;
            let state = if state.is_empty() { "active" } else { state.as_str() };
            if self.state.as_deref().is_some_and(|wanted| wanted != state) {
                return Ok(());
            }
            count = count.saturating_add(1);
            writer.write_record(places.iter().filter_map(|at| values.get(*at))).map_err(of_csv)
        })?;
        writer.flush()?;
        note(&format!("{count} codes written"));
        Ok(())
    }
}
