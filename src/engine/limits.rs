//! Limits and budgets, as far as a request tells what is used up.

use crate::cart::{Cart, EnteredCode, Redemptions, MISSING};
use crate::catalog::section::{Level, Limited, Record};
use crate::catalog::Catalog;
use crate::error::FixBy;
use crate::facts::Facts;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::threshold::{left, reached};
use alloc::vec::Vec;

pub(crate) static REDEMPTION_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "redemption_limit_reached",
    message: "this campaign has been used as often as it may be",
    help: "use another code: this one could be used {limit} times",
    fix_by: FixBy::Merchant,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static CUSTOMER_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "customer_limit_reached",
    message: "this customer has used this campaign as often as one may",
    help: "use another code: this one can be used {limit} times by each customer",
    fix_by: FixBy::Shopper,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static PERIOD_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "period_limit_reached",
    message: "this campaign has been used as often as it may be in this period",
    help: "come back in the next period: it can be used {limit} times in each",
    fix_by: FixBy::Shopper,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static CUSTOMER_PERIOD_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "customer_period_limit_reached",
    message: "this customer has used this campaign as often as one may in this period",
    help: "come back in the next period: it can be used {limit} times in each",
    fix_by: FixBy::Shopper,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static UNIT_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "unit_limit_reached",
    message: "as many units have been sold with this campaign as there are",
    help: "use another code: this one was for {limit} units",
    fix_by: FixBy::Merchant,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static CUSTOMER_UNIT_LIMIT_REACHED: ReasonKind = ReasonKind {
    code: "customer_unit_limit_reached",
    message: "this customer has bought as many units with this campaign as one may",
    help: "use another code: this one is for {limit} units of each customer",
    fix_by: FixBy::Shopper,
    params: &[("limit", ParamKind::Count), ("used", ParamKind::Count)],
    waits_for_cart: false,
};

pub(crate) static BUDGET_EXHAUSTED: ReasonKind = ReasonKind {
    code: "budget_exhausted",
    message: "the budget of this campaign is spent",
    help: "raise the budget of {budget}, or end the campaign",
    fix_by: FixBy::Merchant,
    params: &[("budget", ParamKind::Money)],
    waits_for_cart: false,
};

pub(crate) static BUDGET_EXCEEDED: ReasonKind = ReasonKind {
    code: "budget_exceeded",
    message: "the discount is more than the budget of this campaign has left",
    help: "raise the budget of {budget}, of which {left} is left",
    fix_by: FixBy::Merchant,
    params: &[("budget", ParamKind::Money), ("left", ParamKind::Money)],
    waits_for_cart: false,
};

/// Those of what is counted come first, in the order in which a request tells of them.
pub(crate) const REASONS: &[&ReasonKind] = &[
    &REDEMPTION_LIMIT_REACHED,
    &CUSTOMER_LIMIT_REACHED,
    &PERIOD_LIMIT_REACHED,
    &CUSTOMER_PERIOD_LIMIT_REACHED,
    &UNIT_LIMIT_REACHED,
    &CUSTOMER_UNIT_LIMIT_REACHED,
    &BUDGET_EXHAUSTED,
    &BUDGET_EXCEEDED,
];

/// The campaigns that are used up, as far as the request tells.
pub(super) fn used_up(catalog: &Catalog, cart: &Cart, found: &mut Vec<(u32, Reason)>) {
    for told in &cart.redemptions {
        let Some(promotion) = catalog.promotion(told.campaign) else { continue };
        found.extend(used_up_by(told, &promotion.record, 0).map(|reason| (told.campaign, reason)));
    }
}

/// Why a campaign is used up once so many more of its codes count in this order, as far as the request tells.
pub(super) fn used_up_with(index: u32, record: &Record, cart: &Cart, codes: usize) -> Option<Reason> {
    let codes = i64::try_from(codes).unwrap_or(i64::MAX);
    let told = cart.redemptions.iter().filter(|told| told.campaign == index);
    told.filter_map(|told| used_up_by(told, record, codes)).next()
}

