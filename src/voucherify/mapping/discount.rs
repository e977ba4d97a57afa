//! Discounts and the products they are for.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::super::definition::{percent_text, Definition, Effect, Kind};
use super::super::fields::{decimal, list, number, row, set, text, whole, Row};
use super::super::target::Named;
use super::formula::{told, Asks, Counts};
use super::{dynamic, Report};

/// What an entry of `applicable_to` says besides what it names.
pub(super) const TERMS: &[&str] = &[
    "effect",
    "target",
    "skip_initially",
    "repeat",
    "quantity_limit",
    "aggregated_quantity_limit",
    "amount_limit",
    "aggregated_amount_limit",
    "price",
    "price_formula",
];

/// What a discount that is no units may apply to.
const EFFECTS: [&str; 5] = [
    "APPLY_TO_ORDER",
    "APPLY_TO_ITEMS",
    "APPLY_TO_ITEMS_BY_QUANTITY",
    "APPLY_TO_ITEMS_PROPORTIONALLY",
    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
];

/// What a discount may be.
const KINDS: [&str; 4] = ["AMOUNT", "PERCENT", "FIXED", "UNIT"];

/// The discounts of a definition; none where they cannot be read.
pub(super) fn to_document(defined: &Value, named: &Named, currency: &str, report: &mut Report) -> Vec<Value> {
    let is_known = text(&defined["type"]).is_none_or(|kind| KINDS.contains(&kind));
    let Some(definition) = Definition::read(defined, named.is_any()).filter(|_| is_known) else {
        report.rule_lost("discount.type", "this kind of discount is not known");
        return Vec::new();
    };
    if definition.kind == Kind::Unit {
        return gifts(defined, currency, report);
    }
    if text(&defined["effect"]).is_some_and(|effect| !EFFECTS.contains(&effect)) {
        report.rule_lost("discount.effect", "this effect is not known");
    }
    let is_named_twice = |entry: &Value| text(&entry["id"]).is_some() && text(&entry["source_id"]).is_some();
    if named.included.iter().chain(&named.excluded).any(is_named_twice) {
        report.lost("applicable_to.source_id", "products are named by their id alone");
    }
    let of_order = definition.effect == Effect::Order;
    let groups = if of_order { alloc::vec![(Row::new(), Vec::new())] } else { grouped(named) };
    if groups.len() > 1 && matches!(definition.effect, Effect::ByAmount | Effect::ByQuantity) {
        report.rule_lost("applicable_to", "one amount is spread over lines that one selector names");
    }
    if groups.len() > 1 && !defined["aggregated_amount_limit"].is_null() {
        report.rule_lost("discount.aggregated_amount_limit", "one limit is over lines that one selector names");
    }
    let mut earlier: Vec<&Value> = named.excluded.iter().collect();
    let mut discounts = Vec::new();
    for (terms, entries) in &groups {
        let whole_order = of_order || (entries.is_empty() && earlier.is_empty());
        let dynamic = dynamic::base(&definition, terms, whole_order, currency, report);
        if dynamic.is_none() && !is_readable(&definition, terms, report) {
            return Vec::new();
        }
        let mut discount = dynamic.unwrap_or_else(|| base(&definition, terms, currency));
        if let Some(lines) = selector(entries, &earlier, report).filter(|_| !of_order) {
            set(&mut discount, "lines", lines);
        } else if !of_order {
            set(&mut discount, "lines", json!({}));
        }
        limits(&definition, terms, currency, &mut discount, report);
        discounts.push(discount.into());
        earlier.extend(entries.iter().copied());
    }
    discounts
}

/// Whether there is a number that says how much it is.
fn is_readable(definition: &Definition, terms: &Row, report: &mut Report) -> bool {
    let own = terms.get("price").filter(|price| !price.is_null());
    let is_own = definition.kind == Kind::Fixed && definition.effect != Effect::Order;
    let number = own.filter(|_| is_own).unwrap_or(&definition.defined[definition.member()]);
    let is_read = match definition.kind {
        Kind::Percent => {
            decimal(number).is_some_and(|percent| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&percent))
        }
        _ => whole(number).is_some_and(|amount| amount >= 0),
    };
    if !is_read {
        let what = if definition.kind == Kind::Percent { "percentage from 0 to 100" } else { "amount in minor units" };
        let member = alloc::format!("discount.{}", definition.member());
        let number = text(number).map_or_else(|| number.to_string(), String::from);
        report.rule_lost(&member, &alloc::format!("{number} is no {what}: nothing is off until it is put right"));
    }
    is_read
}

