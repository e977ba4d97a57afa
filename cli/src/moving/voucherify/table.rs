//! The table of vouchers that Voucherify's dashboard exports.

use std::collections::BTreeMap;

use serde_json::{json, Map, Value};

use super::super::minor;

/// A row of the table of vouchers as a voucher. Amounts stand there in major units.
pub fn of_cells(cells: &BTreeMap<String, String>) -> Value {
    let cell = |names: &[&str]| names.iter().find_map(|name| cells.get(*name));
    let mut voucher = Map::new();
    let mut set = |member: &str, value: Value| voucher.insert(member.into(), value);
    let mut used = vec!["value".to_string()];
    for (member, names) in [
        ("code", &["code"][..]),
        ("type", &["voucher_type", "type"]),
        ("campaign", &["campaign", "campaign_name"]),
        ("campaign_id", &["campaign_id"]),
        ("category_id", &["category_id"]),
        ("start_date", &["start_date"]),
        ("expiration_date", &["expiration_date"]),
        ("additional_info", &["additional_info"]),
        ("holder_id", &["customer_id", "customer_source_id"]),
    ] {
        if let Some(text) = cell(names) {
            set(member, text.as_str().into());
        }
        used.extend(names.iter().map(|name| (*name).to_string()));
    }
    let amount = |names: &[&str]| cell(names).and_then(|text| minor(text));
    let value = cell(&["value", "discount_value"]).cloned().unwrap_or_default();
    match cell(&["voucher_type", "type"]).map(String::as_str) {
        Some("GIFT_VOUCHER") => {
            let issued = amount(&["gift_amount", "value"]);
            set("gift", json!({ "amount": issued, "balance": amount(&["gift_balance"]).or(issued) }));
        }
        Some("LOYALTY_CARD") => {
            let points = cell(&["loyalty_points", "value"]).and_then(|text| text.parse::<i64>().ok());
            let balance = cell(&["loyalty_balance"]).and_then(|text| text.parse::<i64>().ok());
            set("loyalty_card", json!({ "points": points, "balance": balance.or(points) }));
        }
        _ => {
            let kind = cell(&["discount_type"]).map_or("AMOUNT", String::as_str);
            let mut discount = json!({ "type": kind });
            match kind {
                "PERCENT" => discount["percent_off"] = value.as_str().into(),
                "UNIT" => {
                    discount["unit_off"] = value.parse::<i64>().ok().into();
                    discount["unit_type"] = cell(&["discount_unit_type"]).cloned().into();
                    discount["effect"] = cell(&["discount_unit_effect"]).cloned().into();
                }
                "FIXED" => discount["fixed_amount"] = minor(&value).into(),
                _ => discount["amount_off"] = minor(&value).into(),
            }
            if let Some(limit) = amount(&["discount_amount_limit"]) {
                discount["amount_limit"] = limit.into();
            }
            if let Some(effect) = cell(&["discount_effect", "effect"]) {
                discount["effect"] = effect.as_str().into();
            }
            set("discount", discount);
        }
    }
    let number = |names: &[&str]| cell(names).and_then(|text| text.parse::<i64>().ok());
    let quantity = number(&["redemption_quantity", "redemption_limit"]);
    set(
        "redemption",
        json!({ "quantity": quantity, "redeemed_quantity": number(&["redemption_count", "redeemed_quantity"]) }),
    );
    if let Some(active) = cell(&["active"]) {
        set("active", (!active.eq_ignore_ascii_case("false")).into());
    }
    let metadata: Map<String, Value> = cells
        .iter()
        .filter_map(|(name, text)| Some((name.strip_prefix("metadata_")?.to_string(), text.as_str().into())))
        .collect();
    set("metadata", metadata.into());
    Value::from(voucher)
}

#[cfg(test)]
mod tests {
    use super::super::super::header;
    use super::*;

    #[test]
    fn a_row_of_the_table_is_a_voucher_in_minor_units() {
        let cells = [
            ("Code", "A"),
            ("Voucher Type", "DISCOUNT_VOUCHER"),
            ("Discount Type", "AMOUNT"),
            ("Value", "12.50"),
            ("Redemption Quantity", "3"),
        ];
        let cells = cells.into_iter().map(|(name, text)| (header(name), text.to_string())).collect();
        let voucher = of_cells(&cells);
        assert_eq!(voucher["discount"]["amount_off"], 1250);
        assert_eq!(voucher["redemption"]["quantity"], 3);
    }
}
