//! What is decided by: limits of allowances, schemes of points and balances, levels, rewards. The worker takes it from
//! the snapshot or from its own settings; the ledger reads it anew with each command and keeps nothing of it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::calendar::{Every, Expiry, WeekStart, Zone, MAX_MONTHS};
pub use super::level::{Keep, Level, LevelBy, Levels, Starts};
use super::refusal::{Code, Document, Refusal};
use crate::money::{Currency, MAX_AMOUNT};
use crate::time::Timestamp;

/// The zone that stands for the one that the command names.
pub const CUSTOMER_ZONE: &str = "customer";
/// The unit of accounts that hold points.
pub const POINTS: &str = "points";

/// The rules of a shop's ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerProgramme"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Programme {
    /// The zone whose civil days are meant: an IANA name or an offset; `UTC` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// On which day a week begins.
    #[serde(default)]
    pub week_start: WeekStart,
    /// What may be used so often or cost so much: campaigns, codes, stocks.
    #[serde(default)]
    pub allowances: BTreeMap<String, Allowance>,
    /// The kinds of accounts: points, gift cards, credit.
    #[serde(default)]
    pub schemes: BTreeMap<String, Scheme>,
    /// What points buy.
    #[serde(default)]
    pub rewards: BTreeMap<String, Reward>,
    /// Inviting friends.
    #[serde(default)]
    pub referrals: Referrals,
    /// Allowances that were stopped by hand: nothing more is reserved of them, and what is held may still be confirmed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stopped: BTreeSet<String>,
}

/// What may be used so often and cost so much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerAllowance"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allowance {
    /// The currency of its budgets, or `points`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// All of them hold at once. Without any, uses are only counted.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// The zone of its days instead of the programme's; `customer` for the one that each command names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The budgets that a use draws from; each has an allowance of its own for each currency, `<budget>/EUR`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws: Vec<Draws>,
}

/// A budget that a campaign draws from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerDraws"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draws {
    /// Its name, without the currency.
    pub budget: String,
    /// Whether a discount may take more than is left, as long as anything is.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub overdraws: bool,
}

/// How many uses, or how much money, who may have in which time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyLimit"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limit {
    /// Whose uses are counted.
    #[serde(default)]
    pub per: Per,
    /// In which stretch of the calendar; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
    /// How many uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How much money, in minor units; points, for an earning rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<i64>,
    /// How many minutes lie between one use and the next, at least; of a limit without `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart_minutes: Option<i64>,
}

/// The longest time that points may wait, days: ten years.
pub const MAX_PENDING_DAYS: u32 = 3_660;

/// The longest time that a limit may ask for between two uses: ten years.
pub const MAX_APART_MINUTES: i64 = 5_270_400;

impl Limit {
    /// From when on there may be a next use after one at `last`.
    pub(super) fn again(&self, last: Option<Timestamp>) -> Option<Timestamp> {
        Some(minutes_after(last?, self.apart_minutes?))
    }
}

/// So many minutes later.
pub(super) fn minutes_after(moment: Timestamp, minutes: i64) -> Timestamp {
    moment.saturating_add(minutes.saturating_mul(60_000))
}

/// Whose uses are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyPer"))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Everybody's together.
    #[default]
    All,
    /// Each customer's.
    Customer,
}

/// A kind of account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerScheme"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scheme {
    /// `points`, or the currency of gift cards and credit.
    pub unit: String,
    /// Civil days until what is earned becomes active; active at once when 0.
    #[serde(default)]
    pub pending_days: u32,
    /// When lots expire, unless the command says otherwise.
    #[serde(default)]
    pub expiry: Expiry,
    /// What a return takes when its points are spent.
    #[serde(default)]
    pub when_spent: WhenSpent,
    /// Ceilings of earning rules by their name: `uses` are occasions, `budget` is points, `customer` is the account.
    #[serde(default)]
    pub ceilings: BTreeMap<String, Vec<Limit>>,
    /// The same for all of its rules together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// How often each of its accounts may be spent from, and how much; `per` is `customer`, which is the account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spending: Vec<Limit>,
    /// The levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Levels>,
}

/// What a return takes of points that are spent already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LoyaltyWhenSpent"))]
#[serde(rename_all = "snake_case")]
pub enum WhenSpent {
    /// Nothing: only what is left of the order's own lots.
    Forgive,
    /// Other active lots pay, down to zero; the rest is forgiven.
    #[default]
    OtherLots,
    /// Other active lots pay, and the rest is owed: what becomes active next pays it first.
    Owe,
}

