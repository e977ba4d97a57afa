//! A cart as the engine sees it: numbers only, translated once into the snapshot's vocabulary.
//!
//! The doors (`json` for bytes, `wasm` for objects) fill it; the engine reads it. Lines that are the same
//! product at the same price with the same properties are one line here, so that no answer depends on how a
//! quantity was split; [`Cart::given`] remembers what the caller sent.

mod entered;
mod kept;
mod line;
mod payment;
mod put;
mod tax;

use crate::error::{Diagnostic, Document, Error};
use crate::money::{Amount, Currency, PriceMode, Rate, Rounding, MAX_AMOUNT};
use crate::time::{CivilDate, Timestamp};
use crate::vocabulary::Word;
use alloc::vec::Vec;

pub use entered::{EnteredCode, Redemptions};
#[cfg(feature = "workshop")]
pub use entered::{OwnStanding, OwnTerms};
pub use line::{Fraction, GivenLine, Line, Marks, Shipping, WHOLE_UNIT};
pub use payment::{CashRounding, Payment, PaymentKind};

/// Most lines in a request.
pub const MAX_LINES: usize = 500;
/// Largest quantity of a line.
pub const MAX_QUANTITY: i64 = 1_000_000;
/// Largest unit or shipping price, in minor units.
pub const MAX_PRICE: i64 = 1_000_000_000_000;
/// Most codes in a request.
pub const MAX_CODES: usize = 10;
/// Most shipping charges in a request.
pub const MAX_SHIPPING: usize = 20;
/// Most campaigns whose counts a request may tell, and most budgets.
pub const MAX_REDEMPTIONS: usize = 100;
/// Most words that a line or a customer may carry.
pub const MAX_WORDS: usize = 1_000;

/// Most campaigns whose gifts a request may decline, and most products whose stock it may tell.
pub const MAX_GIFTS: usize = 500;

/// Stands for a campaign that the snapshot does not have.
pub const NOBODY: u32 = u32::MAX;

/// A number that the request does not give.
pub const MISSING: i64 = i64::MIN;

/// Everything a quote depends on besides the snapshot.
#[derive(Clone, Debug)]
pub struct Cart {
    /// The currency of all amounts.
    pub currency: Currency,
    /// The moment of the quote.
    pub now: Timestamp,
    /// Minutes the shopper's clocks are ahead of UTC.
    pub utc_offset: i32,
    /// Words of the customer and the situation: segments, attributes, country, channel.
    pub context: Vec<Word>,
    /// Numbers that only some rule asks for, by their place in the vocabulary; [`MISSING`] where absent.
    pub numbers: Vec<i64>,
    /// Day of birth.
    pub birthday: Option<CivilDate>,
    /// When the customer signed up, or [`MISSING`].
    pub signed_up_at: i64,
    /// Orders before this one, or [`MISSING`].
    pub order_count: i64,
    /// When the last of them was placed, or [`MISSING`].
    pub last_order_at: i64,
    /// The entered codes, in the order typed.
    pub codes: Vec<EnteredCode>,
    /// What is known of those that are one of many.
    #[cfg(feature = "workshop")]
    pub own: Vec<OwnTerms>,
    /// The lines, same ones merged; those that are gifts last.
    pub lines: Vec<Line>,
    /// Of the last lines: whose gift each is, by the number of the campaign, or [`NOBODY`].
    pub gifts: Vec<u32>,
    /// Campaigns whose gifts the shopper does not want.
    pub declined: Vec<u32>,
    /// How many units of a sku or product there are, where that is told.
    pub stock: Vec<(Word, i64)>,
    /// The lines' words, line after line.
    pub words: Vec<Word>,
    /// How many numbers each line has.
    pub line_number_count: usize,
    /// Attributes of lines compared as numbers, line after line; [`MISSING`] where absent.
    pub line_numbers: Vec<i64>,
    /// Whether some line has a floor.
    pub has_floors: bool,
    /// The lines as sent; empty when none was merged, then line `i` is given line `i`.
    pub given: Vec<GivenLine>,
    /// Charges for shipping.
    pub shipping: Vec<Shipping>,
    /// Lines whose quantity is no whole number, by rising line.
    pub fractions: Vec<Fraction>,
    /// Whether prices contain tax.
    pub prices: PriceMode,
    /// Tax rates of the lines in millionths; empty when no line has one.
    pub line_taxes: Vec<i64>,
    /// What one unit of each line costs the shop; empty where no campaign asks or no line tells.
    pub line_costs: Vec<i64>,
    /// Tax rates of the shipping charges, in the same way.
    pub shipping_taxes: Vec<i64>,
    /// Whether tax is rounded once for each rate instead of on each line.
    pub rounds_tax_in_total: bool,
    /// Decimals of the currency's minor unit where the request says them, or [`MISSING`].
    pub exponent: i64,
    /// How the amount due is rounded, if it is.
    pub cash: Option<CashRounding>,
    /// What is paid by other means, as given.
    pub payments: Vec<Payment>,
    /// Whether taxes are asked for.
    pub wants_taxes: bool,
    /// How often campaigns were used.
    pub redemptions: Vec<Redemptions>,
    /// Budgets by their numbers, and what is spent of each.
    pub budgets: Vec<(u32, i64)>,
    /// What the customer has spent before this order, minor units, or [`MISSING`].
    pub spent: i64,
    /// Whether near misses are asked for.
    pub wants_hints: bool,
    /// Whether the shares of single units are asked for.
    pub wants_units: bool,
}

