//! A cart as the engine sees it: numbers only, translated once into the snapshot's vocabulary.
//!
//! The doors (`json` for bytes, `wasm` for objects) fill it; the engine reads it. Lines that are the same
//! product at the same price with the same properties are one line here, so that no answer depends on how a
//! quantity was split; [`Cart::given`] remembers what the caller sent.

use crate::error::{Diagnostic, Document, Error};
use crate::money::{Amount, Currency, MAX_AMOUNT};
use crate::time::{CivilDate, Timestamp};
use crate::vocabulary::Word;
use alloc::vec::Vec;

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
/// Most words that a line or a customer may carry.
pub const MAX_WORDS: usize = 1_000;

/// Most campaigns whose gifts a request may decline, and most products whose stock it may tell.
pub const MAX_GIFTS: usize = 500;

/// Stands for a campaign that the snapshot does not have.
pub const NOBODY: u32 = u32::MAX;

/// A number that the request does not give.
pub const MISSING: i64 = i64::MIN;

/// One line: units of one product at one price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Price of one unit, minor units.
    pub price: i64,
    /// What discounts leave of it at least; never above the price.
    pub floor: i64,
    /// Number of units.
    pub quantity: i64,
    /// Where the line's words begin in [`Cart::words`].
    pub words_from: u32,
    /// Where they end.
    pub words_until: u32,
}

impl Line {
    /// Price of all units.
    #[inline]
    pub fn subtotal(&self) -> i64 {
        Amount::new(self.price).times(self.quantity).minor()
    }
}

/// A line as the caller sent it: which of the engine's lines it is part of, and how many units it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenLine {
    /// Index into [`Cart::lines`].
    pub line: u32,
    /// Units of it.
    pub quantity: i64,
}

/// A charge for shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipping {
    /// The method's word, zero when no rule names it.
    pub method: Word,
    /// Price, minor units.
    pub price: i64,
}

/// What a typed code stands for in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnteredCode {
    /// No campaign of the snapshot has it.
    Unknown,
    /// A code of this campaign (index into the catalogue's promotions).
    Campaign(u32),
}

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
    /// Customer attributes compared as numbers, by their place in the vocabulary; [`MISSING`] where absent.
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
    /// The lines, same ones merged; those that are gifts last, each by itself.
    pub lines: Vec<Line>,
    /// Of the last lines: whose gift each is, by the number of the campaign, or [`NOBODY`].
    pub gifts: Vec<u32>,
    /// Campaigns whose gifts the shopper does not want.
    pub declined: Vec<u32>,
    /// How many units of a sku or product there are, where that is told.
    pub stock: Vec<(Word, i64)>,
    /// The lines' words, line after line.
    pub words: Vec<Word>,
    /// Whether some line has a floor.
    pub has_floors: bool,
    /// The lines as sent; empty when none was merged, then line `i` is given line `i`.
    pub given: Vec<GivenLine>,
    /// Charges for shipping.
    pub shipping: Vec<Shipping>,
    /// What is paid by other means, in all.
    pub paid: i64,
    /// The part of it that is paid with points.
    pub paid_with_points: i64,
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
            lines: Vec::new(),
            gifts: Vec::new(),
            declined: Vec::new(),
            stock: Vec::new(),
            words: Vec::new(),
            has_floors: false,
            given: Vec::new(),
            shipping: Vec::new(),
            paid: 0,
            paid_with_points: 0,
            wants_hints: false,
            wants_units: false,
        }
    }
}

