//! What campaigns leave of the margin: each is tried alone, as if it applied, on every product of a price list. The engine
//! itself prices the carts, so that what is found is a cart that would be sold at that price.

use std::path::Path;

use counterfoil::engine::Disclosure;
use counterfoil::error::{FixBy, Severity};
use counterfoil::time::Timestamp;
use counterfoil::Engine;
use serde::Deserialize;
use serde_json::{json, Map, Value as Json};

use crate::campaigns::CampaignFiles;
use crate::clock::Duration;
use crate::document::{Document, Reading};
use crate::fault::{Failure, Fault};
use crate::sealing::rehearse;

/// How many units of one product a cart is tried with: what ladders, sets and free units ask for most often.
const QUANTITIES: [i64; 7] = [1, 2, 3, 4, 5, 6, 12];
/// The most products of a price list.
const MAX_PRODUCTS: usize = 10_000;

/// What products cost the shopper, and the shop.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// ISO 4217.
    currency: String,
    products: Vec<Product>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    sku: String,
    /// What the shopper pays for one, minor units.
    unit_price: i64,
    /// What the shop pays for one, minor units.
    cost: i64,
    /// What campaigns may ask for: `product`, `categories`, `attributes`.
    #[serde(flatten)]
    rest: Map<String, Json>,
}

/// A cart that brings in less than it must.
struct Loss {
    quantity: i64,
    total: i64,
    least: i64,
}

impl PriceList {
    /// Reads a price list.
    ///
    /// # Errors
    /// What the file or its form refuses; `too_many_products`.
    pub fn read(path: &Path) -> Result<PriceList, Failure> {
        let list: PriceList = Reading::of_file(path)?.sound()?.read()?;
        if list.products.len() > MAX_PRODUCTS {
            let message = format!("there are more than {MAX_PRODUCTS} products");
            let help = "leave out products with the same price, cost and categories as another";
            return Err(Fault::new("too_many_products", message, help).of_file(path.display()).into());
        }
        Ok(list)
    }

    /// A warning for each campaign that sells something for less than its cost and `margin` percent of it, with the
    /// worst cart that was found.
    ///
    /// # Errors
    /// What a snapshot with that campaign alone is refused for.
    pub fn examine(
        &self,
        files: &CampaignFiles,
        margin: u32,
        now: Timestamp,
        life: Duration,
    ) -> Result<Vec<Fault>, Vec<Fault>> {
        let mut found = Vec::new();
        for document in files.documents() {
            let campaigns = document.json.get("campaigns").and_then(Json::as_array);
            for (index, campaign) in campaigns.into_iter().flatten().enumerate() {
                let Some(mut engine) = alone(document, campaign, now, life)? else { continue };
                if let Some(fault) = self.worst(&mut engine, campaign, margin, now) {
                    let place = document.source.place(&format!("/campaigns/{index}/discounts"), false);
                    found.push(fault.at(place));
                }
            }
        }
        Ok(found)
    }

    fn worst(&self, engine: &mut Engine, campaign: &Json, margin: u32, now: Timestamp) -> Option<Fault> {
        let mut worst: Option<(&Product, Loss)> = None;
        for product in &self.products {
            for quantity in QUANTITIES {
                let Some(loss) = product.loss(engine, &self.currency, quantity, margin, now) else { continue };
                let gap = |loss: &Loss| loss.least.saturating_sub(loss.total);
                if worst.as_ref().is_none_or(|(_, known)| gap(known) < gap(&loss)) {
                    worst = Some((product, loss));
                }
            }
        }
        let (product, Loss { quantity, total, least }) = worst?;
        let id = campaign.get("id").and_then(Json::as_str).unwrap_or_default();
        let sku = &product.sku;
        let message = format!(
            "`{id}` sells {quantity} x `{sku}` for {total} minor units of {}, which is below {least}",
            self.currency
        );
        let help = "lower the discount, leave the product out with `except`, or cap it";
        let mut fault = Fault::new("below_margin", message, help);
        fault.severity = Severity::Warning;
        fault.fix_by = FixBy::Merchant;
        for (name, value) in [("quantity", quantity), ("total", total), ("least", least)] {
            fault.params.insert(name.to_owned(), value.into());
        }
        fault.params.insert("sku".to_owned(), sku.as_str().into());
        Some(fault)
    }
}

impl Product {
    fn loss(&self, engine: &mut Engine, currency: &str, quantity: i64, margin: u32, now: Timestamp) -> Option<Loss> {
        let mut line = self.rest.clone();
        line.insert("id".to_owned(), self.sku.as_str().into());
        line.insert("sku".to_owned(), self.sku.as_str().into());
        line.insert("unitPrice".to_owned(), self.unit_price.into());
        line.insert("quantity".to_owned(), quantity.into());
        let request = json!({ "currency": currency, "lines": [line] }).to_string();
        let quote: Json = serde_json::from_slice(engine.quote_bytes(request.as_bytes(), Some(now)).ok()?).ok()?;
        let total = quote.get("total")?.as_i64()?;
        // what is not discounted is the shop's own price, whatever it is
        let is_discounted = quote.get("discountTotal")?.as_i64()? > 0;
        let cost = i128::from(self.cost).checked_mul(i128::from(quantity))?;
        let least = cost.checked_mul(i128::from(margin).checked_add(100)?)?.checked_add(99)?.checked_div(100)?;
        let least = i64::try_from(least).ok()?;
        (is_discounted && total < least).then_some(Loss { quantity, total, least })
    }
}

/// An engine with one campaign, for everyone and at any time; `None` when it takes nothing off.
fn alone(document: &Document, campaign: &Json, now: Timestamp, life: Duration) -> Result<Option<Engine>, Vec<Fault>> {
    let Json::Object(members) = campaign else { return Ok(None) };
    if members.get("discounts").and_then(Json::as_array).is_none_or(Vec::is_empty) {
        return Ok(None);
    }
    let mut members = members.clone();
    for member in ["when", "codes", "schedule", "status", "limits"] {
        members.remove(member);
    }
    let mut shop = document.json.clone();
    if let Some(campaigns) = shop.get_mut("campaigns") {
        *campaigns = json!([members]);
    }
    let files = CampaignFiles::of(Document { json: shop, source: document.source.clone() });
    let (engine, _) = rehearse(&files, now, life.from(now), Disclosure::Full)?;
    Ok(Some(engine))
}
