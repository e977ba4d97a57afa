//! What a member's points and level come to with an order: what counts at once, and what later.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use serde::Serialize;
use serde_json::Value as Json;

use super::account::Account;
use super::course::Course;
use super::earn::Earned;
use super::{Quoted, Rules};
use crate::ledger::calendar::{text, Expiry, Zone};
use crate::ledger::ceilings::Ceilings;
use crate::ledger::levels::Progress;
use crate::ledger::programme::{LevelBy, Levels};
use crate::loyalty::{On, Programme};
use crate::time::Timestamp;

/// The level once the last points of this order count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Later {
    /// When that is.
    pub at: Timestamp,
    /// How far the next level is then.
    pub progress: Progress,
}

/// What one rule brings, posted on its own.
#[derive(Clone, Debug)]
pub(super) struct Posting {
    /// All of it.
    pub points: i64,
    /// What of it can be spent at once.
    pub at_once: i64,
    /// The level then.
    pub level: Option<String>,
}

/// Points and level with an order.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlook {
    /// What each rule gives, as far as ceilings leave it.
    pub earned: Vec<Earned>,
    /// The same as it comes onto the account, one after another.
    pub postings: Vec<Posting>,
    /// What of the account pays for the order.
    pub drawn: i64,
    /// The level now.
    pub progress: Option<Progress>,
    /// The level with what counts at once.
    pub after: Option<Progress>,
    /// The level with all of it.
    pub later: Option<Later>,
}

impl Outlook {
    /// What of the points can be spent at once.
    pub fn at_once(&self) -> i64 {
        self.postings.iter().fold(0, |sum: i64, posting| sum.saturating_add(posting.at_once))
    }

    /// How far the next level is with all that counts of the order.
    pub fn last(&self) -> Option<&Progress> {
        self.later.as_ref().map(|later| &later.progress).or(self.after.as_ref())
    }
}

/// What moves an account on its own, in the order in which it happens at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    Activates,
    Expires,
}

impl Rules {
    /// What the programme that was asked last comes to with the order.
    pub(super) fn outlook(
        &self,
        programme: &Programme,
        accounts: &[Account],
        request: &Json,
        quoted: Quoted<'_>,
    ) -> Outlook {
        let own = accounts.iter().find(|account| account.scheme == programme.id).cloned().unwrap_or_default();
        let now = quoted.cart.now;
        let ceilings = Ceilings::new(own.earning.clone(), now);
        let mut course = Course::new(programme, &self.gifts, ceilings, (now, self.zone()));
        course.owed = own.owed;
        let by_balance = course.is_by_balance();
        let drawn = drawn(&own, request, quoted);
        let mut spent = if by_balance { drawn } else { 0 };
        let progress = programme.levels.as_ref().map(|levels| {
            let none = Progress { level: None, until: None, points: 0, coming: None, next: None, missing: None };
            let progress = levels.with_more(own.progress.as_ref().unwrap_or(&none), 0);
            course.draw(levels, &progress, spent);
            progress
        });
        // each rule earns on its own: a level may be reached by one, bring points, and be passed by the next
        let earned = self.earned(accounts, Some(quoted), |of, on| of.id == programme.id && *on == On::Order);
        for one in earned.into_iter().filter(|one| one.programme == programme.id) {
            course.post(one);
            course.climb();
        }
        let (earned, postings) = (mem::take(&mut course.earned), mem::take(&mut course.postings));
        let after = course.standing.clone();
        let mut outlook = Outlook { earned, postings, drawn, progress, after, later: None };
        let (Some(levels), Some(progress)) = (&programme.levels, &outlook.progress) else { return outlook };
        let Some(at) = course.last.filter(|at| self.counts_by(levels, progress, (now, *at))) else { return outlook };
        let mut moves: BTreeMap<(Timestamp, Move), i64> = BTreeMap::new();
        let (mut coming, ending) = (mem::take(&mut course.coming), mem::take(&mut course.ending));
        coming.extend(own.activating.iter().map(|one| (one.at, one.amount, one.expires_at)));
        for (at, amount, expires_at) in coming {
            add(&mut moves, (at, Move::Activates), amount);
            if let Some(at) = expires_at.filter(|_| by_balance) {
                add(&mut moves, (at, Move::Expires), amount.saturating_neg());
            }
        }
        for (at, amount) in ending.into_iter().filter(|_| by_balance) {
            at.into_iter().for_each(|at| add(&mut moves, (at, Move::Expires), amount.saturating_neg()));
        }
        // what pays for the order is no longer there to expire
        for one in own.expiring.iter().filter(|_| by_balance) {
            let left = one.amount.saturating_sub(spent).max(0);
            spent = spent.saturating_sub(one.amount).max(0);
            add(&mut moves, (one.at, Move::Expires), left.saturating_neg());
        }
        for (_, amount) in moves.into_iter().take_while(|((moment, _), _)| *moment <= at) {
            let counted = if by_balance { course.pay(amount) } else { amount };
            // what the level then brings comes with the next command, in which the account is looked at
            course.rise(counted);
        }
        outlook.later = course.standing.map(|progress| Later { at, progress });
        outlook
    }

    /// Whether what becomes active at a later moment still counts for the levels as they stand now: within the period
    /// whose points count, and before the level that is held is looked at again.
    fn counts_by(&self, levels: &Levels, progress: &Progress, (now, at): (Timestamp, Timestamp)) -> bool {
        let zone = self.zone();
        let week = self.said.week_start.unwrap_or_default();
        let period = |moment| text(levels.every.first_day(zone.date_at(moment), week));
        progress.until.is_none_or(|until| at < until) && (levels.by == LevelBy::Balance || period(now) == period(at))
    }

    /// The zone of the programmes' days.
    pub(super) fn zone(&self) -> Zone {
        self.said.time_zone.as_deref().and_then(Zone::parse).unwrap_or_default()
    }
}

impl Programme {
    /// Civil days until what a rule earns can be spent.
    pub(super) fn pending_days_of(&self, rule: &str) -> u32 {
        let own = self.earning.iter().find(|one| one.id == rule).and_then(|rule| rule.pending_days);
        own.unwrap_or(self.pending_days)
    }

    /// When it expires then.
    pub(super) fn expiry_of(&self, rule: &str) -> Expiry {
        let own = self.earning.iter().find(|one| one.id == rule).and_then(|rule| rule.expiry);
        own.unwrap_or(self.expiry)
    }
}

fn add(moves: &mut BTreeMap<(Timestamp, Move), i64>, at: (Timestamp, Move), amount: i64) {
    let sum = moves.entry(at).or_default();
    *sum = sum.saturating_add(amount);
}

/// What of an account pays for the order: points, or money of its currency.
fn drawn(own: &Account, request: &Json, quoted: Quoted<'_>) -> i64 {
    let named = own.account.as_deref();
    let customer = request.get("customer").and_then(super::happened::id_of);
    let usual: Option<String> = customer.map(|customer| crate::loyalty::account_of(&own.scheme, customer));
    let payments = request.get("payments").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let is_own = |place: u32| {
        let id = payments.get(place as usize).and_then(|payment| payment.get("id")).and_then(Json::as_str);
        id.is_some() && id == named.or(usual.as_deref())
    };
    let used = quoted.answer.payments.iter().filter(|used| is_own(used.payment));
    used.fold(0, |sum: i64, used| sum.saturating_add(used.points.unwrap_or(used.amount)))
}
