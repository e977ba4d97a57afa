//! A second engine, slow and obvious: the rules in words, applied unit by unit to the documents themselves.
//! It shares no code with the engine.
//!
//! What it leaves out: schedules, hints and the reasons of what does not apply.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::{json, Value};

/// What a cart costs and earns: totals, discounts by line and charge, campaigns in order of application. Of what may be
/// left out, the combination is found by trying all; of equal ones the first counts that leaves out the later ones.
pub fn answer(document: &Value, request: &Value) -> Value {
    let mut campaigns: Vec<&Value> = members(document, "campaigns").iter().collect();
    campaigns.sort_by_key(|campaign| rank(document, campaign));
    let choices: Vec<&Value> = campaigns.iter().copied().filter(|campaign| is_chosen(document, campaign)).collect();
    let mut best: Option<(i64, Value)> = None;
    for omitted in 0..1_u32 << choices.len() {
        let is_omitted = |campaign: &Value| {
            let place = choices.iter().position(|choice| choice["id"] == campaign["id"]);
            // the first choice is the highest bit
            place.is_some_and(|place| omitted >> (choices.len() - 1 - place) & 1 == 1)
        };
        let some: Vec<&Value> = campaigns.iter().copied().filter(|campaign| !is_omitted(campaign)).collect();
        let answer = answer_of(document, &some, request);
        // what is promised counts as what is saved, and is no part of the answer
        let (answer, promised) = answer;
        let saved = answer["discountTotal"].as_i64().unwrap() + promised;
        if best.as_ref().is_none_or(|(most, _)| saved > *most) {
            best = Some((saved, answer));
        }
    }
    best.unwrap().1
}

/// When a campaign has its turn: exclusive ones first, joint ones last; then by lane and priority. Those that compete for
/// lines come together, where the first of them has its place.
fn rank(document: &Value, campaign: &Value) -> (i64, i64, i64, String, i64, String) {
    let of = |campaign: &Value| campaign["stacking"]["priority"].as_i64().unwrap_or(100);
    let (turn, lane) = lane(document, campaign);
    let own = (of(campaign), String::new());
    let (place, contest) = match contest(document, campaign) {
        None => own,
        Some(group) => {
            let rivals = members(document, "campaigns").iter().filter(|other| {
                self::contest(document, other).as_ref() == Some(&group) && self::lane(document, other).0 == turn
            });
            (rivals.map(of).min().unwrap(), group)
        }
    };
    (turn, lane, place, contest, of(campaign), campaign["id"].as_str().unwrap().to_owned())
}

/// What is declared of a campaign's group; null for one that is not declared, or none.
fn group<'a>(document: &'a Value, campaign: &Value) -> &'a Value {
    let groups = members(&document["stacking"], "groups");
    groups.iter().find(|declared| declared["id"] == *group_id(document, campaign)).unwrap_or(&Value::Null)
}

fn group_id<'a>(document: &'a Value, campaign: &'a Value) -> &'a Value {
    match &campaign["stacking"]["group"] {
        Value::Null => &document["stacking"]["group"],
        own => own,
    }
}

fn is_also_in(campaign: &Value, group: &Value) -> bool {
    members(&campaign["stacking"], "alsoIn").contains(group)
}

/// The group whose campaigns compete for lines.
fn contest(document: &Value, campaign: &Value) -> Option<String> {
    let group = group(document, campaign);
    (group["pick"] == "best_per_line").then(|| group["id"].as_str().unwrap().to_owned())
}

/// What a campaign says itself, or its group, or the document.
fn said<'a>(document: &'a Value, campaign: &'a Value, name: &str) -> &'a Value {
    let own = &campaign["stacking"][name];
    let of_group = &group(document, campaign)[name];
    [own, of_group].into_iter().find(|value| !value.is_null()).unwrap_or(&document["stacking"][name])
}

fn is_joint(document: &Value, campaign: &Value) -> bool {
    group(document, campaign)["combines"] == "joint"
}

/// Whether a campaign is one that applies alone.
fn is_alone(document: &Value, campaign: &Value) -> bool {
    campaign["stacking"]["exclusive"] == true && !is_joint(document, campaign)
}

/// Whether it is of a group of exclusive ones, which apply with one another.
fn is_of_exclusive(document: &Value, campaign: &Value) -> bool {
    group(document, campaign)["combines"] == "exclusive" && !is_alone(document, campaign)
}

/// Whether a campaign may be left out because others save more.
fn is_chosen(document: &Value, campaign: &Value) -> bool {
    let own = group_id(document, campaign);
    let is_of = |declared: &&Value| declared["id"] == *own || is_also_in(campaign, &declared["id"]);
    let mut groups = members(&document["stacking"], "groups").iter().filter(is_of);
    let is_best = document["stacking"]["pick"] == "best" || groups.any(|group| group["pick"] == "best");
    !members(campaign, "discounts").is_empty() && contest(document, campaign).is_none() && is_best
}

