//! Reads the JSON of a request by its declaration in [`shape`](super::shape).

use super::refusal;
use super::shape::{Kind, List, Member, Role, Shape, Whole, Words, REQUEST, WORDS};
use super::{entered, Moment, Names};
use crate::cart::{Cart, Shipping, MISSING};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::json::read::{Path, Reader, Scalar, Text};
use crate::money::Currency;
use crate::time::CivilDate;
use crate::vocabulary::Word;
use alloc::vec::Vec;

/// Reads a request.
///
/// # Errors
/// `json_malformed`, `field_missing`, `field_invalid`, `amount_out_of_range`, `too_many_lines`,
/// `too_many_codes`, `too_many_shipping_charges`, `too_many_payments`, `too_many_words`, `too_many_parts`,
/// `line_id_duplicated`, `shipping_id_duplicated`, each with its place.
pub fn read<'a>(
    body: &'a [u8],
    moment: Moment,
    catalog: &Catalog,
    cart: &mut Cart,
    names: &mut Names<'a>,
) -> Result<(), Error> {
    cart.clear(catalog.vocabulary().numbers.len());
    names.clear();
    let mut door = Door { reader: Reader::new(body)?, moment, catalog, cart, names };
    let root = Path::ROOT;
    if !door.reader.is_object() {
        // what is no JSON at all is told as such
        door.reader.skip()?;
        door.reader.finish()?;
        return Err(refusal::no_object(&REQUEST, &root));
    }
    door.object(&REQUEST, &root)?;
    cart.check_total()
}

/// What an object is made of until all of it has been read.
struct Frame<'a> {
    numbers: [i64; 2],
    texts: [Option<Text<'a>>; 3],
    /// A bit for each member that is there.
    seen: u32,
    /// Where its words begin.
    words_from: usize,
}

struct Door<'a, 'c> {
    reader: Reader<'a>,
    moment: Moment,
    catalog: &'c Catalog,
    cart: &'c mut Cart,
    names: &'c mut Names<'a>,
}

