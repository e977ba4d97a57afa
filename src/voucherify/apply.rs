//! What one redeemable does to an order.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::bundle::{self, Bundle};
use super::call::Call;
use super::customer::Customer;
use super::definition::{self, Definition, Effect, Kind};
use super::fault::Fault;
use super::fields::{text, whole};
use super::formula::Scope;
use super::line::Line;
use super::order::Order;
use super::redeemable::Redeemable;
use super::target::{self, Matched, Named, Targets};
use super::till::{self, Off, Part};
use super::{points, session, units};

/// What is known around an order that a redeemable is applied to.
pub(super) struct Around<'a> {
    pub(super) call: &'a Call,
    pub(super) customer: &'a Customer,
    pub(super) metadata: &'a Value,
    pub(super) zone: &'a jiff::tz::TimeZone,
}

impl Around<'_> {
    /// What formulas of a redeemable may ask about.
    pub(super) fn scope<'b>(&'b self, order: &'b Order, redeemable: &'b Value) -> Scope<'b> {
        let (now, zone) = (self.call.now, self.zone);
        let (customer, metadata) = (&self.customer.row, self.metadata);
        Scope { order, line: None, customer, redeemable, metadata, event: &Value::Null, now, zone }
    }
}

/// What a redeemable did.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    /// `result` of the answer.
    pub(super) result: Value,
    /// Credits or points that are used.
    pub(super) used: i64,
    /// What it is for.
    pub(super) told: Vec<Value>,
    /// What it is not for.
    pub(super) excluded: Vec<Value>,
    /// Discounted units by the name of their budget.
    pub(super) units: Vec<(String, i64)>,
    /// Whether it did anything.
    pub(super) has_effect: bool,
}

/// How amounts are measured, and on which lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// Percentages are of the initial amount.
    pub(super) of_initial: bool,
    /// Lines that have a discount already take no other.
    pub(super) once: bool,
}

/// Applies a redeemable to the order.
pub(super) fn apply(
    around: &Around<'_>,
    redeemable: &Redeemable,
    order: &mut Order,
    manner: Manner,
) -> Result<Applied, Fault> {
    order.begin();
    let before = (order.amount, order.total_discount());
    let mut applied = if redeemable.is_gift() {
        gift(around, redeemable, order)?
    } else if redeemable.is_loyalty() {
        points::pay(around, redeemable, order)?
    } else if let Some(definition) = redeemable.discount() {
        discount(around, redeemable, &definition, order, manner)
    } else {
        Applied { result: json!({}), ..Applied::default() }
    };
    applied.has_effect |=
        (order.amount, order.total_discount()) != before || order.lines.iter().any(|line| line.freed > 0);
    if let Some(holder) = redeemable.holder().filter(|_| redeemable.is_referral()) {
        order.sent.insert("referrer_id".into(), holder.clone().into());
        order.sent.insert("referrer".into(), json!({ "id": holder, "object": "customer" }));
    }
    Ok(applied)
}

fn discount(
    around: &Around<'_>,
    redeemable: &Redeemable,
    definition: &Definition,
    order: &mut Order,
    manner: Manner,
) -> Applied {
    let bundle = bundle::found(around.call, redeemable, order);
    let definition = &bundle.as_ref().map_or_else(|| definition.clone(), |bundle| definition.times(bundle.times()));
    let before = order.clone();
    let scope = around.scope(&before, &redeemable.row);
    let mut applied = Applied { result: json!({ "discount": definition.told(&scope, None) }), ..Applied::default() };
    if let Some(bundle) = &bundle {
        applied.result["bundle"] = bundle.told();
        if bundle.quantity == 0 {
            return applied;
        }
    }
    if definition.kind == Kind::Unit {
        order.of_lines();
        if units::replaces_targets(definition) {
            let targets = targets(around, redeemable, bundle.as_ref(), &scope, definition);
            let matched: Vec<(usize, i64)> =
                targets.matched.iter().map(|matched| (matched.line, matched.units)).collect();
            units::replace_targets(around.call, definition, &matched, &scope, order);
            (applied.told, applied.excluded) = (targets.told, targets.excluded);
        } else {
            units::give(around.call, definition, &scope, order);
        }
        return applied;
    }
    if definition.effect == Effect::Order {
        let base = if manner.of_initial { before.initial_amount } else { before.left() };
        let amount = off_order(definition, &scope, base, before.left());
        order.take(amount);
        return applied;
    }
    order.of_lines();
    let targets = targets(around, redeemable, bundle.as_ref(), &scope, definition);
    let matched: Vec<&Matched> = targets
        .matched
        .iter()
        .filter(|matched| !manner.once || before.lines.get(matched.line).is_none_or(|line| line.applied_in_all == 0))
        .collect();
    let taken = off_lines(definition, &scope, &targets, &matched, manner);
    for (matched, amount) in matched.into_iter().zip(taken) {
        if let Some(line) = order.lines.get_mut(matched.line) {
            line.take(amount);
            if amount > 0 {
                let entry = targets.entries.get(matched.entry).unwrap_or(&Value::Null);
                let budgets = budgets(around, redeemable, entry, line);
                applied.units.extend(budgets.into_iter().map(|(name, _)| (name, matched.units)));
            }
        }
    }
    applied.told = targets.told;
    applied.excluded = targets.excluded;
    applied
}

