//! What a member's points and level come to with an order: what counts at once, and what later.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::Value as Json;

use super::account::Account;
use super::earn::Earned;
use super::{Quoted, Rules};
use crate::ledger::calendar::{days_after, text, Expiry, Zone};
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
        let mut ceilings = Ceilings::new(own.earning.clone(), quoted.cart.now);
        let earned = self.earned(accounts, Some(quoted), |of, on| of.id == programme.id && *on == On::Order);
        let within = |mut one: Earned| {
            one.points = ceilings.take(Some(&one.rule), one.points);
            (one.points > 0).then_some(one)
        };
        let earned: Vec<Earned> =
            earned.into_iter().filter(|one| one.programme == programme.id).filter_map(within).collect();
        let (zone, now) = (self.zone(), quoted.cart.now);
        let (mut postings, mut last) = (Vec::new(), None);
        let (mut coming, mut ending) = (Vec::new(), Vec::new());
        for one in &earned {
            let pending_days = programme.pending_days_of(&one.rule);
            let at_once = if pending_days == 0 { one.points } else { 0 };
            postings.push(Posting { points: one.points, at_once, level: None });
            match pending_days {
                0 => {
                    ending.push((programme.expiry_of(&one.rule).of(now, &zone), one.points));
                }
                days => {
                    let at = days_after(now, days, &zone);
                    last = last.max(Some(at));
                    coming.push((at, one.points, programme.expiry_of(&one.rule).of(at, &zone)));
                }
            }
        }
        let mut outlook = Outlook { earned, postings, drawn: drawn(&own, request, quoted), ..Outlook::default() };
        let Some(levels) = &programme.levels else { return outlook };
        let none = Progress { level: None, until: None, points: 0, coming: None, next: None, missing: None };
        let progress = levels.with_more(own.progress.as_ref().unwrap_or(&none), 0);
        let by_balance = levels.by == LevelBy::Balance;
        let spent = if by_balance { outlook.drawn } else { 0 };
        // each rule earns on its own: a level may be reached by one and passed by the next
        let paid = levels.with_more(&progress, spent.saturating_neg());
        let after = outlook.postings.iter_mut().fold(paid, |progress, posting| {
            let progress = match posting.at_once {
                0 => levels.looked_at(&progress),
                points => levels.with_more(&progress, points),
            };
            posting.level.clone_from(&progress.level);
            progress
        });
        if let Some(at) = last.filter(|at| self.counts_by(levels, &progress, (now, *at))) {
            let mut moves: BTreeMap<(Timestamp, Move), i64> = BTreeMap::new();
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
            let mut spent = spent;
            for one in own.expiring.iter().filter(|_| by_balance) {
                let left = one.amount.saturating_sub(spent).max(0);
                spent = spent.saturating_sub(one.amount).max(0);
                add(&mut moves, (one.at, Move::Expires), left.saturating_neg());
            }
            let due = moves.into_iter().take_while(|((moment, _), _)| *moment <= at);
            let progress = due.fold(after.clone(), |progress, (_, amount)| levels.with_more(&progress, amount));
            outlook.later = Some(Later { at, progress });
        }
        (outlook.progress, outlook.after) = (Some(progress), Some(after));
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
    fn pending_days_of(&self, rule: &str) -> u32 {
        let own = self.earning.iter().find(|one| one.id == rule).and_then(|rule| rule.pending_days);
        own.unwrap_or(self.pending_days)
    }

    /// When it expires then.
    fn expiry_of(&self, rule: &str) -> Expiry {
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
