//! Collections of products, put in place of where they are named: a document names the products themselves.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::super::fields::{at, decimal, list, text};
use super::super::predicate;
use super::super::project::Project;
use super::Loss;

/// The most products that stand in place of a collection.
const MOST: usize = 1_000;
/// What the filter of a collection may ask; other operators ask what day it is.
const ASKS: [&str; 10] = [
    "$is",
    "$in",
    "$is_not",
    "$not_in",
    "$starts_with",
    "$ends_with",
    "$contains",
    "$not_contain",
    "$has_value",
    "$is_unknown",
];
const COMPARES: [&str; 6] = [
    "$more_than",
    "$more_than_or_equal",
    "$less_than",
    "$less_than_or_equal",
    "$greater_than",
    "$greater_than_or_equal",
];

/// The collections of an export.
#[derive(Debug, Default)]
pub struct Collections {
    by_id: BTreeMap<String, Collection>,
}

#[derive(Debug, Default)]
struct Collection {
    /// What its products are asked; null where it lists them.
    filter: Value,
    products: BTreeSet<String>,
    /// Variants, each with its product.
    skus: BTreeMap<String, String>,
    /// Why it stays a collection.
    stays: Option<&'static str>,
}

impl Collections {
    /// Adds a collection.
    pub fn add(&mut self, row: &Value) {
        let Some(id) = text(&row["id"]) else { return };
        let mut collection = Collection { filter: row["filter"].clone(), ..Collection::default() };
        if let Some(filter) = collection.filter.as_object() {
            let asked = filter.iter().filter(|(name, _)| *name != "junction");
            let is_known = |(name, asked): (&String, &Value)| {
                let operators = asked["conditions"].as_object().into_iter().flatten();
                let known = |operator: &str| ASKS.contains(&operator) || COMPARES.contains(&operator);
                !name.ends_with("_at") && operators.into_iter().all(|(operator, _)| known(operator))
            };
            if !asked.into_iter().all(is_known) {
                collection.stays =
                    Some("it asks what day it is; lines tell the collections they are in as `categories`");
            }
        } else {
            let entries =
                ["products", "skus"].map(|member| list(&row[member]).into_iter().map(move |entry| (member, entry)));
            for (member, entry) in entries.into_iter().flatten() {
                let object = text(&entry["object"]).unwrap_or(if member == "skus" { "sku" } else { "product" });
                collection.take(object, entry);
            }
        }
        self.by_id.insert(id.into(), collection);
    }

    /// Whether products have to be asked which of the collections they are in.
    pub fn asks_products(&self) -> bool {
        self.by_id.values().any(|collection| !collection.filter.is_null() && collection.stays.is_none())
    }

    /// Puts a `product` or a `sku` into the collections whose filters it fits.
    pub fn consider(&mut self, object: &str, row: &Value) {
        // filters that ask what day it is are left out
        let project = Project::new(Value::Null);
        for collection in self.by_id.values_mut().filter(|collection| !collection.filter.is_null()) {
            let compared = collection
                .filter
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(_, asked)| COMPARES.iter().any(|operator| !asked["conditions"][*operator].is_null()));
            let is_day = |value: &Value| !value.is_null() && decimal(value).is_none();
            if compared.into_iter().any(|(name, _)| is_day(at(row, name))) {
                collection.stays =
                    Some("it compares what is no number; lines tell the collections they are in as `categories`");
            } else if predicate::filter(&collection.filter, row, 0, &project) {
                collection.take(object, row);
            }
        }
    }

    /// What is lost of each collection, once all products are known.
    pub fn losses(&mut self) -> Vec<(String, Loss)> {
        let mut losses = Vec::new();
        for (id, collection) in &mut self.by_id {
            let is_filter = !collection.filter.is_null();
            let why = match collection.stays() {
                Some(why) => why,
                None if is_filter => "campaigns name the products that it holds now; those to come are added by hand",
                None => continue,
            };
            let member = if is_filter { "filter" } else { "products" };
            losses.push((id.clone(), Loss { member: member.into(), why: why.into() }));
        }
        losses
    }

    /// Puts products in place of the collections that a value names.
    ///
    /// ```
    /// use counterfoil::voucherify::mapping::collections::Collections;
    /// use serde_json::json;
    /// let mut collections = Collections::default();
    /// collections.add(&json!({ "id": "pc_1", "type": "STATIC", "products": [{ "id": "tea", "object": "product" }, { "id": "mug", "object": "product" }] }));
    /// let mut rule = json!({ "included": [{ "object": "products_collection", "id": "pc_1", "amount_limit": 100 }] });
    /// collections.resolve(&mut rule);
    /// assert_eq!(rule, json!({ "included": [{ "object": "product", "id": "mug", "amount_limit": 100 },
    ///     { "object": "product", "id": "tea", "amount_limit": 100 }] }));
    /// ```
    pub fn resolve(&self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|value| self.resolve(value)),
            Value::Array(elements) => {
                let mut resolved = Vec::with_capacity(elements.len());
                for mut element in core::mem::take(elements) {
                    match self.named(&element) {
                        Some((object, ids)) => resolved.extend(ids.into_iter().map(|id| entry(&element, object, id))),
                        None => {
                            self.resolve(&mut element);
                            resolved.push(element);
                        }
                    }
                }
                *elements = resolved;
            }
            _ => {}
        }
    }

    /// What stands in place of an element that names a collection.
    fn named(&self, element: &Value) -> Option<(&'static str, Vec<&str>)> {
        let object =
            text(&element["object"]).filter(|object| *object != "collection").or_else(|| text(&element["type"]))?;
        let collection = ["products_collection", "product_collection"].contains(&object);
        let collection = self.by_id.get(text(&element["id"])?).filter(|of| collection && of.stays().is_none())?;
        Some(match collection.products.is_empty() {
            false => ("product", collection.products.iter().map(String::as_str).collect()),
            true => ("sku", collection.skus.keys().map(String::as_str).collect()),
        })
    }
}

impl Collection {
    fn take(&mut self, object: &str, row: &Value) {
        let Some(id) = text(&row["id"]) else {
            self.stays = Some("what it lists has no ids; lines tell the collections they are in as `categories`");
            return;
        };
        if object == "sku" {
            self.skus.insert(id.into(), text(&row["product_id"]).unwrap_or_default().into());
        } else {
            self.products.insert(id.into());
        }
    }

    fn stays(&self) -> Option<&'static str> {
        if self.stays.is_some() {
            return self.stays;
        }
        // a product's variants are in wherever it is
        let beside = |product: &String| !self.products.contains(product);
        if !self.products.is_empty() && self.skus.values().any(beside) {
            return Some(
                "one selector names products or variants; lines tell the collections they are in as `categories`",
            );
        }
        match self.products.len().max(self.skus.len()) {
            0 => Some("no products are known of it; lines tell the collections they are in as `categories`"),
            many if many > MOST => {
                Some("it has more than 1,000 products; lines tell the collections they are in as `categories`")
            }
            _ => None,
        }
    }
}

/// The element, for a product.
fn entry(element: &Value, object: &str, id: &str) -> Value {
    let mut entry = element.clone();
    for member in ["name", "source_id"] {
        entry.as_object_mut().and_then(|entry| entry.remove(member));
    }
    if !entry["type"].is_null() {
        entry["type"] = "product_or_sku".into();
    }
    entry["object"] = object.into();
    entry["id"] = id.into();
    entry
}
