//! An order whose parts are kept in several places: what to ask next, so that in the end all of them count or none
//! does, whatever is lost or dies in between.
//!
//! The order is a small row of its own. A worker stores it, sends the step that [`Order::next`] names, tells the answer
//! to [`Order::heard`], stores again, and goes on until there is no next step. After a crash it reads the row and goes on:
//! steps have keys of their own, so what was asked before is answered as before.
//!
//! ```
//! use counterfoil::ledger::command::{Command, Part};
//! use counterfoil::ledger::order::{book_of, Order, Verdict};
//! use counterfoil::ledger::{decide, programme::Programme, state::State};
//! use std::collections::BTreeMap;
//!
//! let programme = Programme::read(r#"{ "allowances": { "spring": { "limits": [{ "uses": 9 }] }, "tea": {} } }"#).unwrap();
//! let parts: Vec<Part> = serde_json::from_str(r#"[
//!     { "type": "use", "allowance": "tea" }, { "type": "use", "allowance": "spring" }]"#).unwrap();
//! let mut order = Order::new("order-7", parts, 1_772_360_100_000, book_of);
//! let mut books: BTreeMap<String, State> = BTreeMap::new();
//! order.confirm(Vec::new()).unwrap();
//! while let Some(step) = order.next(1_772_359_200_000) {
//!     let book = books.entry(step.book.clone()).or_default();
//!     let decision = decide(&programme, book, &step.command);
//!     book.replay(&decision.events).unwrap();
//!     order.heard(&step, &decision.answer);
//! }
//! assert_eq!(order.verdict(), Verdict::Confirmed);
//! assert_eq!(books["allowance:spring"].counters["spring"].uses, 1);
//! ```

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::command::{Action, Command, Confirm, Part, Refund, Release, Reserve, Rollback, Share};
use super::refusal::{Code, Refusal};
use super::state::Standing;
use crate::time::Timestamp;

/// An order and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Order {
    /// Its id; each book reserves under this id and the book's name.
    pub id: String,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The zone of the customer's calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_zone: Option<String>,
    /// Until when its parts are held.
    pub until: Timestamp,
    /// What is wanted of it.
    pub goal: Goal,
    /// Parts of which less is used than was held, by their place in the order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Its parts by the book that decides them, in the order in which the books are asked.
    pub legs: Vec<Leg>,
    /// Why it is undone, when a book refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// What is wanted of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Everything held.
    Hold,
    /// Everything used.
    Confirm,
    /// Nothing held, nothing used.
    Undo,
}

/// The parts of an order that one book decides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leg {
    /// The book.
    pub book: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Where they stand in the order.
    pub places: Vec<usize>,
    /// How far it is.
    pub standing: LegStanding,
}

impl Leg {
    /// The shares of its parts, by their places in the book.
    fn own(&self, shares: &[Share]) -> Vec<Share> {
        let own = |share: &Share| {
            let part = self.places.iter().position(|place| *place == share.part)?;
            Some(Share { part, ..*share })
        };
        shares.iter().filter_map(own).collect()
    }
}

/// How far a leg is, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegStanding {
    /// Not asked.
    Waiting,
    /// Asked, and not answered: it may be held.
    Asked,
    /// Held.
    Held,
    /// Used.
    Confirmed,
    /// Neither, for good.
    Over,
}

/// What to send to which book.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// The book.
    pub book: String,
    /// The command.
    pub command: Command,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There are steps to take.
    Open,
    /// Everything is held.
    Held,
    /// Everything is used.
    Confirmed,
    /// Nothing is held and nothing is used.
    Undone,
}

/// The book of a part, where every allowance, every account and every leased block has one of its own. The budgets of a
/// single campaign are in its book.
pub fn book_of(part: &Part) -> String {
    match part {
        Part::Use { lease: Some(lease), .. } => format!("lease:{lease}"),
        Part::Use { allowance, .. } => format!("allowance:{}", campaign_of(allowance)),
        Part::Draw { account, .. } => format!("account:{account}"),
    }
}

/// `spring` of `spring/EUR`; any other name is its own.
fn campaign_of(allowance: &str) -> &str {
    allowance
        .split_once('/')
        .filter(|(_, currency)| !currency.contains('/'))
        .map_or(allowance, |(campaign, _)| campaign)
}

