//! Which lines and units a discount is for: products, variants and collections that are named, in the order and with the
//! limits that each of them sets.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::fields::{count, list, row, set, text, whole};
use super::formula::Scope;
use super::order::{Line, Order};
use super::{collection, definition};

/// Above so many units the answer does not list them.
const MAX_LISTED_UNITS: i64 = 1_000;

/// A line that is discounted, and how.
#[derive(Clone, Debug)]
pub(super) struct Matched {
    /// Its place in the order.
    pub(super) line: usize,
    /// How many of its units.
    pub(super) units: i64,
    /// Of which entry.
    pub(super) entry: usize,
    /// The new price that the entry sets.
    pub(super) price: Option<i64>,
    /// The most it takes off this line.
    pub(super) limit: Option<i64>,
}

/// What a discount is for.
#[derive(Clone, Debug, Default)]
pub(super) struct Targets {
    /// The lines, in the order in which they are discounted.
    pub(super) matched: Vec<Matched>,
    /// The entries, with what they match.
    pub(super) told: Vec<Value>,
    /// What is left out.
    pub(super) excluded: Vec<Value>,
    /// The entries as they are named.
    pub(super) entries: Vec<Value>,
    /// By entry: the most it takes off in all.
    pub(super) limits: Vec<Option<i64>>,
}

/// What rules say of the products that a discount is for.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// Entries that include.
    pub(super) included: Vec<Value>,
    /// Entries that leave out.
    pub(super) excluded: Vec<Value>,
    /// Whether everything is included that is not left out.
    pub(super) all: bool,
}

impl Named {
    /// Reads `applicable_to` in either form.
    pub(super) fn add(&mut self, applicable: &Value, inapplicable: &Value) {
        let included = &applicable["included"];
        self.included.extend(
            list(if included.is_null() && applicable["excluded"].is_null() { applicable } else { included })
                .into_iter()
                .filter(|entry| is_entry(entry))
                .cloned(),
        );
        self.excluded.extend(
            list(&applicable["excluded"])
                .into_iter()
                .chain(list(inapplicable))
                .filter(|entry| is_entry(entry))
                .cloned(),
        );
        self.all |= applicable["included_all"].as_bool().unwrap_or(false);
    }

    /// Two rules may name the same products; they are named once.
    pub(super) fn once(&mut self) {
        for entries in [&mut self.included, &mut self.excluded] {
            let mut kept: Vec<Value> = Vec::new();
            entries.retain(|entry| {
                let is_new = !kept.contains(entry);
                kept.push(entry.clone());
                is_new
            });
        }
    }

    /// Whether any product is named.
    pub(super) fn is_any(&self) -> bool {
        self.all || !self.included.is_empty() || !self.excluded.is_empty()
    }
}

fn is_entry(entry: &Value) -> bool {
    entry.is_object() && (text(&entry["id"]).is_some() || text(&entry["source_id"]).is_some())
}

/// Whether an entry means a line.
pub(super) fn means(call: &Call, entry: &Value, line: &Line) -> bool {
    let object = text(&entry["object"]).or_else(|| text(&entry["type"]));
    match object {
        Some("products_collection" | "product_collection") => {
            text(&entry["id"]).is_some_and(|id| collection::contains(call, id, line))
        }
        Some("sku") => line.sku.is_named_by(entry),
        Some("product") => line.product.is_named_by(entry),
        _ => line.sku.is_named_by(entry) || line.product.is_named_by(entry),
    }
}

/// How many units of a line an entry may still discount, by what limits them.
pub(super) type UnitsLeft<'a> = dyn Fn(&Value, &Line) -> Vec<(String, i64)> + 'a;

/// The lines that a discount is for.
pub(super) fn targets(call: &Call, named: &Named, scope: &Scope<'_>, budget: &UnitsLeft<'_>) -> Targets {
    let order = scope.order;
    let is_excluded = |line: &Line| named.excluded.iter().any(|entry| means(call, entry, line));
    let mut entries = named.included.clone();
    if entries.is_empty() || named.all {
        entries.push(json!({ "object": "products_collection", "id": collection::ALL, "effect": "APPLY_TO_EVERY" }));
    }
    let mut targets = Targets { excluded: named.excluded.clone(), ..Targets::default() };
    let mut taken: BTreeMap<usize, i64> = BTreeMap::new();
    let is_told = !named.included.is_empty() || named.all;
    for entry in &entries {
        let index = targets.limits.len();
        let lines: Vec<usize> = order
            .lines
            .iter()
            .enumerate()
            .filter(|(index, line)| !taken.contains_key(index) && means(call, entry, line) && !is_excluded(line))
            .map(|(index, _)| index)
            .collect();
        let units = chosen(entry, &lines, scope, budget);
        taken.extend(lines.iter().map(|line| (*line, 0)));
        targets.entries.push(entry.clone());
        targets.limits.push(definition::money(entry, "aggregated_amount_limit", scope));
        if is_told {
            targets.told.push(told(entry, order, &units));
        }
        for (line, units) in units {
            let here = scope.of_line(line);
            targets.matched.push(Matched {
                line,
                units: i64::try_from(units.len()).unwrap_or(i64::MAX),
                entry: index,
                price: definition::money(entry, "price", &here),
                limit: definition::money(entry, "amount_limit", &here),
            });
        }
    }
    targets
}

