//! Bounds as documents spell them, of which some are part of the range and some are not.

use alloc::boxed::Box;

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{Amounts, Bound, VocabularyBuilder};

const NAMES: [&str; 4] = ["atLeast", "moreThan", "atMost", "lessThan"];

fn nothing(at: &Pointer) -> Box<Diagnostic> {
    reading::invalid("the condition asks nothing", "say `atLeast`, `moreThan`, `atMost` or `lessThan`", at)
}

fn twice(one: &str, other: &str, at: &Pointer) -> Box<Diagnostic> {
    let message = alloc::format!("`{one}` and `{other}` are the same bound told twice");
    reading::invalid(message, "leave one of them out", at)
}

/// Bounds in whole numbers, both part of the range. There must be one, unless something else is asked too.
pub(super) fn counts(
    at_least: Option<i64>,
    more_than: Option<i64>,
    at_most: Option<i64>,
    less_than: Option<i64>,
    asks_more: bool,
    at: &Pointer,
) -> Result<[Bound; 2], Box<Diagnostic>> {
    let [least, more, most, less] = NAMES;
    let bounds = match ((at_least, more_than), (at_most, less_than)) {
        ((Some(_), Some(_)), _) => return Err(twice(least, more, &at.key(more))),
        (_, (Some(_), Some(_))) => return Err(twice(most, less, &at.key(less))),
        ((None, None), (None, None)) if !asks_more => return Err(nothing(at)),
        _ => [
            at_least.or(more_than.map(|bound| bound.saturating_add(1))),
            at_most.or(less_than.map(|bound| bound.saturating_sub(1))),
        ],
    };
    Ok(bounds.map(|bound| bound.map_or(Bound::Open, Bound::Count)))
}

/// Bounds in money, both part of the range. There must be one.
pub(super) fn money(
    at_least: &Option<Amounts>,
    more_than: &Option<Amounts>,
    at_most: &Option<Amounts>,
    less_than: &Option<Amounts>,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<[Bound; 2], Box<Diagnostic>> {
    let [least, more, most, less] = NAMES;
    let mut bound = |inside: (&Option<Amounts>, &str), outside: (&Option<Amounts>, &str), step: i64| {
        let (amounts, name, step) = match (inside, outside) {
            ((Some(_), one), (Some(_), other)) => return Err(twice(one, other, &at.key(other))),
            ((Some(amounts), name), _) => (amounts, name, 0),
            (_, (Some(amounts), name)) => (amounts, name, step),
            _ => return Ok(Bound::Open),
        };
        reading::check_amounts(amounts, &at.key(name))?;
        let moved = amounts.0.iter().map(|(code, minor)| (code.clone(), minor.saturating_add(step)));
        Ok(Bound::Money(reading::amounts(&Amounts(moved.collect()), vocabulary, &at.key(name))?))
    };
    let bounds = [bound((at_least, least), (more_than, more), 1)?, bound((at_most, most), (less_than, less), -1)?];
    if bounds == [Bound::Open; 2] {
        return Err(nothing(at));
    }
    Ok(bounds)
}
