//! Terms that the kinds off lines share: which units, in which order, and the most that is taken of them.

use alloc::boxed::Box;

use serde::Deserialize;

use super::bundles::PerBundle;
use super::lines::{OffLines, Units};
use super::units::{Order, Quota};
use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, VocabularyBuilder};

/// Units, or whole lines, are counted off in the order of `pick`: some at the front are left out, and of those that follow
/// one of every so many is meant, the first of them included.
///
/// "Every second product line, the dearest left out": `{ "by": "line", "skip": 1, "every": 2 }` with `pick: dearest`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountOff {
    /// What is counted off; default units.
    #[serde(default)]
    pub by: CountedBy,
    /// How many are left out at the front; none when absent.
    pub skip: Option<i64>,
    /// One of every so many after them; default 1, all of them.
    pub every: Option<i64>,
    /// How many are meant at most.
    pub at_most: Option<i64>,
}

/// What is counted off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CountedBy {
    /// Units, line after line.
    #[default]
    Unit,
    /// Lines, each with all of its units.
    Line,
}

/// How a cap falls on lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CapSpread {
    /// Each line gives up the same part.
    #[default]
    Proportional,
    /// Line after line, in the order of `pick`, takes its whole until the cap is used up.
    InTurn,
}

/// What a document says of these terms.
#[derive(Clone, Copy, Default)]
pub(super) struct Terms<'a> {
    pub(super) max_units: Option<i64>,
    pub(super) max_units_per_line: Option<i64>,
    pub(super) groups_of: Option<i64>,
    pub(super) pick: Order,
    pub(super) count_off: Option<&'a CountOff>,
    pub(super) cap: Option<&'a Amounts>,
    pub(super) cap_per_line: Option<&'a Amounts>,
    pub(super) cap_spread: CapSpread,
    pub(super) exclude_discounted: bool,
    pub(super) only_discounted: bool,
    pub(super) per_bundle: Option<&'a PerBundle>,
}

impl Terms<'_> {
    /// Says them of a discount. Returns the member that limits it to some units of lines, if one does.
    pub(super) fn say_of(
        self,
        off: &mut OffLines,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Option<&'static str>, Box<Diagnostic>> {
        let mut row = |amounts: Option<&Amounts>, name: &str| {
            amounts.map(|amounts| reading::amounts(amounts, vocabulary, &at.key(name))).transpose()
        };
        off.cap = row(self.cap, "cap")?;
        off.line_cap = row(self.cap_per_line, "capPerLine")?;
        off.cap_in_turn = self.cap_spread == CapSpread::InTurn;
        if off.cap_in_turn && self.cap.is_none() {
            let help = "add the `cap`, or leave this out";
            return Err(reading::invalid("there is no cap that this could say more of", help, &at.key("capSpread")));
        }
        let by_line = [("capPerLine", self.cap_per_line.is_some()), ("capSpread", off.cap_in_turn)];
        if let Some((name, _)) = by_line.iter().find(|(_, said)| *said && off.is_spread()) {
            let help = "leave it out, or take something off each line or unit";
            return Err(reading::invalid("what is spread over lines is not limited line by line", help, &at.key(name)));
        }
        if self.exclude_discounted && self.only_discounted {
            let help = "say one of the two";
            return Err(reading::invalid("no line is both", help, &at.key("onlyDiscounted")));
        }
        off.discounted = self.only_discounted.then_some(true).or(self.exclude_discounted.then_some(false));
        let (most, most_per_line, groups_of) = (self.max_units, self.max_units_per_line, self.groups_of);
        let mut quota = Quota { most, most_per_line, groups_of, pick: self.pick, ..Quota::default() }.compile(at)?;
        let mut limit = quota.limit();
        if let Some(count_off) = self.count_off {
            let at = at.key("countOff");
            count_off.say_of(&mut quota, &at)?;
            limit = limit.or(Some("countOff").filter(|_| !quota.by_line));
        }
        if limit.is_some() || self.count_off.is_some() || off.cap_in_turn {
            off.units = Units::Quota(quota);
        }
        let per_bundle = at.key("perBundle");
        off.times = self.per_bundle.map(|per| per.compile(vocabulary, &per_bundle)).transpose()?;
        Ok(limit)
    }
}

impl CountOff {
    fn say_of(&self, quota: &mut Quota, at: &Pointer) -> Result<(), Box<Diagnostic>> {
        quota.by_line = self.by == CountedBy::Line;
        if let Some(skip) = self.skip.filter(|skip| *skip != 0) {
            quota.skip = reading::count(skip, &at.key("skip"))?;
        }
        if let Some(every) = self.every {
            quota.every = reading::count(every, &at.key("every"))?;
        }
        let at_most = self.at_most.map(|most| reading::count(most, &at.key("atMost"))).transpose()?;
        match self.by {
            CountedBy::Line => quota.most_lines = at_most,
            CountedBy::Unit => quota.most = at_most.into_iter().chain(quota.most).min(),
        }
        Ok(())
    }
}
