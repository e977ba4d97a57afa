//! Trying laws on the ground of a seed, and telling a failure as the case that it should become.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::time::{Duration, Instant};

use serde_json::{json, Value};

use crate::ground::{Ground, Maker};
use crate::laws::list;
use crate::on_ground::{Law, LAWS};
use crate::smallest::smallest;

/// Some laws and what makes their ground.
pub struct Trial {
    maker: Maker,
    laws: Vec<(&'static str, Law)>,
    /// Those of which a failure was made small: of the others of the same law the seed is enough.
    told: RefCell<BTreeSet<&'static str>>,
}

impl Trial {
    /// The laws of these names; all when none is named.
    pub fn of(names: &[&str]) -> Trial {
        let is_meant = |(name, _): &(&'static str, Law)| names.is_empty() || names.contains(name);
        let laws: Vec<(&'static str, Law)> = LAWS.into_iter().filter(is_meant).collect();
        assert_eq!(laws.len(), if names.is_empty() { LAWS.len() } else { names.len() }, "laws have other names");
        Trial { maker: Maker::default(), laws, told: RefCell::default() }
    }

    /// Tries them on the ground of a seed; each answers how long it took, and why it does not hold.
    #[allow(clippy::disallowed_methods, reason = "it tells how long each law took, and nothing else")]
    pub fn on(&self, seed: u64, answer: &mut dyn FnMut(&'static str, Duration, Option<String>)) {
        let told = self.maker.of_seed(seed);
        let mut ground = None;
        for (name, law) in &self.laws {
            let start = Instant::now();
            let held = tried(*law, &told, &mut ground);
            let took = start.elapsed();
            answer(name, took, held.err().map(|why| self.failure(name, *law, seed, &told, &why)));
        }
    }

    fn failure(&self, name: &'static str, law: Law, seed: u64, told: &Value, why: &Failure) -> String {
        if !self.told.borrow_mut().insert(name) {
            return format!("FAILED {name} on seed {seed} too\n");
        }
        let is_panic = matches!(why, Failure::Panic(_));
        let silent = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let fails = |data: &Value| match tried(law, data, &mut None) {
            Ok(()) => false,
            // what was left out may have been needed for a document to be one
            Err(Failure::Panic(_)) => is_panic,
            Err(Failure::Broken(_)) => true,
        };
        let small = smallest(told, &fails);
        let why = tried(law, &small, &mut None).err().map_or_else(|| why.to_string(), |why| why.to_string());
        std::panic::set_hook(silent);
        // of what no oracle tells there is a shop of its own
        let of_wide = name.starts_with("wide");
        let shop = if of_wide { &small["wide"] } else { &small };
        let requests = list(shop, "requests").iter();
        let cases = requests.map(|request| json!({ "name": "", "request": request, "expect": {} }));
        let file = json!({
            "about": "", "campaigns": shop["document"], "now": "2026-03-01T10:00:00Z",
            "cases": cases.collect::<Vec<_>>(),
        });
        let mut beside = small.clone();
        beside
            .as_object_mut()
            .expect("an object")
            .retain(|name, _| !["document", "requests", "wide"].contains(&name.as_str()));
        format!(
            "FAILED {name} on seed {seed}: {why}\nbesides: {beside}\nA surprise becomes a case before it becomes a fix: complete \
             this as tests/corpus/<room>/<what_it_shows>.json\n{file:#}\n"
        )
    }
}

/// Why a law does not hold.
enum Failure {
    Broken(String),
    Panic(String),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Broken(why) => write!(f, "{why}"),
            Failure::Panic(why) => write!(f, "it panicked: {why}"),
        }
    }
}

/// Tries a law; the ground is made by the first one and lost by a panic.
fn tried(law: Law, told: &Value, ground: &mut Option<Ground>) -> Result<(), Failure> {
    let mut attempt = || law(ground.get_or_insert_with(|| Ground::new(told.clone())));
    match catch_unwind(AssertUnwindSafe(&mut attempt)) {
        Ok(held) => held.map_err(Failure::Broken),
        Err(panic) => {
            *ground = None;
            Err(Failure::Panic(message(&*panic)))
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
