//! The JSON Schema (draft 2020-12) of campaign documents, made from their types and their docs, so that editors complete
//! and explain them. It says what is written how; what makes sense together is the compiler's to say.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use schemars::generate::SchemaSettings;
use schemars::{json_schema, Schema, SchemaGenerator};
use serde_json::{json, Value as Json};

use crate::campaign::{Campaign, CampaignDocument};
use crate::payment::PaymentMethod;
use crate::{condition, discount, earning};

/// Where the schema lives.
pub const ID: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/campaigns.schema.json");

/// The schema of a campaign document.
///
/// ```
/// let schema = counterfoil::schema::campaign_document();
/// let condition = &schema["$defs"]["Condition"]["oneOf"];
/// assert!(condition.as_array().unwrap().iter().any(|kind| kind["properties"]["type"]["const"] == "min_subtotal"));
/// ```
pub fn campaign_document() -> Json {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let conditions = kinds("condition", condition::TYPES, condition::schemas(&mut generator));
    let discounts = kinds("discount", discount::TYPES, discount::schemas(&mut generator));
    let earning = kinds("earning rule", earning::TYPES, earning::schemas(&mut generator));
    let campaign = generator.subschema_for::<Campaign>();
    let payment = generator.subschema_for::<PaymentMethod>();
    #[cfg(feature = "workshop")]
    let programme = generator.subschema_for::<Option<crate::ledger::programme::Programme>>();
    #[cfg(feature = "workshop")]
    let loyalty = generator.subschema_for::<crate::loyalty::Loyalty>();
    define(&mut generator, "Condition", conditions);
    define(&mut generator, "Rule", rule());
    define(&mut generator, "Discount", discounts);
    define(&mut generator, "EarningRule", earning);
    let mut schema = generator.into_root_schema_for::<CampaignDocument>().to_value();
    let list_of = |name: &str| json!({ "$ref": reference(name) });
    put(&mut schema, "/properties/campaigns/items", campaign.to_value());
    put(&mut schema, "/properties/payments/items", payment.to_value());
    put(&mut schema, "/$defs/Campaign/properties/discounts/items", list_of("Discount"));
    put(&mut schema, "/$defs/Campaign/properties/earning/items", list_of("EarningRule"));
    put_beside(&mut schema, "/$defs/Campaign/properties/when", list_of("Rule"));
    put(&mut schema, "/properties/rules/additionalProperties", list_of("Rule"));
    put(&mut schema, "/properties/segments/additionalProperties", list_of("Rule"));
    #[cfg(feature = "workshop")]
    {
        put_beside(&mut schema, "/properties/programme", programme.to_value());
        put_beside(&mut schema, "/properties/loyalty", loyalty.to_value());
        for rule in ["LoyaltyRule", "LoyaltyBoost", "LoyaltyConversion"] {
            put_beside(&mut schema, &alloc::format!("/$defs/{rule}/properties/when"), list_of("Rule"));
        }
    }
    put(&mut schema, "/title", json!("counterfoil campaigns"));
    if let Json::Object(members) = &mut schema {
        members.insert("$id".to_owned(), json!(ID));
    }
    schema
}

fn reference(name: &str) -> alloc::string::String {
    alloc::format!("#/$defs/{name}")
}

fn define(generator: &mut SchemaGenerator, name: &str, schema: Schema) {
    generator.definitions_mut().insert(name.to_owned(), schema.to_value());
}

/// One of the kinds, told apart by `type`.
fn kinds(what: &str, types: &[&str], schemas: Vec<Schema>) -> Schema {
    let one_of: Vec<Json> = types.iter().zip(schemas).map(|(kind, schema)| tagged(kind, schema)).collect();
    let types = alloc::format!("Which {what} it is.");
    json_schema!({ "type": "object", "required": ["type"], "properties": { "type": { "description": types } }, "oneOf": one_of })
}

/// The members of a kind, with its `type` among them.
fn tagged(kind: &str, schema: Schema) -> Json {
    let mut schema = schema.to_value();
    put(&mut schema, "/title", json!(kind));
    let Json::Object(members) = &mut schema else { return schema };
    if let Json::Object(properties) = members.entry("properties").or_insert_with(|| json!({})) {
        properties.insert("type".to_owned(), json!({ "const": kind }));
    }
    if let Json::Array(required) = members.entry("required").or_insert_with(|| json!([])) {
        required.insert(0, json!("type"));
    }
    schema
}

/// A condition, or all, any or none of more.
fn rule() -> Schema {
    let more = json!({ "type": "array", "minItems": 1, "items": { "$ref": reference("Rule") } });
    let tree = |word: &str, says: &str, of: Json| json!({ "type": "object", "required": [word], "additionalProperties": false, "properties": { word: of }, "description": says });
    json_schema!({ "anyOf": [
        { "$ref": reference("Condition") },
        tree("all", "Holds when all of these do.", more.clone()),
        tree("any", "Holds when one of these does.", more),
        tree("rule", "Holds when the rule of this name in `rules` does.", json!({ "type": "string" })),
        tree("not", "Holds when this does not.", json!({ "$ref": reference("Rule") })),
    ] })
}

/// Puts a value where the last name of a pointer says.
fn put(schema: &mut Json, pointer: &str, value: Json) {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    if let Some(Json::Object(members)) = schema.pointer_mut(parent) {
        members.insert(name.to_owned(), value);
    }
}

/// Adds members to an object of the schema.
fn put_beside(schema: &mut Json, pointer: &str, value: Json) {
    if let (Some(Json::Object(members)), Json::Object(more)) = (schema.pointer_mut(pointer), value) {
        members.extend(more);
    }
}
