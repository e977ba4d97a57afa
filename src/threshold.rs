//! Limits and levels, decided in one way wherever they are asked: by a quote from what its request tells, and by the ledger
//! from what it has counted.

/// What a limit has left: nothing where more is taken than it allows.
///
/// ```
/// use counterfoil::threshold::left;
/// assert_eq!((left(5, 4), left(5, 5), left(5, 6)), (1, 0, 0));
/// ```
#[inline]
pub fn left(most: i64, taken: i64) -> i64 {
    most.saturating_sub(taken).max(0)
}

/// The place of the highest threshold that a number reaches, itself included; the first one of equal ones. One that is
/// nothing is reached by none.
///
/// ```
/// use counterfoil::threshold::reached;
/// let levels = || [Some(100), None, Some(500)].into_iter();
/// assert_eq!((reached(levels(), 99), reached(levels(), 100), reached(levels(), 500)), (None, Some(0), Some(2)));
/// ```
#[inline]
pub fn reached(thresholds: impl Iterator<Item = Option<i64>>, number: i64) -> Option<usize> {
    let mut highest = None;
    for (place, from) in thresholds.enumerate() {
        let Some(from) = from.filter(|from| *from <= number) else { continue };
        if highest.is_none_or(|(reached, _)| from > reached) {
            highest = Some((from, place));
        }
    }
    highest.map(|(_, place)| place)
}