/// A limit; one that cannot be read is told.
fn limit(member: &str, value: &Value, report: &mut Report) -> Option<i64> {
    let limit = whole(value).filter(|limit| *limit >= 0);
    if limit.is_none() && !value.is_null() {
        report.rule_lost(member, &alloc::format!("{value} is no limit"));
    }
    limit
}

/// Entries that say the same besides what they name; of one kind each.
fn grouped(named: &Named) -> Vec<(Row, Vec<&Value>)> {
    let mut groups: Vec<(Row, Vec<&Value>)> = Vec::new();
    for entry in &named.included {
        let mut terms: Row = row(entry);
        terms.retain(|member, value| TERMS.contains(&member.as_str()) && !value.is_null());
        if text(&entry["effect"]) == Some("APPLY_TO_EVERY") {
            terms.remove("effect");
        }
        let kind = text(&entry["object"]);
        let is_same = |(known, entries): &&mut (Row, Vec<&Value>)| {
            *known == terms && entries.first().is_some_and(|first| text(&first["object"]) == kind)
        };
        match groups.iter_mut().find(is_same) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((terms, alloc::vec![entry])),
        }
    }
    if groups.is_empty() || named.all {
        groups.push((Row::new(), Vec::new()));
    }
    groups
}

pub(super) fn selector(entries: &[&Value], excluded: &[&Value], report: &mut Report) -> Option<Value> {
    let mut lines = names(entries);
    let except = names(excluded);
    if !except.is_empty() {
        set(&mut lines, "except", except);
    }
    if entries.iter().any(|entry| text(&entry["id"]) == Some(super::super::collection::ALL)) {
        lines.remove("categories");
    } else if entries.iter().any(|entry| text(&entry["object"]) == Some("products_collection")) {
        report.lost("applicable_to.products_collection", "lines tell the collections they are in as `categories`");
    }
    (!lines.is_empty()).then(|| lines.into())
}

fn names(entries: &[&Value]) -> Row {
    let mut lines = Row::new();
    for entry in entries {
        let member = match text(&entry["object"]) {
            Some("sku") => "skus",
            Some("products_collection" | "product_collection") => "categories",
            _ => "products",
        };
        let name = text(&entry["id"]).or_else(|| text(&entry["source_id"])).unwrap_or_default();
        let listed = lines.entry(member).or_insert_with(|| json!([]));
        if let Some(listed) = listed.as_array_mut() {
            listed.push(name.into());
        }
    }
    lines
}

fn base(definition: &Definition, terms: &Row, currency: &str) -> Row {
    let defined = &definition.defined;
    let amount = |value: &Value| json!({ currency: whole(value).unwrap_or(0) });
    row(&match (definition.kind, definition.effect) {
        (Kind::Percent, _) => {
            json!({ "type": "percent_off", "percent": percent_text(decimal(&defined["percent_off"]).unwrap_or_default()) })
        }
        (Kind::Fixed, Effect::Order) => json!({ "type": "fixed_price", "price": amount(&defined["fixed_amount"]) }),
        (Kind::Fixed, _) => {
            let own = terms.get("price").filter(|price| !price.is_null());
            json!({ "type": "fixed_unit_price", "price": amount(own.unwrap_or(&defined["fixed_amount"])) })
        }
        (_, effect) => {
            let mut off = json!({ "type": "amount_off", "amount": amount(&defined["amount_off"]) });
            match effect {
                Effect::Items => off["per"] = "line".into(),
                Effect::Units => off["per"] = "unit".into(),
                Effect::ByQuantity => off["spreadBy"] = "quantity".into(),
                Effect::Order | Effect::ByAmount => {}
            }
            off
        }
    })
}

