//! The journal of a line replayed into runs: units that have the same left.

use super::{Balances, Bearing, Manner, Pick, Share};
use crate::cart::Cart;
use crate::money::product;
use crate::order;
use alloc::vec;
use alloc::vec::Vec;

/// Units of one line that have the same left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How many.
    pub count: i64,
    /// What is left of each, minor units.
    pub left: i64,
    /// Who took what of each, in order.
    pub taken: Vec<(u32, i64)>,
}

impl Balances {
    /// The units of a line as runs of equal units, those with the least left first.
    pub fn runs(&self, cart: &Cart, line: usize) -> Vec<Run> {
        self.replay(cart, line, true)
    }

    /// The same without who took what: runs of units that have the same left.
    pub fn left_by_unit(&self, cart: &Cart, line: usize) -> Vec<Run> {
        self.replay(cart, line, false)
    }

    /// What the units of a line have above `floor`, those aside that have less.
    pub fn above(&self, cart: &Cart, line: usize, floor: i64) -> i64 {
        let runs = self.left_by_unit(cart, line);
        let each = runs.iter().map(|run| run.left.saturating_sub(floor).max(0).saturating_mul(run.count));
        each.fold(0, i64::saturating_add)
    }

    /// The shares of a line, the last one first.
    fn shares_of(&self, line: usize) -> Vec<Share> {
        let mut shares = Vec::new();
        let mut at = self.last.get(line).copied().unwrap_or(0);
        while let Some(before) = (at as usize).checked_sub(1) {
            let Some(share) = self.journal.get(before) else { break };
            shares.push(*share);
            at = share.earlier;
        }
        shares
    }

    fn replay(&self, cart: &Cart, line: usize, with_takers: bool) -> Vec<Run> {
        let Some(given) = cart.lines.get(line) else { return Vec::new() };
        // what is above the floor is all that units can bear
        let floor = given.floor;
        let room = given.price.saturating_sub(floor);
        let mut runs = vec![Run { count: given.quantity, left: room, taken: Vec::new() }];
        for share in self.shares_of(line).iter().rev() {
            let taker = with_takers.then_some(share.promotion);
            let manner = (share.manner as usize).checked_sub(1).and_then(|at| self.manners.get(at)).copied();
            let Manner { units, bearing, floor: own_floor } = manner.unwrap_or(Manner::PLAIN);
            let own_floor = own_floor.saturating_sub(floor).max(0);
            let bearing = match bearing {
                Bearing::DownTo(price) => Bearing::DownTo(price.saturating_sub(floor).saturating_sub(own_floor).max(0)),
                other => other,
            };
            let mut others = match units {
                Pick::Every => Vec::new(),
                Pick::Cheapest(units) => leave(&mut runs, units, false),
                Pick::Dearest(units) => leave(&mut runs, units, true),
            };
            let rest = take_above(&mut runs, own_floor, share.amount, taker, bearing);
            runs.append(&mut others);
            // what the picked units cannot bear
            let rest = take_above(&mut runs, own_floor, rest, taker, Bearing::InProportion);
            take_evenly(&mut runs, rest, taker);
            order::sort(&mut runs, |a, b| (a.left, &a.taken) < (b.left, &b.taken));
            merge(&mut runs);
        }
        runs.iter_mut().for_each(|run| run.left = run.left.saturating_add(floor));
        runs
    }
}

/// Leaves `units` units in the runs, those from one end; the others are returned.
fn leave(runs: &mut Vec<Run>, units: i64, dearest: bool) -> Vec<Run> {
    let mut open = units;
    let mut others = Vec::new();
    let order: Vec<Run> = if dearest { runs.drain(..).rev().collect() } else { core::mem::take(runs) };
    for mut run in order {
        let some = run.count.min(open);
        open = open.saturating_sub(some);
        if some > 0 {
            runs.push(Run { count: some, ..run.clone() });
        }
        run.count = run.count.saturating_sub(some);
        if run.count > 0 {
            others.push(run);
        }
    }
    others
}

