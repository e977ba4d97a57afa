//! The table of vouchers that Voucherify's dashboard exports.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::voucherify::mapping::members::Unread;
use serde_json::{json, Map, Value};

use super::super::minor;

/// Columns that Voucherify fills for itself.
const BOOKKEEPING: [&str; 6] = ["qr_code", "bar_code", "created_at", "updated_at", "is_referral_code", "category"];

/// The cells of a row, and which of them were read.
struct Cells<'a> {
    cells: &'a BTreeMap<String, String>,
    read: BTreeSet<&'a str>,
}

impl<'a> Cells<'a> {
    /// The first of these columns that has something.
    fn one(&mut self, names: &[&str]) -> Option<&'a str> {
        let (name, text) = names.iter().find_map(|name| self.cells.get_key_value(*name))?;
        self.read.insert(name);
        Some(text)
    }

    fn minor(&mut self, names: &[&str]) -> Option<i64> {
        self.one(names).and_then(minor)
    }

    fn whole(&mut self, names: &[&str]) -> Option<i64> {
        self.one(names).and_then(|text| text.parse().ok())
    }
}

/// A row of the table of vouchers as a voucher, and the columns that say what no voucher has. Amounts stand there in major units.
pub fn of_cells(cells: &BTreeMap<String, String>) -> (Value, Vec<(&str, Unread)>) {
    let mut cells = Cells { cells, read: BTreeSet::new() };
    let mut voucher = Map::new();
    for (member, names) in [
        ("id", &["id"][..]),
        ("code", &["code"]),
        ("type", &["voucher_type", "type"]),
        ("campaign", &["campaign", "campaign_name"]),
        ("campaign_id", &["campaign_id"]),
        ("category_id", &["category_id"]),
        ("start_date", &["start_date"]),
        ("expiration_date", &["expiration_date"]),
        ("additional_info", &["additional_info"]),
        ("holder_id", &["customer_id", "customer_source_id"]),
    ] {
        if let Some(text) = cells.one(names) {
            voucher.insert(member.into(), text.into());
        }
    }
    match cells.one(&["voucher_type", "type"]) {
        Some("GIFT_VOUCHER") => {
            let issued = cells.minor(&["gift_amount", "value"]);
            let balance = cells.minor(&["gift_balance"]).or(issued);
            voucher.insert("gift".into(), json!({ "amount": issued, "balance": balance }));
        }
        Some("LOYALTY_CARD") => {
            let points = cells.whole(&["loyalty_points", "value"]);
            let balance = cells.whole(&["loyalty_balance"]).or(points);
            voucher.insert("loyalty_card".into(), json!({ "points": points, "balance": balance }));
        }
        _ => {
            if let Some(discount) = discount(&mut cells) {
                voucher.insert("discount".into(), discount);
            }
        }
    }
    let quantity = cells.whole(&["redemption_quantity", "redemption_limit"]);
    let used = cells.whole(&["redemption_count", "redeemed_quantity"]);
    voucher.insert("redemption".into(), json!({ "quantity": quantity, "redeemed_quantity": used }));
    if let Some(active) = cells.one(&["active"]) {
        voucher.insert("active".into(), (!active.eq_ignore_ascii_case("false")).into());
    }
    let frame = [cells.one(&["validity_timeframe_interval"]), cells.one(&["validity_timeframe_duration"])];
    if let [Some(interval), Some(duration)] = frame {
        voucher.insert("validity_timeframe".into(), json!({ "interval": interval, "duration": duration }));
    }
    if let Some(days) = cells.one(&["validity_day_of_week"]) {
        let days = days.split(|letter: char| !letter.is_ascii_digit()).filter_map(|day| day.parse::<u8>().ok());
        voucher.insert("validity_day_of_week".into(), days.collect());
    }
    let mut metadata = Map::new();
    for (name, text) in cells.cells {
        if let Some(key) = name.strip_prefix("metadata_") {
            cells.read.insert(name);
            metadata.insert(key.into(), text.as_str().into());
        }
    }
    voucher.insert("metadata".into(), metadata.into());
    let kind = |name: &str| if BOOKKEEPING.contains(&name) { Unread::Bookkeeping } else { Unread::Said };
    let names = cells.cells.keys().map(String::as_str).filter(|name| !cells.read.contains(name));
    (voucher.into(), names.map(|name| (name, kind(name))).collect())
}

/// What the row takes off, where it says so.
fn discount(cells: &mut Cells<'_>) -> Option<Value> {
    let kind = cells.one(&["discount_type"]);
    let value = cells.one(&["value", "discount_value"])?;
    let kind = kind.unwrap_or("AMOUNT");
    let mut discount = json!({ "type": kind });
    match kind {
        "PERCENT" => discount["percent_off"] = value.into(),
        "UNIT" => {
            discount["unit_off"] = value.parse::<i64>().ok().into();
            discount["unit_type"] = cells.one(&["discount_unit_type"]).into();
            discount["effect"] = cells.one(&["discount_unit_effect"]).into();
        }
        "FIXED" => discount["fixed_amount"] = minor(value).into(),
        _ => discount["amount_off"] = minor(value).into(),
    }
    if let Some(limit) = cells.minor(&["discount_amount_limit"]) {
        discount["amount_limit"] = limit.into();
    }
    if let Some(effect) = cells.one(&["discount_effect", "effect"]) {
        discount["effect"] = effect.into();
    }
    Some(discount)
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
            ("QR Code", "https://…"),
            ("Printed on", "paper"),
        ];
        let cells: BTreeMap<String, String> =
            cells.into_iter().map(|(name, text)| (header(name), text.to_string())).collect();
        let (voucher, unread) = of_cells(&cells);
        assert_eq!(voucher["discount"]["amount_off"], 1250);
        assert_eq!(voucher["redemption"]["quantity"], 3);
        assert_eq!(unread, [("printed_on", Unread::Said), ("qr_code", Unread::Bookkeeping)]);
    }
}
