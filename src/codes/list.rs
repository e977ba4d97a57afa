//! Code lists, as people write them: CSV whose first line names the columns, a code to a line.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use csv_core::{ReadRecordResult, Reader};

use super::{state, Issued, Pepper};
use crate::code::{normalise, MAX_CODE_LENGTH};
use crate::error::{Diagnostic, Document, Error, FixBy};
use crate::time::CivilDate;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 6] = ["code", "balance", "holder", "uses", "expires", "state"];

/// The largest balance: what a column of a segment holds.
const MAX_BALANCE: u64 = (1 << 53) - 1;

/// The most columns that a line is read to.
const MOST_CELLS: usize = 12;

/// The longest line, bytes.
const MAX_LINE: usize = 4_096;

/// A code of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As it is handed out.
    pub code: String,
    /// What is on it, minor units.
    pub balance: u64,
    /// The id of the customer whom it is for; empty is anyone.
    pub holder: String,
    /// How often it may be used; zero is what the campaign says.
    pub uses: u16,
    /// The last day on which it is good, days since 1970; zero is what the campaign says.
    pub expires: u16,
    /// As in [`state`].
    pub state: u8,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// What is so.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

fn wrong(message: String, help: &'static str) -> RowFault {
    RowFault { message, help }
}

impl Row {
    /// The row that says this in its columns; what is empty or not there says nothing.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn read<'a>(cell: impl Fn(&str) -> &'a str) -> Result<Row, RowFault> {
        let code = cell("code").to_owned();
        let symbols = normalise(&code);
        if symbols.is_empty() || symbols.len() > MAX_CODE_LENGTH {
            let help = "write 1 to 64 characters besides spaces and hyphens";
            return Err(wrong(format!("`{code}` is no code"), help));
        }
        let balance = match cell("balance") {
            "" => 0,
            number => number.parse().ok().filter(|balance| *balance <= MAX_BALANCE).ok_or_else(|| {
                let help = "write minor units of the currency, a whole number: 5000 for 50.00";
                wrong(format!("`{number}` is no balance"), help)
            })?,
        };
        let uses = match cell("uses") {
            "" => 0,
            number => number.parse().map_err(|_| {
                let help = "write 1 to 65535, or nothing for what the campaign says";
                wrong(format!("`{number}` is no number of uses"), help)
            })?,
        };
        let expires = match cell("expires") {
            "" => 0,
            date => {
                let days = CivilDate::parse(date).map(|date| date.days());
                days.and_then(|days| u16::try_from(days).ok()).filter(|days| *days > 0).ok_or_else(|| {
                    let help = "write the last day on which the code is good as 2026-12-31";
                    wrong(format!("`{date}` is no day"), help)
                })?
            }
        };
        let state = match cell("state") {
            "" | "active" => state::ACTIVE,
            "revoked" => state::REVOKED,
            "spent" => state::SPENT,
            word => return Err(wrong(format!("`{word}` is no state"), "write active, revoked, spent or nothing")),
        };
        Ok(Row { code, balance, holder: cell("holder").to_owned(), uses, expires, state })
    }

    /// What is kept of it.
    pub fn issued(&self, pepper: &Pepper, campaign: u16) -> Issued {
        let Row { balance, uses, expires, state, .. } = *self;
        let holder = if self.holder.is_empty() { 0 } else { pepper.holder(&self.holder) };
        Issued { fingerprint: pepper.fingerprint(&self.code), campaign, balance, holder, uses, expires, state }
    }
}

/// Reads lines of a list, the first of which is `line`, under the columns that its head names. Balances are in a currency of
/// the campaign, and refused where it has none.
///
/// # Errors
/// `code_list_invalid`, with the line.
pub fn rows(head: &str, lines: &str, line: u64, has_currency: bool) -> Result<Vec<Row>, Error> {
    let columns = columns(head)?;
    let mut rows = Vec::new();
    let mut at = line;
    each(lines, line, |cells| {
        let refused = |fault: RowFault| invalid(at, fault);
        if cells.len() != columns.len() {
            let help = "quote what has commas; give each line all columns";
            return Err(refused(wrong("the line is no CSV as the first one".into(), help)));
        }
        let cell = |column: &str| {
            let place = columns.iter().position(|known| *known == column);
            place.and_then(|place| cells.get(place)).map_or("", |text| text.trim())
        };
        let row = Row::read(cell).map_err(refused)?;
        if row.balance > 0 && !has_currency {
            let help = "write the `currency` of the campaign's `codeList`";
            return Err(refused(wrong("a balance has no currency".into(), help)));
        }
        rows.push(row);
        at = at.saturating_add(1);
        Ok(())
    })?;
    Ok(rows)
}

