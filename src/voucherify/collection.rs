//! Collections of products: those that list them, and those that ask for attributes.

use serde_json::Value;

use super::call::Call;
use super::fields::{list, row, text};
use super::line::Line;
use super::predicate;

/// The built-in collection of everything.
pub(super) const ALL: &str = "pc_a11pr0dUc75";

/// Whether a line's product or variant is in a collection.
pub(super) fn contains(call: &Call, id: &str, line: &Line) -> bool {
    if id == ALL {
        return true;
    }
    let Some(collection) = call.project.row("product_collection", id) else { return false };
    if collection["filter"].is_object() {
        let of = |kind: &str| {
            let known = if kind == "sku" { &line.sku } else { &line.product };
            let mut attributes = row(&known.stored);
            attributes.insert("metadata".into(), line.metadata(kind));
            if let Some(price) = line.price {
                attributes.entry("price").or_insert_with(|| price.into());
            }
            for (member, name) in [("id", &known.id), ("source_id", &known.source)] {
                if let Some(name) = name {
                    attributes.insert(member.into(), name.clone().into());
                }
            }
            Value::from(attributes)
        };
        let asks = |attributes: &Value| predicate::filter(&collection["filter"], attributes, call.now, &call.project);
        return (line.product.is_any() && asks(&of("product"))) || (line.sku.is_any() && asks(&of("sku")));
    }
    let lists = [&collection["products"], &collection["skus"]];
    let is_listed = lists.into_iter().flat_map(list).any(|entry| match text(&entry["object"]) {
        Some("sku") => line.sku.is_named_by(entry),
        Some("product") => line.product.is_named_by(entry),
        _ => line.product.is_named_by(entry) || line.sku.is_named_by(entry),
    });
    is_listed
}