fn answer_of(document: &Value, campaigns: &[&Value], request: &Value) -> (Value, i64) {
    let mut till = Till::open(request);
    till.rechecks = document["stacking"]["recheck"] == true;
    till.left_of_budgets = left_of_budgets(document, request);
    let mut applied: Vec<(&Value, i128)> = Vec::new();
    let mut earning: Vec<&Value> = Vec::new();
    let mut next = 0;
    while next < campaigns.len() {
        let campaign = campaigns[next];
        next += 1;
        till.enter(lane(document, campaign));
        if contest(document, campaign).is_some() {
            let key = |campaign: &Value| (lane(document, campaign), contest(document, campaign));
            let rivals = campaigns[next..].iter().take_while(|other| key(other) == key(campaign)).count();
            let members = &campaigns[next - 1..next + rivals];
            next += rivals;
            compete(document, members, &mut till, &mut applied, &mut earning);
            continue;
        }
        let gives_discounts = !members(campaign, "discounts").is_empty();
        if !runs(campaign, &till) || (gives_discounts && is_excluded(campaign, &applied, document)) {
            continue;
        }
        till.gives = false;
        let Some(taken) = till.take(document, campaign) else { continue };
        earning.extend(members(campaign, "earning"));
        if taken > 0 || till.gives || keeps(document, campaign, &till) {
            applied.push((campaign, taken));
        }
    }
    let points = points(&earning, &till);
    let subtotal: i128 = members(request, "lines").iter().map(price_of_line).sum();
    let shipping: i128 = members(request, "shipping").iter().map(|charge| whole(&charge["price"])).sum();
    let discount: i128 = applied.iter().map(|(_, taken)| *taken).sum();
    let total = subtotal + shipping - discount;
    let shipping_left: i128 = till.shipping.iter().map(|(_, _, left)| left).sum();
    let paid: i128 = members(request, "payments").iter().map(|payment| whole(&payment["amount"])).sum();
    let applied = applied.iter().filter(|(_, taken)| *taken > 0);
    let applied: Vec<Value> = applied.map(|(campaign, taken)| json!([campaign["id"], number(*taken)])).collect();
    let answer = json!({
        "subtotal": number(subtotal),
        "shippingTotal": number(shipping),
        "discountTotal": number(discount),
        "total": number(total),
        "due": number((total - paid).max(0)),
        "points": number(points),
        "lines": till.given.iter().map(|given| number(given.discount)).collect::<Vec<_>>(),
        "shipping": till.shipping.iter().map(|(_, price, left)| number(price - left)).collect::<Vec<_>>(),
        "applied": applied,
        "level": level(document, request, total - shipping_left),
    });
    (answer, number(till.promised))
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

// ---- who may apply ----

/// The turn, and the lane within it.
fn lane(document: &Value, campaign: &Value) -> (i64, i64) {
    let policy = &document["stacking"];
    let turn = match group(document, campaign)["combines"].as_str() {
        Some("exclusive") => 0,
        Some("joint") if policy["joint"] != "in_order" => 2,
        _ if campaign["stacking"]["exclusive"] == true && policy["exclusive"] == "first" => 0,
        _ => 1,
    };
    (turn, group(document, campaign)["lane"].as_i64().unwrap_or(0))
}

/// Whether a campaign that takes nothing applies all the same.
fn keeps(document: &Value, campaign: &Value, till: &Till<'_>) -> bool {
    let is_covered = |discount: &Value| is_covered(discount, till.request);
    said(document, campaign, "noEffect") == "keep" && members(campaign, "discounts").iter().any(is_covered)
}

/// Whether a discount has the amounts that it needs in the cart's currency.
fn is_covered(discount: &Value, request: &Value) -> bool {
    let has = |amounts: &Value| amount(amounts, request).is_some();
    let steps = members(discount, "steps");
    let step = |step: &Value| {
        (!step["from"].is_object() || has(&step["from"])) && (step["amount"].is_null() || has(&step["amount"]))
    };
    ["amount", "price", "cap", "first", "additional"]
        .iter()
        .all(|name| discount[*name].is_null() || has(&discount[*name]))
        && (discount["get"]["amount"].is_null() || has(&discount["get"]["amount"]))
        && members(discount, "products").iter().all(|product| product["value"].is_null() || has(&product["value"]))
        && (steps.is_empty() || steps.iter().any(step))
}

/// Campaigns that compete for lines: each is tried alone, and each line and charge is as the one leaves it that takes most.
fn compete<'a>(
    document: &Value,
    campaigns: &[&'a Value],
    till: &mut Till<'_>,
    applied: &mut Vec<(&'a Value, i128)>,
    earning: &mut Vec<&'a Value>,
) {
    let start = till.clone();
    let mut rivals: Vec<&Value> = campaigns
        .iter()
        .copied()
        .filter(|campaign| runs(campaign, &start))
        .filter(|campaign| {
            let gives_discounts = !members(campaign, "discounts").is_empty();
            if !gives_discounts {
                // who gives points alone takes no line from anybody
                earning.extend(members(campaign, "earning"));
            }
            gives_discounts && !is_excluded(campaign, applied, document)
        })
        .collect();
    let ids = |bids: &[(&'a Value, Till<'_>)]| bids.iter().map(|(campaign, _)| *campaign).collect::<Vec<_>>();
    loop {
        let mut bids = Vec::new();
        for campaign in &rivals {
            let mut alone = start.clone();
            alone.take(document, campaign).unwrap();
            bids.push((*campaign, alone));
        }
        let most = |of: &dyn Fn(&Till<'_>) -> i128| {
            let best = bids.iter().map(|(_, bid)| of(bid)).max().filter(|most| *most > 0);
            best.and_then(|best| bids.iter().position(|(_, bid)| of(bid) == best))
        };
        let of_line = |line: usize| most(&|bid| start.lines[line].left() - bid.lines[line].left());
        let of_charge = |charge: usize| most(&|bid| start.shipping[charge].2 - bid.shipping[charge].2);
        let line_winners: Vec<Option<usize>> = (0..start.lines.len()).map(of_line).collect();
        let charge_winners: Vec<Option<usize>> = (0..start.shipping.len()).map(of_charge).collect();
        let wins = |bid: usize| line_winners.contains(&Some(bid)) || charge_winners.contains(&Some(bid));

        let mut then = applied.clone();
        let mut refused = None;
        for (at, campaign) in ids(&bids).into_iter().enumerate().filter(|(at, _)| wins(*at)) {
            if is_excluded(campaign, &then, document) {
                refused = Some(at);
                break;
            }
            then.push((campaign, 1));
        }
        if let Some(at) = refused {
            rivals.remove(at);
            continue;
        }
        for (at, (campaign, bid)) in bids.iter().enumerate() {
            let takes_nothing = bid.left_in_all() == start.left_in_all();
            if !wins(at) && !takes_nothing {
                continue;
            }
            earning.extend(members(campaign, "earning"));
            let mut taken = 0;
            for line in (0..start.lines.len()).filter(|line| line_winners[*line] == Some(at)) {
                let share = start.lines[line].left() - bid.lines[line].left();
                till.lines[line].units.clone_from(&bid.lines[line].units);
                till.note(line, share);
                taken += share;
                if bid.claims.contains(&(campaign["id"].as_str().unwrap().to_owned(), line)) {
                    till.claims.push((campaign["id"].as_str().unwrap().to_owned(), line));
                }
            }
            for charge in (0..start.shipping.len()).filter(|charge| charge_winners[*charge] == Some(at)) {
                taken += start.shipping[charge].2 - bid.shipping[charge].2;
                till.shipping[charge].2 = bid.shipping[charge].2;
            }
            if line_winners.contains(&Some(at)) {
                for (line, (before, after)) in till.lines.iter_mut().zip(start.lines.iter().zip(&bid.lines)) {
                    line.used += after.used - before.used;
                }
            }
            if taken > 0 || keeps(document, campaign, till) {
                applied.push((campaign, taken));
            }
        }
        return;
    }
}

fn runs(campaign: &Value, till: &Till<'_>) -> bool {
    let is_paused = campaign["status"] == "paused";
    let holds = campaign["when"].is_null() || rule_holds(&campaign["when"], till);
    !is_paused && is_entered(campaign, till.request) && !is_used_up(campaign, till.request) && holds
}

/// Whether the request tells that a campaign was used as often as it may be.
fn is_used_up(campaign: &Value, request: &Value) -> bool {
    let told = members(request, "redemptions").iter().filter(|told| told["campaign"] == campaign["id"]);
    let limits = [
        ("total", "total"),
        ("perCustomer", "byCustomer"),
        ("perPeriod", "inPeriod"),
        ("perCustomerInPeriod", "byCustomerInPeriod"),
    ];
    let is_reached = |told: &Value| {
        limits.iter().any(|(limit, count)| {
            let limit = campaign["limits"][limit].as_i64();
            limit.is_some_and(|limit| told[count].as_i64().is_some_and(|count| count >= limit))
        })
    };
    told.into_iter().any(is_reached)
}

/// The budgets that a campaign draws from: its own by its id, a shared one by its name.
fn budgets_of(campaign: &Value) -> Vec<String> {
    let own = (!campaign["limits"]["budget"].is_null()).then(|| format!("of {}", campaign["id"]));
    let shared = campaign["limits"]["sharedBudget"].as_str().map(str::to_owned);
    own.into_iter().chain(shared).collect()
}

/// What every budget has left before this cart; none where it is not in the cart's currency.
fn left_of_budgets(document: &Value, request: &Value) -> BTreeMap<String, Option<i128>> {
    let most = |told: &mut dyn Iterator<Item = &Value>| told.filter_map(Value::as_i64).max().map_or(0, i128::from);
    let mut left = BTreeMap::new();
    for budget in members(document, "budgets") {
        let mut told = members(request, "budgets").iter().filter(|told| told["id"] == budget["id"]);
        let spent = most(&mut told.by_ref().map(|told| &told["spent"]));
        let amount = amount(&budget["amount"], request);
        left.insert(budget["id"].as_str().unwrap().to_owned(), amount.map(|amount| (amount - spent).max(0)));
    }
    for campaign in members(document, "campaigns").iter().filter(|campaign| !campaign["limits"]["budget"].is_null()) {
        let mut told = members(request, "redemptions").iter().filter(|told| told["campaign"] == campaign["id"]);
        let spent = most(&mut told.by_ref().map(|told| &told["spent"]));
        let amount = amount(&campaign["limits"]["budget"], request);
        left.insert(format!("of {}", campaign["id"]), amount.map(|amount| (amount - spent).max(0)));
    }
    left
}

fn is_entered(campaign: &Value, request: &Value) -> bool {
    let plain = |code: &Value| code.as_str().unwrap().to_uppercase().replace(['-', ' '], "");
    let codes: Vec<String> = members(campaign, "codes").iter().map(plain).collect();
    codes.is_empty() || members(request, "codes").iter().map(plain).any(|typed| codes.contains(&typed))
}

/// Who applied keeps others from applying; of a group, of all, of those by code and of the exclusive ones so many apply.
fn is_excluded(campaign: &Value, applied: &[(&Value, i128)], document: &Value) -> bool {
    let policy = &document["stacking"];
    let before = || applied.iter().map(|(before, _)| *before);
    let closes = |before: &Value| is_alone(document, before) || before["stacking"]["last"] == true;
    let is_common = |before: &Value| {
        !is_joint(document, before) && !is_alone(document, before) && !is_of_exclusive(document, before)
    };
    let by_others = if is_joint(document, campaign) {
        false
    } else if is_alone(document, campaign) {
        before().any(|other| closes(other) || !is_joint(document, other))
    } else if is_of_exclusive(document, campaign) {
        before().any(|other| closes(other) || is_common(other))
    } else {
        before().any(|other| closes(other) || is_of_exclusive(document, other))
    };
    let is_full = |most: &Value, is_member: &dyn Fn(&Value) -> bool| {
        let Some(most) = most.as_u64() else { return false };
        is_member(campaign) && before().filter(|other| is_member(other)).count() >= usize::try_from(most).unwrap()
    };
    let of_group = |id: &Value| {
        let declared = members(policy, "groups").iter().find(|declared| declared["id"] == *id).unwrap_or(&Value::Null);
        let most = match declared["pick"].as_str() {
            Some("first" | "best") => json!(declared["atMost"].as_i64().unwrap_or(1)),
            Some(_) => Value::Null,
            None if declared["atMost"].is_null() => policy["groupAtMost"].clone(),
            None => declared["atMost"].clone(),
        };
        is_full(&most, &|other| group_id(document, other) == id || is_also_in(other, id))
    };
    let own = group_id(document, campaign);
    by_others
        || (!own.is_null() && of_group(own))
        || members(&campaign["stacking"], "alsoIn").iter().any(of_group)
        || is_full(&policy["atMost"], &|_| true)
        || is_full(&policy["codesAtMost"], &|other| !members(other, "codes").is_empty())
        || is_full(&policy["exclusiveAtMost"], &|other| group(document, other)["combines"] == "exclusive")
}

fn rule_holds(rule: &Value, till: &Till<'_>) -> bool {
    if rule["all"].is_array() {
        members(rule, "all").iter().all(|rule| rule_holds(rule, till))
    } else if rule["any"].is_array() {
        members(rule, "any").iter().any(|rule| rule_holds(rule, till))
    } else if rule["not"].is_object() {
        !rule_holds(&rule["not"], till)
    } else {
        condition_holds(rule, till)
    }
}

fn condition_holds(condition: &Value, till: &Till<'_>) -> bool {
    let request = till.request;
    let customer = &request["customer"];
    let lines = || bought(request).filter(|line| selects(&condition["lines"], line, request));
    let today = civil(request["now"].as_i64().unwrap(), request);
    match condition["type"].as_str().unwrap() {
        "min_subtotal" => {
            let least = amount(&condition["amount"], request);
            let selected = till.selected(&condition["lines"]).into_iter();
            let unsaid = till.rechecks.then_some("running");
            let worth: i128 = match condition["base"].as_str().or(unsaid) {
                Some("running") => selected.map(|line| till.lines[line].left()).sum(),
                Some("lanes") => selected.map(|line| till.after_lanes[line]).sum(),
                _ => lines().map(price_of_line).sum(),
            };
            least.is_some_and(|least| worth >= least)
        }
        "min_quantity" if condition["measured"] == "line" => {
            let selected = till.selected(&condition["lines"]).into_iter();
            selected.map(|line| count(&till.lines[line].units)).max() >= Some(whole(&condition["quantity"]))
        }
        "min_quantity" => lines().map(|line| whole(&line["quantity"])).sum::<i128>() >= whole(&condition["quantity"]),
        "contains" => lines().next().is_some(),
        "segment" => shares_a_value(&condition["anyOf"], &customer["segments"]),
        "country" => shares_a_value(&condition["in"], &request["country"]),
        "channel" => shares_a_value(&condition["in"], &request["channel"]),
        "customer_attribute" => {
            let value = &customer["attributes"][condition["key"].as_str().unwrap()];
            let is_there = !several(value).is_empty();
            // of several values the last whole number is compared
            let number = several(value).iter().filter_map(|value| value.as_i64()).next_back();
            (condition["in"].is_null() || shares_a_value(&condition["in"], value))
                && condition["present"].as_bool().is_none_or(|asked| asked == is_there)
                && condition["atLeast"].as_i64().is_none_or(|bound| number.is_some_and(|n| n >= bound))
                && condition["atMost"].as_i64().is_none_or(|bound| number.is_some_and(|n| n <= bound))
        }
        "order_count" => customer["orders"]["count"].as_i64().is_some_and(|count| {
            condition["atLeast"].as_i64().is_none_or(|bound| count >= bound)
                && condition["atMost"].as_i64().is_none_or(|bound| count <= bound)
        }),
        "last_order" => customer["orders"]["lastAt"].as_i64().is_some_and(|at| {
            let last = civil(at, request);
            let after = |span: &Value| last.checked_add(calendar_span(span)).unwrap();
            (condition["longerAgoThan"].is_null() || today > after(&condition["longerAgoThan"]))
                && (condition["within"].is_null() || today <= after(&condition["within"]))
        }),
        "birthday" => customer["birthday"].as_str().is_some_and(|text| {
            let born: Date = text.replace("--", "2000-").parse().unwrap();
            !returns_around(born, today, condition).is_empty()
        }),
        "anniversary" => customer["signedUpAt"].as_i64().is_some_and(|at| {
            let first = civil(at, request);
            let years = returns_around(first, today, condition);
            // the window is that of the earliest return it is in
            let years = years.first().map(|day| i64::from(day.year() - first.year()));
            years.is_some_and(|years| years > 0 && condition["years"].as_i64().is_none_or(|asked| asked == years))
        }),
        other => panic!("the oracle does not know the condition {other}"),
    }
}

/// The yearly returns of a day around whose window today is.
fn returns_around(first: Date, today: Date, condition: &Value) -> Vec<Date> {
    let before = condition["daysBefore"].as_i64().unwrap_or(0);
    let after = condition["daysAfter"].as_i64().unwrap_or(0);
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let on = |year: i16| first.with().year(year).build().unwrap_or_else(|_| Date::constant(year, 2, 28));
    let returns = years.into_iter().map(on);
    returns.filter(|day| *day - before.days() <= today && today <= *day + after.days()).collect()
}

fn civil(at: i64, request: &Value) -> Date {
    let local = at + request["utcOffset"].as_i64().unwrap_or(0) * 60_000;
    Timestamp::from_millisecond(local).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn calendar_span(span: &Value) -> Span {
    match span["days"].as_i64() {
        Some(days) => days.days(),
        None => span["months"].as_i64().unwrap().months(),
    }
}

/// Fields combine with and, values with or; a line with any excluded value is not selected.
fn selects(selector: &Value, line: &Value, request: &Value) -> bool {
    let field = |selector: &Value, name: &str, of_line: &Value| {
        let wanted = members(selector, name);
        (!wanted.is_empty()).then(|| shares_a_value(&selector[name], of_line))
    };
    let verdicts = |selector: &Value| -> Vec<bool> {
        let mut verdicts: Vec<bool> = [("categories", "categories"), ("skus", "sku"), ("products", "product")]
            .into_iter()
            .filter_map(|(name, of_line)| field(selector, name, &line[of_line]))
            .collect();
        for (name, wanted) in selector["attributes"].as_object().into_iter().flatten() {
            verdicts.push(shares_a_value(wanted, &line["attributes"][name]));
        }
        verdicts
    };
    let price = |name: &str| match &selector["unitPrice"][name] {
        Value::Null => Some(None),
        bound => amount(bound, request).map(Some),
    };
    let (Some(least), Some(most)) = (price("atLeast"), price("atMost")) else { return false };
    let own = whole(&line["unitPrice"]);
    least.is_none_or(|least| own >= least)
        && most.is_none_or(|most| own <= most)
        && verdicts(selector).into_iter().all(|holds| holds)
        && !verdicts(&selector["except"]).into_iter().any(|holds| holds)
}

/// A value or a list of values; nothing for null.
fn several(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().filter(|value| !value.is_null()).collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn shares_a_value(wanted: &Value, there: &Value) -> bool {
    several(there).iter().any(|value| several(wanted).contains(value))
}

// ---- what is taken ----

/// Whether a discount is on certain lines or units, and not on the whole order or its shipping.
fn is_of_lines(discount: &Value) -> bool {
    let picks = ["maxUnits", "maxUnitsPerLine", "groupsOf"].iter().any(|name| !discount[*name].is_null());
    match discount["type"].as_str().unwrap() {
        "free_shipping" | "off_shipping" => false,
        "buy_x_get_y" | "nth_unit" | "set_price" | "first_and_additional" => true,
        _ => !discount["lines"].is_null() || picks,
    }
}

/// Units of one product at one price.
#[derive(Clone)]
struct Line<'a> {
    properties: &'a Value,
    price: i128,
    /// What is left of each unit at least.
    floor: i128,
    /// What is left of each unit, the least first.
    units: Vec<i128>,
    /// How many of them are used up.
    used: i128,
    /// Whether a discount took something of it, where its units are looked at as if none had.
    touched: bool,
    /// Whose gift it is, if it is one: then it is for nobody else.
    gift_of: &'a Value,
}

impl Line<'_> {
    fn left(&self) -> i128 {
        self.units.iter().sum()
    }

    /// What units can bear in all.
    fn room(&self) -> i128 {
        self.left() - self.floor * count(&self.units)
    }

    fn original(&self) -> i128 {
        self.price * count(&self.units)
    }

    /// Whether no discount took anything of it.
    fn is_whole(&self) -> bool {
        !self.touched && self.left() == self.original()
    }

    /// The units in the order in which they are picked.
    fn picked_first(&mut self, dearest: bool) -> &mut Vec<i128> {
        self.units.sort_unstable();
        if dearest {
            self.units.reverse();
        }
        &mut self.units
    }

    /// All units bear an amount in proportion to what is left of them.
    fn take(&mut self, amount: i128) -> i128 {
        self.take_from(self.units.len(), false, amount)
    }

    /// So many units from one end bear an amount in proportion, the others only what those cannot.
    fn take_from(&mut self, picked: usize, dearest: bool, amount: i128) -> i128 {
        let (amount, floor) = (amount.min(self.room()), self.floor);
        let units = self.picked_first(dearest);
        units.iter_mut().for_each(|left| *left -= floor);
        let bearable = amount.min(units[..picked].iter().sum());
        bear(&mut units[..picked], bearable);
        bear(units, amount - bearable);
        units.iter_mut().for_each(|left| *left += floor);
        amount
    }

    /// So many units from one end bear so much each.
    fn take_each(&mut self, picked: usize, dearest: bool, amount: i128) -> i128 {
        let (before, floor) = (self.left(), self.floor);
        self.picked_first(dearest).iter_mut().take(picked).for_each(|left| *left -= amount.min(*left - floor));
        before - self.left()
    }
}

/// Units bear an amount in proportion to what is left of them: each the whole part of its share, the spare minor
/// units one each by the first that have something left.
fn bear(units: &mut [i128], amount: i128) {
    let total: i128 = units.iter().sum();
    if amount == 0 || total == 0 {
        return;
    }
    let shares: Vec<i128> = units.iter().map(|left| amount * left / total).collect();
    let mut spare = amount - shares.iter().sum::<i128>();
    for (left, share) in units.iter_mut().zip(shares) {
        *left -= share;
        if spare > 0 && *left > 0 {
            *left -= 1;
            spare -= 1;
        }
    }
}

/// One amount over several weights: each the whole part of its share, the spare minor units to the largest
/// remainders, of equal ones to the earlier.
fn spread(amount: i128, weights: &[i128]) -> Vec<i128> {
    share_out(amount.clamp(0, weights.iter().sum()), weights)
}

/// The same of any amount; no part is above its limit, and what one cannot bear is spread over the others.
fn spread_within(amount: i128, weights: &[i128], limits: &[i128]) -> Vec<i128> {
    let mut open = weights.to_vec();
    let mut full = vec![0; weights.len()];
    loop {
        let parts = share_out(amount - full.iter().sum::<i128>(), &open);
        let over: Vec<usize> = (0..parts.len()).filter(|at| parts[*at] > limits[*at]).collect();
        if over.is_empty() {
            return parts.iter().zip(full).map(|(part, full)| part + full).collect();
        }
        for at in over {
            (open[at], full[at]) = (0, limits[at]);
        }
    }
}

fn share_out(amount: i128, weights: &[i128]) -> Vec<i128> {
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts: Vec<i128> = weights.iter().map(|weight| amount * weight / sum).collect();
    let mut remainders: Vec<i128> = weights.iter().map(|weight| amount * weight % sum).collect();
    for _ in 0..amount - parts.iter().sum::<i128>() {
        let largest = *remainders.iter().max().unwrap();
        let first = remainders.iter().position(|remainder| *remainder == largest).unwrap();
        parts[first] += 1;
        remainders[first] = -1;
    }
    parts
}

/// A group of units: how many are taken from which lines, and whether from the dearest on, step by step.
struct Group {
    steps: Vec<(i128, Vec<usize>, bool)>,
    /// Which step is the got units.
    got: usize,
    /// Whether fewer got units than entitled make a group.
    partial: bool,
}

/// A line as it stands in the request.
#[derive(Clone)]
struct Given {
    line: usize,
    price: i128,
    discount: i128,
}

#[derive(Clone)]
struct Till<'a> {
    request: &'a Value,
    /// Whether thresholds that name no base look at what is left.
    rechecks: bool,
    /// Whose discounts on lines took something of which line, where that keeps others from it.
    claims: Vec<(String, usize)>,
    left_of_budgets: BTreeMap<String, Option<i128>>,
    lines: Vec<Line<'a>>,
    given: Vec<Given>,
    /// Method, price, what is left.
    shipping: Vec<(&'a Value, i128, i128)>,
    lane: Option<(i64, i64)>,
    /// What earlier lanes have left of each line.
    after_lanes: Vec<i128>,
    /// Whether the campaign that takes gives something, or could.
    gives: bool,
    /// What all gifts are worth that could be given.
    promised: i128,
}

impl<'a> Till<'a> {
    /// Lines of one product at one price are one line, wherever they stand.
    fn open(request: &'a Value) -> Till<'a> {
        let mut lines: Vec<Line> = Vec::new();
        let mut given = Vec::new();
        let gifts = members(request, "lines").iter().filter(|line| !line["giftOf"].is_null());
        for line in bought(request).chain(gifts) {
            let price = whole(&line["unitPrice"]);
            let floor = line["minPrice"].as_i64().map_or(0, i128::from).min(price);
            let names_a_product = !(line["sku"].is_null() && line["product"].is_null());
            let is_same = |other: &Line| {
                let same = |name: &str| other.properties[name] == line[name];
                other.price == price
                    && other.floor == floor
                    && ["sku", "product", "categories", "attributes"].into_iter().all(same)
            };
            let gift_of = &line["giftOf"];
            let twin = lines.iter().position(|other| names_a_product && other.gift_of == gift_of && is_same(other));
            let at = twin.unwrap_or(lines.len());
            if twin.is_none() {
                lines.push(Line {
                    properties: line,
                    price,
                    floor,
                    units: Vec::new(),
                    used: 0,
                    touched: false,
                    gift_of,
                });
            }
            lines[at].units.extend(vec![price; usize::try_from(whole(&line["quantity"])).unwrap()]);
            given.push((&line["id"], Given { line: at, price: price_of_line(line), discount: 0 }));
        }
        let place = |id: &Value| members(request, "lines").iter().position(|line| line["id"] == *id);
        given.sort_by_key(|(id, _)| place(id));
        let given = given.into_iter().map(|(_, given)| given).collect();
        let charge = |charge: &'a Value| (&charge["id"], whole(&charge["price"]), whole(&charge["price"]));
        let shipping = members(request, "shipping").iter().map(charge).collect();
        Till {
            request,
            rechecks: false,
            claims: Vec::new(),
            left_of_budgets: BTreeMap::new(),
            lines,
            given,
            shipping,
            lane: None,
            after_lanes: Vec::new(),
            gives: false,
            promised: 0,
        }
    }

    fn left_in_all(&self) -> i128 {
        self.lines.iter().map(Line::left).sum::<i128>() + self.shipping.iter().map(|(_, _, left)| left).sum::<i128>()
    }

    fn enter(&mut self, lane: (i64, i64)) {
        if self.lane != Some(lane) {
            self.lane = Some(lane);
            self.after_lanes = self.lines.iter().map(Line::left).collect();
        }
    }

    fn amount(&self, amounts: &Value) -> Option<i128> {
        amount(amounts, self.request)
    }

    /// The lines that a selector selects, in the cart's order.
    fn selected(&self, selector: &Value) -> Vec<usize> {
        let is_selected = |line: &Line| line.gift_of.is_null() && selects(selector, line.properties, self.request);
        (0..self.lines.len()).filter(|line| is_selected(&self.lines[*line])).collect()
    }

    /// The lines that a discount is for.
    fn lines_of(&self, discount: &Value) -> Vec<usize> {
        let mut lines = self.selected(&discount["lines"]);
        if discount["excludeDiscounted"] == true {
            lines.retain(|line| self.lines[*line].is_whole());
        }
        lines
    }

    fn quantity(&self, lines: &[usize]) -> i128 {
        lines.iter().map(|line| count(&self.lines[*line].units)).sum()
    }

    /// Lets a campaign take all its discounts, as far as its budgets have it; gives what it took of lines and shipping.
    /// None when a budget lets it take nothing.
    fn take(&mut self, document: &Value, campaign: &Value) -> Option<i128> {
        let budgets = budgets_of(campaign);
        let mut most = i128::MAX;
        for budget in &budgets {
            most = most.min(self.left_of_budgets[budget].filter(|left| *left > 0)?);
        }
        let mut after = self.clone();
        let when_over = &campaign["limits"]["whenOverBudget"];
        let is_capped = when_over != "refuse" && when_over != "overdraw";
        let taken = after.take_up_to(if is_capped { most } else { i128::MAX }, document, campaign);
        if taken > most && when_over == "refuse" {
            return None;
        }
        *self = after;
        for budget in budgets {
            if let Some(Some(left)) = self.left_of_budgets.get_mut(&budget) {
                *left = (*left - taken).max(0);
            }
        }
        Some(taken)
    }

    /// The same of a certain amount at most: what a discount takes beyond it is given back in proportion.
    fn take_up_to(&mut self, most: i128, document: &Value, campaign: &Value) -> i128 {
        let on_original = said(document, campaign, "base") == "original";
        let id = campaign["id"].as_str().unwrap();
        let mut by_line: BTreeMap<usize, i128> = BTreeMap::new();
        let mut taken = 0;
        for discount in members(campaign, "discounts") {
            let rest = most.saturating_sub(taken);
            let shipping = match discount["type"].as_str() {
                Some("free_shipping" | "off_shipping") => {
                    self.ship_cheaper(discount, &campaign["rounding"], on_original, rest).unwrap_or(0)
                }
                _ => 0,
            };
            let before = self.clone();
            let of_lines = is_of_lines(discount);
            let once = of_lines && document["stacking"]["perLine"] == "once";
            let claimed: Vec<usize> =
                self.claims.iter().filter(|(by, _)| once && by != id).map(|(_, line)| *line).collect();
            let lines = match on_original {
                _ if discount["type"] == "gift" => self.gift(campaign, discount, on_original),
                true => {
                    // what is used up is so at any price
                    let mut fresh = Till::open(self.request);
                    let used = |till: &Till<'_>| till.lines.iter().map(|line| line.used).collect::<Vec<_>>();
                    fresh.lines.iter_mut().zip(used(self)).for_each(|(line, used)| line.used = used);
                    // and so is what was taken
                    fresh.lines.iter_mut().zip(&self.lines).for_each(|(line, real)| line.touched = !real.is_whole());
                    let offered = fresh.discount_besides(discount, &campaign["rounding"], &claimed);
                    self.lines.iter_mut().zip(used(&fresh)).for_each(|(line, used)| line.used = used);
                    offered.into_iter().map(|(line, share)| (line, self.lines[line].take(share))).collect()
                }
                false => self.discount_besides(discount, &campaign["rounding"], &claimed),
            };
            let lines: Vec<(usize, i128)> = lines;
            let (at, shares): (Vec<usize>, Vec<i128>) = lines.iter().copied().unzip();
            let lines = if shares.iter().sum::<i128>() > rest {
                *self = before;
                let cut = at.into_iter().zip(spread_within(rest, &shares, &shares));
                cut.map(|(line, share)| (line, self.lines[line].take(share))).collect()
            } else {
                lines
            };
            taken += shipping + lines.iter().map(|(_, share)| share).sum::<i128>();
            for (line, share) in lines {
                *by_line.entry(line).or_default() += share;
                if once && share > 0 {
                    self.claims.push((id.to_owned(), line));
                }
            }
        }
        for (line, share) in by_line {
            self.note(line, share);
        }
        taken
    }

    /// Takes one discount that finds nothing to take of some lines.
    fn discount_besides(&mut self, discount: &Value, rounding: &Value, claimed: &[usize]) -> Vec<(usize, i128)> {
        let before: Vec<Vec<i128>> = claimed.iter().map(|line| self.lines[*line].units.clone()).collect();
        for line in claimed {
            let line = &mut self.lines[*line];
            let floor = line.floor;
            line.units.iter_mut().for_each(|left| *left = floor);
        }
        let taken = self.discount(discount, rounding);
        // the other way round, for a line that is claimed twice
        for (line, units) in claimed.iter().zip(before).rev() {
            self.lines[*line].units = units;
        }
        taken
    }

    /// A share of a line goes to the lines as given, in proportion to what is left of them.
    fn note(&mut self, line: usize, share: i128) {
        // of a gift the units that are given, one line as given after the other
        let price = self.lines[line].price;
        let mut open = if self.lines[line].gift_of.is_null() { i128::MAX } else { self.lines[line].used * price };
        let mut bears = |given: &Given| {
            let left = if given.line == line { given.price - given.discount } else { 0 };
            let some = left.min(open);
            open -= some;
            some
        };
        let weights: Vec<i128> = self.given.iter().map(&mut bears).collect();
        for (given, part) in self.given.iter_mut().zip(spread(share, &weights)) {
            given.discount += part;
        }
    }

    /// Off shipping, charge by charge or all together; nothing when an amount is not told in the currency.
    fn ship_cheaper(&mut self, discount: &Value, rounding: &Value, on_original: bool, most: i128) -> Option<i128> {
        let told = |name: &str| match &discount[name] {
            Value::Null => Some(None),
            amounts => self.amount(amounts).map(Some),
        };
        let (cap, amount, price) = (told("cap")?.unwrap_or(i128::MAX), told("amount")?, told("price")?);
        let together = discount["per"] == "order";
        let offer = |(method, original, left): &(&Value, i128, i128)| {
            let left = if on_original { *original } else { *left };
            let meant = discount["methods"].is_null() || shares_a_value(&discount["methods"], method);
            let share = match (&discount["percent"], amount, price) {
                (percent @ Value::String(_), ..) => share_of(left, percent, rounding),
                (_, Some(amount), _) if !together => amount.min(left),
                (.., Some(price)) => (left - price).max(0),
                _ => left,
            };
            if meant {
                share.min(if together { left } else { cap })
            } else {
                0
            }
        };
        let mut offered: Vec<i128> = self.shipping.iter().map(offer).collect();
        if together {
            offered = spread(cap.min(amount.unwrap_or(i128::MAX)), &offered);
        }
        offered.iter_mut().zip(&self.shipping).for_each(|(share, (.., left))| *share = (*left).min(*share));
        if offered.iter().sum::<i128>() > most {
            offered = spread_within(most, &offered, &offered);
        }
        let mut taken = 0;
        for ((.., left), share) in self.shipping.iter_mut().zip(offered) {
            *left -= share;
            taken += share;
        }
        Some(taken)
    }

    /// Takes one discount; gives what it took of which line.
    fn discount(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let scaled;
        let discount = match &discount["perBundle"] {
            Value::Null => discount,
            per => match self.sets_in_cart(per) {
                0 => return Vec::new(),
                times => {
                    scaled = scaled_by(discount, times);
                    &scaled
                }
            },
        };
        let lines = self.lines_of(discount);
        match discount["type"].as_str().unwrap() {
            "percent_off" => {
                let cap = match &discount["cap"] {
                    Value::Null => None,
                    cap => match self.amount(cap) {
                        Some(cap) => Some(cap),
                        None => return Vec::new(),
                    },
                };
                self.percent(discount, &discount["percent"], cap, rounding)
            }
            "quantity_ladder" => {
                let quantity = self.quantity(&lines);
                let reached = members(discount, "steps").iter().rfind(|step| whole(&step["from"]) <= quantity);
                reached.map_or_else(Vec::new, |step| self.percent(discount, &step["percent"], None, rounding))
            }
            "spend_ladder" => {
                let spent: i128 = lines.iter().map(|line| self.lines[*line].original()).sum();
                let is_reached = |step: &&Value| self.amount(&step["from"]).is_some_and(|from| from <= spent);
                let reached = members(discount, "steps").iter().rfind(is_reached);
                match reached {
                    Some(step) if step["amount"].is_null() => self.percent(discount, &step["percent"], None, rounding),
                    Some(step) => {
                        self.amount(&step["amount"]).map_or_else(Vec::new, |off| self.spread_over(&lines, off))
                    }
                    None => Vec::new(),
                }
            }
            "amount_off" => match self.amount(&discount["amount"]) {
                None => Vec::new(),
                Some(off) if discount["per"] == "line" => self.each(&lines, |line| line.take(off)),
                Some(off) if discount["per"] == "unit" => self.off_units(discount, &lines, off),
                Some(off) if discount["spreadBy"] == "quantity" => {
                    let weights: Vec<i128> = lines.iter().map(|line| count(&self.lines[*line].units)).collect();
                    let limits: Vec<i128> = lines.iter().map(|line| self.lines[*line].room()).collect();
                    let parts = spread_within(off, &weights, &limits);
                    lines.iter().zip(parts).map(|(line, part)| (*line, self.lines[*line].take(part))).collect()
                }
                Some(off) => self.spread_over(&lines, off),
            },
            "fixed_price" => match self.amount(&discount["price"]) {
                None => Vec::new(),
                Some(price) if discount["per"] == "line" => {
                    self.each(&lines, |line| line.take((line.left() - price).max(0)))
                }
                Some(price) => {
                    let left: i128 = lines.iter().map(|line| self.lines[*line].left()).sum();
                    self.spread_over(&lines, (left - price).max(0))
                }
            },
            "first_and_additional" => self.first_and_additional(discount, &lines),
            "fixed_unit_price" => match self.amount(&discount["price"]) {
                None => Vec::new(),
                Some(price) if discount["measured"] == "line" => {
                    self.each(&lines, |line| line.take((line.left() - price * count(&line.units)).max(0)))
                }
                Some(price) => self.each(&lines, |line| {
                    let (before, lowest) = (line.left(), price.max(line.floor));
                    line.units.iter_mut().for_each(|left| *left = lowest.min(*left));
                    before - line.left()
                }),
            },
            "buy_x_get_y" if discount["usesUp"] == true || !discount["buy"]["pick"].is_null() => {
                let (buy, get) = (&discount["buy"], &discount["get"]);
                let bought = self.selected(&buy["lines"]);
                let is_one_pool = get["lines"].is_null() || get["lines"] == buy["lines"];
                let got = self.selected(if is_one_pool { &buy["lines"] } else { &get["lines"] });
                let group = Group {
                    steps: vec![
                        (whole(&buy["quantity"]), bought, buy["pick"] != "cheapest"),
                        (whole(&get["quantity"]), got, get["pick"] == "dearest"),
                    ],
                    got: 1,
                    partial: discount["partial"].as_bool().unwrap_or(!is_one_pool),
                };
                self.by_group(discount, &group, get, rounding)
            }
            "buy_x_get_y" => self.buy_x_get_y(discount, rounding),
            "nth_unit" => {
                let every = whole(&discount["every"]);
                let position = discount["position"].as_i64().map_or(every, i128::from);
                let counted = |units: i128| (units, lines.clone(), discount["pick"] == "dearest");
                let steps = vec![counted(position - 1), counted(1), counted(every - position)];
                self.by_group(discount, &Group { steps, got: 1, partial: false }, discount, rounding)
            }
            "set_price" => self.sets(discount, &lines),
            "bundle" => self.bundle(discount, rounding),
            "free_shipping" | "off_shipping" => Vec::new(),
            other => panic!("the oracle does not know the discount {other}"),
        }
    }

    fn each(&mut self, lines: &[usize], mut take: impl FnMut(&mut Line<'a>) -> i128) -> Vec<(usize, i128)> {
        lines.iter().map(|line| (*line, take(&mut self.lines[*line]))).collect()
    }

    /// One amount over what is left of the lines.
    fn spread_over(&mut self, lines: &[usize], amount: i128) -> Vec<(usize, i128)> {
        let left: Vec<i128> = lines.iter().map(|line| self.lines[*line].left()).collect();
        let rooms: Vec<i128> = lines.iter().map(|line| self.lines[*line].room()).collect();
        let parts = spread_within(amount, &left, &rooms);
        lines.iter().zip(parts).map(|(line, part)| (*line, self.lines[*line].take(part))).collect()
    }

    /// A percentage, rounded on each line where lines are selected, once where not, unless the campaign says.
    fn percent(
        &mut self,
        discount: &Value,
        percent: &Value,
        cap: Option<i128>,
        rounding: &Value,
    ) -> Vec<(usize, i128)> {
        let lines = self.lines_of(discount);
        let is_original = discount["base"] == "original";
        let base = |line: &Line| if is_original { line.original() } else { line.left() };
        let by_default = if discount["lines"].is_null() { "order" } else { "line" };
        if rounding["level"].as_str().unwrap_or(by_default) == "order" {
            let sum: i128 = lines.iter().map(|line| base(&self.lines[*line])).sum();
            let total = share_of(sum, percent, rounding);
            return self.spread_over(&lines, cap.map_or(total, |cap| total.min(cap)));
        }
        let share = |line: &usize| {
            let line = &self.lines[*line];
            share_of(base(line), percent, rounding).min(line.left())
        };
        let mut shares: Vec<i128> = lines.iter().map(share).collect();
        if let Some(cap) = cap.filter(|cap| shares.iter().sum::<i128>() > *cap) {
            let rooms: Vec<i128> =
                lines.iter().zip(&shares).map(|(line, share)| self.lines[*line].room().min(*share)).collect();
            shares = spread_within(cap, &shares, &rooms);
        }
        lines.iter().zip(shares).map(|(line, share)| (*line, self.lines[*line].take(share))).collect()
    }

    /// The lines in the order in which their units are picked: by original price, of equal ones the earlier.
    fn in_order(&self, lines: &[usize], dearest: bool) -> Vec<usize> {
        let mut lines = lines.to_vec();
        match dearest {
            true => lines.sort_by_key(|line| Reverse(self.lines[*line].price)),
            false => lines.sort_by_key(|line| self.lines[*line].price),
        }
        lines
    }

    fn off_units(&mut self, discount: &Value, lines: &[usize], off: i128) -> Vec<(usize, i128)> {
        let dearest = discount["pick"] == "dearest";
        let mut open = discount["maxUnits"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        let mut taken = Vec::new();
        for at in self.in_order(lines, dearest) {
            let line = &mut self.lines[at];
            taken.push((at, line.take_each(open, dearest, off)));
            open = open.saturating_sub(line.units.len());
        }
        taken
    }

    /// The dearest unit of a line is its first one, the cheapest others are the further ones.
    fn first_and_additional(&mut self, discount: &Value, lines: &[usize]) -> Vec<(usize, i128)> {
        let (Some(first), Some(additional)) = (self.amount(&discount["first"]), self.amount(&discount["additional"]))
        else {
            return Vec::new();
        };
        let most = discount["maxUnitsPerLine"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        self.each(lines, |line| {
            let further = (line.units.len() - 1).min(most - 1);
            line.take_each(further, false, additional) + line.take_each(1, true, first)
        })
    }

    fn buy_x_get_y(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let (buy, get) = (&discount["buy"], &discount["get"]);
        let bought = self.selected(&buy["lines"]);
        let from_one_pool = get["lines"].is_null() || get["lines"] == buy["lines"];
        let got = self.selected(if from_one_pool { &buy["lines"] } else { &get["lines"] });
        let partial = discount["partial"].as_bool().unwrap_or(!from_one_pool);
        let most = discount["atMost"].as_i64().map_or(i128::MAX, i128::from);
        let (buy, each) = (whole(&buy["quantity"]), whole(&get["quantity"]));

        // units that can only be bought, only be got, or either
        let both: Vec<usize> = got.iter().copied().filter(|line| bought.contains(line)).collect();
        let either = self.quantity(&both);
        let (only_buy, only_get) = (self.quantity(&bought) - either, self.quantity(&got) - either);
        // as many units as possible, for as few times as possible
        let (mut units, mut either_got) = (0, 0);
        for times in 1..=(self.quantity(&bought) / buy).min(most) {
            let of_either = either - (times * buy - only_buy).max(0);
            let there = (only_get + of_either).min(times * each);
            let whole_ones = if partial { there } else { there - there % each };
            if whole_ones > units {
                (units, either_got) = (whole_ones, of_either);
            }
        }
        let dearest = get["pick"] == "dearest";
        let mut got_of = BTreeMap::new();
        for at in self.in_order(&got, dearest) {
            let is_bought = both.contains(&at);
            let some = count(&self.lines[at].units).min(units).min(if is_bought { either_got } else { i128::MAX });
            units -= some;
            either_got -= if is_bought { some } else { 0 };
            got_of.insert(at, some);
        }
        self.off_got(discount, &got_of, dearest, get, rounding)
    }

    /// Groups formed one after another, unit by unit, as long as there are units for a whole one.
    fn by_group(&mut self, discount: &Value, group: &Group, off: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let uses_up = discount["usesUp"] == true;
        let mut open: Vec<i128> =
            self.lines.iter().map(|line| count(&line.units) - if uses_up { line.used } else { 0 }).collect();
        let before = open.clone();
        let mut got_of = BTreeMap::<usize, i128>::new();
        'groups: for _ in 0..discount["atMost"].as_u64().unwrap_or(u64::MAX) {
            let mut rest = open.clone();
            let mut of_group = Vec::new();
            for (step, (units, lines, dearest)) in group.steps.iter().enumerate() {
                for unit in 0..*units {
                    match self.in_order(lines, *dearest).into_iter().find(|line| rest[*line] > 0) {
                        Some(line) => {
                            rest[line] -= 1;
                            of_group.extend((step == group.got).then_some(line));
                        }
                        None if step == group.got && group.partial && unit > 0 => break,
                        None => break 'groups,
                    }
                }
            }
            open = rest;
            of_group.into_iter().for_each(|line| *got_of.entry(line).or_default() += 1);
        }
        let dearest = uses_up || group.steps[group.got].2;
        let taken = self.off_got(discount, &got_of, dearest, off, rounding);
        if uses_up && taken.iter().any(|(_, share)| *share > 0) {
            for (line, (before, after)) in self.lines.iter_mut().zip(before.iter().zip(&open)) {
                line.used += before - after;
            }
        }
        taken
    }

    /// Takes a percentage or an amount off so many units of each line, from one end.
    fn off_got(
        &mut self,
        discount: &Value,
        got_of: &BTreeMap<usize, i128>,
        dearest: bool,
        off: &Value,
        rounding: &Value,
    ) -> Vec<(usize, i128)> {
        if off["amount"].is_object() {
            let Some(amount) = self.amount(&off["amount"]) else { return Vec::new() };
            let mut taken = Vec::new();
            for (at, some) in got_of {
                let picked = usize::try_from(*some).unwrap();
                taken.push((*at, self.lines[*at].take_each(picked, dearest, amount)));
            }
            return taken;
        }
        let percent = if off["percent"].is_null() { json!("100") } else { off["percent"].clone() };
        let mut got_units = Vec::new();
        for (at, some) in got_of {
            let line = &mut self.lines[*at];
            let picked = usize::try_from(*some).unwrap();
            let running: i128 = line.picked_first(dearest)[..picked].iter().sum();
            let base = if discount["base"] == "original" { line.price * some } else { running };
            got_units.push((*at, picked, base, running));
        }
        let mut shares: Vec<i128> = Vec::new();
        if rounding["level"] == "order" {
            let bases: i128 = got_units.iter().map(|(_, _, base, _)| base).sum();
            let left: Vec<i128> = got_units.iter().map(|(.., running)| *running).collect();
            let room = |(at, _, _, left): &(usize, usize, i128, i128)| self.lines[*at].room().min(*left);
            let rooms: Vec<i128> = got_units.iter().map(room).collect();
            shares = spread_within(share_of(bases, &percent, rounding), &left, &rooms);
        } else {
            // what a share of original prices is above what its units bear falls on the others of the line
            shares.extend(got_units.iter().map(|(at, picked, base, left)| {
                let line = &self.lines[*at];
                let of_units = left - line.floor * i128::try_from(*picked).unwrap();
                let most = if discount["base"] == "original" { line.room() } else { of_units };
                share_of(*base, &percent, rounding).min(most)
            }));
        }
        let each = got_units.iter().zip(shares);
        each.map(|((at, picked, ..), share)| (*at, self.lines[*at].take_from(*picked, dearest, share))).collect()
    }

    /// Sets from the units with the most left on, as long as a set saves something.
    fn sets(&mut self, discount: &Value, lines: &[usize]) -> Vec<(usize, i128)> {
        let Some(price) = self.amount(&discount["price"]) else { return Vec::new() };
        let size = usize::try_from(whole(&discount["size"])).unwrap();
        let most = discount["atMost"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        let of_line = |line: &usize| self.lines[*line].units.iter().map(|left| (*line, *left)).collect::<Vec<_>>();
        let mut units: Vec<(usize, i128)> = lines.iter().flat_map(of_line).collect();
        units.sort_by_key(|(_, left)| Reverse(*left));
        let worth = |set: &&[(usize, i128)]| set.iter().map(|(_, left)| left).sum::<i128>();
        let sets = units.chunks_exact(size).take(most).take_while(|set| worth(set) > price);
        let (mut saved, mut members) = (0, BTreeMap::<usize, Vec<i128>>::new());
        for set in sets {
            saved += worth(&set) - price;
            for (line, left) in set {
                members.entry(*line).or_default().push(*left);
            }
        }
        let weights: Vec<i128> = members.values().map(|units| units.iter().sum()).collect();
        let rooms: Vec<i128> =
            members.keys().zip(&weights).map(|(line, weight)| self.lines[*line].room().min(*weight)).collect();
        let parts = spread_within(saved, &weights, &rooms);
        let take = |((line, units), part): ((&usize, &Vec<i128>), i128)| {
            (*line, self.lines[*line].take_from(units.len(), true, part))
        };
        members.iter().zip(parts).map(take).collect()
    }
}

// ---- mixed sets ----

/// A unit that a set may take: its line, what is left of it, and which parts of a set it fits.
#[derive(Clone)]
struct Unit {
    line: usize,
    left: i128,
    fits: Vec<usize>,
}

/// A discount that is given several times.
fn scaled_by(discount: &Value, times: i128) -> Value {
    let times = number(times);
    let mut scaled = discount.clone();
    let members = scaled.as_object_mut().unwrap();
    members.remove("perBundle");
    if let Some(percent) = discount["percent"].as_str() {
        let (numerator, denominator) = decimal(&json!(percent));
        let decimals = denominator.ilog10();
        let sum = (numerator * i128::from(times)).min(100 * denominator);
        let (whole, rest) = (sum / denominator, sum % denominator);
        let text = if decimals == 0 {
            format!("{whole}")
        } else {
            format!("{whole}.{rest:0width$}", width = decimals as usize)
        };
        members.insert("percent".into(), json!(text));
    }
    if discount["per"] == "unit" {
        if let Some(most) = discount["maxUnits"].as_i64() {
            members.insert("maxUnits".into(), json!(most * times));
        }
    } else if let Some(amounts) = discount["amount"].as_object() {
        let amounts: serde_json::Map<_, _> =
            amounts.iter().map(|(code, minor)| (code.clone(), json!(minor.as_i64().unwrap() * times))).collect();
        members.insert("amount".into(), Value::Object(amounts));
    }
    scaled
}

/// Whether each unit can have a place of its own in so many sets.
fn have_places(units: &[Unit], sizes: &[usize], sets: usize) -> bool {
    fn find(unit: usize, units: &[Unit], places: &mut [(usize, Option<usize>)], tried: &mut [bool]) -> bool {
        for at in 0..places.len() {
            if tried[at] || !units[unit].fits.contains(&places[at].0) {
                continue;
            }
            tried[at] = true;
            let moves = match places[at].1 {
                None => true,
                Some(other) => find(other, units, places, tried),
            };
            if moves {
                places[at].1 = Some(unit);
                return true;
            }
        }
        false
    }
    let of_part = |(part, size): (usize, &usize)| vec![(part, None); size * sets];
    let mut places: Vec<(usize, Option<usize>)> = sizes.iter().enumerate().flat_map(of_part).collect();
    (0..units.len()).all(|unit| {
        let mut tried = vec![false; places.len()];
        find(unit, units, &mut places, &mut tried)
    })
}

/// Units for so many sets, one after the other, each that leaves every one before it a place.
fn members_of_sets(units: &[Unit], sizes: &[usize], sets: usize) -> Vec<Unit> {
    let mut members: Vec<Unit> = Vec::new();
    for unit in units {
        members.push(unit.clone());
        if members.len() > sets * sizes.iter().sum::<usize>() || !have_places(&members, sizes, sets) {
            members.pop();
        }
    }
    members
}

impl Till<'_> {
    /// The units of the cart with the parts they fit, and the sizes of the parts.
    fn units_for(&self, of: &[Value]) -> (Vec<Unit>, Vec<usize>) {
        let lines: Vec<Vec<usize>> = of.iter().map(|part| self.selected(&part["lines"])).collect();
        let mut units = Vec::new();
        for (line, known) in self.lines.iter().enumerate() {
            let fits: Vec<usize> = (0..of.len()).filter(|part| lines[*part].contains(&line)).collect();
            units.extend(known.units.iter().map(|left| Unit { line, left: *left, fits: fits.clone() }));
        }
        (units, of.iter().map(|part| usize::try_from(part["quantity"].as_u64().unwrap_or(1)).unwrap()).collect())
    }

    /// How many sets the cart holds.
    fn sets_in_cart(&self, bundle: &Value) -> i128 {
        let (units, sizes) = self.units_for(members(bundle, "of"));
        let most = bundle["atMost"].as_i64().map_or(i128::MAX, i128::from);
        let all: usize = sizes.iter().sum();
        let is_full = |sets: usize| members_of_sets(&units, &sizes, sets).len() == sets * all;
        let sets = (0..).take_while(|sets| is_full(*sets)).last().unwrap();
        i128::try_from(sets).unwrap().min(most)
    }

    fn bundle(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let most = usize::try_from(self.sets_in_cart(discount)).unwrap();
        let (mut units, sizes) = self.units_for(members(discount, "of"));
        let dearest = discount["pick"] != "cheapest";
        match dearest {
            true => units.sort_by_key(|unit| Reverse(unit.left)),
            false => units.sort_by_key(|unit| unit.left),
        }
        let amount = |name: &str| self.amount(&discount[name]);
        let is_covered = discount["percent"].is_string() || amount("price").or(amount("amount")).is_some();
        if most == 0 || !is_covered {
            return Vec::new();
        }
        let worth = |members: &[Unit]| members.iter().map(|unit| unit.left).sum::<i128>();
        let saves = |sets: usize| {
            let members = members_of_sets(&units, &sizes, sets);
            let times = i128::try_from(sets).unwrap();
            let saved = match (amount("price"), amount("amount")) {
                (Some(price), _) => worth(&members) - price * times,
                (None, Some(amount)) => amount * times,
                _ => share_of(worth(&members), &discount["percent"], rounding),
            };
            (saved, members)
        };
        let (saved, members) = match dearest && discount["price"].is_object() {
            // of equal ones the fewest
            true => (0..=most).map(saves).rev().max_by_key(|(saved, _)| *saved).unwrap(),
            false => saves(most),
        };
        let mut of_line: BTreeMap<usize, Vec<i128>> = BTreeMap::new();
        for unit in &members {
            of_line.entry(unit.line).or_default().push(unit.left);
        }
        let weights: Vec<i128> = of_line.values().map(|units| units.iter().sum()).collect();
        let rooms = |shares: &[i128]| -> Vec<i128> {
            of_line.keys().zip(shares).map(|(line, share)| self.lines[*line].room().min(*share)).collect()
        };
        let parts = if discount["percent"].is_string() && rounding["level"] == "line" {
            weights.iter().map(|weight| share_of(*weight, &discount["percent"], rounding)).collect()
        } else {
            spread_within(saved.max(0), &weights, &rooms(&weights))
        };
        let take = |((line, units), part): ((&usize, &Vec<i128>), i128)| {
            (*line, self.lines[*line].take_from(units.len(), dearest, part))
        };
        of_line.iter().zip(parts).map(take).collect()
    }
}

// ---- gifts ----

impl Till<'_> {
    /// What units of a product cost that is given, in the cart or not.
    fn gift(&mut self, campaign: &Value, discount: &Value, on_original: bool) -> Vec<(usize, i128)> {
        let products = members(discount, "products");
        let is_known = |amounts: &Value| amounts.is_null() || self.amount(amounts).is_some();
        if !is_known(&discount["amount"])
            || !is_known(&discount["price"])
            || !products.iter().all(|product| is_known(&product["value"]))
        {
            return Vec::new();
        }
        let times = if discount["perBundle"].is_null() { 1 } else { self.sets_in_cart(&discount["perBundle"]) };
        if times == 0 {
            return Vec::new();
        }
        let mut open = discount["choose"].as_u64().unwrap_or(u64::MAX);
        let mut taken = Vec::new();
        let mut missing = Vec::new();
        let mut counted: BTreeMap<usize, i128> = BTreeMap::new();
        for product in products {
            let is_it = |line: &Line| match &product["sku"] {
                Value::Null => line.properties["product"] == product["product"],
                sku => line.properties["sku"] == *sku,
            };
            let mut wanted = product["quantity"].as_i64().map_or(1, i128::from) * times;
            let mut is_chosen = false;
            if open > 0 {
                let mut own: Vec<usize> = (0..self.lines.len())
                    .filter(|at| self.lines[*at].gift_of == &campaign["id"] && is_it(&self.lines[*at]))
                    .collect();
                own.sort_by_key(|at| Reverse(self.lines[*at].price));
                for at in own {
                    let units = (count(&self.lines[at].units) - self.lines[at].used).min(wanted);
                    if units > 0 {
                        (wanted, is_chosen) = (wanted - units, true);
                        taken.push((at, self.give(at, units, campaign, discount, on_original)));
                        self.lines[at].used += units;
                    }
                }
                if discount["units"] == "missing" {
                    let mut there: Vec<(usize, i128)> = Vec::new();
                    let at_hand = self.lines.iter().enumerate();
                    for (at, line) in at_hand.filter(|(_, line)| line.gift_of.is_null() && is_it(line)) {
                        let mut units =
                            if on_original { vec![line.price; line.units.len()] } else { line.units.clone() };
                        units.sort_unstable_by_key(|left| Reverse(*left));
                        let gone = usize::try_from(counted.get(&at).copied().unwrap_or(0)).unwrap();
                        there.extend(units.into_iter().skip(gone).map(|left| (at, left)));
                    }
                    there.sort_by_key(|(_, left)| Reverse(*left));
                    for (at, _) in there.iter().take(usize::try_from(wanted).unwrap()) {
                        *counted.entry(*at).or_default() += 1;
                        (wanted, is_chosen) = (wanted - 1, true);
                    }
                }
            }
            open -= u64::from(is_chosen);
            self.gives |= is_chosen;
            missing.push((product, wanted, is_chosen));
        }
        for (at, units) in counted {
            taken.push((at, self.give(at, units, campaign, discount, on_original)));
        }
        self.promise(campaign, discount, &missing, open);
        taken
    }

    /// Takes what so many units of a line cost less as gifts: those with the most left.
    fn give(&mut self, at: usize, units: i128, campaign: &Value, discount: &Value, on_original: bool) -> i128 {
        let picked = usize::try_from(units).unwrap();
        let (price, amount) = (self.amount(&discount["price"]), self.amount(&discount["amount"]));
        let line = &mut self.lines[at];
        let floor = line.floor;
        let off = |left: i128| {
            let off = match (price, amount) {
                (Some(price), _) => left - price,
                (None, Some(amount)) => amount,
                _ => percent_of_gift(left, discount, campaign),
            };
            off.clamp(0, left - floor)
        };
        if on_original {
            let share = off(line.price) * units;
            return line.take(share);
        }
        if price.is_none() && amount.is_none() {
            let share = line.picked_first(true)[..picked].iter().map(|left| off(*left)).sum();
            return line.take_from(picked, true, share);
        }
        let before = line.left();
        line.picked_first(true)[..picked].iter_mut().for_each(|left| *left -= off(*left));
        before - line.left()
    }

    /// What could be given is promised, as far as there is any and nobody declines.
    fn promise(&mut self, campaign: &Value, discount: &Value, missing: &[(&Value, i128, bool)], open: u64) {
        if members(self.request, "declinedGifts").contains(&campaign["id"]) {
            return;
        }
        let mut promised: Vec<(&str, i128)> = Vec::new();
        let mut unchosen = Vec::new();
        for (product, wanted, is_chosen) in
            missing.iter().filter(|(_, wanted, chosen)| *wanted > 0 && (*chosen || open > 0))
        {
            let (name, id) =
                if product["sku"].is_null() { ("product", &product["product"]) } else { ("sku", &product["sku"]) };
            let there: i128 = members(self.request, "lines")
                .iter()
                .filter(|line| line[name] == *id)
                .map(|line| whole(&line["quantity"]))
                .sum();
            let before: i128 = promised.iter().filter(|(known, _)| id == known).map(|(_, units)| units).sum();
            let stock = members(self.request, "stock").iter().find(|entry| entry[name] == *id);
            let units = stock
                .map_or(*wanted, |entry| (whole(&entry["available"]) - there).max(0))
                .saturating_sub(if stock.is_some() { before } else { 0 });
            let units = units.clamp(0, *wanted);
            if units == 0 {
                continue;
            }
            self.gives = true;
            promised.push((id.as_str().unwrap(), units));
            let value = self.amount(&product["value"]).unwrap();
            let off = match (self.amount(&discount["price"]), self.amount(&discount["amount"])) {
                (Some(price), _) => value - price,
                (None, Some(amount)) => amount,
                _ => percent_of_gift(value, discount, campaign),
            };
            let worth = off.clamp(0, value) * units;
            if *is_chosen {
                self.promised += worth;
            } else {
                unchosen.push(worth);
            }
        }
        unchosen.sort_unstable_by_key(|worth| Reverse(*worth));
        self.promised += unchosen.iter().take(usize::try_from(open).unwrap_or(usize::MAX)).sum::<i128>();
    }
}

/// How much a unit costs less as a gift.
fn percent_of_gift(left: i128, discount: &Value, campaign: &Value) -> i128 {
    let percent = if discount["percent"].is_null() { json!("100") } else { discount["percent"].clone() };
    share_of(left, &percent, &campaign["rounding"])
}

// ---- what is earned ----

/// Points for the money of each rule, times all factors, fractions dropped once for each rule.
fn points(rules: &[&Value], till: &Till<'_>) -> i128 {
    let (mut above, mut below) = (1, 1);
    for rule in rules.iter().filter(|rule| rule["type"] == "points_multiplier") {
        let (numerator, denominator) = decimal(&rule["factor"]);
        (above, below) = (above * numerator, below * denominator);
    }
    let left: Vec<i128> = till.lines.iter().map(Line::left).collect();
    let payments = members(till.request, "payments").iter().filter(|payment| payment["type"] == "points");
    let paid = spread(payments.map(|payment| whole(&payment["amount"])).sum(), &left);
    let mut points = 0;
    for rule in rules.iter().filter(|rule| rule["type"] == "points_per_amount") {
        let Some(per) = till.amount(&rule["per"]) else { continue };
        let worth = |line: usize| if rule["base"] == "original" { till.lines[line].original() } else { left[line] };
        let lines = till.selected(&rule["lines"]);
        let money: i128 = lines.into_iter().map(|line| (worth(line) - paid[line]).max(0)).sum();
        points += money * whole(&rule["points"]) * above / (per * below);
    }
    points
}

// ---- numbers ----

/// A percentage of an amount, with its fraction rounded as the campaign says.
fn share_of(amount: i128, percent: &Value, rounding: &Value) -> i128 {
    let (numerator, denominator) = decimal(percent);
    let (numerator, denominator) = (amount * numerator, denominator * 100);
    let (below, rest) = (numerator / denominator, numerator % denominator);
    let up = match rounding["mode"].as_str().unwrap_or("half_up") {
        "half_up" => 2 * rest >= denominator,
        "half_down" => 2 * rest > denominator,
        "half_even" => 2 * rest > denominator || (2 * rest == denominator && below % 2 == 1),
        "up" => rest > 0,
        _ => false,
    };
    below + i128::from(up)
}

/// A decimal as a fraction: "12.5" is 125 tenths.
fn decimal(text: &Value) -> (i128, i128) {
    let text = text.as_str().unwrap();
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    let denominator = 10_i128.pow(u32::try_from(after.len()).unwrap());
    (format!("{before}{after}").parse().unwrap(), denominator)
}

/// The lines that are no gifts.
fn bought(request: &Value) -> impl Iterator<Item = &Value> {
    members(request, "lines").iter().filter(|line| line["giftOf"].is_null())
}

fn amount(amounts: &Value, request: &Value) -> Option<i128> {
    amounts[request["currency"].as_str().unwrap()].as_i64().map(i128::from)
}

fn price_of_line(line: &Value) -> i128 {
    whole(&line["unitPrice"]) * whole(&line["quantity"])
}

fn whole(value: &Value) -> i128 {
    i128::from(value.as_i64().unwrap())
}

fn count(units: &[i128]) -> i128 {
    i128::try_from(units.len()).unwrap()
}

fn number(value: i128) -> i64 {
    i64::try_from(value).unwrap()
}

fn members<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}
