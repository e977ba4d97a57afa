//! A project's offers as one campaign document, for whoever runs the shop to look at and to publish: storefronts then work them
//! out where the cart is. Codes are not in it, they are lists of their own.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::convert::Infallible;

use serde_json::{json, Value};

use super::call::Call;
use super::fault::Fault;
use super::fields::text;
use super::mapping::collections::Collections;
use super::mapping::documents::Documents;
use super::mapping::members::Members;
use super::mapping::offers::{name_of, tell_unread, Receiver};
use super::mapping::referred::Referred;
use super::mapping::Shop;
use super::Reply;

/// What offers are made of: as a project calls its rows, and as an export does.
const ROWS: [(&str, &str); 11] = [
    ("campaign", "campaign"),
    ("promotion_tier", "promotion_tier"),
    ("validation_rule", "validation_rules"),
    ("validation_rules_assignment", "validation_rules_assignment"),
    ("earning_rule", "earning_rule"),
    ("loyalty_tier", "loyalty_tier"),
    ("reward_assignment", "reward_assignment"),
    ("reward", "reward"),
    ("category", "category"),
    ("segment", "segment"),
    ("product_collection", "products_collection"),
];

/// What could not be carried over, beside what could.
#[derive(Default)]
struct Moved {
    documents: Documents,
    report: Vec<Value>,
    /// How many objects of a kind had a member that is told once.
    everywhere: BTreeMap<(String, String), (&'static str, u32)>,
}

impl Receiver for Moved {
    type Fault = Infallible;

    fn documents(&mut self) -> &mut Documents {
        &mut self.documents
    }

    fn listed(&mut self, label: &str, document: Value, currency: Option<&str>) -> Result<String, Infallible> {
        Ok(self.documents.listed(label, document, currency))
    }

    fn lost(&mut self, object: &str, id: &str, member: &str, why: &str) -> Result<(), Infallible> {
        self.report.push(json!({ "object": object, "id": id, "member": member, "why": why }));
        Ok(())
    }

    fn lost_everywhere(&mut self, object: &str, member: &str, why: &'static str) {
        let counted = self.everywhere.entry((object.to_owned(), member.to_owned())).or_insert((why, 0));
        counted.1 = counted.1.saturating_add(1);
    }
}

/// The campaign document of all offers with `currency` and `timeZone` of the query, the zone that of the project's settings where
/// none is named, and a report of what no document says, as `counterfoil import voucherify` writes it.
pub(super) fn documents(call: &Call) -> Result<Reply, Fault> {
    let settings = call.project.settings();
    let zone = text(&call.query["timeZone"]).or_else(|| text(&settings["timezone"])).unwrap_or("UTC");
    let currency = text(&call.query["currency"]).ok_or_else(|| Fault::invalid("Property .currency is required"))?;
    let shop = Shop { currency, time_zone: zone };
    let (mut referred, mut members, mut moved) = (Referred::default(), Members::default(), Moved::default());
    for (object, called) in ROWS {
        for (_, row) in call.project.all(object) {
            let Ok(()) = tell_unread(&members.unread(called, &row), called, name_of(&row), &mut moved);
            referred.add(called, row);
        }
    }
    referred.add("settings", settings.clone());
    let mut collections = Collections::default();
    referred.each("products_collection").for_each(|(_, row)| collections.add(row));
    if collections.asks_products() {
        for object in ["product", "sku"] {
            call.project.all(object).iter().for_each(|(_, row)| collections.consider(object, row));
        }
    }
    for (id, loss) in collections.losses() {
        let Ok(()) = moved.lost("products_collection", &id, &loss.member, &loss.why);
    }
    referred.each_offer(|offer| collections.resolve(offer));
    let Ok(stacking) = referred.combining(&shop, &mut moved);
    let Ok(_) = referred.campaigns(&shop, &mut moved);
    for (object, id, member, why) in referred.astray(&Default::default()) {
        let Ok(()) = moved.lost(object, id, member, &why);
    }
    let Moved { documents, mut report, everywhere } = moved;
    report.extend(everywhere.into_iter().map(|((object, member), (why, count))| {
        json!({ "object": object, "id": "*".to_string(), "member": member, "why": why, "count": count })
    }));
    Ok(Reply::ok(json!({ "document": documents.whole(stacking), "report": report })))
}
