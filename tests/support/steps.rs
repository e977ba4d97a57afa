//! The steps of hints, taken on requests as a shopper takes them, and the law of hints: taking the steps and quoting
//! again gives exactly what the hint said.

use serde_json::{json, Value};

use crate::laws::{list, number, with_campaign_paused};

/// Quotes a request, in a shop that publishes another document if one is given.
pub type Ask<'a> = &'a mut dyn FnMut(&Value, Option<&Value>) -> Value;

/// What is wrong with the hints of a quote.
pub fn broken_hints(document: &Value, request: &Value, quote: &Value, ask: Ask<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let hints = list(quote, "hints");
    if hints.len() > 8 {
        broken.push(format!("there are no more than 8 hints: {}", hints.len()));
    }
    for pair in hints.windows(2) {
        if !is_in_order(&pair[0], &pair[1]) {
            broken.push(format!("hints come by worth per effort: {} before {}", pair[0], pair[1]));
        }
    }
    for hint in hints {
        let carts = with_steps_taken(document, request, hint);
        let is_end = hint["steps"][0]["code"] == "hurry";
        let mut own = |cart: &Value| {
            // a shop without the campaign does not know its codes, and an unknown one may stop all others
            let others = with_campaign_paused(document, &hint["redeemable"]);
            let without = ask(&without_codes(document, cart, &hint["redeemable"]), Some(&others));
            number(&ask(cart, None), "discountTotal") - number(&without, "discountTotal")
        };
        let now = own(request);
        let mut saves = |cart: &Value| if is_end { now - own(cart) } else { own(cart) - now };
        let told = number(hint, "saves");
        let saving: Vec<&Value> = carts.iter().filter(|cart| saves(cart) == told).collect();
        if saving.is_empty() {
            broken.push(format!("the campaign itself saves what the hint says: {hint} for {request}"));
        }
        if !saving.iter().any(|cart| is_kept(hint, quote, &ask(cart, None))) {
            broken.push(format!("taking the steps gives what the hint says: {hint} for {request}"));
        }
        // of a piece that is no whole unit there are no more
        let is_whole =
            |line: &Value| line["quantity"].as_str().is_none_or(|text| text.ends_with(".0") || !text.contains('.'));
        // a gift tells no price that a step could be taken at
        let bought = list(request, "lines").iter().filter(|line| line["giftOf"].is_null());
        let is_priced = bought.into_iter().any(|line| number(line, "unitPrice") > 0 && is_whole(line));
        let brings = number(hint, "worth") > 0 || number(hint, "points") > 0;
        // no more does a product that is not in the cart yet
        let is_another = list(hint, "steps").iter().any(|step| step["code"] == "add_another");
        let comes_near = !is_priced || is_another || carts.iter().any(|cart| proposes(hint, &ask(cart, None)));
        if !brings && !comes_near {
            broken.push(format!("a hint brings something: {hint} for {request}"));
        }
        if let Some((narrowed, less)) = with_a_unit_less(document, request, hint) {
            let then = ask(&less, Some(&narrowed));
            let (before, after) = (gives(quote, &hint["redeemable"]), gives(&then, &hint["redeemable"]));
            let grows = |name: &str| number(&then, name) - number(quote, name);
            let worth = (grows("discountTotal"), grows("points"));
            if (after.0 > before.0 || after.1 > before.1) && worth > (0, 0) {
                broken.push(format!("no smaller step reaches the threshold: {hint} for {request}"));
            }
        }
    }
    broken
}

/// The request without the codes of a campaign.
fn without_codes(document: &Value, request: &Value, campaign: &Value) -> Value {
    let campaigns = document.as_array().map_or_else(|| list(document, "campaigns"), Vec::as_slice);
    let own = campaigns.iter().find(|one| one["id"] == *campaign).map_or(&[][..], |own| list(own, "codes"));
    let plain = |code: &Value| counterfoil::code::normalise(code.as_str().expect("a code is a text"));
    let own: Vec<String> = own.iter().map(plain).collect();
    let mut without = request.clone();
    if let Some(codes) = without.get_mut("codes").and_then(Value::as_array_mut) {
        codes.retain(|code| !own.contains(&plain(code)));
    }
    without
}

