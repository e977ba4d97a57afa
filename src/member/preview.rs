//! The preview: what the cart would earn, how far the next level is, and which rewards are in reach. Only told; the
//! ledger decides, by the same rules.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::account::{attribute, tell, Account};
use super::earn::Earned;
use super::happened::{at, malformed};
use super::{Quoted, Rules};
use crate::error::Error;
use crate::ledger::answer::Remaining;
use crate::ledger::calendar::Every;
use crate::ledger::levels::Progress;
use crate::ledger::programme::LevelBy;
use crate::ledger::statement::Moment;
use crate::loyalty::{Gives, On, Programme};
use crate::money::{Amount, MAX_AMOUNT};

/// What is asked: a request, and the accounts of its customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preview {
    /// The request.
    pub request: Json,
    /// The accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

/// A programme as the member sees it beside the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Which.
    pub programme: String,
    /// `points`, or a currency.
    pub unit: String,
    /// What the order would earn, as far as limits that are told leave it.
    pub points: i64,
    /// The same by rule.
    pub earned: Vec<Earned>,
    /// What can be spent now.
    pub available: i64,
    /// What cannot be spent yet.
    pub pending: i64,
    /// What expires, by its moment.
    pub expiring: Vec<Moment>,
    /// The level now, and what is missing to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The same with this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Progress>,
    /// What is within reach.
    pub hints: Vec<Hint>,
    /// What it buys, the cheapest first.
    pub rewards: Vec<Offer>,
}

/// How far the next level is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hint {
    /// `spend_for_level` or `earn_for_level`.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// The level.
    pub level: String,
    /// The points that are missing with this order.
    pub points: i64,
    /// The money on products that earn by which they are reached, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

/// A reward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Which.
    pub reward: String,
    /// What one costs this member.
    pub points: i64,
    /// What is missing now; nothing when it can be had.
    pub missing: i64,
    /// Whether it is for members of another level.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub is_for_others: bool,
    /// What it is for this customer.
    pub gives: Gives,
}

impl Preview {
    /// Reads what is asked.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn read(body: &[u8]) -> Result<Preview, Error> {
        serde_json::from_slice(body).map_err(|error| malformed(&error))
    }

    /// The request to be quoted: what the accounts hold is told in it.
    pub fn request(&self) -> Vec<u8> {
        // texts, numbers and lists always have a form
        serde_json::to_vec(&tell(&self.request, &self.accounts)).unwrap_or_default()
    }
}

impl Rules {
    /// What the member sees of each programme.
    ///
    /// # Errors
    /// What is refused of the request.
    pub fn preview(&mut self, asked: &Preview, quoted: Quoted<'_>) -> Result<Vec<View>, Error> {
        self.ask(&tell(&asked.request, &asked.accounts), at(quoted.cart.now), Some(quoted))?;
        let earned = self.earned(&asked.accounts, Some(quoted), |_, on| *on == On::Order);
        let nobody = Json::Null;
        let customer = asked.request.get("customer").unwrap_or(&nobody);
        let programmes = self.said.programmes.iter();
        Ok(programmes.map(|programme| self.view(programme, &earned, asked, customer, quoted)).collect())
    }

