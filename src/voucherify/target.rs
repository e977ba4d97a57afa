//! Which lines and units a discount is for: products, variants and collections that are named, in the order and with the
//! limits that each of them sets.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::fields::{count, list, row, set, text, whole};
use super::formula::Scope;
use super::line::Line;
use super::order::Order;
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
        for Run { line, count, .. } in units {
            let here = scope.of_line(line);
            targets.matched.push(Matched {
                line,
                units: count,
                entry: index,
                price: definition::money(entry, "price", &here),
                limit: definition::money(entry, "amount_limit", &here),
            });
        }
    }
    targets
}

/// Units of a line that an entry chooses: so many, each a step from the one before. A line may have millions of units.
#[derive(Clone, Copy, Debug)]
struct Run {
    line: usize,
    /// The number of the first one, from 1.
    first: i64,
    step: i64,
    count: i64,
}

impl Run {
    fn numbers(self) -> Vec<i64> {
        (0..self.count).map(|place| self.first.saturating_add(place.saturating_mul(self.step))).collect()
    }
}

/// Which places of a sequence an entry chooses: after some, every so manieth, or the first of these alone.
#[derive(Clone, Copy, Debug)]
struct Places {
    skip: i64,
    repeat: i64,
    is_single: bool,
}

impl Places {
    /// Those from a place on, as the place of the first one among them, and how many they are.
    fn among(self, from: i64, count: i64) -> (i64, i64) {
        let ahead = self.skip.saturating_sub(from);
        let first = if ahead >= 0 { ahead } else { ahead.checked_rem_euclid(self.repeat).unwrap_or(0) };
        let rest = count.saturating_sub(first);
        let found = match rest > 0 {
            true if self.is_single => i64::from(ahead >= 0),
            true => rest.saturating_sub(1).checked_div(self.repeat).unwrap_or(0).saturating_add(1),
            false => 0,
        };
        (first, found)
    }
}

/// The units of the lines that an entry chooses.
fn chosen(entry: &Value, lines: &[usize], scope: &Scope<'_>, budget: &UnitsLeft<'_>) -> Vec<Run> {
    let order = scope.order;
    let price = |line: &usize| order.lines.get(*line).and_then(Line::unit_price).unwrap_or(0);
    let mut sorted = lines.to_vec();
    let effect = text(&entry["effect"]).unwrap_or("APPLY_TO_EVERY");
    if effect.ends_with("CHEAPEST") {
        sorted.sort_by_key(price);
    } else if effect.ends_with("MOST_EXPENSIVE") {
        sorted.sort_by_key(|line| core::cmp::Reverse(price(line)));
    }
    let is_by_unit = text(&entry["target"]) == Some("UNIT");
    let limit = |member: &str| definition_units(entry, member, scope);
    let places = Places {
        skip: limit("skip_initially").unwrap_or(0).max(0),
        repeat: limit("repeat").unwrap_or(1).max(1),
        is_single: matches!(effect, "APPLY_TO_CHEAPEST" | "APPLY_TO_MOST_EXPENSIVE"),
    };
    let per_line = limit("quantity_limit").unwrap_or(i64::MAX);
    let mut left = limit("aggregated_quantity_limit").unwrap_or(i64::MAX);
    // lines share budgets: what one takes is not there for the next
    let mut spent: BTreeMap<String, i64> = BTreeMap::new();
    let mut passed = 0_i64;
    let mut runs = Vec::new();
    for line in sorted {
        let Some(there) = order.lines.get(line) else { continue };
        let stretch = if is_by_unit { there.quantity } else { 1 };
        let (first, found) = places.among(passed, stretch);
        passed = passed.saturating_add(stretch);
        let (first, step, wanted) = match (is_by_unit, found > 0) {
            (_, false) => continue,
            (true, true) => (first.saturating_add(1), places.repeat, found),
            (false, true) => (1, 1, there.quantity),
        };
        let budgets = budget(entry, there);
        let rest = |(name, most): &(String, i64)| most.saturating_sub(spent.get(name).copied().unwrap_or(0));
        let count = budgets.iter().map(rest).fold(wanted.min(per_line).min(left), i64::min);
        if count <= 0 {
            continue;
        }
        left = left.saturating_sub(count);
        for (name, _) in budgets {
            let spent = spent.entry(name).or_default();
            *spent = spent.saturating_add(count);
        }
        runs.push(Run { line, first, step, count });
    }
    runs
}

fn definition_units(entry: &Value, member: &str, scope: &Scope<'_>) -> Option<i64> {
    let formula = definition::formula_of(entry, member);
    formula.and_then(|formula| super::formula::rounded(formula, scope)).or_else(|| whole(&entry[member]))
}

fn told(entry: &Value, order: &Order, units: &[Run]) -> Value {
    let mut told = row(entry);
    set(&mut told, "strict", text(&entry["object"]) == Some("product") && !units.is_empty());
    told.entry("effect").or_insert_with(|| "APPLY_TO_EVERY".into());
    if !units.is_empty() {
        set(&mut told, "order_item_indices", units.iter().map(|run| run.line).collect::<Vec<_>>());
        let all = order.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity));
        if all > MAX_LISTED_UNITS {
            set(&mut told, "units_limit_exceeded", true);
        } else {
            let listed = units.iter().map(|run| json!({ "index": run.line, "units": run.numbers() }));
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
