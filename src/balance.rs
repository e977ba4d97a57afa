//! What is left of each line while discounts are taken, and who took what of which units.
//!
//! A line's units are interchangeable until a discount picks some of them. The journal remembers each share
//! with the number of units it was given for; [`Balances::runs`] replays it into runs of equal units, so a line
//! of a million units costs no more than a line of one.

use crate::cart::Cart;
use crate::money::{product, Amount};
use crate::order;
use alloc::vec;
use alloc::vec::Vec;

/// Which units of a line a share goes to first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// All units alike, in proportion to what is left of them.
    Every,
    /// This many units, those with the least left first.
    Cheapest(i64),
    /// This many units, those with the most left first.
    Dearest(i64),
}

/// How the units that a share goes to bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// In proportion to what is left of them.
    InProportion,
    /// Each so much, as far as it is left.
    Each(i64),
    /// Each what it has above so much.
    DownTo(i64),
}

/// From which units of a line a share is taken, and how they bear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// From which units.
    pub units: Pick,
    /// How they bear it.
    pub bearing: Bearing,
    /// What it leaves of each of them, those aside that have less; zero where only the line's own floor counts.
    pub floor: i64,
}

impl Manner {
    /// From all units, in proportion to what is left of them: nearly every share.
    pub const PLAIN: Manner = Manner::of(Pick::Every, Bearing::InProportion);

    /// From these units, borne so.
    pub const fn of(units: Pick, bearing: Bearing) -> Manner {
        Manner { units, bearing, floor: 0 }
    }
}

/// A share that one promotion took of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Index of the promotion.
    pub promotion: u32,
    /// Index of the line.
    pub line: u32,
    /// How much, minor units, above zero.
    pub amount: i64,
    /// In which manner: its place among the manners plus one, 0 for the plain one.
    pub manner: u32,
}

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

/// Where balances were at some moment.
#[derive(Clone, Copy, Debug)]
pub struct BalanceMark {
    shares: usize,
    manners: usize,
    used: usize,
}

/// What was taken since a mark, so that it can be taken again.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The shares.
    pub shares: Vec<Share>,
    manners: Vec<Manner>,
    used: Vec<(usize, i64)>,
    /// How many manners there were before.
    before: u32,
}

/// The running balances of a cart.
#[derive(Clone, Debug, Default)]
pub struct Balances {
    left: Vec<i64>,
    total: i64,
    /// What stays of the total, whoever takes.
    kept: i64,
    journal: Vec<Share>,
    /// For each share, how many shares there were when the one before it of the same line had been taken.
    earlier: Vec<u32>,
    /// The same for the last share of each line.
    last: Vec<u32>,
    manners: Vec<Manner>,
    /// Units of lines that are used up.
    used: Vec<(usize, i64)>,
}

impl Balances {
    /// Starts from the cart's original prices.
    pub fn start(&mut self, cart: &Cart) {
        self.left.clear();
        self.left.extend(cart.lines.iter().map(|line| line.subtotal()));
        self.total = self.left.iter().fold(0, |sum, left| sum.saturating_add(*left));
        self.kept = 0;
        self.journal.clear();
        self.earlier.clear();
        self.last.clear();
        self.last.resize(self.left.len(), 0);
        self.manners.clear();
        self.used.clear();
    }

    /// From now on so many basis points of what is there stay, whoever takes: what is not a whole minor unit stays too.
    pub fn keep(&mut self, basis_points: u16) {
        let whole = self.total.checked_div(10_000).unwrap_or(0).saturating_mul(basis_points.into());
        let rest = self.total.checked_rem(10_000).unwrap_or(0).saturating_mul(basis_points.into());
        self.kept = whole.saturating_add(rest.saturating_add(9_999).checked_div(10_000).unwrap_or(0));
    }

    /// Units of a line that discounts used up.
    pub fn used_up(&self, line: usize) -> i64 {
        let of_line = self.used.iter().filter(|(used, _)| *used == line);
        of_line.fold(0, |sum, (_, units)| sum.saturating_add(*units))
    }

