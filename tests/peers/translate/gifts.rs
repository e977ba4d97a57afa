//! Free units: what a promotion gives, and the lines of the cart that are given.

use serde_json::{json, Value};

use super::discounts::some;
use super::{object, selectors, stacking, Gaps, Shop, INFORMING};
use crate::form::{AddFreeItem, Effect, Line, Promotion};

/// Stands in the id of a line between the line of the case and whose gift it is.
pub const GIFT_PART: &str = " as a gift of ";

/// The gift of a promotion.
pub fn gift(shop: &Shop<'_>, promotion: &Promotion, effect: &AddFreeItem, gaps: &mut Gaps) -> Value {
    gaps.add_unknown("an effect", &effect.unknown, INFORMING);
    let times = promotion.max_applications.or(promotion.max_sets);
    let once = effect.per_bought.is_none();
    gaps.add_if(once && times.is_some_and(|most| most != 1), "repeated applications");
    let is_limited = promotion.max_units.is_some() || promotion.max_units_per_line.is_some();
    gaps.add_if(is_limited || promotion.group_size.is_some() || promotion.set.is_some(), "gifts of picked units");
    let bought = match promotion.filter.is_empty() {
        true => Some(json!({ "products": [effect.product] })),
        false => selectors::counted(shop, &promotion.filter, gaps),
    };
    let per_bundle = effect.per_bought.map(|units| {
        let of = object([("quantity", some(units)), ("lines", bought)]);
        object([("of", Some(json!([of]))), ("atMost", times.map(Value::from))])
    });
    let product = object([
        ("product", some(effect.product.as_str())),
        ("quantity", effect.quantity.map(Value::from)),
        ("value", effect.percent.is_some().then(|| shop.amount(price_of(shop, &effect.product)))),
    ]);
    object([
        ("type", some("gift")),
        ("products", Some(json!([product]))),
        ("percent", effect.percent.as_deref().map(Value::from)),
        ("perBundle", per_bundle),
    ])
}

/// What the cart says that a product costs.
fn price_of(shop: &Shop<'_>, product: &str) -> i64 {
    let mut lines = shop.case.cart.lines.iter();
    lines.find(|line| line.product() == product).map_or(0, |line| line.unit_price)
}

/// Whose gifts units of a line are: campaign and units. The others are bought.
pub fn parts(shop: &Shop<'_>, line: &Line, quantity: i64, campaigns: &[String]) -> Vec<(String, i64)> {
    let promotions = || shop.case.promotions.iter().zip(campaigns);
    let mut open = match (&line.gift_of, line.gift_units) {
        (_, Some(units)) => units.min(quantity),
        (Some(_), None) => quantity,
        (None, None) => return Vec::new(),
    };
    if let Some(giver) = &line.gift_of {
        let campaign = promotions().find(|(promotion, _)| promotion.id == *giver).map(|(_, campaign)| campaign);
        return vec![(campaign.unwrap_or(giver).clone(), open)];
    }
    // the line does not say whose gifts they are: of each promotion that gives the product, in order
    let mut parts = Vec::new();
    for (promotion, campaign) in promotions() {
        let Effect::AddFreeItem(effect) = &promotion.effect else { continue };
        if effect.product != line.product() || !stacking::is_entered(shop, promotion) {
            continue;
        }
        let units = effect.quantity.unwrap_or(1).min(open);
        if units > 0 {
            open = open.saturating_sub(units);
            parts.push((campaign.clone(), units));
        }
    }
    parts
}
