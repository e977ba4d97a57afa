//! The form's `when` as conditions. All of them must hold.

use serde_json::{json, Value};

use super::{object, selectors, taxes, Gaps, Shop};
use crate::form::{ProductQuantity, When};

/// The conditions of a promotion. What each line must be is `of_lines` and said by the discount then.
pub fn conditions(shop: &Shop<'_>, when: &[When], of_lines: bool, gaps: &mut Gaps) -> Vec<Value> {
    when.iter().flat_map(|when| of_one(shop, when, of_lines, gaps)).collect()
}

fn of_one(shop: &Shop<'_>, when: &When, of_lines: bool, gaps: &mut Gaps) -> Vec<Value> {
    gaps.add_unknown("a condition", &when.unknown, &[]);
    let is_of_some_lines = when.cart_subtotal_at_least.is_some()
        || when.cart_quantity_at_least.is_some()
        || when.any_line_quantity_at_least.is_some()
        || when.line_has_no_discount.is_some()
        || when.has_category.is_some()
        || when.has_any_category.is_some();
    gaps.add_if(!is_of_some_lines && !when.filter.is_empty(), "a filter beside a condition on the whole cart");
    let base = base(when, gaps);
    let lines = selectors::counted(shop, &when.filter, gaps);
    let untouched = lines.clone();
    let has_category = when.has_category.is_some() || when.has_any_category.is_some();
    gaps.add_if(has_category && when.filter.category_in.is_some(), "a line of two categories");
    let filtered = lines.clone();
    let in_category = |categories: Value| {
        let mut lines = filtered.clone().unwrap_or_else(|| json!({}));
        lines["categories"] = categories;
        contains(lines)
    };
    let tax = taxes::other_mode(shop, when.tax_mode.as_ref(), gaps);
    let subtotal = when.cart_subtotal_at_least.map(|least| {
        let mut condition = least_subtotal(shop, least, lines.clone(), base);
        if let Some(mode) = tax {
            condition["tax"] = json!(mode);
        }
        condition
    });
    let of_one_line = when.any_line_quantity_at_least.map(|least| {
        let mut condition = least_quantity(least, lines.clone());
        condition["measured"] = json!("line");
        condition
    });
    let quantity = when.cart_quantity_at_least.map(|least| least_quantity(least, lines));
    let of_product = |wanted: &ProductQuantity| {
        let lines = json!({ "products": [wanted.product] });
        least_quantity(wanted.quantity, Some(lines))
    };
    let in_segment = |groups: &Vec<String>| json!({ "type": "segment", "anyOf": groups });
    let orders_before = |nth: i64| {
        let before = nth.saturating_sub(1);
        json!({ "type": "order_count", "atLeast": before, "atMost": before })
    };
    let without_discount = |none: bool| {
        let condition = object([("type", Some(json!("undiscounted"))), ("lines", untouched.clone())]);
        if none {
            condition
        } else {
            json!({ "not": condition })
        }
    };
    let conditions = [
        subtotal,
        quantity,
        of_one_line,
        when.product_quantity_at_least.as_ref().map(of_product),
        when.has_category.as_ref().map(|category| in_category(json!([category]))),
        when.has_any_category.as_ref().map(|categories| in_category(json!(categories))),
        when.customer_group_in.as_ref().map(in_segment),
        when.nth_order.map(orders_before),
        when.line_has_no_discount.filter(|_| !of_lines).map(without_discount),
    ];
    let sale = (when.no_sale_items_in_cart == Some(true)).then(|| selectors::on_sale(shop)).into_iter().flatten();
    let without_sale = sale.map(|lines| json!({ "not": contains(lines) }));
    conditions.into_iter().flatten().chain(without_sale).collect()
}

/// A subtotal that the lines must reach.
pub fn least_subtotal(shop: &Shop<'_>, least: i64, lines: Option<Value>, base: Option<&str>) -> Value {
    let amount = Some(shop.amount(least));
    let base = base.map(|base| json!(base));
    object([("type", Some(json!("min_subtotal"))), ("amount", amount), ("lines", lines), ("base", base)])
}

fn least_quantity(quantity: i64, lines: Option<Value>) -> Value {
    object([("type", Some(json!("min_quantity"))), ("quantity", Some(json!(quantity))), ("lines", lines)])
}

fn contains(lines: Value) -> Value {
    json!({ "type": "contains", "lines": lines })
}

/// At what prices a threshold is measured; original ones when it does not say.
fn base(when: &When, gaps: &mut Gaps) -> Option<&'static str> {
    match when.base.as_deref() {
        None | Some("original") => None,
        Some("current" | "running" | "remaining") => Some("running"),
        Some("after_previous_lanes") => Some("lanes"),
        Some(other) => {
            gaps.add(format!("a threshold on the base `{other}`"));
            None
        }
    }
}
