//! What a condition or a discount may ask of a cart, gifts aside: read-only, counted once per quote, always about the cart
//! as it came in (the *original* basis). Running balances are in [`balance`](crate::balance).

use crate::cart::{Cart, Line, MISSING};
use crate::money::{Amount, PriceMode};
use crate::selector::Selector;
use crate::time::CivilDate;
use crate::vocabulary::{AmountRow, Bound, LineBound, LineNumber, SelectorSet, Vocabulary, Word};
use alloc::vec::Vec;

/// No further entry in a chain of lines.
const END: u32 = 0;
/// Stands for the context where the line of a word is asked for.
const CONTEXT: u32 = u32::MAX;

/// Sums over a cart, by word. Kept from quote to quote so that counting allocates nothing.
#[derive(Debug, Default)]
pub struct Tallies {
    subtotal: i64,
    quantity: i64,
    by_word: Vec<Tally>,
    /// Chains: (line, next entry plus one).
    chain: Vec<(u32, u32)>,
    /// The words that occur, each once.
    seen: Vec<Word>,
}

/// What one word counts.
#[derive(Clone, Copy, Debug)]
struct Tally {
    /// Units on lines that carry the word; one for a word of the context.
    quantity: i64,
    /// First entry of the chain of its lines, plus one.
    head: u32,
    /// The line that it was last counted on.
    line: u32,
}

const NONE: Tally = Tally { quantity: 0, head: END, line: CONTEXT };

impl Tallies {
    /// Counts a cart. Words above `word_count` cannot come from a vocabulary of that size and are passed over.
    pub fn count(&mut self, cart: &Cart, word_count: usize) {
        for word in self.seen.drain(..) {
            if let Some(tally) = self.by_word.get_mut(word as usize) {
                *tally = NONE;
            }
        }
        self.by_word.resize(word_count, NONE);
        self.chain.clear();
        self.subtotal = 0;
        self.quantity = 0;
        // backwards, so that each chain lists its lines in the cart's order
        for (index, line) in cart.bought().iter().enumerate().rev() {
            // a cart that was checked has no total that does not fit, nor more units than that
            self.subtotal = self.subtotal.wrapping_add(line.subtotal());
            self.quantity = self.quantity.wrapping_add(line.quantity);
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            for word in cart.words_of(line) {
                self.add(*word, line.quantity, index);
            }
        }
        for word in &cart.context {
            self.add(*word, 1, CONTEXT);
        }
    }

    #[inline]
    fn add(&mut self, word: Word, quantity: i64, line: u32) {
        let Some(tally) = self.by_word.get_mut(word as usize) else { return };
        if tally.quantity == 0 {
            self.seen.push(word);
        } else if tally.line == line {
            // a word given twice counts once
            return;
        }
        // at most those of the cart and one
        tally.quantity = tally.quantity.wrapping_add(quantity);
        tally.line = line;
        if line != CONTEXT {
            self.chain.push((line, tally.head));
            tally.head = u32::try_from(self.chain.len()).unwrap_or(END);
        }
    }

    fn of(&self, word: Word) -> Tally {
        self.by_word.get(word as usize).copied().unwrap_or(NONE)
    }

    /// The words that occur in the cart or its context.
    pub fn words(&self) -> &[Word] {
        &self.seen
    }
}

/// The read-only view.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The cart.
    pub cart: &'a Cart,
    /// Its sums.
    pub tallies: &'a Tallies,
    /// The words of the snapshot.
    pub vocabulary: &'a Vocabulary,
    /// The column of the cart's currency; `usize::MAX` when no amount of the snapshot is in it.
    pub currency: usize,
    /// What earlier campaigns have left of the lines, where that is asked; else nothing is discounted yet.
    pub left: Option<&'a [i64]>,
}

impl<'a> Facts<'a> {
    /// An amount of a campaign in the cart's currency.
    #[inline]
    pub fn amount(&self, row: AmountRow) -> Option<Amount> {
        self.vocabulary.amount(row, self.currency)
    }

    /// The sum of the selected lines.
    #[inline]
    pub fn subtotal(&self, lines: Selector) -> Amount {
        if lines == Selector::All {
            return Amount::new(self.tallies.subtotal);
        }
        self.sum(lines)
    }

    #[inline(never)]
    fn sum(&self, lines: Selector) -> Amount {
        let mut sum = 0_i64;
        self.each_line(lines, |_, line| sum = sum.saturating_add(line.subtotal()));
        Amount::new(sum)
    }

