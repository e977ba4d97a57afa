//! What is left of each line while discounts are taken, and who took what of which units.
//!
//! A line's units are interchangeable until a discount picks some of them. The journal remembers each share
//! with the number of units it was given for; [`Balances::runs`] replays it into runs of equal units, so a line
//! of a million units costs no more than a line of one.

mod run;

use crate::cart::Cart;
use crate::money::Amount;
use alloc::vec::Vec;

pub use run::{take_evenly, Run};

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
    /// How many shares there were when the one before it of the same line had been taken, 0 where there was none.
    earlier: u32,
}

impl Share {
    /// A share to take.
    #[inline]
    pub const fn new(promotion: u32, line: u32, amount: i64, manner: u32) -> Share {
        Share { promotion, line, amount, manner, earlier: 0 }
    }
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
    /// For each line, how many shares there were when its last one had been taken.
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
        // a cart that was checked has no total that does not fit
        self.total = self.left.iter().fold(0, |sum, left| sum.wrapping_add(*left));
        self.kept = 0;
        self.journal.clear();
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
    pub fn take(&mut self, share: Share) -> i64 {
        let before = self.total;
        self.take_all(share.promotion, &[(share.line, share.manner)], &[share.amount]);
        before.wrapping_sub(self.total)
    }

    /// The same for shares of one promotion, told by line and manner, and by amount.
    pub fn take_all(&mut self, promotion: u32, shares: &[(u32, u32)], amounts: &[i64]) {
        let Balances { left, total, kept, journal, last, .. } = self;
        // no more is kept than the total was, and no more taken than is above that
        let mut above = total.wrapping_sub(*kept);
        for (&(line, manner), amount) in shares.iter().zip(amounts) {
            let (Some(left), Some(last)) = (left.get_mut(line as usize), last.get_mut(line as usize)) else { continue };
            let amount = (*amount).min(*left).min(above);
            if amount <= 0 {
                continue;
            }
            // the amount is between nothing and what is left of the line, which is part of the total
            *left = left.wrapping_sub(amount);
            above = above.wrapping_sub(amount);
            journal.push(Share { promotion, line, amount, manner, earlier: *last });
            *last = u32::try_from(journal.len()).unwrap_or(u32::MAX);
        }
        *total = above.wrapping_add(*kept);
    }

    /// Where the balances are, for [`Balances::rewind`].
    pub fn mark(&self) -> BalanceMark {
        BalanceMark { shares: self.journal.len(), manners: self.manners.len(), used: self.used.len() }
    }

    /// Gives back what was taken since a mark.
    pub fn rewind(&mut self, mark: BalanceMark) {
        let since = mark.shares.min(self.journal.len());
        // the last one first, so that each line finds back to its last share before the mark
        for share in self.journal.drain(since..).rev() {
            let line = share.line as usize;
            if let (Some(left), Some(last)) = (self.left.get_mut(line), self.last.get_mut(line)) {
                // both were larger by the amount before
                *left = left.wrapping_add(share.amount);
                self.total = self.total.wrapping_add(share.amount);
                *last = share.earlier;
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
        self.manner_at(share.manner)
    }

    /// The manner of a place among them plus one, the plain one of 0.
    pub fn manner_at(&self, place: u32) -> Manner {
        let place = (place as usize).checked_sub(1);
        place.and_then(|at| self.manners.get(at)).copied().unwrap_or(Manner::PLAIN)
    }

    /// All shares taken, in order.
    pub fn journal(&self) -> &[Share] {
        &self.journal
    }
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
        balances.take(Share::new(7, 0, amount, manner))
    }

    fn counts(runs: &[Run]) -> Vec<(i64, i64)> {
        runs.iter().map(|run| (run.count, run.left)).collect()
    }

    #[test]
    fn what_is_kept_stays_whoever_takes() {
        let cart = cart(999, 3);
        let mut balances = Balances::default();
        let plain = |amount| Share::new(0, 0, amount, 0);
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