/// Takes a share from the units that have more left than `floor`, and none below it; what they cannot bear is returned.
fn take_above(runs: &mut Vec<Run>, floor: i64, share: i64, taker: Option<u32>, bearing: Bearing) -> i64 {
    let mut below = Vec::new();
    if floor > 0 {
        let (above, others) = core::mem::take(runs).into_iter().partition(|run| run.left > floor);
        (*runs, below) = (above, others);
        runs.iter_mut().for_each(|run| run.left = run.left.saturating_sub(floor));
    }
    let amount = share.min(left_of(runs));
    let rest = take_by_unit(runs, amount, taker, bearing);
    take_evenly(runs, rest, taker);
    runs.iter_mut().for_each(|run| run.left = run.left.saturating_add(floor));
    runs.append(&mut below);
    share.saturating_sub(amount)
}

/// Takes from each unit what it bears by itself; what is not taken so is returned.
fn take_by_unit(runs: &mut [Run], amount: i64, taker: Option<u32>, bearing: Bearing) -> i64 {
    let mut rest = amount;
    for run in runs {
        let wanted = match bearing {
            Bearing::InProportion => return rest,
            Bearing::Each(most) => most,
            Bearing::DownTo(price) => run.left.saturating_sub(price).max(0),
        };
        let taken = wanted.min(run.left).min(rest.checked_div(run.count).unwrap_or(0));
        if taken > 0 {
            run.give(taker, taken);
            // at most the rest, of which it is a share
            rest = rest.wrapping_sub(taken.wrapping_mul(run.count));
        }
    }
    rest
}

/// Takes `amount` from all units of the runs in proportion to what is left of them, whole minor units, spare
/// ones from the first units on. `amount` is at most what is left of all.
///
/// ```
/// use counterfoil::balance::{take_evenly, Run};
/// let mut runs = vec![Run { count: 3, left: 1000, taken: vec![] }];
/// take_evenly(&mut runs, 100, Some(7));
/// assert_eq!(runs[0], Run { count: 1, left: 966, taken: vec![(7, 34)] });
/// assert_eq!(runs[1], Run { count: 2, left: 967, taken: vec![(7, 33)] });
/// ```
pub fn take_evenly(runs: &mut Vec<Run>, amount: i64, taker: Option<u32>) {
    let total = left_of(runs);
    if amount <= 0 || total <= 0 {
        return;
    }
    let floor = |left: i64| match product(amount, left) {
        Some(product) => product.checked_div(total).unwrap_or(0),
        None => wide(amount, left, total),
    };
    let mut spare = amount;
    for run in runs.iter() {
        // what the units bear together is at most the amount
        spare = spare.wrapping_sub(floor(run.left).wrapping_mul(run.count));
    }
    // the spare ends within one run at most
    let mut split = None;
    for (at, run) in runs.iter_mut().enumerate() {
        let share = floor(run.left);
        // a unit that is fully taken by its floor share has nothing to give to the spare
        let bears_spare = if run.left > share { run.count.min(spare) } else { 0 };
        spare = spare.wrapping_sub(bears_spare);
        let with_spare = share.wrapping_add(1);
        if bears_spare == run.count {
            run.give(taker, with_spare);
        } else if bears_spare == 0 {
            run.give(taker, share);
        } else {
            let mut others = Run { count: run.count.wrapping_sub(bears_spare), ..run.clone() };
            others.give(taker, share);
            run.count = bears_spare;
            run.give(taker, with_spare);
            split = Some((at.wrapping_add(1), others));
        }
    }
    if let Some((at, others)) = split {
        runs.insert(at, others);
    }
}

/// What is left of the units of runs, which is part of a cart and so an amount.
fn left_of(runs: &[Run]) -> i64 {
    let each = runs.iter().map(|run| product(run.left, run.count).unwrap_or(i64::MAX));
    each.fold(0, i64::saturating_add)
}

#[cold]
fn wide(amount: i64, left: i64, total: i64) -> i64 {
    let share = i128::from(amount).saturating_mul(i128::from(left)).checked_div(i128::from(total));
    share.and_then(|share| i64::try_from(share).ok()).unwrap_or(0)
}

impl Run {
    /// Each of the units gives an amount, of which it has more.
    fn give(&mut self, taker: Option<u32>, amount: i64) {
        if amount > 0 {
            self.left = self.left.saturating_sub(amount);
            if let Some(promotion) = taker {
                self.taken.push((promotion, amount));
            }
        }
    }
}

fn merge(runs: &mut Vec<Run>) {
    runs.dedup_by(|next, run| {
        let same = next.left == run.left && next.taken == run.taken;
        if same {
            run.count = run.count.saturating_add(next.count);
        }
        same
    });
}
