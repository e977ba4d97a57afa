//! Lints: what is written well and still looks wrong, one file each. They speak of campaigns as the documents say them,
//! are found when documents are compiled, and only warn; nothing is published that a [grave](GRAVE) one has found, unless it is allowed by name.
//!
//! A new lint is one file beside this one, one line in the register below and one corpus file.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::campaign::{reading, Campaign, GroupPick, StackingPolicy};
use crate::catalog::section::Record;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::time::Interval;

mod rule;

/// A campaign as it is looked at.
pub(crate) struct Subject<'a> {
    /// As the document says it.
    pub(crate) campaign: &'a Campaign,
    /// Where it stands.
    pub(crate) at: &'a Pointer,
    /// As the snapshot says it.
    pub(crate) record: &'a Record,
}

/// All campaigns of a shop.
pub(crate) struct Shop<'a> {
    /// In order of application.
    pub(crate) subjects: Vec<Subject<'a>>,
    /// How they combine: the policies of all documents.
    pub(crate) policies: Vec<StackingPolicy>,
    /// For how long the snapshot lives.
    pub(crate) life: Interval,
}

/// What was found: the place of the campaign in [`Shop::subjects`], and a warning at its place in the document.
pub(crate) type Found = Vec<(usize, Diagnostic)>;

macro_rules! lints {
    ($($file:ident),* $(,)?) => {
        $(mod $file;)*

        /// The codes of all lints.
        pub const CODES: &[&str] = &[$(stringify!($file)),*];

        /// Looks at all campaigns.
        pub(crate) fn look(shop: &Shop<'_>) -> Found {
            let mut found = Found::new();
            $($file::look(shop, &mut |subject, message, help, at| {
                let warning = reading::diagnostic(stringify!($file), message, help, at).warning();
                found.push((subject, warning));
            });)*
            found
        }
    };
}

lints! {
    never_applies,
    always_wins,
    priority_tied,
    takes_everything,
    code_in_id,
    code_guessable,
    code_readable,
}

/// Those that keep campaigns from being published until somebody says that they mean it: codes that are in plain sight or
/// found by trying, and discounts that leave nothing to pay.
pub const GRAVE: [&str; 3] = ["takes_everything", "code_in_id", "code_guessable"];

/// Takes a finding: which campaign, what is the matter, the remedy, and where.
pub(crate) type Report<'a> = dyn FnMut(usize, String, &'static str, &Pointer) + 'a;

/// More orders than this are for everyone: a public code with a ceiling is told to all, one for a few is a secret.
const FEW: u64 = 10;

fn is_for_few(campaign: &Campaign) -> bool {
    campaign.limits.total.is_some_and(|total| total <= FEW)
}

impl Shop<'_> {
    /// Whether the choice among campaigns that do not combine falls to the order of application.
    fn is_by_priority(&self) -> bool {
        self.policies.iter().all(|policy| policy.pick != Some(crate::campaign::Pick::Best))
    }

    /// The groups of which only so many campaigns apply, by order of application: how many.
    fn limited_groups(&self) -> BTreeMap<&str, u16> {
        let groups = self.policies.iter().flat_map(|policy| &policy.groups);
        let limited = groups.filter(|group| match group.pick {
            None => group.at_most.is_some(),
            Some(pick) => pick == GroupPick::First,
        });
        limited.map(|group| (group.id.as_str(), group.at_most.unwrap_or(1))).collect()
    }
}

impl Subject<'_> {
    fn is_automatic(&self) -> bool {
        !self.campaign.is_by_code() && self.record.active
    }

    /// Whether it runs at all times of the snapshot's life at which another one does.
    fn covers(&self, other: &Subject<'_>, life: Interval) -> bool {
        let (own, others) = (self.record.stretch, other.record.stretch);
        let (from, until) = (others.from.max(life.from), others.until.min(life.until));
        self.record.intervals.is_empty() && own.from <= from && until <= own.until
    }

    /// Whether both run at some moment, as far as their first and last moments say.
    fn meets(&self, other: &Subject<'_>) -> bool {
        let (own, others) = (self.record.stretch, other.record.stretch);
        own.from < others.until && others.from < own.until
    }
}
