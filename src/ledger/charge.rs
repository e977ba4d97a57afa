//! What a quote uses: from the engine's answer to the parts of an order, and the words that a check-out is charged by.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::command::Part;
use super::programme::Programme;
use super::refusal::{Code, Refusal};

/// Names a cart among all hashes.
const CART_DOMAIN: &[u8] = b"counterfoil/cart/v1";

/// What an order is charged, and what it uses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Charge {
    /// The currency.
    pub currency: String,
    /// The totals of the quote, minor units.
    pub subtotal: i64,
    /// All discounts.
    pub discount_total: i64,
    /// Shipping before discounts.
    pub shipping_total: i64,
    /// What is paid by any means.
    pub total: i64,
    /// What is left to pay after payments.
    pub due: i64,
    /// What the order earns.
    pub points: i64,
    /// The digest of the cart, 64 hexadecimal digits.
    pub cart: String,
    /// The campaigns that applied, in their order; not those of which a gift was offered and left.
    pub campaigns: Vec<String>,
    /// What each of them took off, minor units; those that only give points are not here.
    #[serde(default)]
    pub discounts: BTreeMap<String, i64>,
    /// The variant of each experiment that the customer was given.
    #[serde(default)]
    pub experiments: BTreeMap<String, String>,
    /// What is used.
    pub parts: Vec<Part>,
}

/// The members of a quote that are charged.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quoted {
    currency: String,
    subtotal: i64,
    discount_total: i64,
    shipping_total: i64,
    total: i64,
    due: i64,
    points: i64,
    #[serde(default)]
    lines: Vec<Line>,
    outcomes: Vec<Outcome>,
    #[serde(default)]
    gifts: Vec<Gift>,
    #[serde(default)]
    earned: Vec<Earned>,
    #[serde(default)]
    payments: Vec<Paid>,
    #[serde(default)]
    variants: Vec<Variant>,
}

/// A line, unit by unit where the quote was asked so.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    units: Option<Vec<Run>>,
}

#[derive(Deserialize)]
struct Run {
    count: i64,
    allocations: Vec<Taken>,
}

#[derive(Deserialize)]
struct Taken {
    redeemable: String,
    amount: i64,
}

#[derive(Deserialize)]
struct Variant {
    experiment: String,
    variant: String,
}

#[derive(Deserialize)]
struct Outcome {
    #[serde(default)]
    redeemable: Option<String>,
    status: String,
    discount: i64,
}

#[derive(Deserialize)]
struct Gift {
    redeemable: String,
    state: String,
}

#[derive(Deserialize)]
struct Earned {
    redeemable: String,
}

#[derive(Deserialize)]
struct Paid {
    index: usize,
    #[serde(default)]
    id: Option<String>,
    amount: i64,
    #[serde(default)]
    points: Option<i64>,
}

impl Quoted {
    /// Whether all that a campaign has for the order is a gift that is offered, and that nobody took.
    fn leaves(&self, outcome: &Outcome) -> bool {
        let is =
            |gift: &Gift, state: &str| Some(&gift.redeemable) == outcome.redeemable.as_ref() && gift.state == state;
        let any = |state: &str| self.gifts.iter().any(|gift| is(gift, state));
        outcome.discount == 0 && any("proposed") && !any("in_cart")
    }
}

