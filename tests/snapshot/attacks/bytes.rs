//! Attacks on the bytes of one good file: flipped, cut, extended, with lengths that lie.

use super::Attack;
use crate::forge::{valid, File};

pub fn all() -> Vec<Attack> {
    let good = valid();
    [controls(&good), flips(&good), cuts(&good), lengths(&good), strangers()].into_iter().flatten().collect()
}

fn controls(good: &File) -> Vec<Attack> {
    vec![Attack::accepted("valid", "right in every respect: a control").snapshot(good.bytes())]
}

/// Where the fields of the good file's manifest begin.
const FIELDS: [(&str, usize); 15] = [
    ("format", 0),
    ("audience-length", 1),
    ("audience", 2),
    ("environment", 12),
    ("profile", 22),
    ("revision", 23),
    ("version", 39),
    ("issued-at", 40),
    ("expires-at", 46),
    ("root-version", 52),
    ("section-count", 53),
    ("section-kind", 54),
    ("section-critical", 55),
    ("section-length", 56),
    ("section-sha256", 57),
];

fn flipped(file: &File, at: usize, mask: u8) -> Vec<u8> {
    let mut bytes = file.bytes();
    bytes[at] ^= mask;
    bytes
}

fn flips(good: &File) -> Vec<Attack> {
    let body = good.body_at();
    let end = body + good.body.len();
    let flipped_body = FIELDS.iter().fold(
        Attack::refused("flipped-body", "signature_invalid", "one bit of each field of the signed manifest"),
        |attack, (field, at)| attack.file(field, flipped(good, body + at, 1)),
    );
    vec![
        Attack::refused("flipped-magic", "snapshot_malformed", "one bit of each letter the file begins with")
            .file("byte-0", flipped(good, 0, 1))
            .file("byte-1", flipped(good, 1, 1))
            .file("byte-2", flipped(good, 2, 1)),
        Attack::refused("flipped-envelope-version", "format_unsupported", "an envelope of version 3")
            .snapshot(flipped(good, 3, 2)),
        Attack::refused("flipped-type", "snapshot_malformed", "a document of type 6, which there is not")
            .snapshot(flipped(good, 4, 4)),
        Attack::refused("flipped-type-to-another", "snapshot_malformed", "a manifest that says it is a pulse")
            .snapshot(flipped(good, 4, 1)),
        Attack::refused("flipped-signature-count", "snapshot_too_large", "the signature is read as a length")
            .snapshot(flipped(good, 5, 1)),
        Attack::refused("flipped-key-id", "key_unknown", "the signature is in the name of a key nobody knows")
            .file("first-byte", flipped(good, 6, 0x80))
            .file("last-byte", flipped(good, 13, 1)),
        Attack::refused("flipped-signature", "signature_invalid", "one bit of the signature's halves R and s")
            .file("r-first-byte", flipped(good, 14, 1))
            .file("r-last-byte", flipped(good, 45, 0x80))
            .file("s-first-byte", flipped(good, 46, 1))
            .file("s-last-byte", flipped(good, 77, 0x80)),
        Attack::refused("flipped-body-length", "signature_invalid", "the body ends a byte early or late")
            .file("one-bit", flipped(good, 78, 1))
            .file("two-bits", flipped(good, 78, 3)),
        flipped_body,
        Attack::refused("flipped-section", "section_mismatch", "one bit of the section")
            .file("first-byte", flipped(good, end, 1))
            .file("last-byte", flipped(good, good.bytes().len() - 1, 0x80)),
    ]
}

fn cuts(good: &File) -> Vec<Attack> {
    let bytes = good.bytes();
    let body = good.body_at();
    let end = body + good.body.len();
    let boundaries = [
        ("empty", 0),
        ("inside-magic", 3),
        ("after-magic", 4),
        ("after-type", 5),
        ("after-signature-count", 6),
        ("after-key-id", 14),
        ("inside-signature", 40),
        ("after-signature", 78),
        ("inside-body-length", 80),
        ("after-body-length", body),
        ("inside-body", body + 10),
        ("before-last-byte-of-body", end - 1),
        ("after-body", end),
        ("inside-section", end + 5),
        ("before-last-byte", bytes.len() - 1),
    ];
    let cut = boundaries.iter().fold(
        Attack::refused("truncated", "snapshot_malformed", "the file ends at and inside each of its parts"),
        |attack, (name, length)| attack.file(name, bytes[..*length].to_vec()),
    );
    let extended = |tail: &[u8]| [&bytes[..], tail].concat();
    vec![
        cut,
        Attack::refused("trailing-bytes", "snapshot_malformed", "the file goes on after its last section")
            .file("one-byte", extended(&[0]))
            .file("the-file-again", extended(&bytes)),
    ]
}

fn lengths(good: &File) -> Vec<Attack> {
    let with_length = |length: u64| File { length, ..good.clone() }.bytes();
    let mut nine = good.clone();
    nine.signatures = vec![good.signatures[0]; 9];
    vec![
        Attack::refused("lying-body-length", "snapshot_too_large", "a body length beyond all bounds")
            .file("64-kib-and-1", with_length(65_537))
            .file("2-pow-32-minus-1", with_length((1 << 32) - 1))
            .file("2-pow-32", with_length(1 << 32))
            .file("2-pow-63", with_length(1 << 63))
            .file("2-pow-64-minus-1", with_length(u64::MAX)),
        Attack::refused("body-length-beyond-file", "snapshot_malformed", "an allowed body length, a shorter file")
            .snapshot(with_length(65_536)),
        Attack::refused("too-many-signatures", "snapshot_too_large", "nine signatures").snapshot(nine.bytes()),
    ]
}

fn strangers() -> Vec<Attack> {
    let page = b"<!doctype html><title>404</title><p>The page you are looking for is not here.".to_vec();
    vec![Attack::refused("web-page", "snapshot_malformed", "an error page served with status 200").snapshot(page)]
}
