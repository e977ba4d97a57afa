//! How much a rule gives, compiled: a number, so much for every so much, or a formula.

use alloc::vec::Vec;

use serde::Serialize;

use crate::balance::Balances;
use crate::discount::{Formula, Measured};
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
        /// What a formula about an order works out.
        OrderFormula(OrderFormula),
    }

    /// A formula about an order.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct OrderFormula {
        /// It.
        pub formula: Formula,
        /// What it calls the lines.
        pub lines: Selector,
        /// What it calls the order: all lines but gift cards, unless those earn too.
        pub order: Selector,
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
    /// Whether it is one; what was reported or entered has no lines.
    pub is_order: bool,
    /// The units of each line that are not paid without earning.
    pub units: &'a [i64],
    /// Those of them that cost something.
    pub paid: &'a [i64],
    /// What is paid of each line without earning.
    pub without: &'a [i64],
}

impl Order<'_> {
    /// Whether anything on some lines earns: there are such lines, and not all that they cost is paid without earning.
    fn earns(&self, lines: Selector) -> bool {
        let (mut is_there, mut left, mut without) = (false, 0_i64, 0_i64);
        self.facts.each_line(lines, |index, _| {
            is_there = true;
            left = left.saturating_add(self.left.left(index).minor());
            without = without.saturating_add(self.without.get(index).copied().unwrap_or(0));
        });
        is_there && (left > 0 || without == 0)
    }

    fn measured(&self, lines: Selector, order: Selector) -> Measured<'_> {
        Measured { facts: self.facts, lines, order, left: self.left, before: self.before, units: self.units }
    }
}

impl Worth {
    /// How much it is, with `points` in place of the number that is written, if any. Nothing where it asks for what is
    /// not known. `more` is money that the selected lines shall cost besides.
    pub(crate) fn of(&self, order: &Order<'_>, points: Option<i64>, more: i64) -> i64 {
        match self {
            Worth::Fixed(written) => points.unwrap_or(*written),
            Worth::PerOrder((written, lines)) => match order.earns(*lines) {
                true => points.unwrap_or(*written),
                false => 0,
            },
            Worth::PerEvery(rule) => rule.of(order, points.unwrap_or(rule.points), more).unwrap_or(0),
            Worth::Formula((formula, lines)) => {
                let measured = order.measured(*lines, Selector::All);
                formula.worked_out(&measured, Rounding::HalfUp).unwrap_or(0)
            }
            Worth::OrderFormula(OrderFormula { formula, lines, order: all }) => match order.earns(*lines) {
                true => formula.worked_out(&order.measured(*lines, *all), Rounding::HalfUp).unwrap_or(0),
                false => 0,
            },
        }
    }

    /// The lines that it is for, and what weighs them; nothing does where all of them earn it together.
    pub(crate) fn lines(&self, order: &Order<'_>) -> (Vec<usize>, Option<Base>) {
        let (lines, of) = match self {
            Worth::Fixed(_) => return (Vec::new(), None),
            Worth::PerOrder((_, lines)) | Worth::PerEvery(PerEvery { of: Base::Figure(_), lines, .. }) => {
                (*lines, None)
            }
            Worth::PerEvery(rule) => (rule.lines, Some(rule.of)),
            Worth::Formula((_, lines)) | Worth::OrderFormula(OrderFormula { lines, .. }) => (*lines, Some(Base::Left)),
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
            Base::Figure(_) if order.is_order && !order.earns(self.lines) => 0,
            Base::Figure(place) => order.facts.number(place)?.max(0),
        };
        match self.rounding {
            Some(rounding) => Some(Rate::ratio(points, every)?.of(Amount::new(base), rounding).minor()),
            None => base.checked_div(every).map(|times| times.saturating_mul(points)),
        }
    }
}
