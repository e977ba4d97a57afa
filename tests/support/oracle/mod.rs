//! A second engine, slow and obvious: the rules in words, applied unit by unit to the documents themselves.
//! It shares no code with the engine.
//!
//! What it leaves out: schedules, hints and the reasons of what does not apply; taxes, pieces that are no whole units,
//! margins, limits of units, several codes of one campaign, codes that all apply or none, payment methods.

mod bounds;
mod bundles;
mod conditions;
mod contest;
mod discounts;
mod earning;
mod formulas;
mod gifts;
mod groups;
mod limits;
mod lines;
mod numbers;
mod selection;
mod shipping;
mod spreading;
mod stacking;
mod till;

use std::cmp::Reverse;

use serde_json::{json, Value};

use contest::compete;
use earning::points;
use limits::left_of_budgets;
use numbers::{amount, members, number, price_of_line, whole};
use stacking::{contest, is_chosen, is_excluded, keeps, lane, rank, runs};
use till::Till;

/// What a cart costs and earns: totals, discounts by line and charge, campaigns in order of application. Of what may be
/// left out, the combination is found by trying all; of equal ones the first counts that leaves out the later ones.
pub fn answer(document: &Value, request: &Value) -> Value {
    let mut campaigns: Vec<&Value> = members(document, "campaigns").iter().collect();
    campaigns.sort_by_key(|campaign| rank(document, campaign));
    let mut till = Till::open(document, request);
    till.rechecks = document["stacking"]["recheck"] == true;
    till.left_of_budgets = left_of_budgets(document, request);
    let mut best = None;
    try_all(document, &campaigns, Course { till, applied: Vec::new(), earning: Vec::new() }, &mut best);
    best.unwrap().answer(document, request)
}

/// How far an order has come: what is left, who applied, and what is earned.
#[derive(Clone)]
struct Course<'a> {
    till: Till<'a>,
    applied: Vec<(&'a Value, i128)>,
    earning: Vec<&'a Value>,
}

/// Lets the campaigns apply one after the other, with and without each that may be left out.
fn try_all<'a>(document: &'a Value, campaigns: &[&'a Value], mut course: Course<'a>, best: &mut Option<Course<'a>>) {
    let [campaign, rest @ ..] = campaigns else {
        if best.as_ref().is_none_or(|best| course.saved() > best.saved()) {
            *best = Some(course);
        }
        return;
    };
    course.till.enter(lane(document, campaign));
    if contest(document, campaign).is_some() {
        let key = |campaign: &Value| (lane(document, campaign), contest(document, campaign));
        let rivals = rest.iter().take_while(|other| key(other) == key(campaign)).count();
        let (rivals, rest) = campaigns.split_at(rivals + 1);
        compete(document, rivals, &mut course.till, &mut course.applied, &mut course.earning);
        return try_all(document, rest, course, best);
    }
    if !course.may_have(document, campaign) {
        return try_all(document, rest, course, best);
    }
    let without = is_chosen(document, campaign).then(|| course.clone());
    let is_taken = course.offer(document, campaign);
    try_all(document, rest, course, best);
    if let Some(without) = without.filter(|_| is_taken) {
        try_all(document, rest, without, best);
    }
}

impl<'a> Course<'a> {
    fn may_have(&self, document: &'a Value, campaign: &'a Value) -> bool {
        let gives_discounts = !members(campaign, "discounts").is_empty();
        runs(campaign, &self.till) && !(gives_discounts && is_excluded(campaign, &self.applied, document))
    }

    /// Lets a campaign take what it gives; returns whether its budgets let it.
    fn offer(&mut self, document: &'a Value, campaign: &'a Value) -> bool {
        self.till.gives = false;
        let Some(taken) = self.till.take(document, campaign) else { return false };
        self.earning.extend(members(campaign, "earning"));
        if taken > 0 || self.till.gives || keeps(document, campaign, &self.till) {
            self.applied.push((campaign, taken));
        }
        true
    }

    /// What is promised counts as what is saved.
    fn saved(&self) -> i128 {
        self.discount() + self.till.promised
    }

    fn discount(&self) -> i128 {
        self.applied.iter().map(|(_, taken)| *taken).sum()
    }

    /// What the oracle tells of a quote.
    fn answer(&self, document: &Value, request: &Value) -> Value {
        let subtotal: i128 = members(request, "lines").iter().map(price_of_line).sum();
        let shipping: i128 = members(request, "shipping").iter().map(|charge| whole(&charge["price"])).sum();
        let total = subtotal + shipping - self.discount();
        let shipping_left: i128 = self.till.shipping.iter().map(|(_, _, left)| left).sum();
        let paid: i128 = members(request, "payments").iter().map(pays).sum();
        let applied = self.applied.iter().filter(|(_, taken)| *taken > 0);
        json!({
            "subtotal": number(subtotal),
            "shippingTotal": number(shipping),
            "discountTotal": number(self.discount()),
            "total": number(total),
            "due": number((total - paid).max(0)),
            "points": number(points(&self.earning, &self.till)),
            "lines": self.till.given.iter().map(|given| number(given.discount)).collect::<Vec<_>>(),
            "shipping": self.till.shipping.iter().map(|(_, price, left)| number(price - left)).collect::<Vec<_>>(),
            "applied": applied.map(|(campaign, taken)| json!([campaign["id"], number(*taken)])).collect::<Vec<_>>(),
            "level": level(document, request, total - shipping_left),
        })
    }
}

/// What a payment has for the bill: what is asked for, unless there is less on it, or all that is on it.
fn pays(payment: &Value) -> i128 {
    match (payment["amount"].as_i64(), payment["balance"].as_i64()) {
        (Some(amount), Some(balance)) if amount > balance => 0,
        (amount, balance) => amount.or(balance).map_or(0, i128::from),
    }
}

/// The level that takes most to reach.
fn level<'a>(document: &'a Value, request: &Value, order: i128) -> &'a Value {
    let Some(spent) = request["customer"]["spent"].as_i64() else { return &Value::Null };
    let counts = document["levels"]["counts"] != "before_this_order";
    let spent = i128::from(spent) + if counts { order } else { 0 };
    let reached = |level: &&Value| amount(&level["from"], request).is_some_and(|from| from <= spent);
    let mut levels: Vec<&Value> = members(&document["levels"], "steps").iter().filter(reached).collect();
    levels.sort_by_key(|level| (Reverse(amount(&level["from"], request)), level["id"].as_str()));
    levels.first().map_or(&Value::Null, |level| &level["id"])
}
