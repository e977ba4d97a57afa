//! How far the next reward is: "2 more points to `free-coffee`", and by how many units more of what is in the cart.

use alloc::format;
use alloc::string::String;

use serde_json::Value as Json;

use super::account::Account;
use super::hint::{in_points, Hint};
use super::offer::Offer;
use super::outlook::Outlook;
use super::{Preview, Rules, Till};
use crate::loyalty::{Automatic, Base, PerEvery, Programme, Worth};

/// A reward that is not reached with the order, and what is missing to it then.
struct Next {
    reward: String,
    missing: i64,
    /// Whether what was earned in all counts, spent or not.
    is_milestone: bool,
}

/// More of a line, and the points that each so many units of it bring.
struct More {
    line: String,
    points: i64,
    every: i64,
}

impl Rules {
    /// What is missing to the nearest reward of a programme that the order does not reach.
    pub(super) fn next_reward(
        &mut self,
        place: usize,
        (outlook, offers): (&Outlook, &[Offer]),
        asked: &Preview,
        till: &mut Till<'_>,
    ) -> Option<Hint> {
        let programme = self.said.programmes.get(place)?;
        // where nothing is earned nothing is nearer
        if programme.earning.is_empty() && !programme.campaign_points {
            return None;
        }
        let own = own(programme, asked);
        if own.suspended.is_some() {
            return None;
        }
        let then = |outlook: &Outlook, is_milestone: bool| match is_milestone {
            true => outlook.earned.iter().fold(own.earned_in_all(), |sum, one| sum.saturating_add(one.points)),
            false => own.available.saturating_sub(outlook.drawn).saturating_add(outlook.at_once()),
        };
        let comes = offers.iter().fold(0_i64, |sum, one| sum.saturating_add(one.comes.saturating_mul(one.points)));
        let next = nearest(offers, then(outlook, false).saturating_sub(comes), then(outlook, true))?;
        let step = self.more(place, outlook, next.missing).and_then(|more| {
            let units =
                next.missing.checked_sub(1)?.checked_div(more.points)?.checked_add(1)?.checked_mul(more.every)?;
            let mut brings = |units: i64| {
                let request = with_more(&asked.request, &more.line, units)?;
                let stepped = self.outlook_of(place, &request, &asked.accounts, till)?;
                let gained = then(&stepped, next.is_milestone).saturating_sub(then(outlook, next.is_milestone));
                Some(gained >= next.missing)
            };
            let is_least = brings(units)? && (units == 1 || !brings(units.saturating_sub(1))?);
            is_least.then_some((units, more.line))
        });
        let (units, line) = step.map_or((None, None), |(units, line)| (Some(units), Some(line)));
        let message = format!("{} more to `{}`", in_points(next.missing), next.reward);
        let (code, points, reward) = ("earn_for_reward", next.missing, Some(next.reward));
        Some(Hint { code, message, level: None, reward, points, units, amount: None, line, at: None })
    }

    /// A line of which more units earn, by the rule that gives most for it.
    fn more(&self, place: usize, outlook: &Outlook, missing: i64) -> Option<More> {
        let programme = self.said.programmes.get(place).filter(|_| missing > 0)?;
        let by_units = outlook.earned.iter().filter_map(|one| {
            let key = format!("{}/{}", programme.id, one.rule);
            let earner = self.earners.iter().find(|earner| earner.key == key)?;
            let Worth::PerEvery(PerEvery { points, number, of: Base::Units, .. }) = &earner.worth else { return None };
            let line = one.lines.iter().max_by_key(|line| line.amount)?;
            Some(More { line: line.line.clone(), points: *points, every: *number })
        });
        by_units.filter(|more| more.points > 0).max_by_key(|more| more.points)
    }
}

fn own(programme: &Programme, asked: &Preview) -> Account {
    asked.accounts.iter().find(|account| account.scheme == programme.id).cloned().unwrap_or_default()
}

/// The reward to which least is missing, of those that this member may have.
fn nearest(offers: &[Offer], free: i64, earned: i64) -> Option<Next> {
    let is_open = |offer: &&Offer| !offer.is_for_others && offer.left.is_none_or(|left| left > offer.comes);
    let open = offers.iter().filter(is_open);
    let missing = |offer: &Offer| {
        let (is_milestone, missing) = match offer.automatic {
            Some(Automatic::Earned(points)) => (true, points.saturating_sub(earned)),
            _ => (false, offer.points.saturating_sub(free)),
        };
        (missing > 0).then(|| Next { reward: offer.reward.clone(), missing, is_milestone })
    };
    open.filter_map(missing).min_by(|a, b| (a.missing, &a.reward).cmp(&(b.missing, &b.reward)))
}

/// The request with more units of a line.
fn with_more(request: &Json, line: &str, units: i64) -> Option<Json> {
    let mut request = request.clone();
    let lines = request.get_mut("lines")?.as_array_mut()?;
    let line = lines.iter_mut().find(|one| one.get("id").and_then(Json::as_str) == Some(line))?;
    let quantity = line.get_mut("quantity")?;
    *quantity = Json::from(quantity.as_i64()?.checked_add(units)?);
    Some(request)
}
