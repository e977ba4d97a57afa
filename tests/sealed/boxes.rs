//! The section of boxes by itself.

use counterfoil::sealed::{open, seal, MAX_BOXES};

const SEED: [u8; 32] = [7; 32];

fn sealed(codes: &[&str]) -> Vec<u8> {
    let contents: Vec<String> = codes.iter().map(|code| format!("what {code} opens")).collect();
    let pairs = codes.iter().zip(&contents).map(|(code, content)| (*code, content.as_bytes()));
    seal(&pairs.collect::<Vec<_>>(), &SEED).unwrap()
}

#[test]
fn each_code_opens_its_own_and_nothing_else_does() {
    let boxes = sealed(&["SUMMER25", "WINTER", "AUTUMN7"]);
    for (typed, opens) in [("summer-25", "SUMMER25"), (" winter ", "WINTER"), ("Autumn-7", "AUTUMN7")] {
        assert_eq!(open(&boxes, typed).unwrap(), Some(format!("what {opens} opens").into_bytes()));
    }
    for other in ["SUMMER24", "SPRING", "", " - ", &"A".repeat(65)] {
        assert_eq!(open(&boxes, other).unwrap(), None, "{other}");
    }
}

/// Nothing in the section but the cost differs from chance where a code is in it, and the number of boxes is a power of two.
#[test]
fn how_many_codes_there_are_is_told_to_the_next_power_of_two() {
    let count = |codes: &[&str]| u32::from_le_bytes(*sealed(codes)[22..].first_chunk().unwrap());
    assert_eq!([count(&["A1"]), count(&["A1", "B2"]), count(&["A1", "B2", "C3"])], [1, 2, 4]);
    assert_eq!(sealed(&["A1", "B2", "C3"]).len(), sealed(&["A1", "B2", "C3", "D4"]).len());
}

#[test]
fn the_same_is_sealed_the_same_and_another_seed_differs_throughout() {
    let codes: [(&str, &[u8]); 1] = [("A1", b"x")];
    let [one, again, other] = [SEED, SEED, [8; 32]].map(|seed| seal(&codes, &seed).unwrap());
    assert_eq!(one, again);
    assert_ne!(one[6..22], other[6..22]);
    assert_ne!(one[26..], other[26..]);
    // another content under the same key has another nonce
    let changed = seal(&[("A1", b"y")], &SEED).unwrap();
    assert_eq!(one[26..42], changed[26..42]);
    assert_ne!(one[44..56], changed[44..56]);
}

#[test]
fn a_section_that_is_not_one_is_refused_and_never_read_past() {
    let sound = sealed(&["A1", "B2"]);
    let code = |bytes: &[u8]| open(bytes, "A1").err().map(|error| error.code());
    assert_eq!(code(&sound), None);
    for end in 0..sound.len() {
        assert_eq!(code(&sound[..end]), Some("sealed_malformed"), "{end}");
    }
    assert_eq!(code(&[&sound[..], &[0]].concat()), Some("sealed_malformed"));
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = sound.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        code(&changed)
    };
    let refused = Some("sealed_malformed");
    assert_eq!(with(0, &[2]), refused, "another format");
    assert_eq!(with(1, &65_537_u32.to_le_bytes()), refused, "more memory than a reader spends");
    assert_eq!(with(1, &7_u32.to_le_bytes()), refused, "less memory than Argon2 has");
    assert_eq!(with(5, &[5]), refused, "more passes");
    assert_eq!(with(5, &[0]), refused, "no passes");
    assert_eq!(with(22, &3_u32.to_le_bytes()), refused, "no power of two");
    assert_eq!(with(22, &0_u32.to_le_bytes()), refused, "none");
    assert_eq!(with(22, &u32::MAX.to_le_bytes()), refused, "more than there are");
    let second: [u8; 16] = *sound[44..].first_chunk().unwrap();
    assert_eq!(with(26, &second), refused, "an id that stands twice");
    assert_eq!(with(42, &0_u16.to_le_bytes()), refused, "a box of no length");
}

#[test]
fn a_box_that_was_changed_does_not_open() {
    let sound = seal(&[("A1", b"x")], &SEED).unwrap();
    let boxes = 26 + 18;
    for at in [boxes, boxes + 12, sound.len() - 1] {
        let mut changed = sound.clone();
        changed[at] ^= 1;
        assert_eq!(open(&changed, "A1").unwrap_err().code(), "sealed_malformed", "{at}");
    }
    // the box of one code under the id of another
    let (mut mine, theirs) = (sealed(&["A1"]), sealed(&["B2"]));
    mine[boxes..].copy_from_slice(&theirs[boxes..]);
    assert_eq!(open(&mine, "A1").unwrap_err().code(), "sealed_malformed");
}

#[test]
fn there_are_at_most_so_many_boxes() {
    let code = String::from("A1");
    let many: Vec<(&str, &[u8])> = (0..=MAX_BOXES).map(|_| (code.as_str(), &b"x"[..])).collect();
    assert_eq!(seal(&many, &SEED).unwrap_err().code(), "too_many_sealed_codes");
}

/// A section of so many boxes that open for no code, written from the table in `docs/snapshot-format.md`.
fn empty(count: u32) -> Vec<u8> {
    let mut section = vec![1];
    section.extend(8_u32.to_le_bytes());
    section.push(1);
    section.extend([0; 16]);
    section.extend(count.to_le_bytes());
    for number in 0..count {
        section.extend(u128::from(number).to_be_bytes());
        section.extend(1_u16.to_le_bytes());
    }
    section.resize(section.len() + 128 * count as usize, 0);
    section
}

#[test]
fn a_reader_takes_as_many_boxes_as_a_writer_may_make() {
    let most = u32::try_from(MAX_BOXES).unwrap();
    assert_eq!(open(&empty(most), "A1").unwrap(), None);
    assert_eq!(open(&empty(most + 1), "A1").unwrap_err().code(), "sealed_malformed");
    assert_eq!(open(&empty(most * 2), "A1").unwrap_err().code(), "sealed_malformed");
}
