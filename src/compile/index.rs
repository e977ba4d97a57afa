//! The index over automatic promotions.

use crate::catalog::section::{Index, Node, Record};
use crate::condition::{Condition, Indexed};
use crate::money::Amount;
use crate::selector::Selector;
use crate::vocabulary::{Vocabulary, Word};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

/// Files each automatic promotion under the words of its first condition that needs one of them, and all others
/// by the subtotal they need.
pub(super) fn build(records: &[Record], by_code: &[u32], vocabulary: &Vocabulary) -> Index {
    let mut filed: BTreeMap<Word, Vec<u32>> = BTreeMap::new();
    let columns = vocabulary.currencies.len();
    let mut by_subtotal: Vec<Vec<(i64, u32)>> = vec![Vec::new(); columns.saturating_add(1)];
    for (index, record) in records.iter().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if by_code.contains(&index) || !record.active {
            continue;
        }
        let required = required(record);
        // nothing spent is enough for a threshold of zero, so such a condition needs no line
        let asks_nothing = |condition: &&&Condition| {
            let row = condition.least_subtotal();
            row.is_some_and(|row| (0..columns).any(|c| vocabulary.amount(row, c) == Some(Amount::ZERO)))
        };
        let filing = required.iter().filter(|condition| !asks_nothing(condition));
        if let Some(words) = filing.filter_map(|condition| words(condition, vocabulary)).next() {
            for word in words {
                filed.entry(word).or_default().push(index);
            }
            continue;
        }
        for (column, list) in by_subtotal.iter_mut().enumerate() {
            let rows = required.iter().filter_map(|condition| condition.least_subtotal());
            let needs: Option<Vec<i64>> = rows
                .map(|row| vocabulary.amount(row, column).filter(|_| column < columns).map(|a| a.minor()))
                .collect();
            if let Some(needs) = needs {
                list.push((needs.into_iter().max().unwrap_or(0), index));
            }
        }
    }
    for list in &mut by_subtotal {
        list.sort_unstable();
    }
    let mut starts = vec![0_u32];
    let mut flat = Vec::new();
    for word in 0..vocabulary.word_count() {
        let of_word = u32::try_from(word).ok().and_then(|word| filed.remove(&word)).unwrap_or_default();
        flat.extend(of_word);
        starts.push(u32::try_from(flat.len()).unwrap_or(u32::MAX));
    }
    Index { starts, filed: flat, by_subtotal }
}

/// The conditions that must all hold.
fn required(record: &Record) -> Vec<&Condition> {
    // under `any` and `not`, which conditions must hold is not worth finding out
    if record.rule.iter().any(|node| matches!(node, Node::Any(_) | Node::Not)) {
        return Vec::new();
    }
    record.conditions.iter().collect()
}

fn words(condition: &Condition, vocabulary: &Vocabulary) -> Option<Vec<Word>> {
    let mut words = match condition.index()? {
        Indexed::Words(words) => words.to_vec(),
        Indexed::Lines(Selector::All) => return None,
        Indexed::Lines(Selector::Word(word)) => vec![word],
        Indexed::Lines(Selector::Set(set)) => {
            vocabulary.selector_set(set)?.groups.iter().min_by_key(|group| group.len())?.clone()
        }
    };
    words.sort_unstable();
    words.dedup();
    Some(words)
}
