//! What a redeemable gives, as Voucherify defines it.

use alloc::string::{String, ToString};

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::fields::{decimal, row, set, text, whole};
use super::formula::{self, Scope};

/// How a discount takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Off the order.
    Order,
    /// Off each line.
    Items,
    /// Off each unit.
    Units,
    /// Spread over lines by what they cost.
    ByAmount,
    /// Spread over lines by their units.
    ByQuantity,
}

/// What a discount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An amount.
    Amount,
    /// A percentage.
    Percent,
    /// A new price.
    Fixed,
    /// Units that are free, or replaced.
    Unit,
}

/// A discount.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// As it is defined.
    pub(super) defined: Value,
    /// What it is.
    pub(super) kind: Kind,
    /// How it takes effect.
    pub(super) effect: Effect,
}

impl Definition {
    /// Reads a discount; `targets` says whether a rule names products.
    pub(super) fn read(defined: &Value, targets: bool) -> Option<Definition> {
        let effect = text(&defined["effect"]).or_else(|| text(&defined["unit_type"]).map(|_| "ADD_NEW_ITEMS"));
        let kind = match text(&defined["type"]) {
            Some("AMOUNT") => Kind::Amount,
            Some("PERCENT") => Kind::Percent,
            Some("FIXED") => Kind::Fixed,
            Some("UNIT") => Kind::Unit,
            _ if !defined["percent_off"].is_null() => Kind::Percent,
            _ if !defined["amount_off"].is_null() => Kind::Amount,
            _ if !defined["fixed_amount"].is_null() => Kind::Fixed,
            _ if !defined["unit_type"].is_null() || !defined["units"].is_null() => Kind::Unit,
            _ => return None,
        };
        let effect = match effect {
            Some("APPLY_TO_ORDER") => Effect::Order,
            Some("APPLY_TO_ITEMS_BY_QUANTITY") => Effect::Units,
            Some("APPLY_TO_ITEMS_PROPORTIONALLY") => Effect::ByAmount,
            Some("APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY") => Effect::ByQuantity,
            Some("APPLY_TO_ITEMS") => Effect::Items,
            _ if targets => Effect::Items,
            _ => Effect::Order,
        };
        Some(Definition { defined: defined.clone(), kind, effect })
    }

