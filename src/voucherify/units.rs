//! Units that are given: added to the order and free, or replaced by better ones.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::collection;
use super::definition::{units_off, Definition};
use super::fields::{list, text, whole};
use super::formula::Scope;
use super::line::{new_line, Line};
use super::order::Order;
use super::till::{self, Off, Part};

/// Gives what a discount of units gives.
pub(super) fn give(call: &Call, definition: &Definition, scope: &Scope<'_>, order: &mut Order) {
    let defined = &definition.defined;
    match text(&defined["effect"]) {
        Some("ADD_MANY_ITEMS") => {
            for unit in list(&defined["units"]) {
                add(call, unit, units_off(unit, scope), order);
            }
        }
        Some("ADD_SAME_ITEMS") => add_same(call, defined, units_off(defined, scope), order),
        Some("REPLACE_ITEMS") => replace(call, defined, order),
        _ if !list(&defined["units"]).is_empty() && defined["unit_type"].is_null() => {
            for unit in list(&defined["units"]) {
                add(call, unit, units_off(unit, scope), order);
            }
        }
        _ => add(call, defined, units_off(defined, scope), order),
    }
}

fn add(call: &Call, unit: &Value, off: i64, order: &mut Order) {
    let name = text(&unit["unit_type"])
        .or_else(|| text(&unit["sku"]["id"]))
        .or_else(|| text(&unit["product"]["id"]))
        .unwrap_or_default();
    let embedded = if unit["sku"].is_object() { &unit["sku"] } else { &unit["product"] };
    let place = order.line_of(name).or_else(|| order.line_of(text(&embedded["source_id"])?));
    let is_missing = text(&unit["effect"]) == Some("ADD_MISSING_ITEMS");
    if place.is_none() && off > 0 {
        order.lines.push(new_line(call, name, embedded));
    }
    let place = place.unwrap_or_else(|| order.lines.len().saturating_sub(1));
    let there = order.lines.get(place).map_or(0, |line| line.quantity);
    let added = if is_missing { off.saturating_sub(there).max(0) } else { off };
    free(order, place, added, off);
}

/// Adds units to a line and makes so many of its units free.
fn free(order: &mut Order, place: usize, added: i64, freed: i64) {
    let Some(line) = order.lines.get_mut(place) else { return };
    if freed <= 0 {
        return;
    }
    grow(line, added);
    line.free = line.free.saturating_add(freed);
    line.freed = line.freed.saturating_add(freed);
    order.amount = order.amount.saturating_add(line.added_amount);
    order.is_changed |= added > 0;
    let Some(price) = line.unit_price().filter(|_| line.amount.is_some()) else { return };
    let part = Part { price, quantity: line.quantity, off: Off::Units(freed), most: line.left(), shared: None };
    line.take(till::take(&[part], &[]).into_iter().sum());
}

/// The line with more units, at its own price: what the engine is asked about. What becomes free of it the engine says.
fn grow(line: &mut Line, added: i64) {
    let price = line.unit_price().filter(|_| line.amount.is_some());
    if line.initial.is_none() {
        line.initial = Some((line.quantity, line.amount.unwrap_or(0)));
    }
    line.quantity = line.quantity.saturating_add(added);
    line.added = added;
    line.added_amount = price.map_or(0, |price| price.saturating_mul(added));
    line.amount = line.amount.map(|amount| amount.saturating_add(line.added_amount));
}

/// Units of a collection that are in the order already: the cheapest first.
fn add_same(call: &Call, defined: &Value, off: i64, order: &mut Order) {
    let named = text(&defined["unit_type"]).or_else(|| text(&defined["products_collection"]["id"]));
    let id = named.unwrap_or(collection::ALL);
    let mut places: Vec<usize> = (0..order.lines.len())
        .filter(|place| order.lines.get(*place).is_some_and(|line| collection::contains(call, id, line)))
        .collect();
    places.sort_by_key(|place| order.lines.get(*place).and_then(Line::unit_price));
    let mut left = off;
    for place in places {
        let units = order.lines.get(place).map_or(0, |line| line.quantity).min(left);
        free(order, place, units, units);
        left = left.saturating_sub(units);
    }
}

/// So many units of one product make place for units of another; what these cost more is the discount.
fn replace(call: &Call, defined: &Value, order: &mut Order) {
    let side = |names: [&str; 3]| names.into_iter().map(|name| &defined[name]).find(|side| side.is_object());
    let (Some(source), Some(target)) = (side(SOURCE), side(["target", "to", "with"])) else {
        return;
    };
    let name = |side: &Value| {
        let names = [&side["unit_type"], &side["id"], &side["sku_id"], &side["product_id"], &side["source_id"]];
        names.into_iter().find_map(|name| text(name).map(alloc::string::String::from)).unwrap_or_default()
    };
    let units = |side: &Value| whole(&side["quantity"]).or_else(|| whole(&side["unit_off"])).unwrap_or(1).max(0);
    let (removed, added) = (units(source), units(target));
    let Some(from) = order.line_of(&name(source)) else { return };
    exchange(call, order, (from, removed), (&name(target), &target["product"], added));
}

/// The members under which a definition names what is replaced.
const SOURCE: [&str; 3] = ["source", "from", "replace"];

/// Whether what is replaced is what the discount is for, and not named by the definition itself.
pub(super) fn replaces_targets(definition: &Definition) -> bool {
    let defined = &definition.defined;
    text(&defined["effect"]) == Some("REPLACE_ITEMS") && SOURCE.iter().all(|name| !defined[*name].is_object())
}

/// Replaces so many units of each line by so many units of the product for each of them.
pub(super) fn replace_targets(
    call: &Call,
    definition: &Definition,
    matched: &[(usize, i64)],
    scope: &Scope<'_>,
    order: &mut Order,
) {
    let defined = &definition.defined;
    let Some(name) = text(&defined["unit_type"]) else { return };
    let each = units_off(defined, scope);
    for (line, units) in matched {
        exchange(call, order, (*line, *units), (name, &defined["product"], units.saturating_mul(each)));
    }
}

fn exchange(
    call: &Call,
    order: &mut Order,
    (from, removed): (usize, i64),
    (name, product, added): (&str, &Value, i64),
) {
    if removed <= 0 || order.lines.get(from).is_none_or(|line| line.quantity < removed) {
        return;
    }
    let to = order.line_of(name).unwrap_or_else(|| {
        order.lines.push(new_line(call, name, product));
        order.lines.len().saturating_sub(1)
    });
    let mut move_units = |place: usize, units: i64| {
        let line = order.lines.get_mut(place)?;
        grow(line, units);
        order.amount = order.amount.saturating_add(line.added_amount);
        Some(line.added_amount)
    };
    let given_up = move_units(from, removed.saturating_neg()).unwrap_or(0);
    let gained = move_units(to, added).unwrap_or(0);
    order.is_changed = true;
    let part = Part::piece(gained, Off::Price(given_up.saturating_neg()));
    let saved: i64 = till::take(&[part], &[]).into_iter().sum();
    if let Some(line) = order.lines.get_mut(to) {
        line.take(saved);
    }
    order.replacements.push(json!({
        "source_index": from, "source_applied_quantity": removed.saturating_neg(),
        "source_applied_quantity_amount": given_up, "target_index": to, "target_applied_quantity": added,
        "target_applied_quantity_amount": gained, "target_applied_discount_amount": saved,
    }));
}
