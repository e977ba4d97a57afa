//! What docs/loyalty.md and docs/ledger.md show is so: documents compile without a warning, and what a preview is said to
//! tell it tells. Their Rust is run by `cargo test --doc`, their JavaScript by tests/js/workshop.test.mjs.

use counterfoil::compile::{compile, Source};
use counterfoil::ledger::programme::Programme;
use counterfoil::time::Interval;
use serde_json::{json, Value};

use crate::random::START;
use crate::shop::Shop;

const LOYALTY: &str = include_str!("../../docs/loyalty.md");
const LEDGER: &str = include_str!("../../docs/ledger.md");

fn blocks(page: &str) -> Vec<Value> {
    let shown = page.split("\n```json ").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks = shown.map(|named| named.split_once('\n').unwrap().1);
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error}: {block}"))).collect()
}

fn warnings(document: &Value) -> Vec<String> {
    let source = Source { name: "docs/loyalty.md".to_owned(), document: document.clone() };
    let compiled = compile(&[source], Interval { from: START, until: START + 86_400_000 });
    let compiled = compiled.unwrap_or_else(|error| panic!("{document:#}\n{error}"));
    compiled.warnings.into_iter().map(|warning| warning.message).collect()
}

/// The first column of a table, as far as it is JSON.
fn first_column(page: &str, heading: &str) -> Vec<Value> {
    let (_, section) = page.split_once(&format!("| `{heading}` |")).unwrap();
    let rows = section.lines().skip(2).map_while(|line| line.strip_prefix("| "));
    rows.filter_map(|row| serde_json::from_str(row.strip_prefix('`')?.split("` |").next()?).ok()).collect()
}

#[test]
fn the_document_compiles_and_its_preview_is_as_told() {
    let blocks = blocks(LOYALTY);
    let [document, account, early, club] = blocks.as_slice() else {
        panic!("the page shows a document, an account, early access and a club")
    };
    assert_eq!(warnings(document), Vec::<String>::new());
    assert_eq!(warnings(early), Vec::<String>::new());
    assert_eq!(warnings(club), Vec::<String>::new());
    let shop = Shop::publish(document, START).unwrap();
    let mut engine = shop.open(Default::default()).unwrap();
    let lines = json!([{ "id": "a", "unitPrice": 2000, "quantity": 1 }]);
    let asked = json!({ "accounts": [account],
        "request": { "currency": "EUR", "now": START, "customer": { "id": "ann" }, "lines": lines } });
    let told = engine.preview_bytes(asked.to_string().as_bytes(), Default::default()).unwrap();
    let told: Value = serde_json::from_slice(&told).unwrap();
    let [programme] = told["programmes"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (&told["quote"]["total"], &programme["points"], &programme["available"]),
        (&json!(2000), &json!(20), &json!(20))
    );
    let hint = programme["hints"][0]["message"].as_str().unwrap();
    assert_eq!(hint, "41.00 EUR more this year to `gold`");
    assert!(LOYALTY.contains(&format!("`{hint}`")), "the page tells of {hint}");
    assert_eq!(programme["rewards"][0]["missing"], json!(180));
}

#[test]
fn every_occasion_of_the_table_compiles() {
    let occasions = first_column(LOYALTY, "on");
    assert_eq!(occasions.len(), 5);
    for on in occasions {
        let programme = json!({ "id": "stars", "earning": [{ "id": "r", "on": on, "points": 1 }],
            "levels": { "by": "points_in_period", "every": "year", "list": [{ "id": "gold", "from": 1 }] } });
        assert_eq!(
            warnings(&json!({ "campaigns": [], "loyalty": { "programmes": [programme] } })),
            Vec::<String>::new()
        );
    }
}

#[test]
fn every_expiry_of_the_table_is_one() {
    let expiries = first_column(LEDGER, "expiry");
    assert_eq!(expiries.len(), 5, "{expiries:?}");
    for expiry in expiries {
        let scheme = json!({ "unit": "points", "expiry": expiry });
        Programme::read(&json!({ "schemes": { "stars": scheme } }).to_string()).unwrap();
    }
}

#[test]
fn the_programme_of_the_ledger_is_read() {
    let [programme] = blocks(LEDGER).try_into().unwrap_or_else(|blocks| panic!("{blocks:?}"));
    Programme::read(&programme.to_string()).unwrap();
}

/// The programmes of docs/loyalty.md: each has an example, histories, and some of these preview it.
#[test]
fn every_programme_has_an_example_histories_and_previews() {
    const HEAD: &str = "| programme | example | histories | of these with a preview |\n|---|---|---|---|\n";
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut table = HEAD.to_owned();
    for number in [11, 13].into_iter().chain(17..=29) {
        let folder = std::fs::read_dir(root.join("examples")).unwrap();
        let mut names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let file = names.find(|name| name.starts_with(&format!("P{number}-"))).unwrap();
        let text = std::fs::read_to_string(root.join("tests/corpus/ledger").join(&file)).unwrap();
        let histories: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(histories["campaigns"], json!(format!("../../../examples/{file}")), "{file} runs its example");
        let all = histories["histories"].as_array().unwrap();
        let previews = |history: &&Value| {
            history["commands"].as_array().unwrap().iter().any(|command| command.get("preview").is_some())
        };
        let previewed = all.iter().filter(previews).count();
        assert!(all.len() >= 3 && previewed > 0, "{file}: {} histories, {previewed} with a preview", all.len());
        let (about, count) = (histories["about"].as_str().unwrap(), all.len());
        table += &format!(
            "| P{number}: {about} | [{file}](../examples/{file}) | [{count}](../tests/corpus/ledger/{file}) | {previewed} |\n"
        );
    }
    let path = root.join("docs/loyalty.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("the page has the table of programmes");
    let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
    let fresh = format!("{before}{table}\n{after}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept == fresh, "`BLESS=1 cargo test --test ledger` writes the table of programmes anew");
}
