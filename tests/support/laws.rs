//! The laws that every quote obeys, whatever the campaigns: checked on every case of the corpus and on every
//! generated one.

use std::collections::BTreeMap;

use serde_json::{json, Value};

/// A broken law, in words.
pub type Broken = Vec<String>;

/// Laws of one answer: parts sum to the whole, nothing is negative, every code has one outcome.
pub fn of_one_answer(request: &Value, quote: &Value) -> Broken {
    let mut broken = Vec::new();
    let mut law = |name: &str, holds: bool, numbers: String| {
        if !holds {
            broken.push(format!("{name}: {numbers}"));
        }
    };
    let (subtotal, shipping) = (number(quote, "subtotal"), number(quote, "shippingTotal"));
    let (discount, total) = (number(quote, "discountTotal"), number(quote, "total"));
    law(
        "total is subtotal and shipping less discounts",
        total == subtotal + shipping - discount,
        format!("{total} is not {subtotal} + {shipping} - {discount}"),
    );
    let paid: i64 = list(quote, "payments").iter().map(|payment| number(payment, "amount")).sum();
    let (due, coins) = (number(quote, "due"), number(&quote["cashRounding"], "amount"));
    // tax that comes on top is told only when it is asked for
    let payable = if quote["taxes"].is_null() { total } else { total.max(number(&quote["taxes"], "gross")) };
    let is_untold = request["prices"] == "net" && quote["taxes"].is_null();
    law(
        "due is what is to be paid less payments, in coins",
        is_untold || due == payable - paid + coins,
        format!("{due} of {payable} less {paid} and {coins}"),
    );
    of_payments(request, quote, &mut law);
    of_taxes(request, quote, &mut law);

    let of_lines = sum(quote, "lines", "discount");
    let of_shipping = sum(quote, "shipping", "discount");
    law("lines sum to the subtotal", sum(quote, "lines", "subtotal") == subtotal, format!("{subtotal}"));
    law("charges sum to the shipping", sum(quote, "shipping", "price") == shipping, format!("{shipping}"));
    law(
        "discounts of lines and shipping sum to the discount",
        of_lines + of_shipping == discount,
        format!("{of_lines} + {of_shipping} is not {discount}"),
    );
    let of_outcomes = sum(quote, "outcomes", "discount");
    law("outcomes sum to the discount", of_outcomes == discount, format!("{of_outcomes} is not {discount}"));
    for outcome in list(quote, "outcomes") {
        let shares = sum(outcome, "allocations", "amount") + sum(outcome, "shippingAllocations", "amount");
        law("shares sum to their outcome", shares == number(outcome, "discount"), format!("{shares} in {outcome}"));
        let is_refused = outcome["status"] != "applied";
        law(
            "what did not apply gives its reason",
            is_refused != list(outcome, "reasons").is_empty(),
            outcome.to_string(),
        );
    }
    for (places, allocations, place) in
        [("lines", "allocations", "line"), ("shipping", "shippingAllocations", "shipping")]
    {
        let mut taken: BTreeMap<&str, i64> = BTreeMap::new();
        for share in list(quote, "outcomes").iter().flat_map(|outcome| list(outcome, allocations)) {
            *taken.entry(share[place].as_str().unwrap_or("")).or_default() += number(share, "amount");
        }
        let mut given: BTreeMap<&str, i64> = BTreeMap::new();
        for one in list(quote, places) {
            *given.entry(one["id"].as_str().unwrap_or("")).or_default() += number(one, "discount");
        }
        given.retain(|_, discount| *discount != 0);
        law("shares sum to the discount of each line", taken == given, format!("{taken:?} is not {given:?}"));
    }
    for (places, price) in [("lines", "subtotal"), ("shipping", "price")] {
        for one in list(quote, places) {
            let (price, discount, total) = (number(one, price), number(one, "discount"), number(one, "total"));
            law("no discount above its price", (0..=price).contains(&discount), one.to_string());
            law("what is left is price less discount", total == price - discount, one.to_string());
        }
    }
    let earned = sum(quote, "earned", "points");
    law("earned points sum to the points", earned == number(quote, "points"), format!("{earned}"));
    let least = [subtotal, shipping, discount, total, due, number(quote, "points")].into_iter().min();
    law("nothing is negative", least >= Some(0), quote.to_string());

    let mut entered: Vec<&str> = list(request, "codes").iter().filter_map(Value::as_str).collect();
    let mut answered: Vec<&str> = list(quote, "outcomes").iter().filter_map(|o| o["code"].as_str()).collect();
    entered.sort_unstable();
    answered.sort_unstable();
    law("every entered code has one outcome", entered == answered, format!("{entered:?}, answered {answered:?}"));
    broken
}

