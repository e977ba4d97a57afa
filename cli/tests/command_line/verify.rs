use std::fs;

use crate::workshop::Workshop;

const VERIFY: [&str; 4] = ["verify", "public/snapshot.cfs", "--key-ring", "keys/key-ring.json"];

fn published() -> Workshop {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public", "--version", "7"]).is_done();
    shop
}

#[test]
fn a_sound_snapshot_says_what_it_is() {
    let shop = published();
    let page = shop.run(&VERIFY).is_done().out.clone();
    for told in
        ["public/snapshot.cfs is sound", "shop         demo-shop", "version      7", "campaigns    3", "in 30 days"]
    {
        assert!(page.contains(told), "{told}\n{page}");
    }
    let json = shop.run(&[&VERIFY[..], &["--json"]].concat()).is_done().json();
    assert_eq!(json["manifest"]["version"], 7);
    assert_eq!(json["manifest"]["profile"], "storefront");
    assert_eq!((&json["campaigns"], &json["codes"]), (&3.into(), &2.into()));
    assert_eq!(json["bytes"], shop.read("public/snapshot.cfs").len());
}

#[test]
fn any_flipped_byte_is_refused() {
    let shop = published();
    let good = shop.read("public/snapshot.cfs");
    let last = good.len() - 1;
    for at in [0, 4, 6, 14, 40, 90, 120, last - 100, last] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(shop.path("public/snapshot.cfs"), bytes).unwrap();
        let ran = shop.run(&VERIFY);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "byte {at}: {}", ran.err);
        assert!(ran.err.contains("error["), "byte {at}: {}", ran.err);
    }
    fs::write(shop.path("public/snapshot.cfs"), &good[..last]).unwrap();
    shop.run(&VERIFY).is_refused("snapshot_malformed");
}

#[test]
fn what_a_host_would_refuse_is_refused_with_its_code() {
    let shop = published();
    let ran = |more: &[&str]| shop.run(&[&VERIFY[..], more].concat());
    ran(&["--min-version", "7"]).is_done();
    let stale = ran(&["--min-version", "8"]);
    stale.is_refused("snapshot_rolled_back");
    assert!(stale.err.contains("= at: /version"), "{}", stale.err);
    ran(&["--now", "2999-01-01T00:00:00Z"]).is_refused("snapshot_expired");
    ran(&["--now", "0"]).is_refused("snapshot_not_yet_valid");
    ran(&["--profile", "edge"]).is_refused("profile_mismatch");

    shop.run(&["keygen", "--out", "other"]).is_done();
    shop.run(&["verify", "public/snapshot.cfs", "--key-ring", "other/key-ring.json"]).is_refused("key_unknown");
    let ring = String::from_utf8(shop.read("keys/key-ring.json")).unwrap();
    shop.write("ring.json", &ring.replace("demo-shop", "tea-shop"));
    shop.run(&["verify", "public/snapshot.cfs", "--key-ring", "ring.json"]).is_refused("audience_mismatch");
    shop.write("ring.json", &ring.replace("production", "staging"));
    shop.run(&["verify", "public/snapshot.cfs", "--key-ring", "ring.json"]).is_refused("environment_mismatch");
    shop.run(&["verify", "campaigns.json", "--key-ring", "keys/key-ring.json"]).is_refused("snapshot_malformed");
    shop.run(&["verify", "nowhere.cfs", "--key-ring", "keys/key-ring.json"]).is_refused("file_unavailable");
}

#[test]
fn a_wrong_key_ring_is_refused_at_its_place() {
    let shop = published();
    let ring = String::from_utf8(shop.read("keys/key-ring.json")).unwrap();
    shop.write("ring.json", &ring.replace("\"threshold\": 1", "\"threshold\": 0"));
    let ran = shop.run(&["verify", "public/snapshot.cfs", "--key-ring", "ring.json"]);
    ran.is_refused("key_ring_invalid");
    assert!(ran.err.contains("--> ring.json:6:20") && ran.err.contains("\"threshold\": 0"), "{}", ran.err);
}

#[test]
fn the_key_ring_is_asked_for() {
    assert_eq!(published().run(&["verify", "public/snapshot.cfs"]).code, 2);
}
