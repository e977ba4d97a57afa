//! Whether an answer has what a case expects: a part of it.

use serde_json::Value;

use super::project::Project;

/// Writes down where an answer differs.
pub fn compare(case: &Value, status: u64, body: &Value, project: &mut Project, differences: &mut Vec<String>) {
    let expect = &case["expect"];
    for list in ["formulas", "table"] {
        if !case[list].is_null() {
            part(&case[list], &body[list], list, differences);
        }
    }
    for (member, expected) in expect.as_object().into_iter().flatten() {
        match member.as_str() {
            "http_status" => {
                if expected.as_u64() != Some(status) {
                    differences.push(format!("HTTP status {status} instead of {expected}"));
                }
            }
            "see" => {}
            "voucher_after" => part(expected, &project.first_voucher(), "voucher_after", differences),
            "vouchers_after" => {
                for (code, expected) in expected.as_object().into_iter().flatten() {
                    part(expected, &project.row("vouchers", code), code, differences);
                }
            }
            "order_total_amount" => part(expected, &body["order"]["total_amount"], "order.total_amount", differences),
            _ => match member.strip_suffix("_ids") {
                Some(list) => {
                    let ids: Value = list_of(&body[list]).iter().map(|row| row["id"].clone()).collect();
                    part(expected, &ids, member, differences);
                }
                None => member_of(member, expected, body, "", differences),
            },
        }
    }
    if !expect["http_status"].is_u64() && status >= 400 {
        differences.push(format!("HTTP status {status}: {body}"));
    }
}

fn list_of(value: &Value) -> &[Value] {
    value.as_array().or_else(|| value["data"].as_array()).map_or(&[], Vec::as_slice)
}

fn member_of(member: &str, expected: &Value, body: &Value, at: &str, differences: &mut Vec<String>) {
    let at = if at.is_empty() { member.to_string() } else { format!("{at}.{member}") };
    if let Some(list) = member.strip_suffix("_contains") {
        for wanted in list_of(expected) {
            let has = |row: &&Value| {
                let mut found = Vec::new();
                part(wanted, row, "", &mut found);
                found.is_empty()
            };
            if !list_of(&body[list]).iter().any(|row| has(&row)) {
                differences.push(format!("{at}: no entry {wanted} in {}", body[list]));
            }
        }
        return;
    }
    if member == "by_id" {
        for (id, wanted) in expected.as_object().into_iter().flatten() {
            match list_of(body).iter().find(|row| row["id"] == id.as_str()) {
                Some(row) => part(wanted, row, &format!("{at}.{id}"), differences),
                None => differences.push(format!("{at}: no `{id}` in {body}")),
            }
        }
        return;
    }
    part(expected, &body[member], &at, differences);
}

fn part(expected: &Value, actual: &Value, at: &str, differences: &mut Vec<String>) {
    match expected {
        Value::String(absent) if absent == "absent" => {
            if !actual.is_null() {
                differences.push(format!("{at}: {actual} instead of nothing"));
            }
        }
        Value::Object(members) => {
            for (member, expected) in members {
                member_of(member, expected, actual, at, differences);
            }
        }
        Value::Array(elements) => {
            let list = list_of(actual);
            if list.len() < elements.len() {
                differences.push(format!("{at}: {} elements instead of {}: {actual}", list.len(), elements.len()));
            }
            for (index, (expected, actual)) in elements.iter().zip(list).enumerate() {
                part(expected, actual, &format!("{at}[{index}]"), differences);
            }
        }
        Value::Number(number) if number.as_i64() == Some(0) && actual.is_null() => {}
        _ if same(expected, actual) => {}
        _ => differences.push(format!("{at}: {actual} instead of {expected}")),
    }
}

fn same(expected: &Value, actual: &Value) -> bool {
    expected == actual || (expected.is_number() && actual.is_number() && expected.as_f64() == actual.as_f64())
}