    fn view(
        &self,
        programme: &Programme,
        earned: &[Earned],
        asked: &Preview,
        customer: &Json,
        quoted: Quoted<'_>,
    ) -> View {
        let own = asked.accounts.iter().find(|account| account.scheme == programme.id).cloned().unwrap_or_default();
        let earned: Vec<Earned> =
            earned.iter().filter(|one| one.programme == programme.id).filter_map(|one| below(one, &own)).collect();
        let earned = below_all(earned, &own);
        let points = earned.iter().fold(0_i64, |sum, one| sum.saturating_add(one.points));
        let progress = programme.levels.as_ref().map(|levels| {
            let none = Progress { level: None, until: None, points: 0, coming: None, next: None, missing: None };
            levels.with_more(own.progress.as_ref().unwrap_or(&none), 0)
        });
        let counted = |one: &&Earned| {
            let rule = programme.earning.iter().find(|rule| rule.id == one.rule);
            rule.and_then(|rule| rule.pending_days).unwrap_or(programme.pending_days) == 0
        };
        let more = earned.iter().filter(counted).fold(0_i64, |sum, one| sum.saturating_add(one.points));
        let after = programme.levels.as_ref().zip(progress.as_ref()).map(|(levels, now)| levels.with_more(now, more));
        let hints = after.iter().filter_map(|after| self.hint(programme, after, &asked.accounts, quoted)).collect();
        let rewards = programme.rewards.iter().filter(|reward| reward.automatic.is_none());
        let mut rewards: Vec<Offer> = rewards
            .map(|reward| {
                let (cost, is_for) = reward.terms(own.level());
                Offer {
                    reward: reward.id.clone(),
                    points: cost,
                    missing: cost.saturating_sub(own.available).max(0),
                    is_for_others: !is_for,
                    gives: reward.gives.for_customer(|name| attribute(customer, name)),
                }
            })
            .collect();
        rewards.sort_by(|a, b| (a.points, &a.reward).cmp(&(b.points, &b.reward)));
        View {
            programme: programme.id.clone(),
            unit: programme.unit.clone(),
            points,
            earned,
            available: own.available,
            pending: own.pending,
            expiring: own.expiring,
            progress,
            after,
            hints,
            rewards,
        }
    }

    /// What is missing to the next level, in money where more of it earns.
    fn hint(&self, programme: &Programme, after: &Progress, accounts: &[Account], quoted: Quoted<'_>) -> Option<Hint> {
        let (level, points) = (after.next.clone()?, after.missing?);
        let amount = self.least_for(programme, accounts, points);
        let levels = programme.levels.as_ref()?;
        let when = match (levels.by, levels.every) {
            (LevelBy::Balance, _) => "",
            (_, Every::Month) => " this month",
            (_, Every::Quarter) => " this quarter",
            (_, Every::HalfYear) => " this half-year",
            _ => " this year",
        };
        let many = match amount {
            Some(amount) => {
                let mut text = String::new();
                quoted.cart.currency.write(Amount::new(amount), &mut text);
                text
            }
            None => format!("{points} points"),
        };
        let code = if amount.is_some() { "spend_for_level" } else { "earn_for_level" };
        Some(Hint { code, message: format!("{many} more{when} to `{level}`"), level, points, amount })
    }

    /// The least money by which so many more points are earned: more money never earns less, so halving finds it.
    fn least_for(&self, programme: &Programme, accounts: &[Account], points: i64) -> Option<i64> {
        let (mut low, mut high) = (0_i64, MAX_AMOUNT >> 10);
        if self.growth(programme, accounts, high) < points {
            return None;
        }
        while low.saturating_add(1) < high {
            let middle = low.midpoint(high);
            if self.growth(programme, accounts, middle) >= points {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }
}

/// What a ceiling has left of an amount: nothing without a use.
fn cut(points: i64, left: &Remaining) -> i64 {
    let uses = if left.uses == Some(0) { 0 } else { points };
    uses.min(left.budget.unwrap_or(i64::MAX))
}

/// What the ceilings of its rule leave of what is earned.
fn below(earned: &Earned, account: &Account) -> Option<Earned> {
    let own = account.earning.iter().filter(|left| left.allowance == earned.rule);
    let points = own.fold(earned.points, cut);
    (points > 0).then(|| Earned { points, ..earned.clone() })
}

/// What the ceilings of all rules together leave, in their order.
fn below_all(earned: Vec<Earned>, account: &Account) -> Vec<Earned> {
    let mut left: Vec<Remaining> = account.earning.iter().filter(|left| left.allowance.is_empty()).cloned().collect();
    let mut kept = Vec::with_capacity(earned.len());
    for one in earned {
        let points = left.iter().fold(one.points, cut);
        if points <= 0 {
            continue;
        }
        for ceiling in &mut left {
            ceiling.uses = ceiling.uses.map(|uses| uses.saturating_sub(1));
            ceiling.budget = ceiling.budget.map(|budget| budget.saturating_sub(points));
        }
        kept.push(Earned { points, ..one });
    }
    kept
}
