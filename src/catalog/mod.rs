//! The campaigns of an opened snapshot, ready to be asked: records read, indexes at hand. A record that this
//! version cannot read is set aside with a diagnostic; the others work.

#[cfg(feature = "workshop")]
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

#[cfg(feature = "workshop")]
mod granting;
pub mod part;
pub mod section;
pub mod words;

#[cfg(feature = "workshop")]
pub use granting::Opened;

use crate::code;
#[cfg(feature = "workshop")]
use crate::codes::Register;
use crate::condition::Condition;
use crate::error::{Diagnostic, Document, Error, FixBy, Severity};
use crate::money::{Amount, Currency, Rate, Rounding};
use crate::packed;
use crate::payment::Method;
use crate::pointer::Pointer;
use crate::vocabulary::{Subject, Vocabulary, Word};

use section::{Budget, Group, Index, Levels, Node, Record, Section, Stacking, FORMAT};
use words::{Dimensions, WordTable};

/// Most campaigns in a snapshot.
pub const MAX_CAMPAIGNS: usize = 10_000;

/// A campaign at work.
#[derive(Debug)]
pub struct Promotion {
    /// What the snapshot says.
    pub record: Record,
    /// Whether it needs a code.
    pub by_code: bool,
    /// Whether its rule is "all conditions", so that the first that fails decides.
    pub(crate) is_conjunction: bool,
    /// Whether a condition asks what earlier campaigns have left.
    pub(crate) waits_for_turn: bool,
}

/// The campaigns of a snapshot.
#[derive(Debug)]
pub struct Catalog {
    vocabulary: Vocabulary,
    words: WordTable,
    dimensions: Dimensions,
    promotions: Vec<Promotion>,
    codes: Vec<(String, u32)>,
    stacking: Stacking,
    has_choices: bool,
    has_turns: bool,
    has_margins: bool,
    has_bases: bool,
    foresees: bool,
    index: Index,
    margin: Option<Rate>,
    payments: Vec<Method>,
    budgets: Vec<Budget>,
    levels: Levels,
    #[cfg(feature = "workshop")]
    loyalty: Vec<u8>,
    /// Codes that are one of many.
    #[cfg(feature = "workshop")]
    register: Option<Box<Register>>,
    /// The places of campaigns that are not for everyone to read.
    #[cfg(feature = "workshop")]
    hidden: Vec<u32>,
    set_aside: Vec<Diagnostic>,
    /// How many basis points of what lines cost no discount may take, and in which currencies any may, if not in all.
    kept: u16,
    currencies: Vec<Currency>,
}

