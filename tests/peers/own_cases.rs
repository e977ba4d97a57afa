//! The runner on cases of its own: what passes, what fails and is named, what equals an alternative, and what the
//! engine cannot say yet.

use std::fs;
use std::path::Path;

use serde_json::{json, Value};

/// Ten percent off two lines, after one unit of the dearer one is free, for members who enter the code.
fn passing() -> Value {
    json!({
        "id": "own/passes",
        "promotions": [
            {
                "id": "FREE", "trigger": "code", "code": "free", "scope": "units",
                "when": [ { "customer_group_in": ["members"] }, { "cart_subtotal_at_least": 3500 } ],
                "effect": { "type": "percent", "percent": "100" }, "max_units": 1, "pick": "most_expensive_first"
            },
            { "id": "TEN", "trigger": "automatic", "scope": "order", "effect": { "type": "percent", "percent": "10" } }
        ],
        "stacking": { "mode": "sequential", "base": "remaining_amount" },
        "cart": {
            "currency": "KWD", "minor_exponent": 3,
            "lines": [ { "id": "a", "unit_price": 500, "quantity": 3 }, { "id": "b", "unit_price": 1000, "quantity": 2 } ]
        },
        "codes": ["free"],
        "context": { "customer": { "group": "members" } },
        "expect": {
            "subtotal": 3500, "discount_total": 1250, "total": 2250,
            "line_discounts": { "a": 150, "b": 1100 },
            "by_promotion": { "FREE": { "a": 0, "b": 1000 }, "TEN": { "a": 150, "b": 100 } },
            "unit_discounts": { "b": [1000, 100] },
            "applied": ["FREE", "TEN"]
        },
        "strict": ["discount_total", "total", "line_discounts", "by_promotion", "unit_discounts", "applied"]
    })
}

/// The same with an expectation that is one off.
fn failing() -> Value {
    let mut case = passing();
    case["id"] = json!("own/fails");
    case["expect"]["line_discounts"]["b"] = json!(1099);
    case
}

/// The discount is rounded half up; the case expects the price to be, and allows the discount.
fn alternative() -> Value {
    json!({
        "id": "own/equals_an_alternative",
        "promotions": [
            { "id": "HALF", "trigger": "automatic", "scope": "lines", "effect": { "type": "percent", "percent": "50" } }
        ],
        "cart": { "currency": "EUR", "minor_exponent": 2, "lines": [ { "id": "a", "unit_price": 333, "quantity": 1 } ] },
        "codes": [],
        "expect": { "subtotal": 333, "discount_total": 166, "total": 167, "line_discounts": { "a": 166 } },
        "strict": ["discount_total", "total", "line_discounts"],
        "alternatives": [
            { "when": "it is dropped", "discount_total": 165 },
            { "when": "the discount is rounded", "discount_total": 167, "line_discounts": { "a": 167 } }
        ]
    })
}

/// A way of combining that campaigns cannot say yet.
fn inexpressible() -> Value {
    let mut case = passing();
    case["id"] = json!("own/waits");
    case["stacking"]["mode"] = json!("by_moonlight");
    case
}

struct Told {
    succeeded: bool,
    lines: Vec<String>,
}

impl Told {
    fn closing(&self) -> &str {
        self.lines.last().map_or("", String::as_str)
    }
}

/// What becomes of cases that cannot be said yet.
const FAIL: bool = true;
const SKIP: bool = false;

/// Writes the cases into a folder of this test and runs it.
fn run(test: &str, cases: &[Value], gaps: bool) -> Told {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(test);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("own.json"), json!(cases).to_string()).unwrap();
    fs::write(folder.join("README.md"), "not a case").unwrap();
    let report = crate::run(&folder, gaps).unwrap();
    Told { succeeded: report.is_good(), lines: report.text().lines().map(str::to_owned).collect() }
}

#[test]
fn a_case_passes_and_so_does_one_that_equals_an_alternative() {
    let told = run("passes", &[passing(), alternative()], FAIL);
    assert_eq!(told.closing(), "2 passed, 0 failed", "{:?}", told.lines);
    assert!(told.succeeded);
}