/// What points buy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerReward"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reward {
    /// What one costs.
    pub points: i64,
    /// What it costs members of a level instead.
    #[serde(default)]
    pub points_by_level: BTreeMap<String, i64>,
    /// The scheme whose accounts pay; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The levels whose members may have it; all members when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// How much must have been earned in all, less what was taken back or corrected away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned: Option<i64>,
    /// The allowance that is its stock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<String>,
    /// What its member is entitled to by it; the ledger keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitles: Option<Entitlement>,
    /// What the worker hands out; the ledger passes it on as it is.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub gives: Json,
}

/// Something that a member may do for a time: a club membership, early access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerEntitlement"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitlement {
    /// To what.
    pub entitlement: String,
    /// For how many months; without an end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
}

/// Inviting friends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerReferrals"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referrals {
    /// What the friend gets; passed on as it is.
    #[serde(default, skip_serializing_if = "Json::is_null")]
    pub friend: Json,
    /// What the referrer gets for which conversions, from the first step on.
    #[serde(default)]
    pub ladder: Vec<Step>,
    /// Other ladders by name, for the referrers of whom `convert` says so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ladders: BTreeMap<String, Vec<Step>>,
    /// How many conversions are rewarded; `customer` is the referrer.
    #[serde(default)]
    pub limits: Vec<Limit>,
}

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "LedgerStep"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// From the so-many-th converted friend on.
    pub from: i64,
    /// Whether only that friend counts, and not each one after.
    #[serde(default, skip_serializing_if = "is_false")]
    pub once: bool,
    /// What the referrer gets for each; passed on as it is.
    pub gives: Json,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Programme {
    /// Reads a programme and looks for what it cannot mean.
    ///
    /// # Errors
    /// `document_unreadable`, `zone_unknown` or `member_invalid`, at the place.
    pub fn read(text: &str) -> Result<Programme, Refusal> {
        let programme: Programme = super::json::read(text, Document::Programme)?;
        programme.check()?;
        Ok(programme)
    }

    /// What it cannot mean.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Refusal> {
        self.zone(None)?;
        for (id, allowance) in &self.allowances {
            let of = |member: &str, why: &str| fault(&["allowances", id], member, why);
            if allowance.zone.as_deref().is_some_and(|zone| zone != CUSTOMER_ZONE && Zone::parse(zone).is_none()) {
                return Err(zone_unknown(allowance.zone.as_deref().unwrap_or_default()));
            }
            let is_unit = |unit: &str| unit == POINTS || Currency::parse(unit).is_some();
            if allowance.currency.as_deref().is_some_and(|currency| !is_unit(currency)) {
                return Err(of("currency", "is three capital letters, or `points`"));
            }
            limits(&allowance.limits, &of)?;
            if allowance.currency.is_none() && allowance.limits.iter().any(|limit| limit.budget.is_some()) {
                return Err(of("currency", "is needed for a budget"));
            }
        }
        for (id, scheme) in &self.schemes {
            scheme.check(&|member: &str, why: &str| fault(&["schemes", id], member, why))?;
        }
        for (id, reward) in &self.rewards {
            let of = |member: &str, why: &str| fault(&["rewards", id], member, why);
            if reward.points_by_level.values().chain([&reward.points]).any(|points| !counts(*points)) {
                return Err(of("points", "is a whole number from 0"));
            }
            if reward
                .entitles
                .as_ref()
                .and_then(|own| own.months)
                .is_some_and(|months| !(1..=MAX_MONTHS).contains(&months))
            {
                return Err(of("months", "is a whole number from 1 to 1,200"));
            }
            if reward.stock.as_ref().is_some_and(|stock| !self.allowances.contains_key(stock)) {
                return Err(of("stock", "names an allowance of the programme"));
            }
        }
        limits(&self.referrals.limits, &|member, why| fault(&["referrals"], member, why))
    }

    /// Has a campaign draw from what the root document lets it cost at most, beside its own budgets: an allowance
    /// `<campaign>/ceiling/EUR` for each currency.
    pub fn hold_to<'a>(&mut self, campaign: &str, ceilings: impl Iterator<Item = (&'a str, u64)>) {
        let budget = format!("{campaign}/ceiling");
        for (currency, amount) in ceilings {
            let most = i64::try_from(amount).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT);
            let limit = Limit { budget: Some(most), ..Limit::default() };
            let ceiling =
                Allowance { currency: Some(currency.into()), limits: alloc::vec![limit], ..Allowance::default() };
            self.allowances.insert(format!("{budget}/{currency}"), ceiling);
        }
        let draws = &mut self.allowances.entry(campaign.into()).or_default().draws;
        draws.push(Draws { budget, overdraws: false });
    }

    /// The zone of a scheme, or of an allowance that has none of its own.
    pub(super) fn zone(&self, own: Option<&str>) -> Result<Zone, Refusal> {
        let name = own.or(self.zone.as_deref()).unwrap_or("UTC");
        Zone::parse(name).ok_or_else(|| zone_unknown(name))
    }

    /// The scheme that an account is named after: `stars:ann`.
    pub(super) fn scheme_named(&self, account: &str) -> Option<(&str, &Scheme)> {
        let (name, _) = account.split_once(':')?;
        self.schemes.get_key_value(name).map(|(name, scheme)| (name.as_str(), scheme))
    }

    /// A scheme by its name.
    pub(super) fn scheme(&self, scheme: &str) -> Result<&Scheme, Refusal> {
        let unknown = || Refusal::new(Code::SchemeUnknown, &[("scheme", scheme.into())]).at("/scheme");
        self.schemes.get(scheme).ok_or_else(unknown)
    }
}

