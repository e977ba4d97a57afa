//! A line of an order: what the caller sent, what the catalogue knows of its product, and what discounts left.

use alloc::string::String;

use serde_json::{json, Value};

use super::call::Call;
use super::fault::Fault;
use super::fields::{count, owned, row, set, set_if, text, whole, Row};

/// What a line of a stored order has calculated and a new calculation does anew.
const CALCULATED_OF_LINES: &[&str] = &[
    "subtotal_amount",
    "applied_discount_amount",
    "applied_discount_quantity",
    "applied_quantity",
    "applied_quantity_amount",
    "application_details",
];

/// The names under which a product or a variant is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Voucherify's id.
    pub(super) id: Option<String>,
    /// The shop's own id.
    pub(super) source: Option<String>,
    /// What the catalogue says of it.
    pub(super) stored: Value,
}

impl Known {
    /// Whether a text is one of its names.
    pub(super) fn is(&self, name: &str) -> bool {
        self.id.as_deref() == Some(name) || self.source.as_deref() == Some(name)
    }

    /// Whether it is there at all.
    pub(super) fn is_any(&self) -> bool {
        self.id.is_some() || self.source.is_some()
    }

    /// Whether an object, or its id alone, names it.
    pub(super) fn is_named_by(&self, named: &Value) -> bool {
        [named, &named["id"], &named["source_id"]].into_iter().filter_map(text).any(|name| self.is(name))
    }
}

/// A line.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// As it was sent.
    pub(super) sent: Row,
    /// Its product.
    pub(super) product: Known,
    /// Its variant.
    pub(super) sku: Known,
    /// Units.
    pub(super) quantity: i64,
    /// Of one unit.
    pub(super) price: Option<i64>,
    /// Of all units, before discounts.
    pub(super) amount: Option<i64>,
    /// Discounts of the line, those of before included.
    pub(super) discount: i64,
    /// What this step took off it.
    pub(super) applied: i64,
    /// What all steps took off it.
    pub(super) applied_in_all: i64,
    /// Units that are free.
    pub(super) free: i64,
    /// Units that this step made free.
    pub(super) freed: i64,
    /// Units that this step added or took away.
    pub(super) added: i64,
    /// What these are worth.
    pub(super) added_amount: i64,
    /// Units and amount before any were added.
    pub(super) initial: Option<(i64, i64)>,
}

impl Line {
    /// What is left of its amount.
    pub(super) fn left(&self) -> i64 {
        self.amount.unwrap_or(0).saturating_sub(self.discount).max(0)
    }

    /// What one unit costs: the price, or the amount's share.
    pub(super) fn unit_price(&self) -> Option<i64> {
        self.price.or_else(|| self.amount?.checked_div(self.quantity.max(1)))
    }

    /// Takes so much off it.
    pub(super) fn take(&mut self, amount: i64) {
        self.discount = self.discount.saturating_add(amount);
        self.applied = self.applied.saturating_add(amount);
        self.applied_in_all = self.applied_in_all.saturating_add(amount);
    }

    /// Metadata of the line's own, its variant's or its product's.
    pub(super) fn metadata(&self, of: &str) -> Value {
        match of {
            "product" => merged(&self.product.stored["metadata"], self.sent.get("product"), "metadata"),
            "sku" => merged(&self.sku.stored["metadata"], self.sent.get("sku"), "metadata"),
            _ => self.sent.get("metadata").cloned().unwrap_or_default(),
        }
    }
}

fn merged(stored: &Value, sent: Option<&Value>, member: &str) -> Value {
    let mut members = row(stored);
    members.extend(sent.map(|sent| row(&sent[member])).unwrap_or_default());
    members.into()
}

/// An amount that a request may tell.
pub(super) fn amount_of(value: Option<&Value>, at: &str) -> Result<Option<i64>, Fault> {
    match value.filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => match whole(value).filter(|amount| *amount >= 0) {
            Some(amount) => Ok(Some(amount)),
            None => Err(Fault::invalid(alloc::format!("Property {at} should be integer"))),
        },
    }
}

