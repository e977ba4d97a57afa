//! Campaigns whose codes are in a file beside the document.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use super::Read;
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::money::Currency;

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

/// Where the codes of a campaign are listed, if they are.
pub(super) fn of(read: &Read<'_>) -> Result<Option<ListedCodes>, Box<Diagnostic>> {
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
