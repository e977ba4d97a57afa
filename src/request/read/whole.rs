//! What becomes of an object when all of it has been read: a line, a charge, a code, a payment.

use super::super::refusal::{self, NO_CURRENCY};
use super::super::shape::{Role, Shape, METHOD, OF_CURRENCY, WORDS};
use super::{Door, Frame};
use crate::cart::{CashRounding, EnteredCode, Marks, Payment, PaymentKind, Redemptions, Shipping, MISSING};
use crate::code;
use crate::json::path::Path;
use crate::json::text::Text;
use crate::money::{Currency, PriceMode, Rounding};
use crate::vocabulary::{Figure, Subject};
use alloc::vec::Vec;

impl<'a> Door<'a, '_> {
    /// What a code that was typed last stands for, when it may have been typed before.
    pub(super) fn once(&self, entered: EnteredCode, typed: Text<'_>) -> EnteredCode {
        let EnteredCode::Campaign(index) = entered else { return entered };
        let own = code::normalise(&typed.unescape());
        let before = self.names.codes.iter().zip(&self.cart.codes).filter(|(_, known)| **known == entered);
        match before.into_iter().any(|(code, _)| code::normalise(&code.unescape()) == own) {
            true => EnteredCode::Again(index),
            false => entered,
        }
    }

    /// What becomes of an object that is whole.
    #[inline]
    pub(super) fn take(&mut self, shape: &Shape, frame: &Frame<'a>, path: &Path<'_>) {
        let [first, second, third, fourth, fifth, sixth, seventh, eighth] = frame.numbers;
        let [id, sku, product] = frame.texts;
        let id = id.unwrap_or(Text::EMPTY);
        match shape.role {
            Role::Line => {
                if self.cart.words.len().saturating_sub(frame.words_from) > WORDS.most {
                    return self.reader.fail(refusal::too_many(WORDS.most, WORDS.code, path));
                }
                if let Err(earlier) = self.names.line(id) {
                    return self.duplicated(shape, "line_id_duplicated", id, "lines", earlier, path);
                }
                if eighth > first {
                    // a line without a regular price has a number below zero
                    self.push_boolean(Subject::OnSale, true);
                }
                let floor = if fourth == MISSING { third } else { third.max(self.catalog.lowest_price(fourth)) };
                let tax = fifth.max(0);
                let whole = sixth == MISSING;
                let twins = self.names.product(first, sku.or(product).filter(|_| whole));
                // lines that only their cost tells apart are one where nobody asks for it
                let cost = if self.catalog.has_margins() { fourth.max(0) } else { 0 };
                let marks = Marks { tax, cost, gift_of: u32::try_from(seventh).ok() };
                match whole {
                    true => self.cart.push_marked(first, floor, second, frame.words_from, twins, marks),
                    false => {
                        twins.for_each(drop);
                        self.cart.push_fraction((first, floor, sixth), frame.words_from, marks);
                    }
                }
            }
            Role::Charge => {
                if let Err(earlier) = self.names.charge(id) {
                    return self.duplicated(shape, "shipping_id_duplicated", id, "shipping", earlier, path);
                }
                let dimension = self.catalog.dimensions().only(Subject::ShippingMethod);
                let method = dimension.map_or(0, |dimension| self.word(dimension, id));
                self.keep(Subject::ShippingMethod, method);
                self.cart.shipping.push(Shipping { method, price: first });
                self.cart.shipping_taxes.push(fifth.max(0));
            }
            Role::Payment => self.payment(shape, frame, path),
            Role::Cash => {
                let mode = match second {
                    1 => Rounding::HalfDown,
                    2 => Rounding::Up,
                    3 => Rounding::Down,
                    _ => Rounding::HalfUp,
                };
                self.cart.cash = Some(CashRounding { to: first, mode });
            }
            Role::Stock => {
                for word in self.cart.words.drain(frame.words_from..) {
                    self.cart.stock.push((word, first));
                }
            }
            Role::Customer => {
                (self.cart.signed_up_at, self.cart.spent) = (first, second);
                if let Some(id) = frame.texts[0] {
                    self.assign(id);
                    #[cfg(feature = "workshop")]
                    {
                        self.customer = Some(id);
                    }
                }
            }
            Role::Redemptions => {
                let known = (0_u32..).zip(self.catalog.promotions()).find(|(_, it)| id.is(&it.record.id));
                self.cart.redemptions.extend(known.map(|(campaign, _)| Redemptions {
                    campaign,
                    counts: [first, second, third, fourth, sixth, seventh],
                    spent: fifth,
                }));
            }
            Role::Budget => {
                let known = (0_u32..).zip(self.catalog.budgets()).find(|(_, it)| !it.id.is_empty() && id.is(&it.id));
                self.cart.budgets.extend(known.map(|(number, _)| (number, first)));
            }
            Role::Orders => {
                self.cart.order_count = first;
                self.cart.last_order_at = second;
                self.tell(third, Figure::Spent);
            }
            Role::Bought => {
                let mut words = Vec::new();
                for (name, of) in [(frame.texts[0], Subject::Category), (sku, Subject::Product)] {
                    name.into_iter().for_each(|name| self.words_of(of, name, &mut |word| words.push(word)));
                }
                for word in words {
                    self.tell(first, Figure::BoughtCount(word));
                    self.tell(second, Figure::LastBought(word));
                    self.tell(third, Figure::BoughtSpent(word));
                }
            }
            Role::Request => {
                let own = Some(first).filter(|now| *now != MISSING);
                match self.moment.given.or(own).or(self.moment.fallback) {
                    Some(now) => self.cart.now = now,
                    None => self.reader.fail(refusal::missing(shape, "now", path)),
                }
                self.cart.utc_offset = i32::try_from(second).unwrap_or(0);
                self.cart.exponent = third;
                if third == MISSING && !self.cart.currency.is_listed() {
                    let path = path.key("currency");
                    self.reader.fail(refusal::wrong(&refusal::UNLISTED, self.cart.currency.code(), &path));
                }
                self.cart.prices = if fourth == 0 { PriceMode::Net } else { PriceMode::Gross };
                self.cart.rounds_tax_in_total = fifth == 1;
                self.tell(sixth, Figure::CartBegun);
                #[cfg(feature = "workshop")]
                self.own.settle(self.customer.map(|id| id.unescape()).as_deref(), self.catalog, self.cart);
            }
        }
    }

    /// A payment; what it may be used for is asked when it is used.
    #[inline(never)]
    pub(super) fn payment(&mut self, shape: &Shape, frame: &Frame<'a>, path: &Path<'_>) {
        let [kind, amount, balance, points, expires_at, priority, ..] = frame.numbers;
        if amount == MISSING && balance == MISSING && points == MISSING {
            return self.reader.fail(refusal::missing(shape, "amount", path));
        }
        let text = |place: usize| frame.texts.get(place).copied().flatten();
        let method = text(METHOD).map(|name| self.catalog.payment_method(&name.unescape()));
        let currency = match text(OF_CURRENCY).map(|code| code.unescape()) {
            Some(code) => match Currency::parse(&code) {
                None => return self.reader.fail(refusal::wrong(&NO_CURRENCY, &code, &path.key("currency"))),
                known => known,
            },
            None => None,
        };
        self.names.payments.push(text(0));
        self.cart.payments.push(Payment {
            kind: PaymentKind::at(kind),
            is_named: text(0).is_some(),
            method: method.flatten(),
            is_unknown: method == Some(None),
            amount,
            points,
            balance,
            expires_at,
            priority,
            currency,
        });
    }

    #[cold]
    #[inline(never)]
    pub(super) fn duplicated(
        &mut self,
        shape: &Shape,
        code: &'static str,
        id: Text<'_>,
        list: &str,
        earlier: usize,
        path: &Path<'_>,
    ) {
        let list = Path::ROOT.key(list);
        let earlier = list.index(earlier);
        self.reader.fail(refusal::duplicated(shape.what, code, &id.unescape(), &earlier.key("id"), path));
    }
}
