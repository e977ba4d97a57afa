//! What a promotion takes off: its effect and scope as discounts of a campaign.

use serde_json::{json, Value};

use super::{gifts, object, promotions, selectors, stacking, taxes, Gaps, Shop, INFORMING};
use crate::form::{AmountOff, BuyXGetY, Effect, Line, Per, Percent, Price, Promotion, Scope, SetPrice, Unknown};

mod groups;
mod nth;
mod shipping;
mod tiers;

/// What a promotion gives.
pub struct Given {
    pub discounts: Vec<Value>,
    /// What must hold besides the promotion's own conditions.
    pub condition: Option<Value>,
    /// Where a percentage is rounded, by the promotion's scope.
    pub level: &'static str,
}

/// The effect of a promotion; nothing when it cannot be said.
pub fn given(shop: &Shop<'_>, promotion: &Promotion, gaps: &mut Gaps) -> Option<Given> {
    let mut giving = Giving { shop, promotion, gaps, condition: None };
    let discounts = giving.discounts()?;
    let level = if matches!(promotion.scope, Scope::Order | Scope::OrderAndShipping) { "order" } else { "line" };
    Some(Given { discounts, condition: giving.condition, level })
}

/// The translation of one effect.
struct Giving<'a> {
    shop: &'a Shop<'a>,
    promotion: &'a Promotion,
    gaps: &'a mut Gaps,
    condition: Option<Value>,
}

/// Whether an effect forms sets of units by itself.
fn forms_sets(effect: &Effect) -> bool {
    matches!(effect, Effect::FixedSetPrice(_) | Effect::BuyXGetY(_) | Effect::NthFree(_))
}

/// A member that is always there.
pub fn some(value: impl Into<Value>) -> Option<Value> {
    Some(value.into())
}

