//! Making a segment: sort, look for fingerprints that stand twice, and write each column as narrow as its values allow.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::column::{self, Column};
use super::fingerprint::Fingerprint;
use super::segment::{directory_bits, place_of, remainder_bytes, remainder_of, FORMAT};
use super::{MAX_CAMPAIGNS, MAX_CODES, MAX_NAME_BYTES};
use crate::error::{Diagnostic, Document, Error, FixBy};

/// What a batch of codes has in common.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Higher than those of all batches before it: what a later batch says of a code holds.
    pub sequence: u32,
    /// The [name](super::Pepper::id) of the pepper.
    pub pepper: u32,
    /// The campaigns of its codes, by their ids; `id:EUR` where balances are in that currency.
    pub campaigns: Vec<String>,
}

/// A code of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// What is kept of it.
    pub fingerprint: Fingerprint,
    /// Which of the batch's campaigns it belongs to.
    pub campaign: u16,
    /// What is on it, minor units of the campaign's currency; at most 2^53 - 1.
    pub balance: u64,
    /// A keyed hash of the customer whom it is for; zero is anyone.
    pub holder: u64,
    /// How often it may be used; zero is what the campaign says.
    pub uses: u16,
    /// The last day on which it is good, days since 1970 UTC; zero is what the campaign says.
    pub expires: u16,
    /// As in [`state`](super::state).
    pub state: u8,
}

impl Issued {
    /// A code of the first campaign, of which nothing else is said.
    pub fn plain(fingerprint: Fingerprint) -> Issued {
        Issued { fingerprint, campaign: 0, balance: 0, holder: 0, uses: 0, expires: 0, state: super::state::ACTIVE }
    }

    fn value(&self, column: Column) -> u64 {
        match column {
            Column::Balance => self.balance,
            Column::Holder => self.holder,
            Column::Uses => u64::from(self.uses),
            Column::Expires => u64::from(self.expires),
            Column::State => u64::from(self.state),
            Column::Campaign => u64::from(self.campaign),
        }
    }
}

fn refused(code: &'static str, message: &str, help: &str) -> Diagnostic {
    Diagnostic::new(code, message, help).fix_by(FixBy::Merchant).at(Document::Campaign, "")
}

fn check(batch: &Batch, codes: &[Issued]) -> Result<(), Error> {
    if codes.len() > MAX_CODES {
        let help = "make several batches; an isolate has no memory for more in one";
        return Err(refused("too_many_codes", "the batch has too many codes", help)
            .number("most", i64::try_from(MAX_CODES).unwrap_or(i64::MAX))
            .into());
    }
    if batch.campaigns.len() > MAX_CAMPAIGNS {
        let help = "put the codes of some campaigns into a batch of their own";
        return Err(refused("too_many_campaigns", "the batch has codes of too many campaigns", help).into());
    }
    if let Some(id) = batch.campaigns.iter().find(|id| id.is_empty() || id.len() > MAX_NAME_BYTES) {
        let help = "name the campaign by its id";
        return Err(refused("field_invalid", "this is no id of a campaign", help).text("id", id.as_str()).into());
    }
    let most_of = |column: Column| column.widths().last().map_or(0, |width| u64::MAX >> 64_u8.saturating_sub(*width));
    for code in codes {
        if usize::from(code.campaign) >= batch.campaigns.len() {
            return Err(refused("reference_unknown", "a code names no campaign of its batch", "list it first").into());
        }
        if let Some(column) = Column::ALL.into_iter().find(|column| code.value(*column) > most_of(*column)) {
            let help = "use smaller numbers; a balance has at most 56 bits, a state two";
            let name = ["balance", "holder", "uses", "expires", "state", "campaign"];
            return Err(refused("amount_out_of_range", "a value of a code is too large", help)
                .text("column", name.get(column.place()).copied().unwrap_or_default())
                .into());
        }
    }
    Ok(())
}

/// Makes a segment. The same codes give the same bytes, in whatever order they come.
///
/// # Errors
/// `too_many_codes`, `too_many_campaigns`, `field_invalid`, `reference_unknown`, `amount_out_of_range`; `code_duplicated`
/// when two codes have one fingerprint: the same code twice, or a coincidence that another code in its place ends.
pub fn build(batch: &Batch, mut codes: Vec<Issued>) -> Result<Vec<u8>, Error> {
    check(batch, &codes)?;
    codes.sort_unstable_by_key(|code| code.fingerprint);
    let twins = codes.windows(2).filter(|pair| matches!(pair, [a, b] if a.fingerprint == b.fingerprint)).count();
    if twins > 0 {
        let help = "issue each code once; generate another in place of one that stands twice";
        return Err(refused("code_duplicated", "codes stand twice in the batch", help)
            .number("duplicates", i64::try_from(twins).unwrap_or(i64::MAX))
            .into());
    }
    let bits = directory_bits(codes.len());
    let values = |column: Column| codes.iter().map(move |code| code.value(column));
    let constant = |column: Column| {
        let mut values = values(column);
        let first = values.next().unwrap_or(0);
        values.all(|value| value == first).then_some(first)
    };
    let width = |column: Column| {
        let needed = values(column).map(column::bits).max().unwrap_or(0);
        let wide_enough = column.widths().iter().copied().find(|width| *width > 0 && *width >= needed);
        match constant(column) {
            Some(_) => 0,
            None => wide_enough.unwrap_or(0),
        }
    };
    let widths = Column::ALL.map(width);

    let mut bytes = vec![FORMAT, bits];
    bytes.extend(widths);
    for number in [u32::try_from(codes.len()).unwrap_or(u32::MAX), batch.sequence, batch.pepper] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(u16::try_from(batch.campaigns.len()).unwrap_or(u16::MAX).to_le_bytes());
    for id in &batch.campaigns {
        bytes.push(u8::try_from(id.len()).unwrap_or(u8::MAX));
        bytes.extend(id.as_bytes());
    }
    for column in Column::ALL {
        bytes.extend(constant(column).unwrap_or(0).to_le_bytes());
    }
    directory(&codes, bits, &mut bytes);
    let kept = remainder_bytes(bits);
    for code in &codes {
        bytes.extend(remainder_of(code.fingerprint.0, kept).to_le_bytes().iter().take(kept));
    }
    for (column, width) in Column::ALL.into_iter().zip(widths).filter(|(_, width)| *width > 0) {
        let mut packed = vec![0; column::bytes(codes.len(), width)];
        for (at, value) in values(column).enumerate() {
            column::set(&mut packed, width, at, value);
        }
        bytes.append(&mut packed);
    }
    Ok(bytes)
}

fn directory(codes: &[Issued], bits: u8, bytes: &mut Vec<u8>) {
    let places = 1_u64 << bits;
    let mut place_of_each = codes.iter().map(|code| place_of(code.fingerprint.0, bits)).peekable();
    let mut start = 0_u32;
    for place in 0..=places {
        bytes.extend(start.to_le_bytes());
        while place_of_each.next_if_eq(&place).is_some() {
            start = start.saturating_add(1);
        }
    }
}
