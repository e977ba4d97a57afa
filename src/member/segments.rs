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
        self.ask(&tell(&asked, accounts), at(*now), None)?;
        let hold = self.asked.iter().flat_map(|asked| &asked.hold);
        let declared = hold.filter_map(|record| segment_in(record)).map(String::from);
        let told = customer.get("segments").and_then(Json::as_array).into_iter().flatten();
        Ok(declared.chain(told.filter_map(Json::as_str).map(String::from)).collect())
    }
}