    /// Remembers units that are used up.
    pub fn use_up(&mut self, used: &[(usize, i64)]) {
        self.used.extend_from_slice(used);
    }

    /// Keeps manners that shares will be taken in; says how many there were before.
    pub fn keep_manners(&mut self, manners: &[Manner]) -> u32 {
        let before = u32::try_from(self.manners.len()).unwrap_or(0);
        self.manners.extend_from_slice(manners);
        before
    }

    /// What is left of a line.
    #[inline]
    pub fn left(&self, line: usize) -> Amount {
        Amount::new(self.left.get(line).copied().unwrap_or(0))
    }

    /// What is left of all lines.
    #[inline]
    pub fn total(&self) -> Amount {
        Amount::new(self.total)
    }

    /// What is left, line by line, minor units.
    pub fn lines(&self) -> &[i64] {
        &self.left
    }

    /// Takes a share; it is cut to what is left of the line, and of the cart above what is kept. Returns what was taken.
    #[inline]
    pub fn take(&mut self, share: Share) -> i64 {
        let Some(left) = self.left.get_mut(share.line as usize) else { return 0 };
        // no more is kept than the total was, and no more taken than is above that
        let amount = share.amount.min(*left).min(self.total.wrapping_sub(self.kept));
        if amount <= 0 {
            return 0;
        }
        // the amount is between nothing and what is left of the line, which is part of the total
        *left = left.wrapping_sub(amount);
        self.total = self.total.wrapping_sub(amount);
        self.journal.push(Share { amount, ..share });
        if let Some(last) = self.last.get_mut(share.line as usize) {
            self.earlier.push(*last);
            *last = u32::try_from(self.journal.len()).unwrap_or(u32::MAX);
        }
        amount
    }

    /// Where the balances are, for [`Balances::rewind`].
    pub fn mark(&self) -> BalanceMark {
        BalanceMark { shares: self.journal.len(), manners: self.manners.len(), used: self.used.len() }
    }

    /// Gives back what was taken since a mark.
    pub fn rewind(&mut self, mark: BalanceMark) {
        let since = mark.shares.min(self.journal.len());
        let earlier = self.earlier.drain(since.min(self.earlier.len())..);
        // the last one first, so that each line finds back to its last share before the mark
        for (share, earlier) in self.journal.drain(since..).zip(earlier).rev() {
            let line = share.line as usize;
            if let (Some(left), Some(last)) = (self.left.get_mut(line), self.last.get_mut(line)) {
                // both were larger by the amount before
                *left = left.wrapping_add(share.amount);
                self.total = self.total.wrapping_add(share.amount);
                *last = earlier;
            }
        }
        self.manners.truncate(mark.manners);
        self.used.truncate(mark.used);
    }

    /// What was taken since a mark.
    pub fn taken_since(&self, mark: &BalanceMark) -> Taken {
        Taken {
            shares: self.journal.get(mark.shares..).unwrap_or(&[]).to_vec(),
            manners: self.manners.get(mark.manners..).unwrap_or(&[]).to_vec(),
            used: self.used.get(mark.used..).unwrap_or(&[]).to_vec(),
            before: u32::try_from(mark.manners).unwrap_or(0),
        }
    }

    /// Takes again those shares that `is_wanted`, `most` of them together, and uses up units again when there are any.
    pub fn take_again(&mut self, taken: &Taken, most: &mut i64, is_wanted: &dyn Fn(&Share) -> bool) {
        let kept = self.keep_manners(&taken.manners);
        let before = self.journal.len();
        for share in taken.shares.iter().filter(|share| is_wanted(share)) {
            let manner = match share.manner {
                0 => 0,
                manner => manner.saturating_sub(taken.before).saturating_add(kept),
            };
            let amount = self.take(Share { manner, amount: share.amount.min(*most), ..*share });
            *most = most.saturating_sub(amount);
        }
        if self.journal.len() > before {
            self.use_up(&taken.used);
        }
    }

    /// In which manner a share was taken.
    pub fn manner(&self, share: &Share) -> Manner {
        let place = (share.manner as usize).checked_sub(1);
        place.and_then(|at| self.manners.get(at)).copied().unwrap_or(Manner::PLAIN)
    }

