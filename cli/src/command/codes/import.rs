//! `counterfoil codes import`

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;

use clap::Args;
use counterfoil::codes::Pattern;

use crate::codes::list::{self, written, Row, COLUMNS};
use crate::fault::{faults_of, Failure, Fault};
use crate::files;
use crate::render::{note, say};

/// Make a list of another program's codes
///
/// Reads a CSV file whose first line names its columns and writes a code list. Commas, semicolons or tabs stand between its
/// cells; the first line shows which. `--column` says under which name a column stands there; columns that a list does not
/// have are left out, and so are rows of empty cells. Codes that stand twice are taken once, the first time.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil codes import vouchers.csv --column "code=Voucher code" --column expires=Until --out codes/gift.csv"#)]
pub struct Arguments {
    /// The file to read
    file: PathBuf,
    /// Under which name a column stands there: `code=Voucher code`
    #[arg(long, value_name = "COLUMN=NAME", value_parser = column)]
    column: Vec<(String, String)>,
    /// Take only codes of this pattern whose check symbol is right
    #[arg(long, value_name = "PATTERN")]
    pattern: Option<String>,
    /// The list; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, name)) if COLUMNS.contains(&column) && !name.is_empty() => {
            Ok((column.to_owned(), name.to_owned()))
        }
        _ => Err(format!("write one of {} and a name: `code=Voucher code`", COLUMNS.join(", "))),
    }
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        if self.out.symlink_metadata().is_ok() {
            return Err(files::exists(&self.out).into());
        }
        let pattern = self.pattern.as_deref().map(Pattern::parse).transpose();
        let pattern = pattern.map_err(|error| faults_of(&error, "the pattern"))?;
        // a first name for each column keeps those that the file has besides from being faults
        let mut named: BTreeMap<String, String> = COLUMNS.map(|name| (name.to_owned(), name.to_owned())).into();
        named.extend(self.column.iter().cloned());
        let beside = beside(&self.out);
        let taken = self.copy(&beside, &named, pattern.as_ref());
        let (taken, twice) = taken.inspect_err(|_| {
            // what is left of the attempt is of no use
            let _ = std::fs::remove_file(&beside);
        })?;
        std::fs::rename(&beside, &self.out).map_err(|error| Fault::of_io("write", &self.out, &error))?;
        if twice > 0 {
            note(&format!("left out   {twice} codes that stood there before"));
        }
        say(&format!("{taken} codes in {}", self.out.display()))?;
        Ok(())
    }

    fn copy(
        &self,
        beside: &std::path::Path,
        named: &BTreeMap<String, String>,
        pattern: Option<&Pattern>,
    ) -> Result<(u64, u64), Fault> {
        let of_csv = |error: csv::Error| Fault::of_io("write", beside, &std::io::Error::other(error));
        if let Some(folder) = self.out.parent() {
            files::make_folder(folder)?;
        }
        let mut writer = csv::Writer::from_path(beside).map_err(of_csv)?;
        writer.write_record(COLUMNS).map_err(of_csv)?;
        // 64 bits of each code: a million of them are eight megabytes
        let hasher = RandomState::new();
        let (mut seen, mut taken, mut twice) = (BTreeSet::new(), 0_u64, 0_u64);
        list::read(&self.file, named, |line, row: Row| {
            if pattern.is_some_and(|pattern| !pattern.is_sound(&row.code)) {
                let help = "correct the code, or the pattern";
                return Err(list::invalid(&self.file, line, &format!("`{}` is not of the pattern", row.code), help));
            }
            if !seen.insert(hasher.hash_one(list::as_read(&row.code))) {
                twice = twice.saturating_add(1);
                return Ok(());
            }
            taken = taken.saturating_add(1);
            writer.write_record(written(&row)).map_err(of_csv)
        })?;
        writer.flush().map_err(|error| Fault::of_io("write", beside, &error))?;
        Ok((taken, twice))
    }
}

/// Where a file is written before it takes its name.
fn beside(path: &std::path::Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}
