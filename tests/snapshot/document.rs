//! The worked example of docs/snapshot-format.md is a real file.

use std::fs;
use std::path::Path;

use crate::fixtures::blesses;
use crate::forge::valid;

/// Bytes as the document prints them: offset, then up to 16 bytes.
fn dump(bytes: &[u8]) -> String {
    let row = |(at, row): (usize, &[u8])| {
        let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{:03x}  {}\n", at * 16, digits.join(" "))
    };
    bytes.chunks(16).enumerate().map(row).collect()
}

/// The bytes that the document prints.
fn shown(text: &str) -> Option<&str> {
    let (_, example) = text.split_once("## A worked example")?;
    let (_, block) = example.split_once("```text bytes\n")?;
    block.split_once("```").map(|(shown, _)| shown)
}

#[test]
fn the_worked_example_is_the_valid_snapshot() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/snapshot-format.md");
    let text = fs::read_to_string(&path).unwrap();
    let shown = shown(&text).expect("docs/snapshot-format.md has a worked example with a block of bytes");
    let expected = dump(&valid().bytes());
    if blesses() {
        return fs::write(&path, text.replace(shown, &expected)).unwrap();
    }
    assert_eq!(shown, expected, "`cargo xtask bless` writes it anew; then mend the table under it");
}