impl Scheme {
    fn check(&self, of: &dyn Fn(&str, &str) -> Refusal) -> Result<(), Refusal> {
        if self.unit != POINTS && Currency::parse(&self.unit).is_none() {
            return Err(of("unit", "is `points` or three capital letters"));
        }
        if self.pending_days > MAX_PENDING_DAYS {
            return Err(of("pendingDays", "is at most 3,660"));
        }
        if !self.expiry.is_sound() {
            return Err(of("expiry", "names a day that there is"));
        }
        for ceiling in self.ceilings.values().chain([&self.limits, &self.spending]) {
            limits(ceiling, of)?;
        }
        // several rules pay for one order, one after the other
        if self.limits.iter().any(|limit| limit.apart_minutes.is_some()) {
            return Err(of("limits", "of all rules together have no `apartMinutes`; say it of a rule"));
        }
        if self.spending.iter().any(|limit| limit.per == Per::All) {
            return Err(of("spending", "is counted `per` `customer`"));
        }
        match self.levels.as_ref().and_then(Levels::fault) {
            Some(why) => Err(of("levels", why)),
            None => Ok(()),
        }
    }
}

fn limits(limits: &[Limit], of: &dyn Fn(&str, &str) -> Refusal) -> Result<(), Refusal> {
    for limit in limits {
        if limit.uses.is_none() && limit.budget.is_none() && limit.apart_minutes.is_none() {
            return Err(of("limits", "has `uses`, a `budget` or `apartMinutes`"));
        }
        if limit.apart_minutes.is_some_and(|minutes| !(1..=MAX_APART_MINUTES).contains(&minutes)) {
            return Err(of("apartMinutes", "is a whole number from 1 to 5,270,400"));
        }
        if limit.apart_minutes.is_some() && limit.every.is_some() {
            return Err(of("apartMinutes", "stands in a limit without `every`"));
        }
        if [limit.uses, limit.budget].into_iter().flatten().any(|most| !counts(most)) {
            return Err(of("limits", "is a whole number from 0"));
        }
    }
    Ok(())
}

pub(super) fn counts(number: i64) -> bool {
    (0..=MAX_AMOUNT).contains(&number)
}

fn zone_unknown(zone: &str) -> Refusal {
    Refusal::new(Code::ZoneUnknown, &[("zone", zone.into())]).of(Document::Programme).at("/zone")
}

fn fault(path: &[&str], member: &str, why: &str) -> Refusal {
    let at = path.iter().fold(crate::pointer::Pointer::root(), |at, part| at.key(part)).key(member);
    let refusal = Refusal::new(Code::MemberInvalid, &[("member", member.into()), ("why", why.into())]);
    let mut refusal = refusal.of(Document::Programme).at(at);
    refusal.fix_by = crate::error::FixBy::Merchant;
    refusal
}
