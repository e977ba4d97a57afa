//! What segments may ask of a customer besides what stands in the customer's row: events, orders, redemptions and points, counted from
//! the rows of the project when a filter names them.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value};

use super::call::Call;
use super::customer::Customer;
use super::fields::{count, text, whole};
use crate::money::{Amount, Rate, Rounding};

/// The attributes of a customer that a filter asks about.
pub(super) fn asked(call: &Call, customer: &Customer, filter: &Value) -> Value {
    let mut attributes = customer.row.clone();
    let names: Vec<&String> = filter.as_object().map(|members| members.keys().collect()).unwrap_or_default();
    let asks = |stem: &str| names.iter().any(|name| name.starts_with(stem));
    let rows = |object: &str, member: &str| -> Vec<Value> {
        let ids = customer.id.iter();
        ids.flat_map(|id| call.project.find(object, &[(member, id)])).map(|(_, row)| row).collect()
    };
    if asks("events.") {
        let events = rows("event", "customer_id");
        for name in &names {
            let Some(event) = name.strip_prefix("events.").and_then(|name| name.strip_suffix(".count")) else {
                continue;
            };
            let so_often = events.iter().filter(|row| text(&row["event"]) == Some(event)).count();
            attributes["events"][event] = json!({ "count": so_often });
        }
    }
    if asks("summary.orders.") {
        attributes["summary"]["orders"] = of_orders(&rows("order", "customer_id"));
    }
    if asks("summary.redemptions.") {
        attributes["summary"]["redemptions"] = of_redemptions(&rows("redemption", "customer_id"));
    }
    if asks("loyalty.points") {
        let cards = rows("voucher", "holder_id");
        let points = cards.iter().map(|card| count(&card["loyalty_card"]["balance"])).fold(0, i64::saturating_add);
        attributes["loyalty"] = json!({ "points": points });
    }
    attributes
}

/// Orders that were paid.
fn of_orders(orders: &[Value]) -> Value {
    let is_paid = |order: &&Value| matches!(text(&order["status"]), Some("PAID" | "FULFILLED"));
    let mut paid: Vec<&Value> = orders.iter().filter(is_paid).collect();
    paid.sort_by(|left, right| text(&left["created_at"]).cmp(&text(&right["created_at"])));
    let worth = |order: &Value| whole(&order["total_amount"]).unwrap_or_else(|| count(&order["amount"]));
    let total = paid.iter().map(|order| worth(order)).fold(0, i64::saturating_add);
    let average = i64::try_from(paid.len()).ok().and_then(|orders| Rate::ratio(1, orders));
    let last = paid.last();
    json!({
        "total_amount": total, "total_count": paid.len(),
        "average_amount": average.map(|rate| rate.of(Amount::new(total), Rounding::HalfUp).minor()),
        "last_order_amount": last.map(|order| worth(order)), "last_order_date": last.map(|order| &order["created_at"]),
    })
}

/// Redemptions of single redeemables; a stack is what it holds.
fn of_redemptions(redemptions: &[Value]) -> Value {
    let single = redemptions.iter().filter(|row| {
        text(&row["object"]) == Some("redemption") && text(&row["related_object_type"]) != Some("redemption")
    });
    let rows: Vec<&Value> = single.collect();
    let so_many = |is: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| is(row)).count();
    let succeeded = so_many(&|row| row["result"] == "SUCCESS");
    json!({
        "total_redeemed": succeeded, "total_succeeded": succeeded,
        "total_failed": so_many(&|row| row["result"] == "FAILURE"),
        "total_rolled_back": so_many(&|row| row["status"] == "ROLLED_BACK"),
    })
}
