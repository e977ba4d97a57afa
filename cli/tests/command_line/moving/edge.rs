//! What was imported, published and asked as an edge asks it.

use counterfoil::codes::Pepper;
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{KeyRing, Policy, Profile};
use counterfoil::{Engine, Options};
use serde_json::{json, Value};

use crate::workshop::Workshop;

/// Now, UTC milliseconds.
pub fn now() -> i64 {
    counterfoil_cli::clock::now()
}

/// A shop whose import was published.
pub struct Edge(Engine);

impl Edge {
    /// Publishes the documents of a folder that an import wrote, and opens them.
    pub fn of(shop: &Workshop, folder: &str) -> Edge {
        if !shop.path("keys").exists() {
            shop.run(&["keygen", "--out", "keys"]).is_done();
            shop.run(&["codes", "pepper", "--out", "keys/pepper.json"]).is_done();
        }
        let (documents, to, edge) =
            (format!("{folder}/campaigns.json"), format!("{folder}/public"), format!("{folder}/private"));
        let publish = ["publish", "--campaigns", &documents, "--to", &to, "--edge-to", &edge];
        let keys =
            ["--pepper", "keys/pepper.json", "--key", "keys/publisher.key.json", "--key-ring", "keys/key-ring.json"];
        // codes of a shop that is moved are as long as they were there
        let allow = ["--allow", "code_guessable", "--allow", "takes_everything", "--allow", "code_in_id"];
        shop.run(&[&publish[..], &keys, &allow].concat()).is_done();
        let text = |name: &str| String::from_utf8(shop.read(name)).unwrap();
        let ring = KeyRing::from_json(&text("keys/key-ring.json")).unwrap();
        let pepper: Value = serde_json::from_str(&text("keys/pepper.json")).unwrap();
        let pepper = Pepper::from_hex(pepper["pepper"].as_str().unwrap()).unwrap();
        let options = Options { policy: Policy::at(now(), Profile::Edge), disclosure: Disclosure::Full };
        let file = shop.read(&format!("{edge}/snapshot.cfs"));
        Edge(Engine::open_edge(file, &ring, options, &[pepper]).unwrap())
    }

    /// The quote of a request.
    #[track_caller]
    pub fn quote(&mut self, mut request: Value) -> Value {
        request["currency"] = "EUR".into();
        if request["now"].is_null() {
            request["now"] = now().into();
        }
        let quote = self.0.quote_bytes(&serde_json::to_vec(&request).unwrap(), None);
        serde_json::from_slice(quote.unwrap()).unwrap()
    }

    /// The quote of one line of so much, with a code.
    pub fn of_code(&mut self, code: &str, amount: i64, customer: &str) -> Value {
        let mut request = json!({ "codes": [code], "lines": [{ "id": "a", "unitPrice": amount, "quantity": 1 }] });
        if !customer.is_empty() {
            request["customer"] = json!({ "id": customer });
        }
        self.quote(request)
    }

    /// What an entered code took off, or why it did nothing.
    pub fn outcome(&mut self, code: &str, amount: i64, customer: &str) -> Result<i64, String> {
        let quote = self.of_code(code, amount, customer);
        let outcome = &quote["outcomes"][0];
        match outcome["status"].as_str() {
            Some("applied") => Ok(quote["discountTotal"].as_i64().unwrap()),
            _ => Err(outcome["reasons"][0]["code"].as_str().unwrap_or_else(|| panic!("{outcome}")).into()),
        }
    }
}