/// Every payment has one answer, pays no more than it has or was asked to, and its shares sum up to it.
fn of_payments(request: &Value, quote: &Value, law: &mut impl FnMut(&str, bool, String)) {
    let (asked, answered) = (list(request, "payments"), list(quote, "payments"));
    law("every payment is answered once", asked.len() == answered.len(), format!("{answered:?}"));
    let mut paid: BTreeMap<String, i64> = BTreeMap::new();
    for one in answered {
        let of = usize::try_from(number(one, "index")).ok().and_then(|index| asked.get(index)).unwrap_or(&Value::Null);
        let (amount, spent) =
            (number(one, "amount"), number(one, if one["points"].is_null() { "amount" } else { "points" }));
        let least = if of["balance"].is_null() { 0 } else { number(of, "balance") - spent - number(one, "left") };
        law("what is left is the balance less what is spent", least == 0, one.to_string());
        let most = if of["amount"].is_null() { amount } else { number(of, "amount") };
        law(
            "no payment pays more than was asked",
            amount <= most && amount >= 0 && number(one, "left") >= 0,
            one.to_string(),
        );
        let shares = sum(one, "allocations", "amount") + sum(one, "shippingAllocations", "amount");
        law("shares sum to their payment", shares == amount, one.to_string());
        law(
            "only what is used fully has no reason",
            (one["status"] == "used") == list(one, "reasons").is_empty(),
            one.to_string(),
        );
        for share in list(one, "allocations").iter().chain(list(one, "shippingAllocations")) {
            let place = ["line", "shipping"].map(|name| share[name].as_str().unwrap_or(""));
            *paid.entry(place.join(" ")).or_default() += number(share, "amount");
        }
    }
    if request["prices"] != "net" || !quote["taxes"].is_null() {
        for (places, of) in [("lines", ["id", ""]), ("shipping", ["", "id"])] {
            for one in list(quote, places) {
                let key = of.map(|name| one[name].as_str().unwrap_or("")).join(" ");
                let worth = number(one, "total").max(number(&one["tax"], "gross"));
                let share = paid.get(&key).copied().unwrap_or(0);
                law("no line is paid twice", share <= worth, format!("{share} of {one}"));
            }
        }
    }
}

/// Net and tax make gross, and lines, charges and rates sum up to the whole.
fn of_taxes(request: &Value, quote: &Value, law: &mut impl FnMut(&str, bool, String)) {
    let taxes = &quote["taxes"];
    if taxes.is_null() {
        return;
    }
    let whole = if request["prices"] == "net" { "net" } else { "gross" };
    law("the taxes are of the total", number(taxes, whole) == number(quote, "total"), taxes.to_string());
    let parts = || list(quote, "lines").iter().chain(list(quote, "shipping"));
    for one in parts() {
        law("a tax is of what is left", number(&one["tax"], whole) == number(one, "total"), one.to_string());
    }
    for part in parts().map(|one| &one["tax"]).chain([taxes]) {
        let adds_up = number(part, "net") + number(part, "tax") == number(part, "gross");
        law("net and tax make gross", adds_up && number(part, "tax") >= 0, part.to_string());
    }
    for name in ["net", "tax"] {
        let of_parts: i64 = parts().map(|one| number(&one["tax"], name)).sum();
        let of_rates = sum(taxes, "rates", name);
        law("taxes sum up", of_parts == number(taxes, name) && of_rates == of_parts, taxes.to_string());
    }
}

/// Laws of units: runs of units have the line's quantity and sum to what is left of it.
pub fn of_units(request: &Value, quote: &Value) -> Broken {
    let mut broken = Vec::new();
    for (asked, line) in list(request, "lines").iter().zip(list(quote, "lines")) {
        let runs = list(line, "units");
        let count: i64 = runs.iter().map(|run| number(run, "count")).sum();
        let left: i64 = runs.iter().map(|run| number(run, "count") * number(run, "total")).sum();
        let (quantity, piece) = (units_of(asked), is_piece(asked));
        if count != quantity || left != number(line, "total") {
            broken.push(format!("units sum to their line: {line}"));
        }
        for run in runs {
            let shares = sum(run, "allocations", "amount");
            let price = if piece { number(line, "subtotal") } else { number(asked, "unitPrice") };
            if shares + number(run, "total") != price || number(run, "total") < 0 {
                broken.push(format!("a unit's shares and what is left of it sum to its price: {line}"));
            }
        }
    }
    broken
}

