//! Experiments: which customer is given which variant. The same in every host, and simple enough to be recomputed in a
//! spreadsheet or a database.

use sha2::{Digest, Sha256};

use crate::vocabulary::{Experiment, Vocabulary, Word};

/// Where a customer stands in an experiment, from 0 to 2^32 - 1: the first four bytes, big-endian, of the SHA-256 of
/// the experiment's id, a line feed and the customer's id, all in UTF-8.
///
/// ```
/// use counterfoil::experiment::standing;
/// // printf 'welcome\nc-1' | sha256sum
/// assert_eq!(standing("welcome", "c-1"), 0x7249_310f);
/// ```
pub fn standing(experiment: &str, customer: &str) -> u32 {
    let hash = Sha256::new().chain_update(experiment).chain_update([b'\n']).chain_update(customer).finalize();
    hash.first_chunk().map_or(0, |first: &[u8; 4]| u32::from_be_bytes(*first))
}

/// The word of the customer's variant: the standing falls into the stretch of one of them, each as long as its weight, in
/// the order of the document. Zero without a customer.
pub(crate) fn assign(experiment: &Experiment, vocabulary: &Vocabulary, customer: &str) -> Word {
    let Some(dimension) = vocabulary.dimensions.get(usize::from(experiment.dimension)) else { return 0 };
    if customer.is_empty() {
        return 0;
    }
    let total = experiment.variants.iter().fold(0_u64, |sum, (_, weight)| sum.saturating_add(u64::from(*weight)));
    let mut point = u64::from(standing(&dimension.name, customer)).saturating_mul(total) >> 32;
    for (word, weight) in &experiment.variants {
        match point.checked_sub(u64::from(*weight)) {
            Some(rest) => point = rest,
            None => return *word,
        }
    }
    0
}
