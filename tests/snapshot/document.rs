//! The worked example of docs/snapshot-format.md is a real file.

use std::fs;
use std::path::Path;

use crate::forge::valid;

/// Bytes as the document prints them: offset, then up to 16 bytes.
fn dump(bytes: &[u8]) -> String {
    let row = |(at, row): (usize, &[u8])| {
        let digits: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{:03x}  {}\n", at * 16, digits.join(" "))
    };
    bytes.chunks(16).enumerate().map(row).collect()
}

#[test]
fn the_worked_example_is_the_valid_snapshot() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/snapshot-format.md")).unwrap();
    let expected = dump(&valid().bytes());
    assert!(text.contains(&expected), "docs/snapshot-format.md should show:\n{expected}");
}
