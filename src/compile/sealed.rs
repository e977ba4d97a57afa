//! Campaigns that only their codes open: cut out of what everyone is told.

use alloc::string::String;
use alloc::vec::Vec;

use super::{encode, limits, Compiled, Read};
use crate::campaign::{reading, Visibility};
use crate::catalog::part::{blank, with_blanks, Part};
use crate::catalog::section::{Budget, Limited, Record, FORMAT};
use crate::code;
use crate::error::Diagnostic;
use crate::vocabulary::{Told, Used, Vocabulary, VocabularyBuilder};

/// A code of a sealed campaign, and what it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedCode {
    /// The campaign's id.
    pub campaign: String,
    /// The code in its normal form.
    pub code: String,
    /// The [`Part`] that the section lacks, encoded.
    pub part: Vec<u8>,
}

impl Compiled {
    /// The bytes of a `campaigns` section to try campaigns with, before they are published: all of them, except those whose
    /// codes are in a list.
    pub fn rehearsed(&self) -> Vec<u8> {
        let edge = self.edge.as_ref();
        let blanked = edge.and_then(|edge| with_blanks(&edge.section, &edge.listed));
        blanked.unwrap_or_else(|| self.section.clone())
    }
}

/// What is wrong with who may read a campaign.
pub(super) fn fault_of(read: &Read<'_>) -> Option<Diagnostic> {
    let at = read.at.key("visibility");
    let fault = |message: &str, help| Some(*reading::invalid(message, help, &at));
    match read.campaign.visibility {
        Some(Visibility::Open | Visibility::Sealed) if read.campaign.code_list.is_some() => {
            let help = "leave `visibility` out, or write `edge`";
            fault("codes of a list are for the edge alone", help)
        }
        Some(Visibility::Sealed) if read.campaign.codes.is_empty() => {
            let help = "give it `codes`, or write `edge`";
            fault("there is no code that would open a sealed campaign", help)
        }
        _ => None,
    }
}

/// Where what everyone is told ends, and the campaigns behind.
pub(super) struct Cut {
    told: Told,
    /// How many budgets are told.
    budgets: usize,
    campaigns: Vec<Sealed>,
}

/// A campaign that is sealed.
struct Sealed {
    id: String,
    place: u32,
    codes: Vec<String>,
    /// The places of its budgets.
    budgets: Vec<u32>,
    used: Used,
}

impl Cut {
    /// All that was compiled so far is told.
    pub(super) fn at(vocabulary: &mut VocabularyBuilder, budgets: &limits::Budgets) -> Cut {
        let told = vocabulary.told();
        vocabulary.used();
        Cut { told, budgets: budgets.count(), campaigns: Vec::new() }
    }

    /// Adds a campaign that was compiled since the last one.
    pub(super) fn add(&mut self, read: &Read<'_>, place: u32, record: &Record, vocabulary: &mut VocabularyBuilder) {
        let draws = |what| matches!(what, Limited::Budget | Limited::WholeBudget | Limited::OpenBudget);
        let budgets = record.limits.iter().filter(|limit| draws(limit.what));
        self.campaigns.push(Sealed {
            id: read.campaign.id.clone(),
            place,
            codes: read.campaign.codes.iter().map(|typed| code::normalise(typed)).collect(),
            budgets: budgets.filter_map(|limit| u32::try_from(limit.most).ok()).collect(),
            used: vocabulary.used(),
        });
    }

    /// The places of the campaigns.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        self.campaigns.iter().map(|sealed| sealed.place)
    }

    /// Takes the campaigns out, and all that only they name.
    pub(super) fn take(
        self,
        records: &mut [Vec<u8>],
        vocabulary: &mut Vocabulary,
        budgets: &mut Vec<Budget>,
    ) -> Vec<SealedCode> {
        let mut codes = Vec::new();
        for Sealed { id, place, codes: of_campaign, budgets: drawn, used } in self.campaigns {
            let Some(record) = usize::try_from(place).ok().and_then(|at| records.get_mut(at)) else { continue };
            let drawn = drawn.into_iter().filter_map(|number| {
                let at = usize::try_from(number).ok().filter(|at| *at >= self.budgets)?;
                Some((number, budgets.get(at)?.clone()))
            });
            let budgets = drawn.collect();
            let record = core::mem::replace(record, blank());
            let vocabulary = vocabulary.part(&used, self.told);
            let part = encode(&Part { format: FORMAT, place, record, budgets, vocabulary });
            let code = |code| SealedCode { campaign: id.clone(), code, part: part.clone() };
            codes.extend(of_campaign.into_iter().map(code));
        }
        vocabulary.keep(self.told);
        budgets.truncate(self.budgets);
        codes
    }
}
