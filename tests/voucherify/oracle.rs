//! What the reference says that discounts come to, worked out slowly and without the engine, against what is answered.

use proptest::prelude::*;
use serde_json::{json, Value};

use super::project::Project;

/// To the nearest, halves up.
fn half_up(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

const ALL: &str = "pc_a11pr0dUc75";
const NONE: i64 = i64::MAX / 4;

/// A line, and what discounts on lines took of it.
#[derive(Clone, Debug)]
pub struct Line {
    pub product: String,
    pub price: i64,
    pub quantity: i64,
    discount: i64,
}

impl Line {
    pub fn left(&self) -> i64 {
        self.price * self.quantity - self.discount
    }

    /// What is left of so many of its units.
    fn of_units(&self, units: i64) -> i64 {
        if units >= self.quantity {
            self.left()
        } else {
            self.left().min(self.price * units)
        }
    }
}

/// A coupon: its discount, and what it is for.
pub type Coupon = (Value, Value);

pub fn lines() -> impl Strategy<Value = Vec<Line>> {
    let price = prop_oneof![1..300_i64, 300..9_000_i64, Just(999), Just(1_000)];
    let line = (0..3_u8, price, 1..6_i64).prop_map(|(product, price, quantity)| Line {
        product: format!("prod_{product}"),
        price,
        quantity,
        discount: 0,
    });
    prop::collection::vec(line, 1..5)
}

fn of_lines(effect: &str) -> bool {
    effect != "APPLY_TO_ORDER"
}

pub fn coupon() -> impl Strategy<Value = Coupon> {
    let limit = |most: i64| prop::option::weighted(0.3, 1..most);
    let percent = (1..1_000_i64, prop::bool::ANY, limit(1_500)).prop_map(|(tenths, lines, limit)| {
        let effect = if lines { "APPLY_TO_ITEMS" } else { "APPLY_TO_ORDER" };
        let percent: Value = serde_json::from_str(&format!("{}.{}", tenths / 10, tenths % 10)).unwrap();
        let mut discount = json!({ "type": "PERCENT", "percent_off": percent, "effect": effect });
        limit.into_iter().for_each(|limit| discount["amount_limit"] = limit.into());
        discount
    });
    let effects = prop::sample::select(vec!["APPLY_TO_ORDER", "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_BY_QUANTITY"]);
    let amount = (1..4_000_i64, effects)
        .prop_map(|(off, effect)| json!({ "type": "AMOUNT", "amount_off": off, "effect": effect }));
    let effects = prop::sample::select(vec!["APPLY_TO_ORDER", "APPLY_TO_ITEMS"]);
    let fixed = (0..5_000_i64, effects)
        .prop_map(|(price, effect)| json!({ "type": "FIXED", "fixed_amount": price, "effect": effect }));
    let effects = prop::sample::select(vec![
        "APPLY_TO_EVERY",
        "APPLY_FROM_CHEAPEST",
        "APPLY_FROM_MOST_EXPENSIVE",
        "APPLY_TO_CHEAPEST",
        "APPLY_TO_MOST_EXPENSIVE",
    ]);
    let named = prop_oneof![Just(ALL.to_string()), (0..3_u8).prop_map(|number| format!("prod_{number}"))];
    let limits = (limit(4), limit(6), limit(2_000), limit(3_000));
    let entry = (effects, prop::bool::ANY, named, 0..3_i64, 1..4_i64, limits).prop_map(
        |(effect, units, id, skip, repeat, limits)| {
            let object = if id == ALL { "products_collection" } else { "product" };
            let mut entry =
                json!({ "object": object, "id": id, "effect": effect, "target": if units { "UNIT" } else { "ITEM" } });
            if effect.starts_with("APPLY_FROM") {
                entry["skip_initially"] = skip.into();
                entry["repeat"] = repeat.into();
            }
            let told = [
                ("quantity_limit", limits.0),
                ("aggregated_quantity_limit", limits.1),
                ("amount_limit", limits.2),
                ("aggregated_amount_limit", limits.3),
            ];
            for (member, limit) in told {
                limit.into_iter().for_each(|limit| entry[member] = limit.into());
            }
            entry
        },
    );
    (prop_oneof![percent, amount, fixed], prop::option::weighted(0.75, entry), limit(3_000)).prop_map(
        |(mut discount, entry, limit)| {
            let is_of_lines = of_lines(discount["effect"].as_str().unwrap());
            let may_have = is_of_lines && discount["type"] != "FIXED";
            limit.into_iter().filter(|_| may_have).for_each(|limit| discount["aggregated_amount_limit"] = limit.into());
            (discount, entry.filter(|_| is_of_lines).unwrap_or_default())
        },
    )
}

fn number(row: &Value, member: &str, otherwise: i64) -> i64 {
    row[member].as_i64().unwrap_or(otherwise)
}

/// Tenths of a percent, of which there is one digit.
fn tenths(discount: &Value) -> i64 {
    discount["percent_off"].to_string().replace('.', "").parse().unwrap()
}

/// The units of each line that an entry discounts, in the order in which it does.
fn units(entry: &Value, lines: &[Line]) -> Vec<(usize, i64)> {
    let effect = entry["effect"].as_str().unwrap_or("APPLY_TO_EVERY");
    let is_meant = |line: &Line| entry.is_null() || entry["id"] == ALL || entry["id"] == line.product.as_str();
    let mut places: Vec<usize> = (0..lines.len()).filter(|place| is_meant(&lines[*place])).collect();
    if effect.ends_with("CHEAPEST") {
        places.sort_by_key(|place| lines[*place].price);
    } else if effect.ends_with("MOST_EXPENSIVE") {
        places.sort_by_key(|place| -lines[*place].price);
    }
    let (skip, repeat) = (number(entry, "skip_initially", 0), number(entry, "repeat", 1));
    let is_one = effect.starts_with("APPLY_TO_CHEAPEST") || effect.starts_with("APPLY_TO_MOST");
    let is_chosen = |place: i64| if is_one { place == skip } else { place >= skip && (place - skip) % repeat == 0 };
    let (mut position, mut in_all, mut chosen) = (0, 0, Vec::new());
    for place in places {
        let line = &lines[place];
        let mut units = 0;
        if entry["target"] == "UNIT" {
            for _ in 0..line.quantity {
                units += i64::from(is_chosen(position));
                position += 1;
            }
        } else {
            units = if is_chosen(position) { line.quantity } else { 0 };
            position += 1;
        }
        units = units
            .min(number(entry, "quantity_limit", NONE))
            .min(number(entry, "aggregated_quantity_limit", NONE) - in_all);
        in_all += units;
        if units > 0 {
            chosen.push((place, units));
        }
    }
    chosen
}

/// What a coupon takes off the order, and off its lines, which it changes.
pub fn take((discount, entry): &Coupon, lines: &mut [Line], earlier: i64) -> i64 {
    let effect = discount["effect"].as_str().unwrap();
    if !of_lines(effect) {
        let left = lines.iter().map(Line::left).sum::<i64>() - earlier;
        let off = match discount["type"].as_str().unwrap() {
            "PERCENT" => half_up(left * tenths(discount), 1_000),
            "AMOUNT" => number(discount, "amount_off", 0),
            _ => left - number(discount, "fixed_amount", 0),
        };
        return off.min(number(discount, "amount_limit", NONE)).min(left).max(0);
    }
    let of_both = |member: &str| number(discount, member, NONE).min(number(entry, member, NONE));
    let (per_line, mut in_all) = (of_both("amount_limit"), of_both("aggregated_amount_limit"));
    for (place, units) in units(entry, lines) {
        let line = &mut lines[place];
        let base = line.of_units(units);
        let off = match discount["type"].as_str().unwrap() {
            "PERCENT" => half_up(base * tenths(discount), 1_000).min(base),
            "AMOUNT" if effect == "APPLY_TO_ITEMS" => number(discount, "amount_off", 0).min(base),
            "AMOUNT" => (number(discount, "amount_off", 0) * units).min(base),
            _ => ((line.price - number(discount, "fixed_amount", 0)) * units).max(0).min(line.left()),
        };
        let off = off.min(per_line).min(in_all);
        in_all -= off;
        line.discount += off;
    }
    0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn discounts_are_what_the_reference_says(lines in lines(), coupons in prop::collection::vec(coupon(), 1..4)) {
        let named = |number: usize| format!("CODE{number}");
        let vouchers: Vec<Value> = coupons.iter().enumerate().map(|(number, (discount, entry))| {
            let mut voucher = json!({ "code": named(number), "type": "DISCOUNT_VOUCHER", "discount": discount });
            if entry.is_object() {
                voucher["applicable_to"] = json!({ "included": [entry] });
            }
            voucher
        }).collect();
        let items: Vec<Value> = lines.iter().map(|line| json!({ "product_id": line.product, "price": line.price, "quantity": line.quantity })).collect();
        let redeemables: Vec<Value> = (0..coupons.len()).map(|number| json!({ "object": "voucher", "id": named(number) })).collect();
        let mut project = Project::of(&json!({ "vouchers": vouchers }));
        let (status, told) = project.call("validations", json!({}), json!({}), json!({ "redeemables": redeemables, "order": { "items": items } }));
        prop_assert_eq!(status, 200, "{}", told);
        let (mut lines, mut of_order) = (lines, 0);
        for (number, coupon) in coupons.iter().enumerate() {
            of_order += take(coupon, &mut lines, of_order);
            let order = &told["redeemables"][number]["order"];
            prop_assert_eq!(order["discount_amount"].as_i64().unwrap_or(0), of_order, "after {}: {}", number, order);
            for (line, item) in lines.iter().zip(order["items"].as_array().unwrap()) {
                prop_assert_eq!(item["discount_amount"].as_i64().unwrap_or(0), line.discount, "after {}: {}", number, item);
                prop_assert_eq!(item["subtotal_amount"].as_i64(), Some(line.left()));
            }
            let left = lines.iter().map(Line::left).sum::<i64>() - of_order;
            prop_assert_eq!(order["total_amount"].as_i64(), Some(left.max(0)));
        }
    }
}
