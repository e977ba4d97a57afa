//! Reading a flat request into a cart. What the encoder would not have written is refused without words: the door for
//! bytes has them.

use alloc::vec::Vec;
use core::iter::successors;

use super::layout::{LineSlot, RequestSlot, ShippingSlot, StockSlot};
use crate::cart::{
    Cart, EnteredCode, Marks, Shipping, MAX_CODES, MAX_GIFTS, MAX_LINES, MAX_PRICE, MAX_QUANTITY, MAX_SHIPPING,
    MAX_WORDS, MISSING, NOBODY,
};
use crate::catalog::Catalog;
use crate::money::MAX_AMOUNT;
use crate::quote;
use crate::time::CivilDate;
use crate::vocabulary::Word;

/// Slots in order, and what is left of them.
struct Slots<'a>(&'a [f64]);

/// The whole number in a slot, if it is one. JavaScript has no other number, so this is the one place where a float becomes an
/// amount; it does so only when it is a whole number that the float holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "the round trip proves that nothing was cut")]
#[expect(clippy::cast_precision_loss, reason = "the range check keeps the number within 53 bits")]
#[inline]
pub fn whole(slot: f64) -> Option<i64> {
    let number = slot as i64;
    ((-MAX_AMOUNT..=MAX_AMOUNT).contains(&number) && number as f64 == slot).then_some(number)
}

/// A number of an answer as a slot.
#[expect(clippy::cast_precision_loss, reason = "every number of an answer is within 53 bits")]
#[inline]
pub fn slot(number: i64) -> f64 {
    number as f64
}

/// A number that our own encoder wrote, not the caller: a word, an index.
#[expect(clippy::cast_possible_truncation, reason = "the encoder writes whole numbers that fit")]
#[inline]
fn own(slot: f64) -> i32 {
    slot as i32
}

impl<'a> Slots<'a> {
    #[inline]
    fn next(&mut self) -> f64 {
        let Some((slot, rest)) = self.0.split_first() else { return f64::NAN };
        self.0 = rest;
        *slot
    }

    #[inline]
    fn own(&mut self) -> i32 {
        own(self.next())
    }

    #[inline]
    fn count(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.own()).ok().filter(|count| *count <= most)
    }

    /// The next slots, so many.
    #[inline]
    fn several(&mut self, count: usize) -> Option<&'a [f64]> {
        let (several, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(several)
    }

    #[inline]
    fn within(&mut self, least: i64, most: i64) -> Option<i64> {
        whole(self.next()).filter(|number| (least..=most).contains(number))
    }

    /// A number that may be left out.
    #[inline]
    fn given(&mut self, least: i64, most: i64) -> Option<i64> {
        let slot = self.next();
        match slot.is_nan() {
            true => Some(MISSING),
            false => whole(slot).filter(|number| (least..=most).contains(number)),
        }
    }
}

