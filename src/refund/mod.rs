//! Returns: what is paid back for units that come back, as a function of the order's request, the snapshot that it was
//! charged by, and the units returned before and now. Nothing is remembered between two returns.
//!
//! - **What a unit cost** is its price less what campaigns took off that very unit. Of a line whose units differ those
//!   that cost least come back first. Charges for shipping are paid back with the last unit.
//! - **What a campaign withholds**: with `proportional` nothing, the units that are kept keep their share of it. With
//!   `reevaluate` the units that are kept are evaluated again, at the moment of the order and with its codes; what these
//!   campaigns gave for them and would no longer give is taken off the refund. A return is never charged for.
//! - **In parts**: a return is paid at least what a part of it would have been paid, so several returns are paid exactly
//!   what one of all their units is, and all units the whole of what was paid.
//! - **Points**: those that the order would not have earned for what was paid for the units that are kept.
//! - **Payments**: the money goes back to the last payment first: what was due at the end, then the payments of the
//!   request from the last to the first.

mod entitlement;
mod ledger;
mod payments;
mod read;

use crate::allocate::Allocation;
use crate::balance::{take_evenly, Run};
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::Desk;
use crate::error::Error;
use crate::request::{self, Moment, Names};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use entitlement::Entitlement;
use ledger::Ledger;
use serde::{Deserialize, Serialize};

pub(crate) use read::within_order;
pub use read::Return;

/// Units of a line that come back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnedUnits {
    /// The line of the order's request.
    pub line: String,
    /// How many units of it.
    pub quantity: i64,
}

/// What is paid back. Amounts are in minor units of the order's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The order's currency.
    pub currency: String,
    /// What was paid for the order.
    pub paid: i64,
    /// What earlier returns were paid.
    pub before: i64,
    /// What is paid back now: the sum over `lines` and `shipping`, and `released`.
    pub amount: i64,
    /// The lines that units are returned of, in the order of the request.
    pub lines: Vec<RefundLine>,
    /// The charges for shipping that are paid back.
    pub shipping: Vec<RefundShipping>,
    /// What was withheld at earlier returns and is paid back now.
    pub released: i64,
    /// What is withheld of all returns so far, because campaigns would not give for the units that are kept what they
    /// gave.
    pub withheld: i64,
    /// Points to take back now; below zero where an earlier return took back more than is still due.
    pub points: i64,
    /// Where the money goes.
    pub payments: Vec<RefundPayment>,
    /// The campaigns of the order, in order of application.
    pub campaigns: Vec<RefundCampaign>,
    /// Whether the search for the best part of the return reached its bound; it then paid more rather than less.
    pub is_bounded: bool,
}

/// Units of a line that come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundLine {
    /// The line of the order's request.
    pub id: String,
    /// How many units come back now.
    pub quantity: i64,
    /// How many are still kept.
    pub kept: i64,
    /// What is paid back for them.
    pub amount: i64,
    /// Runs of equal units, those that cost least first.
    pub units: Vec<RefundUnits>,
}

/// Units that cost the same and are paid back the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundUnits {
    /// How many.
    pub count: i64,
    /// What each of them cost.
    pub paid: i64,
    /// What is paid back for each.
    pub amount: i64,
}

/// A charge for shipping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundShipping {
    /// The charge of the order's request.
    pub id: String,
    /// What is paid back.
    pub amount: i64,
}

/// A way that the order was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundPayment {
    /// The place of the payment in the order's request; absent for what was due at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<usize>,
    /// What goes back there.
    pub amount: i64,
}

/// What becomes of a campaign of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundCampaign {
    /// The campaign.
    pub redeemable: String,
    /// What it does when units are returned.
    pub policy: &'static str,
    /// Whether it applies to the units that are kept, evaluated again; not so when none is.
    pub qualifies: bool,
    /// What it took off the units that are kept, and off shipping.
    pub given: i64,
    /// What it takes off them, evaluated again.
    pub reevaluated: i64,
}

/// An order and the desk to evaluate it at.
pub(crate) struct Shop<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) desk: &'a mut Desk,
}

