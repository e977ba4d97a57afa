//! Lines are put into a cart: what is the same is one line.

use super::{index32, Cart};
use super::{Fraction, GivenLine, Line, Marks, WHOLE_UNIT};
use crate::money::{Amount, Rate, Rounding};
use alloc::vec::Vec;

impl Cart {
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
}

/// Says something of a line that has just been put at a place, unless it is nothing and nothing is said of any.
fn put(of_lines: &mut Vec<i64>, lines: usize, line: usize, said: i64) {
    if said > 0 || !of_lines.is_empty() {
        of_lines.resize(lines.saturating_sub(1), 0);
        of_lines.insert(line.min(of_lines.len()), said);
    }
}
