//! What laws are tried on: a generated shop and its carts, published and quoted once for all laws.

use counterfoil::engine::Disclosure;
use counterfoil::Engine;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{json, Value};

use crate::generate::{self, NOW};
use crate::laws::list;
use crate::shop::{self, Shop};

/// Makes the same ground of the same seed, whatever was made before.
pub struct Maker(proptest::strategy::BoxedStrategy<Value>);

impl Default for Maker {
    fn default() -> Maker {
        Maker(generate::ground())
    }
}

impl Maker {
    /// The ground of a seed, as data: `document`, `requests` and what some laws need besides.
    pub fn of_seed(&self, seed: u64) -> Value {
        let bytes: Vec<u8> = [seed, !seed].iter().flat_map(|half| half.to_le_bytes()).collect();
        let rng = TestRng::from_seed(RngAlgorithm::XorShift, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        self.0.new_tree(&mut runner).expect("nothing generated is refused").current()
    }
}

/// A shop, its carts, and what was asked of it so far.
pub struct Ground {
    told: Value,
    shop: Shop,
    engine: Engine,
    wide: Option<Engine>,
    upgraded: Option<(Engine, Vec<Value>)>,
    quotes: Vec<Value>,
    quotes_of_units: Vec<Value>,
}

impl Ground {
    /// Publishes the shop.
    pub fn new(told: Value) -> Ground {
        let shop = publish(&told["document"]);
        let engine = open(&shop);
        Ground { told, shop, engine, wide: None, upgraded: None, quotes: Vec::new(), quotes_of_units: Vec::new() }
    }

    /// The campaigns.
    pub fn document(&self) -> &Value {
        &self.told["document"]
    }

    /// A part of the ground that is no document of campaigns.
    pub fn part(&self, name: &str) -> &Value {
        &self.told[name]
    }

    /// The shop with what no oracle tells: its document and carts, and the engine that all laws ask.
    pub fn wide(&mut self) -> (&Value, &mut Engine) {
        let wide = &self.told["wide"];
        (wide, self.wide.get_or_insert_with(|| open_shop(&wide["document"])))
    }

    /// The shop with a campaign for an upgrade besides: its engine, the carts, and their quotes unit by unit.
    pub fn upgraded(&mut self) -> (&mut Engine, &[Value], &[Value]) {
        let told = &self.told;
        let (engine, quotes) = self.upgraded.get_or_insert_with(|| {
            let mut document = told["document"].clone();
            let campaign = json!({ "id": "u", "discounts": [told["upgrade"]], "stacking": { "priority": 0 } });
            document["campaigns"].as_array_mut().into_iter().for_each(|list| list.push(campaign.clone()));
            let mut engine = open_shop(&document);
            let requests = list(told, "requests").iter();
            let quotes = requests.map(|request| ask(&mut engine, &including(request, "units"))).collect();
            (engine, quotes)
        });
        (engine, list(told, "requests"), quotes)
    }

    /// The carts.
    pub fn requests(&self) -> &[Value] {
        list(&self.told, "requests")
    }

    /// The engine that all laws ask.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// The carts and the engine.
    pub fn carts_and_engine(&mut self) -> (&[Value], &mut Engine) {
        (list(&self.told, "requests"), &mut self.engine)
    }

    /// An engine that has not answered anything yet.
    pub fn fresh_engine(&self) -> Engine {
        open(&self.shop)
    }

    /// Each cart with its quote.
    pub fn quoted(&mut self) -> impl Iterator<Item = (&Value, &Value)> {
        let Ground { told, engine, quotes, .. } = self;
        if quotes.is_empty() {
            quotes.extend(list(told, "requests").iter().map(|request| ask(engine, request)));
        }
        list(told, "requests").iter().zip(quotes.iter())
    }

    /// Each cart with its quote unit by unit.
    pub fn quoted_by_unit(&mut self) -> impl Iterator<Item = (&Value, &Value)> {
        let Ground { told, engine, quotes_of_units, .. } = self;
        if quotes_of_units.is_empty() {
            let quotes = list(told, "requests").iter().map(|request| ask(engine, &including(request, "units")));
            quotes_of_units.extend(quotes);
        }
        list(told, "requests").iter().zip(quotes_of_units.iter())
    }
}

/// A request that asks for more than is told unasked.
pub fn including(request: &Value, what: &str) -> Value {
    let mut more = request.clone();
    more["include"] = json!([what]);
    more
}

fn publish(document: &Value) -> Shop {
    Shop::publish(document, NOW).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn open(shop: &Shop) -> Engine {
    shop.open(Disclosure::Public).expect("what was just signed opens")
}

/// Publishes and opens a document.
pub fn open_shop(document: &Value) -> Engine {
    open(&publish(document))
}

/// Quotes a request.
pub fn ask(engine: &mut Engine, request: &Value) -> Value {
    let text = shop::quote(engine, &request.to_string()).unwrap_or_else(|error| panic!("{error}: {request}"));
    serde_json::from_str(&text).expect("a quote is JSON")
}
