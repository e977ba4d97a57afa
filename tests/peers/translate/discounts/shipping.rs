//! Off shipping, and off lines and shipping alike.

use serde_json::{json, Value};

use super::{some, Giving};
use crate::form::{Charge, Effect, FreeShipping, Per, Price, Scope};
use crate::translate::{object, selectors, taxes};

impl Giving<'_> {
    pub(super) fn free_shipping(&mut self, effect: &FreeShipping) -> Option<Value> {
        self.unknown(&effect.unknown);
        Some(self.less_shipping("percent", json!("100"), effect.max_amount))
    }

    pub(super) fn shipping_price(&mut self, effect: &Price) -> Option<Value> {
        self.unknown(&effect.unknown);
        Some(self.less_shipping("price", self.shop.amount(effect.amount), None))
    }

    /// Off shipping; a cap is for all charges together.
    fn less_shipping(&mut self, off: &'static str, value: Value, cap: Option<i64>) -> Value {
        let methods = selectors::methods(self.shop, &self.promotion.filter, self.gaps);
        let is_together = cap.is_some() && self.charges() > 1;
        object([
            ("type", some("off_shipping")),
            (off, Some(value)),
            ("methods", methods),
            ("cap", cap.map(|cap| self.shop.amount(cap))),
            ("per", is_together.then(|| json!("order"))),
        ])
    }

    /// Whether a promotion before it is for shipping too.
    fn follows_shipping(&self) -> bool {
        let before = self.shop.case.promotions.iter().take_while(|one| !std::ptr::eq(*one, self.promotion));
        before.into_iter().any(|one| matches!(one.scope, Scope::Shipping | Scope::OrderAndShipping))
    }

    /// How many charges of the cart the promotion's methods are.
    fn charges(&self) -> usize {
        let methods = self.promotion.filter.method_in.as_ref();
        let is_one = |charge: &Charge| {
            methods.is_none_or(|methods| methods.contains(charge.method.as_ref().unwrap_or(&charge.id)))
        };
        self.shop.case.cart.shipping.iter().filter(|charge| is_one(charge)).count()
    }

    pub(super) fn off_shipping(&mut self) -> Option<Value> {
        let promotion = self.promotion;
        // a charge is one unit
        let charges = i64::try_from(self.shop.case.cart.shipping.len()).unwrap_or(i64::MAX);
        let in_all = promotion.max_units.is_some_and(|most| most < charges);
        let per_line = promotion.max_units_per_line.is_some_and(|most| most < 1);
        let grouped = promotion.group_size.is_some() || promotion.every_nth.is_some();
        self.gaps.add_if(in_all || per_line || grouped, "units of shipping");
        self.gaps
            .add_if(promotion.exclude_already_discounted && self.follows_shipping(), "shipping without a discount");
        match &promotion.effect {
            Effect::FreeShipping(effect) => self.free_shipping(effect),
            Effect::FixedShippingPrice(effect) => self.shipping_price(effect),
            Effect::Percent(effect) => {
                self.unknown(&effect.unknown);
                self.check_distribution(effect.distribution.as_deref());
                let is_other = |mode: &String| !taxes::is_own_mode(self.shop, mode);
                let capped_on_other_side =
                    effect.max_amount.is_some() && effect.cap_basis.as_ref().is_some_and(is_other);
                self.gaps.add_if(capped_on_other_side, "a cap on shipping on the other side of tax");
                let mut off = self.less_shipping("percent", json!(effect.percent), effect.max_amount);
                if let (Some("line"), Value::Object(members)) = (effect.cap_scope.as_deref(), &mut off) {
                    members.remove("per");
                }
                Some(off)
            }
            Effect::Amount(effect) => {
                self.unknown(&effect.unknown);
                self.check_distribution(effect.distribution.as_deref());
                self.gaps.add_if(effect.per == Per::Set, "sets of units");
                let mut off = self.less_shipping("amount", self.shop.amount(effect.amount), effect.max_amount);
                if effect.per == Per::Order && self.charges() > 1 {
                    off["per"] = json!("order");
                }
                Some(off)
            }
            // the charges together; of one charge it is the charge's own
            Effect::FixedOrderPrice(effect) => {
                self.gaps.add_if(self.charges() > 1, "one price for several charges");
                self.shipping_price(effect)
            }
            Effect::TieredPercent(effect) | Effect::TieredAmount(effect) => self.tiers_of_shipping(effect),
            Effect::Other(effect) => self.gap(&effect.mechanism()),
            _ => self.gap("an effect of lines on shipping"),
        }
    }

    /// One effect on lines and shipping alike.
    pub(super) fn off_everything(&mut self) -> Option<Value> {
        self.gaps.add_if(self.is_limited(), "picked units and shipping");
        let promotion = self.promotion;
        let mut discount = match &promotion.effect {
            Effect::Percent(effect) if effect.cap_scope.as_deref() != Some("line") => self.percent(effect),
            Effect::Amount(effect) if effect.per == Per::Order => self.amount(effect),
            Effect::FixedUnitPrice(_) => None,
            Effect::FixedOrderPrice(effect) => self.order_price(effect),
            Effect::FreeShipping(effect) => return self.free_shipping(effect),
            Effect::FixedShippingPrice(effect) => return self.shipping_price(effect),
            _ => None,
        };
        if discount.as_ref().is_none_or(|discount| discount["spreadBy"].is_string()) {
            return self.gap("one effect on order and shipping");
        }
        if let Some(discount) = &mut discount {
            discount["withShipping"] = json!(true);
        }
        discount
    }
}