fn limits(definition: &Definition, terms: &Row, currency: &str, discount: &mut Row, report: &mut Report) {
    let defined = &definition.defined;
    let mut term = |member: &str| limit(member, terms.get(member).unwrap_or(&Value::Null), report);
    let least = |left: Option<i64>, right: Option<i64>| left.into_iter().chain(right).min();
    let [own_per_line, own_in_all] = ["amount_limit", "aggregated_amount_limit"].map(&mut term);
    let (skip, every) = (term("skip_initially").unwrap_or(0), term("repeat").unwrap_or(1).max(1));
    let units = [("quantity_limit", "maxUnitsPerLine"), ("aggregated_quantity_limit", "maxUnits")];
    let units = units.map(|(from, to)| (from, to, term(from)));
    let mut of_all = |member: &str| limit(&alloc::format!("discount.{member}"), &defined[member], report);
    let per_line = least(of_all("amount_limit"), own_per_line);
    let in_all = least(of_all("aggregated_amount_limit"), own_in_all);
    let of_order = definition.effect == Effect::Order;
    let cap = if of_order { least(per_line, in_all) } else { in_all };
    if let Some(cap) = cap {
        set(discount, "cap", json!({ currency: cap }));
        if !of_order {
            set(discount, "capSpread", "in_turn");
        }
    }
    if let Some(per_line) = per_line.filter(|_| !of_order) {
        set(discount, "capPerLine", json!({ currency: per_line }));
    }
    let effect = terms.get("effect").and_then(text).unwrap_or_default();
    let is_single = matches!(effect, "APPLY_TO_CHEAPEST" | "APPLY_TO_MOST_EXPENSIVE");
    let by_unit = terms.get("target").and_then(text) == Some("UNIT");
    if is_single || skip > 0 || every > 1 {
        let mut count_off = row(&json!({ "by": if by_unit { "unit" } else { "line" } }));
        for (member, value) in [("skip", skip), ("every", every)] {
            if value > i64::from(member == "every") {
                set(&mut count_off, member, value);
            }
        }
        if is_single {
            set(&mut count_off, "atMost", 1);
        }
        set(discount, "countOff", count_off);
    }
    // lines use a limit of all of them up in their order
    let mut is_picked = discount.contains_key("countOff") || discount.contains_key("capSpread");
    for (from, to, limit) in units {
        if let Some(limit) = limit {
            if definition.kind == Kind::Amount && definition.effect != Effect::Units {
                report.rule_lost(from, "only an amount per unit is limited to units");
            } else {
                set(discount, to, limit);
                is_picked = true;
            }
        }
    }
    if is_picked {
        let pick = match effect {
            effect if effect.ends_with("CHEAPEST") => "cheapest",
            effect if effect.ends_with("MOST_EXPENSIVE") => "dearest",
            _ => "listed",
        };
        set(discount, "pick", pick);
    }
}

fn gifts(defined: &Value, currency: &str, report: &mut Report) -> Vec<Value> {
    let units = if defined["units"].is_array() { list(&defined["units"]) } else { alloc::vec![defined] };
    if defined["units"].is_array() && text(&defined["effect"]).is_some_and(|effect| effect != "ADD_MANY_ITEMS") {
        report.rule_lost("discount.effect", "units of several products are added as `ADD_MANY_ITEMS`");
    }
    let mut gifts = Vec::new();
    for unit in units {
        let effect = text(&unit["effect"]).unwrap_or("ADD_NEW_ITEMS");
        let is_known = ["ADD_NEW_ITEMS", "ADD_MISSING_ITEMS"].contains(&effect);
        let Some(name) = text(&unit["unit_type"]).filter(|_| is_known) else {
            report.rule_lost("discount.effect", "this way of giving units is written by hand");
            continue;
        };
        if !unit["unit_off"].is_null() && whole(&unit["unit_off"]).is_none_or(|units| units < 0) {
            report.rule_lost("discount.unit_off", &alloc::format!("{} is no number of units", unit["unit_off"]));
            continue;
        }
        let member = if name.starts_with("sku_") { "sku" } else { "product" };
        let mut product = json!({ member: name, "quantity": whole(&unit["unit_off"]).unwrap_or(1) });
        if let Some(formula) = text(&unit["unit_off_formula"]) {
            let asks = Asks { currency, lines: false, whole_order: true };
            let place = "discount.unit_off_formula";
            let expression = dynamic::expression(formula, None, Counts::Number, asks, place, report);
            if let Some(expression) = expression {
                product["quantityFormula"] = json!({ "round": expression });
            }
        }
        let mut gift = row(&json!({ "type": "gift", "products": [product] }));
        if effect == "ADD_MISSING_ITEMS" {
            set(&mut gift, "units", "missing");
        }
        gifts.push(gift.into());
    }
    gifts
}