/// What is paid back for the units that come back now, after those that came back before. The order is the request
/// that was charged, as UTF-8 JSON.
///
/// # Errors
/// What [`request::read`] refuses of the order; `line_unknown` and `return_too_large` for units that were not bought.
pub(crate) fn refund(
    shop: Shop<'_>,
    order: &[u8],
    moment: Moment,
    before: &[ReturnedUnits],
    now: &[ReturnedUnits],
) -> Result<Refund, Error> {
    let Shop { catalog, desk } = shop;
    let (mut cart, mut names) = (Cart::default(), Names::default());
    request::read(order, moment, catalog, &mut cart, &mut names).map_err(|error| within_order(&error))?;
    let ledger = Ledger::of(catalog, &cart, desk);
    let returned = read::counts(&names, &ledger, before, now)?;
    let mut entitlement = Entitlement { catalog, cart: &cart, ledger: &ledger, desk, is_bounded: false };
    let paid_before = entitlement.refund_of(&returned.before);
    let paid_after = entitlement.refund_of(&returned.after);
    let points = |entitlement: &mut Entitlement<'_>, returned: &[i64], paid_back: i64| {
        let paid_with = &ledger.paid_with;
        let points = paid_with.points().saturating_sub(paid_with.points_back(paid_back));
        entitlement.points_kept(returned, points)
    };
    let kept_before = points(&mut entitlement, &returned.before, paid_before);
    let kept_after = points(&mut entitlement, &returned.after, paid_after);
    let campaigns = entitlement.campaigns(&returned.after);
    let is_bounded = entitlement.is_bounded;

    let amount = paid_after.saturating_sub(paid_before);
    let mut parts = Parts::of(&ledger, &returned, amount);
    let name = |name: Option<&crate::json::text::Text<'_>>| name.map(|name| name.unescape().into_owned());
    let mut lines = Vec::new();
    for (index, runs) in parts.lines.iter_mut().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        let count = |counts: &[i64]| counts.get(index).copied().unwrap_or(0);
        let units: Vec<RefundUnits> = runs.drain(..).map(RefundUnits::of).collect();
        lines.push(RefundLine {
            id: name(names.lines.get(index)).unwrap_or_default(),
            quantity: count(&returned.after).saturating_sub(count(&returned.before)),
            kept: ledger.bought(index).saturating_sub(count(&returned.after)),
            amount: units.iter().fold(0, |sum, run| sum.saturating_add(run.amount.saturating_mul(run.count))),
            units,
        });
    }
    let charges = parts.shipping.iter().enumerate().filter(|(_, amount)| **amount > 0);
    Ok(Refund {
        currency: cart.currency.code().to_owned(),
        paid: ledger.total,
        before: paid_before,
        amount,
        lines,
        shipping: charges
            .map(|(index, amount)| RefundShipping {
                id: name(names.shipping.get(index)).unwrap_or_default(),
                amount: *amount,
            })
            .collect(),
        released: parts.released,
        withheld: ledger.cost_of(&returned.after).saturating_sub(paid_after),
        points: kept_before.saturating_sub(kept_after),
        payments: ledger.paid_with.split(paid_before, paid_after),
        campaigns,
        is_bounded,
    })
}

/// An amount, spread over what comes back in proportion to what it cost.
struct Parts {
    /// Runs of units, line by line.
    lines: Vec<Vec<Run>>,
    shipping: Vec<i64>,
    released: i64,
}

impl Parts {
    fn of(ledger: &Ledger, returned: &read::Counts, amount: i64) -> Parts {
        let mut lines: Vec<Vec<Run>> = (0..returned.after.len())
            .map(|line| {
                let count = |counts: &[i64]| counts.get(line).copied().unwrap_or(0);
                ledger.slice(line, count(&returned.before), count(&returned.after))
            })
            .collect();
        let mut shipping = match ledger.is_all(&returned.after) && !ledger.is_all(&returned.before) {
            true => ledger.shipping.clone(),
            false => Vec::new(),
        };
        let cost = |runs: &Vec<Run>| runs.iter().fold(0_i64, |sum, run| sum.saturating_add(worth(run)));
        let costs: Vec<i64> = lines.iter().map(cost).chain(shipping.iter().copied()).collect();
        let all = costs.iter().fold(0_i64, |sum, cost| sum.saturating_add(*cost));
        let mut back = costs.clone();
        Allocation::default().split(amount.min(all), &mut back);
        let count = lines.len();
        for ((runs, cost), back) in lines.iter_mut().zip(&costs).zip(&back) {
            // what is not paid back is taken off the units, so that the rest is theirs
            runs.iter_mut().for_each(|run| run.taken.clear());
            take_evenly(runs, cost.saturating_sub(*back), Some(0));
        }
        for (charge, back) in shipping.iter_mut().zip(back.get(count..).unwrap_or(&[])) {
            *charge = *back;
        }
        Parts { lines, shipping, released: amount.saturating_sub(all).max(0) }
    }
}

fn worth(run: &Run) -> i64 {
    run.left.saturating_mul(run.count)
}

impl RefundUnits {
    fn of(run: Run) -> RefundUnits {
        let withheld = run.taken.iter().fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
        RefundUnits { count: run.count, paid: run.left.saturating_add(withheld), amount: run.left }
    }
}
