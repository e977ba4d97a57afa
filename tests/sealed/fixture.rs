//! A published shop with sealed campaigns as files, for readers in any language: `tests/sealed/shop/`. With the same seeds the
//! same files come of it; `BLESS=1` writes them.

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::snapshot::Profile;
use counterfoil::{unseal, Engine};
use serde_json::{json, Value};

use crate::shop::{campaigns, cart, compiled, options, policy, published, quote, ring, NOW};

/// Which codes are opened, which are typed, and what it costs then.
fn expected(public: &[u8], private: &[u8]) -> Value {
    let mut edge = Engine::open(private, &ring(), options(Profile::Edge)).unwrap();
    let opens = [&[][..], &["mountain-goat-7"], &["spring all over"], &["MOUNTAINGOAT7", "SPRINGALLOVER"]];
    let cases = opens.map(|codes| {
        let mut section = None;
        for code in codes {
            section = unseal(public, &ring(), &policy(), section.as_deref(), code).unwrap().or(section);
        }
        let total = quote(&mut edge, &cart(codes)).unwrap()["total"].clone();
        json!({ "codes": codes, "request": cart(codes), "total": total })
    });
    json!({ "now": NOW, "cases": cases, "opensNothing": ["MOUNTAIN-GOAT-8", "TEN", "BEHIND-THE-COUNTER", ""] })
}

#[test]
fn the_shop_that_readers_try_is_up_to_date() {
    let (public, private) = published(&compiled(campaigns()));
    let pretty = |value: &Value| serde_json::to_vec_pretty(value).unwrap();
    let files = [
        ("snapshot.bin", public.clone()),
        ("key-ring.json", pretty(&serde_json::to_value(ring()).unwrap())),
        ("expect.json", pretty(&expected(&public, &private))),
    ];
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sealed/shop");
    for (name, bytes) in files {
        let path = folder.join(name);
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap_or_default(), bytes, "{name}: run `BLESS=1 cargo test --test sealed`");
    }
}
