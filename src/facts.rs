//! What a condition or a discount may ask of a cart: read-only, counted once per quote, always about the cart
//! as it came in (the *original* basis). Running balances are in [`balance`](crate::balance).

use crate::cart::{Cart, Line, MISSING};
use crate::money::Amount;
use crate::selector::{Selector, SelectorSet};
use crate::time::CivilDate;
use crate::vocabulary::{AmountRow, Vocabulary, Word};
use alloc::vec::Vec;

/// No further entry in a chain of lines.
const END: u32 = 0;

/// Sums over a cart, by word. Kept from quote to quote so that counting allocates nothing.
#[derive(Debug, Default)]
pub struct Tallies {
    subtotal: i64,
    quantity: i64,
    /// By word: units on lines that carry it; one for a word of the context.
    quantities: Vec<i64>,
    /// By word: first entry of the chain of its lines, plus one.
    heads: Vec<u32>,
    /// Chains: (line, next entry plus one).
    chain: Vec<(u32, u32)>,
    /// The words that occur, each once.
    seen: Vec<Word>,
}

impl Tallies {
    /// Counts a cart. Words above `word_count` cannot come from a vocabulary of that size and are passed over.
    pub fn count(&mut self, cart: &Cart, word_count: usize) {
        for word in self.seen.drain(..) {
            if let (Some(quantity), Some(head)) =
                (self.quantities.get_mut(word as usize), self.heads.get_mut(word as usize))
            {
                *quantity = 0;
                *head = END;
            }
        }
        self.quantities.resize(word_count, 0);
        self.heads.resize(word_count, END);
        self.chain.clear();
        self.subtotal = 0;
        self.quantity = 0;
        // backwards, so that each chain lists its lines in the cart's order
        for (index, line) in cart.lines.iter().enumerate().rev() {
            self.subtotal = self.subtotal.saturating_add(line.subtotal());
            self.quantity = self.quantity.saturating_add(line.quantity);
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            for word in cart.words_of(line) {
                self.add(*word, line.quantity, Some(index));
            }
        }
        for word in &cart.context {
            self.add(*word, 1, None);
        }
    }

    #[inline]
    fn add(&mut self, word: Word, quantity: i64, line: Option<u32>) {
        let at = word as usize;
        let (Some(sum), Some(head)) = (self.quantities.get_mut(at), self.heads.get_mut(at)) else { return };
        if *sum == 0 {
            self.seen.push(word);
        }
        *sum = sum.saturating_add(quantity);
        if let Some(line) = line {
            // a word given twice on one line counts once for the chain
            let first = self.chain.get((*head).wrapping_sub(1) as usize);
            if first.is_some_and(|first| first.0 == line) {
                *sum = sum.saturating_sub(quantity);
                return;
            }
            self.chain.push((line, *head));
            *head = u32::try_from(self.chain.len()).unwrap_or(END);
        }
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
            Selector::Word(word) => self.tallies.quantities.get(word as usize).copied().unwrap_or(0),
            Selector::Set(_) => self.count(lines),
        }
    }

    /// Visits the selected lines in the cart's order.
    #[inline]
    pub fn each_line(&self, lines: Selector, mut visit: impl FnMut(usize, &'a Line)) {
        let mut selected = self.selected(lines);
        while let Some((index, line)) = selected.next() {
            visit(index, line);
        }
    }

    fn selected(&self, lines: Selector) -> Selected<'a> {
        let (steps, at) = match lines {
            Selector::All => (Steps::All, 0),
            Selector::Word(word) => (Steps::Chain, self.tallies.heads.get(word as usize).copied().unwrap_or(END)),
            Selector::Set(set) => match self.vocabulary.selector_set(set) {
                Some(set) => (Steps::Matching(set), 0),
                None => (Steps::Chain, END),
            },
        };
        Selected { cart: self.cart, chain: &self.tallies.chain, steps, at }
    }

    /// Whether a word of the context or of some line occurs.
    #[inline]
    pub fn has(&self, word: Word) -> bool {
        self.tallies.quantities.get(word as usize).is_some_and(|quantity| *quantity > 0)
    }

    /// A customer attribute that is compared as a number.
    #[inline]
    pub fn number(&self, place: u16) -> Option<i64> {
        self.cart.numbers.get(usize::from(place)).copied().filter(|value| *value != MISSING)
    }

    /// The shopper's civil date.
    pub fn today(&self) -> CivilDate {
        CivilDate::at(self.cart.now, self.cart.utc_offset)
    }

    /// The civil date of a moment on the shopper's clocks.
    pub fn civil_date(&self, moment: i64) -> CivilDate {
        CivilDate::at(moment, self.cart.utc_offset)
    }
}

/// The lines of a selector, one after the other. Every rule walks lines, so the walk is in one place and not in
/// every rule.
struct Selected<'a> {
    cart: &'a Cart,
    chain: &'a [(u32, u32)],
    steps: Steps<'a>,
    at: u32,
}

/// How [`Selected`] comes from one line to the next.
enum Steps<'a> {
    /// Line by line.
    All,
    /// Line by line, passing over those that do not match.
    Matching(&'a SelectorSet),
    /// Along a chain: `at` is the next entry plus one.
    Chain,
}

impl<'a> Selected<'a> {
    #[inline(never)]
    fn next(&mut self) -> Option<(usize, &'a Line)> {
        if let Steps::Chain = self.steps {
            let (index, next) = *self.chain.get(self.at.wrapping_sub(1) as usize)?;
            self.at = next;
            return Some((index as usize, self.cart.lines.get(index as usize)?));
        }
        loop {
            let index = self.at as usize;
            let line = self.cart.lines.get(index)?;
            self.at = self.at.saturating_add(1);
            match self.steps {
                Steps::Matching(set) if !set.matches(self.cart.words_of(line)) => {}
                _ => return Some((index, line)),
            }
        }
    }
}