impl Default for Cart {
    fn default() -> Cart {
        Cart {
            currency: Currency::NONE,
            now: 0,
            utc_offset: 0,
            context: Vec::new(),
            numbers: Vec::new(),
            birthday: None,
            signed_up_at: MISSING,
            order_count: MISSING,
            last_order_at: MISSING,
            codes: Vec::new(),
            #[cfg(feature = "workshop")]
            own: Vec::new(),
            lines: Vec::new(),
            gifts: Vec::new(),
            declined: Vec::new(),
            stock: Vec::new(),
            words: Vec::new(),
            line_number_count: 0,
            line_numbers: Vec::new(),
            has_floors: false,
            given: Vec::new(),
            shipping: Vec::new(),
            fractions: Vec::new(),
            prices: PriceMode::Gross,
            line_taxes: Vec::new(),
            line_costs: Vec::new(),
            shipping_taxes: Vec::new(),
            rounds_tax_in_total: false,
            exponent: MISSING,
            cash: None,
            payments: Vec::new(),
            wants_taxes: false,
            redemptions: Vec::new(),
            budgets: Vec::new(),
            spent: MISSING,
            wants_hints: false,
            wants_units: false,
        }
    }
}

impl Cart {
    /// Empties the cart for another request and keeps what it has allocated.
    pub fn clear(&mut self, numbers: usize, line_numbers: usize) {
        self.context.clear();
        self.numbers.clear();
        self.numbers.resize(numbers, MISSING);
        self.birthday = None;
        self.signed_up_at = MISSING;
        self.order_count = MISSING;
        self.last_order_at = MISSING;
        self.codes.clear();
        #[cfg(feature = "workshop")]
        self.own.clear();
        self.lines.clear();
        self.gifts.clear();
        self.declined.clear();
        self.stock.clear();
        self.words.clear();
        self.line_number_count = line_numbers;
        self.line_numbers.clear();
        self.has_floors = false;
        self.given.clear();
        self.shipping.clear();
        self.fractions.clear();
        self.prices = PriceMode::Gross;
        self.line_taxes.clear();
        self.line_costs.clear();
        self.shipping_taxes.clear();
        self.rounds_tax_in_total = false;
        self.exponent = MISSING;
        self.cash = None;
        self.payments.clear();
        self.wants_taxes = false;
        self.redemptions.clear();
        self.budgets.clear();
        self.spent = MISSING;
        self.utc_offset = 0;
        self.wants_hints = false;
        self.wants_units = false;
    }

    /// The words of a line.
    #[inline]
    pub fn words_of(&self, line: &Line) -> &[Word] {
        // u32 always fits the pointer size of the targets, and a range outside is no words
        self.words.get(line.words_from as usize..line.words_until as usize).unwrap_or(&[])
    }

    /// The numbers of the line at an index; of the line after the last one those that have been read for it.
    pub fn numbers_of(&mut self, line: usize) -> &mut [i64] {
        let from = line.saturating_mul(self.line_number_count);
        let until = from.saturating_add(self.line_number_count);
        if self.line_numbers.len() < until {
            self.line_numbers.resize(until, MISSING);
        }
        self.line_numbers.get_mut(from..until).unwrap_or(&mut [])
    }