/// The units of the lines, numbered from 1, that an entry chooses.
fn chosen(entry: &Value, lines: &[usize], scope: &Scope<'_>, budget: &UnitsLeft<'_>) -> Vec<(usize, Vec<i64>)> {
    let order = scope.order;
    let price = |line: &usize| order.lines.get(*line).and_then(Line::unit_price).unwrap_or(0);
    let quantity = |line: usize| order.lines.get(line).map_or(0, |line| line.quantity);
    let mut sorted = lines.to_vec();
    let effect = text(&entry["effect"]).unwrap_or("APPLY_TO_EVERY");
    if effect.ends_with("CHEAPEST") {
        sorted.sort_by_key(price);
    } else if effect.ends_with("MOST_EXPENSIVE") {
        sorted.sort_by_key(|line| core::cmp::Reverse(price(line)));
    }
    let is_single = matches!(effect, "APPLY_TO_CHEAPEST" | "APPLY_TO_MOST_EXPENSIVE");
    let by_unit = text(&entry["target"]) == Some("UNIT");
    let sequence: Vec<(usize, i64)> = if by_unit {
        sorted.iter().flat_map(|line| (1..=quantity(*line)).map(|unit| (*line, unit))).collect()
    } else {
        sorted.iter().map(|line| (*line, 0)).collect()
    };
    let limit = |member: &str| definition_units(entry, member, scope);
    let skip = limit("skip_initially").unwrap_or(0);
    let repeat = limit("repeat").unwrap_or(1).max(1);
    let is_chosen = |place: usize| {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        place >= skip && place.saturating_sub(skip).checked_rem(repeat) == Some(0) && (!is_single || place == skip)
    };
    let per_line = limit("quantity_limit");
    let mut left = limit("aggregated_quantity_limit").unwrap_or(i64::MAX);
    // lines share budgets: what one takes is not there for the next
    let mut spent: BTreeMap<String, i64> = BTreeMap::new();
    let mut units: Vec<(usize, Vec<i64>)> = Vec::new();
    for (place, (line, unit)) in sequence.into_iter().enumerate() {
        if !is_chosen(place) {
            continue;
        }
        if units.last().is_none_or(|(last, _)| *last != line) {
            units.push((line, Vec::new()));
        }
        let Some((_, of_line)) = units.last_mut() else { continue };
        let budgets = order.lines.get(line).map(|line| budget(entry, line)).unwrap_or_default();
        let most = per_line.unwrap_or(i64::MAX);
        let numbers = if by_unit { unit..=unit } else { 1..=quantity(line) };
        for number in numbers {
            let has_left = |(name, most): &(String, i64)| spent.get(name).copied().unwrap_or(0) < *most;
            if left > 0
                && i64::try_from(of_line.len()).is_ok_and(|so_far| so_far < most)
                && budgets.iter().all(has_left)
            {
                of_line.push(number);
                left = left.saturating_sub(1);
                for (name, _) in &budgets {
                    let spent = spent.entry(name.clone()).or_default();
                    *spent = spent.saturating_add(1);
                }
            }
        }
    }
    units.retain(|(_, of_line)| !of_line.is_empty());
    units
}

fn definition_units(entry: &Value, member: &str, scope: &Scope<'_>) -> Option<i64> {
    let formula = definition::formula_of(entry, member);
    formula.and_then(|formula| super::formula::rounded(formula, scope)).or_else(|| whole(&entry[member]))
}

fn told(entry: &Value, order: &Order, units: &[(usize, Vec<i64>)]) -> Value {
    let mut told = row(entry);
    set(&mut told, "strict", text(&entry["object"]) == Some("product") && !units.is_empty());
    told.entry("effect").or_insert_with(|| "APPLY_TO_EVERY".into());
    if !units.is_empty() {
        set(&mut told, "order_item_indices", units.iter().map(|(line, _)| *line).collect::<Vec<_>>());
        let all = order.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity));
        if all > MAX_LISTED_UNITS {
            set(&mut told, "units_limit_exceeded", true);
        } else {
            let listed = units.iter().map(|(line, units)| json!({ "index": line, "units": units }));
            set(&mut told, "order_item_units", listed.collect::<Vec<_>>());
        }
    }
    told.into()
}

/// A list as answers have it.
pub(super) fn listing(entries: &[Value]) -> Value {
    json!({ "data": entries, "total": entries.len(), "data_ref": "data", "object": "list" })
}

/// Names of budgets of discounted units, with what they count.
pub(super) fn unit_budgets(
    entry: &Value,
    line: &Line,
    campaign: &str,
    tier: &str,
    customer: &str,
) -> Vec<(String, i64)> {
    let product = line.product.id.as_deref().or(line.product.source.as_deref()).or(line.sku.id.as_deref());
    // a limit is of all that its entry names; one of products in a collection is of each of them
    let named = text(&entry["id"]).or_else(|| text(&entry["source_id"])).unwrap_or_default();
    let mut budgets = Vec::new();
    for (member, most) in row(entry) {
        let Some(kind) = member.strip_suffix("_quantity_limit") else { continue };
        let scope = if kind.ends_with("campaign") {
            campaign
        } else if kind.ends_with("promotion_tier") {
            tier
        } else {
            continue;
        };
        let what = if kind.contains("in_collection") { product.unwrap_or_default() } else { named };
        let who = if kind.contains("customer") { customer } else { "" };
        let name = ["units", scope, what, who].join("|").to_string();
        if whole(&most).is_some() {
            budgets.push((name, count(&most)));
        }
    }
    budgets
}