#[test]
fn an_alternative_counts_whole() {
    let mut case = alternative();
    // 167 off in all is one alternative, 166 off the line another; the answer is neither
    case["alternatives"] =
        json!([ { "discount_total": 167, "line_discounts": { "a": 166 } }, { "discount_total": 165 } ]);
    let told = run("alternative", &[case], FAIL);
    assert_eq!(told.closing(), "0 passed, 1 failed", "{:?}", told.lines);
}

#[test]
fn what_fails_is_named_with_what_is_wrong_and_stops_nothing() {
    let told = run("fails", &[failing(), passing()], FAIL);
    assert_eq!(told.lines.first().unwrap(), "FAILED   own/fails: line_discounts.b is 1100, expected 1099");
    assert_eq!(told.closing(), "1 passed, 1 failed");
    assert!(!told.succeeded);
}

#[test]
fn what_cannot_be_said_fails_unless_it_is_skipped() {
    let told = run("waits", &[inexpressible(), passing()], FAIL);
    assert_eq!(told.lines.first().unwrap(), "FAILED   own/waits: not yet expressible: by_moonlight stacking");
    assert_eq!(told.closing(), "1 passed, 1 failed");
    assert!(!told.succeeded);

    let told = run("waits", &[inexpressible(), passing()], SKIP);
    assert_eq!(told.lines.first().unwrap(), "skipped  own/waits: not yet expressible: by_moonlight stacking");
    assert_eq!(told.closing(), "1 passed, 0 failed, 1 skipped");
    assert!(told.succeeded);
}

#[test]
fn a_member_that_the_runner_does_not_know_is_not_passed_over() {
    let mut case = passing();
    case["promotions"][1]["effect"]["of_the_moon"] = json!("full");
    let told = run("unknown", &[case], SKIP);
    assert_eq!(told.closing(), "0 passed, 0 failed, 1 skipped", "{:?}", told.lines);
    assert!(
        told.lines.iter().any(|line| line.ends_with("1  the member `of_the_moon` of an effect")),
        "{:?}",
        told.lines
    );
}

/// Two pens for every three pencils, in part in the cart already, and 1.00 off each pair of pencils.
fn of_gifts_and_sets() -> Value {
    json!({
        "id": "own/gifts_and_sets",
        "promotions": [
            {
                "id": "PENS", "trigger": "automatic", "scope": "lines", "where": { "product_in": ["pencil"] },
                "effect": { "type": "add_free_item", "product": "pen", "quantity": 2, "per_bought": 3 }
            },
            {
                "id": "PAIRS", "trigger": "automatic", "scope": "set", "where": { "product_in": ["pencil"] },
                "effect": { "type": "amount", "amount": 100, "per": "set" }, "set": { "size": 2 }, "max_sets": 2
            }
        ],
        "cart": {
            "currency": "EUR", "minor_exponent": 2,
            "lines": [
                { "id": "a", "unit_price": 200, "quantity": 7, "product": "pencil" },
                { "id": "b", "unit_price": 500, "quantity": 2, "product": "pen", "gift_units": 1 },
                { "id": "c", "unit_price": 500, "quantity": 1, "product": "pen", "gift_of": "PENS" }
            ]
        },
        "codes": [],
        "expect": {
            "subtotal": 2900, "discount_total": 1200, "total": 1700,
            "line_discounts": { "a": 200, "b": 500, "c": 500 },
            "by_promotion": { "PENS": { "b": 500, "c": 500 } },
            "unit_discounts": { "b": [0, 500], "c": [500] },
            "free_items": { "pen": 4 }
        },
        "strict": ["discount_total", "total", "line_discounts", "by_promotion", "unit_discounts", "free_items"]
    })
}

#[test]
fn a_line_may_be_a_gift_in_part() {
    let told = run("gifts", &[of_gifts_and_sets()], FAIL);
    assert_eq!(told.closing(), "1 passed, 0 failed", "{:?}", told.lines);
    let mut fewer = of_gifts_and_sets();
    fewer["expect"]["free_items"]["pen"] = json!(3);
    let told = run("gifts", &[fewer], FAIL);
    assert_eq!(told.closing(), "0 passed, 1 failed", "{:?}", told.lines);
}

