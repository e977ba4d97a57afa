//! Every code is named in some test or case: one that nothing asks for by its name could change, or never come, unnoticed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What is answered only where a host has no random numbers, or no memory left; ours have both.
const OUT_OF_REACH: &[&str] = &["random_unavailable", "memory_unavailable"];

/// What is installed, and the room whose words are those of another system's interface.
const OTHERS: &[&str] = &["node_modules", "voucherify"];

/// Words of several parts, as codes, kinds and names of states are spelled.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    words.filter(|word| word.contains('_') && word.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// The files below a folder.
fn texts(folder: &Path, ends: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| !OTHERS.iter().any(|other| name == *other)) {
                texts(&path, ends, found);
            }
        } else if path.extension().is_some_and(|end| ends.iter().any(|wanted| end == *wanted)) {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// What the quotes of a line of code hold.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

#[test]
fn every_code_is_named_in_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, mut tests) = (Vec::new(), Vec::new());
    texts(&root.join("src"), &["rs"], &mut sources);
    for folder in ["tests", "cli/tests"] {
        texts(&root.join(folder), &["rs", "json", "mjs"], &mut tests);
    }
    let split = |text: &str| match text.split_once("#[cfg(test)]\nmod tests") {
        Some((code, tests)) => (code.to_owned(), tests.to_owned()),
        None => (text.to_owned(), String::new()),
    };
    let (code, unit_tests): (Vec<String>, Vec<String>) = sources.iter().map(|text| split(text)).unzip();
    let named: BTreeSet<&str> = tests.iter().chain(&unit_tests).flat_map(|text| names(text)).collect();
    let is_code = |line: &&str| !["//", "#[", "#!["].iter().any(|sign| line.trim_start().starts_with(sign));
    let told = code.iter().flat_map(|text| text.lines()).filter(is_code).flat_map(quoted);
    let told: BTreeSet<&str> = told.filter(|text| names(text).eq([*text])).collect();
    assert!(told.len() > 150 && told.contains("min_subtotal_not_reached"), "the sources are read: {told:?}");
    let unnamed: Vec<&&str> = told.difference(&named).filter(|text| !OUT_OF_REACH.contains(text)).collect();
    assert!(unnamed.is_empty(), "no test or case names {unnamed:?}");
}
