//! Formulas: amounts and percentages that are worked out from the cart. An expression is total: every one has an end, and
//! what cannot be worked out is no number, which takes nothing and says why.
//!
//! Numbers have twelve decimals, kept as whole numbers of 128 bits; a product or quotient drops what is beyond them.
//! Compiled, an expression stands in postfix order, bounded in length and depth.

use serde::{Deserialize, Serialize};

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde_json::Value as Json;

use super::worth::Off;
use super::Pricing;
use crate::campaign::reading::invalid;
use crate::cart::{Line, MAX_QUANTITY, WHOLE_UNIT};
use crate::error::{Diagnostic, FixBy};
use crate::facts::Facts;
use crate::money::{Amount, Rate, Rounding, MAX_AMOUNT};
use crate::packed::packed;
use crate::pointer::Pointer;
use crate::reason::ReasonKind;
use crate::selector::Selector;
use crate::vocabulary::{AmountRow, VocabularyBuilder};

mod decimal;
#[cfg(feature = "workshop")]
mod measured;
mod reading;
#[cfg(feature = "schema")]
mod schema;

#[cfg(feature = "workshop")]
pub(crate) use measured::Measured;
pub(super) use reading::compile;
#[cfg(feature = "schema")]
pub(crate) use schema::Expression;

use decimal::{Decimal, Undefined};

/// Most steps of a formula.
pub(super) const MAX_STEPS: usize = 64;
/// Most numbers that are open at once.
pub(super) const MAX_DEPTH: usize = 16;

packed! {
    /// A formula, compiled.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Formula {
        /// What its number is.
        pub(super) takes: Takes,
        /// Whether it asks about a line, so that each line has its own number.
        pub(super) by_line: bool,
        /// Its steps in postfix order.
        pub(super) steps: Vec<Step>,
    }

    /// What the number of a formula is.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "snake_case")]
    pub enum Takes {
        /// An amount off the lines together, spread over them.
        #[default]
        Amount,
        /// An amount off each line.
        AmountPerLine,
        /// An amount off each unit.
        AmountPerUnit,
        /// A percentage off, from 0 to 100; decimals beyond the seventh are dropped.
        Percent,
        /// What each unit comes down to.
        UnitPrice,
        /// What the lines together come down to.
        Price,
        /// What each line comes down to.
        PricePerLine,
    }

    /// One step.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Step {
        /// A number: so many parts of which so many decimals.
        Constant((i64, u8)),
        /// An amount in the cart's currency, minor units.
        Money(AmountRow),
        /// A number that only some rule asks for, by its place.
        Figure(u32),
        /// What the cart says.
        Fact(Fact),
        /// The sum of the last two.
        Add,
        /// Their difference.
        Subtract,
        /// Their product.
        Multiply,
        /// Their quotient.
        Divide,
        /// What a division leaves.
        Remainder,
        /// The lower one.
        Min,
        /// The higher one.
        Max,
        /// The first to the power of the second.
        Power,
        /// The last to so many decimals, halves away from zero.
        Round(i64),
        /// The same downwards.
        Floor(i64),
        /// The same upwards.
        Ceil(i64),
        /// One when the first is the second or more, else zero.
        NotBelow,
        /// One when it is more.
        Above,
        /// One when they are equal.
        Equal,
        /// One for zero, else zero.
        Not,
        /// Of the last three, the second when the first is not zero, else the third.
        If,
        /// The first, or the second where there is no first.
        Default,
    }

    /// What a formula may ask of a cart.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    pub enum Fact {
        /// What the selected lines cost before discounts.
        Subtotal,
        /// What is left of them.
        Left,
        /// Their units.
        Units,
        /// How many they are.
        Lines,
        /// The price of a unit of the cheapest of them.
        CheapestPrice,
        /// The same of the dearest.
        DearestPrice,
        /// What all lines cost before discounts.
        OrderSubtotal,
        /// What is left of them.
        OrderLeft,
        /// Their units.
        OrderUnits,
        /// How many they are.
        OrderLines,
        /// The charges for shipping before discounts.
        Shipping,
        /// Orders before this one.
        Orders,
        /// The price of a unit of the line.
        UnitPrice,
        /// What the line costs before discounts.
        LineSubtotal,
        /// What is left of it.
        LineLeft,
        /// Its units.
        LineUnits,
    }
}

macro_rules! reasons {
    ($($NAME:ident $code:literal $message:literal $help:literal;)*) => {
        $(static $NAME: ReasonKind = ReasonKind {
            code: $code,
            message: $message,
            help: $help,
            fix_by: FixBy::Merchant,
            params: &[],
            waits_for_cart: false,
        };)*

        /// Every reason for which a formula has no number.
        pub(crate) const REASONS: &[&ReasonKind] = &[$(&$NAME),*];
    };
}

