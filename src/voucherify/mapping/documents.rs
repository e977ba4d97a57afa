//! The documents that offers become, together: one campaign document, as it is checked and published.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

use serde_json::{json, Value};

use super::slug;

/// The folder of code lists, beside the document.
pub const LISTS: &str = "codes";

/// Campaigns, programmes, segments and ways of paying, each by its id.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    campaigns: BTreeMap<String, Value>,
    payments: BTreeMap<String, Value>,
    programmes: BTreeMap<String, Value>,
    segments: BTreeMap<String, Value>,
}

impl Documents {
    /// Adds a campaign under an id; the id as documents spell it.
    pub fn campaign(&mut self, id: &str, campaign: Value) -> String {
        put(&mut self.campaigns, id, campaign)
    }

    /// Adds a campaign whose codes stand in a list of its own in the folder [`LISTS`]; they are cards where there is the currency of their
    /// balances.
    pub fn listed(&mut self, id: &str, mut campaign: Value, currency: Option<&str>) -> String {
        campaign["codeList"] = json!({ "file": format!("{LISTS}/{}.csv", slug(id)) });
        if let Some(currency) = currency {
            campaign["codeList"]["currency"] = currency.into();
        }
        self.campaign(id, campaign)
    }

    /// Takes a campaign out again.
    pub fn remove(&mut self, id: &str) {
        self.campaigns.remove(id);
    }

    /// Whether there is such a campaign.
    pub fn has(&self, id: &str) -> bool {
        self.campaigns.contains_key(id)
    }

    /// How many campaigns there are.
    pub fn count(&self) -> usize {
        self.campaigns.len()
    }

    /// Adds what members earn under an id; the id as documents spell it.
    pub fn programme(&mut self, id: &str, programme: Value) -> String {
        put(&mut self.programmes, id, programme)
    }

    /// Adds who is in a segment, under the name by which conditions ask for it.
    pub fn segment(&mut self, name: &str, rule: Value) {
        self.segments.insert(name.to_string(), rule);
    }

    /// Adds what may be paid with: a kind of card.
    pub fn payment(&mut self, id: &str, payment: Value) {
        self.payments.insert(slug(id), payment);
    }

    /// All of them as one campaign document, with how they combine.
    pub fn whole(self, stacking: Value) -> Value {
        let Documents { campaigns, payments, programmes, segments } = self;
        let mut document = json!({ "campaigns": listed(campaigns) });
        if !payments.is_empty() {
            document["payments"] = listed(payments);
        }
        if !programmes.is_empty() {
            document["loyalty"] = json!({ "programmes": listed(programmes) });
        }
        if !segments.is_empty() {
            document["segments"] = json!(segments);
        }
        document["stacking"] = stacking;
        document
    }
}

fn put(to: &mut BTreeMap<String, Value>, id: &str, mut value: Value) -> String {
    let id = slug(id);
    value["id"] = id.as_str().into();
    to.insert(id.clone(), value);
    id
}

fn listed(by_id: BTreeMap<String, Value>) -> Value {
    by_id.into_values().collect()
}
