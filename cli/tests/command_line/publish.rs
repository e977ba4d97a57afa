use std::fs;

use crate::worker::Worker;
use crate::workshop::{Workshop, CAMPAIGNS, PUBLISH};

fn version(shop: &Workshop) -> serde_json::Value {
    let verify = ["verify", "public/snapshot.cfs", "--key-ring", "keys/key-ring.json", "--json"];
    shop.run(&verify).is_done().json()["manifest"]["version"].clone()
}

#[test]
fn versions_grow_and_every_snapshot_is_kept_under_its_hash() {
    let shop = Workshop::furnished();
    let first = shop.publish(&["--to", "public", "--json"]).is_done().json();
    let second = shop.publish(&["--to", "public", "--json", "--life", "2h"]).is_done().json();
    assert_eq!((&first["version"], &second["version"]), (&1.into(), &2.into()));
    assert_eq!(version(&shop), 2);
    assert_eq!(first["revision"], second["revision"]);
    let life = second["expiresAt"].as_i64().unwrap() - second["issuedAt"].as_i64().unwrap();
    assert_eq!(life, 2 * 3_600_000);
    for published in [&first, &second] {
        let name = format!("public/snapshots/{}.cfs", published["sha256"].as_str().unwrap());
        let kept = shop.read(&name);
        assert_eq!(published["bytes"], kept.len());
        assert_eq!(published["campaigns"], 3);
    }
    let current = format!("public/snapshots/{}.cfs", second["sha256"].as_str().unwrap());
    assert_eq!(shop.read(&current), shop.read("public/snapshot.cfs"));
    let left_over = fs::read_dir(shop.path("public")).unwrap().count();
    assert_eq!(left_over, 2, "snapshot.cfs and snapshots/");
}

#[test]
fn every_step_is_told_beside_the_summary() {
    let shop = Workshop::furnished();
    let ran = shop.publish(&["--to", "public"]);
    let lines = ran.is_done().err.lines().filter_map(|line| line.split_whitespace().next());
    // what looks wrong with the campaigns stands before the steps
    let steps: Vec<_> = lines.skip_while(|word| *word != "compiled").collect();
    assert!(ran.err.starts_with("warning[never_applies]: its schedule is over"), "{}", ran.err);
    assert_eq!(steps, ["compiled", "found", "signed", "verified", "published"], "{}", ran.err);
    for told in ["version    1", "campaigns  3", "expires    ", "in 30 days", "sha256     "] {
        assert!(ran.out.contains(told), "{told}\n{}", ran.out);
    }
    assert!(shop.publish(&["--to", "public"]).err.contains("only their life is new"));
}

#[test]
fn there_is_no_way_back() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public", "--version", "5"]).is_done();
    for version in ["0", "4", "5"] {
        refused_after_work(&shop, &["--to", "public", "--version", version], "version_not_higher");
    }
    assert_eq!(version(&shop), 5);
    shop.publish(&["--to", "public", "--version", "9"]).is_done();
    shop.publish(&["--to", "public"]).is_done();
    assert_eq!(version(&shop), 10);
}

#[test]
fn what_is_published_must_be_readable_unless_the_version_is_given() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    shop.write("public/snapshot.cfs", "<!doctype html>");
    refused_after_work(&shop, &["--to", "public"], "snapshot_malformed");
    shop.publish(&["--to", "public", "--version", "2"]).is_done();
    assert_eq!(version(&shop), 2);
}

#[test]
fn nothing_leaves_that_the_key_ring_does_not_open() {
    let shop = Workshop::furnished();
    shop.run(&["keygen", "--out", "other"]).is_done();
    let with = |key: &str, ring: &str| {
        shop.run(&["publish", "--campaigns", "campaigns.json", "--key", key, "--key-ring", ring, "--to", "public"])
    };
    let ran = with("other/publisher.key.json", "keys/key-ring.json");
    assert!(ran.code == 1 && ran.err.contains("error[key_unknown]"), "{}", ran.err);
    let key = String::from_utf8(shop.read("keys/publisher.key.json")).unwrap();
    shop.write("root.key.json", &key.replace("publisher\"", "root\""));
    with("root.key.json", "keys/key-ring.json").is_refused("key_role_mismatch");
    shop.write("broken.key.json", &key.replace("secretKey", "secret"));
    let ran = with("broken.key.json", "keys/key-ring.json");
    ran.is_refused("secret_key_invalid");
    let secret: serde_json::Value = serde_json::from_str(&key).unwrap();
    assert!(!ran.err.contains(secret["secretKey"].as_str().unwrap()), "the secret is shown");
    with("nowhere.json", "keys/key-ring.json").is_refused("file_unavailable");
    with("keys/publisher.key.json", "keys/publisher.key.json").is_refused("key_ring_invalid");
    assert!(!shop.path("public").exists());
}

