//! The laws, each as it is tried on a shop and its carts.

use std::collections::BTreeMap;

use counterfoil::Engine;
use serde_json::{json, Value};

use crate::generate::document_with;
use crate::ground::{ask, including, open_shop, Ground};
use crate::laws::{self, list, number};
use crate::{oracle, refund_oracle, refunds, shop, steps, traces};

/// Ok, or what is broken.
pub type Held = Result<(), String>;

/// A law.
pub type Law = fn(&mut Ground) -> Held;

/// All laws with their names.
pub const LAWS: [(&str, Law); 21] = [
    ("a_refund_is_the_most_that_a_part_of_the_units_is_due", a_refund_is_the_most_that_a_part_of_the_units_is_due),
    ("a_trace_tells_the_story_of_its_quote", a_trace_tells_the_story_of_its_quote),
    ("refunds_keep_their_laws", refunds_keep_their_laws),
    ("the_oracle_agrees", the_oracle_agrees),
    ("the_best_deal_is_that_of_trying_all", the_best_deal_is_that_of_trying_all),
    ("the_best_of_twelve_is_that_of_trying_all", the_best_of_twelve_is_that_of_trying_all),
    ("allocation_sums_to_the_discount", allocation_sums_to_the_discount),
    ("units_sum_to_their_line", units_sum_to_their_line),
    ("upgrades_obey_the_laws", upgrades_obey_the_laws),
    ("gift_lines_are_told_unit_by_unit", gift_lines_are_told_unit_by_unit),
    ("never_negative", never_negative),
    ("order_of_campaigns_is_irrelevant", order_of_campaigns_is_irrelevant),
    ("order_of_codes_is_irrelevant", order_of_codes_is_irrelevant),
    ("splitting_a_line_changes_nothing", splitting_a_line_changes_nothing),
    ("asking_twice_changes_nothing", asking_twice_changes_nothing),
    ("a_discount_never_disqualifies_itself", a_discount_never_disqualifies_itself),
    ("hints_are_proven", hints_are_proven),
    ("wide_shops_answer_in_whole", wide_shops_answer_in_whole),
    ("wide_shops_know_no_order", wide_shops_know_no_order),
    ("wide_shops_refund_by_the_laws", wide_shops_refund_by_the_laws),
    ("wide_shops_prove_their_hints", wide_shops_prove_their_hints),
];

