//! A cart as the engine sees it: numbers only, translated once into the snapshot's vocabulary.
//!
//! The doors (`json` for bytes, `wasm` for objects) fill it; the engine reads it. Lines that are the same
//! product at the same price with the same properties are one line here, so that no answer depends on how a
//! quantity was split; [`Cart::given`] remembers what the caller sent.

use crate::error::{Diagnostic, Document, Error};
use crate::money::{Amount, Currency, PriceMode, Rate, Rounding, MAX_AMOUNT};
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

    fn is_there(&self) -> bool {
        self.quantity > 0
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

/// What tells lines of one product at one price apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// The tax, in millionths.
    pub tax: i64,
    /// What one unit costs the shop, minor units, where a campaign asks.
    pub cost: i64,
    /// Whose gift the line is, by the number of the campaign, or [`NOBODY`]; none when it is no gift.
    pub gift_of: Option<u32>,
}

/// A charge for shipping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipping {
    /// The method's word, zero when no rule names it.
    pub method: Word,
    /// Price, minor units.
    pub price: i64,
}

/// A line whose quantity is no whole number. It is one piece: the engine's line has one unit, at the price of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// Index into [`Cart::lines`].
    pub line: u32,
    /// Price of a whole unit, minor units.
    pub unit_price: i64,
    /// How much of it the piece is, in ten-thousandths.
    pub measure: i64,
}

/// Ten-thousandths in a whole unit.
pub const WHOLE_UNIT: i64 = 10_000;

impl Fraction {
    /// What an amount per unit comes to for the piece, halves up.
    pub fn of(&self, per_unit: Amount) -> Amount {
        Rate::ratio(self.measure, WHOLE_UNIT).map_or(per_unit, |share| share.of(per_unit, Rounding::HalfUp))
    }
}

/// How the amount that is due is rounded to what coins there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashRounding {
    /// The smallest coin, minor units.
    pub to: i64,
    /// What becomes of a part of it.
    pub mode: Rounding,
}

/// What a payment is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentKind {
    /// Loyalty points.
    Points,
    /// A gift card.
    GiftCard,
    /// Credit with the shop.
    StoreCredit,
    /// Anything else.
    Other,
}

impl PaymentKind {
    /// The kind by its place in [`PAYMENTS`](crate::request::shape::PAYMENTS).
    pub fn at(place: i64) -> PaymentKind {
        match place {
            0 => PaymentKind::Points,
            1 => PaymentKind::GiftCard,
            2 => PaymentKind::StoreCredit,
            _ => PaymentKind::Other,
        }
    }
}

/// A payment as the caller knows it; a number that is not given is [`MISSING`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What with.
    pub kind: PaymentKind,
    /// Whether it has an id.
    pub is_named: bool,
    /// The method of the snapshot: its index; nothing when none is named.
    pub method: Option<u32>,
    /// Whether a method is named that the snapshot does not have.
    pub is_unknown: bool,
    /// What shall be paid with it, minor units.
    pub amount: i64,
    /// The same in points.
    pub points: i64,
    /// What is on it, minor units, or points.
    pub balance: i64,
    /// When it ends, UTC milliseconds.
    pub expires_at: i64,
    /// Its rank among the payments; lower ones are used first.
    pub priority: i64,
    /// The currency of its balance, when it is told.
    pub currency: Option<Currency>,
}

/// What a typed code stands for in this snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnteredCode {
    /// No campaign of the snapshot has it.
    Unknown,
    /// A code of this campaign (index into the catalogue's promotions).
    Campaign(u32),
    /// A code of this campaign that is entered before.
    Again(u32),
}

/// What is known of an entered code that is one of many, besides its campaign.
#[cfg(feature = "workshop")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnTerms {
    /// Its place among the entered codes.
    pub code: u32,
    /// Its campaign.
    pub campaign: u32,
    /// What has become of it.
    pub standing: OwnStanding,
    /// The moment from which it is no more, UTC milliseconds, or [`MISSING`].
    pub until: i64,
    /// What is on it, minor units, or [`MISSING`] where its campaign says what it takes off.
    pub balance: i64,
    /// The currency of that.
    pub currency: Option<Currency>,
}

/// What has become of a code that is one of many.
#[cfg(feature = "workshop")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnStanding {
    /// It can be used.
    Good,
    /// It has been taken back.
    Revoked,
    /// It has been used as often as it may be, or nothing is left on it.
    Spent,
    /// It is for another customer.
    Foreign,
}

