//! A second way to a refund, slow and obvious: every part of what comes back is tried, and what is kept is evaluated by
//! the second engine. What single units cost is read from the quote.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{json, Value};

use crate::laws::{list, number};
use crate::oracle;

/// What is to be paid for `returned` units of each line in all.
pub fn refund(document: &Value, order: &Value, quote: &Value, returned: &[i64]) -> i64 {
    let lines: Vec<Vec<Unit>> = list(quote, "lines").iter().map(units).collect();
    if lines.iter().zip(returned).all(|(line, count)| line.len() == usize::try_from(*count).unwrap()) {
        return number(quote, "total");
    }
    let mut parts = vec![Vec::new()];
    for most in returned {
        parts = parts.iter().flat_map(|part| (0..=*most).map(|count| [part.as_slice(), &[count]].concat())).collect();
    }
    // what is paid for a part is what it cost at most, so the dear ones come first and the others need no evaluation
    let cost = |part: &[i64]| split(&lines, part).iter().flat_map(|(back, _)| back.iter()).map(|unit| unit.cost).sum();
    let mut parts: Vec<(i64, Vec<i64>)> = parts.into_iter().map(|part| (cost(&part), part)).collect();
    parts.sort_by_key(|(cost, _)| Reverse(*cost));
    let mut most = 0;
    for (cost, part) in parts {
        if cost <= most {
            break;
        }
        most = most.max(cost - withheld(document, order, quote, &lines, &part));
    }
    most
}

/// The units of each line that come back, and those that are kept.
fn split<'a>(lines: &'a [Vec<Unit>], returned: &[i64]) -> Vec<(&'a [Unit], &'a [Unit])> {
    lines.iter().zip(returned).map(|(line, count)| line.split_at(usize::try_from(*count).unwrap())).collect()
}

/// What campaigns gave for the units that are kept and would not give again.
fn withheld(document: &Value, order: &Value, quote: &Value, lines: &[Vec<Unit>], returned: &[i64]) -> i64 {
    let split = split(lines, returned);
    let again =
        |id: &str| list(document, "campaigns").iter().any(|one| one["id"] == id && one["refund"] == "reevaluate");
    let on_units = split.iter().flat_map(|(_, kept)| kept.iter()).flat_map(|unit| &unit.shares);
    let given: i64 = on_units.filter(|(id, _)| again(id)).map(|(_, amount)| amount).sum();
    let on_shipping = list(quote, "outcomes").iter().filter(|one| one["redeemable"].as_str().is_some_and(again));
    let on_shipping = on_shipping.flat_map(|one| list(one, "shippingAllocations")).map(|share| number(share, "amount"));
    let given = given + on_shipping.sum::<i64>();
    if given == 0 {
        return 0;
    }

    let mut kept = order.clone();
    let mut counts = returned.iter();
    kept["lines"].as_array_mut().unwrap().retain_mut(|line| {
        let left = number(line, "quantity") - counts.next().unwrap();
        line["quantity"] = json!(left);
        left > 0
    });
    let answer = oracle::answer(document, &kept);
    let applied = list(&answer, "applied").iter().filter(|one| again(one[0].as_str().unwrap()));
    let reevaluated: i64 = applied.map(|one| one[1].as_i64().unwrap()).sum();
    (given - reevaluated).max(0)
}

/// One unit: what it cost, and who took how much off it.
struct Unit {
    cost: i64,
    shares: BTreeMap<String, i64>,
}

/// The units of a line of a quote, those that cost least first.
fn units(line: &Value) -> Vec<Unit> {
    let mut found = Vec::new();
    for run in list(line, "units") {
        for _ in 0..number(run, "count") {
            let mut shares = BTreeMap::new();
            for share in list(run, "allocations") {
                *shares.entry(share["redeemable"].as_str().unwrap().to_owned()).or_default() += number(share, "amount");
            }
            found.push(Unit { cost: number(run, "total"), shares });
        }
    }
    assert!(found.is_sorted_by_key(|unit| unit.cost), "units that cost least come first: {line}");
    found
}