/// Whether discounts differ only in the lines they are for.
pub(super) fn are_entries(discounts: &[&Value]) -> bool {
    let stem = |discount: &&Value| {
        let mut stem = row(discount);
        if text(&discount["takes"]) == Some("unit_price") {
            stem.remove("formula");
        }
        for member in [
            "lines",
            "cap",
            "capPerLine",
            "capSpread",
            "countOff",
            "maxUnits",
            "maxUnitsPerLine",
            "perBundle",
            "pick",
            "price",
            "products",
            "quantity",
            "units",
        ] {
            stem.remove(member);
        }
        stem
    };
    discounts.first().is_some_and(|first| discounts.iter().all(|discount| stem(discount) == stem(first)))
}

/// The definition of discounts that differ only in their lines, and the entries these are.
pub(super) fn to_offer(discounts: &[&Value], currency: &str, report: &mut Report) -> Option<(Value, Option<Value>)> {
    let first = *discounts.first()?;
    let amount = |value: &Value| value[currency].clone();
    let has_lines = first["lines"].is_object();
    let (kind, mut defined) = match text(&first["type"]) {
        Some("percent_off") => {
            let percent = decimal(&first["percent"]).map(number).unwrap_or_default();
            let effect = if has_lines { "APPLY_TO_ITEMS" } else { "APPLY_TO_ORDER" };
            (Kind::Percent, json!({ "type": "PERCENT", "percent_off": percent, "effect": effect }))
        }
        Some("amount_off") => {
            let effect = match (text(&first["per"]), text(&first["spreadBy"])) {
                (Some("line"), _) => "APPLY_TO_ITEMS",
                (Some("unit"), _) => "APPLY_TO_ITEMS_BY_QUANTITY",
                (_, Some("quantity")) => "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY",
                _ if has_lines => "APPLY_TO_ITEMS_PROPORTIONALLY",
                _ => "APPLY_TO_ORDER",
            };
            (Kind::Amount, json!({ "type": "AMOUNT", "amount_off": amount(&first["amount"]), "effect": effect }))
        }
        Some("fixed_price") if !has_lines => (
            Kind::Fixed,
            json!({ "type": "FIXED", "fixed_amount": amount(&first["price"]), "effect": "APPLY_TO_ORDER" }),
        ),
        Some("fixed_unit_price") => (
            Kind::Fixed,
            json!({ "type": "FIXED", "fixed_amount": amount(&first["price"]), "effect": "APPLY_TO_ITEMS" }),
        ),
        Some("gift") => return Some((units(discounts, currency, report), None)),
        Some("formula_off") => dynamic::to_offer(first, currency, report)?,
        Some(other) => {
            report.lost("discounts.type", &alloc::format!("no offer gives `{other}`"));
            return None;
        }
        None => return None,
    };
    let is_one = discounts.len() == 1;
    if !has_lines {
        if let Some(cap) = whole(&first["cap"][currency]) {
            let member = if kind == Kind::Percent { "amount_limit" } else { "aggregated_amount_limit" };
            defined[member] = cap.into();
        }
        return Some((defined, None));
    }
    if is_one {
        for (from, to) in [("cap", "aggregated_amount_limit"), ("capPerLine", "amount_limit")] {
            if let Some(limit) = whole(&first[from][currency]) {
                defined[to] = limit.into();
            }
        }
    }
    let mut included = Vec::new();
    let mut excluded: Vec<Value> = Vec::new();
    for (index, discount) in discounts.iter().enumerate() {
        let terms = terms(discount, currency, is_one, kind);
        for mut entry in entries(&discount["lines"]) {
            entry.extend(terms.clone());
            included.push(Value::from(entry));
        }
        if entries(&discount["lines"]).is_empty() && (!terms.is_empty() || !is_one) {
            let mut entry = row(&json!({ "object": "products_collection", "id": super::super::collection::ALL }));
            entry.extend(terms);
            included.push(entry.into());
        }
        if index == 0 {
            excluded.extend(entries(&discount["lines"]["except"]).into_iter().map(Value::from));
        }
    }
    let applicable = match (included.is_empty(), excluded.is_empty()) {
        (true, true) => None,
        _ => Some(json!({ "included": included, "excluded": excluded })),
    };
    Some((defined, applicable))
}

