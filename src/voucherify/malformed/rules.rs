//! Validation rules as they are written: each asks something that there is, in a way that there is.

use alloc::format;
use alloc::string::String;

use serde_json::Value;

use super::super::fault::Fault;
use super::super::fields::text;
use super::super::logic::Tree;
use super::super::predicate::OPERATORS;

/// What rules ask about, besides what the customer says of itself.
const NAMES: &[&str] = &[
    "order.amount",
    "order.total_amount",
    "order.initial_amount",
    "order.metadata",
    "order.items.count",
    "order.items.price_any",
    "order.items.price_each",
    "order.items.metadata_any",
    "order.items.metadata_each",
    "order.items.every",
    "order.items.any",
    "order.items.none",
    "order.items.cheapest",
    "order.items.most_expensive",
    "order.items.quantity",
    "order.items.aggregated_quantity",
    "order.items.price",
    "order.items.amount",
    "order.items.aggregated_amount",
    "order.items.subtotal",
    "order.items.subtotal_amount",
    "order.items.metadata",
    "campaign.orders.amount",
    "campaign.orders.amount_discounted",
    "redemption.count.per_api_key",
    "redemption.count.per_user",
    "redemption.api_key",
    "redemption.user.login",
    "redemption.metadata",
    "redemption.gift.amount",
    "redemption.reward.pay_with_points.points_used",
    "publication.redeemable_by_linked_customer",
    "custom_event.metadata",
];
/// The same, of which there is one for each day, week and month too.
const COUNTS: &[&str] = &[
    "campaign.redemptions.count",
    "campaign.redemptions.customers_count",
    "redemption.count",
    "redemption.count.per_customer",
];
/// What older rules ask about products and variants.
const OF_PRODUCTS: &[&str] = &[
    "id",
    "price",
    "quantity",
    "aggregated_quantity",
    "aggregated_amount",
    "discount_applicable",
    "discount_applicable_for",
    "metadata",
    "metadata.aggregated_quantity",
    "metadata.aggregated_amount",
    "metadata.discount_applicable",
    "metadata.match_all",
];

fn is_known(name: &str) -> bool {
    let counted = [".daily", ".weekly", ".monthly"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let of_product = ["product.", "sku."].iter().find_map(|object| name.strip_prefix(object));
    NAMES.contains(&name)
        || COUNTS.contains(&counted)
        || of_product.is_some_and(|asked| OF_PRODUCTS.contains(&asked))
        || name.strip_prefix("customer.").is_some_and(|attribute| !attribute.is_empty())
}

fn refused(details: impl Into<String>) -> Fault {
    Fault::new(400, "invalid_validation_rules", "Invalid validation rules", details)
}

/// A set of rules: each asks what there is, and the logic names none that is not there.
pub(super) fn check(row: &Value) -> Result<(), Fault> {
    members(&row["rules"], ".rules")?;
    members(&row["bundle_rules"], ".bundle_rules")
}

fn members(rules: &Value, place: &str) -> Result<(), Fault> {
    let Some(members) = rules.as_object() else {
        return if rules.is_null() { Ok(()) } else { Err(refused(format!("Property {place} should be object"))) };
    };
    let is_rule = |number: &str| number != "logic" && !(place == ".bundle_rules" && number == "limit");
    for (number, rule) in members.iter().filter(|(number, _)| is_rule(number)) {
        let place = format!("{place}.{number}");
        let Some(name) = text(&rule["name"]) else {
            return Err(refused(format!("Property {place}.name should be string")));
        };
        if !is_known(name) {
            return Err(refused(format!("Property {place}.name: no rule is called '{name}'")));
        }
        conditions(&rule["conditions"], &format!("{place}.conditions"))?;
        self::members(&rule["rules"], &format!("{place}.rules"))?;
    }
    let numbers = members.keys().map(String::as_str).filter(|number| is_rule(number));
    let tree = Tree::read(text(&rules["logic"]).unwrap_or_default(), numbers);
    match tree.numbers().into_iter().find(|number| !members.contains_key(*number)) {
        Some(number) => Err(refused(format!("The logic names the rule '{number}', which is not there"))),
        None => Ok(()),
    }
}

fn conditions(conditions: &Value, place: &str) -> Result<(), Fault> {
    let Some(asked) = conditions.as_object() else {
        return if conditions.is_null() { Ok(()) } else { Err(refused(format!("Property {place} should be object"))) };
    };
    match asked.keys().find(|operator| operator.as_str() != "$from" && !OPERATORS.contains(&operator.as_str())) {
        Some(operator) => Err(refused(format!("Property {place}: no condition is called '{operator}'"))),
        None => Ok(()),
    }
}