#[test]
fn as_many_keys_sign_as_the_key_ring_asks_for() {
    let shop = Workshop::furnished();
    shop.run(&["keygen", "--out", "other", "--name", "second"]).is_done();
    let ring = |name: &str| -> serde_json::Value { serde_json::from_slice(&shop.read(name)).unwrap() };
    let mut both = ring("keys/key-ring.json");
    let second = ring("other/key-ring.json")["roles"]["publisher"]["keys"][0].clone();
    both["roles"]["publisher"]["keys"].as_array_mut().unwrap().push(second);
    both["roles"]["publisher"]["threshold"] = 2.into();
    shop.write("keys/key-ring.json", &both.to_string());
    refused_after_work(&shop, &["--to", "public"], "threshold_not_met");
    shop.publish(&["--to", "public", "--key", "other/publisher.key.json"]).is_done();
}

#[test]
fn wrong_documents_are_not_published() {
    let shop = Workshop::furnished();
    shop.write("campaigns.json", "{ \"campaigns\": [ { \"id\": \"a\" } ] }");
    shop.publish(&["--to", "public"]).is_refused("campaign_empty");
    assert!(!shop.path("public").exists());
}

#[test]
fn a_worker_gets_the_snapshot_and_its_version_is_counted_on() {
    let shop = Workshop::furnished();
    let worker = Worker::start("secret");
    let to = format!("{}/", worker.address());
    let token = [("COUNTERFOIL_TOKEN", "secret")];
    let publish = |more: &[&str]| shop.run_with(&[&PUBLISH[..], &["--to", &to], more].concat(), "", &token);
    publish(&[]).is_done();
    let ran = publish(&["--json"]);
    assert_eq!(ran.is_done().json()["version"], 2);
    fs::create_dir(shop.path("public")).unwrap();
    fs::write(shop.path("public/snapshot.cfs"), worker.snapshot().unwrap()).unwrap();
    assert_eq!(version(&shop), 2);

    let ran = publish(&["--version", "2"]);
    assert!(ran.code == 1 && ran.err.contains("error[version_not_higher]"), "{}", ran.err);
    let ran = publish(&["--token", "wrong"]);
    assert!(ran.code == 1 && ran.err.contains("error[unauthorized]"), "{}", ran.err);
    assert!(ran.err.contains("/admin/snapshot"), "{}", ran.err);
}

#[test]
fn workers_that_are_none_are_refused() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "http://127.0.0.1:9"]).is_refused("token_missing");
    shop.publish(&["--to", "http://shop.example.com", "--token", "t"]).is_refused("address_insecure");
    shop.publish(&["--to", "ftp://shop.example.com", "--token", "t"]).is_refused("address_invalid");
    refused_after_work(&shop, &["--to", "http://127.0.0.1:9", "--token", "t"], "worker_unreachable");
}

#[test]
fn a_life_has_a_unit() {
    let shop = Workshop::furnished();
    for life in ["30", "0d", "a month"] {
        assert_eq!(shop.publish(&["--to", "public", "--life", life]).code, 2);
    }
}

/// Refused after some steps were told: exit code 1, the code, nothing on the standard output.
#[track_caller]
fn refused_after_work(shop: &Workshop, more: &[&str], code: &str) {
    let ran = shop.publish(more);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    assert!(ran.err.contains(&format!("error[{code}]")), "{}", ran.err);
}

#[test]
fn a_dry_run_hands_nothing_out_and_tells_what_would_change() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    fs::copy(shop.path("campaigns.json"), shop.path("published.json")).unwrap();
    let changed = shop.read("campaigns.json");
    let changed = String::from_utf8(changed).unwrap().replace(r#""percent": "10""#, r#""percent": "15""#);
    shop.write("campaigns.json", &changed);

    let dry = ["--to", "public", "--against", "published.json", "--dry-run"];
    let ran = shop.publish(&dry);
    assert!(!ran.err.contains("compared"), "{}", ran.err);
    ran.is_done();
    assert!(ran.err.contains("not published: this is a dry run"), "{}", ran.err);
    assert!(!ran.err.contains("against_other_documents"), "they are what was published\n{}", ran.err);
    assert!(ran.out.contains("discounts percent_off percent 15 instead of 10"), "{}", ran.out);
    assert_eq!(version(&shop), 1, "still the first");

    let told = shop.publish(&[&dry[..], &["--json"]].concat()).is_done().json();
    assert_eq!(told["changes"].as_array().unwrap().len(), 1);
    assert_eq!(told["changes"][0]["campaign"], "tea-10");
    let sizes = told["dryRun"]["campaignSizes"].as_array().unwrap();
    assert_eq!(sizes.len(), 3);
    assert!(sizes.iter().all(|size| size["bytes"].as_u64().unwrap() > 10), "{sizes:?}");
}

#[test]
fn documents_that_are_not_what_is_published_are_told_from_those_that_are() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    shop.write("other.json", r#"{ "campaigns": [] }"#);
    let ran = shop.publish(&["--to", "public", "--against", "other.json"]);
    ran.is_done();
    assert!(ran.err.contains("warning[against_other_documents]"), "{}", ran.err);
    assert!(ran.out.contains("is new: percent_off, with TEA10"), "{}", ran.out);
    let ran = shop.publish(&["--to", "public", "--against", "campaigns.json"]);
    assert!(ran.is_done().out.contains("nothing changes for shoppers"), "{}", ran.out);
}