fn budgets(around: &Around<'_>, redeemable: &Redeemable, entry: &Value, line: &Line) -> Vec<(String, i64)> {
    let tier = if redeemable.is_tier() { redeemable.id.as_str() } else { "" };
    target::unit_budgets(entry, line, redeemable.budget_scope(), tier, &around.customer.counted_as())
}

fn targets(
    around: &Around<'_>,
    redeemable: &Redeemable,
    bundle: Option<&Bundle>,
    scope: &Scope<'_>,
    definition: &Definition,
) -> Targets {
    let mut named = redeemable.named.clone();
    let by_units = definition.effect == Effect::Units || matches!(definition.kind, Kind::Fixed | Kind::Unit);
    if let Some(bundle) = bundle.filter(|_| by_units) {
        bundle.scale_limits(&mut named);
    }
    targets_of(around, redeemable, &named, scope)
}

fn targets_of(around: &Around<'_>, redeemable: &Redeemable, named: &Named, scope: &Scope<'_>) -> Targets {
    let budget = |entry: &Value, line: &Line| {
        let budgets = budgets(around, redeemable, entry, line).into_iter();
        let left = |most: i64, name: &str| most.saturating_sub(around.call.project.counter(name)).max(0);
        budgets.map(|(name, most)| (name.clone(), left(most, &name))).collect()
    };
    target::targets(around.call, named, scope, &budget)
}

fn off_order(definition: &Definition, scope: &Scope<'_>, base: i64, left: i64) -> i64 {
    let off = match definition.kind {
        Kind::Percent => Off::Percent(definition.percent(scope)),
        Kind::Fixed => Off::Price(definition.amount(scope)),
        Kind::Amount | Kind::Unit => Off::Amount(definition.amount(scope)),
    };
    let base = if definition.kind == Kind::Percent { base } else { left };
    let limits = ["amount_limit", "aggregated_amount_limit"];
    let limits = limits.into_iter().filter_map(|member| definition::money(&definition.defined, member, scope));
    let most = limits.fold(left, i64::min);
    let part = Part { most, ..Part::piece(base, off) };
    till::take(&[part], &[]).into_iter().sum()
}

fn off_lines(
    definition: &Definition,
    scope: &Scope<'_>,
    targets: &Targets,
    matched: &[&Matched],
    manner: Manner,
) -> Vec<i64> {
    let line_of = |matched: &Matched| scope.order.lines.get(matched.line);
    let limit = definition::money(&definition.defined, "aggregated_amount_limit", scope);
    if matches!(definition.effect, Effect::ByAmount | Effect::ByQuantity) {
        let parts: Vec<(i64, i64)> = matched
            .iter()
            .map(|matched| (line_of(matched).map_or(0, |line| base(line, matched.units)), matched.units))
            .collect();
        let amount = definition.amount(scope).min(limit.unwrap_or(i64::MAX));
        let shares = till::spread(amount, &parts, definition.effect == Effect::ByQuantity);
        return shares
            .into_iter()
            .zip(matched)
            .map(|(share, matched)| share.min(matched.limit.unwrap_or(share)))
            .collect();
    }
    let own = definition::money(&definition.defined, "amount_limit", scope);
    let parts: Vec<Part> = matched
        .iter()
        .map(|matched| {
            let Some(line) = line_of(matched) else { return Part::piece(0, Off::Amount(0)) };
            let here = scope.of_line(matched.line);
            let mut part = part(definition, &here, line, matched, manner);
            part.most = part.most.min(own.unwrap_or(i64::MAX)).min(matched.limit.unwrap_or(i64::MAX));
            part.shared = targets.limits.get(matched.entry).copied().flatten().map(|_| matched.entry);
            part
        })
        .collect();
    let limits: Vec<i64> = targets.limits.iter().map(|limit| limit.unwrap_or(i64::MAX >> 12)).collect();
    let taken = till::take(&parts, &limits);
    let Some(limit) =
        limit.filter(|limit| taken.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount)) > *limit)
    else {
        return taken;
    };
    let again = taken.into_iter().map(|amount| Part { shared: Some(0), ..Part::piece(amount, Off::Amount(amount)) });
    till::take(&again.collect::<Vec<_>>(), &[limit])
}

