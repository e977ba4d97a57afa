//! How much a rule gives, compiled: a number, so much for every so much, or a formula.

use alloc::vec::Vec;

use serde::Serialize;

use crate::balance::Balances;
use crate::discount::Formula;
use crate::facts::Facts;
use crate::money::{Amount, Rate, Rounding};
use crate::packed::packed;
use crate::selector::Selector;
use crate::vocabulary::AmountRow;

packed! {
    /// How much.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub enum Worth {
        /// This.
        Fixed(i64),
        /// So much for every so much.
        PerEvery(PerEvery),
        /// What a formula about the selected lines works out.
        Formula((Formula, Selector)),
        /// This for an order that has any of these lines.
        PerOrder((i64, Selector)),
    }

    /// So much for every so much.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct PerEvery {
        /// So much.
        pub points: i64,
        /// For every such amount …
        pub money: Option<AmountRow>,
        /// … or for every such number.
        pub number: i64,
        /// Of this.
        pub of: Base,
        /// On these lines.
        pub lines: Selector,
        /// What becomes of fractions where parts count; only whole ones do without.
        pub rounding: Option<Rounding>,
    }

    /// Of what.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Base {
        /// What is left of the lines after discounts.
        Left,
        /// What they cost before.
        Before,
        /// Their units.
        Units,
        /// A number that the request tells, by its place.
        Figure(u32),
    }

    /// What members of a level get instead.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Grade {
        /// So many times as much.
        Factor(Rate),
        /// This number of points.
        Points(i64),
    }
}

/// An order as rules look at it: what earns of each line after discounts, and before; what is paid without earning is in
/// neither. Of an event, both are empty.
pub struct Order<'a> {
    /// What can be asked.
    pub facts: Facts<'a>,
    /// After discounts.
    pub left: &'a Balances,
    /// Before.
    pub before: &'a Balances,
    /// The units of each line that cost something.
    pub paid: &'a [i64],
}

impl Worth {
    /// How much it is, with `points` in place of the number that is written, if any. Nothing where it asks for what is
    /// not known. `more` is money that the selected lines shall cost besides.
    pub(crate) fn of(&self, order: &Order<'_>, points: Option<i64>, more: i64) -> i64 {
        match self {
            Worth::Fixed(written) => points.unwrap_or(*written),
            Worth::PerOrder((written, lines)) => {
                let mut is_there = false;
                order.facts.each_line(*lines, |_, _| is_there = true);
                if is_there {
                    points.unwrap_or(*written)
                } else {
                    0
                }
            }
            Worth::PerEvery(rule) => rule.of(order, points.unwrap_or(rule.points), more).unwrap_or(0),
            Worth::Formula((formula, lines)) => {
                formula.worked_out(&order.facts, order.left, *lines, Rounding::HalfUp).unwrap_or(0)
            }
        }
    }

    /// The lines that earn it, and what weighs them; none where no line does.
    pub(crate) fn lines(&self, order: &Order<'_>) -> (Vec<usize>, Base) {
        let (lines, of) = match self {
            Worth::Fixed(_) | Worth::PerOrder(_) | Worth::PerEvery(PerEvery { of: Base::Figure(_), .. }) => {
                return (Vec::new(), Base::Left)
            }
            Worth::PerEvery(rule) => (rule.lines, rule.of),
            Worth::Formula((_, lines)) => (*lines, Base::Left),
        };
        let mut found = Vec::new();
        order.facts.each_line(lines, |index, _| found.push(index));
        (found, of)
    }

    /// Whether more money on its lines brings more.
    pub(crate) fn grows_with_money(&self) -> bool {
        matches!(self, Worth::PerEvery(PerEvery { of: Base::Left | Base::Before, money: Some(_), .. }))
    }
}

impl PerEvery {
    fn of(&self, order: &Order<'_>, points: i64, more: i64) -> Option<i64> {
        let every = match self.money {
            Some(row) => order.facts.amount(row)?.minor(),
            None => self.number,
        };
        let sum = |balances: &Balances| {
            let mut sum = more;
            order.facts.each_line(self.lines, |index, _| sum = sum.saturating_add(balances.left(index).minor()));
            sum
        };
        let base = match self.of {
            Base::Left => sum(order.left),
            Base::Before => sum(order.before),
            Base::Units => {
                let mut units = 0_i64;
                let paid = |index: usize| order.paid.get(index).copied().unwrap_or(0);
                order.facts.each_line(self.lines, |index, _| units = units.saturating_add(paid(index)));
                units
            }
            Base::Figure(place) => order.facts.number(place)?.max(0),
        };
        match self.rounding {
            Some(rounding) => Some(Rate::ratio(points, every)?.of(Amount::new(base), rounding).minor()),
            None => base.checked_div(every).map(|times| times.saturating_mul(points)),
        }
    }
}
