//! Whether a quote is what a case expects: exactly, by the names in `strict`, or exactly one of the alternatives.

use std::collections::BTreeMap;

use counterfoil::error::Error;

use super::expect::{Alternative, Expect, Numbers};
use super::form::{Case, Promotion};
use super::reading::Reading;

/// What the engine answered: a quote with the campaigns of the promotions, or a refusal.
pub type Answer<'a> = Result<Reading<'a>, &'a Error>;

/// Names in `strict` that have no counterpart in a quote, and what would be needed to have one.
pub fn incomparable(case: &Case) -> Vec<String> {
    let missing = |name: &String| match name.as_str() {
        name if COMPARED.contains(&name) => None,
        name => Some(format!("comparing `{name}`")),
    };
    let asked = case.strict.iter().any(|name| name == "invariants");
    let told = case.expect.invariants.iter().flatten().filter(|_| asked);
    let unknown = told.filter(|law| !is_a_law(law)).map(|law| format!("the invariant `{law}`"));
    case.strict.iter().filter_map(missing).chain(unknown).collect()
}

/// Whether it is one of the laws that every answer is held to: sums, nothing below zero or above its price, lowest prices,
/// the same answer again and in whatever order codes were typed.
fn is_a_law(name: &str) -> bool {
    let words: Vec<String> = name.split(|part: char| !part.is_alphanumeric()).map(str::to_lowercase).collect();
    let says = |stems: &[&str]| words.iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
    says(&[
        "sum", "negativ", "nonneg", "below", "zero", "exceed", "above", "floor", "idempot", "determin", "again",
        "independ", "permut", "entry",
    ]) || says(&["min"]) && says(&["price"])
        || says(&["order"]) && says(&["code", "line", "typed"])
}

const EITHER: &str = "discount_total_or_documented_alternative";
const COMPARED: &[&str] = &[
    "subtotal",
    "shipping",
    "discount_total",
    EITHER,
    "total",
    "amount_due",
    "points_earned",
    "points_spent",
    "points_balance",
    "invariants",
    "line_discounts",
    "shipping_discounts",
    "unit_discounts",
    "by_promotion",
    "applied",
    "not_applied",
    "rejections",
    "near_miss",
    "free_items",
    "tier",
    "error",
];
/// Those that an alternative changes all together.
const MONEY: &[&str] = &[
    "discount_total",
    "total",
    "amount_due",
    "points_earned",
    "line_discounts",
    "shipping_discounts",
    "unit_discounts",
    "by_promotion",
];

/// What is wrong with an answer; nothing when it is as expected or equals an alternative.
pub fn differences(case: &Case, answer: &Answer<'_>) -> Vec<String> {
    let strict: Vec<&str> =
        case.strict.iter().map(|name| if name == EITHER { "discount_total" } else { name }).collect();
    let wrong = against(case, &case.expect, &strict, answer);
    if wrong.is_empty() {
        return wrong;
    }
    let is_alternative = case.alternatives.iter().any(|alternative| {
        let (expect, names) = whole(case, &strict, alternative);
        against(case, &expect, &names, answer).is_empty()
    });
    if is_alternative {
        Vec::new()
    } else {
        wrong
    }
}

/// An alternative with what it leaves to the case: all it says counts, and of the case whatever it does not change.
fn whole<'a>(case: &Case, strict: &[&'a str], alternative: &Alternative) -> (Expect, Vec<&'a str>) {
    let other = &alternative.expect;
    let says_money = MONEY.iter().any(|name| says(other, name));
    let mut names: Vec<&str> = strict.iter().copied().filter(|name| !says_money || !MONEY.contains(name)).collect();
    names.extend(COMPARED.iter().filter(|name| says(other, name)));

    let mut expect = other.clone();
    let sums = |numbers: &Option<Numbers>| numbers.as_ref().map_or(0, |numbers| numbers.values().sum::<i64>());
    let tells_all_lines = |lines: &Numbers| case.cart.lines.iter().all(|line| lines.contains_key(&line.id));
    if expect.discount_total.is_none() && other.line_discounts.as_ref().is_some_and(tells_all_lines) {
        let of_shipping = other.shipping_discounts.as_ref().or(case.expect.shipping_discounts.as_ref()).cloned();
        expect.discount_total = Some(sums(&other.line_discounts).saturating_add(sums(&of_shipping)));
        names.push("discount_total");
    }
    if let (None, Some(discount), Some(subtotal)) = (expect.total, expect.discount_total, case.expect.subtotal) {
        let shipping =
            case.expect.shipping.unwrap_or_else(|| case.cart.shipping.iter().map(|charge| charge.price).sum());
        expect.total = Some(subtotal.saturating_add(shipping).saturating_sub(discount));
        names.push("total");
    }
    let unsaid = case.expect.clone();
    expect.subtotal = expect.subtotal.or(unsaid.subtotal);
    expect.shipping = expect.shipping.or(unsaid.shipping);
    expect.applied = expect.applied.or(unsaid.applied);
    expect.not_applied = expect.not_applied.or(unsaid.not_applied);
    expect.rejections = expect.rejections.or(unsaid.rejections);
    expect.near_miss = expect.near_miss.or(unsaid.near_miss);
    expect.free_items = expect.free_items.or(unsaid.free_items);
    expect.tier = expect.tier.or(unsaid.tier);
    expect.points_spent = expect.points_spent.or(unsaid.points_spent);
    expect.points_balance = expect.points_balance.or(unsaid.points_balance);
    (expect, names)
}