impl Giving<'_> {
    fn discounts(&mut self) -> Option<Vec<Value>> {
        let promotion = self.promotion;
        match promotion.scope {
            Scope::Shipping => return self.off_shipping().map(|discount| vec![discount]),
            Scope::OrderAndShipping => return self.off_everything().map(|discount| vec![discount]),
            _ if !forms_sets(&promotion.effect) && (promotion.scope == Scope::Set || promotion.set.is_some()) => {
                return self.off_groups().map(|discount| vec![discount]);
            }
            _ => {}
        }
        let discount = match &promotion.effect {
            Effect::Percent(effect) => self.percent(effect),
            Effect::Amount(effect) => self.amount(effect),
            Effect::FixedUnitPrice(effect) => self.unit_price(effect),
            Effect::FixedOrderPrice(effect) => self.order_price(effect),
            Effect::FirstAndAdditional(effect) => self.first_and_additional(effect),
            Effect::FixedSetPrice(effect) => self.set_price(effect),
            Effect::NthFree(effect) => self.nth_free(effect),
            Effect::BuyXGetY(effect) => self.buy_x_get_y(effect),
            Effect::TieredPercent(effect) | Effect::TieredAmount(effect) => self.tiers(effect),
            Effect::FreeShipping(effect) => self.free_shipping(effect),
            Effect::AddFreeItem(effect) => Some(gifts::gift(self.shop, promotion, effect, self.gaps)),
            Effect::FixedShippingPrice(effect) => self.shipping_price(effect),
            Effect::Other(effect) => self.gap(&effect.mechanism()),
        };
        discount.map(|discount| vec![discount])
    }

    fn gap<T>(&mut self, mechanism: &str) -> Option<T> {
        self.gaps.add(mechanism);
        None
    }

    fn unknown(&mut self, unknown: &Unknown) {
        self.gaps.add_unknown("an effect", unknown, INFORMING);
    }

    fn lines(&mut self) -> Option<Value> {
        selectors::discounted(self.shop, &self.promotion.filter, self.discounted_before(), self.gaps)
    }

    /// Whether it is only for lines that have a discount already, or only for the others.
    fn discounted_before(&self) -> Option<bool> {
        promotions::discounted_before(self.promotion)
    }

    /// On what a percentage is measured; what has no such member is measured by its campaign's.
    fn base(&self) -> Option<Value> {
        stacking::is_on_original(self.shop).then(|| json!("original"))
    }

    /// How many times it applies at most, where that is said.
    fn times(&self) -> Option<i64> {
        self.promotion.max_applications.or(self.promotion.max_sets)
    }

    /// Units that all applications together may have. A unit is used up by the one that takes something of it, so without
    /// a limit of units the first one leaves nothing to the others.
    fn most_units(&self) -> Option<i64> {
        let Promotion { max_units, group_size, .. } = self.promotion;
        match (*max_units, self.times()) {
            (Some(units), Some(times)) => Some(units.saturating_mul(times)),
            (None, Some(times)) => group_size.map(|size| size.saturating_mul(times)),
            (units, None) => units,
        }
    }

    /// Units that it may have at most, where it forms groups by itself.
    fn units_in_all(&self) -> Option<i64> {
        let times = self.times().unwrap_or(1);
        self.promotion.max_units.map(|units| units.saturating_mul(times))
    }

    /// How many sets of so many units at most. No set is begun that the units would not do for.
    fn most_sets(&mut self, size: i64) -> Option<i64> {
        self.gaps.add_if(self.is_limited_otherwise(), "sets of picked units");
        self.sets_within(size)
    }

    fn sets_within(&mut self, size: i64) -> Option<i64> {
        let by_units = self.promotion.max_units.and_then(|units| units.checked_div(size));
        self.gaps.add_if(by_units == Some(0), "sets of more units than it may have");
        by_units.into_iter().chain(self.times()).min()
    }

    /// Sets that the effect forms anyhow.
    fn sets_of(&mut self, units: Option<i64>) {
        let size = self.promotion.set.as_ref().map(|set| set.size);
        self.gaps.add_if(size.is_some_and(|size| size != units), "sets of units");
    }

    fn is_limited(&self) -> bool {
        self.promotion.max_units.is_some() || self.is_limited_otherwise()
    }

    /// Whether it is limited otherwise than by a number of units in all.
    fn is_limited_otherwise(&self) -> bool {
        let Promotion { max_units_per_line, group_size, every_nth, .. } = self.promotion;
        max_units_per_line.is_some() || group_size.is_some() || every_nth.is_some()
    }

    /// Which units first; `None` leaves it to the engine's default.
    fn pick(&mut self, pick: Option<&Value>) -> Option<Value> {
        match pick? {
            Value::String(name) => match name.trim_end_matches("_first") {
                "cheapest" | "price_asc" | "lowest_price" => some("cheapest"),
                "most_expensive" | "dearest" | "price_desc" | "highest_price" => some("dearest"),
                "listed" | "cart_order" => some("listed"),
                other => self.gap(&format!("picking units by `{other}`")),
            },
            _ => self.gap("picking units of each group"),
        }
    }

    /// A discount that may be for a number of units.
    fn of_units<const N: usize>(&mut self, members: [(&str, Option<Value>); N]) -> Value {
        let mut discount = object(members);
        let promotion = self.promotion;
        if let Value::Object(discount) = &mut discount {
            // units of one line are alike: without a pick those with the most left, so that promotions do not meet
            let only_per_line = promotion.max_units_per_line.is_some() && promotion.max_units.is_none();
            let by_default = only_per_line.then(|| json!("dearest"));
            let pick = self.pick(promotion.pick.as_ref()).filter(|_| self.is_limited()).or(by_default);
            let limits = [
                ("maxUnits", self.most_units().map(Value::from)),
                ("maxUnitsPerLine", promotion.max_units_per_line.map(Value::from)),
                ("groupsOf", promotion.group_size.map(Value::from)),
                ("pick", pick),
            ];
            discount.extend(limits.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        discount
    }

    fn percent(&mut self, effect: &Percent) -> Option<Value> {
        self.unknown(&effect.unknown);
        self.check_cap(effect);
        if self.promotion.every_nth.is_some() && effect.max_amount.is_none() {
            return self.every_nth("percent", json!(effect.percent));
        }
        let count_off = self.counted_off();
        if let (Some("unit"), Some(most)) = (effect.cap_scope.as_deref(), effect.max_amount) {
            return self.capped_units(&effect.percent, most);
        }
        let lines = self.lines();
        let base = self.base();
        let basis = effect.cap_basis.as_ref().filter(|_| effect.max_amount.is_some());
        let cap_tax = taxes::other_mode(self.shop, basis, self.gaps);
        Some(self.of_units([
            ("type", some("percent_off")),
            ("percent", some(effect.percent.as_str())),
            ("cap", effect.max_amount.map(|most| self.shop.amount(most))),
            ("capPer", effect.cap_scope.as_deref().filter(|scope| *scope == "line").map(Value::from)),
            ("capTax", cap_tax.map(Value::from)),
            ("base", base),
            ("countOff", count_off),
            ("lines", lines),
        ]))
    }

    /// A percentage off each unit by itself, at most so much of each.
    fn capped_units(&mut self, percent: &str, most: i64) -> Option<Value> {
        let otherwise = self.promotion.group_size.is_some() || self.promotion.every_nth.is_some();
        self.gaps.add_if(otherwise, "a cap on each unit of groups");
        let lines = self.lines();
        let left = json!({ "divide": [{ "fact": "line_left" }, { "fact": "line_units" }] });
        let share = json!({ "multiply": [left, { "divide": [percent, "100"] }] });
        Some(self.of_units([
            ("type", some("formula_off")),
            ("formula", Some(json!({ "min": [share, { "money": self.shop.amount(most) }] }))),
            ("takes", some("amount_per_unit")),
            ("lines", lines),
        ]))
    }

    fn check_cap(&mut self, effect: &Percent) {
        self.check_distribution(effect.distribution.as_deref());
        if effect.max_amount.is_none() {
            return;
        }
        let scope = effect.cap_scope.as_deref();
        self.gaps.add_if(!matches!(scope, None | Some("order" | "line" | "unit")), "a cap of another scope");
    }

    fn check_distribution(&mut self, distribution: Option<&str>) {
        match distribution {
            None | Some("proportional" | "by_amount" | "by_price" | "largest_remainder") => {}
            Some(other) => self.gaps.add(format!("distribution `{other}`")),
        }
    }

    fn amount(&mut self, effect: &AmountOff) -> Option<Value> {
        self.unknown(&effect.unknown);
        let spread_by = match effect.distribution.as_deref() {
            Some("by_quantity" | "quantity" | "per_unit") if effect.per == Per::Order => some("quantity"),
            Some("even" | "evenly" | "equal" | "by_line" | "per_line") if effect.per == Per::Order => some("line"),
            other => {
                self.check_distribution(other);
                None
            }
        };
        let per = match effect.per {
            Per::Line if self.promotion.every_nth.is_some() => {
                return self.gap("one amount over every nth unit of a line");
            }
            // each application has units of its own, and the whole amount
            Per::Order
                if self.promotion.max_units.is_some()
                    && self.promotion.every_nth.is_none()
                    && self.times().is_some_and(|times| times > 1) =>
            {
                return self.amount_of_each(self.shop.amount(effect.amount));
            }
            Per::Order => "order",
            Per::Line => "line",
            Per::Unit => "unit",
            Per::Set => return self.bundle("amount", self.shop.amount(effect.amount), None),
        };
        if self.promotion.every_nth.is_some() && effect.per == Per::Unit && effect.max_amount.is_none() {
            return self.every_nth("amount", self.shop.amount(effect.amount));
        }
        let count_off = self.counted_off();
        let lines = self.lines();
        Some(self.of_units([
            ("type", some("amount_off")),
            ("amount", Some(self.shop.amount(effect.amount))),
            ("per", some(per)),
            ("cap", effect.max_amount.map(|most| self.shop.amount(most))),
            ("spreadBy", spread_by),
            ("countOff", count_off),
            ("lines", lines),
        ]))
    }

    /// One price for all selected lines together.
    fn order_price(&mut self, effect: &Price) -> Option<Value> {
        self.unknown(&effect.unknown);
        let Promotion { max_units, max_units_per_line, group_size, every_nth, .. } = self.promotion;
        let otherwise = max_units_per_line.is_some() || group_size.is_some() || every_nth.is_some();
        self.gaps.add_if(otherwise, "one price for units picked of each line");
        let lines = self.lines();
        let mut discount = self.of_units([
            ("type", some("fixed_price")),
            ("price", Some(self.shop.amount(effect.amount))),
            ("countOff", max_units.map(|most| json!({ "atMost": most }))),
            ("lines", lines),
        ]);
        if let Value::Object(members) = &mut discount {
            members.remove("maxUnits");
        }
        Some(discount)
    }

    fn unit_price(&mut self, effect: &Price) -> Option<Value> {
        self.unknown(&effect.unknown);
        let count_off = self.counted_off();
        let lines = self.lines();
        Some(self.of_units([
            ("type", some("fixed_unit_price")),
            ("price", Some(self.shop.amount(effect.amount))),
            ("countOff", count_off),
            ("lines", lines),
        ]))
    }

    fn set_price(&mut self, effect: &SetPrice) -> Option<Value> {
        self.unknown(&effect.unknown);
        let promotion = self.promotion;
        let set = promotion.set.as_ref();
        if let Some(set) = set {
            self.gaps.add_unknown("a set", &set.unknown, INFORMING);
        }
        let Some(size) = effect.set_size.or(set.and_then(|set| set.size)) else {
            let named = set.and_then(|set| set.products.as_ref()).or(promotion.filter.product_in.as_ref());
            return match named {
                Some(products) => Some(self.named_set("price", self.shop.amount(effect.amount), products)),
                None => self.gap("a set that is neither counted nor named"),
            };
        };
        let sort = set.and_then(|set| set.sort.as_deref()).map(Value::from);
        let pick = self.pick(effect.pick.as_ref().or(promotion.pick.as_ref()).or(sort.as_ref()));
        Some(object([
            ("type", some("set_price")),
            ("size", some(size)),
            ("price", Some(self.shop.amount(effect.amount))),
            ("lines", self.lines()),
            ("atMost", self.most_sets(size).map(Value::from)),
            ("pick", pick),
            ("usesUp", stacking::is_contested(self.shop).then_some(json!(true))),
        ]))
    }

    /// One unit of each of some products together; all other terms of a set are the engine's own.
    fn named_set(&mut self, off: &'static str, value: Value, products: &[String]) -> Value {
        let most = self.most_sets(i64::try_from(products.len()).unwrap_or(i64::MAX));
        let discounted = self.discounted_before();
        let part = |product: &String| {
            let lines = object([("products", Some(json!([product]))), ("discounted", discounted.map(Value::from))]);
            json!({ "lines": lines })
        };
        let parts = products.iter().map(part);
        object([
            ("type", some("bundle")),
            (off, Some(value)),
            ("of", Some(parts.collect())),
            ("atMost", most.map(Value::from)),
        ])
    }

    fn buy_x_get_y(&mut self, effect: &BuyXGetY) -> Option<Value> {
        self.unknown(&effect.unknown);
        let promotion = self.promotion;
        let Promotion { max_units_per_line, group_size, every_nth, .. } = promotion;
        let otherwise = max_units_per_line.is_some() || group_size.is_some() || every_nth.is_some();
        self.gaps.add_if(otherwise, "bought and got units of picked units");
        self.sets_of(effect.buy.quantity.checked_add(effect.get.quantity));
        let buy_filter = match &effect.buy.filter {
            Some(filter) => {
                self.gaps.add_if(!promotion.filter.is_empty(), "two filters of bought units");
                filter
            }
            None => &promotion.filter,
        };
        let discounted = self.discounted_before();
        let buy_lines = selectors::discounted(self.shop, buy_filter, discounted, self.gaps);
        let get_filter = effect.get.filter.as_ref();
        let get_lines = get_filter.and_then(|filter| selectors::discounted(self.shop, filter, discounted, self.gaps));
        let is_once = effect.repeat == Some(false);
        let base = self.base();
        // where the case says from which end bought units are reserved, it forms whole groups
        let reserve = self.pick(effect.reserve_buy_from.as_ref());
        let is_whole = reserve.is_some();
        // of units that may be bought or got, those that are got are not reserved
        let lines = &self.shop.case.cart.lines;
        let is_got = |line: &&Line| get_filter.is_some_and(|filter| filter.selects(line));
        let is_mixed = lines.iter().any(|line| buy_filter.selects(line) && is_got(&line))
            && lines.iter().any(|line| buy_filter.selects(line) && !is_got(&line));
        let reserve = reserve.filter(|_| !is_mixed || stacking::is_contested(self.shop));
        let partial = effect.partial.or(is_whole.then_some(false)).map(Value::from);
        let uses_up = stacking::is_contested(self.shop).then_some(json!(true));
        Some(object([
            ("type", some("buy_x_get_y")),
            ("buy", Some(object([("quantity", some(effect.buy.quantity)), ("lines", buy_lines), ("pick", reserve)]))),
            (
                "get",
                Some(object([
                    ("quantity", some(effect.get.quantity)),
                    ("lines", get_lines),
                    ("percent", effect.get.percent.as_deref().map(Value::from)),
                    ("amount", effect.get.amount_per_unit.map(|amount| self.shop.amount(amount))),
                    ("pick", self.pick(effect.get_pick.as_ref().or(promotion.pick.as_ref()))),
                    ("maxUnits", effect.max_get_units.into_iter().chain(promotion.max_units).min().map(Value::from)),
                ])),
            ),
            ("atMost", promotion.max_applications.or(promotion.max_sets).or(is_once.then_some(1)).map(Value::from)),
            ("partial", partial),
            ("base", base),
            ("usesUp", uses_up),
        ]))
    }
}