fn columns(head: &str) -> Result<Vec<&'static str>, Error> {
    let mut columns = Vec::new();
    each(head, 1, |cells| {
        for name in cells {
            let known = COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(name.trim()));
            columns.push(known.ok_or_else(|| {
                let help = "name the columns code, balance, holder, uses, expires, state";
                invalid(1, wrong(format!("`{name}` is no column of a code list"), help))
            })?);
        }
        Ok(())
    })?;
    if columns.contains(&"code") {
        return Ok(columns);
    }
    let help = "name the columns in the first line, one of them `code`";
    Err(invalid(1, wrong("there is no column of codes".into(), help)))
}

/// Splits lines into cells.
fn each(text: &str, line: u64, mut visit: impl FnMut(&[String]) -> Result<(), Error>) -> Result<(), Error> {
    let mut reader = Reader::new();
    let (mut output, mut ends) = ([0; MAX_LINE], [0; MOST_CELLS]);
    let (mut written, mut cells) = (0_usize, 0_usize);
    let mut rest = text.as_bytes();
    loop {
        let space = output.get_mut(written..).unwrap_or_default();
        let (result, read, more, ended) = reader.read_record(rest, space, ends.get_mut(cells..).unwrap_or_default());
        rest = rest.get(read..).unwrap_or_default();
        (written, cells) = (written.saturating_add(more), cells.saturating_add(ended));
        match result {
            // once more with nothing says that this is the end
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::End => return Ok(()),
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                let help = "give each line the columns of the first, and no more";
                return Err(invalid(line, wrong("a line from here on is too long".into(), help)));
            }
            ReadRecordResult::Record => {
                let mut from = 0;
                let of_line = ends.iter().take(cells).map(|end| {
                    let cell = output.get(from..*end).unwrap_or_default();
                    from = *end;
                    String::from_utf8_lossy(cell).to_string()
                });
                visit(&of_line.collect::<Vec<_>>())?;
                (written, cells) = (0, 0);
            }
        }
    }
}

fn invalid(line: u64, fault: RowFault) -> Error {
    let message = format!("line {line}: {}", fault.message);
    Diagnostic::new("code_list_invalid", &message, fault.help)
        .number("line", i64::try_from(line).unwrap_or(i64::MAX))
        .fix_by(FixBy::Merchant)
        .at(Document::Campaign, "/codeList")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "code,uses,balance,holder,expires,state\n";

    fn refused(head: &str, lines: &str) -> String {
        let error = rows(head, lines, 2, true).unwrap_err();
        assert_eq!(error.code(), "code_list_invalid");
        error.first().message.clone()
    }

    #[test]
    fn lines_are_read_under_the_columns_of_the_head() {
        let read =
            rows(HEAD, "A-1,2,500,ann,2026-12-31,revoked\n\" B 2 \",,,,,\r\nC3,65535,0,\"a, b\",,spent", 2, true);
        let row = |code: &str| Row { code: code.into(), ..Row::default() };
        let days = u16::try_from(CivilDate::parse("2026-12-31").unwrap().days()).unwrap();
        let first =
            Row { balance: 500, holder: "ann".into(), uses: 2, expires: days, state: state::REVOKED, ..row("A-1") };
        let third = Row { holder: "a, b".into(), uses: 65_535, state: state::SPENT, ..row("C3") };
        assert_eq!(read.unwrap(), [first, row("B 2"), third]);
        assert_eq!(rows("Code", "A\nB\n", 2, false).unwrap(), [row("A"), row("B")]);
        assert_eq!(rows(HEAD, "", 2, false).unwrap(), []);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(refused("code,colour", "A,red").contains("line 1: `colour` is no column"));
        assert!(refused("uses", "1").contains("line 1: there is no column of codes"));
        for (line, what) in [
            ("A,65536,,,,", "`65536` is no number of uses"),
            ("A,-1,,,,", "`-1` is no number of uses"),
            ("A,,9007199254740992,,,", "is no balance"),
            ("A,,1.5,,,", "`1.5` is no balance"),
            ("A,,,,2026-02-30,", "`2026-02-30` is no day"),
            ("A,,,,,gone", "`gone` is no state"),
            ("-,,,,,", "`-` is no code"),
            ("A,", "the line is no CSV as the first one"),
        ] {
            let message = refused(HEAD, &format!("GOOD,,,,,\n{line}\n"));
            assert!(message.starts_with("line 3: ") && message.contains(what), "{message}");
        }
        assert!(rows(HEAD, "A,,9007199254740991,,,", 2, true).is_ok());
        assert!(rows(HEAD, "A,,1,,,", 2, false).unwrap_err().first().message.contains("no currency"));
        assert!(rows(HEAD, &"9".repeat(MAX_LINE + 1), 2, true).is_err());
    }
}