    /// The sum of the selected lines without tax, or with it: of `left`, or else of what they cost before discounts.
    #[inline(never)]
    pub fn taxed_sum(&self, lines: Selector, mode: PriceMode, left: Option<&[i64]>) -> Amount {
        let mut sum = Amount::ZERO;
        self.each_line(lines, |index, line| {
            let own = left.map_or(line.subtotal(), |left| left.get(index).copied().unwrap_or(0));
            sum += self.cart.in_mode(mode, self.cart.tax_of_line(index), Amount::new(own));
        });
        sum
    }

    #[inline(never)]
    fn count(&self, lines: Selector) -> i64 {
        let mut sum = 0_i64;
        self.each_line(lines, |_, line| sum = sum.saturating_add(line.quantity));
        sum
    }

    /// The number of units on the selected lines.
    #[inline]
    pub fn quantity(&self, lines: Selector) -> i64 {
        match lines {
            Selector::All => self.tallies.quantity,
            Selector::Word(word) => self.tallies.of(word).quantity,
            Selector::Set(_) => self.count(lines),
        }
    }

    /// Visits the selected lines in the cart's order.
    #[inline]
    pub fn each_line(&self, lines: Selector, mut visit: impl FnMut(usize, &'a Line)) {
        self.walk(lines, &mut visit);
    }

    /// Every rule walks lines, so the walk is in one place and not in every rule.
    #[inline(never)]
    fn walk(&self, lines: Selector, visit: &mut dyn FnMut(usize, &'a Line)) {
        let all = self.cart.bought();
        match lines {
            Selector::All => all.iter().enumerate().for_each(|(index, line)| visit(index, line)),
            Selector::Word(word) => {
                let mut at = self.tallies.of(word).head;
                while let Some((index, next)) = self.tallies.chain.get(at.wrapping_sub(1) as usize) {
                    at = *next;
                    if let Some(line) = all.get(*index as usize) {
                        visit(*index as usize, line);
                    }
                }
            }
            Selector::Set(set) => {
                let Some(set) = self.vocabulary.selector_set(set) else { return };
                for (index, line) in all.iter().enumerate() {
                    if self.selects(set, index, line) {
                        visit(index, line);
                    }
                }
            }
        }
    }

    /// Whether a line is selected.
    #[inline]
    pub fn selects(&self, set: &SelectorSet, index: usize, line: &Line) -> bool {
        set.matches(self.cart.words_of(line)) && set.bounds.iter().all(|bound| self.is_within(bound, index, line))
    }

    /// Whether a number of a line is within bounds. In a currency that a bound is not told in, no price is.
    #[inline(never)]
    fn is_within(&self, bound: &LineBound, index: usize, line: &Line) -> bool {
        let number = match bound.of {
            LineNumber::UnitPrice => self.cart.fraction(index).map_or(line.price, |piece| piece.unit_price),
            LineNumber::Subtotal => line.subtotal(),
            LineNumber::Units => line.quantity,
            LineNumber::Taken => {
                let left = self.left.and_then(|left| left.get(index).copied());
                left.map_or(0, |left| line.subtotal().saturating_sub(left))
            }
            LineNumber::Attribute(place) => match self.cart.number_of(index, place) {
                Some(number) => number,
                None => return false,
            },
        };
        self.bound(bound.at_least, i64::MIN).is_some_and(|least| number >= least)
            && self.bound(bound.at_most, i64::MAX).is_some_and(|most| number <= most)
    }

    /// The value of a bound in the cart's currency; `open` where there is none.
    pub fn bound(&self, bound: Bound, open: i64) -> Option<i64> {
        match bound {
            Bound::Open => Some(open),
            Bound::Count(count) => Some(count),
            Bound::Money(row) => self.amount(row).map(Amount::minor),
        }
    }

    /// Whether a word of the context or of some line occurs.
    #[inline]
    pub fn has(&self, word: Word) -> bool {
        self.tallies.of(word).quantity > 0
    }

    /// A customer attribute that is compared as a number.
    #[inline]
    pub fn number(&self, place: u32) -> Option<i64> {
        self.cart.numbers.get(place as usize).copied().filter(|value| *value != MISSING)
    }

    /// The shopper's civil date.
    pub fn today(&self) -> CivilDate {
        CivilDate::at(self.cart.now, self.cart.utc_offset)
    }

    /// The minute of the week on the shopper's clocks, from Monday's midnight on.
    pub fn minute_of_week(&self) -> i64 {
        let local = self.cart.now.div_euclid(60_000).saturating_add(i64::from(self.cart.utc_offset));
        // 1970 began on a Thursday
        local.saturating_add(3 * 1_440).rem_euclid(7 * 1_440)
    }

    /// The civil date of a moment on the shopper's clocks.
    pub fn civil_date(&self, moment: i64) -> CivilDate {
        CivilDate::at(moment, self.cart.utc_offset)
    }
}