fn none_broken(broken: &[String]) -> Held {
    if broken.is_empty() {
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

fn holds(is_so: bool, why: impl FnOnce() -> String) -> Held {
    is_so.then_some(()).ok_or_else(why)
}

fn same(one: &Value, other: &Value, request: &Value) -> Held {
    holds(one == other, || format!("{one}\nis not\n{other}\nfor {request}"))
}

/// What a campaign gave and to whom, as far as the oracle tells it.
pub fn told(quote: &Value) -> Value {
    let discounts = |name: &str| list(quote, name).iter().map(|one| one["discount"].clone()).collect::<Vec<_>>();
    let applied = list(quote, "outcomes").iter().filter(|outcome| outcome["discount"] != 0);
    json!({
        "subtotal": quote["subtotal"],
        "shippingTotal": quote["shippingTotal"],
        "discountTotal": quote["discountTotal"],
        "total": quote["total"],
        "due": quote["due"],
        "points": quote["points"],
        "level": quote["level"],
        "lines": discounts("lines"),
        "shipping": discounts("shipping"),
        "applied": applied.map(|outcome| json!([outcome["redeemable"], outcome["discount"]])).collect::<Vec<_>>(),
    })
}

/// Units of each line that come back, first some and then more, of some so few that all parts of them can be tried.
fn returned(ground: &Ground, request: &Value, most: i64) -> [Vec<i64>; 2] {
    let some = |at: usize, part: usize| ground.part("returned")[at][part].as_i64().unwrap_or(0) % (most + 1);
    let bought = list(request, "lines").iter().map(laws::units_of);
    let counts = bought.enumerate().map(|(at, bought)| {
        let first = some(at, 0).min(bought);
        [first, some(at, 1).min(bought - first)]
    });
    let counts: Vec<[i64; 2]> = counts.collect();
    [0, 1].map(|part| counts.iter().map(|count| count[part]).collect())
}

/// The counted units as a return names them.
fn units(request: &Value, counts: &[i64]) -> Vec<Value> {
    let lines = list(request, "lines").iter().zip(counts).filter(|(_, count)| **count > 0);
    lines.map(|(line, count)| json!({ "line": line["id"], "quantity": count })).collect()
}

fn a_refund_is_the_most_that_a_part_of_the_units_is_due(ground: &mut Ground) -> Held {
    let document = ground.document().clone();
    let quoted: Vec<(Value, Value)> =
        ground.quoted_by_unit().map(|(request, quote)| (request.clone(), quote.clone())).collect();
    for (request, quote) in quoted {
        let [mut first, mut then] = returned(ground, &request, 2);
        // of three lines, so that there are not too many parts
        for counts in [&mut first, &mut then] {
            counts.iter_mut().skip(3).for_each(|count| *count = 0);
        }
        let all: Vec<i64> = first.iter().zip(&then).map(|(first, then)| first + then).collect();
        let asked = json!({ "order": request, "before": units(&request, &first), "now": units(&request, &then) });
        let refund = refunds::ask(ground.engine(), &asked);
        let due = |counts: &[i64]| refund_oracle::refund(&document, &request, &quote, counts);
        let (before, all) = (due(&first), due(&all));
        let paid = (number(&refund, "before"), number(&refund, "amount"));
        holds(paid == (before, all - before), || format!("{paid:?} is not {before} and {} for {asked}", all - before))?;
    }
    Ok(())
}

fn a_trace_tells_the_story_of_its_quote(ground: &mut Ground) -> Held {
    let quotes: Vec<Value> = ground.quoted().map(|(_, quote)| quote.clone()).collect();
    let (requests, engine) = ground.carts_and_engine();
    let mut each = requests.iter().zip(&quotes);
    each.try_for_each(|(request, quote)| none_broken(&traces::laws(engine, &request.to_string(), quote)))
}

fn refunds_keep_their_laws(ground: &mut Ground) -> Held {
    let requests = ground.requests().to_vec();
    for request in requests {
        let [first, then] = returned(ground, &request, 39);
        let asked = json!({ "order": request, "before": units(&request, &first), "now": units(&request, &then) });
        let engine = ground.engine();
        let refund = refunds::ask(engine, &asked);
        none_broken(&refunds::laws(engine, &asked, &refund))?;
    }
    Ok(())
}

fn the_oracle_agrees(ground: &mut Ground) -> Held {
    let document = ground.document().clone();
    ground.quoted().try_for_each(|(request, quote)| same(&told(quote), &oracle::answer(&document, request), request))
}

/// The oracle tries every combination of what may be left out.
fn best_by_trying_all(document: &Value, requests: &[Value]) -> Held {
    let mut best = document.clone();
    best["stacking"]["pick"] = json!("best");
    let mut engine = open_shop(&best);
    requests
        .iter()
        .try_for_each(|request| same(&told(&ask(&mut engine, request)), &oracle::answer(&best, request), request))
}

fn the_best_deal_is_that_of_trying_all(ground: &mut Ground) -> Held {
    best_by_trying_all(ground.document(), ground.requests())
}

fn the_best_of_twelve_is_that_of_trying_all(ground: &mut Ground) -> Held {
    best_by_trying_all(ground.part("rivals"), ground.requests())
}

fn allocation_sums_to_the_discount(ground: &mut Ground) -> Held {
    ground.quoted().try_for_each(|(request, quote)| none_broken(&laws::of_one_answer(request, quote)))
}

fn units_sum_to_their_line(ground: &mut Ground) -> Held {
    ground.quoted_by_unit().try_for_each(|(request, quote)| none_broken(&laws::of_units(request, quote)))
}

fn upgrades_obey_the_laws(ground: &mut Ground) -> Held {
    let (engine, requests, quotes) = ground.upgraded();
    requests.iter().zip(quotes).try_for_each(|(request, quote)| {
        none_broken(&laws::of_one_answer(request, quote))?;
        none_broken(&laws::of_units(request, quote))?;
        let split = laws::with_lines_split(request);
        same_in_essence(&laws::essence(quote), engine, &split)?;
        none_broken(&laws::of_units(&split, &ask(engine, &including(&split, "units"))))
    })
}

fn gift_lines_are_told_unit_by_unit(ground: &mut Ground) -> Held {
    let (_, requests, quotes) = ground.upgraded();
    requests.iter().zip(quotes).try_for_each(|(request, quote)| {
        let told = list(quote, "giftLines");
        let marked = list(request, "lines").iter().filter(|line| !line["giftOf"].is_null());
        holds(marked.clone().count() == told.len(), || format!("every gift line is told: {quote}"))?;
        for (line, told) in marked.zip(told) {
            let (given, charged) = (number(told, "given"), number(told, "charged"));
            let of_line = list(quote, "lines").iter().find(|one| one["id"] == line["id"]).unwrap();
            // what is charged is charged in full
            let most = given * number(line, "unitPrice");
            let is_so = line["id"] == told["line"]
                && given + charged == number(line, "quantity")
                && (charged > 0) != list(told, "reasons").is_empty()
                && number(of_line, "discount") <= most;
            holds(is_so, || format!("a gift line is told unit by unit: {told} {of_line}"))?;
        }
        Ok(())
    })
}

fn never_negative(ground: &mut Ground) -> Held {
    ground.quoted().try_for_each(|(_, quote)| {
        for name in ["subtotal", "discountTotal", "shippingTotal", "total", "due", "points"] {
            holds(quote[name].as_i64() >= Some(0), || format!("{name} of {quote}"))?;
        }
        for line in list(quote, "lines") {
            let is_so = number(line, "discount") >= 0 && number(line, "total") >= 0;
            holds(is_so, || format!("{line}"))?;
        }
        Ok(())
    })
}

fn order_of_campaigns_is_irrelevant(ground: &mut Ground) -> Held {
    let mut reversed = open_shop(&laws::with_campaigns_reversed(ground.document()));
    ground.quoted().try_for_each(|(request, quote)| same(quote, &ask(&mut reversed, request), request))
}

/// A changed cart is answered the same in essence, and by the laws of one answer too.
fn same_in_essence(essence: &Value, engine: &mut Engine, changed: &Value) -> Held {
    let quote = ask(engine, changed);
    none_broken(&laws::of_one_answer(changed, &quote))?;
    same(essence, &laws::essence(&quote), changed)
}

/// Each cart, changed so, is answered the same in essence.
fn same_when(ground: &mut Ground, change: fn(&Value) -> Value) -> Held {
    let quotes: Vec<Value> = ground.quoted().map(|(_, quote)| laws::essence(quote)).collect();
    let (requests, engine) = ground.carts_and_engine();
    let mut each = requests.iter().zip(&quotes);
    each.try_for_each(|(request, quote)| same_in_essence(quote, engine, &change(request)))
}

fn order_of_codes_is_irrelevant(ground: &mut Ground) -> Held {
    same_when(ground, laws::with_codes_reversed)
}

fn splitting_a_line_changes_nothing(ground: &mut Ground) -> Held {
    same_when(ground, laws::with_lines_split)
}

/// Nor does an engine that answered others answer otherwise than a fresh one.
fn asking_twice_changes_nothing(ground: &mut Ground) -> Held {
    let mut fresh = ground.fresh_engine();
    let (requests, engine) = ground.carts_and_engine();
    for request in requests.iter().rev() {
        let request = request.to_string();
        let once = shop::quote(&mut fresh, &request).unwrap();
        let again = shop::quote(engine, &request).unwrap();
        let twice = shop::quote(engine, &request).unwrap();
        holds(once == again && again == twice, || format!("{once}\n{again}\n{twice}\nfor {request}"))?;
    }
    Ok(())
}

fn a_discount_never_disqualifies_itself(ground: &mut Ground) -> Held {
    let when = ground.part("rule");
    let off = json!({ "type": "amount_off", "amount": { "EUR": 1, "JPY": 1, "GBP": 1 } });
    let most = json!({ "type": "percent_off", "percent": "90" });
    let alone = document_with(json!([{ "id": "again", "when": when.clone(), "discounts": [off.clone()] }]));
    let after = document_with(json!([
        { "id": "first", "when": when.clone(), "discounts": [most], "stacking": { "priority": 1 } },
        { "id": "again", "when": when, "discounts": [off] },
    ]));
    let applies = |quote: &Value| list(quote, "outcomes").iter().any(|outcome| outcome["redeemable"] == "again");
    let (mut alone, mut after) = (open_shop(&alone), open_shop(&after));
    for request in ground.requests() {
        let mut request = request.clone();
        // something must be left to take, which a lowest price may forbid, and gifts are nobody else's
        for line in request["lines"].as_array_mut().into_iter().flatten() {
            line.as_object_mut().map(|line| (line.remove("minPrice"), line.remove("giftOf")));
        }
        let before = ask(&mut alone, &request);
        if number(&before, "subtotal") >= 100 {
            holds(applies(&before) == applies(&ask(&mut after, &request)), || request.to_string())?;
        }
    }
    Ok(())
}

fn hints_are_proven(ground: &mut Ground) -> Held {
    let document = ground.document().clone();
    let (requests, engine) = ground.carts_and_engine();
    hints_of(&document, requests, engine)
}

fn hints_of(document: &Value, requests: &[Value], engine: &mut Engine) -> Held {
    let mut shops = BTreeMap::new();
    requests.iter().try_for_each(|request| {
        let request = including(request, "hints");
        let quote = ask(engine, &request);
        none_broken(&steps::broken_hints(document, &request, &quote, &mut |cart, other| match other {
            None => ask(engine, cart),
            Some(other) => ask(shops.entry(other.to_string()).or_insert_with(|| open_shop(other)), cart),
        }))
    })
}

/// The shop with what no oracle tells, and its carts.
fn wide(ground: &mut Ground) -> (&Value, &[Value], &mut Engine) {
    let (told, engine) = ground.wide();
    (&told["document"], list(told, "requests"), engine)
}

fn wide_shops_answer_in_whole(ground: &mut Ground) -> Held {
    let (_, requests, engine) = wide(ground);
    for request in requests {
        let quote = ask(engine, request);
        none_broken(&laws::of_one_answer(request, &quote))?;
        none_broken(&traces::laws(engine, &request.to_string(), &quote))?;
        let mut in_full = request.clone();
        in_full["include"] = json!(["units", "taxes"]);
        let quote = ask(engine, &in_full);
        none_broken(&laws::of_one_answer(request, &quote))?;
        none_broken(&laws::of_units(request, &quote))?;
    }
    Ok(())
}

fn wide_shops_know_no_order(ground: &mut Ground) -> Held {
    let (document, requests, engine) = wide(ground);
    let mut reversed = open_shop(&laws::with_campaigns_reversed(document));
    for request in requests {
        let mut request = request.clone();
        request["include"] = json!(["taxes"]);
        let quote = ask(engine, &request);
        same(&quote, &ask(&mut reversed, &request), &request)?;
        same(&quote, &ask(engine, &request), &request)?;
        for change in [laws::with_codes_reversed, laws::with_lines_split] {
            same_in_essence(&laws::essence(&quote), engine, &change(&request))?;
        }
    }
    Ok(())
}

fn wide_shops_refund_by_the_laws(ground: &mut Ground) -> Held {
    let requests = wide(ground).1.to_vec();
    for request in requests {
        let [first, then] = returned(ground, &request, 39);
        let asked = json!({ "order": request, "before": units(&request, &first), "now": units(&request, &then) });
        let (_, _, engine) = wide(ground);
        let refund = refunds::ask(engine, &asked);
        none_broken(&refunds::laws(engine, &asked, &refund))?;
    }
    Ok(())
}

fn wide_shops_prove_their_hints(ground: &mut Ground) -> Held {
    let (document, requests, engine) = wide(ground);
    hints_of(document, requests, engine)
}
