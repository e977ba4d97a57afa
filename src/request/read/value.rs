//! Single values: texts, numbers, quantities, choices.

use super::super::refusal::{self, NO_QUANTITY, NO_SCALAR, NO_TEXT, NO_WHOLE};
use super::{Door, Frame};
use crate::cart::{MAX_QUANTITY, NOBODY, WHOLE_UNIT};
use crate::digits;
use crate::json::path::Path;
use crate::json::read::Scalar;
use crate::json::text::Text;

impl<'a> Door<'a, '_> {
    /// A decimal text with up to four decimals, or a whole number, in ten-thousandths.
    pub(super) fn decimal(&mut self, path: &Path<'_>) -> Option<i64> {
        match self.scalar(path) {
            Scalar::Number(whole) if whole >= 0 => whole.checked_mul(WHOLE_UNIT),
            Scalar::Text(text) => digits::decimal(&text.unescape(), 4),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn quantity(&mut self, path: &Path<'_>, to: usize, parts: usize, frame: &mut Frame<'a>) {
        if !self.reader.is_text() {
            let number = self.whole(path);
            if !(1..=MAX_QUANTITY).contains(&number) {
                self.reader.fail(refusal::out_of_range(number, 1, MAX_QUANTITY, "amount_out_of_range", path));
            }
            if let Some(place) = frame.numbers.get_mut(to) {
                *place = number;
            }
            return;
        }
        self.decimal_quantity(path, to, parts, frame);
    }

    #[inline(never)]
    pub(super) fn decimal_quantity(&mut self, path: &Path<'_>, to: usize, parts: usize, frame: &mut Frame<'a>) {
        let most = MAX_QUANTITY.saturating_mul(WHOLE_UNIT);
        let Some(measure) = self.decimal(path).filter(|measure| (1..=most).contains(measure)) else {
            return self.reader.fail(refusal::wrong(&NO_QUANTITY, "", path));
        };
        let is_whole = measure.checked_rem(WHOLE_UNIT) == Some(0);
        let number = if is_whole { measure.checked_div(WHOLE_UNIT) } else { Some(1) };
        if let (Some(place), Some(number)) = (frame.numbers.get_mut(to), number) {
            *place = number;
        }
        if let Some(place) = frame.numbers.get_mut(parts).filter(|_| !is_whole) {
            *place = measure;
        }
    }

    #[inline(never)]
    pub(super) fn text(&mut self, path: &Path<'_>) -> Text<'a> {
        if self.reader.is_text() {
            return self.reader.string();
        }
        // what stands there instead is read first: it may be no JSON at all
        self.scalar(path);
        self.reader.fail(refusal::wrong(&NO_TEXT, "", path));
        Text::EMPTY
    }

    #[inline(never)]
    pub(super) fn scalar(&mut self, path: &Path<'_>) -> Scalar<'a> {
        if self.reader.is_array() || self.reader.is_object() {
            self.reader.fail(refusal::wrong(&NO_SCALAR, "", path));
        }
        self.reader.scalar()
    }

    /// The number of a campaign.
    #[cold]
    #[inline(never)]
    pub(super) fn campaign(&mut self, path: &Path<'_>) -> u32 {
        let id = self.text(path).unescape();
        self.catalog.campaign_of_id(&id).unwrap_or(NOBODY)
    }

    pub(super) fn whole(&mut self, path: &Path<'_>) -> i64 {
        if let Scalar::Number(number) = self.scalar(path) {
            return number;
        }
        self.reader.fail(refusal::wrong(&NO_WHOLE, "", path));
        0
    }

    #[inline(never)]
    pub(super) fn choice(&mut self, choices: &[&str], path: &Path<'_>) -> i64 {
        let name = self.text(path);
        match choices.iter().position(|choice| name.is(choice)) {
            Some(choice) => i64::try_from(choice).unwrap_or(0),
            None => {
                self.reader.fail(refusal::no_choice(name.raw, choices, path));
                0
            }
        }
    }
}
