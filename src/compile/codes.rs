//! By which codes campaigns are found: those that stand in the document, and those in a file beside it.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::gather::Read;
use crate::campaign::reading;
use crate::code;
use crate::error::Diagnostic;
use crate::money::Currency;
use crate::pointer::Pointer;

/// A campaign whose codes are in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCodes {
    /// The campaign's id.
    pub campaign: String,
    /// The name of the document, which the path starts from.
    pub document: String,
    /// The path of the file.
    pub file: String,
    /// The currency of balances.
    pub currency: Option<Currency>,
}

/// The codes of all campaigns.
#[derive(Default)]
pub(super) struct Codes {
    /// Those of the documents in their normal form, with the places of their campaigns.
    pub(super) told: BTreeMap<String, u32>,
    /// The files of the others.
    pub(super) lists: Vec<ListedCodes>,
    /// The places of the campaigns that have such a file.
    pub(super) listed: Vec<u32>,
}

impl Codes {
    /// Adds those of a campaign.
    pub(super) fn add(&mut self, read: &Read<'_>, place: u32, faults: &mut Vec<Diagnostic>) {
        for (at, typed) in read.campaign.codes.iter().enumerate() {
            if let Err(fault) = self.claim(typed, place, &read.at.key("codes").index(at)) {
                faults.push(*fault);
            }
        }
        match list_of(read) {
            Ok(list) => {
                self.listed.extend(list.is_some().then_some(place));
                self.lists.extend(list);
            }
            Err(fault) => faults.push(*fault),
        }
    }

    /// The places of campaigns that only a code finds.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.told.values().chain(&self.listed).copied()
    }

    fn claim(&mut self, typed: &str, place: u32, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        let code = code::normalise(typed);
        if code.is_empty() || code.len() > code::MAX_CODE_LENGTH {
            let help = "write 1 to 64 characters besides spaces and hyphens";
            return Err(reading::invalid(format!("`{typed}` is no code"), help, at));
        }
        if self.told.insert(code.clone(), place).is_some() {
            let message = format!("the code `{typed}` is used twice; codes are compared as `{code}`");
            return Err(reading::diagnostic("code_duplicated", message, "give each campaign its own codes", at));
        }
        Ok(())
    }
}

/// Where the codes of a campaign are listed, if they are.
fn list_of(read: &Read<'_>) -> Result<Option<ListedCodes>, Box<Diagnostic>> {
    let Some(list) = &read.campaign.code_list else { return Ok(None) };
    let at = read.at.key("codeList");
    if list.file.is_empty() {
        let help = "write the path of a CSV file, from this document";
        return Err(reading::invalid("the list has no file", help, &at.key("file")));
    }
    let currency = list.currency.as_ref().map(|letters| {
        Currency::parse(letters).filter(Currency::is_listed).ok_or_else(|| {
            let help = "write the three letters of ISO 4217";
            reading::invalid(format!("`{letters}` is no currency"), help, &at.key("currency"))
        })
    });
    let (campaign, document) = (read.campaign.id.clone(), read.source.to_owned());
    Ok(Some(ListedCodes { campaign, document, file: list.file.clone(), currency: currency.transpose()? }))
}