fn used_up_by(told: &Redemptions, record: &Record, codes: i64) -> Option<Reason> {
    record.limits.iter().find_map(|limit| {
        let place = place(limit.what)?;
        let (used, kind) = (*told.counts.get(place)?, *REASONS.get(place)?);
        // units are counted when they are discounted
        let used_by_codes = if place < UNITS { used.saturating_add(codes) } else { used };
        (used != MISSING && left(limit.most, used_by_codes) == 0)
            .then(|| Reason::new(kind, [limit.most, used_by_codes, 0]))
    })
}

/// From which count of a campaign on it is units.
const UNITS: usize = 4;

/// Where a request tells of what is limited, among the counts of a campaign; nothing for what is no count of its.
fn place(what: Limited) -> Option<usize> {
    Some(match what {
        Limited::Total => 0,
        Limited::Customer => 1,
        Limited::Period => 2,
        Limited::CustomerInPeriod => 3,
        Limited::Units => UNITS,
        Limited::CustomerUnits => 5,
        Limited::Budget | Limited::WholeBudget | Limited::OpenBudget | Limited::Codes => return None,
    })
}

/// What the request tells of a campaign's counts.
fn told(place: usize, campaign: u32, cart: &Cart) -> impl Iterator<Item = i64> + '_ {
    let of = cart.redemptions.iter().filter(move |told| told.campaign == campaign);
    of.filter_map(move |told| told.counts.get(place).copied()).filter(|count| *count != MISSING)
}

/// How many codes of a campaign count in one order.
pub(super) fn codes(record: &Record) -> usize {
    let most = record.limits.iter().find(|limit| limit.what == Limited::Codes).map_or(1, |limit| limit.most);
    // codes that compete for lines compete once
    if record.manners.contest == 0 {
        usize::try_from(most).unwrap_or(1)
    } else {
        1
    }
}

/// How many codes of a campaign an order has that count.
pub(super) fn entered(index: u32, record: &Record, cart: &Cart) -> usize {
    // by far most have no limit at all
    if record.limits.is_empty() {
        return 1;
    }
    let typed = cart.codes.iter().filter(|code| **code == EnteredCode::Campaign(index)).count();
    typed.min(codes(record)).max(1)
}

/// Whether the request tells how much of a limit is used.
pub fn is_told(limit: &crate::catalog::section::Limit, campaign: u32, catalog: &Catalog, cart: &Cart) -> bool {
    match place(limit.what) {
        Some(place) => told(place, campaign, cart).next().is_some(),
        None => limit.what == Limited::Codes || spent(limit.most, catalog, cart).is_some(),
    }
}

/// What is spent of a budget, if the request tells: by its own name, or by its campaign where it is of one.
fn spent(budget: i64, catalog: &Catalog, cart: &Cart) -> Option<i64> {
    let by_name = cart.budgets.iter().filter(|(number, _)| i64::from(*number) == budget).map(|(_, spent)| *spent);
    let is_own =
        usize::try_from(budget).ok().and_then(|at| catalog.budgets().get(at)).is_some_and(|it| it.id.is_empty());
    let by_campaign = cart.redemptions.iter().filter(|told| {
        let limits = catalog.promotion(told.campaign).map_or(&[][..], |promotion| &promotion.record.limits);
        is_own && limits.iter().any(|limit| is_budget(limit.what) && limit.most == budget)
    });
    by_name.chain(by_campaign.map(|told| told.spent)).filter(|spent| *spent != MISSING).max()
}

pub(super) fn is_budget(what: Limited) -> bool {
    matches!(what, Limited::Budget | Limited::WholeBudget | Limited::OpenBudget)
}

/// What the budgets have left while campaigns apply.
#[derive(Debug, Default)]
pub(super) struct Purse {
    /// By budget: its amount and what is left before this cart; nothing where the currency is not covered.
    budgets: Vec<Option<(i64, i64)>>,
    /// What was drawn from which; of a campaign's units below zero, see [`units_of`].
    drawn: Vec<(i64, i64)>,
    /// Why the last campaign that was asked could not draw.
    refusal: Option<Reason>,
}

