//! The codes of an import: one table of all that is known of each, and the lists that `publish` takes in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};

use counterfoil::code::{normalise, MAX_CODE_LENGTH};
use counterfoil::codes::state;
pub use counterfoil::voucherify::mapping::documents::LISTS;
use serde::{Deserialize, Serialize};

use crate::codes::list::{as_read, written, Row, COLUMNS};
use crate::fault::Fault;
use crate::files;

/// Bytes of a list that wait to be written.
const WAITING: usize = 8_192;
const DAY: i64 = 86_400_000;

/// A code, and all that is known of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Code {
    /// As it is entered.
    pub code: String,
    /// The campaign it belongs to.
    pub campaign: String,
    /// The document whose list has it; points are on accounts and in no list.
    pub list: String,
    /// `discount`, `gift_card` or `points`.
    pub kind: String,
    /// `active` or `revoked`.
    pub state: String,
    /// How often it may be used; empty for any number.
    pub quantity: Option<i64>,
    /// How often it was.
    pub used: i64,
    /// Minor units or points, of cards.
    pub balance: Option<i64>,
    /// What the card was issued with.
    pub issued: Option<i64>,
    /// From when on, where the code says so itself.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Who holds it.
    pub holder: String,
    /// `holder` where nobody else may use it.
    pub only: String,
    /// What people wrote about it.
    pub note: String,
    /// What the code says itself of its campaign's offer, as JSON.
    pub offer: String,
    /// Anything else, as JSON.
    pub metadata: String,
}

impl Code {
    /// The row of a list for it, `expires` being the last day on which it is good; with what a list has no room for.
    pub fn row(&self, expires: u16) -> (Row, Option<&'static str>) {
        let left = self.quantity.map(|quantity| quantity.saturating_sub(self.used));
        let uses = left.map_or(Ok(0), |left| u16::try_from(left.max(1)));
        let balance = u64::try_from(self.balance.unwrap_or(0)).unwrap_or(0);
        let is_spent = left.is_some_and(|left| left <= 0);
        let state = match () {
            () if self.state == "revoked" => state::REVOKED,
            () if is_spent => state::SPENT,
            () => state::ACTIVE,
        };
        let holder = if self.only == "holder" { self.holder.clone() } else { String::new() };
        let balance = if self.kind == "gift_card" { balance } else { 0 };
        let lost = uses.is_err().then_some("a list counts up to 65,535 uses; it says as many");
        (Row { code: self.code.clone(), balance, holder, uses: uses.unwrap_or(u16::MAX), expires, state }, lost)
    }
}

/// The last day on which a code is good that ends at a moment, where that is the end of a day: up to a second before midnight,
/// UTC, or at it.
pub fn last_day(end: jiff::Timestamp) -> Option<u16> {
    let of_day = end.as_millisecond().rem_euclid(DAY);
    let day = end.as_millisecond().div_euclid(DAY);
    match of_day {
        0 => u16::try_from(day.saturating_sub(1)).ok(),
        of_day if of_day >= DAY.saturating_sub(1_000) => u16::try_from(day).ok(),
        _ => None,
    }
}

/// The lists, written as codes come.
pub struct Lists {
    folder: PathBuf,
    waiting: BTreeMap<String, Vec<u8>>,
    begun: BTreeSet<String>,
    /// Hashes of the codes that are in a list, 64 bits each: a million of them are eight megabytes.
    seen: BTreeSet<u64>,
    hasher: RandomState,
}

impl Lists {
    /// The lists of an import into a folder.
    pub fn of(folder: &Path) -> Lists {
        let (waiting, begun, seen) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Lists { folder: folder.join(LISTS), waiting, begun, seen, hasher: RandomState::new() }
    }

    /// Begins a list.
    pub fn begin(&mut self, document: &str) {
        self.waiting.entry(document.into()).or_insert_with(|| line(&COLUMNS));
    }

    /// Writes a code to a list; why not, where it cannot be in one.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn write(&mut self, document: &str, row: &Row) -> Result<Option<&'static str>, Fault> {
        let symbols = normalise(&row.code);
        if symbols.is_empty() || symbols.len() > MAX_CODE_LENGTH {
            return Ok(Some("a code has 1 to 64 symbols besides spaces and hyphens"));
        }
        if !self.seen.insert(self.hasher.hash_one(as_read(&row.code))) {
            return Ok(Some(
                "letters' case, spaces, hyphens, O for 0, and I and L for 1 make no other code: one before is the same",
            ));
        }
        self.begin(document);
        let Some(waiting) = self.waiting.get_mut(document) else { return Ok(None) };
        waiting.extend(line(&written(row)));
        if waiting.len() > WAITING {
            self.flush(document)?;
        }
        Ok(None)
    }

    fn flush(&mut self, document: &str) -> Result<(), Fault> {
        let path = self.folder.join(format!("{document}.csv"));
        files::make_folder(&self.folder)?;
        let mut options = File::options();
        let is_new = self.begun.insert(document.into());
        let opened =
            if is_new { options.write(true).create_new(true).open(&path) } else { options.append(true).open(&path) };
        let waiting = self.waiting.insert(document.into(), Vec::new()).unwrap_or_default();
        let written = opened.and_then(|mut file| file.write_all(&waiting));
        written.map_err(|error| Fault::of_io("write", &path, &error))
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn end(mut self) -> Result<(), Fault> {
        let documents: Vec<String> = self.waiting.keys().cloned().collect();
        documents.iter().try_for_each(|document| self.flush(document))
    }
}

/// A line of a table.
fn line<T: AsRef<[u8]>>(cells: &[T]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // into memory nothing fails
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_on_its_last_day_where_it_ends_with_one() {
        let day = |text: &str| last_day(text.parse().unwrap());
        assert_eq!(day("1970-01-02T23:59:59Z"), Some(1));
        assert_eq!(day("1970-01-03T00:00:00Z"), Some(1));
        assert_eq!(day("1970-01-02T23:59:58.999Z"), None);
        assert_eq!(day("1970-01-03T00:00:00.001Z"), None);
    }

    #[test]
    fn what_is_left_of_a_code_is_in_the_list() {
        let code = |quantity, used| Code { quantity, used, kind: "discount".into(), ..Code::default() };
        assert_eq!((code(None, 7).row(0).0.uses, code(None, 7).row(0).0.state), (0, state::ACTIVE));
        assert_eq!(code(Some(3), 1).row(0).0.uses, 2);
        assert_eq!(code(Some(3), 3).row(0).0.state, state::SPENT);
        assert!(code(Some(70_000), 0).row(0).1.is_some());
    }
}
