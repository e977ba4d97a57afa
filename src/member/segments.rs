//! Which segments a customer is in: those that documents declare by what they say, and those that the host tells.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::account::{tell, Account};
use super::happened::{at, malformed, request};
use super::Rules;
use crate::error::Error;
use crate::loyalty::segment_in;
use crate::time::Timestamp;

/// Who is asked about, as far as the host knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Known {
    /// The moment that is asked about, UTC milliseconds.
    pub now: Timestamp,
    /// Who, as in a request.
    pub customer: Json,
    /// Minutes the customer's clocks are ahead of UTC.
    #[serde(default)]
    pub utc_offset: i64,
    /// The currency of what conditions say of money.
    pub currency: Option<String>,
    /// The customer's accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

impl Known {
    /// Reads who is asked about.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn read(body: &[u8]) -> Result<Known, Error> {
        serde_json::from_slice(body).map_err(|error| malformed(&error))
    }
}

impl Rules {
    /// The segments that a customer is in, by name. Where conditions ask about a cart, it is an empty one.
    ///
    /// # Errors
    /// What is refused of a request.
    pub fn segments(&mut self, known: &Known) -> Result<BTreeSet<String>, Error> {
        let Known { now, customer, utc_offset, currency, accounts } = known;
        let asked = request(customer, &Map::new(), *utc_offset, currency.as_deref());
        self.ask(&tell(&asked, accounts, *now), at(*now), None)?;
        let records = self.asked.iter().flat_map(|asked| asked.catalog.promotions());
        let declared: BTreeSet<&str> =
            records.filter_map(|promotion| segment_in(promotion.record.id.as_str())).collect();
        let hold = self.asked.iter().flat_map(|asked| &asked.hold);
        let found = hold.filter_map(|record| segment_in(record.as_str()));
        let told = customer.get("segments").and_then(Json::as_array).into_iter().flatten();
        // what is declared is so by what it says, whatever the host tells
        let others = told.filter_map(Json::as_str).filter(|name| !declared.contains(name));
        Ok(found.chain(others).map(String::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use serde_json::json;

    use super::Known;
    use crate::compile::{compile, Source};
    use crate::member::Rules;
    use crate::packed;
    use crate::time::Interval;

    #[test]
    fn what_is_declared_is_so_by_what_it_says_and_the_rest_as_it_is_told() {
        let document = json!({ "campaigns": [], "segments": {
            "regulars": { "type": "order_count", "atLeast": 3 },
            "loyal": { "type": "segment", "anyOf": ["regulars", "press"] } } });
        let life = Interval { from: 0, until: 86_400_000 };
        let compiled = compile(&[Source { name: "shop".into(), document }], life).unwrap();
        let section: crate::catalog::section::Section = packed::unpack(&compiled.section).unwrap();
        let mut rules = Rules::read(&section.loyalty).unwrap();
        let mut of = |customer: serde_json::Value| {
            let body = serde_json::to_vec(&json!({ "now": 1, "customer": customer })).unwrap();
            let found = rules.segments(&Known::read(&body).unwrap()).unwrap();
            found.into_iter().collect::<vec::Vec<_>>()
        };
        assert!(of(json!({ "orders": { "count": 2 }, "segments": ["regulars"] })).is_empty());
        assert_eq!(of(json!({ "orders": { "count": 3 } })), ["loyal", "regulars"]);
        assert_eq!(of(json!({ "orders": { "count": 2 }, "segments": ["press"] })), ["loyal", "press"]);
    }
}