impl Order {
    /// An order that is to be held until a moment. Books are asked in the order of their names, the same for every order,
    /// so that two orders never wait for each other.
    pub fn new(id: &str, parts: Vec<Part>, until: Timestamp, book_of: impl Fn(&Part) -> String) -> Order {
        let mut books: BTreeMap<String, (Vec<Part>, Vec<usize>)> = BTreeMap::new();
        for (place, part) in parts.into_iter().enumerate() {
            let book = books.entry(book_of(&part)).or_default();
            book.0.push(part);
            book.1.push(place);
        }
        let legs = books.into_iter().map(|(book, (parts, places))| {
            let standing = LegStanding::Waiting;
            Leg { book, parts, places, standing }
        });
        Order {
            id: id.into(),
            customer: None,
            customer_zone: None,
            until,
            goal: Goal::Hold,
            shares: Vec::new(),
            legs: legs.collect(),
            refusal: None,
        }
    }

    /// Everything is to be used, of some parts less than was held. An order that is being undone stays so.
    ///
    /// # Errors
    /// `part_unknown`, `part_exceeded`, `member_invalid`: then nothing has changed, and what is held stays held.
    pub fn confirm(&mut self, shares: Vec<Share>) -> Result<(), Refusal> {
        self.check(&shares, &[])?;
        if self.goal == Goal::Hold {
            (self.goal, self.shares) = (Goal::Confirm, shares);
        }
        Ok(())
    }

    /// Refuses shares of more than the parts have, before any book is asked: none of them hears of an order that another one
    /// would refuse. `before` are shares that earlier returns took. Of a part of which less may have been taken than was
    /// asked, only its book knows what it has.
    fn check(&self, shares: &[Share], before: &[Share]) -> Result<(), Refusal> {
        for (index, share) in shares.iter().enumerate() {
            let part = i64::try_from(share.part).unwrap_or(i64::MAX);
            let known = ("reservation", self.id.as_str().into());
            let Some(size) = self.size(share.part) else {
                let params = [known, ("part", part.into())];
                return Err(Refusal::new(Code::PartUnknown, &params).at(format!("/parts/{index}/part")));
            };
            if shares.iter().take(index).any(|earlier| earlier.part == share.part) {
                let params = [("member", "part".into()), ("why", "is named twice".into())];
                return Err(Refusal::new(Code::MemberInvalid, &params).at(format!("/parts/{index}/part")));
            }
            let taken = |of: fn(&Share) -> Option<i64>| {
                let own = before.iter().filter(|earlier| earlier.part == share.part);
                own.fold(0_i64, |sum, earlier| sum.saturating_add(of(earlier).unwrap_or(0)))
            };
            let uses = (size.0.saturating_sub(taken(|share| share.uses)), share.uses, "uses");
            let amount = (size.1.saturating_sub(taken(|share| share.amount)), share.amount, "amount");
            for (left, wanted, member) in [uses, amount] {
                if let Some(wanted) = wanted.filter(|wanted| *wanted > left) {
                    let params = [known, ("part", part.into()), ("left", left.into()), ("wanted", wanted.into())];
                    return Err(Refusal::new(Code::PartExceeded, &params).at(format!("/parts/{index}/{member}")));
                }
            }
        }
        Ok(())
    }

    /// The uses and the money or points of a part, by its place, as far as they were confirmed.
    fn size(&self, place: usize) -> Option<(i64, i64)> {
        let leg = self.legs.iter().find(|leg| leg.places.contains(&place))?;
        let part = leg.parts.get(leg.places.iter().position(|own| *own == place)?)?;
        let (uses, amount) = match part {
            Part::Use { uses, amount, .. } => (*uses, amount.unwrap_or(0)),
            Part::Draw { amount, .. } => (0, *amount),
        };
        let confirmed = self.shares.iter().find(|share| share.part == place);
        let of = |all: i64, named: Option<i64>| named.unwrap_or(all);
        Some((of(uses, confirmed.and_then(|share| share.uses)), of(amount, confirmed.and_then(|share| share.amount))))
    }

    /// Nothing is to be held or used.
    pub fn undo(&mut self) {
        self.goal = Goal::Undo;
    }

    /// Where it stands.
    pub fn verdict(&self) -> Verdict {
        let all = |standing: &[LegStanding]| self.legs.iter().all(|leg| standing.contains(&leg.standing));
        match self.goal {
            Goal::Hold if all(&[LegStanding::Held]) => Verdict::Held,
            Goal::Confirm if all(&[LegStanding::Confirmed]) => Verdict::Confirmed,
            Goal::Undo if all(&[LegStanding::Waiting, LegStanding::Over]) => Verdict::Undone,
            Goal::Hold | Goal::Confirm | Goal::Undo => Verdict::Open,
        }
    }