    /// All shares taken, in order.
    pub fn journal(&self) -> &[Share] {
        &self.journal
    }

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
            let (Some(share), Some(earlier)) = (self.journal.get(before), self.earlier.get(before)) else { break };
            shares.push(*share);
            at = *earlier;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cart(price: i64, quantity: i64) -> Cart {
        let mut cart = Cart::default();
        cart.push_line(price, 0, quantity, 0, None);
        cart
    }

    fn take(balances: &mut Balances, amount: i64, units: Pick, bearing: Bearing) -> i64 {
        let manner = balances.keep_manners(&[Manner::of(units, bearing)]).saturating_add(1);
        balances.take(Share { promotion: 7, line: 0, amount, manner })
    }

    fn counts(runs: &[Run]) -> Vec<(i64, i64)> {
        runs.iter().map(|run| (run.count, run.left)).collect()
    }

    #[test]
    fn what_is_kept_stays_whoever_takes() {
        let cart = cart(999, 3);
        let mut balances = Balances::default();
        let plain = |amount| Share { promotion: 0, line: 0, amount, manner: 0 };
        for (kept, most) in [(0, 2997), (1, 2996), (3_000, 2097), (9_999, 0), (10_000, 0)] {
            balances.start(&cart);
            balances.keep(kept);
            let mark = balances.mark();
            assert_eq!(balances.take(plain(5_000)), most, "{kept}");
            assert_eq!(balances.take(plain(1)), 0);
            // what is given back can be taken again, and no more than that
            balances.rewind(mark);
            assert_eq!(balances.take(plain(most.saturating_sub(1))), most.saturating_sub(1).max(0));
            assert_eq!(balances.take(plain(5)), most.min(1));
        }
        // the next cart starts from nothing kept
        balances.start(&cart);
        assert_eq!(balances.take(plain(5_000)), 2_997);
    }

    #[test]
    fn a_share_of_all_units_leaves_runs_that_differ_by_one_at_most() {
        let cart = cart(1000, 3);
        let mut balances = Balances::default();
        balances.start(&cart);
        assert_eq!(take(&mut balances, 100, Pick::Every, Bearing::InProportion), 100);
        assert_eq!(counts(&balances.runs(&cart, 0)), [(1, 966), (2, 967)]);
    }

    #[test]
    fn picked_units_bear_the_share_and_others_only_the_overflow() {
        let cart = cart(1000, 3);
        let mut balances = Balances::default();
        balances.start(&cart);
        take(&mut balances, 1000, Pick::Cheapest(1), Bearing::InProportion);
        take(&mut balances, 1500, Pick::Cheapest(2), Bearing::InProportion);
        // the free unit is picked again and has nothing left, so the overflow falls on the rest
        assert_eq!(counts(&balances.runs(&cart, 0)), [(2, 0), (1, 500)]);
        assert_eq!(balances.left(0).minor(), 500);
    }

    #[test]
    fn units_that_bear_each_the_same_keep_their_difference() {
        let cart = cart(1000, 3);
        let mut balances = Balances::default();
        balances.start(&cart);
        take(&mut balances, 500, Pick::Cheapest(1), Bearing::InProportion);
        take(&mut balances, 1700, Pick::Every, Bearing::Each(600));
        assert_eq!(counts(&balances.runs(&cart, 0)), [(1, 0), (2, 400)]);
        take(&mut balances, 500, Pick::Every, Bearing::DownTo(150));
        assert_eq!(counts(&balances.runs(&cart, 0)), [(1, 0), (2, 150)]);
    }

    #[test]
    fn nothing_is_taken_beyond_what_is_left() {
        let cart = cart(5, 2);
        let mut balances = Balances::default();
        balances.start(&cart);
        assert_eq!(take(&mut balances, 11, Pick::Every, Bearing::InProportion), 10);
        assert_eq!(take(&mut balances, 1, Pick::Every, Bearing::InProportion), 0);
        assert_eq!(balances.total(), Amount::ZERO);
        assert_eq!(counts(&balances.runs(&cart, 0)), [(2, 0)]);
    }
}
