//! Reading a flat request into a cart, and writing an answer as flat numbers.

use alloc::format;
use alloc::vec::Vec;
use core::iter::successors;

use super::layout::{LineSlot, ReasonSlot, RequestSlot, ShippingSlot};
use crate::balance::Balances;
use crate::cart::{
    Cart, EnteredCode, Shipping, MAX_CODES, MAX_LINES, MAX_PRICE, MAX_QUANTITY, MAX_SHIPPING, MAX_WORDS, MISSING,
};
use crate::catalog::Catalog;
use crate::engine::answer::{Answer, Status, Step};
use crate::error::Error;
use crate::json::read::Path;
use crate::money::{Currency, MAX_AMOUNT};
use crate::quote;
use crate::reason::{Reason, ReasonKind};
use crate::request::check_range;
use crate::time::CivilDate;

/// Slots in order, with the place of the next one.
struct Slots<'a> {
    slots: &'a [f64],
    at: usize,
}

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

impl Slots<'_> {
    #[inline]
    fn next(&mut self) -> f64 {
        let slot = self.slots.get(self.at).copied().unwrap_or(f64::NAN);
        self.at = self.at.saturating_add(1);
        slot
    }

    /// A number that our own encoder wrote, not the caller: a count, a word, an index.
    #[inline]
    fn own(&mut self) -> i64 {
        whole(self.next()).unwrap_or(-1)
    }

    #[inline]
    fn count(&mut self, most: usize, code: &'static str, path: &Path<'_>) -> Result<usize, Error> {
        let count = usize::try_from(self.own()).unwrap_or(0);
        if count > most {
            return Err(path.fault(code, format!("there are more than {most}"), format!("send at most {most}")));
        }
        Ok(count)
    }

    #[inline]
    fn required(&mut self, least: i64, most: i64, path: &Path<'_>, field: &str) -> Result<i64, Error> {
        match self.given(path, field)? {
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(number) => check_range(number, least, most, &path.key(field)),
            None => {
                let message = format!("there is no `{field}`");
                Err(path.key(field).fault("field_missing", message, format!("add `{field}`")))
            }
        }
    }

    #[inline]
    fn given(&mut self, path: &Path<'_>, field: &str) -> Result<Option<i64>, Error> {
        let slot = self.next();
        match whole(slot) {
            Some(number) => Ok(Some(number)),
            None if slot.is_nan() => Ok(None),
            None => {
                let help = "send a whole number; money is in minor units";
                Err(path.key(field).fault("field_invalid", "this is no whole number", help))
            }
        }
    }
}