fn says(expect: &Expect, name: &str) -> bool {
    match name {
        "subtotal" => expect.subtotal.is_some(),
        "shipping" => expect.shipping.is_some(),
        "discount_total" => expect.discount_total.is_some(),
        "total" => expect.total.is_some(),
        "amount_due" => expect.amount_due.is_some(),
        "points_earned" => expect.points_earned.is_some(),
        "line_discounts" => expect.line_discounts.is_some(),
        "shipping_discounts" => expect.shipping_discounts.is_some(),
        "unit_discounts" => expect.unit_discounts.is_some(),
        "by_promotion" => expect.by_promotion.is_some(),
        "applied" => expect.applied.is_some(),
        "not_applied" => expect.not_applied.is_some(),
        "rejections" => expect.rejections.is_some(),
        "near_miss" => expect.near_miss.is_some(),
        "free_items" => expect.free_items.is_some(),
        "tier" => expect.tier.is_some(),
        "error" => expect.error.is_some(),
        _ => false,
    }
}

fn against(case: &Case, expect: &Expect, names: &[&str], answer: &Answer<'_>) -> Vec<String> {
    let reading = match (answer, &expect.error) {
        (Ok(_), Some(error)) => return vec![format!("it is answered, expected the refusal `{error}`")],
        (Err(error), Some(expected)) if is_refusal(expected, error) => return Vec::new(),
        (Err(error), _) => return vec![format!("it is refused: {error}")],
        (Ok(reading), None) => reading,
    };
    let mut wrong = reading.broken_sums();
    for name in names {
        let found = match *name {
            "subtotal" => number(name, expect.subtotal, reading.number("subtotal")),
            "shipping" => number(name, expect.shipping, reading.number("shippingTotal")),
            "discount_total" => number(name, expect.discount_total, reading.number("discountTotal")),
            "total" => number(name, expect.total, reading.number("total")),
            "amount_due" => number(name, expect.amount_due, reading.number("due")),
            "points_earned" => number(name, expect.points_earned, reading.number("points")),
            "points_spent" => number(name, expect.points_spent, reading.points("points")),
            "points_balance" => number(name, expect.points_balance, reading.points("left")),
            "line_discounts" => numbers(name, &expect.line_discounts, &reading.discounts("lines")),
            "shipping_discounts" => numbers(name, &expect.shipping_discounts, &reading.discounts("shipping")),
            "unit_discounts" => unit_discounts(expect, reading),
            "by_promotion" => by_promotion(expect, reading),
            "applied" => applied(expect, reading),
            "not_applied" => not_applied(expect, reading),
            "rejections" => rejections(case, expect, reading),
            "near_miss" => near_miss(expect, reading),
            "free_items" => free_items(expect, reading),
            "tier" => tier(expect, reading),
            _ => Vec::new(),
        };
        wrong.extend(found);
    }
    wrong
}

/// Whether the engine's refusal is the one that the form names.
fn is_refusal(expected: &str, error: &Error) -> bool {
    let pointer = error.first().at.as_ref().map_or("", |place| place.pointer.as_str());
    match expected {
        "invalid_price" | "negative_price" => pointer.starts_with("/lines/") && pointer.ends_with("/unitPrice"),
        "invalid_quantity" => pointer.starts_with("/lines/") && pointer.ends_with("/quantity"),
        other => other == error.code(),
    }
}

fn number(name: &str, expected: Option<i64>, actual: i64) -> Vec<String> {
    match expected {
        Some(expected) if expected == actual => Vec::new(),
        Some(expected) => vec![format!("{name} is {actual}, expected {expected}")],
        None => untold(name),
    }
}

fn untold(name: &str) -> Vec<String> {
    vec![format!("{name} is strict, and not told in a shape that the runner knows")]
}

/// What is expected must be there, zero where it is absent; what is not named is not asked.
fn numbers(name: &str, expected: &Option<Numbers>, actual: &BTreeMap<String, i64>) -> Vec<String> {
    let Some(expected) = expected else { return untold(name) };
    let of = |id: &String| actual.get(id).copied().unwrap_or(0);
    expected.iter().flat_map(|(id, expected)| number(&format!("{name}.{id}"), Some(*expected), of(id))).collect()
}

