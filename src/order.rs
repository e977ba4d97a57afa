//! Putting lists in order. The sorts of the standard library are made for millions of elements and copy
//! themselves for each type; ours seldom have more than the lines of a cart, and the storefront pays by the byte.

use core::cell::RefCell;

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
}