/// Reads a line of a request.
pub(super) fn line(call: &Call, item: &Value, index: usize) -> Result<Line, Fault> {
    if !item.is_object() {
        return Err(Fault::invalid(alloc::format!("Property .order.items[{index}] should be object")));
    }
    let related = text(&item["related_object"]).unwrap_or_default();
    let of = |kind: &str, id: &str| {
        let embedded = &item[kind];
        let source = owned(&item["source_id"]).filter(|_| related == kind).or_else(|| owned(&embedded["source_id"]));
        Known { id: owned(&item[id]).or_else(|| owned(&embedded["id"])), source, stored: Value::Null }
    };
    let sku = known(call, "sku", of("sku", "sku_id"));
    let mut product = of("product", "product_id");
    if !product.is_any() {
        product.id = owned(&sku.stored["product_id"]).or_else(|| owned(&item["sku"]["product_id"]));
    }
    let product = known(call, "product", product);
    let at = |member: &str| alloc::format!(".order.items[{index}].{member}");
    let quantity = amount_of(item.get("quantity"), &at("quantity"))?.unwrap_or(1);
    let price = amount_of(item.get("price"), &at("price"))?;
    let price = price
        .or_else(|| whole(&item["sku"]["price"]))
        .or_else(|| whole(&item["product"]["price"]))
        .or_else(|| whole(&sku.stored["price"]))
        .or_else(|| whole(&product.stored["price"]));
    let given = amount_of(item.get("amount"), &at("amount"))?;
    let amount = given.or_else(|| price.map(|price| price.saturating_mul(quantity)));
    let initial = whole(&item["initial_quantity"]).map(|units| (units, count(&item["initial_amount"])));
    let mut sent = row(item);
    for member in CALCULATED_OF_LINES {
        sent.remove(*member);
    }
    Ok(Line {
        sent,
        product,
        sku,
        quantity,
        price,
        amount,
        discount: count(&item["discount_amount"]).max(0),
        applied: 0,
        applied_in_all: 0,
        free: count(&item["discount_quantity"]),
        freed: 0,
        added: 0,
        added_amount: 0,
        initial,
    })
}

/// What the catalogue knows of a product or a variant.
pub(super) fn known(call: &Call, object: &str, mut known: Known) -> Known {
    let by_id = known.id.as_deref().and_then(|id| call.project.row(object, id));
    let stored = by_id.or_else(|| {
        let name = known.source.as_deref().or(known.id.as_deref())?;
        call.project.one(object, "source_id", name)
    });
    if let Some(stored) = stored {
        known.id = owned(&stored["id"]).or(known.id);
        known.source = owned(&stored["source_id"]).or(known.source);
        known.stored = stored;
    }
    known
}

/// A line as it was sent, with what is known of it.
pub(super) fn item_sent(line: &Line) -> Row {
    let mut item = line.sent.clone();
    set(&mut item, "quantity", line.quantity);
    set_if(&mut item, "product_id", line.product.id.clone());
    set_if(&mut item, "sku_id", line.sku.id.clone());
    set_if(&mut item, "price", line.price);
    set(&mut item, "object", "order_item");
    item
}

/// A line with what discounts made of it.
pub(super) fn item(line: &Line, applied: i64) -> Row {
    let mut item = item_sent(line);
    for (kind, known) in [("product", &line.product), ("sku", &line.sku)] {
        if known.stored.is_object() {
            let members = ["id", "source_id", "name", "sku", "price"];
            let shown = members.into_iter().map(|member| (member.into(), known.stored[member].clone()));
            let shown: Row = shown.filter(|(_, value): &(String, Value)| !value.is_null()).collect();
            item.entry(kind).or_insert_with(|| shown.into());
        }
    }
    set_if(&mut item, "amount", line.amount);
    item.remove("discount_amount");
    if line.discount > 0 {
        set(&mut item, "discount_amount", line.discount);
    }
    if applied > 0 {
        set(&mut item, "applied_discount_amount", applied);
    }
    if line.amount.is_some() {
        set(&mut item, "subtotal_amount", line.left());
    }
    if let Some((units, amount)) = line.initial {
        set(&mut item, "initial_quantity", units);
        if line.amount.is_some() {
            set(&mut item, "initial_amount", amount);
        }
    }
    if line.free > 0 {
        set(&mut item, "discount_quantity", line.free);
    }
    if line.freed > 0 {
        set(&mut item, "applied_discount_quantity", line.freed);
    }
    if line.added != 0 {
        set(&mut item, "applied_quantity", line.added);
        set(&mut item, "applied_quantity_amount", line.added_amount);
    }
    item
}

/// A line of a product or a variant that is not in the order yet.
pub(super) fn new_line(call: &Call, name: &str, override_sent: &Value) -> Line {
    let named = Known { id: Some(name.into()), ..Known::default() };
    let sku = known(call, "sku", named.clone());
    let is_sku = sku.stored.is_object() || name.starts_with("sku_");
    let product = if is_sku { Known { id: owned(&sku.stored["product_id"]), ..Known::default() } } else { named };
    let product = known(call, "product", product);
    let sku = if is_sku { sku } else { Known::default() };
    let price = whole(&override_sent["price"])
        .or_else(|| whole(&sku.stored["price"]))
        .or_else(|| whole(&product.stored["price"]));
    Line {
        sent: row(&json!({})),
        product,
        sku,
        quantity: 0,
        price,
        amount: price.map(|_| 0),
        discount: 0,
        applied: 0,
        applied_in_all: 0,
        free: 0,
        freed: 0,
        added: 0,
        added_amount: 0,
        initial: Some((0, 0)),
    }
}
