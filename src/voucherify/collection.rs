//! Collections of products: those that list them, and those that ask for attributes.

use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::fault::Fault;
use super::fields::{list, row, text, whole};
use super::line::Line;
use super::{predicate, Reply};

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

/// `GET /product-collections/{collection}/products`: the products and variants of a collection, ten by ten.
pub(super) fn products(call: &Call) -> Result<Reply, Fault> {
    let id = call.named("collection");
    let of_all = json!({ "filter": {} });
    let collection = if id == ALL { Some(of_all) } else { call.project.row("product_collection", id) };
    let collection = collection.ok_or_else(|| Fault::not_found("products_collection", id))?;
    let listed: Vec<&Value> = [&collection["products"], &collection["skus"]].into_iter().flat_map(list).collect();
    let names = |entry: &Value, object: &str, row: &Value| {
        let named = [&entry["id"], &entry["source_id"], entry].into_iter().filter_map(text);
        text(&entry["object"]).is_none_or(|own| own == object)
            && named.into_iter().any(|name| row["id"] == name || row["source_id"] == name)
    };
    let mut found = Vec::new();
    for object in ["product", "sku"] {
        let is_in = |row: &Value| match collection["filter"].is_object() {
            true => predicate::filter(&collection["filter"], row, call.now, &call.project),
            false => listed.iter().any(|entry| names(entry, object, row)),
        };
        found.extend(call.project.all(object).into_iter().map(|(_, row)| row).filter(is_in));
    }
    let number = |member: &str, otherwise: i64| whole(&call.query[member]).unwrap_or(otherwise).clamp(1, 1_000);
    let (limit, page) = (number("limit", 10), number("page", 1));
    let skipped = limit.saturating_mul(page.saturating_sub(1));
    let [limit, skipped] = [limit, skipped].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let total = found.len();
    let data: Vec<Value> = found.into_iter().skip(skipped).take(limit).collect();
    Ok(Reply::ok(json!({ "object": "list", "data_ref": "data", "data": data, "total": total })))
}