impl Cart {
    /// Empties the cart for another request and keeps what it has allocated.
    pub fn clear(&mut self, numbers: usize) {
        self.context.clear();
        self.numbers.clear();
        self.numbers.resize(numbers, MISSING);
        self.birthday = None;
        self.signed_up_at = MISSING;
        self.order_count = MISSING;
        self.last_order_at = MISSING;
        self.codes.clear();
        self.lines.clear();
        self.gifts.clear();
        self.declined.clear();
        self.stock.clear();
        self.words.clear();
        self.has_floors = false;
        self.given.clear();
        self.shipping.clear();
        self.paid = 0;
        self.paid_with_points = 0;
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

    /// Adds a line whose words have just been pushed to [`Cart::words`] from `words_from` on. `same_as` are the
    /// earlier given lines of the same product and price; the units join the first whose words agree too.
    pub fn push_line(
        &mut self,
        price: i64,
        floor: i64,
        quantity: i64,
        words_from: usize,
        same_as: impl IntoIterator<Item = usize>,
    ) {
        let (from, until) = (index32(words_from), index32(self.words.len()));
        // a line without one has a number below zero, or zero
        let floor = floor.clamp(0, price.max(0));
        self.has_floors |= floor > 0;
        let line = Line { price, floor, quantity, words_from: from, words_until: until };
        let position = self.given_count();
        let earlier = same_as.into_iter().filter(|earlier| *earlier < position);
        let bought = self.bought_count();
        let joins = earlier.filter_map(|earlier| self.given_line(earlier)).find(|twin| {
            let other = self.lines.get(twin.line as usize).filter(|_| (twin.line as usize) < bought);
            other.is_some_and(|other| {
                other.price == price && other.floor == floor && self.words_of(other) == self.words_of(&line)
            })
        });
        match joins {
            Some(twin) => {
                self.spell_out_given();
                self.words.truncate(words_from);
                if let Some(first) = self.lines.get_mut(twin.line as usize) {
                    first.quantity = first.quantity.saturating_add(quantity);
                }
                self.given.push(GivenLine { line: twin.line, quantity });
            }
            None => {
                if !self.given.is_empty() {
                    self.make_room(index32(bought));
                    self.given.push(GivenLine { line: index32(bought), quantity });
                }
                self.lines.insert(bought, line);
            }
        }
    }

    /// Adds a line that is a campaign's gift, as [`Cart::push_line`] adds others.
    pub fn push_gift(&mut self, price: i64, floor: i64, quantity: i64, words_from: usize, promotion: u32) {
        self.spell_out_given();
        let (from, until) = (index32(words_from), index32(self.words.len()));
        let floor = floor.clamp(0, price.max(0));
        self.has_floors |= floor > 0;
        self.given.push(GivenLine { line: index32(self.lines.len()), quantity });
        self.lines.push(Line { price, floor, quantity, words_from: from, words_until: until });
        self.gifts.push(promotion);
    }

    /// Gift lines stand after the others.
    #[cold]
    fn make_room(&mut self, line: u32) {
        let after = self.given.iter_mut().filter(|given| given.line >= line);
        after.for_each(|given| given.line = given.line.saturating_add(1));
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

    fn spell_out_given(&mut self) {
        if self.given.is_empty() {
            let lines = self.lines.iter().enumerate();
            self.given.extend(lines.map(|(i, line)| GivenLine { line: index32(i), quantity: line.quantity }));
        }
    }

    /// Sets the quantity of a given line. Returns whether there is such a line.
    pub fn set_quantity(&mut self, index: usize, quantity: i64) -> bool {
        let Some(given) = self.given_line(index) else { return false };
        let Some(line) = self.lines.get_mut(given.line as usize) else { return false };
        line.quantity = line.quantity.saturating_sub(given.quantity).saturating_add(quantity);
        if let Some(kept) = self.given.get_mut(index) {
            kept.quantity = quantity;
        }
        true
    }

    /// The cart with only so many units of each line as given; what has no unit left is gone.
    pub fn keeping(&self, kept: &[i64]) -> Cart {
        let mut cart = self.clone();
        cart.given.clear();
        cart.lines.iter_mut().for_each(|line| line.quantity = 0);
        for (index, units) in kept.iter().enumerate() {
            let line = self.given_line(index).and_then(|given| cart.lines.get_mut(given.line as usize));
            if let Some(line) = line {
                line.quantity = line.quantity.saturating_add(*units);
            }
        }
        cart.lines.retain(|line| line.quantity > 0);
        cart
    }

    /// Checks the whole: the sum of all prices must be an amount that every host can hold.
    ///
    /// # Errors
    /// `amount_out_of_range` when it is not.
    pub fn check_total(&self) -> Result<(), Error> {
        let lines = self.lines.iter().map(Line::subtotal);
        let shipping = self.shipping.iter().map(|charge| charge.price);
        // what saturates is above the largest amount
        let total = lines.chain(shipping).fold(0, i64::saturating_add);
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