pub(super) fn entries(lines: &Value) -> Vec<Row> {
    let mut entries = Vec::new();
    for (member, object) in [("products", "product"), ("skus", "sku"), ("categories", "products_collection")] {
        for name in list(&lines[member]) {
            entries.push(row(&json!({ "object": object, "id": name })));
        }
    }
    entries
}

fn terms(discount: &Value, currency: &str, is_one: bool, kind: Kind) -> Row {
    let mut terms = Row::new();
    let count_off = &discount["countOff"];
    let is_single = whole(&count_off["atMost"]) == Some(1);
    let effect: Option<String> = match text(&discount["pick"]) {
        Some("cheapest") => Some(if is_single { "APPLY_TO_CHEAPEST" } else { "APPLY_FROM_CHEAPEST" }.into()),
        Some("dearest") => Some(if is_single { "APPLY_TO_MOST_EXPENSIVE" } else { "APPLY_FROM_MOST_EXPENSIVE" }.into()),
        _ => None,
    };
    super::super::fields::set_if(&mut terms, "effect", effect);
    if count_off.is_object() {
        set(&mut terms, "target", if text(&count_off["by"]) == Some("line") { "ITEM" } else { "UNIT" });
    }
    for (from, to) in [
        (&count_off["skip"], "skip_initially"),
        (&count_off["every"], "repeat"),
        (&discount["maxUnitsPerLine"], "quantity_limit"),
        (&discount["maxUnits"], "aggregated_quantity_limit"),
    ] {
        super::super::fields::set_if(&mut terms, to, whole(from));
    }
    if !is_one {
        for (from, to) in [("cap", "aggregated_amount_limit"), ("capPerLine", "amount_limit")] {
            super::super::fields::set_if(&mut terms, to, whole(&discount[from][currency]));
        }
        if kind == Kind::Fixed && discount["formula"].is_null() {
            super::super::fields::set_if(&mut terms, "price", whole(&discount["price"][currency]));
        } else if kind == Kind::Fixed {
            let (formula, number) = dynamic::parts(&discount["formula"], Counts::Money, currency);
            super::super::fields::set_if(&mut terms, "price_formula", formula.ok());
            super::super::fields::set_if(&mut terms, "price", number);
        }
    }
    terms
}

fn units(discounts: &[&Value], currency: &str, report: &mut Report) -> Value {
    let mut units: Vec<Value> = Vec::new();
    for gift in discounts {
        let product = list(&gift["products"]).first().copied().cloned().unwrap_or_default();
        let name = text(&product["sku"]).or_else(|| text(&product["product"])).unwrap_or_default();
        let effect = if text(&gift["units"]) == Some("missing") { "ADD_MISSING_ITEMS" } else { "ADD_NEW_ITEMS" };
        if list(&gift["products"]).len() > 1 {
            report.lost("discounts.products", "units of one product are given");
        }
        let quantity = whole(&product["quantity"]).unwrap_or(1);
        let mut unit = json!({ "effect": effect, "unit_off": quantity, "unit_type": name });
        let expression = &product["quantityFormula"];
        if !expression.is_null() {
            let expression = if expression["round"].is_null() { expression } else { &expression["round"] };
            match told(expression, Counts::Number, currency) {
                Ok(formula) => unit["unit_off_formula"] = formula.into(),
                Err(why) => report.lost("discounts.products.quantityFormula", &why),
            }
        }
        units.push(unit);
    }
    match units.as_slice() {
        [unit] => {
            let mut one = row(unit);
            set(&mut one, "type", "UNIT");
            one.into()
        }
        _ => json!({ "type": "UNIT", "effect": "ADD_MANY_ITEMS", "units": units }),
    }
}
