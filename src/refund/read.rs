//! Which units come back, against what was bought.

use super::ledger::Ledger;
use super::ReturnedUnits;
use crate::campaign::reading;
use crate::error::{Diagnostic, Document, Error, FixBy};
use crate::json::path::Path;
use crate::pointer::Pointer;
use crate::request::Names;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use serde::Deserialize;

/// A return as JSON: the order's request, and the units.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Return {
    /// The request that the order was charged by.
    pub order: serde_json::Value,
    /// The units that came back before.
    #[serde(default)]
    pub before: Vec<ReturnedUnits>,
    /// The units that come back now.
    pub now: Vec<ReturnedUnits>,
}

impl Return {
    /// Reads a return.
    ///
    /// # Errors
    /// `json_malformed`, `field_missing`, `field_unknown`, `field_invalid`, each with its place.
    pub fn read(body: &[u8]) -> Result<Return, Error> {
        let read: serde_json::Value = serde_json::from_slice(body).map_err(|error| {
            let help = "send `{ \"order\": …, \"now\": [ { \"line\": …, \"quantity\": … } ] }`";
            Diagnostic::new("json_malformed", error.to_string(), help).at(Document::Request, "")
        })?;
        let read = reading::value::<Return>(&read, &Pointer::root());
        read.map_err(|fault| {
            let mut fault = *fault;
            fault.fix_by = FixBy::Developer;
            if let Some(place) = &mut fault.at {
                place.document = Document::Request;
            }
            fault.into()
        })
    }

    /// The order's request as bytes.
    pub(crate) fn order(&self) -> Vec<u8> {
        // what was read from JSON always has a form
        serde_json::to_vec(&self.order).unwrap_or_default()
    }
}

/// An error in the order, as one of the return that has it.
pub(crate) fn within_order(error: &Error) -> Error {
    let mut within: Vec<Diagnostic> = error.diagnostics().cloned().collect();
    for place in within.iter_mut().filter_map(|fault| fault.at.as_mut()) {
        place.pointer.insert_str(0, "/order");
    }
    Error::from_diagnostics(within).unwrap_or_else(|| error.clone())
}

/// Returned units by line as given.
pub(super) struct Counts {
    /// Those of earlier returns.
    pub(super) before: Vec<i64>,
    /// Those and the ones that come back now.
    pub(super) after: Vec<i64>,
}

/// Counts the units by line.
///
/// # Errors
/// `line_unknown` and `return_too_large`, at the first that is so.
pub(super) fn counts(
    names: &Names<'_>,
    ledger: &Ledger,
    before: &[ReturnedUnits],
    now: &[ReturnedUnits],
) -> Result<Counts, Error> {
    let mut counts = vec![0_i64; ledger.line_count()];
    add(&mut counts, names, ledger, before, "before")?;
    let before = counts.clone();
    add(&mut counts, names, ledger, now, "now")?;
    Ok(Counts { before, after: counts })
}

fn add(
    counts: &mut [i64],
    names: &Names<'_>,
    ledger: &Ledger,
    units: &[ReturnedUnits],
    member: &'static str,
) -> Result<(), Error> {
    let root = Path::ROOT;
    let list = root.key(member);
    for (index, units) in units.iter().enumerate() {
        let at = list.index(index);
        let line = names.lines.iter().position(|line| line.is(&units.line));
        let Some((line, count)) = line.and_then(|line| Some((line, counts.get_mut(line)?))) else {
            let help = "name a line of the order by its id";
            return Err(Diagnostic::new("line_unknown", "the order has no such line", help)
                .text("line", units.line.as_str())
                .at(Document::Request, at.key("line").text())
                .into());
        };
        if units.quantity < 1 {
            let help = "return at least one unit";
            return Err(Diagnostic::new("field_invalid", "a whole number above zero is expected here", help)
                .at(Document::Request, at.key("quantity").text())
                .into());
        }
        let kept = ledger.bought(line).saturating_sub(*count);
        if units.quantity > kept {
            let help = "return at most the units that were bought and have not come back yet";
            return Err(Diagnostic::new("return_too_large", "more units come back than the buyer has", help)
                .number("quantity", units.quantity)
                .number("kept", kept)
                .at(Document::Request, at.key("quantity").text())
                .into());
        }
        *count = count.saturating_add(units.quantity);
    }
    Ok(())
}
