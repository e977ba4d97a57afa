//! Groups of units, and one unit of each.

use serde_json::{json, Value};

use super::{some, Giving};
use crate::form::{Effect, FirstAndAdditional, Per, Scope};
use crate::translate::{object, INFORMING};

impl Giving<'_> {
    pub(super) fn first_and_additional(&mut self, effect: &FirstAndAdditional) -> Option<Value> {
        self.unknown(&effect.unknown);
        let promotion = self.promotion;
        self.gaps.add_if(promotion.scope == Scope::Order, "a first unit of the order");
        let otherwise = promotion.group_size.is_some() || promotion.every_nth.is_some();
        self.gaps.add_if(otherwise, "first and additional of picked units");
        // a limit of units in all is one of the line where there is one line
        let lines = self.shop.case.cart.lines.iter().filter(|line| promotion.filter.selects(line));
        let in_all = self.units_in_all();
        self.gaps
            .add_if(in_all.is_some() && lines.count() > 1, "first and additional of picked units of several lines");
        let of_line = effect.max_units.or(promotion.max_units_per_line).filter(|most| *most > 0);
        let most = of_line.into_iter().chain(in_all).min();
        Some(object([
            ("type", some("first_and_additional")),
            ("first", Some(self.shop.amount(effect.first))),
            ("additional", Some(self.shop.amount(effect.additional))),
            ("maxUnitsPerLine", most.map(Value::from)),
            ("lines", self.lines()),
        ]))
    }

    /// A percentage or an amount off whole groups of units, or off one unit of each.
    pub(super) fn off_groups(&mut self) -> Option<Value> {
        let promotion = self.promotion;
        let Some(set) = &promotion.set else { return self.gap("sets of units") };
        self.gaps.add_unknown("a set", &set.unknown, INFORMING);
        let Some(size) = set.size else {
            let (off, value) = match (&set.products, &promotion.effect) {
                (Some(_), Effect::Percent(effect)) if effect.max_amount.is_none() => ("percent", json!(effect.percent)),
                (Some(_), Effect::Amount(effect)) if effect.per == Per::Set => {
                    ("amount", self.shop.amount(effect.amount))
                }
                _ => return self.gap("a set that is neither counted nor named"),
            };
            let products = set.products.clone().unwrap_or_default();
            return Some(self.named_set(off, value, &products));
        };
        let sort = set.sort.as_deref().map(Value::from);
        let position = self.position_in_group(size);
        let most = match &position {
            // one unit of each group
            Some(place) => {
                let otherwise = self.is_limited_otherwise() || place.across && promotion.max_units.is_some();
                self.gaps.add_if(otherwise, "a limit of units picked of groups");
                promotion.max_units.into_iter().chain(self.times()).min()
            }
            None => self.most_sets(size),
        };
        let named = promotion.pick.clone().filter(Value::is_string);
        let pick = self.pick(sort.or(named).as_ref());
        let (kind, name, off, cap) = match &promotion.effect {
            Effect::Percent(effect) => {
                self.unknown(&effect.unknown);
                self.check_cap(effect);
                ("percent_off", "percent", json!(effect.percent), effect.max_amount)
            }
            Effect::Amount(effect) if effect.per == Per::Unit => {
                self.unknown(&effect.unknown);
                self.check_distribution(effect.distribution.as_deref());
                ("amount_off", "amount", self.shop.amount(effect.amount), None)
            }
            Effect::Amount(effect) if effect.per != Per::Line => {
                self.unknown(&effect.unknown);
                self.check_distribution(effect.distribution.as_deref());
                self.gaps.add_if(position.is_some(), "one amount over one unit of each group");
                if effect.per == Per::Order {
                    let most = most.map(|sets| sets.saturating_mul(size));
                    return Some(object([
                        ("type", some("amount_off")),
                        ("amount", Some(self.shop.amount(effect.amount))),
                        ("lines", self.lines()),
                        ("groupsOf", some(size)),
                        ("maxUnits", most.map(Value::from)),
                        ("pick", pick),
                    ]));
                }
                return self.bundle("amount", self.shop.amount(effect.amount), pick);
            }
            Effect::FixedUnitPrice(effect) if position.is_none() => {
                self.unknown(&effect.unknown);
                ("fixed_unit_price", "price", self.shop.amount(effect.amount), None)
            }
            Effect::FixedOrderPrice(effect) => {
                self.unknown(&effect.unknown);
                self.gaps.add_if(most != Some(1), "one price over several sets");
                self.gaps.add_if(position.is_some(), "one price over one unit of each group");
                return self.bundle("price", self.shop.amount(effect.amount), pick);
            }
            _ => return self.gap("sets of units"),
        };
        let base = (kind == "percent_off").then(|| self.base()).flatten();
        let lines = self.lines();
        let Some(position) = position else {
            return Some(object([
                ("type", some(kind)),
                (name, Some(off)),
                ("per", (kind == "amount_off").then(|| json!("unit"))),
                ("cap", cap.map(|most| self.shop.amount(most))),
                ("base", base),
                ("lines", lines),
                ("groupsOf", some(size)),
                ("maxUnits", most.map(|sets| Value::from(sets.saturating_mul(size)))),
                ("pick", pick),
            ]));
        };
        // the last unit of each group is what counting off leaves, whole groups or not
        if cap.is_some() && position.of == size && !position.across {
            return Some(object([
                ("type", some(kind)),
                (name, Some(off)),
                ("cap", cap.map(|most| self.shop.amount(most))),
                ("base", base),
                ("lines", lines),
                ("countOff", Some(json!({ "skip": size.saturating_sub(1), "every": size }))),
                ("maxUnits", most.map(Value::from)),
                ("pick", pick),
            ]));
        }
        self.gaps.add_if(cap.is_some(), "a cap on units of groups");
        Some(object([
            ("type", some("nth_unit")),
            ("every", some(size)),
            ("position", some(position.of)),
            ("across", position.across.then_some(Value::Bool(true))),
            (name, Some(off)),
            ("lines", lines),
            ("pick", pick),
            ("atMost", most.map(Value::from)),
            ("base", base),
        ]))
    }

    /// Sets of so many units, with something off each.
    pub(super) fn bundle(&mut self, name: &'static str, off: Value, pick: Option<Value>) -> Option<Value> {
        let promotion = self.promotion;
        let Some(size) = promotion.set.as_ref().and_then(|set| set.size).or(promotion.group_size) else {
            return self.gap("sets of units");
        };
        let limited = promotion.max_units_per_line.is_some() || promotion.every_nth.is_some();
        self.gaps.add_if(limited, "sets of picked units");
        let most = self.sets_within(size);
        let pick = pick.or_else(|| self.pick(promotion.pick.as_ref()));
        let part = object([("quantity", some(size)), ("lines", self.lines())]);
        Some(object([
            ("type", some("bundle")),
            ("of", Some(json!([part]))),
            (name, Some(off)),
            ("atMost", most.map(Value::from)),
            ("pick", pick),
        ]))
    }

    /// One amount for each so many units, as many times as it applies.
    pub(super) fn amount_of_each(&mut self, amount: Value) -> Option<Value> {
        let promotion = self.promotion;
        let otherwise = promotion.max_units_per_line.is_some() || promotion.group_size.is_some();
        self.gaps.add_if(otherwise, "repeated amounts on units picked of each line");
        let pick = self.pick(promotion.pick.as_ref()).or_else(|| some("cheapest"));
        let part = object([("quantity", promotion.max_units.map(Value::from)), ("lines", self.lines())]);
        Some(object([
            ("type", some("bundle")),
            ("of", Some(json!([part]))),
            ("amount", Some(amount)),
            ("atMost", self.times().map(Value::from)),
            ("pick", pick),
        ]))
    }

    /// Which unit of each group; `None` for all of them.
    fn position_in_group(&mut self, size: i64) -> Option<Place> {
        let promotion = self.promotion;
        let pick = promotion.pick.as_ref()?.as_object()?;
        let unknown = pick.keys().find(|name| !["mode", "position", "sort"].contains(&name.as_str()));
        self.gaps.add_if(unknown.is_some(), "other ways of picking units of groups");
        let across = match pick.get("mode").and_then(Value::as_str) {
            Some("per_group" | "vertical") => false,
            Some("across_groups" | "across" | "horizontal") => true,
            _ => return self.gap("picking units of each group"),
        };
        let Some(of) = pick.get("position").and_then(Value::as_i64).filter(|of| (1..=size).contains(of)) else {
            return self.gap("picking units of each group");
        };
        // counted off from the other end than groups are formed from
        let sorted = promotion.set.as_ref().and_then(|set| set.sort.as_deref());
        let is_mirrored = match (pick.get("sort").map(Value::as_str), sorted) {
            (None, _) => false,
            (Some(Some("price_asc")), Some("price_asc")) | (Some(Some("price_desc")), Some("price_desc")) => false,
            (Some(Some("price_asc")), Some("price_desc")) | (Some(Some("price_desc")), Some("price_asc")) => true,
            _ => return self.gap("picking units of each group in another order"),
        };
        Some(Place { of: if is_mirrored { size.saturating_sub(of).saturating_add(1) } else { of }, across })
    }
}

/// Which unit of groups.
struct Place {
    /// Counted from one.
    of: i64,
    /// Whether the first units of all groups come before the second ones.
    across: bool,
}
