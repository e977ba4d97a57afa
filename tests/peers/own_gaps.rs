//! What a case tells and the runner cannot say is named, never passed over.

use serde_json::{json, Value};

use crate::{judge, Verdict};

/// A case of these promotions, with these members besides.
fn case(promotions: &Value, more: &Value) -> Value {
    let mut promotions = promotions.clone();
    for (index, promotion) in (0..).zip(promotions.as_array_mut().unwrap()) {
        let index: usize = index;
        promotion["id"] = json!(format!("P{index}"));
        promotion["trigger"] = json!("automatic");
    }
    let mut case = json!({
        "id": "own", "promotions": promotions, "codes": [], "expect": {}, "strict": [],
        "cart": {
            "currency": "EUR", "minor_exponent": 2, "shipping": [ { "id": "s", "price": 500 } ],
            "lines": [ { "id": "a", "unit_price": 1000, "quantity": 2 }, { "id": "b", "unit_price": 400, "quantity": 1 } ]
        }
    });
    for (name, value) in more.as_object().unwrap() {
        case[name] = value.clone();
    }
    case
}

fn lacks(promotions: &Value, more: &Value, missing: &str) {
    assert_eq!(judge(case(promotions, more)), Verdict::Inexpressible(vec![missing.to_owned()]));
}

#[test]
fn facts_of_the_situation_that_a_condition_may_ask_for() {
    let ten = json!({ "type": "percent", "percent": "10" });
    let to_vips = json!([ { "scope": "order", "effect": ten, "when": [ { "customer_group_in": ["VIP"] } ] } ]);
    let tell = |context: Value| json!({ "context": context });
    lacks(&to_vips, &tell(json!({ "customer_group": "VIP" })), "the member `customer_group` of the context");
    lacks(&to_vips, &tell(json!({ "customer": { "tier": "VIP" } })), "the member `tier` of a customer");
    // nobody asks
    let to_all = json!([ { "scope": "order", "effect": ten } ]);
    assert_eq!(judge(case(&to_all, &tell(json!({ "customer_group": "VIP" })))), Verdict::Passed);
}

#[test]
fn refinements_without_a_place() {
    let half = json!({ "type": "percent", "percent": "50" });
    let two = json!({ "take": 1, "of": 2 });
    let shipping = json!({ "scope": "shipping", "effect": half });
    let again = json!({ "scope": "shipping", "effect": half, "exclude_already_discounted": true });
    lacks(&json!([shipping, again]), &json!({}), "shipping without a discount");
    assert_eq!(judge(case(&json!([again]), &json!({}))), Verdict::Passed);
    let capped = json!({ "type": "percent", "percent": "50", "max_amount": 700 });
    let of_several = json!([ { "scope": "units", "effect": capped, "every_nth": two } ]);
    lacks(&of_several, &json!({}), "one term for every nth unit of several prices");
    let nth = json!([ { "nth_order": 1, "where": { "product_in": ["a"] } } ]);
    let first = json!([ { "scope": "order", "effect": half, "when": nth } ]);
    lacks(&first, &json!({}), "a filter beside a condition on the whole cart");
    let few = json!([ { "scope": "units", "effect": { "type": "fixed_set_price", "set_size": 3, "amount": 900 }, "max_units": 2 } ]);
    lacks(&few, &json!({}), "sets of more units than it may have");
}
