//! Code lists: CSV files whose first line names the columns.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use counterfoil::code::normalise;
pub use counterfoil::codes::list::{Row, COLUMNS};
use counterfoil::codes::state;
use counterfoil::time::write_utc;
use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};

use crate::fault::Fault;

/// Which column of a file holds what.
pub type Columns = BTreeMap<&'static str, usize>;

/// What may stand between the cells of another program's file; a list of its own has commas.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a list row by row; each comes with its line. `named` gives columns by other names, `code` is in `Voucher code`: it is
/// another program's file then, whose cells may stand between semicolons or tabs and whose rows may be empty.
///
/// # Errors
/// `file_unavailable`, `code_list_invalid` with the line, and what `visit` refuses.
pub fn read(
    path: &Path,
    named: &BTreeMap<String, String>,
    mut visit: impl FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let of_io = |error: io::Error| Fault::of_io("read", path, &error);
    let mut file = BufReader::new(File::open(path).map_err(of_io)?);
    let delimiter = match named.is_empty() {
        true => b',',
        false => delimiter(file.fill_buf().map_err(of_io)?, named),
    };
    let mut reader = csv(delimiter).from_reader(file);
    let malformed = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line);
        match error.kind() {
            ErrorKind::Utf8 { .. } => invalid(path, line, "the line is not UTF-8", "save the file as CSV in UTF-8"),
            _ => misshapen(path, line),
        }
    };
    let head = reader.headers().map_err(|error| malformed(&error))?.clone();
    let columns = columns(&head, named, path)?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| malformed(&error))? {
        let line = record.position().map_or(0, csv::Position::line);
        // where there is one column an empty row is no record: who writes `""` says a code of nothing
        if !named.is_empty() && head.len() > 1 && record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != head.len() {
            return Err(misshapen(path, line));
        }
        visit(line, row(&record, &columns, path, line)?)?;
    }
    Ok(())
}

fn csv(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).trim(Trim::All).flexible(true);
    builder
}

/// What stands between the cells of a first line: that with which most of its columns are known, or else most are there.
fn delimiter(start: &[u8], named: &BTreeMap<String, String>) -> u8 {
    let worth = |delimiter: &u8| {
        let mut reader = csv(*delimiter).from_reader(start);
        reader.headers().map_or((0, 0), |head| {
            let known = head.iter().filter(|name| COLUMNS.iter().any(|column| is_named(column, name, named)));
            (known.count(), head.len())
        })
    };
    // of those that are alike the last one would be taken
    DELIMITERS.into_iter().rev().max_by_key(worth).unwrap_or(b',')
}

fn is_named(column: &str, name: &str, named: &BTreeMap<String, String>) -> bool {
    named.get(column).map_or(column, String::as_str).eq_ignore_ascii_case(name)
}

fn columns(head: &StringRecord, named: &BTreeMap<String, String>, path: &Path) -> Result<Columns, Fault> {
    let mut found = Columns::new();
    for (at, name) in head.iter().enumerate() {
        if let Some(column) = COLUMNS.iter().find(|column| is_named(column, name, named)) {
            found.insert(*column, at);
        } else if named.is_empty() {
            let help = "name the columns code, balance, holder, uses, expires, state; `codes import` takes other names";
            return Err(invalid(path, 1, &format!("`{name}` is no column of a code list"), help));
        }
    }
    let there = || head.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    // a column that was asked for by a name of its own is one that the file should have
    let asked = named.iter().find(|(column, name)| column != name && !found.contains_key(column.as_str()));
    if let Some((_, name)) = asked {
        let message = format!("there is no column `{name}`; there are {}", there());
        return Err(invalid(path, 1, &message, "give `--column` a name that stands in the first line"));
    }
    if !found.contains_key("code") {
        let message = format!("there is no column of codes; there are {}", there());
        let help = match named.is_empty() {
            true => "name the columns in the first line, one of them `code`",
            false => "say which one has the codes: `--column \"code=Voucher code\"`",
        };
        return Err(invalid(path, 1, &message, help));
    }
    Ok(found)
}

fn misshapen(path: &Path, line: u64) -> Fault {
    let help = "quote what has the sign between two cells; give each line all columns";
    invalid(path, line, "the line is no CSV as the first one", help)
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
