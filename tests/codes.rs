//! Segments of codes against a plain map: whatever is put in is found, and nothing else; hostile bytes are refused or
//! answer something, and never panic.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a test that stumbles stops"
)]

use std::collections::BTreeMap;

use counterfoil::codes::{build, compact, state, Batch, Codes, Fingerprint, Issued, Pattern, Pepper, Segment};
use proptest::prelude::*;

fn batch(sequence: u32, campaigns: usize) -> Batch {
    Batch { sequence, pepper: 1, campaigns: (0..campaigns).map(|number| format!("campaign-{number}")).collect() }
}

/// Fingerprints as good as any: SplitMix64.
fn fingerprint(number: u64) -> Fingerprint {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Fingerprint::from_bits(z ^ (z >> 31))
}

fn plain(count: u64) -> Vec<Issued> {
    (0..count).map(|number| Issued::plain(fingerprint(number))).collect()
}

fn any_issued() -> impl Strategy<Value = Issued> {
    // few fingerprints that lie close together, so that places of the directory are crowded
    let bits = prop_oneof![any::<u64>(), 0..64_u64, (0..64_u64).prop_map(|low| u64::MAX - low)];
    let values = (0..3_u16, prop_oneof![Just(0), 0..1_u64 << 56], any::<u64>(), any::<u16>(), any::<u16>(), 0..3_u8);
    (bits, values).prop_map(|(bits, (campaign, balance, holder, uses, expires, state))| Issued {
        fingerprint: Fingerprint::from_bits(bits),
        campaign,
        balance,
        holder,
        uses,
        expires,
        state,
    })
}

fn any_codes() -> impl Strategy<Value = BTreeMap<u64, Issued>> {
    prop::collection::vec(any_issued(), 0..200)
        .prop_map(|codes| codes.into_iter().map(|code| (code.fingerprint.bits(), code)).collect())
}

