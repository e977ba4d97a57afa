//! Finds the paths in a source file that lead from the crate's root into a room.

use std::path::Path;

/// The room a file is in, and the modules between the crate's root and the file.
pub struct Room {
    pub name: String,
    modules: Vec<String>,
}

impl Room {
    /// `None` for `lib.rs`, which is in no room.
    pub fn of(file: &Path) -> Option<Room> {
        let mut modules: Vec<String> =
            file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        modules.pop_if(|last| *last == "mod" || *last == "lib");
        Some(Room { name: modules.first()?.clone(), modules })
    }
}

/// A path found: the line it begins on and the module of the crate's root that it names.
#[derive(Debug, PartialEq, Eq)]
pub struct RoomPath {
    pub line: usize,
    pub target: String,
}

pub fn paths_to_rooms(text: &str, room: &Room) -> Vec<RoomPath> {
    let tokens = tokens(text);
    let words: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let mut found = Vec::new();
    let mut depth = 0_usize;
    // The depths of braces at which modules inside the file opened.
    let mut inner: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut length = 1;
        match &words[at..] {
            ["#", "[", "cfg", "(", "test", ")", "]", "mod", _, "{", rest @ ..] => length = 10 + rest_of_group(rest),
            ["mod", _, "{", ..] => inner.push(depth + 1),
            ["{", ..] => depth += 1,
            ["}", ..] => {
                inner.pop_if(|opened| *opened == depth);
                depth -= 1;
            }
            ["crate", "::", path @ ..] => push_targets(path, tokens[at].line, &mut found),
            ["super", "::", ..] => {
                let supers = words[at..].chunks(2).take_while(|pair| matches!(pair, ["super", "::"])).count();
                length = 2 * supers;
                if supers == room.modules.len() + inner.len() {
                    push_targets(&words[at + length..], tokens[at].line, &mut found);
                }
            }
            _ => {}
        }
        at += length;
    }
    found
}

/// The first names of a path, of which a group `{a::B, c}` has several.
fn push_targets(path: &[&str], line: usize, found: &mut Vec<RoomPath>) {
    let mut push = |target: &&str| found.push(RoomPath { line, target: (*target).to_owned() });
    let ["{", group @ ..] = path else {
        path.first().into_iter().for_each(push);
        return;
    };
    let mut depth = 1;
    let mut begins = true;
    for word in group {
        match *word {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => {
                begins = true;
                continue;
            }
            _ if begins => push(word),
            _ => {}
        }
        begins = false;
        if depth == 0 {
            break;
        }
    }
}

/// How many tokens to behind the brace that closes the group they are in.
fn rest_of_group(words: &[&str]) -> usize {
    let mut depth = 1;
    for (index, word) in words.iter().enumerate() {
        match *word {
            "{" => depth += 1,
            "}" if depth == 1 => return index + 1,
            "}" => depth -= 1,
            _ => {}
        }
    }
    words.len()
}

struct Token<'a> {
    line: usize,
    text: &'a str,
}

/// Names, `::` and single signs; no comments, no literals, no lifetimes' quotes.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (length, meant) = match first {
            _ if first.is_whitespace() => (first.len_utf8(), false),
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
            '/' if rest.starts_with("/*") => (block_comment(rest), false),
            '"' => (string(rest), false),
            '\'' => (character(rest), false),
            _ if is_name(first) => match prefixed_string(rest) {
                Some(length) => (length, false),
                None => (rest.find(|sign| !is_name(sign)).unwrap_or(rest.len()), true),
            },
            _ if rest.starts_with("::") => (2, true),
            _ => (first.len_utf8(), true),
        };
        if meant {
            found.push(Token { line, text: &rest[..length] });
        }
        line += rest[..length].matches('\n').count();
        start += length;
    }
    found
}

fn is_name(sign: char) -> bool {
    sign == '_' || sign.is_alphanumeric()
}

/// The length of `/* … */`, which may hold others.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of `"…"`.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (index, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `r#"…"#`, `b"…"`, `br"…"`, `c"…"`; `None` for a name that only begins with these letters.
fn prefixed_string(text: &str) -> Option<usize> {
    let prefix = text.find(|sign| !matches!(sign, 'r' | 'b' | 'c'))?;
    let fences = text[prefix..].find(|sign| sign != '#')?;
    let body = &text[prefix + fences..];
    if !body.starts_with('"') {
        return None;
    }
    if !text[..prefix].contains('r') {
        return Some(prefix + string(body));
    }
    let close = format!("\"{}", "#".repeat(fences));
    let length = body[1..].find(&close).map_or(body.len(), |end| 1 + end + close.len());
    Some(prefix + fences + length)
}

/// The length of a character literal, or of the quote alone where it begins a lifetime.
fn character(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    match (signs.next(), signs.next()) {
        (Some((_, '\\')), Some(_)) => text[3..].find('\'').map_or(1, |end| end + 4),
        (Some(_), Some((index, '\''))) => index + 1,
        _ => 1,
    }
}

#[test]
fn every_spelling_of_a_path_is_found_and_nothing_else() {
    let text = r##"
        //! [`crate::engine`] in a comment is no edge
        use crate::money::Amount;
        use crate::{time::{CivilDate, Interval}, code, cart::*};
        pub(crate) fn quote<'a>(sign: char) -> crate::facts::Facts<'a> {
            let _ = ("crate::wasm", r#"crate::lint"#, b"super::x", '"', '\'', sign == '{');
            $crate::pointer::here!(super::super::id::LineId, super::sibling::Thing)
        }
        mod inner { use super::super::super::reason::Reason; use super::super::birthday; }
        #[cfg(test)]
        mod tests { use crate::engine::Engine; fn nested() { crate::quote::of() } }
        use crate /* far */ :: error :: Error;
    "##;
    let Some(room) = Room::of(Path::new("condition/min_subtotal.rs")) else { panic!("the file is in a room") };
    let found: Vec<(usize, String)> =
        paths_to_rooms(text, &room).into_iter().map(|path| (path.line, path.target)).collect();
    let expected = [
        (3, "money"),
        (4, "time"),
        (4, "code"),
        (4, "cart"),
        (5, "facts"),
        (7, "pointer"),
        (7, "id"),
        (9, "reason"),
        (12, "error"),
    ];
    assert_eq!(found, expected.map(|(line, target)| (line, target.to_owned())));
}