/// How often a campaign was used, as the request tells; [`MISSING`] where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redemptions {
    /// The campaign.
    pub campaign: u32,
    /// In all, by this customer, in this period, by this customer in this period; units discounted in all, and of this
    /// customer.
    pub counts: [i64; 6],
    /// What its discounts have taken of its own budget, minor units.
    pub spent: i64,
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
        self.push_marked(price, floor, quantity, words_from, same_as, Marks::default());
    }

    /// The same with what else tells lines apart.
    pub fn push_marked(
        &mut self,
        price: i64,
        floor: i64,
        quantity: i64,
        words_from: usize,
        same_as: impl IntoIterator<Item = usize>,
        marks: Marks,
    ) {
        let (from, until) = (index32(words_from), index32(self.words.len()));
        // a line without one has a number below zero, or zero
        let floor = floor.clamp(0, price.max(0));
        self.has_floors |= floor > 0;
        let line = Line { price, floor, quantity, words_from: from, words_until: until };
        let position = self.given_count();
        let earlier = same_as.into_iter().filter(|earlier| *earlier < position);
        let joins = earlier.filter_map(|earlier| self.given_line(earlier)).find(|twin| {
            let other = self.lines.get(twin.line as usize);
            other.is_some_and(|other| {
                other.price == price
                    && other.floor == floor
                    && self.words_of(other) == self.words_of(&line)
                    && self.marks(twin.line as usize) == marks
                    && self.fraction(twin.line as usize).is_none()
                    && self.has_same_numbers(twin.line as usize)
            })
        });
        match joins {
            Some(twin) => {
                self.spell_out_given();
                self.words.truncate(words_from);
                self.line_numbers.truncate(self.lines.len().saturating_mul(self.line_number_count));
                if let Some(first) = self.lines.get_mut(twin.line as usize) {
                    first.quantity = first.quantity.saturating_add(quantity);
                }
                self.given.push(GivenLine { line: twin.line, quantity });
            }
            None => {
                let place = match marks.gift_of {
                    None => self.bought_count(),
                    Some(promotion) => {
                        self.spell_out_given();
                        self.gifts.push(promotion);
                        self.lines.len()
                    }
                };
                if !self.given.is_empty() || marks.gift_of.is_some() {
                    self.make_room(index32(place));
                    self.given.push(GivenLine { line: index32(place), quantity });
                }
                self.place_numbers(place);
                self.lines.insert(place, line);
                let lines = self.lines.len();
                put(&mut self.line_taxes, lines, place, marks.tax);
                put(&mut self.line_costs, lines, place, marks.cost);
            }
        }
    }

    fn marks(&self, line: usize) -> Marks {
        let gift = line.checked_sub(self.bought_count()).and_then(|at| self.gifts.get(at));
        let cost = self.line_costs.get(line).copied().unwrap_or(0);
        Marks { tax: self.tax_of_line(line), cost, gift_of: gift.copied() }
    }

    /// Gift lines stand after the others.
    #[cold]
    fn make_room(&mut self, line: u32) {
        let after = self.given.iter_mut().filter(|given| given.line >= line);
        after.for_each(|given| given.line = given.line.saturating_add(1));
        let after = self.fractions.iter_mut().filter(|piece| piece.line >= line);
        after.for_each(|piece| piece.line = piece.line.saturating_add(1));
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

    /// Adds a line whose quantity is no whole number: the price and the lowest price of a unit, and how many
    /// ten-thousandths of one it is. It is a piece by itself and joins no other line; what a unit costs at least goes up to
    /// the next minor unit for the piece.
    pub fn push_fraction(&mut self, (unit_price, floor, measure): (i64, i64, i64), words_from: usize, marks: Marks) {
        let line = if marks.gift_of.is_some() { self.lines.len() } else { self.bought_count() };
        let piece = Fraction { line: index32(line), unit_price, measure };
        let price = piece.of(Amount::new(unit_price)).minor();
        let share = Rate::ratio(measure, WHOLE_UNIT);
        let of_piece = |unit: i64| share.map_or(unit, |share| share.of(Amount::new(unit.max(0)), Rounding::Up).minor());
        let (floor, marks) = (of_piece(floor), Marks { cost: of_piece(marks.cost), ..marks });
        self.push_marked(price, floor, 1, words_from, None, marks);
        self.fractions.push(piece);
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

    /// The tax of a line, in millionths.
    #[inline]
    pub fn tax_of_line(&self, line: usize) -> i64 {
        self.line_taxes.get(line).copied().unwrap_or(0)
    }

    /// The tax of a shipping charge, in millionths.
    pub fn tax_of_charge(&self, charge: usize) -> i64 {
        self.shipping_taxes.get(charge).copied().unwrap_or(0)
    }

    /// The tax on an amount of the cart's prices, or in it, halves up.
    pub fn tax(&self, rate: i64, amount: Amount) -> Amount {
        Rate::tax(rate, self.prices).map_or(Amount::ZERO, |share| share.of(amount, Rounding::HalfUp))
    }

    /// An amount of the cart's prices as one without tax, or with it, in millionths of a minor unit.
    pub fn millionths(&self, mode: PriceMode, rate: i64, amount: Amount) -> i128 {
        let amount = i128::from(amount.minor());
        let with_tax = i128::from(rate).saturating_add(1_000_000);
        match (self.prices, mode) {
            (PriceMode::Net, PriceMode::Gross) => amount.saturating_mul(with_tax),
            (PriceMode::Gross, PriceMode::Net) => {
                amount.saturating_mul(1_000_000_000_000).checked_div(with_tax).unwrap_or(0)
            }
            _ => amount.saturating_mul(1_000_000),
        }
    }

    /// An amount of the cart's prices as one without tax, or with it.
    pub fn in_mode(&self, mode: PriceMode, rate: i64, amount: Amount) -> Amount {
        match (self.prices, mode) {
            (PriceMode::Net, PriceMode::Gross) => amount + self.tax(rate, amount),
            (PriceMode::Gross, PriceMode::Net) => amount - self.tax(rate, amount),
            _ => amount,
        }
    }

    /// Moves the numbers of the line after the last one to their place.
    fn place_numbers(&mut self, line: usize) {
        let next = self.lines.len();
        if self.line_number_count > 0 && line < next {
            self.numbers_of(next);
            let from = line.saturating_mul(self.line_number_count);
            let moved = self.line_numbers.get_mut(from..).unwrap_or(&mut []);
            moved.rotate_right(self.line_number_count.min(moved.len()));
        }
    }

    /// Whether a line has the numbers of the one after the last.
    fn has_same_numbers(&self, line: usize) -> bool {
        let next = self.lines.len();
        (0..self.line_number_count).all(|place| {
            let place = index32(place);
            self.number_of(line, place) == self.number_of(next, place)
        })
    }

    fn spell_out_given(&mut self) {
        if self.given.is_empty() {
            let lines = self.lines.iter().enumerate();
            self.given.extend(lines.map(|(i, line)| GivenLine { line: index32(i), quantity: line.quantity }));
        }
    }

    /// Sets the quantity of a given line. Returns whether there is such a line, and it is no piece by itself.
    pub fn set_quantity(&mut self, index: usize, quantity: i64) -> bool {
        let Some(given) = self.given_line(index) else { return false };
        if self.fraction(given.line as usize).is_some() {
            return false;
        }
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
        let mut of_gifts = cart.lines.iter().skip(self.bought_count());
        cart.gifts.retain(|_| of_gifts.next().is_some_and(|line| line.quantity > 0));
        let kept: Vec<usize> =
            (0..cart.lines.len()).filter(|at| cart.lines.get(*at).is_some_and(Line::is_there)).collect();
        // what is told of lines goes with them
        let of_lines = |told: &[i64], each: usize| -> Vec<i64> {
            let of_line = |line: &usize| line.saturating_mul(each)..line.saturating_add(1).saturating_mul(each);
            kept.iter().filter_map(|line| told.get(of_line(line))).flatten().copied().collect()
        };
        cart.line_numbers = of_lines(&self.line_numbers, self.line_number_count);
        cart.line_taxes = of_lines(&self.line_taxes, 1);
        cart.line_costs = of_lines(&self.line_costs, 1);
        let place = |line: u32| kept.iter().position(|kept| *kept == line as usize).map(index32);
        let moved = |piece: &Fraction| Some(Fraction { line: place(piece.line)?, ..*piece });
        cart.fractions = self.fractions.iter().filter_map(moved).collect();
        cart.lines.retain(Line::is_there);
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

/// Says something of a line that has just been put at a place, unless it is nothing and nothing is said of any.
fn put(of_lines: &mut Vec<i64>, lines: usize, line: usize, said: i64) {
    if said > 0 || !of_lines.is_empty() {
        of_lines.resize(lines.saturating_sub(1), 0);
        of_lines.insert(line.min(of_lines.len()), said);
    }
}

fn index32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
