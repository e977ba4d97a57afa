//! What the documents of a shop say, gathered: every fault that shows before campaigns are translated is found here.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use super::declared::Declared;
use super::limits::{self, Budgets};
use super::policy::{Policy, Rank};
use super::terms::Terms;
#[cfg(feature = "workshop")]
use super::{loyalty, programme};
use super::{Source, View};
#[cfg(feature = "workshop")]
use crate::campaign::Budget;
use crate::campaign::{reading, Campaign, CampaignDocument, StackingPolicy, Visibility};
use crate::catalog::section::Levels;
use crate::catalog::MAX_CAMPAIGNS;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// A campaign that could be read, and where it stands.
pub(super) struct Read<'a> {
    pub(super) campaign: Campaign,
    pub(super) source: &'a str,
    pub(super) at: Pointer,
    /// Its place among the lanes, which the order of all campaigns gives it.
    pub(super) lane: i64,
}

/// What all documents say.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    pub(super) policy: Policy,
    pub(super) terms: Terms<'a>,
    pub(super) declared: Declared<'a>,
    pub(super) budgets: Budgets,
    pub(super) levels: Option<Levels>,
    /// What each document says of stacking.
    pub(super) policies: Vec<StackingPolicy>,
    #[cfg(feature = "workshop")]
    pub(super) loyalty: loyalty::Said<'a>,
    #[cfg(feature = "workshop")]
    pub(super) programme: programme::Declared,
    #[cfg(feature = "workshop")]
    pub(super) shared: Vec<Budget>,
    /// In the order in which they are applied.
    pub(super) campaigns: Vec<Read<'a>>,
}

impl<'a> Gathered<'a> {
    /// Gathers what a view shows of the documents.
    pub(super) fn of(
        view: View,
        sources: &'a [Source],
        vocabulary: &mut VocabularyBuilder,
        faults: &mut Vec<Diagnostic>,
    ) -> Gathered<'a> {
        let mut gathered = Gathered::default();
        for source in sources {
            let mut of_source = Vec::new();
            let before = gathered.campaigns.len();
            gathered.add(source, vocabulary, &mut of_source);
            if view == View::Public {
                let of_source = gathered.campaigns.split_off(before.min(gathered.campaigns.len()));
                let seen = of_source.into_iter().filter(|read| read.campaign.visibility() != Visibility::Edge);
                gathered.campaigns.extend(seen);
            }
            faults.extend(of_source.into_iter().map(|fault| named(fault, &source.name)));
        }
        gathered.declared.check(faults);
        gathered.check_campaigns(faults);
        gathered.terms.check(faults);
        gathered.rank();
        gathered.budgets.sort();
        gathered.declared.prepare(vocabulary);
        gathered
    }

    /// Adds what one document says.
    fn add(&mut self, source: &'a Source, vocabulary: &mut VocabularyBuilder, faults: &mut Vec<Diagnostic>) {
        let root = Pointer::root();
        let document: CampaignDocument = match reading::value(&source.document, &root) {
            Ok(document) => document,
            Err(fault) => return faults.push(*fault),
        };
        self.declared.gather(&document, &source.name, faults);
        self.policy.add(&document.stacking, &root.key("stacking"), faults);
        self.terms.add(&document, &source.name, faults);
        for (index, json) in document.campaigns.iter().enumerate() {
            let at = root.key("campaigns").index(index);
            match reading::value::<Campaign>(json, &at) {
                Ok(campaign) => {
                    if let Err(fault) = check_id(&campaign.id, &at.key("id")) {
                        faults.push(*fault);
                    }
                    self.campaigns.push(Read { campaign, source: &source.name, at, lane: 0 });
                }
                Err(fault) => faults.push(*fault),
            }
        }
        limits::read(&document, &mut self.budgets, &mut self.levels, vocabulary, faults);
        #[cfg(feature = "workshop")]
        {
            faults.extend(self.programme.add(&document).err().map(Diagnostic::from));
            self.loyalty.add(document.loyalty.as_ref(), &source.name, faults);
            self.shared.extend(document.budgets);
        }
        self.policies.push(document.stacking);
    }

    /// No id may be there twice, and there may not be too many.
    fn check_campaigns(&self, faults: &mut Vec<Diagnostic>) {
        let mut ids: BTreeMap<&str, ()> = BTreeMap::new();
        for read in &self.campaigns {
            if ids.insert(&read.campaign.id, ()).is_some() {
                let message = format!("the id `{}` is used twice", read.campaign.id);
                let help = "give each campaign its own id";
                let fault = reading::diagnostic("id_duplicated", message, help, &read.at.key("id"));
                faults.push(named(fault, read.source));
            }
        }
        if self.campaigns.len() > MAX_CAMPAIGNS {
            let help = "take campaigns that have ended out of the documents";
            let message = format!("there are more than {MAX_CAMPAIGNS} campaigns");
            faults.push(*reading::diagnostic("too_many_campaigns", message, help, &Pointer::root()));
        }
    }

    /// Puts the campaigns in the order in which they are applied, lane by lane.
    fn rank(&mut self) {
        self.policy.complete(self.campaigns.iter().map(|read| &read.campaign));
        let ranks = self.policy.ranks(&self.campaigns.iter().map(|read| &read.campaign).collect::<Vec<_>>());
        let mut ranked: Vec<(Rank, Read<'_>)> = ranks.into_iter().zip(self.campaigns.drain(..)).collect();
        ranked.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut lane = 0_i64;
        let mut before: Option<Rank> = None;
        for (rank, read) in ranked {
            let is_next = before.as_ref().is_some_and(|before| before.lane() != rank.lane());
            lane = lane.saturating_add(i64::from(is_next));
            before = Some(rank);
            self.campaigns.push(Read { lane, ..read });
        }
    }
}

pub(super) fn check_id(id: &str, at: &Pointer) -> Result<(), Box<Diagnostic>> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match id.len() {
        1..=64 if id.bytes().all(sound) => Ok(()),
        _ => {
            let help = "use 1 to 64 of the letters a-z, A-Z, digits, `-`, `_`, `.`";
            Err(reading::invalid(format!("`{id}` is no id"), help, at))
        }
    }
}

pub(super) fn named(fault: impl Into<Diagnostic>, source: &str) -> Diagnostic {
    let mut fault = fault.into();
    if let Some(place) = &mut fault.at {
        place.id = Some(source.to_owned());
    }
    fault
}

impl From<Box<Diagnostic>> for Diagnostic {
    fn from(boxed: Box<Diagnostic>) -> Diagnostic {
        *boxed
    }
}
