//! Lines and what their units bear.

use serde_json::Value;

use super::numbers::count;

/// Units of one product at one price.
#[derive(Clone)]
pub(super) struct Line<'a> {
    pub(super) properties: &'a Value,
    pub(super) price: i128,
    /// What is left of each unit at least.
    pub(super) floor: i128,
    /// What is left of each unit, the least first.
    pub(super) units: Vec<i128>,
    /// How many of them are used up.
    pub(super) used: i128,
    /// Whether a discount took something of it, where its units are looked at as if none had.
    pub(super) touched: bool,
    /// What it bears at most, where its units are looked at as if no discount had taken anything.
    pub(super) bears: i128,
    /// Whose gift it is, if it is one: then it is for nobody else.
    pub(super) gift_of: &'a Value,
}

impl Line<'_> {
    pub(super) fn left(&self) -> i128 {
        self.units.iter().sum()
    }

    /// What units can bear in all.
    pub(super) fn room(&self) -> i128 {
        self.room_as_looked_at().min(self.bears)
    }

    /// What units could bear, were they as they are looked at.
    pub(super) fn room_as_looked_at(&self) -> i128 {
        self.left() - self.floor * count(&self.units)
    }

    pub(super) fn original(&self) -> i128 {
        self.price * count(&self.units)
    }

    /// Whether no discount took anything of it.
    pub(super) fn is_whole(&self) -> bool {
        !self.touched && self.left() == self.original()
    }

    /// The units in the order in which they are picked.
    pub(super) fn picked_first(&mut self, dearest: bool) -> &mut Vec<i128> {
        self.units.sort_unstable();
        if dearest {
            self.units.reverse();
        }
        &mut self.units
    }

    /// All units bear an amount in proportion to what is left of them.
    pub(super) fn take(&mut self, amount: i128) -> i128 {
        self.take_from(self.units.len(), false, amount)
    }

    /// So many units from one end bear an amount in proportion, the others only what those cannot.
    pub(super) fn take_from(&mut self, picked: usize, dearest: bool, amount: i128) -> i128 {
        let (amount, floor) = (amount.min(self.room()), self.floor);
        let units = self.picked_first(dearest);
        units.iter_mut().for_each(|left| *left -= floor);
        let bearable = amount.min(units[..picked].iter().sum());
        bear(&mut units[..picked], bearable);
        bear(units, amount - bearable);
        units.iter_mut().for_each(|left| *left += floor);
        amount
    }

    /// So many units from one end bear so much each.
    pub(super) fn take_each(&mut self, picked: usize, dearest: bool, amount: i128) -> i128 {
        let (before, floor) = (self.left(), self.floor);
        self.picked_first(dearest).iter_mut().take(picked).for_each(|left| *left -= amount.min(*left - floor));
        before - self.left()
    }
}

/// Units bear an amount in proportion to what is left of them: each the whole part of its share, the spare minor
/// units one each by the first that have something left.
pub(super) fn bear(units: &mut [i128], amount: i128) {
    let total: i128 = units.iter().sum();
    if amount == 0 || total == 0 {
        return;
    }
    let shares: Vec<i128> = units.iter().map(|left| amount * left / total).collect();
    let mut spare = amount - shares.iter().sum::<i128>();
    for (left, share) in units.iter_mut().zip(shares) {
        *left -= share;
        if spare > 0 && *left > 0 {
            *left -= 1;
            spare -= 1;
        }
    }
}
