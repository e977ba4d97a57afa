//! From the neutral form to a campaign document and a request. The form is translated, not the cases: what it says and
//! the documents cannot is a gap, never approximated.

mod cart;
mod conditions;
mod discounts;
mod gaps;
mod gifts;
mod loyalty;
mod promotions;
mod selectors;
mod stacking;
mod taxes;

use serde_json::{json, Value};

pub use gaps::Gaps;
pub use gifts::GIFT_PART;

use super::form::Case;

/// What the engine is asked.
pub struct Question {
    /// The campaign document.
    pub document: Value,
    /// The request for a quote.
    pub request: Value,
    /// Its moment, UTC milliseconds.
    pub now: i64,
    /// The ids of the campaigns, promotion by promotion.
    pub campaigns: Vec<String>,
}

/// What the translation of every part looks at.
struct Shop<'a> {
    case: &'a Case,
    /// Whether some line takes no discount, so that every discount must leave it out.
    has_undiscountable: bool,
    /// In which amounts are told: the cart's, if a promotion does not say otherwise.
    currency: &'a str,
}

impl<'a> Shop<'a> {
    /// An amount in the currency that is meant.
    fn amount(&self, minor: i64) -> Value {
        json!({ self.currency: minor })
    }

    /// The same where amounts are told in another currency, if one is named.
    fn told_in(&self, currency: Option<&'a String>) -> Shop<'a> {
        Shop { currency: currency.map_or(self.currency, String::as_str), ..*self }
    }
}

/// Members that inform the reader and decide nothing.
const INFORMING: &[&str] = &["semantics_note", "source", "tags", "text", "name", "title", "note"];

/// Translates a case, or names everything it needs that cannot be said.
pub fn translate(case: &Case) -> Result<Question, Gaps> {
    let mut gaps = Gaps::default();
    // what a case requires stands in its members too, and who gets a spare minor unit is among its alternatives
    gaps.add_unknown("a case", &case.unknown, &[INFORMING, &["id", "requires", "allocation"]].concat());
    let has_undiscountable = case.cart.lines.iter().any(|line| line.discountable == Some(false));
    let shop = Shop { case, has_undiscountable, currency: &case.cart.currency };

    let campaigns: Vec<String> = case.promotions.iter().enumerate().map(promotions::campaign_id).collect();
    let mut documents = promotions::of_catalogue(&shop);
    for (index, (promotion, id)) in case.promotions.iter().zip(&campaigns).enumerate() {
        documents.extend(promotions::campaign(&shop, promotion, id, index, &mut gaps));
    }
    stacking::check(&shop, &mut gaps);
    let policy = stacking::policy(&shop);
    documents.extend(loyalty::campaigns(&shop, &mut gaps));
    let levels = loyalty::levels(&shop, &mut gaps);
    let now = cart::now(&case.context, &mut gaps);
    let request = cart::request(&shop, &campaigns, &mut gaps);
    if gaps.is_empty() {
        Ok(Question {
            document: json!({ "campaigns": documents, "stacking": policy, "levels": levels }),
            request,
            now,
            campaigns,
        })
    } else {
        Err(gaps)
    }
}

/// An object of the members that are there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