/// How many units a line has; one whose quantity is no whole number is one piece.
pub fn units_of(line: &Value) -> i64 {
    match line["quantity"].as_str().map(|text| text.split_once('.').map_or(text, |(whole, _)| whole)) {
        _ if is_piece(line) => 1,
        Some(whole) => whole.parse().unwrap_or(0),
        None => number(line, "quantity"),
    }
}

fn is_piece(line: &Value) -> bool {
    let part = line["quantity"].as_str().and_then(|text| text.split_once('.'));
    part.is_some_and(|(_, part)| part.bytes().any(|digit| digit != b'0'))
}

/// What must not change when the codes are typed in another order or a quantity is split: totals, points, and
/// what each campaign gives.
pub fn essence(quote: &Value) -> Value {
    let mut outcomes: Vec<Value> = list(quote, "outcomes")
        .iter()
        .map(|outcome| {
            let reasons: Vec<&Value> = list(outcome, "reasons").iter().map(|reason| &reason["code"]).collect();
            json!([outcome["redeemable"], outcome["status"], outcome["discount"], outcome["openChecks"], reasons])
        })
        .collect();
    outcomes.sort_by_key(Value::to_string);
    json!({
        "totals": [quote["subtotal"], quote["discountTotal"], quote["shippingTotal"], quote["total"], quote["due"]],
        "taxes": quote["taxes"],
        "cashRounding": quote["cashRounding"],
        "payments": list(quote, "payments").iter().map(|one| json!([one["index"], one["status"], one["amount"], one["points"]])).collect::<Vec<_>>(),
        "points": quote["points"],
        "earned": quote["earned"],
        "shipping": quote["shipping"],
        "outcomes": outcomes,
        "hints": list(quote, "hints").iter().map(hint).collect::<Vec<_>>(),
    })
}

/// A hint without the name of the line, which may be any of those that a line was split into.
fn hint(hint: &Value) -> Value {
    let codes: Vec<&Value> = list(hint, "steps").iter().map(|step| &step["code"]).collect();
    json!([
        hint["redeemable"],
        codes,
        hint["worth"],
        hint["saves"],
        hint["points"],
        hint["effort"],
        hint["required"],
        hint["actual"]
    ])
}

/// The campaigns the other way round.
pub fn with_campaigns_reversed(campaigns: &Value) -> Value {
    let mut reversed = campaigns.clone();
    let list = if reversed.is_array() { Some(&mut reversed) } else { reversed.get_mut("campaigns") };
    if let Some(Value::Array(list)) = list {
        list.reverse();
    }
    reversed
}

/// The campaigns, of which one does not run: what is there because of it, such as the place of those that compete with it,
/// stays as it is.
pub fn with_campaign_paused(campaigns: &Value, id: &Value) -> Value {
    let mut others = campaigns.clone();
    let list = if others.is_array() { Some(&mut others) } else { others.get_mut("campaigns") };
    let list = list.and_then(Value::as_array_mut).into_iter().flatten();
    list.filter(|campaign| campaign["id"] == *id).for_each(|campaign| campaign["status"] = json!("paused"));
    others
}

/// The codes typed the other way round.
pub fn with_codes_reversed(request: &Value) -> Value {
    let mut reversed = request.clone();
    if let Some(Value::Array(codes)) = reversed.get_mut("codes") {
        codes.reverse();
    }
    reversed
}

/// Every line of two or more units as two lines of the same product. A line that names no product gets a name
/// that no campaign knows.
pub fn with_lines_split(request: &Value) -> Value {
    let mut split = request.clone();
    let mut lines = Vec::new();
    for line in list(request, "lines") {
        let quantity = units_of(line);
        let mut first = line.clone();
        if first["sku"].is_null() && first["product"].is_null() {
            first["sku"] = json!(format!("only-{}", line["id"].as_str().unwrap_or("")));
        }
        if quantity > 1 {
            let mut second = first.clone();
            first["quantity"] = json!(1);
            second["quantity"] = json!(quantity - 1);
            second["id"] = json!(format!("{} again", line["id"].as_str().unwrap_or("")));
            lines.extend([first, second]);
        } else {
            lines.push(first);
        }
    }
    split["lines"] = Value::Array(lines);
    split
}

/// A whole number of an object, however it is spelled; zero when there is none.
pub fn number(object: &Value, name: &str) -> i64 {
    let spelled = |value: f64| format!("{value:.0}").parse().unwrap_or(0);
    object[name].as_i64().or_else(|| object[name].as_f64().map(spelled)).unwrap_or(0)
}

/// A list of an object; empty when there is none.
pub fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

fn sum(object: &Value, name: &str, of: &str) -> i64 {
    list(object, name).iter().map(|one| number(one, of)).sum()
}