    /// A number of a line, if the request tells it.
    pub fn number_of(&self, line: usize, place: u32) -> Option<i64> {
        let at = line.saturating_mul(self.line_number_count).saturating_add(place as usize);
        self.line_numbers.get(at).copied().filter(|number| *number != MISSING)
    }

    /// How many lines the caller sent.
    pub fn given_count(&self) -> usize {
        if self.given.is_empty() {
            self.lines.len()
        } else {
            self.given.len()
        }
    }

    /// A line as the caller sent it.
    pub fn given_line(&self, index: usize) -> Option<GivenLine> {
        if self.given.is_empty() {
            let line = self.lines.get(index)?;
            return Some(GivenLine { line: u32::try_from(index).ok()?, quantity: line.quantity });
        }
        self.given.get(index).copied()
    }

    /// How many lines are no gifts. They come first.
    #[inline]
    pub fn bought_count(&self) -> usize {
        self.lines.len().saturating_sub(self.gifts.len())
    }

    /// The lines that are no gifts: all that conditions count and discounts select.
    #[inline]
    pub fn bought(&self) -> &[Line] {
        self.lines.get(..self.bought_count()).unwrap_or(&[])
    }

    /// The lines that are gifts: place, line, and whose gift it is.
    pub fn gift_lines(&self) -> impl Iterator<Item = (usize, &Line, u32)> {
        let from = self.bought_count();
        let lines = self.lines.iter().enumerate().skip(from);
        lines.zip(&self.gifts).map(|((line, given), promotion)| (line, given, *promotion))
    }

    /// How many further units of a sku or product there are; `None` where the request does not say.
    pub fn in_stock(&self, product: Word) -> Option<i64> {
        let (_, units) = self.stock.iter().find(|(known, _)| *known == product)?;
        let there = self.lines.iter().filter(|line| self.words_of(line).contains(&product));
        let there = there.fold(0_i64, |sum, line| sum.saturating_add(line.quantity));
        Some(units.saturating_sub(there).max(0))
    }

    /// The piece that a line is, if its quantity is no whole number.
    #[inline]
    pub fn fraction(&self, line: usize) -> Option<&Fraction> {
        if self.fractions.is_empty() {
            return None;
        }
        self.fractions.iter().find(|piece| piece.line as usize == line)
    }

    /// What an amount per unit comes to for one unit of a line.
    #[inline]
    pub fn per_unit(&self, line: usize, amount: Amount) -> Amount {
        self.fraction(line).map_or(amount, |piece| piece.of(amount))
    }

    /// What a campaign that demands so many times its cost leaves of the price of one unit of a line.
    #[inline]
    pub fn floor(&self, line: usize, margin: Option<Rate>) -> i64 {
        let Some(given) = self.lines.get(line) else { return 0 };
        let cost = margin.and_then(|margin| Some(margin.of(Amount::new(*self.line_costs.get(line)?), Rounding::Up)));
        cost.map_or(given.floor, |cost| given.floor.max(cost.minor()).min(given.price))
    }

    /// Checks the whole: the sum of all prices must be an amount that every host can hold.
    ///
    /// # Errors
    /// `amount_out_of_range` when it is not.
    pub fn check_total(&self) -> Result<(), Error> {
        let lines = self.lines.iter().map(Line::subtotal);
        let shipping = self.shipping.iter().map(|charge| charge.price);
        // what saturates is above the largest amount
        let mut total = lines.chain(shipping).fold(0, i64::saturating_add);
        if self.prices == PriceMode::Net {
            let lines = self.lines.iter().zip(&self.line_taxes).map(|(line, rate)| (line.subtotal(), *rate));
            let charges = self.shipping.iter().zip(&self.shipping_taxes).map(|(charge, rate)| (charge.price, *rate));
            let taxes = lines.chain(charges).map(|(amount, rate)| self.tax(rate, Amount::new(amount)).minor());
            // rounded once for each rate it is at most one more for each
            total = taxes.fold(total, i64::saturating_add);
        }
        if total <= MAX_AMOUNT {
            return Ok(());
        }
        Err(Diagnostic::new(
            "amount_out_of_range",
            "the cart's total is larger than any amount the engine handles",
            "split the order; the largest total is 9007199254740991 minor units",
        )
        .number("maximum", MAX_AMOUNT)
        .at(Document::Request, "/lines")
        .into())
    }
}

fn index32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
