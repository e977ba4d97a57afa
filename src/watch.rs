//! What is written down while a cart is evaluated, when somebody asks for it: the till's own steps with their numbers.
//!
//! Steps are noted where they happen to any kind of discount: asking for an offer, rounding, cutting, allocating, taking.
//! So a new kind is traced without a line of its own. Without the feature `workshop` nothing of this is there: a watch has
//! no size, and a note is never made.

use crate::balance::Manner;
use crate::money::{Amount, Rate, Rounding};
use crate::reason::Reason;
use alloc::vec::Vec;
#[cfg(feature = "workshop")]
use core::cell::RefCell;
#[cfg(not(feature = "workshop"))]
use core::marker::PhantomData;

/// One step. Campaigns, lines and charges are told by their index, amounts in minor units.
#[derive(Clone, Debug)]
pub enum Note {
    /// A campaign takes its turn.
    Turn {
        /// Which.
        promotion: u32,
    },
    /// A campaign takes nothing of lines and charges because others take more of them.
    Outbid {
        /// Which.
        promotion: u32,
        /// By whom.
        by: Vec<u32>,
    },
    /// The next of its discounts is asked what it would take.
    Asked {
        /// Whether of original prices instead of what is left.
        on_original: bool,
    },
    /// A rate was rounded.
    Rounded {
        /// The rate.
        rate: Rate,
        /// Of what.
        of: i64,
        /// In which mode.
        rounding: Rounding,
        /// To what.
        to: i64,
    },
    /// An offer was cut.
    Cut {
        /// By what.
        by: Limit,
        /// Of which line, when of one.
        line: Option<u32>,
        /// What it was.
        from: i64,
        /// What it is.
        to: i64,
    },
    /// Units of a line were gone: used up by an earlier discount.
    Gone {
        /// Which line.
        line: u32,
        /// How many of its units.
        units: i64,
    },
    /// One amount is spread over the shares that follow.
    Spread {
        /// How much.
        amount: i64,
        /// Their weights.
        weights: Vec<i64>,
    },
    /// A share of a line was taken.
    Share {
        /// Which line.
        line: u32,
        /// From which of its units, and how they bear it.
        manner: Manner,
        /// What its line had left before.
        before: i64,
        /// What was offered.
        offered: i64,
        /// What was taken.
        taken: i64,
    },
    /// A share of a charge for shipping was taken.
    Charge {
        /// Which charge.
        charge: u32,
        /// What was left of it before.
        before: i64,
        /// What was taken.
        taken: i64,
    },
    /// Units of a line are used up now.
    UsedUp {
        /// Which line.
        line: u32,
        /// How many of its units.
        units: i64,
    },
    /// A campaign that matched did not apply.
    Lost {
        /// Which.
        promotion: u32,
        /// Why.
        reasons: Vec<Reason>,
    },
}

/// What cut an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The most that the discount takes.
    Cap,
    /// The lowest price of units.
    Floor,
    /// What a budget of the campaign has left.
    Budget,
}

/// Where steps are written down.
#[derive(Debug, Default)]
pub struct Watch {
    #[cfg(feature = "workshop")]
    notes: RefCell<Option<Vec<Note>>>,
}

/// How far a watch had come at some moment.
#[derive(Clone, Copy, Debug)]
pub struct WatchMark {
    #[cfg(feature = "workshop")]
    notes: usize,
}

impl Watch {
    /// Writes a step down, if somebody asks.
    #[inline(always)]
    #[cfg_attr(not(feature = "workshop"), expect(unused_variables, reason = "nobody can ask"))]
    pub fn note(&self, note: impl FnOnce() -> Note) {
        #[cfg(feature = "workshop")]
        if let Ok(mut notes) = self.notes.try_borrow_mut() {
            if let Some(notes) = notes.as_mut() {
                notes.push(note());
            }
        }
    }

    /// Whether somebody asks.
    #[inline(always)]
    pub fn is_asked(&self) -> bool {
        #[cfg(feature = "workshop")]
        return self.notes.try_borrow().is_ok_and(|notes| notes.is_some());
        #[cfg(not(feature = "workshop"))]
        false
    }

    /// Where the watch is.
    #[inline(always)]
    pub fn mark(&self) -> WatchMark {
        WatchMark {
            #[cfg(feature = "workshop")]
            notes: self.notes.try_borrow().map_or(0, |notes| notes.as_ref().map_or(0, Vec::len)),
        }
    }

    /// Forgets the steps since a mark, which were taken back.
    #[inline(always)]
    #[cfg_attr(not(feature = "workshop"), expect(unused_variables, reason = "there are none"))]
    pub fn rewind(&self, mark: WatchMark) {
        #[cfg(feature = "workshop")]
        if let Ok(mut notes) = self.notes.try_borrow_mut() {
            if let Some(notes) = notes.as_mut() {
                notes.truncate(mark.notes);
            }
        }
    }

    /// Begins anew with what is asked for.
    #[inline(always)]
    pub fn restart(&self) {
        #[cfg(feature = "workshop")]
        if let Ok(mut notes) = self.notes.try_borrow_mut() {
            if let Some(notes) = notes.as_mut() {
                notes.clear();
            }
        }
    }

    /// For those who take steps on somebody's behalf.
    #[inline(always)]
    pub fn lend(&self) -> Watching<'_> {
        Watching {
            #[cfg(feature = "workshop")]
            watch: self,
            #[cfg(not(feature = "workshop"))]
            watch: PhantomData,
        }
    }
}

#[cfg(feature = "workshop")]
impl Watch {
    /// Asks for what happens from now on.
    pub fn ask(&self) {
        self.notes.replace(Some(Vec::new()));
    }

    /// What happened since it was asked for. Nothing is written down any more.
    pub fn take(&self) -> Vec<Note> {
        self.notes.take().unwrap_or_default()
    }
}

/// A watch that is lent.
#[derive(Clone, Copy, Debug)]
pub struct Watching<'a> {
    #[cfg(feature = "workshop")]
    watch: &'a Watch,
    #[cfg(not(feature = "workshop"))]
    watch: PhantomData<&'a Watch>,
}

impl Watching<'_> {
    /// Writes a step down, if somebody asks.
    #[inline(always)]
    #[cfg_attr(not(feature = "workshop"), expect(unused_variables, reason = "nobody can ask"))]
    pub fn note(&self, note: impl FnOnce() -> Note) {
        #[cfg(feature = "workshop")]
        self.watch.note(note);
    }

    /// The share that a rate takes, rounded.
    #[inline(always)]
    pub fn round(&self, rate: Rate, of: Amount, rounding: Rounding) -> Amount {
        let to = rate.of(of, rounding);
        self.note(|| Note::Rounded { rate, of: of.minor(), rounding, to: to.minor() });
        to
    }

    /// An amount, cut to the most that it may be.
    #[inline(always)]
    pub fn at_most(&self, amount: Amount, most: Amount) -> Amount {
        self.cut(amount, most);
        amount.at_most(most)
    }

    /// Notes that what would be more is cut to this.
    #[inline(always)]
    pub fn cut(&self, from: Amount, to: Amount) {
        if to.minor() < from.minor() {
            self.note(|| Note::Cut { by: Limit::Cap, line: None, from: from.minor(), to: to.minor() });
        }
    }
}