/// Reads a flat request. `links` is space to work in: for each line the one before it of the same product and price.
///
/// # Errors
/// The same refusals as the door that reads bytes: `field_missing`, `field_invalid`, `amount_out_of_range`,
/// `too_many_lines`, `too_many_codes`, `too_many_shipping_charges`, `too_many_words`.
pub fn read(slots: &[f64], catalog: &Catalog, cart: &mut Cart, links: &mut Vec<Option<usize>>) -> Result<(), Error> {
    cart.clear(catalog.vocabulary().numbers.len());
    links.clear();
    let root = Path::ROOT;
    let slots = &mut Slots { slots, at: 0 };
    cart.currency = currency(slots.next(), &root)?;
    cart.now = slots.required(-MAX_AMOUNT, MAX_AMOUNT, &root, "now")?;
    let offset = slots.given(&root, "utcOffset")?.unwrap_or(0);
    cart.utc_offset = i32::try_from(check_range(offset, -1_080, 1_080, &root.key("utcOffset"))?).unwrap_or(0);
    let customer = root.key("customer");
    let birthday = slots.next();
    if birthday.is_infinite() {
        let help = "send `1990-02-28`, or `--02-28` without the year";
        return Err(customer.key("birthday").fault("field_invalid", "this is no day", help));
    }
    cart.birthday = whole(birthday).map(CivilDate::from_days);
    cart.signed_up_at = slots.given(&customer, "signedUpAt")?.unwrap_or(MISSING);
    let orders = customer.key("orders");
    cart.order_count = match slots.given(&orders, "count")? {
        Some(count) => check_range(count, 0, MAX_AMOUNT, &orders.key("count"))?,
        None => MISSING,
    };
    cart.last_order_at = slots.given(&orders, "lastAt")?.unwrap_or(MISSING);
    cart.paid = slots.required(0, MAX_AMOUNT, &root, "payments")?;
    cart.paid_with_points = slots.required(0, MAX_AMOUNT, &root, "payments")?;
    let include = slots.own();
    cart.wants_hints = include & 1 != 0;
    cart.wants_units = include & 2 != 0;
    let contexts = slots.count(MAX_WORDS, "too_many_words", &customer)?;
    let numbers = slots.count(MAX_WORDS, "too_many_words", &customer)?;
    let codes = slots.count(MAX_CODES, "too_many_codes", &root.key("codes"))?;
    let charges = slots.count(MAX_SHIPPING, "too_many_shipping_charges", &root.key("shipping"))?;
    let lines = slots.count(MAX_LINES, "too_many_lines", &root.key("lines"))?;
    debug_assert_eq!(slots.at, RequestSlot::COUNT);
    for _ in 0..contexts {
        if let Ok(word) = u32::try_from(slots.own()) {
            cart.context.push(word);
        }
    }
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
    let path = root.key("shipping");
    for index in 0..charges {
        let method = u32::try_from(slots.own()).unwrap_or(0);
        let price = slots.required(0, MAX_PRICE, &path.index(index), "price")?;
        cart.shipping.push(Shipping { method, price });
    }
    let path = root.key("lines");
    for index in 0..lines {
        let path = path.index(index);
        let price = slots.required(0, MAX_PRICE, &path, "unitPrice")?;
        let quantity = slots.required(1, MAX_QUANTITY, &path, "quantity")?;
        // a link leads to an earlier line, so following links ends
        let same_as = usize::try_from(slots.own()).ok().filter(|earlier| *earlier < index);
        let words = slots.count(MAX_WORDS, "too_many_words", &path)?;
        let from = cart.words.len();
        for _ in 0..words {
            match u32::try_from(slots.own()) {
                Ok(word) if word != 0 => cart.words.push(word),
                _ => {}
            }
        }
        cart.push_line(price, quantity, from, successors(same_as, |earlier| links.get(*earlier).copied().flatten()));
        links.push(same_as);
    }
    cart.check_total()
}

/// How many slots a request of these counts takes, for the buffer.
pub const fn request_slots(words: usize) -> usize {
    RequestSlot::COUNT
        .saturating_add(MAX_CODES)
        .saturating_add(MAX_SHIPPING.saturating_mul(ShippingSlot::COUNT))
        .saturating_add(MAX_LINES.saturating_mul(LineSlot::COUNT))
        .saturating_add(words)
}

/// The quantity that a caller gives for a line.
///
/// # Errors
/// `field_invalid` for what is no whole number, `amount_out_of_range` outside 1 to [`MAX_QUANTITY`].
pub fn quantity(given: f64, line: usize) -> Result<i64, Error> {
    let lines = Path::ROOT.key("lines");
    Slots { slots: &[given], at: 0 }.required(1, MAX_QUANTITY, &lines.index(line), "quantity")
}

fn currency(slot: f64, root: &Path<'_>) -> Result<Currency, Error> {
    let letters = whole(slot).and_then(|number| u32::try_from(number).ok()).map(u32::to_be_bytes);
    let code = letters.and_then(|[zero, a, b, c]| {
        let code = [a, b, c];
        core::str::from_utf8(&code).ok().filter(|_| zero == 0).and_then(Currency::parse)
    });
    code.ok_or_else(|| {
        let (code, message) = match slot.is_nan() {
            true => ("field_missing", "the request has no `currency`"),
            false => ("field_invalid", "this is not a currency code"),
        };
        root.key("currency").fault(code, message, "send the three capital letters of ISO 4217, such as `EUR`")
    })
}