/// Worth per effort, or points per effort where both are worth the same; what has no effort comes last.
fn is_in_order(first: &Value, second: &Value) -> bool {
    let unknown = |hint: &Value| hint["effort"].is_null();
    let per = |a: &Value, name: &str, b: &Value| i128::from(number(a, name)) * i128::from(number(b, "effort").max(1));
    let money = (per(first, "worth", second), per(second, "worth", first));
    let points = (per(first, "points", second), per(second, "points", first));
    (unknown(first), (money.1, points.1)) <= (unknown(second), (money.0, points.0))
}

/// What a campaign takes off in a quote, and what it earns.
fn gives(quote: &Value, campaign: &Value) -> (i64, i64) {
    let of = |name: &str, what: &str| -> i64 {
        let own = list(quote, name).iter().filter(|one| one["redeemable"] == *campaign);
        own.map(|one| number(one, what)).sum()
    };
    (of("outcomes", "discount"), of("earned", "points"))
}

/// Whether the campaign has a gift that can be accepted.
fn proposes(hint: &Value, quote: &Value) -> bool {
    let mut gifts = list(quote, "gifts").iter();
    gifts.any(|gift| gift["redeemable"] == hint["redeemable"] && gift["state"] == "proposed")
}

/// Whether the steps lead to what has no worth yet: any product whose price is not known, or a gift to accept.
fn is_near(hint: &Value, then: &Value) -> bool {
    hint["effort"].is_null() && hint["worth"] == 0 || proposes(hint, then)
}

fn is_kept(hint: &Value, now: &Value, then: &Value) -> bool {
    let is_end = hint["steps"][0]["code"] == "hurry";
    let (less, more) = if is_end { (then, now) } else { (now, then) };
    let grows = |name: &str| number(more, name) - number(less, name);
    let (before, after) = (gives(less, &hint["redeemable"]), gives(more, &hint["redeemable"]));
    let is_given = after.0 > before.0 || after.1 > before.1;
    let is_told = grows("discountTotal") == number(hint, "worth") && grows("points") == number(hint, "points");
    is_told && (is_given || is_near(hint, then))
}

/// The carts in which the steps of a hint are taken: any product that is selected will do, and several may be.
pub fn with_steps_taken(document: &Value, request: &Value, hint: &Value) -> Vec<Value> {
    let campaigns = document.as_array().map_or_else(|| list(document, "campaigns"), Vec::as_slice);
    let campaign = campaigns.iter().find(|campaign| campaign["id"] == hint["redeemable"]);
    let campaign = campaign.expect("a hint names its campaign");
    list(hint, "steps")
        .iter()
        .fold(vec![request.clone()], |carts, step| carts.iter().flat_map(|cart| taken(campaign, cart, step)).collect())
}

