//! The one allocation routine: one amount over several weights, in whole minor units.

use core::cmp::Ordering;
use core::num::NonZeroU64;

use crate::money::product;
use alloc::vec::Vec;

/// Splits `total` over `weights` in proportion: each gets the floor of its share, spare units go to the largest
/// remainders, ties to the earlier. The parts sum to `total`; none is above its weight as long as `total` is at
/// most the sum of the weights, to which it is cut.
///
/// Scratch space is kept from call to call so that a warm call allocates nothing.
#[derive(Debug, Default)]
pub struct Allocation {
    remainders: Vec<i64>,
}

impl Allocation {
    /// Writes the parts over `weights`. Weights are not negative.
    pub fn split(&mut self, total: i64, weights: &mut [i64]) {
        // weights are parts of a cart, whose total is an amount
        let sum = weights.iter().fold(0_i64, |sum, weight| sum.wrapping_add(*weight));
        // not `clamp`, which panics where a weight is below zero and the sum is too
        let total = total.min(sum).max(0);
        if total != sum {
            self.share_out(total, weights, sum);
        }
    }

    /// Writes parts over `weights` of which none is above its limit: what one cannot bear is split over the others in
    /// proportion, as long as one can bear more.
    pub fn fill(&mut self, total: i64, weights: &mut [i64], limits: &[i64]) {
        let mut open = weights.to_vec();
        let mut rest = total.max(0);
        loop {
            let mut parts = open.clone();
            let sum = open.iter().fold(0_i64, |sum, weight| sum.saturating_add(*weight));
            self.share_out(rest, &mut parts, sum);
            let mut is_full = false;
            for (((part, open), weight), limit) in parts.iter().zip(&mut open).zip(weights.iter_mut()).zip(limits) {
                if *open > 0 {
                    *weight = (*part).min(*limit);
                    if part > limit {
                        *open = 0;
                        rest = rest.saturating_sub(*limit);
                        is_full = true;
                    }
                }
            }
            if !is_full {
                return;
            }
        }
    }

    /// Writes the parts of any total over weights of this sum.
    fn share_out(&mut self, total: i64, weights: &mut [i64], sum: i64) {
        let Some(divisor) = NonZeroU64::new(sum.cast_unsigned()) else { return };
        let mut spare = total;
        let mut take = |weight: &mut i64, (part, remainder): (i64, i64)| {
            *weight = part;
            // the parts together are at most the total
            spare = spare.wrapping_sub(part);
            remainder
        };
        self.remainders.clear();
        if product(total, sum).is_some() {
            self.remainders.extend(weights.iter_mut().map(|weight| take(weight, narrow(total, *weight, divisor))));
        } else {
            self.remainders.extend(weights.iter_mut().map(|weight| take(weight, wide(total, *weight, sum))));
        }
        self.spread_spare(spare, weights, sum);
    }

    fn spread_spare(&mut self, spare: i64, parts: &mut [i64], sum: i64) {
        if spare <= 0 {
            return;
        }
        let threshold = self.threshold(spare, sum);
        let mut left = spare;
        for (part, remainder) in parts.iter_mut().zip(&self.remainders) {
            if *remainder > threshold {
                *part = part.wrapping_add(1);
                left = left.wrapping_sub(1);
            }
        }
        for (part, remainder) in parts.iter_mut().zip(&self.remainders) {
            if left == 0 {
                break;
            }
            if *remainder == threshold {
                *part = part.wrapping_add(1);
                left = left.wrapping_sub(1);
            }
        }
    }

    /// What so many remainders are above, or some of them and others equal to it. Remainders lie anywhere below the sum, so
    /// halving finds a gap between two of them soon.
    fn threshold(&self, spare: i64, sum: i64) -> i64 {
        // more than wanted reach the one, fewer the other
        let (mut low, mut high) = (0_i64, sum);
        loop {
            // neither is negative, so their sum fits without a sign
            let middle = (low.wrapping_add(high).cast_unsigned() >> 1).cast_signed();
            if middle == low {
                return low;
            }
            let reach = self.remainders.iter().fold(0_i64, |reach, one| reach.wrapping_add((*one >= middle).into()));
            match reach.cmp(&spare) {
                Ordering::Equal => return middle.wrapping_sub(1),
                Ordering::Greater => low = middle,
                Ordering::Less => high = middle,
            }
        }
    }
}

