use std::collections::BTreeSet;
use std::fs;

use crate::workshop::Workshop;

const LISTED: &str = r#"{ "campaigns": [
  { "id": "welcome", "codes": ["WELCOME-2026"], "discounts": [ { "type": "percent_off", "percent": "5" } ] },
  { "id": "letter", "codeList": { "file": "codes/letter.csv" }, "discounts": [ { "type": "percent_off", "percent": "10" } ] },
  { "id": "gift", "codeList": { "file": "codes/gift.csv", "currency": "EUR" },
    "discounts": [ { "type": "amount_off", "amount": { "EUR": 100000 } } ] } ] }
"#;

const EDGE: [&str; 6] = ["--to", "public", "--edge-to", "private", "--pepper", "keys/pepper.json"];

fn shop() -> Workshop {
    let shop = Workshop::furnished();
    shop.write("campaigns.json", LISTED);
    shop.run(&["codes", "pepper", "--out", "keys/pepper.json"]).is_done();
    shop.run(&["codes", "generate", "--count", "2000", "--prefix", "LETTER", "--out", "codes/letter.csv"]).is_done();
    shop.write("codes/gift.csv", "code,balance,expires\nGIFT-1,5000,\nGIFT-2,700,2030-01-31\n");
    shop
}

fn lines(shop: &Workshop, name: &str) -> Vec<String> {
    String::from_utf8(shop.read(name)).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_list_has_as_many_codes_as_asked_and_no_two_are_alike() {
    let shop = Workshop::new();
    let generate = ["codes", "generate", "--count", "5000", "--pattern", "TEA-####-####-####-*", "--out", "tea.csv"];
    assert!(shop.run(&generate).is_done().out.contains("5000 codes written, 5000 in tea.csv"));
    let all = lines(&shop, "tea.csv");
    assert_eq!((all.len(), all[0].as_str()), (5_001, "code"));
    let pattern = counterfoil::codes::Pattern::parse("TEA-####-####-####-*").unwrap();
    assert!(all[1..].iter().all(|code| pattern.is_sound(code)));
    assert_eq!(all[1..].iter().collect::<BTreeSet<_>>().len(), 5_000);
    shop.run(&generate).is_refused("file_exists");
    let other = Workshop::new();
    other.run(&generate).is_done();
    assert_ne!(lines(&other, "tea.csv")[1], all[1], "another list has other codes");
}

#[test]
fn a_list_that_was_broken_off_goes_on_where_it_stopped() {
    let shop = Workshop::new();
    let of = |count: &str, more: &[&str]| {
        shop.run(&[&["codes", "generate", "--count", count, "--out", "tea.csv"], more].concat())
    };
    of("3000", &["--balance", "5000"]).is_done();
    let whole = shop.read("tea.csv");
    // in the middle of a line, of the first one, and with nothing written yet
    for kept in [whole.len() / 2 + 3, 16, 5, 0] {
        fs::write(shop.path("tea.csv"), &whole[..kept]).unwrap();
        of("3000", &["--resume"]).is_done();
        assert_eq!(shop.read("tea.csv"), whole, "{kept}");
    }
    of("3500", &["--resume"]).is_done();
    assert_eq!(lines(&shop, "tea.csv").len(), 3_501);
    assert!(shop.read("tea.csv").starts_with(&whole));
    of("3600", &["--resume", "--balance", "1"]).is_refused("argument_contradicts");
    let mut changed = whole.clone();
    let at = changed.len() - 8;
    changed[at] = b'!';
    fs::write(shop.path("tea.csv"), &changed).unwrap();
    of("3600", &["--resume"]).is_refused("list_changed");
    // ten million are the most: one more is no argument, and so many are one
    assert_eq!(shop.run(&["codes", "generate", "--count", "10000001", "--out", "x.csv"]).code, 2);
    assert_eq!(shop.run(&["codes", "generate", "--count", "10000000", "--resume", "--out", "x.csv"]).code, 1);
    shop.run(&["codes", "generate", "--count", "1", "--pattern", "###", "--out", "x.csv"])
        .is_refused("pattern_invalid");
}

#[test]
fn lists_come_from_other_programs_and_go_to_them() {
    let shop = Workshop::new();
    shop.write(
        "vouchers.csv",
        "Voucher code,Kind,Amount,Until\n GIFT-0001 ,gift,5000,2030-01-31\n\"gift 0002\",gift,,\ngift-ooo1,gift,1,\n",
    );
    let import = ["codes", "import", "vouchers.csv", "--column", "code=Voucher code", "--column", "balance=amount"];
    let ran = shop.run(&[&import[..], &["--column", "expires=Until", "--out", "codes/gift.csv"]].concat());
    assert!(ran.is_done().err.contains("1 codes that stood there before"), "{}", ran.err);
    let expected = ["code,balance,holder,uses,expires,state", "GIFT-0001,5000,,,2030-01-31,", "gift 0002,,,,,"];
    assert_eq!(lines(&shop, "codes/gift.csv"), expected);
    let out = shop.run(&["codes", "export", "codes/gift.csv", "--columns", "expires,code"]);
    assert_eq!(out.is_done().out, "expires,code\n2030-01-31,GIFT-0001\n,gift 0002\n");
    shop.write("codes/gone.csv", "code,state\nA-1,spent\nA-2,\n");
    let out = shop.run(&["codes", "export", "codes/gone.csv", "--state", "active", "--columns", "code"]);
    assert_eq!(out.out, "code\nA-2\n");
    for wrong in
        ["code,balance\nA,12.50\n", "code,expires\nA,31.12.2026\n", "code\n\"\"\n", "name\nA\n", "code,uses\nA\n"]
    {
        shop.write("wrong.csv", wrong);
        shop.run(&["codes", "import", "wrong.csv", "--out", "x.csv"]).is_refused("code_list_invalid");
        assert!(!shop.path("x.csv").exists());
    }
}

#[test]
fn lists_of_spreadsheets_have_other_signs_between_cells_and_empty_rows() {
    let shop = Workshop::new();
    let rows = [["Voucher code", "Amount, EUR", "Until"], ["", "", ""], ["GIFT-1", "5000", "2030-01-31"], ["", "", ""]];
    let named = ["--column", "code=voucher code", "--column", "balance=Amount, EUR", "--column", "expires=Until"];
    for (at, sign) in [",", ";", "\t"].into_iter().enumerate() {
        let quoted =
            rows.map(|row| row.map(|cell| if cell.contains(sign) { format!("\"{cell}\"") } else { cell.into() }));
        let text = quoted.map(|row| row.join(sign)).join("\r\n");
        // with the mark that spreadsheets begin their files with
        shop.write("vouchers.csv", &format!("\u{feff}{text}"));
        let out = format!("codes/{at}.csv");
        shop.run(&[&["codes", "import", "vouchers.csv", "--out", &out][..], &named].concat()).is_done();
        assert_eq!(lines(&shop, &out)[1..], ["GIFT-1,5000,,,2030-01-31,"], "{sign}");
    }
    let refused = |bytes: &[u8], more: &[&str], told: &str| {
        fs::write(shop.path("wrong.csv"), bytes).unwrap();
        let ran = shop.run(&[&["codes", "import", "wrong.csv", "--out", "x.csv"], more].concat());
        ran.is_refused("code_list_invalid");
        assert!(ran.err.contains(told), "{}", ran.err);
    };
    refused(b"Voucher;Until\nA;\n", &[], "line 1: there is no column of codes; there are `Voucher`, `Until`");
    let column = ["--column", "code=Code"];
    refused(b"Voucher;Until\nA;\n", &column, "line 1: there is no column `Code`; there are `Voucher`, `Until`");
    let balance = ["--column", "balance=Amont"];
    refused(b"code;Amount\nA;5\n", &balance, "line 1: there is no column `Amont`; there are `code`, `Amount`");
    refused(b"code;uses\nA;1;2\n", &[], "line 2: the line is no CSV as the first one");
    refused(b"code;name\nA;M\xfcller\n", &[], "line 2: the line is not UTF-8");
    // a list of its own is as it is everywhere
    shop.write("own.csv", "code;uses\nA;1\n");
    let ran = shop.run(&["codes", "export", "own.csv"]);
    assert!(ran.code == 1 && ran.err.contains("`code;uses` is no column of a code list"), "{}", ran.err);
}

#[test]
fn the_private_half_is_published_beside_the_public_one() {
    let shop = shop();
    let first = shop.publish(&[&EDGE[..], &["--json"]].concat()).is_done().json();
    let edge = &first["edge"];
    assert_eq!((&edge["codes"], &edge["added"], &edge["compacted"]), (&2_002.into(), &2_002.into(), &false.into()));
    let (public, private) = (shop.read("public/snapshot.cfs"), shop.read("private/snapshot.cfs"));
    assert_eq!(edge["bytes"], private.len());
    let has = |file: &[u8], text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has(&private, "letter") && !has(&public, "letter") && has(&public, "welcome"));
    assert!(!has(&private, "GIFT"));
    // what is there is nothing new, under whatever version
    let again = shop.publish(&[&EDGE[..], &["--json"]].concat()).is_done().json();
    assert_eq!((&again["version"], &again["edge"]["added"]), (&2.into(), &0.into()));
    assert_eq!(again["revision"], first["revision"]);
    assert!(again["edge"]["delta"].as_u64().unwrap() < 500, "{again}");
    // both halves are of one version and one publication
    let verify = |name: &str, profile: &str| {
        let arguments = ["verify", name, "--key-ring", "keys/key-ring.json", "--json", "--profile", profile];
        shop.run(&arguments).is_done().json()["manifest"].clone()
    };
    let halves = [verify("public/snapshot.cfs", "storefront"), verify("private/snapshot.cfs", "edge")];
    assert_eq!(halves[0]["revision"], halves[1]["revision"]);
    assert_eq!(halves[0]["version"], halves[1]["version"]);
}

