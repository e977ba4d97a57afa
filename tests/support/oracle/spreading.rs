//! One amount over several places.

/// One amount over several weights: each the whole part of its share, the spare minor units to the largest
/// remainders, of equal ones to the earlier.
pub(super) fn spread(amount: i128, weights: &[i128]) -> Vec<i128> {
    share_out(amount.clamp(0, weights.iter().sum()), weights)
}

/// The same of any amount; no part is above its limit, and what one cannot bear is spread over the others.
pub(super) fn spread_within(amount: i128, weights: &[i128], limits: &[i128]) -> Vec<i128> {
    let mut open = weights.to_vec();
    let mut full = vec![0; weights.len()];
    loop {
        let parts = share_out(amount - full.iter().sum::<i128>(), &open);
        let over: Vec<usize> = (0..parts.len()).filter(|at| parts[*at] > limits[*at]).collect();
        if over.is_empty() {
            return parts.iter().zip(full).map(|(part, full)| part + full).collect();
        }
        for at in over {
            (open[at], full[at]) = (0, limits[at]);
        }
    }
}

pub(super) fn share_out(amount: i128, weights: &[i128]) -> Vec<i128> {
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let mut parts: Vec<i128> = weights.iter().map(|weight| amount * weight / sum).collect();
    let mut remainders: Vec<i128> = weights.iter().map(|weight| amount * weight % sum).collect();
    for _ in 0..amount - parts.iter().sum::<i128>() {
        let largest = *remainders.iter().max().unwrap();
        let first = remainders.iter().position(|remainder| *remainder == largest).unwrap();
        parts[first] += 1;
        remainders[first] = -1;
    }
    parts
}
