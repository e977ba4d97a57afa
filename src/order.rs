//! Putting lists in order. The sorts of the standard library are made for millions of elements and copy
//! themselves for each type; ours seldom have more than the lines of a cart, and the storefront pays by the byte.

use core::cell::{Cell, RefCell};

/// Gaps between compared elements, after Ciura.
const GAPS: [usize; 8] = [701, 301, 132, 57, 23, 10, 4, 1];

/// Puts a list in order, in place. Not stable: where the order of equals shows, `precedes` must tell them apart.
///
/// ```
/// let mut lines = [(2, 'b'), (1, 'x'), (1, 'a')];
/// counterfoil::order::sort(&mut lines, |a, b| a < b);
/// assert_eq!(lines, [(1, 'a'), (1, 'x'), (2, 'b')]);
/// ```
pub fn sort<T>(list: &mut [T], precedes: impl Fn(&T, &T) -> bool) {
    let count = list.len();
    let list = RefCell::new(list);
    let precedes = |a: usize, b: usize| {
        let list = list.borrow();
        matches!((list.get(a), list.get(b)), (Some(a), Some(b)) if precedes(a, b))
    };
    let swap = |a: usize, b: usize| list.borrow_mut().swap(a, b);
    arrange(count, &precedes, &swap);
}

/// Sorting by places only, so that there is one of it for all types.
#[inline(never)]
fn arrange(count: usize, precedes: &dyn Fn(usize, usize) -> bool, swap: &dyn Fn(usize, usize)) {
    // most lists follow the cart's order from the start
    if (1..count).all(|at| !precedes(at, at.saturating_sub(1))) {
        return;
    }
    for gap in GAPS {
        for start in gap..count {
            let mut at = start;
            while let Some(before) = at.checked_sub(gap).filter(|before| precedes(at, *before)) {
                swap(at, before);
                at = before;
            }
        }
    }
}

/// The number that has `rank` larger ones before it when the largest stands first; takes linear time, and moves the
/// numbers about. `None` when there are not so many.
///
/// ```
/// assert_eq!(counterfoil::order::nth_largest(&mut [5, 9, 7], 1), Some(7));
/// ```
pub fn nth_largest(numbers: &mut [i64], rank: usize) -> Option<i64> {
    let mut open = numbers;
    let mut rank = rank;
    loop {
        let pivot = *open.get(open.len() >> 1).filter(|_| rank < open.len())?;
        let larger = gather(open, |number| number > pivot);
        if rank < larger {
            open = open.get_mut(..larger)?;
            continue;
        }
        let equal = gather(open.get_mut(larger..)?, |number| number == pivot);
        let before = larger.saturating_add(equal);
        if rank < before {
            return Some(pivot);
        }
        open = open.get_mut(before..)?;
        rank = rank.saturating_sub(before);
    }
}

/// Brings the numbers that belong to the front there; says how many they are.
fn gather(numbers: &mut [i64], belongs: impl Fn(i64) -> bool) -> usize {
    let cells = Cell::from_mut(numbers).as_slice_of_cells();
    let mut front = cells.iter();
    for cell in cells {
        if belongs(cell.get()) {
            if let Some(place) = front.next() {
                place.swap(cell);
            }
        }
    }
    cells.len().saturating_sub(front.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn orders_as_the_standard_library_does() {
        let mut state = 1_u32;
        for length in [0, 1, 2, 3, 10, 57, 500, 3_000] {
            let mut mine: Vec<u32> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    state >> 20
                })
                .collect();
            let mut theirs = mine.clone();
            sort(&mut mine, |a, b| a < b);
            theirs.sort_unstable();
            assert_eq!(mine, theirs);
        }
    }

    #[test]
    fn selects_as_the_standard_library_does() {
        let mut state = 7_u32;
        for length in [1_usize, 2, 3, 10, 100, 500] {
            let numbers: Vec<i64> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    i64::from(state >> 26)
                })
                .collect();
            let mut sorted = numbers.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            for (rank, expected) in sorted.iter().enumerate() {
                assert_eq!(nth_largest(&mut numbers.clone(), rank), Some(*expected));
            }
            assert_eq!(nth_largest(&mut numbers.clone(), length), None);
        }
        assert_eq!(nth_largest(&mut [], 0), None);
    }
}