#[test]
fn the_public_half_does_not_depend_on_the_codes() {
    let (one, other) = (shop(), shop());
    other.write("codes/gift.csv", "code\nGIFT-9\n");
    let section = |shop: &Workshop| {
        shop.publish(&EDGE).is_done();
        let file = shop.read("public/snapshot.cfs");
        // all but the envelope, which names the key and the moment
        file[file.len() - 100..].to_vec()
    };
    assert_eq!(section(&one), section(&other));
}

#[test]
fn new_codes_are_a_segment_on_top_until_there_are_many() {
    let shop = shop();
    shop.run(&["codes", "generate", "--count", "60000", "--resume", "--out", "codes/letter.csv"]).is_done();
    let publish = || shop.publish(&[&EDGE[..], &["--json"]].concat()).is_done().json()["edge"].clone();
    let sections = || fs::read_dir(shop.path("private/sections")).unwrap().count();
    publish();
    let before = sections();
    shop.run(&["codes", "generate", "--count", "61000", "--resume", "--out", "codes/letter.csv"]).is_done();
    let second = publish();
    let told = |told: &serde_json::Value| ["added", "changed", "removed"].map(|name| told[name].as_u64().unwrap());
    assert_eq!(told(&second), [1_000, 0, 0]);
    assert_eq!((sections(), &second["compacted"]), (before + 1, &false.into()));
    assert!(second["delta"].as_u64().unwrap() <= 10_000, "{second}");
    shop.write("codes/gift.csv", "code,balance,expires\nGIFT-1,4000,\n");
    assert_eq!(told(&publish()), [0, 1, 1]);
    shop.run(&["codes", "generate", "--count", "70000", "--resume", "--out", "codes/letter.csv"]).is_done();
    let third = publish();
    assert_eq!((&third["compacted"], &third["sections"]), (&true.into(), &2.into()));
    assert_eq!(told(&third), [9_000, 0, 0]);
}

