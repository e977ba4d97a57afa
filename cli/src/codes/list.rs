//! Code lists: CSV files whose first line names the columns.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use counterfoil::code::normalise;
pub use counterfoil::codes::list::{Row, COLUMNS};
use counterfoil::codes::state;
use counterfoil::time::write_utc;
use csv::{ReaderBuilder, StringRecord, Trim};

use crate::fault::Fault;

/// Which column of a file holds what.
pub type Columns = BTreeMap<&'static str, usize>;

/// Reads a list row by row; each comes with its line. `named` gives columns by other names: `code` is in `Voucher code`.
///
/// # Errors
/// `file_unavailable`, `code_list_invalid` with the line, and what `visit` refuses.
pub fn read(
    path: &Path,
    named: &BTreeMap<String, String>,
    mut visit: impl FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let file = File::open(path).map_err(|error| Fault::of_io("read", path, &error))?;
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(false).from_reader(BufReader::new(file));
    let malformed = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        invalid(path, line, "the line is no CSV as the first one", "quote what has commas; give each line all columns")
    };
    let columns = columns(reader.headers().map_err(|error| malformed(&error))?, named, path)?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| malformed(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        visit(line, row(&record, &columns, path, line)?)?;
    }
    Ok(())
}

fn columns(head: &StringRecord, named: &BTreeMap<String, String>, path: &Path) -> Result<Columns, Fault> {
    let mut found = Columns::new();
    for (at, name) in head.iter().enumerate() {
        let is = |column: &&&str| named.get(**column).map_or(**column, String::as_str).eq_ignore_ascii_case(name);
        if let Some(column) = COLUMNS.iter().find(is) {
            found.insert(*column, at);
        } else if named.is_empty() {
            let help = "name the columns code, balance, holder, uses, expires, state; `codes import` takes other names";
            return Err(invalid(path, 1, &format!("`{name}` is no column of a code list"), help));
        }
    }
    if !found.contains_key("code") {
        return Err(invalid(
            path,
            1,
            "there is no column of codes",
            "name the columns in the first line, one of them `code`",
        ));
    }
    Ok(found)
}

fn row(record: &StringRecord, columns: &Columns, path: &Path, line: u64) -> Result<Row, Fault> {
    let cell = |column: &str| columns.get(column).and_then(|at| record.get(*at)).unwrap_or("");
    Row::read(cell).map_err(|fault| invalid(path, line, &fault.message, fault.help))
}

/// What is wrong with a line of a list.
pub fn invalid(path: &Path, line: u64, message: &str, help: &str) -> Fault {
    let fault = Fault::new("code_list_invalid", format!("line {line}: {message}"), help);
    fault.of_file(path.display())
}

/// A code as it is compared: in the one normal form in which, besides, letters that look like digits are those digits.
pub fn as_read(code: &str) -> String {
    normalise(code).replace('O', "0").replace(['I', 'L'], "1")
}

/// A row as it is written, in the order of [`COLUMNS`].
pub fn written(row: &Row) -> [String; 6] {
    let number = |number: u64| if number == 0 { String::new() } else { number.to_string() };
    let state = match row.state {
        state::ACTIVE => "",
        state::SPENT => "spent",
        _ => "revoked",
    };
    let expires = match row.expires {
        0 => String::new(),
        days => {
            let mut moment = String::new();
            write_utc(i64::from(days).saturating_mul(86_400_000), &mut moment);
            moment.chars().take(10).collect()
        }
    };
    [row.code.clone(), number(row.balance), row.holder.clone(), number(row.uses.into()), expires, state.to_owned()]
}
