//! Taxes, where a case asks for the other side of them. Where it does not, prices are just prices.

use serde_json::{json, Value};

use super::{Gaps, Shop};
use crate::form::Effect;

/// Whether a mode is how the cart's prices are, or there is no tax that would make a difference.
pub fn is_own_mode(shop: &Shop<'_>, mode: &str) -> bool {
    let cart = &shop.case.cart;
    let of_charges = cart.shipping.iter().map(|charge| charge.tax_rate_bp);
    let mut rates = cart.lines.iter().map(|line| line.tax_rate_bp).chain(of_charges);
    let untaxed = rates.all(|rate| rate.unwrap_or(0) == 0);
    untaxed || cart.prices_include_tax == Some(mode == "gross")
}

/// The side on which something is told, when that is not the cart's own.
pub fn other_mode<'a>(shop: &Shop<'_>, mode: Option<&'a String>, gaps: &mut Gaps) -> Option<&'a str> {
    let mode = mode.map(String::as_str)?;
    if !matches!(mode, "net" | "gross") {
        gaps.add(format!("the tax mode `{mode}`"));
        return None;
    }
    Some(mode).filter(|mode| !is_own_mode(shop, mode))
}

/// Whether the request must tell taxes: a threshold or a cap is told on the other side.
pub fn decide(shop: &Shop<'_>) -> bool {
    let modes = shop.case.promotions.iter().flat_map(|promotion| {
        let of_cap = match &promotion.effect {
            Effect::Percent(effect) if effect.max_amount.is_some() => effect.cap_basis.as_ref(),
            _ => None,
        };
        promotion.when.iter().filter_map(|when| when.tax_mode.as_ref()).chain(of_cap)
    });
    modes.into_iter().any(|mode| !is_own_mode(shop, mode))
}

/// Whether prices contain tax, in the words of a request.
pub fn prices(shop: &Shop<'_>) -> &'static str {
    if shop.case.cart.prices_include_tax == Some(true) {
        "gross"
    } else {
        "net"
    }
}

/// Notes what taxes in the request would change besides the thresholds.
pub fn check(shop: &Shop<'_>, gaps: &mut Gaps) {
    if !decide(shop) {
        return;
    }
    gaps.add_if(shop.case.cart.prices_include_tax.is_none(), "prices of which it is not told whether they contain tax");
    let asks_due = shop.case.strict.iter().any(|name| name == "amount_due");
    gaps.add_if(asks_due && prices(shop) == "net", "an amount due without tax beside taxes");
}

/// Hundredths of a percent as a decimal text.
pub fn percent(basis_points: i64) -> Value {
    json!(format!("{}.{:02}", basis_points / 100, basis_points % 100))
}