    /// The next step, if there is one. Store the order before you take it.
    pub fn next(&mut self, now: Timestamp) -> Option<Step> {
        let goal = self.goal;
        let open = |leg: &Leg| match leg.standing {
            LegStanding::Asked => true,
            LegStanding::Waiting => goal != Goal::Undo,
            LegStanding::Held | LegStanding::Confirmed => goal == Goal::Undo,
            LegStanding::Over => false,
        };
        let index = self.legs.iter().position(open);
        // nothing is used before everything is held
        let held = |leg: &Leg| goal == Goal::Confirm && leg.standing == LegStanding::Held;
        let index = index.or_else(|| self.legs.iter().position(held))?;
        let standing = self.legs.get(index)?.standing;
        if standing == LegStanding::Waiting {
            self.legs.get_mut(index)?.standing = LegStanding::Asked;
        }
        let leg = self.legs.get(index)?;
        let reservation = format!("{}/{}", self.id, leg.book);
        let (verb, action) = match (goal, standing) {
            (_, LegStanding::Waiting | LegStanding::Asked) => {
                ("reserve", Action::Reserve(self.reserve(leg, reservation)))
            }
            (Goal::Confirm, _) => ("confirm", Action::Confirm(Confirm { reservation, parts: self.shares_of(leg) })),
            (_, LegStanding::Confirmed) => ("rollback", Action::Rollback(Rollback { reservation })),
            _ => ("release", Action::Release(Release { reservation })),
        };
        let key = format!("{}/{}/{verb}", self.id, leg.book);
        Some(Step { book: leg.book.clone(), command: Command { key, now, action } })
    }

    fn reserve(&self, leg: &Leg, reservation: String) -> Reserve {
        Reserve {
            reservation,
            customer: self.customer.clone(),
            customer_zone: self.customer_zone.clone(),
            order: Some(self.id.clone()),
            until: self.until,
            parts: leg.parts.clone(),
        }
    }

    fn shares_of(&self, leg: &Leg) -> Vec<Share> {
        leg.own(&self.shares)
    }

    /// What to send for a partial return of a confirmed order, book by book; `before` are the shares of earlier returns. Each step
    /// has the key of the return, so that one that was taken is answered as before.
    ///
    /// # Errors
    /// `part_unknown`, `part_exceeded`, `member_invalid`; `reservation_not_confirmed` while not everything is used.
    pub fn refund(&self, key: &str, shares: &[Share], before: &[Share], now: Timestamp) -> Result<Vec<Step>, Refusal> {
        self.check(shares, before)?;
        if self.verdict() != Verdict::Confirmed {
            let standing = if self.goal == Goal::Undo { "undone" } else { "not confirmed" };
            let params = [("reservation", self.id.as_str().into()), ("state", standing.into())];
            return Err(Refusal::new(Code::ReservationNotConfirmed, &params));
        }
        // those first that may know of less than was asked: after a refusal of the first one nothing has moved
        let may_have_less = |leg: &&Leg| leg.parts.iter().any(Part::is_up_to);
        let (first, others): (Vec<&Leg>, Vec<&Leg>) = self.legs.iter().partition(may_have_less);
        let steps = first.into_iter().chain(others).filter_map(|leg| {
            let parts = leg.own(shares);
            let action =
                Action::Refund(Refund { reservation: format!("{}/{}", self.id, leg.book), parts: parts.clone() });
            let command = Command { key: format!("{key}/{}/refund", leg.book), now, action };
            (!parts.is_empty()).then(|| Step { book: leg.book.clone(), command })
        });
        Ok(steps.collect())
    }

    /// Takes note of the answer to a step. One refusal undoes the whole order.
    pub fn heard(&mut self, step: &Step, answer: &Answer) {
        let Some(leg) = self.legs.iter_mut().find(|leg| leg.book == step.book) else { return };
        let refusal = match answer {
            Answer::Accepted(_) => None,
            Answer::Refused { refusal } => Some(refusal.as_ref()),
        };
        leg.standing = match (&step.command.action, refusal) {
            (Action::Reserve(_), None) if leg.standing == LegStanding::Asked => LegStanding::Held,
            (Action::Confirm(_), None) if leg.standing == LegStanding::Held => LegStanding::Confirmed,
            (Action::Release(_) | Action::Rollback(_), None) => LegStanding::Over,
            // it was confirmed, and the answer was lost: it is to be rolled back
            (Action::Release(_), Some(refusal)) if is_confirmed(refusal) => LegStanding::Confirmed,
            (Action::Reserve(_) | Action::Confirm(_), Some(refusal)) => {
                self.goal = Goal::Undo;
                self.refusal.get_or_insert_with(|| refusal.clone());
                // what was not confirmed may still be held
                if leg.standing == LegStanding::Asked {
                    LegStanding::Over
                } else {
                    leg.standing
                }
            }
            (_, Some(_)) => LegStanding::Over,
            (_, None) => leg.standing,
        };
    }
}

fn is_confirmed(refusal: &Refusal) -> bool {
    refusal.code == Code::ReservationNotHeld && refusal.params.get("state") == Some(&Standing::Confirmed.name().into())
}