/// What the quote of a request uses: one use of each campaign that gave something, its discount of each budget that it draws
/// from, and the accounts that pay. A payment without an id, or of the type `other`, is not of this ledger.
///
/// ```
/// use counterfoil::ledger::{charge::charge, programme::Programme};
/// let programme = Programme::read(r#"{ "allowances": {
///     "spring": { "limits": [{ "uses": 9 }], "draws": [{ "budget": "spring" }] },
///     "spring/EUR": { "currency": "EUR", "limits": [{ "budget": 5000 }] } } }"#).unwrap();
/// let request = r#"{ "currency": "EUR", "lines": [{ "id": "a", "unitPrice": 1000, "quantity": 1 }] }"#;
/// let quote = r#"{ "currency": "EUR", "subtotal": 1000, "discountTotal": 100, "shippingTotal": 0, "total": 900,
///     "due": 900, "points": 0, "outcomes": [{ "redeemable": "spring", "status": "applied", "discount": 100 }] }"#;
/// let charge = charge(&programme, request, quote).unwrap();
/// assert_eq!(serde_json::to_value(&charge.parts).unwrap(), serde_json::json!([
///     { "type": "use", "allowance": "spring", "uses": 1, "upTo": false },
///     { "type": "use", "allowance": "spring/EUR", "uses": 1, "amount": 100, "currency": "EUR", "upTo": false }]));
/// ```
///
/// # Errors
/// `document_unreadable` for what is no request or no quote.
pub fn charge(programme: &Programme, request: &str, quote: &str) -> Result<Charge, Refusal> {
    let asked: Json = super::json::read(request, super::refusal::Document::Command)?;
    let quoted: Quoted = super::json::read(quote, super::refusal::Document::Command)?;
    let mut parts = Vec::new();
    let mut campaigns: Vec<String> = Vec::new();
    let mut discounts: BTreeMap<String, i64> = BTreeMap::new();
    for outcome in quoted.outcomes.iter().filter(|outcome| outcome.status == "applied" && !quoted.leaves(outcome)) {
        let Some(campaign) = &outcome.redeemable else { continue };
        parts.extend(uses_of(programme, campaign, outcome.discount, &quoted.currency));
        // several codes of a campaign are told one by one, its units by line
        if !campaigns.contains(campaign) {
            parts.extend(units_of(programme, campaign, &quoted.lines)?);
        }
        campaigns.push(campaign.clone());
        let sum = discounts.entry(campaign.clone()).or_default();
        *sum = sum.saturating_add(outcome.discount);
    }
    for earned in &quoted.earned {
        if !campaigns.contains(&earned.redeemable) {
            parts.extend(uses_of(programme, &earned.redeemable, 0, &quoted.currency));
            campaigns.push(earned.redeemable.clone());
        }
    }
    for paid in quoted.payments.iter().filter(|paid| paid.amount > 0) {
        let kind = asked.pointer(&format!("/payments/{}/type", paid.index)).and_then(Json::as_str);
        if let Some(account) = paid.id.as_ref().filter(|_| kind != Some("other")) {
            let amount = paid.points.unwrap_or(paid.amount);
            parts.push(Part::Draw { account: account.clone(), amount, up_to: false });
        }
    }
    Ok(Charge {
        cart: cart(&asked)?,
        currency: quoted.currency,
        subtotal: quoted.subtotal,
        discount_total: quoted.discount_total,
        shipping_total: quoted.shipping_total,
        total: quoted.total,
        due: quoted.due,
        points: quoted.points,
        campaigns,
        discounts,
        experiments: quoted.variants.into_iter().map(|given| (given.experiment, given.variant)).collect(),
        parts,
    })
}

fn uses_of(programme: &Programme, campaign: &str, discount: i64, currency: &str) -> Vec<Part> {
    let Some((name, rules)) = programme.allowances.get_key_value(campaign) else { return Vec::new() };
    let part = |allowance: String, amount: Option<i64>, up_to: bool| {
        let currency = amount.map(|_| currency.to_string());
        Part::Use { allowance, uses: 1, amount, currency, up_to, lease: None }
    };
    let own = part(name.clone(), None, false);
    // the engine applies no campaign in a currency that its budgets do not cover
    let budgets = rules.draws.iter().map(|draw| {
        let overdraws = draw.overdraws;
        part(format!("{}/{currency}", draw.budget), Some(discount), overdraws)
    });
    core::iter::once(own).chain(budgets).collect()
}

/// The name of the allowance that counts the units of a campaign.
pub(crate) fn units_allowance(campaign: &str) -> String {
    format!("{campaign}/units")
}

/// The units that a campaign is taken off, where they are limited.
fn units_of(programme: &Programme, campaign: &str, lines: &[Line]) -> Result<Option<Part>, Refusal> {
    let Some((name, _)) = programme.allowances.get_key_value(&units_allowance(campaign)) else { return Ok(None) };
    let mut uses = 0_i64;
    for line in lines {
        let untold = || {
            let params =
                [("member", "quote".into()), ("why", "does not tell `units`, which a campaign is limited to".into())];
            Refusal::new(Code::MemberInvalid, &params)
        };
        let takes = |run: &&Run| run.allocations.iter().any(|taken| taken.redeemable == campaign && taken.amount > 0);
        let runs = line.units.as_ref().ok_or_else(untold)?.iter().filter(takes);
        uses = runs.fold(uses, |sum, run| sum.saturating_add(run.count));
    }
    let allowance = name.clone();
    let part = Part::Use { allowance, uses, amount: None, currency: None, up_to: false, lease: None };
    Ok(Some(part).filter(|_| uses > 0))
}

