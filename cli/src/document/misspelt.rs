//! Members of a request that count for nothing although they look like one that counts.
//!
//! A line may carry its own title and picture, so the engine passes over what it does not know. That makes a slip of the
//! keyboard silent: with `code` in place of `codes` a cart costs more, and nobody says why.

use counterfoil::error::Severity;
use counterfoil::pointer::Pointer;
use counterfoil::request::shape::{Kind, Shape, REQUEST};
use serde_json::Value as Json;

use super::Source;
use crate::fault::Fault;

/// Warns of each member of a request whose name is a slip or two away from one that counts and is not said:
/// `field_misspelt`, at its place.
pub fn misspelt(request: &Json, source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    look(request, &REQUEST, &Pointer::root(), source, &mut faults);
    faults
}

fn look(object: &Json, shape: &Shape, at: &Pointer, source: &Source, faults: &mut Vec<Fault>) {
    let Some(members) = object.as_object() else { return };
    for (name, value) in members {
        let at = at.key(name);
        let Some(member) = shape.members.iter().find(|member| member.name == name) else {
            let unsaid = shape.members.iter().map(|member| member.name).filter(|known| !members.contains_key(*known));
            if let Some(known) = meant(name, unsaid) {
                let mut fault = Fault::new(
                    "field_misspelt",
                    format!("`{name}` means nothing in the {} and is passed over", shape.what),
                    format!("write `{known}` if that is meant"),
                );
                fault.severity = Severity::Warning;
                faults.push(fault.at(source.place(at.as_str(), true)));
            }
            continue;
        };
        match &member.kind {
            Kind::Object(shape) | Kind::ObjectIfAny(shape) => look(value, shape, &at, source, faults),
            Kind::List(_, shape) => {
                for (index, element) in value.as_array().into_iter().flatten().enumerate() {
                    look(element, shape, &at.index(index), source, faults);
                }
            }
            _ => {}
        }
    }
}

/// The member that is nearest to a name, if it is so near that nothing else can be meant: `unit_price` and `Quantity` are
/// those they stand for, and of other names one letter in four may be wrong.
fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let bare = |name: &str| name.replace(['_', '-', ' '], "").to_lowercase();
    let name = bare(name);
    known
        .map(|known| (strsim::damerau_levenshtein(&name, &bare(known)), known))
        .filter(|(slips, known)| *slips <= known.len() / 4)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(request: &str) -> Vec<(String, String)> {
        let json = serde_json::from_str(request).unwrap();
        let faults = misspelt(&json, &Source::of_json("cart.json", request));
        let place = |fault: &Fault| fault.place.as_ref().and_then(|place| place.pointer.clone()).unwrap();
        faults.iter().map(|fault| (place(fault), fault.help.clone())).collect()
    }

    #[test]
    fn a_slip_is_told_with_the_member_that_is_meant() {
        let request = r#"{ "currency": "EUR", "utcOfset": 60, "code": ["A"],
            "customer": { "orders": { "cuont": 2 } },
            "lines": [{ "id": "a", "unit_price": 100, "unitPrice": 100, "Quantity": 1, "catgories": ["tea"] }] }"#;
        let meant = |at: &str, known: &str| (at.to_owned(), format!("write `{known}` if that is meant"));
        assert_eq!(
            named(request),
            [
                meant("/code", "codes"),
                meant("/customer/orders/cuont", "count"),
                meant("/lines/0/Quantity", "quantity"),
                meant("/lines/0/catgories", "categories"),
                meant("/utcOfset", "utcOffset"),
            ]
        );
    }

    /// What a shop keeps of its own beside the members of the format is its own affair.
    #[test]
    fn own_members_and_the_names_of_attributes_are_left_alone() {
        let request = r#"{ "currency": "EUR", "note": "n", "attributes": { "chanel": "web" }, "channel": "web",
            "chanel": "web", "lines": [{ "id": "a", "unitPrice": 1, "quantity": 1, "title": "T", "picture": "p", "price": 1 }] }"#;
        assert_eq!(named(request), []);
    }
}
