//! A quote, asked in the words of a case.

use std::collections::BTreeMap;

use serde_json::Value;

use super::form::{Case, Line, Quantity};
use super::translate::GIFT_PART;

/// A quote and the case it answers.
pub struct Reading<'a> {
    pub case: &'a Case,
    pub quote: &'a Value,
    /// By promotion of the case: the id of its campaign.
    pub campaigns: &'a [String],
}

fn number(object: &Value, name: &str) -> i64 {
    object[name].as_i64().unwrap_or(0)
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

fn sum(list: &[Value], name: &str) -> i64 {
    list.iter().map(|one| number(one, name)).sum()
}

/// Whether a line has whole units.
fn is_counted(line: &&Line) -> bool {
    matches!(line.quantity, Quantity::Whole(_))
}

/// The line of the case that a line of the quote is, or is a part of.
fn in_case(id: &Value) -> &str {
    let id = id.as_str().unwrap_or("");
    id.split_once(GIFT_PART).map_or(id, |(line, _)| line)
}

/// Numbers by line of the case.
fn by_line(places: &[Value], id: &str, name: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for place in places {
        let sum: &mut i64 = sums.entry(in_case(&place[id]).to_owned()).or_default();
        *sum = sum.saturating_add(number(place, name));
    }
    sums
}

impl Reading<'_> {
    /// A number of the quote itself.
    pub fn number(&self, name: &str) -> i64 {
        number(self.quote, name)
    }

    /// A number of the payments with points, summed up.
    pub fn points(&self, name: &str) -> i64 {
        let payments = list(self.quote, "payments").iter();
        let of_points = |paid: &&Value| {
            let index = usize::try_from(number(paid, "index")).unwrap_or(usize::MAX);
            self.case.payments.get(index).is_some_and(|payment| payment.kind == "points")
        };
        payments.filter(of_points).map(|paid| number(paid, name)).sum()
    }

    /// What is taken off each line, or each charge for shipping.
    pub fn discounts(&self, places: &str) -> BTreeMap<String, i64> {
        by_line(list(self.quote, places), "id", "discount")
    }

    /// What is taken off each unit of a line.
    pub fn unit_discounts(&self, line: &str) -> Vec<i64> {
        let of_line = list(self.quote, "lines").iter().filter(|one| in_case(&one["id"]) == line);
        let of_run = |run: &Value| {
            let count = usize::try_from(number(run, "count")).unwrap_or(0);
            std::iter::repeat_n(sum(list(run, "allocations"), "amount"), count)
        };
        of_line.flat_map(|part| list(part, "units")).flat_map(of_run).collect()
    }

    /// The campaign of a promotion.
    fn campaign(&self, promotion: &str) -> Option<&str> {
        let promotions = self.case.promotions.iter().zip(self.campaigns);
        promotions.filter(|(one, _)| one.id == promotion).map(|(_, campaign)| campaign.as_str()).next()
    }

    /// What became of a promotion, or of a code that no promotion has.
    pub fn outcome(&self, id: &str) -> Option<&Value> {
        let outcomes = list(self.quote, "outcomes");
        let of_promotion = self.campaign(id).and_then(|campaign| outcomes.iter().find(|o| o["redeemable"] == campaign));
        of_promotion.or_else(|| outcomes.iter().find(|outcome| outcome["code"] == id))
    }

    /// What an outcome took off each line and each charge.
    pub fn shares(outcome: &Value) -> BTreeMap<String, i64> {
        let mut shares = by_line(list(outcome, "allocations"), "line", "amount");
        shares.extend(by_line(list(outcome, "shippingAllocations"), "shipping", "amount"));
        shares
    }

    /// Units that are given by product, in the cart or proposed.
    pub fn gifts(&self) -> BTreeMap<String, i64> {
        let mut units = BTreeMap::new();
        for gift in list(self.quote, "gifts") {
            if gift["state"] == "proposed" || gift["state"] == "in_cart" {
                let product = gift["product"]["id"].as_str().unwrap_or("").to_owned();
                let known: &mut i64 = units.entry(product).or_default();
                *known = known.saturating_add(number(gift, "quantity"));
            }
        }
        units
    }

    /// The customer's level.
    pub fn level(&self) -> Option<&str> {
        self.quote["level"].as_str()
    }

    /// The promotions that applied.
    pub fn applied(&self) -> Vec<&str> {
        let is_applied = |id: &str| self.outcome(id).is_some_and(|outcome| outcome["status"] == "applied");
        self.case.promotions.iter().map(|promotion| promotion.id.as_str()).filter(|id| is_applied(id)).collect()
    }

    /// Why a promotion or a code did not apply. A promotion without a code has no outcome; its near miss says why.
    pub fn reasons(&self, id: &str) -> Vec<String> {
        let reasons = self.outcome(id).map_or(&[][..], |outcome| list(outcome, "reasons"));
        let codes = reasons.iter().filter_map(|reason| reason["code"].as_str());
        let hints = self.hints(id).filter_map(|hint| match hint["measure"].as_str()? {
            "amount" => Some("min_subtotal_not_reached"),
            "quantity" => Some("min_quantity_not_reached"),
            _ => None,
        });
        codes.chain(hints).map(str::to_owned).collect()
    }

    /// The near misses of a promotion.
    fn hints(&self, id: &str) -> impl Iterator<Item = &Value> {
        let campaign = self.campaign(id);
        let hints = list(self.quote, "hints").iter();
        hints.filter(move |hint| campaign.is_some_and(|campaign| hint["redeemable"] == campaign))
    }

    /// How much of `measure` a promotion is short of, by its hint or else by its own reason.
    pub fn missing(&self, id: &str, measure: &str) -> Option<i64> {
        if let Some(hint) = self.hints(id).find(|hint| hint["measure"] == measure) {
            return Some(number(hint, "required").saturating_sub(number(hint, "actual")));
        }
        let code = if measure == "amount" { "min_subtotal_not_reached" } else { "min_quantity_not_reached" };
        let reasons = self.outcome(id).map_or(&[][..], |outcome| list(outcome, "reasons"));
        reasons.iter().find(|reason| reason["code"] == code).map(|reason| number(&reason["params"], "missing"))
    }

    /// What no quote may break, whatever a case expects: parts sum to the whole, nothing is negative, and no line is
    /// discounted below zero.
    pub fn broken_sums(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let mut law = |holds: bool, law: &str| {
            if !holds {
                broken.push(law.to_owned());
            }
        };
        let (lines, shipping) = (list(self.quote, "lines"), list(self.quote, "shipping"));
        let parts = sum(lines, "discount").saturating_add(sum(shipping, "discount"));
        law(parts == self.number("discountTotal"), "the discounts of lines and shipping do not sum to the total");
        let before = self.number("subtotal").saturating_add(self.number("shippingTotal"));
        law(before.saturating_sub(parts) == self.number("total"), "the total is not what is left");
        let leaves_least = |line: &Line| {
            let least = line.min_price.unwrap_or(0).min(line.unit_price);
            let of_line = lines.iter().filter(|one| in_case(&one["id"]) == line.id);
            let each = of_line.flat_map(|one| list(one, "units"));
            let left = |run: &Value| line.unit_price.saturating_sub(sum(list(run, "allocations"), "amount"));
            line.gift_of.is_some() || line.gift_units.is_some() || each.map(left).all(|left| left >= least)
        };
        law(
            self.case.cart.lines.iter().filter(is_counted).all(leaves_least),
            "a unit is left less than its lowest price",
        );
        let within = |place: &Value, price: &str| (0..=number(place, price)).contains(&number(place, "discount"));
        law(lines.iter().all(|line| within(line, "subtotal")), "a line's discount is not within its price");
        law(shipping.iter().all(|charge| within(charge, "price")), "a charge's discount is not within its price");
        broken
    }
}
