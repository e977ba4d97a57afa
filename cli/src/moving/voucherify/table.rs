//! The table of vouchers that Voucherify's dashboard exports.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::voucherify::mapping::members::Unread;
use counterfoil::voucherify::mapping::offers::Offer;
use serde_json::{json, Map, Value};

use super::numbers::{are_same, kind_of_discount, of_cell};

/// Columns that Voucherify fills for itself.
const BOOKKEEPING: [&str; 5] = ["qr_code", "bar_code", "created_at", "updated_at", "is_referral_code"];

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

    /// The number of the first of these columns that has something.
    fn number(&mut self, names: &[&str], kind: &str) -> Option<Value> {
        self.one(names).map(|text| of_cell(text, kind))
    }
}

/// A row of the table of vouchers as a voucher, and the columns that say what no voucher has. Amounts stand there in major units.
/// What the row does not say is as the campaign has it.
pub fn of_cells<'a>(cells: &'a BTreeMap<String, String>, base: Option<&Offer>) -> (Value, Vec<(&'a str, Unread)>) {
    let mut cells = Cells { cells, read: BTreeSet::new() };
    let mut voucher = Map::new();
    for (member, names) in [
        ("id", &["id"][..]),
        ("code", &["code"]),
        ("type", &["voucher_type", "type"]),
        ("campaign", &["campaign", "campaign_name"]),
        ("campaign_id", &["campaign_id"]),
        ("category_id", &["category_id"]),
        ("category", &["category"]),
        ("start_date", &["start_date"]),
        ("expiration_date", &["expiration_date"]),
        ("additional_info", &["additional_info"]),
        ("holder_id", &["customer_id", "customer_source_id"]),
    ] {
        if let Some(text) = cells.one(names) {
            voucher.insert(member.into(), text.into());
        }
    }
    let of_campaign = base.map(|base| match base.kind {
        "gift_card" => "GIFT_VOUCHER",
        "points" => "LOYALTY_CARD",
        _ => "DISCOUNT_VOUCHER",
    });
    let kind = cells.one(&["voucher_type", "type"]).or(of_campaign);
    if let Some(kind) = kind {
        voucher.insert("type".into(), kind.into());
    }
    match kind {
        Some("GIFT_VOUCHER") => {
            let issued = cells.number(&["gift_amount", "value", "discount_value"], "AMOUNT");
            let balance = cells.number(&["gift_balance"], "AMOUNT").or_else(|| issued.clone());
            voucher.insert("gift".into(), json!({ "amount": issued, "balance": balance }));
        }
        Some("LOYALTY_CARD") => {
            let points = cells.number(&["loyalty_points", "value"], "");
            let balance = cells.number(&["loyalty_balance"], "").or_else(|| points.clone());
            voucher.insert("loyalty_card".into(), json!({ "points": points, "balance": balance }));
        }
        _ => {
            let of_campaign = base.filter(|base| base.kind == "discount").map(|base| &base.said["discount"]);
            if let Some(discount) = discount(&mut cells, of_campaign.unwrap_or(&Value::Null)) {
                voucher.insert("discount".into(), discount);
            }
        }
    }
    let quantity = cells.number(&["redemption_quantity", "redemption_limit"], "");
    let used = cells.number(&["redemption_count", "redeemed_quantity"], "");
    voucher.insert("redemption".into(), json!({ "quantity": quantity, "redeemed_quantity": used }));
    if let Some(active) = cells.one(&["active"]) {
        let told = match active.to_ascii_lowercase().as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => Value::from(active),
        };
        voucher.insert("active".into(), told);
    }
    let frame = [cells.one(&["validity_timeframe_interval"]), cells.one(&["validity_timeframe_duration"])];
    if frame.iter().any(Option::is_some) {
        let [interval, duration] = frame;
        voucher.insert("validity_timeframe".into(), json!({ "interval": interval, "duration": duration }));
    }
    if let Some(days) = cells.one(&["validity_day_of_week"]) {
        let days = days.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|day| !day.is_empty());
        let number = |day: &str| day.parse::<u8>().map_or_else(|_| day.into(), Value::from);
        voucher.insert("validity_day_of_week".into(), days.map(number).collect());
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

/// What the row takes off, where it says so: the campaign's discount, but for what the row says otherwise.
fn discount(cells: &mut Cells<'_>, of_campaign: &Value) -> Option<Value> {
    let known = kind_of_discount(of_campaign).map(|(kind, _)| kind);
    let said = cells.one(&["discount_type"]);
    let value = cells.one(&["value", "discount_value"]);
    if value.is_none() && known.is_none() {
        return None;
    }
    let kind = said.or(known).unwrap_or("AMOUNT");
    let is_same = known == Some(kind);
    // the terms of units are not those of what is taken off
    let is_laid_over = is_same || known.is_some_and(|known| known != "UNIT" && kind != "UNIT");
    let mut discount = of_campaign.as_object().filter(|_| is_laid_over).cloned().unwrap_or_default();
    if !is_same {
        discount.retain(|member, _| ["effect", "amount_limit", "aggregated_amount_limit"].contains(&member.as_str()));
        discount.insert("type".into(), kind.into());
    }
    let (_, member) = kind_of_discount(&json!({ "type": kind })).unwrap_or(("AMOUNT", "amount_off"));
    let mut numbers = vec![("amount_limit", cells.number(&["discount_amount_limit"], "AMOUNT"), "AMOUNT")];
    // units of several products have a number each, which a row has not
    if of_campaign["units"].is_null() || !is_same {
        numbers.push((member, value.map(|value| of_cell(value, kind)), kind));
    }
    for (member, number, kind) in numbers {
        if let Some(number) = number.filter(|number| !are_same(number, &of_campaign[member], kind) || !is_laid_over) {
            discount.insert(member.into(), number);
        }
    }
    for (member, names) in
        [("unit_type", &["discount_unit_type"][..]), ("effect", &["discount_unit_effect", "discount_effect", "effect"])]
    {
        if let Some(text) = cells.one(names) {
            discount.insert(member.into(), text.into());
        }
    }
    Some(discount.into())
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
        let (voucher, unread) = of_cells(&cells, None);
        assert_eq!(voucher["discount"]["amount_off"], 1250);
        assert_eq!(voucher["redemption"]["quantity"], 3);
        assert_eq!(unread, [("printed_on", Unread::Said), ("qr_code", Unread::Bookkeeping)]);
    }
}
