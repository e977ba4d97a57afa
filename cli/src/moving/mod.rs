//! Moving in from other systems, and back out. Every source is read one entry at a time and becomes campaign documents and a
//! list of codes; what a document cannot say is written down, item by item.

#![allow(clippy::indexing_slicing, reason = "members of JSON values are read, and set on objects that were made here")]

mod carrier;
mod draft;
pub mod elements;
mod lists;
mod record;
pub mod shopify;
pub mod voucherify;
pub mod woocommerce;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use counterfoil::money::Currency;
use counterfoil::voucherify::mapping::{fingerprint, slug};

use crate::fault::Fault;

pub use carrier::{Carrier, Summary};
pub use counterfoil::voucherify::mapping::offers::Receiver;
pub use lists::{Code, LISTS};

/// The files of an import.
pub const DOCUMENTS: &str = "campaigns.json";
/// All that is known of the codes.
pub const CODES: &str = "codes.csv";
/// What is on accounts.
pub const ACCOUNTS: &str = "accounts.jsonl";
/// What was not carried over.
pub const REPORT: &str = "report.jsonl";

/// A fault of a table.
pub fn of_csv(doing: &str, path: &Path, error: &csv::Error) -> Fault {
    let help = "export the table anew as CSV with a header, in UTF-8";
    Fault::new("file_malformed", format!("cannot {doing} the table: {error}"), help).of_file(path.display())
}

/// Headers as they are compared: small letters, `_` for all that is none.
pub fn header(name: &str) -> String {
    let spelled: String = name
        .trim_start_matches('\u{feff}')
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' })
        .collect();
    spelled.trim_matches('_').into()
}

/// The rows of a table, each by its headers, one at a time.
///
/// # Errors
/// `file_unavailable`, `file_malformed`, and what the caller refuses.
pub fn rows(path: &Path, mut each: impl FnMut(BTreeMap<String, String>) -> Result<(), Fault>) -> Result<(), Fault> {
    let file = File::open(path).map_err(|error| Fault::of_io("read", path, &error))?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers: Vec<String> =
        reader.headers().map_err(|error| of_csv("read", path, &error))?.iter().map(header).collect();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| of_csv("read", path, &error))? {
        let cells = headers.iter().cloned().zip(record.iter().map(|cell| cell.trim().to_string()));
        each(cells.filter(|(_, cell)| !cell.is_empty()).collect())?;
    }
    Ok(())
}

/// An amount in major units, `10` or `10.50`, in hundredths: all that Voucherify counts in, whatever the currency.
pub fn minor(text: &str) -> Option<i64> {
    scaled(text, 2)
}

/// An amount in major units in the minor ones of a currency.
pub fn minor_of(text: &str, currency: &str) -> Option<i64> {
    scaled(text, Currency::parse(currency)?.exponent())
}

/// A decimal, zero or more, times a power of ten; none where that is no whole number.
pub fn scaled(text: &str, places: u32) -> Option<i64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let part = part.trim_end_matches('0');
    let is_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    let missing = usize::try_from(places).ok()?.checked_sub(part.len())?;
    if whole.is_empty() || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    format!("{whole}{part}{}", "0".repeat(missing)).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_cent_and_no_further() {
        assert_eq!(minor("10"), Some(1000));
        assert_eq!(minor("10.5"), Some(1050));
        assert_eq!(minor("0.0500"), Some(5));
        assert_eq!(minor("0.055"), None);
        assert_eq!(minor("ten"), None);
        assert_eq!(minor("-0.50"), None);
        assert_eq!(minor_of("500", "JPY"), Some(500));
        assert_eq!(minor_of("500.5", "JPY"), None);
        assert_eq!(minor_of("1.125", "KWD"), Some(1125));
    }
}
