//! The columns of a segment: what is known of a code besides that it exists. One whose value is the same for the whole
//! batch stands once in the head.

/// A column, in the order in which they stand in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// What is left on it, minor units of its campaign's currency.
    Balance,
    /// Whom it is for: a keyed hash of the customer; zero is anyone.
    Holder,
    /// How often it may be used; zero is what the campaign says.
    Uses,
    /// The last day on which it is good, days since 1970 UTC; zero is what the campaign says.
    Expires,
    /// What has become of it.
    State,
    /// Its campaign, by its place in the head.
    Campaign,
}

impl Column {
    /// All, in order.
    pub(super) const ALL: [Column; 6] =
        [Column::Balance, Column::Holder, Column::Uses, Column::Expires, Column::State, Column::Campaign];

    /// How many columns there are.
    pub(super) const COUNT: usize = Column::ALL.len();

    /// Its place.
    pub(super) fn place(self) -> usize {
        self as usize
    }

    /// The widths it may have, in bits; the first that holds all values is taken. Zero stands for a value that is the
    /// same for all.
    pub(super) fn widths(self) -> &'static [u8] {
        match self {
            Column::Balance => &[0, 16, 32, 56],
            Column::Holder => &[0, 64],
            Column::Uses => &[0, 8, 16],
            Column::Expires => &[0, 16],
            Column::State => &[0, 2],
            Column::Campaign => &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        }
    }
}

/// Bytes of a column of `count` values of `width` bits.
pub(super) fn bytes(count: usize, width: u8) -> usize {
    count.saturating_mul(usize::from(width)).div_ceil(8)
}

/// The value at `at` of a column of `width` bits, lowest bits first.
#[inline]
pub(super) fn get(column: &[u8], width: u8, at: usize) -> u64 {
    let from = at.saturating_mul(usize::from(width));
    let (first, shift) = (from >> 3, from & 7);
    let mut window = 0_u128;
    let touched = shift.saturating_add(usize::from(width)).div_ceil(8);
    for (index, byte) in column.iter().skip(first).take(touched).enumerate() {
        window |= u128::from(*byte) << (index << 3);
    }
    let value = window >> shift;
    let mask = (1_u128 << width).wrapping_sub(1);
    u64::try_from(value & mask).unwrap_or(u64::MAX)
}

/// Sets the value at `at`; the column is zero there.
pub(super) fn set(column: &mut [u8], width: u8, at: usize, value: u64) {
    let from = at.saturating_mul(usize::from(width));
    let (first, shift) = (from >> 3, from & 7);
    let mut window = u128::from(value) << shift;
    for byte in column.iter_mut().skip(first) {
        if window == 0 {
            break;
        }
        *byte |= u8::try_from(window & 0xff).unwrap_or(0);
        window >>= 8;
    }
}

/// The bits that a value needs.
pub(super) fn bits(value: u64) -> u8 {
    u8::try_from(u64::BITS.saturating_sub(value.leading_zeros())).unwrap_or(64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn what_is_set_is_got() {
        for width in 1..=64_u8 {
            let most = u64::MAX >> (64 - width);
            let values: Vec<u64> = (0..37_u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15) & most).collect();
            let mut column = vec![0; bytes(values.len(), width)];
            for (at, value) in values.iter().enumerate() {
                set(&mut column, width, at, *value);
            }
            let got: Vec<u64> = (0..values.len()).map(|at| get(&column, width, at)).collect();
            assert_eq!(got, values, "{width} bits");
            assert_eq!(get(&column, width, values.len() + 9), 0, "nothing stands behind the end");
        }
    }

    #[test]
    fn bits_are_counted() {
        assert_eq!([0, 1, 2, 3, 255, 256, u64::MAX].map(bits), [0, 1, 2, 2, 8, 9, 64]);
    }
}
