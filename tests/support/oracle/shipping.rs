//! Discounts on shipping.

use serde_json::Value;

use super::numbers::share_of;
use super::selection::shares_a_value;
use super::spreading::{spread, spread_within};
use super::till::Till;

impl Till<'_> {
    /// Off shipping, charge by charge or all together; nothing when an amount is not told in the currency.
    pub(super) fn ship_cheaper(
        &mut self,
        discount: &Value,
        rounding: &Value,
        on_original: bool,
        most: i128,
    ) -> Option<i128> {
        let told = |name: &str| match &discount[name] {
            Value::Null => Some(None),
            amounts => self.amount(amounts).map(Some),
        };
        let (cap, mut amount, mut price) = (told("cap")?.unwrap_or(i128::MAX), told("amount")?, told("price")?);
        let mut percent = discount["percent"].clone();
        if !discount["formula"].is_null() {
            let fresh = on_original.then(|| Till::open(self.document, self.request));
            let till = fresh.as_ref().unwrap_or(self);
            let number = till.worked_out(&discount["formula"], discount)?.whole().max(0);
            match discount["takes"].as_str() {
                Some("percent") => percent = Value::from(number.min(100).to_string()),
                Some("price") => price = Some(number),
                _ => amount = Some(number),
            }
        }
        let together = discount["per"] == "order";
        let offer = |(method, original, left): &(&Value, i128, i128)| {
            let left = if on_original { *original } else { *left };
            let meant = discount["methods"].is_null() || shares_a_value(&discount["methods"], method);
            let share = match (&percent, amount, price) {
                (percent @ Value::String(_), ..) => share_of(left, percent, rounding),
                (_, Some(amount), _) if !together => amount.min(left),
                (.., Some(price)) => (left - price).max(0),
                _ => left,
            };
            if meant {
                share.min(if together { left } else { cap })
            } else {
                0
            }
        };
        let mut offered: Vec<i128> = self.shipping.iter().map(offer).collect();
        if together {
            offered = spread(cap.min(amount.unwrap_or(i128::MAX)), &offered);
        }
        offered.iter_mut().zip(&self.shipping).for_each(|(share, (.., left))| *share = (*left).min(*share));
        if offered.iter().sum::<i128>() > most {
            offered = spread_within(most, &offered, &offered);
        }
        let mut taken = 0;
        for ((.., left), share) in self.shipping.iter_mut().zip(offered) {
            *left -= share;
            taken += share;
        }
        Some(taken)
    }
}