/// Writes an answer. `kinds` are all kinds of reasons, in the order of the generated list.
pub fn write(cart: &Cart, answer: &Answer, balances: &Balances, kinds: &[&'static ReasonKind], out: &mut Vec<f64>) {
    out.clear();
    let count = |length: usize| slot(i64::try_from(length).unwrap_or(0));
    let range = |from: u32, until: u32| from as usize..until as usize;
    out.extend_from_slice(&[
        slot(answer.subtotal),
        slot(answer.discount),
        slot(answer.shipping),
        slot(answer.total),
        slot(answer.due),
        slot(answer.points),
        count(answer.lines.len()),
        count(answer.shipping_lines.len()),
        count(answer.applied.len()),
        count(answer.refused.len()),
        count(answer.earned.len()),
        count(answer.hints.len()),
    ]);
    for (price, discount) in answer.lines.iter().chain(&answer.shipping_lines) {
        out.extend_from_slice(&[slot(*price), slot(*discount)]);
    }
    for applied in &answer.applied {
        let shares = answer.shares.get(range(applied.shares_from, applied.shares_until)).unwrap_or(&[]);
        let shipping = answer.shipping_shares.get(range(applied.shipping_from, applied.shipping_until)).unwrap_or(&[]);
        out.extend_from_slice(&[
            f64::from(applied.promotion),
            applied.code.map_or(-1.0, f64::from),
            slot(applied.amount),
            count(shares.len()),
            count(shipping.len()),
        ]);
        for (index, amount) in shares.iter().chain(shipping) {
            out.extend_from_slice(&[f64::from(*index), slot(*amount)]);
        }
    }
    for refused in &answer.refused {
        let reasons = answer.reasons.get(range(refused.reasons_from, refused.reasons_until)).unwrap_or(&[]);
        let status = quote::STATUSES.iter().position(|status| *status == refused.status).unwrap_or(0);
        out.extend_from_slice(&[
            f64::from(refused.code),
            refused.promotion.map_or(-1.0, f64::from),
            count(status),
            count(reasons.len()),
        ]);
        for reason in reasons {
            let kind = kinds.iter().position(|kind| core::ptr::eq(*kind, reason.kind)).unwrap_or(0);
            let [a, b, c] = reason.values;
            let condition = reason.condition.map_or(-1.0, f64::from);
            out.extend_from_slice(&[count(kind), condition, slot(a), slot(b), slot(c)]);
        }
    }
    for (promotion, points) in &answer.earned {
        out.extend_from_slice(&[f64::from(*promotion), slot(*points)]);
    }
    for hint in &answer.hints {
        let (is_spend, step, line) = match hint.step {
            Step::Spend { amount } => (1.0, amount, None),
            Step::AddUnits { units, line } => (0.0, units, line),
        };
        out.extend_from_slice(&[
            f64::from(hint.promotion),
            is_spend,
            slot(step),
            line.map_or(-1.0, f64::from),
            slot(hint.worth),
            slot(hint.required),
            slot(hint.actual),
            f64::from(u8::from(hint.is_money)),
        ]);
    }
    if cart.wants_units {
        for index in 0..cart.given_count() {
            let runs = quote::units(cart, balances, answer, index);
            out.push(count(runs.len()));
            for run in runs {
                out.extend_from_slice(&[slot(run.count), slot(run.left), count(run.taken.len())]);
                for (promotion, amount) in run.taken {
                    out.extend_from_slice(&[f64::from(promotion), slot(amount)]);
                }
            }
        }
    }
}

/// Reads a reason back from its slots.
pub fn reason(slots: &[f64], kinds: &[&'static ReasonKind]) -> Option<Reason> {
    let [kind, condition, a, b, c] = <[f64; ReasonSlot::COUNT]>::try_from(slots).ok()?.map(whole);
    let kind = kinds.get(usize::try_from(kind?).ok()?)?;
    Some(Reason { kind, values: [a?, b?, c?], condition: condition.and_then(|index| u16::try_from(index).ok()) })
}

/// The statuses by their number, for the generated list.
pub const STATUSES: [Status; 5] = quote::STATUSES;