/// The digest of a cart: of everything that a request says but when it was asked, for what parts of the answer, and in
/// which order its lines stand.
fn cart(request: &Json) -> Result<String, Refusal> {
    let unfit = || {
        let params = [("member", "request".into()), ("why", "is an object with lines".into())];
        Refusal::new(Code::MemberInvalid, &params)
    };
    let mut members: BTreeMap<&str, Json> = BTreeMap::new();
    for (name, value) in request.as_object().ok_or_else(unfit)? {
        if !matches!(name.as_str(), "now" | "include") && !value.is_null() {
            members.insert(name, sorted(value));
        }
    }
    for list in ["lines", "shipping", "codes"] {
        if let Some(Json::Array(elements)) = members.get_mut(list) {
            elements.sort_by_key(ToString::to_string);
        }
    }
    let text = serde_json::to_vec(&members).unwrap_or_default();
    let hash = Sha256::digest([CART_DOMAIN, &text].concat());
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The same value with the members of its objects in the order of their names.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let by_name: BTreeMap<&String, Json> = members.iter().map(|(name, value)| (name, sorted(value))).collect();
            by_name.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Json::Array(elements) => elements.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn digest(request: &Json) -> String {
        cart(request).unwrap()
    }

    #[test]
    fn a_cart_is_the_same_in_any_order_and_another_with_any_other_price() {
        let line = |id: &str, price: i64| json!({ "id": id, "unitPrice": price, "quantity": 1 });
        let request = |lines: &[Json]| json!({ "currency": "EUR", "lines": lines });
        let first = digest(&request(&[line("a", 1), line("b", 2)]));
        assert_eq!(first, digest(&request(&[line("b", 2), line("a", 1)])));
        assert_ne!(first, digest(&request(&[line("a", 1), line("b", 3)])));
        let mut later = request(&[line("a", 1), line("b", 2)]);
        later["now"] = json!(7);
        later["include"] = json!(["hints"]);
        assert_eq!(first, digest(&later));
        later["codes"] = json!(["SPRING"]);
        assert_ne!(first, digest(&later));
    }

    #[test]
    fn what_pays_is_drawn_from_its_account_and_other_payments_are_not() {
        let request = json!({ "currency": "EUR", "lines": [], "payments": [
            { "type": "other", "id": "cash", "amount": 5 }, { "type": "points", "id": "p", "amount": 7 },
            { "type": "gift_card", "amount": 1 } ] });
        let paid = |index: usize, id: &str, amount: i64| json!({ "index": index, "id": id, "amount": amount });
        let mut points = paid(1, "p", 7);
        points["points"] = json!(70);
        let quote = json!({ "currency": "EUR", "subtotal": 20, "discountTotal": 0, "shippingTotal": 0, "total": 20, "due": 7,
            "points": 3, "outcomes": [{ "redeemable": "x", "status": "skipped", "discount": 0 }],
            "earned": [{ "redeemable": "club", "points": 3 }],
            "payments": [paid(0, "cash", 5), points, { "index": 2, "amount": 1 }] });
        let programme = Programme::read(r#"{ "allowances": { "club": {}, "x": {} } }"#).unwrap();
        let charge = charge(&programme, &request.to_string(), &quote.to_string()).unwrap();
        let used =
            Part::Use { allowance: "club".into(), uses: 1, amount: None, currency: None, up_to: false, lease: None };
        assert_eq!(charge.parts, [used, Part::Draw { account: "p".into(), amount: 70, up_to: false }]);
        assert_eq!(charge.campaigns, ["club"]);
        assert!(charge.discounts.is_empty());
    }

    #[test]
    fn units_are_counted_that_a_campaign_takes_something_of() {
        let programme =
            Programme::read(r#"{ "allowances": { "a": {}, "a/units": { "limits": [{ "uses": 9 }] } } }"#).unwrap();
        let run = |count: i64, takers: &[(&str, i64)]| {
            let takers = takers.iter().map(|(campaign, amount)| json!({ "redeemable": campaign, "amount": amount }));
            json!({ "count": count, "total": 5, "allocations": takers.collect::<Vec<_>>() })
        };
        let lines = json!([
            { "units": [run(2, &[("a", 5), ("b", 1)]), run(4, &[("b", 1)])] },
            { "units": [run(1, &[("a", 0)]), run(3, &[("a", 1)])] },
        ]);
        let mut quote = json!({ "currency": "EUR", "subtotal": 90, "discountTotal": 30, "shippingTotal": 0, "total": 60,
            "due": 60, "points": 0, "lines": lines, "outcomes": [
                { "redeemable": "a", "status": "applied", "discount": 10 },
                { "redeemable": "a", "status": "applied", "discount": 13 },
                { "redeemable": "b", "status": "applied", "discount": 7 }] });
        let request = json!({ "currency": "EUR", "lines": [] }).to_string();
        let told = charge(&programme, &request, &quote.to_string()).unwrap();
        let used =
            |allowance: &str, uses: i64| json!({ "type": "use", "allowance": allowance, "uses": uses, "upTo": false });
        assert_eq!(serde_json::to_value(&told.parts).unwrap(), json!([used("a", 1), used("a/units", 5), used("a", 1)]));
        // a quote that was not asked unit by unit does not say how many
        quote["lines"] = json!([{ "discount": 30 }]);
        let refusal = charge(&programme, &request, &quote.to_string()).unwrap_err();
        assert_eq!(refusal.code, Code::MemberInvalid);
    }

    #[test]
    fn a_gift_that_nobody_took_uses_nothing() {
        let programme =
            Programme::read(r#"{ "allowances": { "mug": {}, "pen": {}, "mix": {}, "club": {} } }"#).unwrap();
        let request = json!({ "currency": "EUR", "lines": [] }).to_string();
        let applied = |redeemable: &str, discount: i64| json!({ "redeemable": redeemable, "status": "applied", "discount": discount });
        let gift = |redeemable: &str, state: &str| json!({ "redeemable": redeemable, "state": state });
        let quote = json!({ "currency": "EUR", "subtotal": 900, "discountTotal": 60, "shippingTotal": 0, "total": 840, "due": 840,
            "points": 1, "outcomes": [applied("mug", 0), applied("pen", 0), applied("mix", 60), applied("club", 0), applied("plain", 0)],
            // of two pens one is taken, and a free one takes nothing off; `mix` gives more than its gift, `club` points
            "gifts": [gift("mug", "proposed"), gift("pen", "in_cart"), gift("pen", "proposed"), gift("mix", "proposed"), gift("club", "proposed")],
            "earned": [{ "redeemable": "club", "points": 1 }] });
        let charge = charge(&programme, &request, &quote.to_string()).unwrap();
        assert_eq!(charge.campaigns, ["pen", "mix", "plain", "club"]);
        assert_eq!(charge.parts.len(), 3);
        assert!(!charge.discounts.contains_key("mug"));
    }

    #[test]
    fn it_says_what_each_campaign_took_off_and_which_variants_were_given() {
        let request = json!({ "currency": "EUR", "lines": [] });
        let applied = |redeemable: &str, discount: i64| json!({ "redeemable": redeemable, "status": "applied", "discount": discount });
        let quote = json!({ "currency": "EUR", "subtotal": 900, "discountTotal": 60, "shippingTotal": 0, "total": 840, "due": 840,
            "points": 0, "outcomes": [applied("gifts", 20), applied("spring", 30), applied("gifts", 10)],
            "variants": [{ "experiment": "welcome", "variant": "held_out" }] });
        let charge = charge(&Programme::default(), &request.to_string(), &quote.to_string()).unwrap();
        assert_eq!(charge.discounts, [("gifts".to_string(), 30), ("spring".to_string(), 30)].into());
        assert_eq!(charge.experiments, [("welcome".to_string(), "held_out".to_string())].into());
    }
}