impl Purse {
    pub(super) fn open(&mut self, catalog: &Catalog, facts: &Facts<'_>) {
        self.budgets.clear();
        self.drawn.clear();
        self.refusal = None;
        for (number, budget) in (0_i64..).zip(catalog.budgets()) {
            let amount = facts.amount(budget.amount).map(crate::money::Amount::minor);
            let spent = spent(number, catalog, facts.cart).unwrap_or(0);
            self.budgets.push(amount.map(|amount| (amount, left(amount, spent))));
        }
    }

    /// How many draws there were.
    pub(super) fn mark(&self) -> usize {
        self.drawn.len()
    }

    /// Puts back what was drawn since.
    pub(super) fn rewind(&mut self, mark: usize) {
        self.drawn.truncate(mark);
    }

    /// Why the last campaign that was asked could not draw, if it could not.
    pub(super) fn refusal(&mut self) -> Option<Reason> {
        self.refusal.take()
    }

    /// The most that a campaign may take, all that there is where none says; nothing when it may take nothing, which is then [`Purse::refusal`].
    pub(super) fn most(&mut self, record: &Record) -> Option<i64> {
        self.refusal = None;
        let mut most = i64::MAX;
        for limit in record.limits.iter().filter(|limit| is_budget(limit.what)) {
            let Some((budget, left)) = self.left(limit.most) else {
                self.refusal = Some(Reason::new(&crate::condition::CURRENCY_NOT_COVERED, [0; 3]));
                return None;
            };
            if left == 0 {
                self.refusal = Some(Reason::new(&BUDGET_EXHAUSTED, [budget, 0, 0]));
                return None;
            }
            if limit.what != Limited::OpenBudget {
                most = most.min(left);
            }
        }
        Some(most)
    }

    /// Whether a campaign that takes more than it may does not apply; that is then [`Purse::refusal`].
    pub(super) fn refuses(&mut self, record: &Record, amount: i64) -> bool {
        for limit in record.limits.iter().filter(|limit| limit.what == Limited::WholeBudget) {
            if let Some((budget, left)) = self.left(limit.most).filter(|(_, left)| amount > *left) {
                self.refusal = Some(Reason::new(&BUDGET_EXCEEDED, [budget, left, 0]));
                return true;
            }
        }
        false
    }

    /// Draws what a campaign has taken.
    pub(super) fn draw(&mut self, record: &Record, amount: i64) {
        let budgets = record.limits.iter().filter(|limit| is_budget(limit.what));
        self.drawn.extend(budgets.map(|limit| (limit.most, amount)));
    }

    /// How many units a campaign may still be taken off.
    pub(super) fn units(&self, index: u32, record: &Record, cart: &Cart) -> i64 {
        let of_units =
            record.limits.iter().filter(|limit| matches!(limit.what, Limited::Units | Limited::CustomerUnits));
        let before = of_units.map(|limit| {
            let used = place(limit.what).and_then(|place| told(place, index, cart).next()).unwrap_or(0);
            limit.most.saturating_sub(used)
        });
        let drawn = self.drawn.iter().filter(|(of, _)| *of == units_of(index));
        before.min().map_or(i64::MAX, |left| drawn.fold(left, |left, (_, units)| left.saturating_sub(*units)).max(0))
    }

    /// Draws units of a campaign.
    pub(super) fn draw_units(&mut self, index: u32, units: i64) {
        self.drawn.push((units_of(index), units));
    }

    fn left(&self, budget: i64) -> Option<(i64, i64)> {
        let (amount, before) = usize::try_from(budget).ok().and_then(|at| self.budgets.get(at).copied())??;
        let drawn = self.drawn.iter().filter(|(of, _)| *of == budget);
        Some((amount, drawn.fold(before, |rest, (_, drawn)| left(rest, *drawn))))
    }
}

/// Where the units of a campaign are drawn from.
fn units_of(index: u32) -> i64 {
    i64::from(index).saturating_add(1).saturating_neg()
}

/// The level of a customer who has spent so much, by its place among the levels: the one that takes most to reach.
pub(super) fn level(levels: &[Level], spent: i64, facts: &Facts<'_>) -> Option<u32> {
    let from = |level: &Level| facts.amount(level.from).map(crate::money::Amount::minor);
    reached(levels.iter().map(from), spent).and_then(|place| u32::try_from(place).ok())
}