/// Twenty percent off shirts and ten percent off everything, on shirts of 30.00 and trousers of 40.00.
fn rivals(stacking: Value, discount_total: i64, applied: Value) -> Value {
    let percent = |id: &str, percent: &str, filter: Value| {
        json!({ "id": id, "trigger": "automatic", "scope": "lines", "where": filter, "lane": "one", "group": "one",
            "effect": { "type": "percent", "percent": percent } })
    };
    json!({
        "id": format!("own/{stacking}"),
        "promotions": [
            percent("TEN", "10", json!({})),
            percent("SHIRTS", "20", json!({ "category_in": ["shirts"] })),
        ],
        "stacking": stacking,
        "cart": { "currency": "USD", "minor_exponent": 2, "lines": [
            { "id": "shirt", "unit_price": 3000, "quantity": 1, "categories": ["shirts"] },
            { "id": "trousers", "unit_price": 4000, "quantity": 1 }
        ] },
        "expect": { "discount_total": discount_total, "applied": applied },
        "strict": ["discount_total", "applied"]
    })
}

#[test]
fn ways_of_combining_are_told_apart() {
    let lanes = |within: &str| json!({ "mode": "lanes", "lanes": ["one"], "within_lane": within });
    let both = json!(["TEN", "SHIRTS"]);
    let cases = [
        rivals(json!({ "mode": "sequential" }), 300 + 400 + 540, both.clone()),
        rivals(json!({ "mode": "parallel", "base": "original_amount" }), 300 + 400 + 600, both.clone()),
        rivals(json!({ "mode": "best_deal" }), 700, json!(["TEN"])),
        rivals(json!({ "mode": "best_per_line" }), 600 + 400, both.clone()),
        rivals(json!({ "mode": "one_per_group" }), 700, json!(["TEN"])),
        rivals(lanes("all"), 300 + 400 + 540, both.clone()),
        rivals(lanes("first"), 700, json!(["TEN"])),
        rivals(lanes("best"), 700, json!(["TEN"])),
        rivals(lanes("best_per_item"), 600 + 400, both),
    ];
    let told = run("combining", &cases, FAIL);
    assert_eq!(told.closing(), "9 passed, 0 failed", "{:?}", told.lines);
}

#[test]
fn what_is_used_up_is_rejected_for_its_reason() {
    let of = |limits: Value, used: Value, budget: Value, discount: i64, rejections: Value| {
        let is_rejected = !rejections.is_null();
        let strict = if is_rejected { json!(["discount_total", "rejections"]) } else { json!(["discount_total"]) };
        let mut promotion = json!({ "id": "P", "trigger": "automatic", "scope": "order",
            "effect": { "type": "percent", "percent": "10" }, "limits": limits, "used": used });
        if !budget.is_null() {
            promotion["budget"] = budget;
        }
        json!({
            "id": format!("own/{promotion}"),
            "promotions": [promotion],
            "cart": { "currency": "USD", "minor_exponent": 2,
                "lines": [{ "id": "a", "unit_price": 10000, "quantity": 1 }] },
            "expect": { "discount_total": discount, "rejections": rejections },
            "strict": strict
        })
    };
    let (none, total) = (json!({}), json!({ "P": "usage_limit_reached" }));
    let spent = json!({ "P": "budget_exhausted" });
    let spend = |used: i64| json!({ "kind": "spend", "limit": 50000, "used": used });
    let cases = [
        of(json!({ "total": 10 }), json!({ "total": 10 }), Value::Null, 0, total.clone()),
        of(json!({ "total": 10 }), json!({ "total": 9 }), Value::Null, 1000, Value::Null),
        of(json!({ "per_customer": 1 }), json!({ "customer": 1 }), Value::Null, 0, total.clone()),
        of(none.clone(), none.clone(), json!({ "kind": "usage", "limit": 3, "used": 3 }), 0, total),
        of(none.clone(), none.clone(), spend(49000), 1000, Value::Null),
        of(none.clone(), none.clone(), spend(49001), 0, spent.clone()),
        of(none.clone(), none, spend(50000), 0, spent),
    ];
    let told = run("used-up", &cases, FAIL);
    assert_eq!(told.closing(), "7 passed, 0 failed", "{:?}", told.lines);
}
