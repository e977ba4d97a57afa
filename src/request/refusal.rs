//! How requests are refused: the words, away from the path that requests take.

use super::shape::{Member, Shape};
use crate::error::Error;
use crate::json::read::Path;
use alloc::string::{String, ToString};

pub(super) fn no_object(shape: &Shape, path: &Path<'_>) -> Error {
    let mut help = String::from("send an object");
    let required = shape.members.iter().filter(|member| member.is_required);
    let count = required.clone().count();
    for (index, Member { name, .. }) in required.enumerate() {
        let joint = match index {
            0 => " with `",
            _ if index.saturating_add(1) == count => " and `",
            _ => ", `",
        };
        help.extend([joint, name, "`"]);
    }
    path.fault("field_invalid", ["a ", shape.what, " is an object"].concat(), help)
}

pub(super) fn missing(shape: &Shape, name: &str, path: &Path<'_>) -> Error {
    let message = ["the ", shape.what, " has no `", name, "`"].concat();
    path.key(name).fault("field_missing", message, ["add `", name, "` to the ", shape.what].concat())
}

pub(super) fn no_choice(name: &str, choices: &[&str], path: &Path<'_>) -> Error {
    let mut help = String::from("send ");
    for (index, choice) in choices.iter().enumerate() {
        let joint = match index {
            0 => "`",
            _ if index.saturating_add(1) == choices.len() => " or `",
            _ => ", `",
        };
        help.extend([joint, choice, "`"]);
    }
    path.fault("field_invalid", ["there is no `", name, "` here"].concat(), help)
}

pub(super) fn out_of_range(number: i64, least: i64, most: i64, code: &'static str, path: &Path<'_>) -> Error {
    let message = [&number.to_string(), " is out of range"].concat();
    let help = ["send a whole number from ", &least.to_string(), " to ", &most.to_string()].concat();
    path.fault(code, message, help)
}

pub(super) fn too_many(most: usize, code: &'static str, path: &Path<'_>) -> Error {
    let most = most.to_string();
    path.fault(code, ["there are more than ", &most].concat(), ["send at most ", &most].concat())
}

pub(super) fn duplicated(what: &str, code: &'static str, id: &str, earlier: &Path<'_>, path: &Path<'_>) -> Error {
    let path = path.key("id");
    let message = ["two ", what, "s have the id `", id, "`"].concat();
    let help =
        ["give the ", what, "s at ", &earlier.text(), " and ", &path.text(), " an id each, or make them one"].concat();
    path.fault(code, message, help)
}