/// Units of one line are interchangeable: the same amounts, in whatever order.
fn unit_discounts(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.unit_discounts else { return untold("unit_discounts") };
    let mut wrong = Vec::new();
    for (line, expected) in told {
        let (mut expected, mut actual) = (expected.clone(), reading.unit_discounts(line));
        expected.sort_unstable();
        actual.sort_unstable();
        if expected != actual {
            wrong.push(format!("unit_discounts.{line} is {actual:?}, expected {expected:?}"));
        }
    }
    wrong
}

fn by_promotion(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.by_promotion else { return untold("by_promotion") };
    let of = |id: &String| reading.outcome(id).map(Reading::shares).unwrap_or_default();
    let wrong =
        |(id, lines): (&String, &Numbers)| numbers(&format!("by_promotion.{id}"), &Some(lines.clone()), &of(id));
    told.iter().flat_map(wrong).collect()
}

fn applied(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.applied else { return untold("applied") };
    let mut expected: Vec<&str> = told.iter().map(String::as_str).collect();
    let mut actual = reading.applied();
    expected.sort_unstable();
    actual.sort_unstable();
    if expected == actual {
        return Vec::new();
    }
    vec![format!("applied is {actual:?}, expected {expected:?}")]
}

fn not_applied(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.not_applied else { return untold("not_applied") };
    let applied = reading.applied();
    let wrong = told.iter().filter(|id| applied.contains(&id.as_str()));
    wrong.map(|id| format!("{id} applied, expected that it does not")).collect()
}

fn rejections(case: &Case, expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.rejections else { return untold("rejections") };
    let mut wrong = Vec::new();
    for (id, expected) in told {
        let actual = reading.reasons(id);
        let promotion = case.promotions.iter().find(|promotion| promotion.id == *id);
        let wanted = [reasons(expected), used_up(expected, promotion)].concat();
        if !actual.iter().any(|reason| wanted.contains(&reason.as_str())) {
            wrong.push(format!("{id} is rejected with {actual:?}, expected `{expected}`"));
        }
    }
    wrong
}

/// Free units by product, in the cart or proposed: exactly these.
fn free_items(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.free_items else { return untold("free_items") };
    let actual = reading.gifts();
    let mut expected = told.clone();
    expected.retain(|_, units| *units != 0);
    if expected == actual {
        return Vec::new();
    }
    vec![format!("free_items is {actual:?}, expected {expected:?}")]
}

fn tier(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    match (&expect.tier, reading.level()) {
        (Some(expected), Some(actual)) if expected == actual => Vec::new(),
        (Some(expected), actual) => vec![format!("tier is {actual:?}, expected `{expected}`")],
        (None, _) => untold("tier"),
    }
}

/// The engine's reasons for a budget that is not of money: it is a limit of uses here.
fn used_up(name: &str, promotion: Option<&Promotion>) -> &'static [&'static str] {
    let kind = promotion.and_then(|promotion| promotion.budget.as_ref()?.kind.as_deref());
    match (name, kind) {
        ("budget_exhausted" | "budget_exceeded", Some("usage" | "usage_count")) => &["redemption_limit_reached"],
        ("budget_exhausted" | "budget_exceeded", Some("use_by_attribute" | "usage_by_attribute")) => {
            &["customer_limit_reached"]
        }
        _ => &[],
    }
}

/// The engine's reasons for one of the form's.
fn reasons(name: &str) -> &'static [&'static str] {
    match name {
        "min_subtotal" => &["min_subtotal_not_reached"],
        "min_quantity" => &["min_quantity_not_reached"],
        "unknown_code" => &["code_unknown"],
        "not_started" => &["campaign_not_started"],
        "expired" => &["campaign_ended"],
        "customer_group" => &["segment_required"],
        "nth_order" => &["too_few_orders", "too_many_orders", "order_history_unknown"],
        "no_matching_lines" => &["no_matching_lines", "no_effect"],
        "excluded" | "not_combinable" => &["excluded_by_stacking", "others_save_more", "campaign_limit_reached"],
        "usage_limit_reached" | "limit_reached" => &["redemption_limit_reached", "customer_limit_reached"],
        "customer_limit_reached" | "per_customer_limit_reached" => &["customer_limit_reached"],
        "budget_exhausted" | "budget_exceeded" => &["budget_exhausted", "budget_exceeded"],
        _ => &[],
    }
}

fn near_miss(expect: &Expect, reading: &Reading<'_>) -> Vec<String> {
    let Some(told) = &expect.near_miss else { return untold("near_miss") };
    let mut wrong = Vec::new();
    for (id, missing) in told {
        for (what, expected) in missing.iter().filter_map(|(what, told)| Some((what, told.as_i64()?))) {
            let actual = match what.as_str() {
                "amount_missing" => reading.missing(id, "amount"),
                "units_missing" => reading.missing(id, "quantity"),
                _ => None,
            };
            match actual {
                Some(actual) => wrong.extend(number(&format!("near_miss.{id}.{what}"), Some(expected), actual)),
                None => wrong.push(format!("near_miss.{id} has no `{what}`, expected {expected}")),
            }
        }
    }
    wrong
}