reasons! {
    DIVIDED_BY_ZERO "formula_divides_by_zero" "the formula of this campaign divides by zero here"
        "say with `if` or `default` what it comes to then";
    FACT_UNKNOWN "formula_fact_missing" "the formula of this campaign asks for what is not known"
        "pass it with the request, or say with `default` what it comes to then";
    OVERFLOWS "formula_overflows" "a number in the formula of this campaign is larger than any amount"
        "divide before multiplying, or limit it with `min`";
}

impl Takes {
    /// Whether it is taken off each unit by itself.
    pub(super) fn is_of_units(self) -> bool {
        matches!(self, Takes::Percent | Takes::AmountPerUnit | Takes::UnitPrice)
    }
}

impl Undefined {
    fn reason(self) -> &'static ReasonKind {
        match self {
            Undefined::DividedByZero => &DIVIDED_BY_ZERO,
            Undefined::Unknown => &FACT_UNKNOWN,
            Undefined::Overflow => &OVERFLOWS,
        }
    }
}

/// Numbers that are open, the last one on top.
struct Stack {
    numbers: [Result<Decimal, Undefined>; MAX_DEPTH],
    depth: usize,
}

impl Stack {
    fn push(&mut self, number: Result<Decimal, Undefined>) {
        if let Some(place) = self.numbers.get_mut(self.depth) {
            *place = number;
            self.depth = self.depth.saturating_add(1);
        }
    }

    fn pop(&mut self) -> Result<Decimal, Undefined> {
        self.depth = self.depth.saturating_sub(1);
        self.numbers.get(self.depth).copied().unwrap_or(Err(Undefined::Unknown))
    }
}

impl Formula {
    /// Whether its amounts are given in the cart's currency.
    pub(super) fn covers(&self, facts: &Facts<'_>) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Money(row) => facts.amount(*row).is_some(),
            _ => true,
        })
    }

    /// A formula about the whole order.
    ///
    /// # Errors
    /// A diagnostic when it makes no sense, or asks about a line.
    pub(super) fn of_order(
        document: &Json,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Formula, Box<Diagnostic>> {
        let steps = compile(document, vocabulary, at)?;
        if steps.iter().any(|step| matches!(step, Step::Fact(fact) if fact.is_of_a_line())) {
            let message = "there is no line that the formula could ask about";
            return Err(invalid(message, "ask for facts of the order", at));
        }
        Ok(Formula { takes: Takes::Amount, by_line: false, steps })
    }

    /// So many units, none below zero; nothing where it has no number.
    pub(super) fn units(&self, pricing: &Pricing<'_>) -> Option<i64> {
        let number = self.number(pricing, Selector::All, None).ok()?;
        Some(number.whole(Rounding::Down).clamp(0, MAX_QUANTITY))
    }

    /// What it takes off the selected lines, or one of them.
    ///
    /// # Errors
    /// Why there is no such number.
    pub(super) fn off(
        &self,
        pricing: &Pricing<'_>,
        lines: Selector,
        line: Option<usize>,
    ) -> Result<Off, &'static ReasonKind> {
        let number = self.number(pricing, lines, line).map_err(Undefined::reason)?;
        let amount = || Amount::new(number.whole(pricing.rounding).clamp(0, MAX_AMOUNT));
        Ok(match self.takes {
            Takes::Percent => {
                // seven decimals, as percentages are written
                let parts = number.parts(7, Rounding::Down).clamp(0, 1_000_000_000);
                Off::Rate(Rate::ratio(parts, 1_000_000_000).unwrap_or(Rate::ONE))
            }
            Takes::Amount => Off::Amount(amount()),
            Takes::AmountPerLine => Off::AmountPerLine(amount()),
            Takes::AmountPerUnit => Off::AmountPerUnit(amount()),
            Takes::UnitPrice => Off::UnitPrice(amount()),
            Takes::Price => Off::Price(amount()),
            Takes::PricePerLine => Off::PriceOfLine(amount()),
        })
    }

    /// A formula whose number stands for itself.
    ///
    /// # Errors
    /// A diagnostic at `at` when it makes no sense, or asks about single lines.
    pub(crate) fn alone(
        expression: &Json,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Formula, Box<Diagnostic>> {
        let steps = compile(expression, vocabulary, at)?;
        if steps.iter().any(|step| matches!(step, Step::Fact(fact) if fact.is_of_a_line())) {
            let help = "ask for facts of the order, or of the selected lines together";
            let message = "lines together have no line that the formula could ask about";
            return Err(invalid(message, help, at));
        }
        Ok(Formula { takes: Takes::Amount, by_line: false, steps })
    }

    /// The whole number that it comes to, of what of an order earns; none where it has none.
    #[cfg(feature = "workshop")]
    pub(crate) fn worked_out(&self, measured: &Measured<'_>, rounding: Rounding) -> Option<i64> {
        let number = self.evaluate(&measured.facts, |fact| measured.fact(fact));
        number.ok().map(|number| number.whole(rounding).clamp(0, MAX_AMOUNT))
    }

    fn number(&self, pricing: &Pricing<'_>, lines: Selector, line: Option<usize>) -> Result<Decimal, Undefined> {
        self.evaluate(&pricing.facts, |fact| fact.of(pricing, lines, line))
    }

    fn evaluate(&self, facts: &Facts<'_>, of: impl Fn(Fact) -> Option<Decimal>) -> Result<Decimal, Undefined> {
        let mut stack = Stack { numbers: [Err(Undefined::Unknown); MAX_DEPTH], depth: 0 };
        for step in &self.steps {
            let number = match *step {
                Step::Constant((parts, places)) => Decimal::of_parts(parts, places),
                Step::Money(row) => {
                    facts.amount(row).map_or(Err(Undefined::Unknown), |amount| Ok(amount.minor().into()))
                }
                Step::Figure(place) => facts.number(place).map_or(Err(Undefined::Unknown), |number| Ok(number.into())),
                Step::Fact(fact) => of(fact).ok_or(Undefined::Unknown),
                Step::Round(places) => stack.pop().and_then(|number| number.round(places)),
                Step::Floor(places) => stack.pop().and_then(|number| number.floor(places)),
                Step::Ceil(places) => stack.pop().and_then(|number| number.ceil(places)),
                Step::Not => stack.pop().map(|number| Decimal::truth(number == Decimal::ZERO)),
                Step::If => {
                    let (otherwise, then, condition) = (stack.pop(), stack.pop(), stack.pop());
                    condition.and_then(|condition| if condition == Decimal::ZERO { otherwise } else { then })
                }
                Step::Default => {
                    let (second, first) = (stack.pop(), stack.pop());
                    first.or(second)
                }
                of_two => {
                    let (second, first) = (stack.pop(), stack.pop());
                    first.and_then(|first| of_two.of_two(first, second?))
                }
            };
            stack.push(number);
        }
        stack.pop()
    }
}