fn is_found(codes: &Codes<'_>, issued: &Issued) -> bool {
    codes.find(issued.fingerprint).is_some_and(|entry| {
        let campaign = format!("campaign-{}", issued.campaign);
        entry.campaign == campaign
            && (entry.balance, entry.holder) == (issued.balance, issued.holder)
            && (entry.uses, entry.expires, entry.state) == (issued.uses, issued.expires, issued.state)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_put_in_is_found_and_nothing_else(codes in any_codes(), other in any::<u64>()) {
        let bytes = build(&batch(1, 3), codes.values().copied().collect()).unwrap();
        let reversed = build(&batch(1, 3), codes.values().rev().copied().collect()).unwrap();
        prop_assert_eq!(&bytes, &reversed, "the order of the codes changes nothing");
        let opened = Codes::open(&[&bytes]).unwrap();
        for issued in codes.values() {
            prop_assert!(is_found(&opened, issued), "{:?}", issued);
        }
        prop_assert_eq!(opened.find(Fingerprint::from_bits(other)).is_some(), codes.contains_key(&other));
        for near in codes.keys().flat_map(|bits| [bits.wrapping_add(1), bits.wrapping_sub(1), bits ^ (1 << 63)]) {
            prop_assert_eq!(opened.find(Fingerprint::from_bits(near)).is_some(), codes.contains_key(&near));
        }
    }

    #[test]
    fn the_latest_batch_holds_and_compacting_changes_no_answer(old in any_codes(), new in any_codes()) {
        let older = build(&batch(4, 3), old.values().copied().collect()).unwrap();
        let newer = build(&batch(7, 3), new.values().copied().collect()).unwrap();
        let mut both = old.clone();
        both.extend(&new);
        let layered = Codes::open(&[&older, &newer]).unwrap();
        let compacted = compact(&layered, 8).unwrap();
        let compacted = Codes::open(&[&compacted]).unwrap();
        for issued in both.values() {
            prop_assert!(is_found(&layered, issued));
            prop_assert_eq!(is_found(&compacted, issued), issued.state != state::REVOKED);
        }
        prop_assert_eq!(compacted.entries(), both.values().filter(|issued| issued.state != state::REVOKED).count());
    }

    #[test]
    fn hostile_bytes_never_panic(codes in any_codes(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = build(&batch(1, 3), codes.values().copied().collect()).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(codes) = Codes::open(&[&bytes]) {
            for number in 0..16 {
                codes.find(fingerprint(number));
            }
            compact(&codes, 2).ok();
        }
        bytes.truncate(at);
        prop_assert!(Segment::open(&bytes).is_err());
    }
}

#[test]
fn a_million_plain_codes_take_less_than_six_bytes_and_a_third_each() {
    let bytes = build(&batch(1, 1), plain(1_000_000)).unwrap();
    assert!(bytes.len() * 100 < 1_000_000 * 633, "{} bytes", bytes.len());
    let codes = Codes::open(&[&bytes]).unwrap();
    assert!((0..1_000_000).step_by(997).all(|number| codes.find(fingerprint(number)).is_some()));
    assert!((1_000_000..1_100_000).all(|number| codes.find(fingerprint(number)).is_none()));
}

#[test]
fn a_thousand_new_codes_are_a_delta_of_less_than_ten_kilobytes() {
    let bytes = build(&batch(2, 1), plain(1_000)).unwrap();
    assert!(bytes.len() < 10_000, "{} bytes", bytes.len());
}

#[test]
fn what_a_batch_has_in_common_stands_once() {
    let size = |change: fn(u64, &mut Issued)| {
        let mut codes = plain(1_000);
        (0..).zip(&mut codes).for_each(|(number, code)| change(number, code));
        build(&batch(1, 3), codes).unwrap().len()
    };
    let plain = size(|_, _| {});
    assert_eq!(size(|_, code| (code.balance, code.uses, code.state) = (5_000, 3, 2)), plain);
    assert_eq!(size(|number, code| code.balance = number * 10), plain + 2_000);
    assert_eq!(size(|number, code| code.balance = number * 100), plain + 4_000);
    assert_eq!(size(|number, code| code.holder = number), plain + 8_000);
    assert_eq!(size(|number, code| code.uses = (number % 255) as u16), plain + 1_000);
    assert_eq!(size(|number, code| code.expires = number as u16), plain + 2_000);
    assert_eq!(size(|number, code| code.state = (number % 3) as u8), plain + 250);
    assert_eq!(size(|number, code| code.campaign = (number % 3) as u16), plain + 250);
}

#[test]
fn a_batch_that_cannot_be_is_refused() {
    let refused = |batch: &Batch, codes: Vec<Issued>| build(batch, codes).unwrap_err().code();
    let twice = vec![Issued::plain(fingerprint(1)); 2];
    assert_eq!(refused(&batch(1, 1), twice), "code_duplicated");
    let one = |change: fn(&mut Issued)| {
        let mut code = Issued::plain(fingerprint(1));
        change(&mut code);
        vec![code]
    };
    assert_eq!(refused(&batch(1, 0), one(|_| {})), "reference_unknown");
    assert_eq!(refused(&batch(1, 1), one(|code| code.campaign = 1)), "reference_unknown");
    assert!(build(&batch(1, 1), one(|code| code.balance = (1 << 56) - 1)).is_ok());
    assert_eq!(refused(&batch(1, 1), one(|code| code.balance = 1 << 56)), "amount_out_of_range");
    assert_eq!(refused(&batch(1, 1), one(|code| code.state = 4)), "amount_out_of_range");
    let named = |id: String| Batch { sequence: 1, pepper: 1, campaigns: vec![id] };
    assert!(build(&named("x".repeat(68)), one(|_| {})).is_ok());
    for id in [String::new(), "x".repeat(69)] {
        assert_eq!(refused(&named(id), one(|_| {})), "field_invalid");
    }
}

#[test]
fn campaigns_of_a_segment_end_at_their_limit() {
    let built = |campaigns| build(&batch(1, campaigns), vec![Issued::plain(fingerprint(1))]);
    assert!(built(4_096).is_ok());
    assert_eq!(built(4_097).unwrap_err().code(), "too_many_campaigns");
}

#[test]
fn segments_that_cannot_stand_together_are_refused() {
    let at = |sequence| build(&batch(sequence, 1), plain(3)).unwrap();
    let (one, again, two) = (at(1), at(1), at(2));
    assert_eq!(Codes::open(&[&one, &again]).unwrap_err().code(), "codes_malformed");
    assert_eq!(Codes::open(&[&two, &one]).unwrap().segments()[0].sequence(), 2);
    let many: Vec<Vec<u8>> = (0..65).map(at).collect();
    let sections: Vec<&[u8]> = many.iter().map(Vec::as_slice).collect();
    assert!(Codes::open(&sections[..64]).is_ok());
    assert_eq!(Codes::open(&sections).unwrap_err().code(), "too_many_sections");
    let mut later = one.clone();
    later[0] = 2;
    assert_eq!(Segment::open(&later).unwrap_err().code(), "format_unsupported");
}

/// A segment of so many codes, all alike: only the head and the lengths are looked at when it is opened.
fn of_length(sequence: u32, count: u32) -> Vec<u8> {
    let mut bytes = build(&batch(sequence, 1), vec![Issued::plain(fingerprint(1))]).unwrap();
    let head = bytes.len() - 8 - 8;
    bytes[8..12].copy_from_slice(&count.to_le_bytes());
    bytes.truncate(head);
    bytes.extend([[0; 4], count.to_le_bytes()].concat());
    bytes.resize(bytes.len() + 8 * count as usize, 0);
    bytes
}

#[test]
fn codes_end_at_their_limit_in_one_segment_and_in_all() {
    let code = |sections: &[&[u8]]| Codes::open(sections).map_or_else(|error| error.code(), |_| "opened");
    let (most, above) = (of_length(1, 5_000_000), of_length(1, 5_000_001));
    assert_eq!(code(&[&most]), "opened");
    assert_eq!(code(&[&above]), "codes_malformed");
    let (some, one, two) = (of_length(1, 4_999_999), of_length(2, 1), of_length(2, 2));
    assert_eq!(code(&[&some, &one]), "opened");
    assert_eq!(code(&[&some, &two]), "too_many_codes");
    // as many of one code: who makes a segment counts before it looks for twins
    let made = |count: usize| build(&batch(1, 1), vec![Issued::plain(fingerprint(1)); count]).unwrap_err().code();
    assert_eq!((made(5_000_000), made(5_000_001)), ("code_duplicated", "too_many_codes"));
}

#[test]
fn segments_of_two_peppers_do_not_stand_together() {
    let one = build(&batch(1, 1), plain(3)).unwrap();
    let other = build(&Batch { pepper: 2, ..batch(2, 1) }, plain(3)).unwrap();
    assert_eq!(Codes::open(&[&one, &other]).unwrap_err().code(), "codes_malformed");
}

#[test]
fn compaction_is_due_when_a_twentieth_has_come_on_top() {
    let base = build(&batch(1, 1), plain(1_000)).unwrap();
    let over = |count| build(&batch(2, 1), plain(count)).unwrap();
    let wants = |count| Codes::open(&[&base, &over(count)]).unwrap().wants_compaction();
    assert!(!wants(49) && !wants(50) && wants(51));
}

#[test]
fn no_slip_of_a_finger_is_another_code() {
    let pattern = Pattern::parse(Pattern::DEFAULT).unwrap();
    let pepper = Pepper::new([9; 32]);
    let code = |number: u64| {
        let (high, low) = (fingerprint(number).bits(), fingerprint(number + 1_000_000).bits());
        let random: Vec<u8> = high.to_le_bytes().into_iter().chain(low.to_le_bytes()).collect();
        pattern.fill(&random).unwrap()
    };
    let issued = (0..2_000).map(|number| Issued::plain(pepper.fingerprint(&code(number)))).collect();
    let bytes = build(&batch(1, 1), issued).unwrap();
    let codes = Codes::open(&[&bytes]).unwrap();
    for number in 0..2_000 {
        let sound = code(number);
        assert!(pattern.is_sound(&sound) && codes.find(pepper.fingerprint(&sound)).is_some());
        let mut slip = sound.clone().into_bytes();
        let at = (number as usize % 4) * 5;
        slip[at] = if slip[at] == b'7' { b'8' } else { b'7' };
        let slip = String::from_utf8(slip).unwrap();
        assert!(!pattern.is_sound(&slip) && codes.find(pepper.fingerprint(&slip)).is_none(), "{slip}");
    }
}