impl Catalog {
    /// Reads the `campaigns` section of a verified snapshot.
    ///
    /// # Errors
    /// `format_unsupported` when the section is of another format, `snapshot_malformed` when it cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Catalog, Error> {
        let malformed = || {
            let help = "publish the snapshot again with a matching version of counterfoil";
            Diagnostic::new("snapshot_malformed", "the campaigns of the snapshot cannot be read", help)
                .at(Document::Snapshot, "/sections/campaigns")
        };
        // the format's number is the first byte, so that a reader knows what it does not understand
        let format = u16::from(*bytes.first().ok_or_else(malformed)?);
        if format != FORMAT {
            let help = "update counterfoil where the snapshot is opened, or publish with the older version";
            return Err(Diagnostic::new("format_unsupported", "the campaigns are of another format", help)
                .number("format", i64::from(format))
                .number("supported", i64::from(FORMAT))
                .at(Document::Snapshot, "/sections/campaigns/format")
                .into());
        }
        let section: Section = packed::unpack(bytes).ok_or_else(malformed)?;
        let is_sound = section.margin.as_ref().is_none_or(Rate::is_sound)
            && section.payments.iter().all(|method| method.share.as_ref().is_none_or(Rate::is_sound));
        if section.records.len() > MAX_CAMPAIGNS || !is_sound {
            return Err(malformed().into());
        }
        Ok(Catalog::build(section))
    }

    fn build(section: Section) -> Catalog {
        let mut set_aside = Vec::new();
        let mut by_code = vec![false; section.records.len()];
        for (_, promotion) in &section.codes {
            if let Some(flag) = by_code.get_mut(*promotion as usize) {
                *flag = true;
            }
        }
        let mut promotions = Vec::with_capacity(section.records.len());
        for (index, (bytes, by_code)) in section.records.iter().zip(by_code).enumerate() {
            let record = match packed::unpack::<Record>(bytes) {
                Some(record) if is_sound(&record) => record,
                _ => {
                    set_aside.push(unreadable(index));
                    Record::nothing()
                }
            };
            let is_conjunction = record.rule.iter().all(|node| !matches!(node, Node::Any(_) | Node::Not));
            let waits_for_turn = record.conditions.iter().any(Condition::waits_for_turn);
            promotions.push(Promotion { record, by_code, is_conjunction, waits_for_turn });
        }
        let has_margins = promotions.iter().any(|promotion| promotion.record.margin.is_some());
        let has_turns = promotions.iter().any(|promotion| promotion.waits_for_turn);
        let has_bases = promotions.iter().any(|of: &Promotion| of.record.manners.base != section::Base::Running);
        let foresees =
            promotions.iter().any(|of: &Promotion| of.record.manners.combines == section::Combines::Foreseen);
        let has_choices = section.stacking.best || section.stacking.groups.iter().any(|group| group.best);
        let words = WordTable::build(&section.vocabulary);
        let dimensions = Dimensions::of(&section.vocabulary);
        let Section { vocabulary, stacking, codes, index, margin, payments, budgets, levels, .. } = section;
        Catalog {
            vocabulary,
            words,
            dimensions,
            promotions,
            codes,
            stacking,
            has_choices,
            has_turns,
            has_margins,
            has_bases,
            foresees,
            index,
            margin,
            payments,
            budgets,
            levels,
            #[cfg(feature = "workshop")]
            loyalty: section.loyalty,
            #[cfg(feature = "workshop")]
            register: None,
            #[cfg(feature = "workshop")]
            hidden: Vec::new(),
            set_aside,
            kept: 0,
            currencies: Vec::new(),
        }
    }

    /// What the rules name.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Words by their text.
    pub fn words(&self) -> &WordTable {
        &self.words
    }

    /// Where the doors look for words.
    pub fn dimensions(&self) -> &Dimensions {
        &self.dimensions
    }

    /// The campaigns, in order of application.
    pub fn promotions(&self) -> &[Promotion] {
        &self.promotions
    }

    /// One campaign.
    #[inline]
    pub fn promotion(&self, index: u32) -> Option<&Promotion> {
        self.promotions.get(index as usize)
    }

    /// The shared codes, normalised, each with its campaign.
    pub fn codes(&self) -> &[(String, u32)] {
        &self.codes
    }

    /// The campaign of a code as typed.
    pub fn campaign_of_code(&self, typed: &str) -> Option<u32> {
        let code = code::normalise(typed);
        let at = self.codes.binary_search_by(|(known, _)| known.as_str().cmp(&code)).ok()?;
        self.codes.get(at).map(|(_, promotion)| *promotion)
    }

    /// Keeps the register of codes; their campaigns are by code from now on.
    #[cfg(feature = "workshop")]
    pub(crate) fn keep(&mut self, register: Register) {
        for campaign in register.campaigns() {
            if let Some(promotion) = self.promotions.get_mut(campaign as usize) {
                promotion.by_code = true;
            }
        }
        self.register = Some(Box::new(register));
    }

    /// The codes that are one of many, where the snapshot has them.
    #[cfg(feature = "workshop")]
    pub fn register(&self) -> Option<&Register> {
        self.register.as_deref()
    }

    /// Takes word of campaigns that are not for everyone to read.
    #[cfg(feature = "workshop")]
    pub(crate) fn hide(&mut self, places: Vec<u32>) {
        self.hidden = places;
    }

    /// The places of campaigns that are not for everyone to read, as far as the snapshot tells.
    #[cfg(feature = "workshop")]
    pub fn hidden(&self) -> &[u32] {
        &self.hidden
    }

    /// Whether a word is a product's, and not a stock keeping unit's.
    pub fn is_product(&self, word: Word) -> bool {
        let dimension = self.vocabulary.spelling(word).map(|(dimension, _)| *dimension);
        dimension.is_some() && dimension == self.dimensions.only(Subject::Product)
    }

    /// The campaign of an id.
    pub fn campaign_of_id(&self, id: &str) -> Option<u32> {
        let at = self.promotions.iter().position(|promotion| promotion.record.id == id && !id.is_empty())?;
        u32::try_from(at).ok()
    }

    /// Holds all campaigns together to a ceiling: so many basis points of what lines cost no discount may take, and none
    /// takes anything in other currencies than these. Without any, all will do.
    pub(crate) fn hold_to(&mut self, kept: u16, currencies: Vec<Currency>) {
        (self.kept, self.currencies) = (kept, currencies);
    }

    /// How many basis points of what lines cost in a currency no discount may take.
    pub(crate) fn kept(&self, currency: Currency) -> u16 {
        match self.currencies.is_empty() || self.currencies.contains(&currency) {
            true => self.kept,
            false => 10_000,
        }
    }

    /// Has a campaign rest. Answers its index, unless it did already.
    pub(crate) fn stop(&mut self, id: &str) -> Option<u32> {
        let index = self.campaign_of_id(id)?;
        let promotion = self.promotions.get_mut(index as usize)?;
        core::mem::take(&mut promotion.record.active).then_some(index)
    }

    /// Has a campaign that was stopped run again.
    pub(crate) fn resume(&mut self, index: u32) {
        if let Some(promotion) = self.promotions.get_mut(index as usize) {
            promotion.record.active = true;
        }
    }

    /// The sets of campaigns of which only so many apply.
    pub fn groups(&self) -> &[Group] {
        &self.stacking.groups
    }

    /// Whether no code applies unless all do.
    pub(crate) fn takes_all_codes(&self) -> bool {
        self.stacking.all_codes
    }

    /// What campaigns may cost.
    #[inline]
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// What customers become by spending.
    #[inline]
    pub fn levels(&self) -> &Levels {
        &self.levels
    }

    /// What is said of loyalty, packed.
    #[cfg(feature = "workshop")]
    pub fn loyalty(&self) -> &[u8] {
        &self.loyalty
    }

    /// Whether some campaign asks what earlier ones have left.
    #[inline]
    pub(crate) fn has_turns(&self) -> bool {
        self.has_turns
    }

    /// Whether somewhere the campaigns apply that save most.
    #[inline]
    pub(crate) fn has_choices(&self) -> bool {
        self.has_choices
    }

    /// Whether a campaign may be left out where the others save more. Those that compete for lines are not.
    pub(crate) fn is_choice(&self, record: &Record) -> bool {
        let is_best = |group: &u16| self.stacking.groups.get(usize::from(*group)).is_some_and(|group| group.best);
        record.manners.contest == 0 && (self.stacking.best || record.groups.iter().any(is_best))
    }

    /// Whether some campaign keeps others out before its turn.
    #[inline]
    pub(crate) fn foresees(&self) -> bool {
        self.foresees
    }

    /// Whether some campaign's discounts are measured on something else than what is left.
    #[inline]
    pub(crate) fn has_bases(&self) -> bool {
        self.has_bases
    }

    /// The automatic promotions filed under a word.
    #[inline]
    pub(crate) fn filed_under(&self, word: Word) -> &[u32] {
        let at = word as usize;
        let from = self.index.starts.get(at).copied().unwrap_or(0) as usize;
        let until = self.index.starts.get(at.saturating_add(1)).copied().unwrap_or(0) as usize;
        self.index.filed.get(from..until).unwrap_or(&[])
    }

    /// The automatic promotions filed under no word, by rising subtotal needed.
    #[inline]
    pub(crate) fn by_subtotal(&self, currency: Option<usize>) -> &[(i64, u32)] {
        let at = currency.unwrap_or(self.vocabulary.currencies.len());
        self.index.by_subtotal.get(at).map_or(&[], Vec::as_slice)
    }

    /// The column of a currency, if any amount is in it.
    pub fn currency(&self, currency: Currency) -> Option<usize> {
        self.vocabulary.currency(currency)
    }

    /// Whether some campaign by itself asks what units cost the shop.
    pub fn has_margins(&self) -> bool {
        self.has_margins
    }

    /// The least a unit of this cost is sold for, minor units; nothing where no margin is demanded.
    pub fn lowest_price(&self, cost: i64) -> i64 {
        self.margin.map_or(0, |margin| margin.of(Amount::new(cost), Rounding::Up).minor())
    }

    /// What payments may be used for.
    pub fn payments(&self) -> &[Method] {
        &self.payments
    }

    /// The index of a payment method by its id.
    pub fn payment_method(&self, id: &str) -> Option<u32> {
        self.payments.iter().position(|method| method.id == id).and_then(|index| u32::try_from(index).ok())
    }

    /// Campaigns that this version could not read.
    pub fn set_aside(&self) -> &[Diagnostic] {
        &self.set_aside
    }
}

