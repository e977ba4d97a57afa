//! One of every so many units.

use std::collections::BTreeSet;

use serde_json::{json, Value};

use super::{some, Giving};
use crate::form::{Line, NthFree, Promotion, Quantity};
use crate::translate::{conditions, object, selectors, stacking};

impl Giving<'_> {
    pub(super) fn nth_free(&mut self, effect: &NthFree) -> Option<Value> {
        self.unknown(&effect.unknown);
        let promotion = self.promotion;
        self.gaps.add_if(self.is_limited_otherwise(), "nth units free of picked units");
        self.sets_of(effect.condition_units);
        let pick = self.pick(effect.pick.as_ref().or(promotion.pick.as_ref()));
        let lines = self.lines();
        let whole = |max_units: Option<i64>, groups_of: Option<i64>, lines: Option<Value>| {
            object([
                ("type", some("percent_off")),
                ("percent", some("100")),
                ("lines", lines),
                ("maxUnits", max_units.map(Value::from)),
                ("groupsOf", groups_of.map(Value::from)),
                ("pick", pick.clone()),
            ])
        };
        let times = self.times();
        let max_units = self.units_in_all();
        match (effect.condition_units, effect.condition_value) {
            (Some(units), None) if units == effect.free_units => {
                self.gaps.add_if(max_units.is_some(), "nth units free of picked units");
                let most = times.map(|times| times.saturating_mul(units));
                Some(whole(most, Some(units), lines))
            }
            (Some(units), None) if units > effect.free_units => Some(object([
                ("type", some("buy_x_get_y")),
                ("buy", Some(object([("quantity", some(units.saturating_sub(effect.free_units))), ("lines", lines)]))),
                ("get", Some(self.got(effect.free_units, None, pick))),
                ("atMost", times.map(Value::from)),
                ("usesUp", stacking::is_contested(self.shop).then_some(json!(true))),
            ])),
            (None, Some(value)) if times == Some(1) || self.reaches_once(value) => {
                let counted = selectors::counted(self.shop, &promotion.filter, self.gaps);
                self.condition = Some(conditions::least_subtotal(self.shop, value, counted, None));
                let units = max_units.map_or(effect.free_units, |most| most.min(effect.free_units));
                Some(whole(Some(units), None, lines))
            }
            (None, Some(_)) => self.gap("applications that use up an amount"),
            _ => self.gap("more free units than bought ones"),
        }
    }

    /// Whether the promotion's lines are worth so much only once.
    fn reaches_once(&self, value: i64) -> bool {
        let lines = self.shop.case.cart.lines.iter().filter(|line| self.promotion.filter.selects(line));
        let worth = |line: &Line| match line.quantity {
            Quantity::Whole(units) => Some(line.unit_price.saturating_mul(units)),
            Quantity::Decimal(_) => None,
        };
        let subtotal: Option<i64> = lines.map(worth).sum();
        subtotal.is_some_and(|subtotal| subtotal < value.saturating_mul(2))
    }

    /// Of every so many units some are cheaper: the others are bought, these are got.
    pub(super) fn every_nth(&mut self, off: &'static str, value: Value) -> Option<Value> {
        let promotion = self.promotion;
        let nth = promotion.every_nth?;
        let limited = promotion.max_units_per_line.is_some() || promotion.group_size.is_some();
        self.gaps.add_if(limited, "every nth of picked units");
        let lines = self.lines();
        let pick = self.pick(promotion.pick.as_ref());
        // an amount is measured on nothing
        let base = (off == "percent").then(|| self.base()).flatten();
        Some(object([
            ("type", some("buy_x_get_y")),
            ("buy", Some(object([("quantity", some(nth.of.saturating_sub(nth.take))), ("lines", lines)]))),
            ("get", Some(self.got(nth.take, Some((off, value)), pick))),
            ("atMost", self.times().map(Value::from)),
            ("base", base),
        ]))
    }

    /// The units that are got: so many each time, and as many in all as the promotion says.
    fn got(&self, quantity: i64, off: Option<(&'static str, Value)>, pick: Option<Value>) -> Value {
        let mut got =
            object([("quantity", some(quantity)), ("pick", pick), ("maxUnits", self.units_in_all().map(Value::from))]);
        if let Some((name, value)) = off {
            got[name] = value;
        }
        got
    }

    /// One of every so many units, counted off: the same ones as bought and got, as long as all of them cost the same.
    pub(super) fn counted_off(&mut self) -> Option<Value> {
        let Promotion { every_nth, max_units_per_line, group_size, filter, .. } = self.promotion;
        let nth = (*every_nth)?;
        let limited = max_units_per_line.is_some() || group_size.is_some();
        self.gaps.add_if(limited, "every nth of picked units");
        self.gaps.add_if(nth.take != 1, "one term for several of every so many units");
        let lines = self.shop.case.cart.lines.iter().filter(|line| filter.selects(line));
        let prices: BTreeSet<i64> = lines.map(|line| line.unit_price).collect();
        self.gaps.add_if(prices.len() > 1, "one term for every nth unit of several prices");
        let most = self.times().into_iter().chain(self.units_in_all()).min();
        Some(object([
            ("skip", some(nth.of.saturating_sub(1))),
            ("every", some(nth.of)),
            ("atMost", most.map(Value::from)),
        ]))
    }
}