#[test]
fn codes_that_come_and_go_are_changes_for_shoppers() {
    let shop = shop();
    shop.publish(&EDGE).is_done();
    fs::copy(shop.path("campaigns.json"), shop.path("published.json")).unwrap();
    let compared = || shop.publish(&[&EDGE[..], &["--against", "published.json", "--dry-run"]].concat());
    let ran = compared();
    assert!(ran.is_done().out.contains("nothing changes for shoppers"), "{}", ran.out);
    assert!(ran.err.contains("only their life is new"), "{}", ran.err);

    let list = lines(&shop, "codes/letter.csv");
    shop.write("codes/letter.csv", &list[..1_000].join("\n"));
    shop.write("codes/gift.csv", "code,balance,state\nGIFT-1,4000,\nGIFT-2,700,revoked\nGIFT-3,10,\n");
    let told = [
        "letter     1001 unique codes are taken back",
        "gift       1 unique code is new",
        "gift       1 unique code is changed",
        "gift       1 unique code is taken back",
    ];
    for ran in [compared(), shop.publish(&[&EDGE[..], &["--dry-run"]].concat())] {
        assert!(told.iter().all(|told| ran.is_done().out.contains(told)), "{}", ran.out);
        assert!(!ran.out.contains("nothing changes") && ran.err.contains("what is new is unique codes"), "{}", ran.err);
        assert!(ran.err.contains("1 new, 1 changed, 1002 taken back"), "{}", ran.err);
    }
    let edge = shop.publish(&[&EDGE[..], &["--json"]].concat()).is_done().json()["edge"].clone();
    assert_eq!(edge["ofCampaigns"]["letter"], serde_json::json!({ "added": 0, "changed": 0, "removed": 1_001 }));
    // under another pepper nobody knows which of them are new
    shop.run(&["codes", "pepper", "--out", "keys/other.json"]).is_done();
    let other = ["--to", "public", "--edge-to", "private", "--pepper", "keys/other.json", "--dry-run"];
    let ran = shop.publish(&other);
    let told = "letter     999 unique codes are under another pepper, whether new or not";
    assert!(ran.is_done().out.contains(told) && ran.err.contains("all written anew"), "{}{}", ran.out, ran.err);
    // and back again: what was taken back is new
    shop.write("codes/letter.csv", &list.join("\n"));
    let edge = shop.publish(&[&EDGE[..], &["--json"]].concat()).is_done().json()["edge"].clone();
    assert_eq!((&edge["added"], &edge["ofCampaigns"]["letter"]["added"]), (&1_001.into(), &1_001.into()));
}