fn taken(campaign: &Value, cart: &Value, step: &Value) -> Vec<Value> {
    let params = &step["params"];
    let mut then = cart.clone();
    match step["code"].as_str().expect("a step has a code") {
        "add_another" | "add_another_of" => return with_products(campaign, cart, params, &json!(0), &json!(1)),
        "spend" | "spend_on" => return with_products(campaign, cart, params, &params["amount"], &json!(1)),
        "add_products" | "add_products_of" => {
            return with_products(campaign, cart, params, &json!(0), &params["units"]);
        }
        "add_units" => {
            let line =
                then["lines"].as_array_mut().expect("lines").iter_mut().find(|line| line["id"] == params["line"]);
            let line = line.expect("a step names a line of the request");
            // a quantity may be a text: "3", "3.000"
            let told = line["quantity"].as_str().and_then(|text| text.split('.').next()?.parse().ok());
            let before: i64 = told.unwrap_or_else(|| number(line, "quantity"));
            line["quantity"] = json!(before + number(params, "units"));
        }
        "sign_in" | "join_segment" if params["attribute"] == "segments" || params["attribute"].is_null() => {
            let mut segments = list(&cart["customer"], "segments").to_vec();
            segments.push(if params["segment"].is_null() {
                params["value"].clone()
            } else {
                params["segment"].clone()
            });
            then["customer"]["segments"] = json!(segments);
        }
        "sign_in" if params["attribute"] == "customer.signedIn" => then["customer"]["signedIn"] = json!(true),
        "sign_in" => return with_attribute(cart, params),
        "choose" if params["attribute"] == "shipping" => then["shipping"][0]["id"] = params["value"].clone(),
        "choose" => then[params["attribute"].as_str().expect("an attribute")] = params["value"].clone(),
        "wait" | "hurry" => then["now"] = params["until"].clone(),
        "accept_gift" => {
            // told by its sku or by its product
            let with = |name: &str| {
                let mut then = cart.clone();
                let mut line = json!({ "id": format!("gift {}", list(cart, "lines").len()), "giftOf": campaign["id"] });
                (line["unitPrice"], line["quantity"]) = (params["unitPrice"].clone(), params["units"].clone());
                line[name] = params["value"].clone();
                then["lines"].as_array_mut().expect("lines").push(line);
                then
            };
            return vec![with("sku"), with("product")];
        }
        "enter_code" => {
            let mut codes = list(cart, "codes").to_vec();
            codes.push(params["code"].clone());
            then["codes"] = json!(codes);
        }
        "remove_code" => {
            let codes = then["codes"].as_array_mut().expect("codes");
            let at = codes.iter().position(|code| *code == params["code"]).expect("a step names an entered code");
            codes.remove(at);
        }
        other => panic!("the step `{other}` has no one who takes it"),
    }
    vec![then]
}

/// A line of a product that the campaign may mean: none in particular, or what the step names of what each of its selectors
/// does, else the first.
fn with_products(campaign: &Value, cart: &Value, params: &Value, price: &Value, quantity: &Value) -> Vec<Value> {
    let plain =
        json!({ "id": format!("step {}", list(cart, "lines").len()), "unitPrice": price, "quantity": quantity });
    let mut found = vec![plain.clone()];
    let mut open = vec![campaign];
    while let Some(value) = open.pop() {
        let selectors: Vec<&Value> = ["lines", "are"]
            .iter()
            .filter_map(|name| value.get(name))
            .filter(|selector| selector.is_object())
            .collect();
        if !selectors.is_empty() {
            let mut line = plain.clone();
            selectors.iter().for_each(|selector| be_selected(&mut line, selector, &params["value"], cart));
            found.push(line);
        }
        match value {
            Value::Array(values) => open.extend(values),
            Value::Object(values) => open.extend(values.values()),
            _ => {}
        }
    }
    let with = |line: Value| {
        let mut then = cart.clone();
        then["lines"].as_array_mut().expect("lines").push(line);
        then
    };
    found.into_iter().map(with).collect()
}

/// Gives a line what is told, or else the first, of all that a selector names, beside what it has.
fn be_selected(line: &mut Value, selector: &Value, told: &Value, cart: &Value) {
    let named = |values: &Value| values.as_array()?.iter().find(|value| *value == told).or(values.get(0)).cloned();
    let first = |name: &str| named(&selector[name]);
    let add = |values: &mut Value, value: Value| match values {
        Value::Array(values) => values.push(value),
        none => *none = json!([value]),
    };
    if let Some(category) = first("categories") {
        add(&mut line["categories"], category);
    }
    for (name, member) in [("sku", "skus"), ("product", "products")] {
        if let Some(value) = first(member) {
            line[name] = value;
        }
    }
    for (name, values) in selector["attributes"].as_object().into_iter().flatten() {
        add(&mut line["attributes"][name], values[0].clone());
    }
    for (name, member) in [("brand", "brands"), ("tags", "tags")] {
        if let Some(value) = first(member) {
            add(&mut line["attributes"][name], value);
        }
    }
    if selector["onSale"] == true {
        line["regularPrice"] = json!(number(line, "unitPrice") + 1);
    }
    liked(&selector["favourites"], &cart["customer"]["attributes"], line);
}