    /// The member that holds its number.
    pub(super) fn member(&self) -> &'static str {
        match self.kind {
            Kind::Amount => "amount_off",
            Kind::Percent => "percent_off",
            Kind::Fixed => "fixed_amount",
            Kind::Unit => "unit_off",
        }
    }

    /// Whether a formula says how much it is.
    pub(super) fn is_dynamic(&self) -> bool {
        text(&self.defined[alloc::format!("{}_formula", self.member())]).is_some()
    }

    /// Whether neither a number nor a formula says how much it is.
    pub(super) fn has_no_number(&self) -> bool {
        !self.is_dynamic() && self.defined[self.member()].is_null()
    }

    /// Its amount in minor units, for the order or for a line.
    pub(super) fn amount(&self, scope: &Scope<'_>) -> i64 {
        money(&self.defined, self.member(), scope).unwrap_or(0)
    }

    /// Its percentage, from 0 to 100.
    pub(super) fn percent(&self, scope: &Scope<'_>) -> Decimal {
        let worked_out = formula_of(&self.defined, "percent_off").and_then(|formula| formula::number(formula, scope));
        let percent = worked_out.or_else(|| decimal(&self.defined["percent_off"])).unwrap_or_default();
        percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED)
    }

    /// The discount as it was evaluated, for answers.
    pub(super) fn told(&self, scope: &Scope<'_>, effect: Option<&str>) -> Value {
        let mut told = row(&self.defined);
        let kind = match self.kind {
            Kind::Amount => "AMOUNT",
            Kind::Percent => "PERCENT",
            Kind::Fixed => "FIXED",
            Kind::Unit => "UNIT",
        };
        set(&mut told, "type", kind);
        set(&mut told, "effect", effect.unwrap_or_else(|| self.effect_name()));
        set(&mut told, "is_dynamic", self.is_dynamic());
        if self.is_dynamic() {
            match self.kind {
                Kind::Amount => set(&mut told, "amount_off", self.amount(scope)),
                Kind::Percent => set(&mut told, "percent_off", super::fields::number(self.percent(scope))),
                Kind::Unit => set(&mut told, "unit_off", units_off(&self.defined, scope)),
                Kind::Fixed => {}
            }
        }
        if self.kind == Kind::Fixed {
            told.remove("fixed_amount");
            told.remove("fixed_amount_formula");
        }
        told.into()
    }

    fn effect_name(&self) -> &str {
        if self.kind == Kind::Unit {
            return text(&self.defined["effect"]).unwrap_or("ADD_NEW_ITEMS");
        }
        match self.effect {
            Effect::Order => "APPLY_TO_ORDER",
            Effect::Items => "APPLY_TO_ITEMS",
            Effect::Units => "APPLY_TO_ITEMS_BY_QUANTITY",
            Effect::ByAmount => "APPLY_TO_ITEMS_PROPORTIONALLY",
            Effect::ByQuantity => "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
        }
    }

    /// The same discount for so many bundles: amounts, percentages and units of gifts add up, prices do not.
    pub(super) fn times(&self, bundles: i64) -> Definition {
        let mut defined = row(&self.defined);
        let mut scale = |member: &str| {
            if let Some(number) = decimal(&self.defined[member]) {
                let scaled = number.saturating_mul(Decimal::from(bundles));
                let most = if member == "percent_off" { Decimal::ONE_HUNDRED } else { Decimal::MAX };
                set(&mut defined, member, super::fields::number(scaled.min(most)));
            }
        };
        match self.kind {
            Kind::Percent => scale("percent_off"),
            Kind::Amount if self.effect != Effect::Units => scale("amount_off"),
            Kind::Unit => scale("unit_off"),
            Kind::Amount | Kind::Fixed => {}
        }
        for side in ["source", "from", "replace", "target", "to", "with"] {
            let Some(units) = whole(&self.defined[side]["quantity"]) else { continue };
            let mut scaled = row(&self.defined[side]);
            set(&mut scaled, "quantity", units.saturating_mul(bundles));
            set(&mut defined, side, scaled);
        }
        if let Some(units) = self.defined["units"].as_array() {
            let scaled = units.iter().map(|unit| {
                let mut unit_row = row(unit);
                set(&mut unit_row, "unit_off", whole(&unit["unit_off"]).unwrap_or(1).saturating_mul(bundles));
                Value::from(unit_row)
            });
            set(&mut defined, "units", scaled.collect::<alloc::vec::Vec<_>>());
        }
        Definition { defined: defined.into(), ..self.clone() }
    }
}

/// The formula beside a member.
pub(super) fn formula_of<'a>(defined: &'a Value, member: &str) -> Option<&'a str> {
    text(&defined[alloc::format!("{member}_formula").as_str()])
}

/// An amount of a definition in minor units: by its formula, else as it stands.
pub(super) fn money(defined: &Value, member: &str, scope: &Scope<'_>) -> Option<i64> {
    let worked_out = formula_of(defined, member).and_then(|formula| formula::money(formula, scope));
    worked_out.or_else(|| whole(&defined[member])).map(|amount| amount.max(0))
}

/// Units that a definition gives.
pub(super) fn units_off(defined: &Value, scope: &Scope<'_>) -> i64 {
    let worked_out = formula_of(defined, "unit_off").and_then(|formula| formula::rounded(formula, scope));
    worked_out.or_else(|| whole(&defined["unit_off"])).unwrap_or(1).max(0)
}

/// A percentage as documents have it.
pub(super) fn percent_text(percent: Decimal) -> String {
    percent.round_dp(7).normalize().to_string()
}

/// The gift of a gift card as answers tell it.
pub(super) fn gift(credits: i64, balance: i64) -> Value {
    json!({ "credits": credits, "balance": balance })
}