#[test]
fn a_dry_run_tells_what_each_campaign_adds_to_either_half() {
    let shop = shop();
    let sizes = |more: &[&str]| -> Vec<(String, u64, Option<u64>)> {
        let told = shop.publish(&[more, &["--dry-run", "--json"]].concat()).is_done().json();
        let sizes = told["dryRun"]["campaignSizes"].as_array().unwrap().clone();
        let size = |size: &serde_json::Value| {
            let id = size["campaign"].as_str().unwrap().to_owned();
            (id, size["bytes"].as_u64().unwrap(), size["edgeBytes"].as_u64())
        };
        sizes.iter().map(size).collect()
    };
    let both = sizes(&EDGE);
    assert_eq!(both.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>(), ["letter", "gift", "welcome"]);
    let [(_, public, Some(edge)), (_, _, Some(gift)), (_, welcome, Some(at_edge))] = both[..] else {
        panic!("{both:?}")
    };
    assert!(public == 0 && (13_000..17_000).contains(&edge), "2,000 codes take seven bytes each: {edge}");
    assert!(gift < 300 && welcome > 0 && at_edge >= welcome, "{both:?}");
    let ran = shop.publish(&[&EDGE[..], &["--dry-run"]].concat());
    assert!(ran.is_done().out.contains("bytes at the edge"), "{}", ran.out);

    shop.write("campaigns.json", crate::workshop::CAMPAIGNS);
    assert!(sizes(&["--to", "public"]).iter().all(|(_, bytes, edge)| *bytes > 0 && edge.is_none()));
}

#[test]
fn what_is_missing_or_wrong_is_told_before_anything_is_published() {
    let shop = shop();
    shop.publish(&["--to", "public"]).is_refused("edge_missing");
    let refused = |more: &[&str], code: &str| {
        let ran = shop.publish(more);
        assert!(ran.code == 1 && ran.err.contains(&format!("error[{code}]: ")), "{}{}", ran.out, ran.err);
    };
    refused(&EDGE[..4], "pepper_missing");
    shop.write("keys/wrong.json", r#"{ "pepper": "12" }"#);
    refused(&["--to", "public", "--edge-to", "private", "--pepper", "keys/wrong.json"], "pepper_invalid");
    shop.write("codes/gift.csv", "code\nGIFT-1\ngift i\n");
    refused(&EDGE, "code_duplicated");
    fs::remove_file(shop.path("codes/gift.csv")).unwrap();
    refused(&EDGE, "file_unavailable");
    shop.write("codes/gift.csv", "code\nGIFT-1\n");
    shop.write("codes/letter.csv", "code,balance\nLETTER-1,500\n");
    refused(&EDGE, "code_list_invalid");
    assert!(!shop.path("public").exists() && !shop.path("private/head.cfs").exists());
}

#[test]
fn a_grave_lint_keeps_campaigns_from_being_published() {
    let shop = Workshop::furnished();
    let everything =
        r#"{ "campaigns": [ { "id": "oops", "discounts": [ { "type": "percent_off", "percent": "100" } ] } ] }"#;
    shop.write("campaigns.json", everything);
    shop.publish(&["--to", "public"]).is_refused("takes_everything");
    assert!(!shop.path("public").exists());
    shop.publish(&["--to", "public", "--allow", "takes_everything"]).is_done();
    assert_eq!(shop.publish(&["--to", "public", "--allow", "never_applies"]).code, 2);
}