fn part(definition: &Definition, scope: &Scope<'_>, line: &Line, matched: &Matched, manner: Manner) -> Part {
    let base = base(line, matched.units);
    match (definition.kind, definition.effect) {
        (Kind::Percent, _) => {
            let of_initial = manner.of_initial && matched.units == line.quantity;
            let whole = if of_initial { line.amount.unwrap_or(0) } else { base };
            Part { most: base, ..Part::piece(whole, Off::Percent(definition.percent(scope))) }
        }
        // without a price there is nothing that the line comes down to
        (Kind::Fixed, _) if matched.price.is_none() && definition.has_no_number() => Part::piece(0, Off::Amount(0)),
        (Kind::Fixed, _) => Part {
            price: line.unit_price().unwrap_or(0),
            quantity: matched.units,
            off: Off::UnitPrice(matched.price.unwrap_or_else(|| definition.amount(scope))),
            most: line.left(),
            shared: None,
        },
        // so much for each unit, of what is left of the line and not of one unit's price
        (_, Effect::Units) => Part::piece(base, Off::Amount(definition.amount(scope).saturating_mul(matched.units))),
        _ => Part::piece(base, Off::Amount(definition.amount(scope))),
    }
}

/// What is left of so many units of a line: what the engine is asked about, not what it answers. The line is trusted where
/// the caller says another amount than its units come to.
fn base(line: &Line, units: i64) -> i64 {
    if units >= line.quantity {
        return line.left();
    }
    line.left().min(line.unit_price().unwrap_or(0).saturating_mul(units))
}

fn gift(around: &Around<'_>, redeemable: &Redeemable, order: &mut Order) -> Result<Applied, Fault> {
    let locked = session::locked(around.call, redeemable, "credits");
    let balance = redeemable.balance().saturating_sub(locked).max(0);
    let asked = whole(&redeemable.entry["gift"]["credits"]);
    if asked.is_some_and(|credits| credits < 0) {
        return Err(Fault::new(400, "invalid_gift", "Invalid gift", "credits must not be negative"));
    }
    if asked.is_some_and(|credits| credits > balance) || balance == 0 && asked != Some(0) {
        return Err(Fault::of_voucher("gift_amount_exceeded", "gift amount exceeded", &redeemable.id));
    }
    let is_decided = ["vouchers/validate", "vouchers/redeem", "redemptions"].contains(&around.call.endpoint.as_str());
    let has_order = !order.lines.is_empty() || order.sent.get("amount").is_some_and(|amount| !amount.is_null());
    if asked.is_none() && is_decided && !has_order {
        let details = "The amount of the order is required where no credits are named";
        return Err(Fault::new(400, "missing_amount", "Missing amount", details));
    }
    let credits = asked.unwrap_or(balance);
    let by_lines = text(&redeemable.row["gift"]["effect"]) == Some("APPLY_TO_ITEMS");
    let mut applied = Applied::default();
    if by_lines {
        let before = order.clone();
        let scope = around.scope(&before, &redeemable.row);
        let targets = targets_of(around, redeemable, &redeemable.named, &scope);
        let priced = |matched: &&Matched| before.lines.get(matched.line).is_some_and(|line| line.amount.is_some());
        let matched: Vec<&Matched> = targets.matched.iter().filter(priced).collect();
        if matched.is_empty() {
            let details = "At least one applicable order item with amount is required to redeem this GIFT_VOUCHER";
            return Err(Fault::new(400, "missing_order_items_amount", "Missing applicable order items", details));
        }
        let left = |matched: &&Matched| before.lines.get(matched.line).map_or(0, Line::left);
        let parts =
            matched.iter().map(|matched| Part { shared: Some(0), ..Part::piece(left(matched), Off::Amount(credits)) });
        order.of_lines();
        for (matched, amount) in matched.iter().zip(till::take(&parts.collect::<Vec<_>>(), &[credits])) {
            if let Some(line) = order.lines.get_mut(matched.line) {
                line.take(amount);
            }
        }
        applied.told.clone_from(&targets.told);
        applied.excluded.clone_from(&targets.excluded);
    } else {
        let amount = till::take(&[Part::piece(order.left(), Off::Amount(credits))], &[]).into_iter().sum();
        order.take(amount);
    }
    // without an order nothing bounds the credits that are named but the balance
    applied.used = if has_order || by_lines { order.step_amount() } else { credits };
    applied.result = json!({ "gift": definition::gift(applied.used, redeemable.balance()) });
    Ok(applied)
}