impl Record {
    /// Stands where a record was set aside: it never runs.
    fn nothing() -> Record {
        Record {
            id: String::new(),
            active: false,
            stretch: crate::time::Interval::ALWAYS,
            intervals: Vec::new(),
            groups: Vec::new(),
            manners: section::Manners {
                combines: section::Combines::Common,
                last: false,
                base: section::Base::Running,
                keeps: false,
                once: false,
                contest: 0,
            },
            lane: 0,
            footing: section::Footing::Other,
            conditions: Vec::new(),
            rule: Vec::new(),
            discounts: Vec::new(),
            earning: Vec::new(),
            limits: Vec::new(),
            hinted: section::Hinted::None,
            rounding: crate::money::Rounding::HalfUp,
            level: None,
            reevaluates: false,
            margin: None,
        }
    }
}

/// Whether a rule can be evaluated: every operator finds its verdicts, one is left, no more than fit the stack.
fn is_sound(record: &Record) -> bool {
    if record.margin.as_ref().is_some_and(|margin| !margin.is_sound()) {
        return false;
    }
    let mut depth = 0_usize;
    for node in &record.rule {
        let (taken, sound) = match node {
            Node::Condition(index) => (0, usize::from(*index) < record.conditions.len()),
            Node::All(count) | Node::Any(count) => (usize::from(*count), *count > 0),
            Node::Not | Node::Named => (1, true),
        };
        match depth.checked_sub(taken) {
            Some(rest) if sound && rest < 64 => depth = rest.saturating_add(1),
            _ => return false,
        }
    }
    depth == usize::from(!record.rule.is_empty())
}

fn unreadable(index: usize) -> Diagnostic {
    let help = "update counterfoil where the snapshot is opened";
    let mut diagnostic = Diagnostic::new("kind_unknown", "a campaign uses what this version does not know", help)
        .fix_by(FixBy::Developer)
        .at(Document::Snapshot, Pointer::root().key("sections").key("campaigns").key("records").index(index));
    diagnostic.severity = Severity::Warning;
    diagnostic
}