/// A share and its remainder; `total * sum` fits, and no weight is above the sum.
#[inline]
fn narrow(total: i64, weight: i64, sum: NonZeroU64) -> (i64, i64) {
    let product = total.wrapping_mul(weight).cast_unsigned();
    let part = product / sum;
    // not `%`: that would divide again
    (part.cast_signed(), product.wrapping_sub(part.wrapping_mul(sum.get())).cast_signed())
}

#[cold]
fn wide(total: i64, weight: i64, sum: i64) -> (i64, i64) {
    let product = i128::from(total).saturating_mul(i128::from(weight));
    let part = product.checked_div(i128::from(sum)).unwrap_or(0);
    let remainder = product.saturating_sub(part.saturating_mul(i128::from(sum)));
    (i64::try_from(part).unwrap_or(0), i64::try_from(remainder).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(total: i64, weights: &[i64]) -> Vec<i64> {
        let mut parts = weights.to_vec();
        Allocation::default().split(total, &mut parts);
        parts
    }

    #[test]
    fn spare_units_go_to_the_largest_remainders_and_ties_to_the_earlier() {
        assert_eq!(split(100, &[1, 1, 1]), [1, 1, 1]);
        assert_eq!(split(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(split(10, &[333, 333, 334]), [3, 3, 4]);
        assert_eq!(split(1, &[0, 0, 7]), [0, 0, 1]);
        assert_eq!(split(0, &[5, 5]), [0, 0]);
        assert_eq!(split(5, &[]), Vec::<i64>::new());
    }

    #[test]
    fn weights_that_no_cart_has_get_nothing_and_no_panic() {
        assert_eq!(split(5, &[-7, 2]), [0, 0]);
        assert_eq!(split(5, &[i64::MAX, 2]), [0, 0]);
    }

    #[test]
    fn many_parts_are_ranked_as_a_sort_would_rank_them() {
        for count in [2, 7, 31, 32, 33, 100, 500] {
            let weights: Vec<i64> = (0..count).map(|at| (at * 7919 + 13) % 997 * (at % 5)).collect();
            let sum: i64 = weights.iter().sum();
            for total in [1, sum / 3, sum / 2, sum - 1] {
                let mut expected: Vec<i64> = weights.iter().map(|weight| total * weight / sum).collect();
                let spare = usize::try_from(total - expected.iter().sum::<i64>()).unwrap();
                let mut ranked: Vec<usize> = (0..weights.len()).collect();
                ranked.sort_by_key(|at| std::cmp::Reverse(total * weights[*at] % sum));
                ranked.iter().take(spare).for_each(|at| expected[*at] += 1);
                assert_eq!(split(total, &weights), expected, "{total} over {count} parts");
            }
        }
    }

    #[test]
    fn what_one_cannot_bear_falls_on_the_others() {
        let fill = |total: i64, weights: &[i64], limits: &[i64]| {
            let mut parts = weights.to_vec();
            Allocation::default().fill(total, &mut parts, limits);
            parts
        };
        // 1136 of 5000 and 1364 of 6000, but the first bears 500
        assert_eq!(fill(2500, &[5000, 6000], &[500, 6000]), [500, 2000]);
        assert_eq!(fill(100, &[1, 1, 2], &[10, 1000, 1000]), [10, 30, 60]);
        assert_eq!(fill(100, &[1, 1, 2], &[10, 20, 30]), [10, 20, 30], "the rest is lost");
        assert_eq!(fill(9, &[1, 1], &[0, 8]), [0, 8]);
        assert_eq!(fill(5, &[0, 1], &[5, 5]), [0, 5], "no weight, no part");
    }

    #[test]
    fn large_amounts_are_split_exactly() {
        let large = 9_007_199_254_740_991_i64 / 3;
        let parts = split(large, &[large, large, large]);
        assert_eq!(parts.iter().sum::<i64>(), large);
        assert!(parts.iter().all(|part| (part - large / 3).abs() <= 1));
    }
}
