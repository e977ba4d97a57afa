//! Expressions in the JSON Schema, from the names that [`reading`](super::reading) knows. What is one, not what it asks
//! about: how long and deep it may be, and whether there is a line, is the compiler's to say.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde_json::{json, Map, Value as Json};

use super::reading::{FACTS, OF_MANY, OF_TWO, PLACES};
use super::{Step, MAX_STEPS};
use crate::vocabulary::Amounts;

/// An expression, as documents say it.
pub(crate) struct Expression;

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Expression")
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let expression = generator.subschema_for::<Expression>().to_value();
        let text = json!({ "type": "string" });
        let facts: Vec<&str> = FACTS.iter().map(|(name, _)| *name).collect();
        let list = |least: usize, most: usize| json!({ "type": "array", "items": expression, "minItems": least, "maxItems": most });
        let mut forms = Vec::from([
            json!({ "type": "string", "pattern": r"^-?\d{1,16}(\.\d{1,9})?$", "description": "A number: a decimal text." }),
            json!({ "type": "number", "description": "A number; as a text, its decimals are kept for certain." }),
            operation("What the cart says.", &[("fact", json!({ "enum": facts }))]),
            operation("A number among the customer's attributes.", &[("customer", text.clone())]),
            operation("A number among the order's attributes.", &[("attribute", text)]),
            operation(
                "An amount in the cart's currency.",
                &[("money", generator.subschema_for::<Amounts>().to_value())],
            ),
            operation("One for zero, else zero.", &[("not", expression.clone())]),
            operation(
                "`then` where `if` is not zero, else `else`.",
                &[("if", expression.clone()), ("then", expression.clone()), ("else", expression.clone())],
            ),
        ]);
        for (name, to) in [("round", "halves away from zero"), ("floor", "downwards"), ("ceil", "upwards")] {
            forms.push(rounding(
                name,
                &format!("To so many places, {to}; to whole numbers when `places` is absent."),
                &expression,
            ));
        }
        let named = |(name, step): &(&str, Step), of: Json| operation(says(*step), &[(name, of)]);
        forms.extend(OF_MANY.iter().map(|one| named(one, list(2, MAX_STEPS))));
        forms.extend(OF_TWO.iter().map(|one| named(one, list(2, 2))));
        json_schema!({ "description": "A number: a decimal text, what the cart says, or an operation on others.", "anyOf": forms })
    }
}

/// An object of exactly these members.
fn operation(says: &str, members: &[(&str, Json)]) -> Json {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let properties: Map<_, _> = members.iter().map(|(name, of)| ((*name).into(), of.clone())).collect();
    json!({ "type": "object", "description": says, "required": names, "additionalProperties": false, "properties": properties })
}

fn rounding(name: &str, says: &str, expression: &Json) -> Json {
    let places = json!({ "type": "integer", "minimum": PLACES.start(), "maximum": PLACES.end(),
        "description": "Decimals; below zero are tens, hundreds …" });
    json!({ "type": "object", "description": says, "required": [name], "additionalProperties": false,
        "properties": { name: expression, "places": places } })
}

/// What editors say of an operation on several.
fn says(step: Step) -> &'static str {
    match step {
        Step::Add => "The sum.",
        Step::Subtract => "The first less the second.",
        Step::Multiply => "The product.",
        Step::Divide => "The first by the second.",
        Step::Remainder => "What a division leaves.",
        Step::Min => "The lowest one; of conditions, whether all hold.",
        Step::Max => "The highest one; of conditions, whether any holds.",
        Step::Power => "The first to the power of the second, a whole number from 0 to 32.",
        Step::NotBelow => "One where the first is the second or more, else zero.",
        Step::Above => "One where the first is more than the second, else zero.",
        Step::Equal => "One where they are equal, else zero.",
        Step::Default => "The first, or the second where the first has no number.",
        _ => "",
    }
}