const KEPT: &str = "keys/published.demo-shop.production.json";

/// The campaign of tea takes off so many percent.
fn of_percent(shop: &Workshop, percent: &str) {
    let changed = CAMPAIGNS.replace(r#""percent": "10""#, &format!(r#""percent": "{percent}""#));
    shop.write("campaigns.json", &changed);
}

#[test]
fn what_changes_is_told_against_what_was_published_last() {
    let shop = Workshop::furnished();
    let ran = shop.publish(&["--to", "public"]);
    assert!(!ran.is_done().err.contains("compared"), "there is nothing yet\n{}", ran.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(shop.path(KEPT)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    of_percent(&shop, "15");
    let kept = shop.read(KEPT);
    let ran = shop.publish(&["--to", "public", "--dry-run"]);
    assert!(ran.is_done().out.contains("discounts percent_off percent 15 instead of 10"), "{}", ran.out);
    assert!(ran.err.contains(&format!("compared   with version 1, as {KEPT} has it")), "{}", ran.err);
    assert_eq!(shop.read(KEPT), kept, "nothing was published");

    let told = shop.publish(&["--to", "public", "--json"]).is_done().json();
    assert_eq!(told["changes"][0]["text"], "discounts percent_off percent 15 instead of 10");
    of_percent(&shop, "20");
    let told = shop.publish(&["--to", "public", "--json"]).is_done().json();
    assert_eq!(told["changes"][0]["text"], "discounts percent_off percent 20 instead of 15");
    let ran = shop.publish(&["--to", "public"]);
    assert!(ran.is_done().out.contains("nothing changes for shoppers"), "{}", ran.out);
    // a longer life, published from where something else is kept, changes nothing either
    shop.publish(&["--to", "public", "--life", "60d", "--kept", "other.json"]).is_done();
    of_percent(&shop, "25");
    let ran = shop.publish(&["--to", "public", "--dry-run"]);
    assert!(ran.is_done().out.contains("percent 25 instead of 20"), "{}", ran.out);
    assert!(ran.err.contains("compared   with version 5"), "{}", ran.err);
}

#[test]
fn what_is_kept_counts_only_if_it_is_what_is_published() {
    let shop = Workshop::furnished();
    shop.publish(&["--to", "public"]).is_done();
    of_percent(&shop, "15");
    shop.publish(&["--to", "public", "--kept", "elsewhere.json"]).is_done();
    of_percent(&shop, "20");
    let compared_with_nothing = |why: &str| {
        let ran = shop.publish(&["--to", "public", "--dry-run", "--json"]);
        assert!(ran.is_done().err.contains(&format!("compared   with nothing: {why}")), "{}", ran.err);
        assert!(ran.err.contains("`--against`"), "{}", ran.err);
        assert_eq!(ran.json()["changes"], serde_json::Value::Null);
    };
    compared_with_nothing(&format!("version 2 is published, {KEPT} has version 1"));
    let other = String::from_utf8(shop.read(KEPT)).unwrap().replace(r#""version":1"#, r#""version":2"#);
    shop.write(KEPT, &other);
    compared_with_nothing(&format!("another version 2 is published than {KEPT} has"));
    shop.write(KEPT, "{}");
    compared_with_nothing(&format!("{KEPT} is not as it was written"));
    fs::remove_file(shop.path(KEPT)).unwrap();
    compared_with_nothing(&format!("{KEPT} is not there"));
    let ran = shop.publish(&["--to", "public", "--dry-run", "--kept", "elsewhere.json"]);
    assert!(ran.is_done().out.contains("percent 20 instead of 15"), "{}", ran.out);
    // what is published is compared with nothing, and kept
    shop.publish(&["--to", "public"]).is_done();
    assert!(shop.path(KEPT).exists());
}

#[test]
fn what_is_published_is_never_kept_where_it_is_handed_out() {
    let shop = Workshop::furnished();
    let ran = shop.publish(&["--to", "public", "--kept", "public/snapshots/kept.json"]);
    assert!(ran.is_done().err.contains("warning[place_is_public]"), "{}", ran.err);
    assert!(!shop.path("public/snapshots/kept.json").exists() && !shop.path(KEPT).exists());
    let ran = shop.publish(&["--to", "."]);
    assert!(ran.is_done().err.contains("warning[place_is_public]"), "{}", ran.err);
    assert!(!shop.path(KEPT).exists());
    // that it cannot be kept undoes nothing
    let ran = shop.publish(&["--to", "public", "--kept", "nowhere/kept.json"]);
    assert!(ran.is_done().err.contains("warning[file_unavailable]"), "{}", ran.err);
    assert_eq!(version(&shop), 2);
}
