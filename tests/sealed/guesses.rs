//! What somebody gets at who has nothing but the public file: as many guesses as a machine makes. `cargo xtask guess` tells
//! how many that are; `docs/sealed-codes.md` what a code is worth by it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use counterfoil::snapshot::{open, SectionKind};
use counterfoil::unseal;
use serde_json::json;

use crate::shop::{compiled, policy, published, ring};

/// The public file of a shop whose sealed codes are eight symbols of base 32, drawn by a generator that the guesser does not
/// know: 40 bits each.
fn public_file(codes: usize) -> Vec<u8> {
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut symbol = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(SYMBOLS[(state >> 59) as usize])
    };
    let codes: Vec<String> = (0..codes).map(|_| (0..8).map(|_| symbol()).collect()).collect();
    let campaign = json!({ "id": "a", "codes": codes, "visibility": "sealed",
        "discounts": [{ "type": "percent_off", "percent": "10" }] });
    published(&compiled(json!({ "campaigns": [campaign] }))).0
}

/// Guesses on all processors for a while, each thread in an order of its own; how many were made in how long.
#[allow(clippy::disallowed_methods, reason = "it tells how long the guesses took, and nothing else")]
fn guessed(section: &[u8], time: Duration) -> (u64, Duration) {
    let (made, start) = (AtomicU64::new(0), Instant::now());
    thread::scope(|scope| {
        for thread in 0..thread::available_parallelism().unwrap().get() {
            let made = &made;
            scope.spawn(move || {
                for number in 0_u64.. {
                    if start.elapsed() >= time {
                        break;
                    }
                    let code = format!("G{thread}X{number:08}");
                    assert_eq!(counterfoil::sealed::open(section, &code).unwrap(), None);
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    (made.into_inner(), start.elapsed())
}

#[test]
fn a_guess_is_tried_against_all_codes_at_once_and_misses() {
    let file = public_file(3);
    assert_eq!(unseal(&file, &ring(), &policy(), None, "AAAA-AAAA").unwrap(), None);
}

#[test]
#[ignore = "takes a minute of all processors, and only measures: cargo xtask guess"]
fn guesses_in_a_second() {
    let seconds = std::env::var("GUESS_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(60);
    let file = public_file(8);
    let snapshot = open(&file, &ring(), &policy()).unwrap();
    let section = snapshot.section(SectionKind::Sealed).unwrap();
    let (made, took) = guessed(section, Duration::from_secs(seconds));
    let threads = thread::available_parallelism().unwrap().get();
    println!("guesses\t{made}\t{}\t{threads}", took.as_millis());
}
