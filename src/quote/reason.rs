//! The words of a reason: what a shop shows of why a code did not apply.

use super::{slots, Words};
use crate::catalog::section::Node;
use crate::catalog::Catalog;
use crate::json::write::{self, Out};
use crate::money::{Amount, Denomination};
use crate::pointer::Pointer;
use crate::reason::{ParamKind, Reason};
use crate::request::Names;
use crate::{digits, error};
use alloc::string::String;
use alloc::vec;

/// Writes a reason by its slots: code, words for people, who can change it, where in the campaign it stands, and its
/// values.
///
/// Without `names` a line and an entered code stand as their place in the request, for a host that has the names.
pub fn write(words: Words<'_>, currency: Denomination, slots: &[i64], names: Option<&Names<'_>>, out: &mut Out) {
    let catalog = words.catalog;
    let Some((reason, promotion)) = slots::reason(words, slots) else { return };
    let record = promotion.and_then(|index| catalog.promotion(index)).map(|promotion| &promotion.record);
    write::raw(out, "{\"code\":\"");
    write::raw(out, reason.kind.code);
    write::raw(out, "\",\"message\":");
    write::text(out, reason.kind.message);
    write::raw(out, ",\"help\":");
    write::text(out, &help(catalog, currency, &reason));
    write::raw(out, ",\"fixBy\":\"");
    write::raw(out, reason.kind.fix_by.name());
    write::raw(out, "\"");
    if let (Some(record), Some(condition)) = (record, reason.condition) {
        write::raw(out, ",\"at\":{\"document\":\"campaign\",\"id\":");
        write::text(out, &record.id);
        write::raw(out, ",\"pointer\":");
        write::text(out, &pointer(&record.rule, condition));
        write::raw(out, "}");
    }
    write::raw(out, ",\"params\":{");
    for (index, ((name, kind), value)) in reason.kind.params.iter().zip(reason.values).enumerate() {
        if index > 0 {
            write::raw(out, ",");
        }
        write::text(out, name);
        write::raw(out, ":");
        match kind {
            ParamKind::Money | ParamKind::Count | ParamKind::Time => write::number(out, value),
            ParamKind::Line | ParamKind::Code => {
                let place = usize::try_from(value).unwrap_or(usize::MAX);
                let list = names.map(|names| if *kind == ParamKind::Line { &names.lines } else { &names.codes });
                match list.and_then(|list| list.get(place)) {
                    Some(name) => write::quoted(out, name.raw),
                    None => write::number(out, value),
                }
            }
            ParamKind::Word | ParamKind::Attribute | ParamKind::Campaign | ParamKind::KnownCode => {
                write::text(out, &word(catalog, *kind, value))
            }
        }
    }
    write::raw(out, "}}");
}

/// The text of a value that is a word of the snapshot.
fn word(catalog: &Catalog, kind: ParamKind, value: i64) -> String {
    let Ok(index) = u32::try_from(value) else { return String::new() };
    let text = match kind {
        ParamKind::Word => catalog.vocabulary().spelling(index).map(|(_, spelling)| spelling.text()),
        ParamKind::Attribute => catalog.vocabulary().dimensions.get(index as usize).map(|d| d.name.clone()),
        ParamKind::KnownCode => catalog.codes().get(index as usize).map(|(code, _)| code.clone()),
        _ => catalog.promotion(index).map(|promotion| promotion.record.id.clone()),
    };
    text.unwrap_or_default()
}

/// The help with its parameters put in.
fn help(catalog: &Catalog, currency: Denomination, reason: &Reason) -> String {
    let mut text = String::new();
    error::fill(reason.kind.help, &mut text, &|name, out| {
        for ((known, kind), value) in reason.kind.params.iter().zip(reason.values) {
            match kind {
                _ if *known != name => {}
                ParamKind::Money => currency.currency.write_in(currency.places, Amount::new(value), out),
                ParamKind::Count => digits::push(out, value),
                ParamKind::Time => crate::time::write_utc(value, out),
                // no help speaks of a line or of an entered code by its name
                ParamKind::Line | ParamKind::Code => {}
                ParamKind::Word | ParamKind::Attribute | ParamKind::Campaign | ParamKind::KnownCode => {
                    out.push_str(&word(catalog, *kind, value));
                }
            }
        }
    });
    text
}

/// The JSON Pointer of a condition in its campaign, found by reading the rule backwards.
fn pointer(rule: &[Node], condition: u16) -> String {
    // pointers of the nodes still to be read, the next one last; inside of what has a name all stands there
    let mut open = vec![(Pointer::root().key("when"), false)];
    let mut nodes = rule.iter().rev();
    while let (Some((path, is_named)), Some(node)) = (open.pop(), nodes.next()) {
        let below = |name: &str| if is_named { path.clone() } else { path.key(name) };
        let (list, count) = match node {
            Node::Condition(index) if *index == condition => return path.into(),
            Node::Condition(_) => continue,
            Node::Named => {
                open.push((path, true));
                continue;
            }
            Node::Not => {
                open.push((below("not"), is_named));
                continue;
            }
            Node::All(count) => (below("all"), *count),
            Node::Any(count) => (below("any"), *count),
        };
        for member in 0..count {
            let at = if is_named { list.clone() } else { list.index(usize::from(member)) };
            open.push((at, is_named));
        }
    }
    String::from("/when")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_found_by_its_pointer() {
        // { all: [c0, { any: [c1, { not: c2 }] }, c3] }
        let rule = [
            Node::Condition(0),
            Node::Condition(1),
            Node::Condition(2),
            Node::Not,
            Node::Any(2),
            Node::Condition(3),
            Node::All(3),
        ];
        let of = |condition| pointer(&rule, condition);
        assert_eq!(of(0), "/when/all/0");
        assert_eq!(of(1), "/when/all/1/any/0");
        assert_eq!(of(2), "/when/all/1/any/1/not");
        assert_eq!(of(3), "/when/all/2");
        assert_eq!(pointer(&[Node::Condition(0)], 0), "/when");
        // { any: [{ rule: "…" }, c3] }, where the rule is { all: [c0, { not: c1 }] }
        let named = [
            Node::Condition(0),
            Node::Condition(1),
            Node::Not,
            Node::All(2),
            Node::Named,
            Node::Condition(2),
            Node::Any(2),
        ];
        let of = |condition| pointer(&named, condition);
        assert_eq!([of(0), of(1), of(2)], ["/when/any/0", "/when/any/0", "/when/any/1"].map(String::from));
    }
}