impl<'a> Door<'a, '_> {
    fn object(&mut self, shape: &Shape, path: &Path<'_>) -> Result<(), Error> {
        if !self.reader.is_object() {
            return Err(refusal::no_object(shape, path));
        }
        let mut frame = Frame { numbers: [MISSING; 2], texts: [None; 3], seen: 0, words_from: self.cart.words.len() };
        self.reader.open_object()?;
        let mut is_first = true;
        let mut next = 0_usize;
        while let Some(key) = self.reader.member(is_first)? {
            is_first = false;
            // most callers keep to the order of the declaration
            let index = match shape.members.get(next) {
                Some(member) if key.is(member.name) => next,
                _ => shape.members.iter().position(|member| key.is(member.name)).unwrap_or(usize::MAX),
            };
            let Some(member) = shape.members.get(index) else {
                self.reader.skip()?;
                continue;
            };
            next = index.saturating_add(1);
            if !member.is_required && self.reader.null() {
                continue;
            }
            frame.seen |= 1 << index;
            self.value(member, &path.key(member.name), &mut frame)?;
        }
        if shape.role == Role::Request {
            // what follows is no JSON, which is told first
            self.reader.finish()?;
        }
        for (index, member) in shape.members.iter().enumerate() {
            if member.is_required && frame.seen >> index & 1 == 0 {
                return Err(refusal::missing(shape, member.name, path));
            }
        }
        self.take(shape, &frame, path)
    }

    fn value(&mut self, member: &Member, path: &Path<'_>, frame: &mut Frame<'a>) -> Result<(), Error> {
        match &member.kind {
            Kind::Whole(Whole { to, least, most, code }) => {
                let number = self.whole(path)?;
                if !(*least..=*most).contains(&number) {
                    return Err(refusal::out_of_range(number, *least, *most, code, path));
                }
                if let Some(place) = frame.numbers.get_mut(*to) {
                    *place = number;
                }
            }
            Kind::Text(to) => self.own(*to, path, frame).map(drop)?,
            Kind::OwnWord(to, words) => {
                let text = self.own(*to, path, frame)?;
                self.push(*words, text);
            }
            Kind::Word(words) => {
                let text = self.text(path)?;
                self.push(*words, text);
            }
            Kind::Words(words) => self.list(WORDS, path, &mut |door, path| {
                let text = door.text(path)?;
                door.push(*words, text);
                Ok(())
            })?,
            Kind::Attributes(words) if self.reader.is_object() => self.attributes(*words, path)?,
            Kind::Object(shape) => self.object(shape, path)?,
            Kind::ObjectIfAny(shape) if self.reader.is_object() => self.object(shape, path)?,
            Kind::Attributes(_) | Kind::ObjectIfAny(_) => self.reader.skip()?,
            Kind::List(list, shape) => self.list(*list, path, &mut |door, path| door.object(shape, path))?,
            Kind::Codes(list) => self.list(*list, path, &mut |door, path| {
                let typed = door.text(path)?;
                door.names.codes.push(typed.raw);
                door.cart.codes.push(entered(&typed.unescape(), door.catalog));
                Ok(())
            })?,
            Kind::Parts(list, parts) => self.list(*list, path, &mut |door, path| {
                match door.choice(parts, path)? {
                    0 => door.cart.wants_hints = true,
                    _ => door.cart.wants_units = true,
                }
                Ok(())
            })?,
            Kind::OneOf(to, choices) => {
                let choice = self.choice(choices, path)?;
                if let Some(place) = frame.numbers.get_mut(*to) {
                    *place = choice;
                }
            }
            Kind::Currency => {
                let code = self.text(path)?.unescape();
                self.cart.currency = Currency::parse(&code).ok_or_else(|| {
                    let help = "send the three capital letters of ISO 4217, such as `EUR`";
                    path.fault("field_invalid", ["`", &code, "` is not a currency code"].concat(), help)
                })?;
            }
            Kind::Day => {
                let text = self.text(path)?.unescape();
                let day = CivilDate::parse(&text).ok_or_else(|| {
                    let help = "send `1990-02-28`, or `--02-28` without the year";
                    path.fault("field_invalid", ["`", &text, "` is no day"].concat(), help)
                })?;
                self.cart.birthday = Some(day);
            }
        }
        Ok(())
    }

    /// What becomes of an object that is whole.
    fn take(&mut self, shape: &Shape, frame: &Frame<'a>, path: &Path<'_>) -> Result<(), Error> {
        let [first, second] = frame.numbers;
        let [id, sku, product] = frame.texts;
        let id = id.unwrap_or(Text::of_raw(""));
        match shape.role {
            Role::Line => {
                if self.cart.words.len().saturating_sub(frame.words_from) > WORDS.most {
                    return Err(refusal::too_many(WORDS.most, WORDS.code, path));
                }
                if let Err(earlier) = self.names.line(id) {
                    return Err(duplicated(shape, "line_id_duplicated", id, "lines", earlier, path));
                }
                let twins = self.names.product(first, sku.or(product));
                self.cart.push_line(first, second, frame.words_from, twins);
            }
            Role::Charge => {
                let known = self.names.shipping.iter().position(|other| id.is_same(Text::of_raw(other)));
                if let Some(earlier) = known {
                    return Err(duplicated(shape, "shipping_id_duplicated", id, "shipping", earlier, path));
                }
                let dimension = self.catalog.dimensions().shipping_method;
                let method = dimension.map_or(0, |dimension| self.word(dimension, id));
                self.names.shipping.push(id.raw);
                self.cart.shipping.push(Shipping { method, price: first });
            }
            Role::Payment => {
                self.cart.paid = self.cart.paid.saturating_add(second);
                if first == 0 {
                    self.cart.paid_with_points = self.cart.paid_with_points.saturating_add(second);
                }
            }
            Role::Customer => self.cart.signed_up_at = first,
            Role::Orders => {
                self.cart.order_count = first;
                self.cart.last_order_at = second;
            }
            Role::Request => {
                let own = Some(first).filter(|now| *now != MISSING);
                let now = self.moment.given.or(own).or(self.moment.fallback);
                self.cart.now = now.ok_or_else(|| refusal::missing(shape, "now", path))?;
                self.cart.utc_offset = i32::try_from(second).unwrap_or(0);
            }
        }
        Ok(())
    }

    fn list(
        &mut self,
        list: List,
        path: &Path<'_>,
        element: &mut dyn FnMut(&mut Self, &Path<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !self.reader.is_array() {
            return Err(path.fault("field_invalid", "this is no list", "send a list"));
        }
        self.reader.open_array()?;
        let mut index = 0_usize;
        while self.reader.element(index == 0)? {
            let path = path.index(index);
            if index >= list.most {
                return Err(refusal::too_many(list.most, list.code, &path));
            }
            element(self, &path)?;
            index = index.saturating_add(1);
        }
        Ok(())
    }

    fn text(&mut self, path: &Path<'_>) -> Result<Text<'a>, Error> {
        if self.reader.is_text() {
            return self.reader.string();
        }
        // what stands there instead is read first: it may be no JSON at all
        self.scalar(path)?;
        Err(path.fault("field_invalid", "this is no text", "send a text"))
    }

    #[inline(never)]
    fn scalar(&mut self, path: &Path<'_>) -> Result<Scalar<'a>, Error> {
        if self.reader.is_array() || self.reader.is_object() {
            let help = "send a text, a whole number or a boolean";
            return Err(path.fault("field_invalid", "a single value is expected here", help));
        }
        self.reader.scalar()
    }

    fn whole(&mut self, path: &Path<'_>) -> Result<i64, Error> {
        match self.scalar(path)? {
            Scalar::Number(number) => Ok(number),
            _ => {
                let help = "send a whole number; money is in minor units";
                Err(path.fault("field_invalid", "this is no whole number", help))
            }
        }
    }

    fn own(&mut self, to: usize, path: &Path<'_>, frame: &mut Frame<'a>) -> Result<Text<'a>, Error> {
        let text = self.text(path)?;
        if let Some(place) = frame.texts.get_mut(to) {
            *place = Some(text);
        }
        Ok(text)
    }

    fn choice(&mut self, choices: &[&str], path: &Path<'_>) -> Result<i64, Error> {
        let name = self.text(path)?;
        let choice = choices.iter().position(|choice| name.is(choice)).and_then(|choice| i64::try_from(choice).ok());
        choice.ok_or_else(|| refusal::no_choice(name.raw, choices, path))
    }

    /// The words that a rule may ask of the line, or of the customer and the situation.
    fn words(&mut self, of: Words) -> &mut Vec<Word> {
        match of {
            Words::Sku | Words::Product | Words::Category | Words::Line => &mut self.cart.words,
            Words::Segment | Words::Customer | Words::Country | Words::Channel => &mut self.cart.context,
        }
    }

    fn word(&self, dimension: u16, text: Text<'_>) -> Word {
        self.catalog.words().text(self.catalog.vocabulary(), dimension, text.unescape().as_bytes())
    }

    fn push(&mut self, of: Words, text: Text<'_>) {
        let dimensions = self.catalog.dimensions();
        let dimension = match of {
            Words::Sku => dimensions.sku,
            Words::Product => dimensions.product,
            Words::Category => dimensions.category,
            Words::Segment => dimensions.segment,
            Words::Country => dimensions.country,
            Words::Channel => dimensions.channel,
            Words::Line | Words::Customer => None,
        };
        let word = dimension.map_or(0, |dimension| self.word(dimension, text));
        if word != 0 {
            self.words(of).push(word);
        }
    }

    fn attributes(&mut self, of: Words, path: &Path<'_>) -> Result<(), Error> {
        let dimensions = self.catalog.dimensions();
        let known = match of {
            Words::Line => &dimensions.line_attributes,
            _ => &dimensions.customer_attributes,
        };
        self.reader.open_object()?;
        let mut is_first = true;
        while let Some(key) = self.reader.member(is_first)? {
            is_first = false;
            match known.iter().find(|(name, _)| key.is(name)) {
                Some((name, dimension)) => self.attribute(of, name, *dimension, &path.key(name))?,
                None => self.reader.skip()?,
            }
        }
        Ok(())
    }

    /// Reads a value of an attribute, or a list of values, into words.
    fn attribute(&mut self, of: Words, name: &str, dimension: u16, path: &Path<'_>) -> Result<(), Error> {
        let (table, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        let from = self.words(of).len();
        let mut number = None;
        let mut is_there = false;
        let mut one = |door: &mut Self, path: &Path<'_>| -> Result<(), Error> {
            let word = match door.scalar(path)? {
                Scalar::Text(text) => door.word(dimension, text),
                Scalar::Number(value) => {
                    number = Some(value);
                    table.number(vocabulary, dimension, value)
                }
                Scalar::Boolean(value) => table.boolean(vocabulary, dimension, value),
                Scalar::OtherNumber => 0,
                Scalar::Null => return Ok(()),
            };
            is_there = true;
            if word != 0 {
                door.words(of).push(word);
            }
            Ok(())
        };
        if self.reader.is_array() {
            self.list(WORDS, path, &mut one)?;
        } else {
            one(self, path)?;
        }
        let present = if is_there { table.present(vocabulary, dimension) } else { 0 };
        if present != 0 {
            self.words(of).push(present);
        }
        if self.words(of).len().saturating_sub(from) > WORDS.most {
            return Err(refusal::too_many(WORDS.most, WORDS.code, path));
        }
        if let (Words::Customer, Some(number)) = (of, number) {
            let place = vocabulary.numbers.iter().position(|known| known == name);
            if let Some(slot) = place.and_then(|place| self.cart.numbers.get_mut(place)) {
                *slot = number;
            }
        }
        Ok(())
    }
}

#[cold]
fn duplicated(shape: &Shape, code: &'static str, id: Text<'_>, list: &str, earlier: usize, path: &Path<'_>) -> Error {
    let list = Path::ROOT.key(list);
    refusal::duplicated(shape.what, code, &id.unescape(), &list.index(earlier).key("id"), path)
}
