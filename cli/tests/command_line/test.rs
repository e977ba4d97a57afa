use crate::workshop::{Workshop, CAMPAIGNS};

const REQUEST: &str = r#"{ "currency": "EUR", "codes": ["TEA10"],
  "lines": [ { "id": "a", "unitPrice": 1000, "quantity": 1, "categories": ["tea"] } ] }"#;

/// A case file of these cases.
fn file(campaigns: &str, cases: &[String]) -> String {
    let cases = cases.join(",\n");
    format!(r#"{{ "about": "tea", "campaigns": {campaigns}, "now": "2026-03-01T10:00:00Z", "cases": [{cases}] }}"#)
}

fn case(name: &str, rest: &str) -> String {
    format!(r#"{{ "name": "{name}", "request": {REQUEST}, {rest} }}"#)
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn campaigns_may_be_a_path_a_list_or_a_document() {
    let shop = Workshop::furnished();
    let list = r#"[ { "id": "all", "discounts": [ { "type": "percent_off", "percent": "10" } ] } ]"#;
    shop.write(
        "cases/path.json",
        &file("\"../campaigns.json\"", &[case("tea/by_path", r#""expect": { "total": 900 }"#)]),
    );
    shop.write("cases/deep/list.json", &file(list, &[case("tea/by_list", r#""expect": { "total": 900 }"#)]));
    shop.write("cases/whole.json", &file(CAMPAIGNS, &[case("tea/by_document", r#""expect": { "total": 900 }"#)]));
    // neither a campaign document nor a file of another kind is taken for one of cases
    shop.write("cases/deep/campaigns.json", CAMPAIGNS);
    shop.write("cases/readme.txt", "{");
    let ran = shop.run(&["test", "cases"]);
    assert_eq!(ran.is_done().out, "3 passed, 0 failed\n");
}

#[test]
fn every_failure_is_told_and_none_stops_the_run() {
    let shop = Workshop::furnished();
    let cases = [
        case("tea/wrong_total", r#""expect": { "total": 899, "lines": [ { "discount": 101 } ], "gift": true }"#),
        case("tea/right_total", r#""expect": { "total": 900 }"#),
        case("tea/an_outcome_too_many", r#""expect": { "outcomes": [] }"#),
        case("tea/no_error", r#""error": { "code": "too_many_lines" }"#),
    ];
    shop.write("cases.json", &file("\"campaigns.json\"", &cases));
    let ran = shop.run(&["test", "cases.json"]);
    assert_eq!(ran.code, 3);
    assert_eq!(last_line(&ran.out), "1 passed, 3 failed");
    for told in [
        "failed  tea/wrong_total  (cases.json:1:",
        "  /total\n    - expected  899\n    + actual    900\n",
        "  /lines/0/discount\n    - expected  101\n    + actual    100\n",
        "  /gift\n    - expected  true\n    + actual    (nothing)\n",
        "  /outcomes/0\n    - expected  (nothing)\n    + actual    {",
        "  /error\n    - expected  {\"code\":\"too_many_lines\"}\n    + actual    (nothing)\n",
    ] {
        assert!(ran.out.contains(told), "{told}\n{}", ran.out);
    }
}

#[test]
fn refused_requests_are_expected_by_code_and_pointer() {
    let shop = Workshop::furnished();
    let body = |name: &str, error: &str| format!(r#"{{ "name": "{name}", "body": "{{}}", {error} }}"#);
    let cases = [
        body("tea/by_code", r#""error": { "code": "field_missing" }"#),
        body("tea/by_pointer", r#""error": { "code": "field_missing", "pointer": "/currency" }"#),
        body("tea/wrong_pointer", r#""error": { "code": "field_missing", "pointer": "/lines" }"#),
        body("tea/a_quote_was_expected", r#""expect": { "total": 1 }"#),
    ];
    shop.write("cases.json", &file("\"campaigns.json\"", &cases));
    let ran = shop.run(&["test", "cases.json"]);
    assert_eq!((ran.code, last_line(&ran.out)), (3, "2 passed, 2 failed"), "{}", ran.out);
    assert!(
        ran.out.contains("/error/pointer\n    - expected  \"/lines\"\n    + actual    \"/currency\""),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("the request was refused\n    the request has no `currency`"), "{}", ran.out);
}

#[test]
fn a_case_has_its_own_moment_and_disclosure() {
    let shop = Workshop::furnished();
    let request = r#""request": { "currency": "EUR", "codes": ["OLD"],
      "lines": [ { "id": "a", "unitPrice": 1000, "quantity": 1 } ] }"#;
    let reason = |code: &str| format!(r#""expect": {{ "outcomes": [ {{ "reasons": [ {{ "code": "{code}" }} ] }} ] }}"#);
    let cases = [
        format!(r#"{{ "name": "old/public", {request}, {} }}"#, reason("code_unknown")),
        format!(r#"{{ "name": "old/full", {request}, "disclosure": "full", {} }}"#, reason("campaign_ended")),
        format!(r#"{{ "name": "old/then", {request}, "now": "2025-12-31T00:00:00Z", "expect": {{ "total": 500 }} }}"#),
    ];
    shop.write("cases.json", &file("\"campaigns.json\"", &cases));
    assert_eq!(shop.run(&["test", "cases.json"]).is_done().out, "3 passed, 0 failed\n");
}

#[test]
fn a_filter_chooses_by_name() {
    let shop = Workshop::furnished();
    let cases = [case("tea/one", r#""expect": { "total": 900 }"#), case("tea/two", r#""expect": { "total": 1 }"#)];
    shop.write("cases.json", &file("\"campaigns.json\"", &cases));
    assert_eq!(shop.run(&["test", "cases.json", "--filter", "one"]).is_done().out, "1 passed, 0 failed\n");
    let ran = shop.run(&["test", "cases.json", "--filter", "three"]);
    ran.is_refused("no_cases");
}

#[test]
fn wrong_case_files_fail_and_do_not_hide_the_others() {
    let shop = Workshop::furnished();
    let good = case("tea/good", r#""expect": { "total": 900 }"#);
    let write = |name: &str, text: &str| shop.write(&format!("cases/{name}.json"), text);
    write("good", &file(CAMPAIGNS, &[good]));
    write("unknown", &file("[]", &[case("tea/unknown", r#""expect": {}, "wihy": """#)]));
    write("undecided", &file("[]", &[case("tea/undecided", r#""expect": {}, "error": { "code": "x" }"#)]));
    write("silent", &file("[]", &[format!(r#"{{ "name": "tea/silent", "request": {REQUEST} }}"#)]));
    write("moment", &file("[]", &[case("tea/moment", r#""expect": {}, "now": "today""#)]));
    write("syntax", r#"{ "cases": [ }"#);
    let ran = shop.run(&["test", "cases"]);
    assert_eq!((ran.code, last_line(&ran.out)), (3, "1 passed, 5 failed"), "{}", ran.out);
    let codes = ["field_unknown", "case_incomplete", "field_invalid", "json_malformed"];
    for code in codes {
        assert!(ran.out.contains(&format!("error[{code}]")), "{code}\n{}", ran.out);
    }
    assert!(ran.out.contains("--> cases/unknown.json:2:"), "{}", ran.out);
}

#[test]
fn wrong_campaigns_fail_every_case_of_their_file_and_are_told_once() {
    let shop = Workshop::furnished();
    let wrong = "[ { \"id\": \"a\",\n  \"discounts\": [ { \"type\": \"percent_off\", \"percent\": \"x\" } ] } ]";
    let cases = [case("tea/one", r#""expect": {}"#), case("tea/two", r#""expect": {}"#)];
    shop.write("cases.json", &file(wrong, &cases));
    let ran = shop.run(&["test", "cases.json"]);
    assert_eq!((ran.code, last_line(&ran.out)), (3, "0 passed, 2 failed"), "{}", ran.out);
    assert_eq!(ran.out.matches("error[field_invalid]").count(), 1);
    assert!(ran.out.contains("--> cases.json:2:54"), "{}", ran.out);

    let whole = format!("{{ \"campaigns\": {wrong} }}");
    shop.write("cases.json", &file(&whole, &cases));
    assert!(shop.run(&["test", "cases.json"]).out.contains("--> cases.json:2:54"));

    shop.write("cases.json", &file("\"nowhere.json\"", &cases));
    let ran = shop.run(&["test", "cases.json"]);
    assert!(ran.code == 3 && ran.out.contains("error[file_unavailable]"), "{}", ran.out);
}

#[test]
fn a_name_stands_for_one_case() {
    let shop = Workshop::furnished();
    let cases = [case("tea/same", r#""expect": {}"#)];
    shop.write("cases/a.json", &file("[]", &cases));
    shop.write("cases/b.json", &file("[]", &cases));
    let ran = shop.run(&["test", "cases"]);
    assert_eq!((ran.code, last_line(&ran.out)), (3, "2 passed, 1 failed"), "{}", ran.out);
    assert!(ran.out.contains("error[case_duplicated]: the case `tea/same` is in cases/a.json already"), "{}", ran.out);
}

#[test]
fn nothing_to_run_is_refused() {
    let shop = Workshop::furnished();
    shop.run(&["test", "keys"]).is_refused("no_cases");
    shop.run(&["test", "nowhere"]).is_refused("file_unavailable");
    assert_eq!(shop.run(&["test"]).code, 2);
}
