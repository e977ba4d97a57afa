//! What Voucherify's interface answers for rows of a project.

use counterfoil::voucherify::answer;
use serde_json::{json, Value};

use super::edge::now;

/// The answer to a call; `rows` are all there are, by object in the plural and id.
pub fn ask(mut call: Value, rows: &Value) -> Value {
    let mut project = json!({ "settings": rows["settings"], "loaded": [] });
    if !project["settings"].is_object() {
        project["settings"] = json!({});
    }
    for (member, value) in [("query", json!({})), ("clientSide", false.into()), ("random", "0".repeat(256).into())] {
        call[member] = value;
    }
    call["now"] = now().into();
    loop {
        call["project"] = project.clone();
        let told: Value = serde_json::from_str(&answer(&call.to_string())).unwrap();
        let Some(needs) = told["needs"].as_array() else { return told };
        for need in needs {
            let object = need["object"].as_str().unwrap();
            let object = object.strip_suffix('y').map_or_else(|| format!("{object}s"), |stem| format!("{stem}ies"));
            if let Some(id) = need["id"].as_str() {
                project[&object][id] = rows[&object][id].clone();
            }
        }
        project["loaded"].as_array_mut().unwrap().extend(needs.iter().cloned());
    }
}
