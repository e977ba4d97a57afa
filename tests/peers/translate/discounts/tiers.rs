//! Tiers as ladders.

use serde_json::{json, Value};

use super::{some, Giving};
use crate::form::{Scope, Tiered};
use crate::translate::{object, selectors};

/// What reaches a tier.
struct Reach {
    counts_units: bool,
    each_line: bool,
    /// Whether the whole cart counts, whatever lines are discounted.
    whole_cart: bool,
}

impl Reach {
    fn of(tier_by: &str) -> Option<Reach> {
        let (whose, what) = match tier_by {
            "quantity" | "units" => ("eligible", tier_by),
            "item_total" | "items_total" | "order_item_total" | "subtotal" => ("order", "total"),
            _ => tier_by.rsplit_once('_')?,
        };
        let counts_units = match what {
            "quantity" | "units" => true,
            "amount" | "subtotal" | "total" => false,
            _ => return None,
        };
        let (each_line, whole_cart) = match whose {
            "line" => (true, false),
            "eligible" => (false, false),
            "order" | "cart" => (false, true),
            _ => return None,
        };
        Some(Reach { counts_units, each_line, whole_cart })
    }
}

impl Giving<'_> {
    pub(super) fn tiers(&mut self, effect: &Tiered) -> Option<Value> {
        self.unknown(&effect.unknown);
        let Some(reach) = Reach::of(&effect.tier_by) else {
            return self.gap(&format!("tiers by `{}`", effect.tier_by));
        };
        let takes_amounts = effect.takes_amounts();
        let is_order = self.promotion.scope == Scope::Order;
        let filtered = !self.promotion.filter.is_empty();
        if self.promotion.group_size.is_some() && !takes_amounts && !reach.each_line && effect.max_amount.is_none() {
            return Some(self.tiers_of_groups(effect, &reach));
        }
        self.gaps.add_if(self.is_limited(), "tiers on picked units");
        self.gaps.add_if(is_order && reach.each_line, "tiers of single lines on the order");
        let cap = effect.max_amount.map(|most| self.shop.amount(most));
        let per_line = !is_order && !reach.each_line && takes_amounts;

        let from = |least: i64| if reach.counts_units { json!(least) } else { self.shop.amount(least) };
        let step = |least: i64, amount: Option<i64>, percent: Option<&str>| {
            object([
                ("from", Some(from(least))),
                ("amount", amount.map(|amount| self.shop.amount(amount))),
                ("percent", percent.map(Value::from)),
            ])
        };
        let has_least = effect.base_amount.is_some() || effect.base_percent.is_some();
        let least =
            has_least.then(|| step(i64::from(reach.counts_units), effect.base_amount, effect.base_percent.as_deref()));
        let mut tiers: Vec<_> = effect.tiers.iter().collect();
        tiers.sort_by_key(|tier| tier.from);
        let steps = tiers.iter().map(|tier| step(tier.from, tier.amount, tier.percent.as_deref()));
        let steps: Vec<Value> = least.into_iter().chain(steps).collect();
        let kind = if reach.counts_units { "quantity_ladder" } else { "spend_ladder" };
        Some(object([
            ("type", some(kind)),
            ("steps", Some(json!(steps))),
            ("lines", self.lines()),
            ("measured", reach.each_line.then(|| json!("line"))),
            ("counts", (reach.whole_cart && filtered).then(|| json!({}))),
            ("per", per_line.then(|| json!("line"))),
            ("base", self.base()),
            ("cap", cap),
        ]))
    }

    /// A percentage off whole groups, by what is reached.
    fn tiers_of_groups(&mut self, effect: &Tiered, reach: &Reach) -> Value {
        let formula = self.tier_formula(effect, reach);
        let lines = self.lines();
        self.of_units([
            ("type", some("formula_off")),
            ("formula", Some(formula)),
            ("takes", some("percent")),
            ("lines", lines),
        ])
    }

    /// Off each charge, by what the order or the selected lines reach.
    pub(super) fn tiers_of_shipping(&mut self, effect: &Tiered) -> Option<Value> {
        self.unknown(&effect.unknown);
        let Some(reach) = Reach::of(&effect.tier_by) else {
            return self.gap(&format!("tiers by `{}`", effect.tier_by));
        };
        self.gaps.add_if(reach.each_line, "tiers of single charges");
        let formula = self.tier_formula(effect, &reach);
        let takes = if effect.takes_amounts() { "amount" } else { "percent" };
        Some(object([
            ("type", some("off_shipping")),
            ("formula", Some(formula)),
            ("takes", some(takes)),
            ("lines", selectors::counted(self.shop, &self.promotion.filter, self.gaps)),
            ("cap", effect.max_amount.map(|most| self.shop.amount(most))),
        ]))
    }

    /// What the highest tier takes off that is reached.
    fn tier_formula(&self, effect: &Tiered, reach: &Reach) -> Value {
        let fact = match (reach.counts_units, reach.whole_cart) {
            (true, true) => "order_units",
            (true, false) => "units",
            (false, true) => "order_subtotal",
            (false, false) => "subtotal",
        };
        let money = |amount: i64| json!({ "money": self.shop.amount(amount) });
        let off = |amount: Option<i64>, percent: &Option<String>| match amount {
            Some(amount) => money(amount),
            None => json!(percent.as_deref().unwrap_or("0")),
        };
        let mut formula = off(effect.base_amount, &effect.base_percent);
        let mut tiers: Vec<_> = effect.tiers.iter().collect();
        tiers.sort_by_key(|tier| tier.from);
        for tier in tiers {
            let from = if reach.counts_units { json!(tier.from.to_string()) } else { money(tier.from) };
            let reached = json!({ "at_least": [{ "fact": fact }, from] });
            formula = json!({ "if": reached, "then": off(tier.amount, &tier.percent), "else": formula });
        }
        formula
    }
}

impl Tiered {
    fn takes_amounts(&self) -> bool {
        self.base_amount.is_some() || self.tiers.iter().any(|tier| tier.amount.is_some())
    }
}