impl Step {
    fn of_two(self, first: Decimal, second: Decimal) -> Result<Decimal, Undefined> {
        match self {
            Step::Add => first.add(second),
            Step::Subtract => first.subtract(second),
            Step::Multiply => first.multiply(second),
            Step::Divide => first.divide(second),
            Step::Remainder => first.remainder(second),
            Step::Power => first.power(second),
            Step::Min => Ok(first.min(second)),
            Step::Max => Ok(first.max(second)),
            Step::NotBelow => Ok(Decimal::truth(first >= second)),
            Step::Above => Ok(Decimal::truth(first > second)),
            _ => Ok(Decimal::truth(first == second)),
        }
    }
}

impl Fact {
    /// Whether it is about one line.
    pub(super) fn is_of_a_line(self) -> bool {
        matches!(self, Fact::UnitPrice | Fact::LineSubtotal | Fact::LineLeft | Fact::LineUnits)
    }

    fn of(self, pricing: &Pricing<'_>, selected: Selector, line: Option<usize>) -> Option<Decimal> {
        let (facts, cart) = (&pricing.facts, pricing.facts.cart);
        let one = || line.and_then(|line| cart.lines.get(line));
        let unit_price = |index: usize, line: &Line| cart.fraction(index).map_or(line.price, |piece| piece.unit_price);
        let of = |lines: Selector, price: &dyn Fn(usize, &Line) -> i64| {
            let mut prices = Vec::new();
            facts.each_line(lines, |index, line| prices.push(price(index, line)));
            prices
        };
        let left = |lines: Selector| {
            of(lines, &|index, _| pricing.balances.left(index).minor()).into_iter().fold(0, i64::saturating_add)
        };
        let number = match self {
            Fact::Subtotal => facts.subtotal(selected).minor(),
            Fact::Left => left(selected),
            Fact::Units => facts.quantity(selected),
            Fact::Lines => i64::try_from(of(selected, &|_, _| 1).len()).ok()?,
            Fact::CheapestPrice => of(selected, &unit_price).into_iter().min()?,
            Fact::DearestPrice => of(selected, &unit_price).into_iter().max()?,
            Fact::OrderSubtotal => facts.subtotal(Selector::All).minor(),
            Fact::OrderLeft => left(Selector::All),
            Fact::OrderUnits => facts.quantity(Selector::All),
            Fact::OrderLines => i64::try_from(cart.lines.len()).ok()?,
            Fact::Shipping => cart.shipping.iter().fold(0, |sum, charge| charge.price.saturating_add(sum)),
            Fact::Orders => Some(cart.order_count).filter(|count| *count >= 0)?,
            Fact::UnitPrice => line.zip(one()).map(|(index, line)| unit_price(index, line))?,
            Fact::LineSubtotal => one()?.subtotal(),
            Fact::LineLeft => pricing.balances.left(line?).minor(),
            Fact::LineUnits => {
                let whole = |line: &Line| line.quantity.saturating_mul(WHOLE_UNIT);
                let parts = line.and_then(|line| cart.fraction(line)).map(|piece| piece.measure).or(one().map(whole))?;
                return Decimal::of_parts(parts, 4).ok();
            }
        };
        Some(number.into())
    }
}