/// Gives a line what the customer's attributes name.
fn liked(favourites: &Value, likes: &Value, line: &mut Value) {
    let of = |name: &Value| {
        let value = &likes[name.as_str()?];
        value.get(0).or(Some(value)).filter(|value| !value.is_null()).cloned()
    };
    for (member, name) in [("skus", "sku"), ("products", "product")] {
        if let Some(value) = of(&favourites[member]) {
            line[name] = value;
        }
    }
    if let Some(value) = of(&favourites["categories"]) {
        line["categories"] = json!([value]);
    }
    for (name, attribute) in favourites["attributes"].as_object().into_iter().flatten() {
        if let Some(value) = of(attribute) {
            line["attributes"][name] = value;
        }
    }
}

/// Values are told as texts, whatever they are.
fn with_attribute(cart: &Value, params: &Value) -> Vec<Value> {
    let text = params["value"].as_str().expect("a value");
    let read: Option<Value> = serde_json::from_str(text).ok().filter(|value: &Value| !value.is_null());
    let with = |value: Value| {
        let mut then = cart.clone();
        then["customer"]["attributes"][params["attribute"].as_str().expect("an attribute")] = value;
        then
    };
    [Some(json!(text)), read].into_iter().flatten().map(with).collect()
}

/// The only step of a hint a minor unit or a unit too small, where its threshold is one of the cart as it came in; and the
/// campaigns without such ways around it as ask for something else.
fn with_a_unit_less(document: &Value, request: &Value, hint: &Value) -> Option<(Value, Value)> {
    let [step] = list(hint, "steps") else { return None };
    let depends_on_others =
        ["\"running\"", "\"lanes\"", "\"recheck\":true"].iter().any(|base| document.to_string().contains(base));
    let name = match step["code"].as_str()? {
        "spend" if !depends_on_others => "amount",
        "add_units" if hint["measure"] == "quantity" => "units",
        _ => return None,
    };
    let path: Vec<&str> = step["at"]["pointer"].as_str()?.split('/').skip(1).collect();
    let (["when"], path) = path.split_at_checked(1)? else { return None };
    let less = number(&step["params"], name) - 1;
    if less <= 0 {
        return None;
    }
    let mut smaller = hint.clone();
    smaller["steps"][0]["params"][name] = json!(less);
    let mut narrowed = document.clone();
    let campaigns = if narrowed.is_array() { Some(&mut narrowed) } else { narrowed.get_mut("campaigns") };
    let mut campaigns = campaigns?.as_array_mut()?.iter_mut();
    narrow(&mut campaigns.find(|campaign| campaign["id"] == hint["redeemable"])?["when"], path, name == "units");
    let cart = with_steps_taken(document, request, &smaller).into_iter().next()?;
    Some((narrowed, cart))
}

/// Leaves of all alternatives the one that a path leads to, and those that ask for more of the cart too.
fn narrow(rule: &mut Value, path: &[&str], in_units: bool) {
    let [of, at, path @ ..] = path else { return };
    let (Some(rules), Ok(at)) = (rule[*of].as_array_mut(), at.parse::<usize>()) else { return };
    narrow(&mut rules[at], path, in_units);
    if *of == "any" {
        let meant = rules.remove(at);
        rules.retain(|other| asks_for_more(other, in_units));
        rules.push(meant);
    }
}

/// Whether a rule asks for nothing but more of the cart: money, or units as well.
fn asks_for_more(rule: &Value, in_units: bool) -> bool {
    let alternatives = rule["any"].as_array().or(rule["all"].as_array().filter(|rules| rules.len() == 1));
    if let Some(rules) = alternatives {
        return rules.iter().all(|rule| asks_for_more(rule, in_units));
    }
    let is_open = rule["atMost"].is_null() && rule["lessThan"].is_null() && rule["measured"].is_null();
    // units that come in may change whether their line is selected
    let is_steady = rule["lines"]["quantity"].is_null() && rule["lines"]["subtotal"].is_null();
    is_open
        && match rule["type"].as_str() {
            Some("min_subtotal" | "subtotal") => {
                rule["base"].is_null() && (in_units && is_steady || rule["lines"].is_null())
            }
            Some("min_quantity" | "quantity") => in_units && is_steady,
            _ => false,
        }
}