/// Reads a flat request. `links` is space to work in: for each line the one before it of the same product and price.
/// Nothing is a refusal.
pub fn read(slots: &[f64], catalog: &Catalog, cart: &mut Cart, links: &mut Vec<Option<usize>>) -> Option<()> {
    let line_numbers = catalog.vocabulary().line_numbers.len();
    cart.clear(catalog.vocabulary().numbers.len(), line_numbers);
    links.clear();
    let slots = &mut Slots(slots);
    cart.currency = quote::slots::currency(i64::from(slots.own()));
    if !cart.currency.is_listed() {
        return None;
    }
    cart.now = slots.within(-MAX_AMOUNT, MAX_AMOUNT)?;
    cart.utc_offset = i32::try_from(slots.given(-1_080, 1_080)?).unwrap_or(0);
    cart.birthday = match slots.given(-MAX_AMOUNT, MAX_AMOUNT)? {
        MISSING => None,
        days => Some(CivilDate::from_days(days)),
    };
    cart.signed_up_at = slots.given(-MAX_AMOUNT, MAX_AMOUNT)?;
    cart.order_count = slots.given(0, MAX_AMOUNT)?;
    cart.last_order_at = slots.given(-MAX_AMOUNT, MAX_AMOUNT)?;
    cart.spent = slots.given(0, MAX_AMOUNT)?;
    let include = slots.own();
    cart.wants_hints = include & 1 != 0;
    cart.wants_units = include & 2 != 0;
    let contexts = slots.count(usize::MAX)?;
    let numbers = slots.count(MAX_WORDS)?;
    let codes = slots.count(MAX_CODES)?;
    let charges = slots.count(MAX_SHIPPING)?;
    let declined = slots.count(MAX_GIFTS)?;
    let stock = slots.count(MAX_GIFTS)?;
    let lines = slots.count(MAX_LINES)?;
    push_words(slots.several(contexts)?, &mut cart.context);
    for index in 0..numbers {
        // an attribute that is no whole number counts as one that is missing
        if let (Some(number), Some(place)) = (whole(slots.next()), cart.numbers.get_mut(index)) {
            *place = number;
        }
    }
    for _ in 0..codes {
        let known = u32::try_from(slots.own());
        cart.codes.push(known.map_or(EnteredCode::Unknown, EnteredCode::Campaign));
    }
    for _ in 0..charges {
        let method = u32::try_from(slots.own()).unwrap_or(0);
        let price = slots.within(0, MAX_PRICE)?;
        if method != 0 {
            cart.context.push(method);
        }
        cart.shipping.push(Shipping { method, price });
    }
    for _ in 0..declined {
        cart.declined.push(u32::try_from(slots.own()).unwrap_or(NOBODY));
    }
    for _ in 0..stock {
        let words = [slots.own(), slots.own()];
        let available = slots.within(0, MAX_AMOUNT)?;
        let words = words.into_iter().filter_map(|word| u32::try_from(word).ok()).filter(|word| *word != 0);
        cart.stock.extend(words.map(|word| (word, available)));
    }
    for index in 0..lines {
        let price = slots.within(0, MAX_PRICE)?;
        let quantity = slots.within(1, MAX_QUANTITY)?;
        let floor = slots.within(0, MAX_PRICE)?;
        // a link leads to an earlier line, so following links ends
        let same_as = usize::try_from(slots.own()).ok().filter(|earlier| *earlier < index);
        let gift_of = slots.own();
        let words = slots.count(MAX_WORDS)?;
        let from = cart.words.len();
        push_words(slots.several(words)?, &mut cart.words);
        for place in 0..line_numbers {
            // as for those of the customer
            if let (Some(number), Some(place)) = (whole(slots.next()), cart.numbers_of(cart.lines.len()).get_mut(place))
            {
                *place = number;
            }
        }
        let twins = successors(same_as, |earlier| links.get(*earlier).copied().flatten());
        let gift_of = (gift_of != -2).then(|| u32::try_from(gift_of).unwrap_or(NOBODY));
        cart.push_marked(price, floor, quantity, from, twins, Marks { gift_of, ..Marks::default() });
        links.push(same_as);
    }
    cart.check_total().ok()
}

#[inline(never)]
fn push_words(slots: &[f64], words: &mut Vec<Word>) {
    words.extend(slots.iter().map(|slot| own(*slot).cast_unsigned()));
}

/// Sets the quantity of a line. Nothing is a refusal, which leaves the cart as it was.
pub fn set_quantity(cart: &mut Cart, line: usize, quantity: f64) -> Option<()> {
    let quantity = whole(quantity).filter(|quantity| (1..=MAX_QUANTITY).contains(quantity))?;
    let before = cart.given_line(line)?.quantity;
    if !cart.set_quantity(line, quantity) {
        return None;
    }
    let checked = cart.check_total().ok();
    if checked.is_none() {
        cart.set_quantity(line, before);
    }
    checked
}

/// How many slots a request of these counts takes, for the buffer.
pub const fn request_slots(words: usize) -> usize {
    RequestSlot::COUNT
        .saturating_add(MAX_CODES)
        .saturating_add(MAX_SHIPPING.saturating_mul(ShippingSlot::COUNT))
        .saturating_add(MAX_GIFTS.saturating_mul(StockSlot::COUNT.saturating_add(1)))
        .saturating_add(MAX_LINES.saturating_mul(LineSlot::COUNT))
        .saturating_add(words)
}
