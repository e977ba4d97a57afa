//! Reads the JSON of a request by its declaration in [`shape`](super::shape).

mod attribute;
mod favourite;
mod value;
mod whole;
mod word;

use super::refusal::{self, NO_CURRENCY, NO_DAY, NO_LIST, NO_PERCENT};
use super::shape::{Kind, List, Member, Role, Shape, Whole, REQUEST, WORDS};
use super::{entered, Moment, Names};
#[cfg(feature = "workshop")]
use crate::cart::EnteredCode;
use crate::cart::{Cart, MISSING};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::json::path::Path;
use crate::json::read::Reader;
use crate::json::text::Text;
use crate::money::Currency;
use crate::time::CivilDate;
use alloc::vec::Vec;

/// Reads a request.
///
/// # Errors
/// `json_malformed`, `field_missing`, `field_invalid`, `amount_out_of_range`, `too_many_lines`,
/// `too_many_codes`, `too_many_redemptions`, `too_many_budgets`, `too_many_shipping_charges`, `too_many_payments`,
/// `too_many_words`, `too_many_parts`, `too_many_declined_gifts`, `too_many_stock_entries`,
/// `line_id_duplicated`, `shipping_id_duplicated`, each with its place.
pub fn read<'a>(
    body: &'a [u8],
    moment: Moment,
    catalog: &Catalog,
    cart: &mut Cart,
    names: &mut Names<'a>,
) -> Result<(), Error> {
    cart.clear(catalog.vocabulary().numbers.len(), catalog.vocabulary().line_numbers.len());
    names.clear(body.len());
    let favourites = favourite::of(body, catalog);
    let mut door = Door {
        reader: Reader::new(body),
        moment,
        catalog,
        cart,
        names,
        favourites,
        #[cfg(feature = "workshop")]
        own: Default::default(),
        #[cfg(feature = "workshop")]
        customer: None,
    };
    if door.reader.is_object() {
        door.object(&REQUEST, &Path::ROOT);
    } else {
        // what is no JSON at all is told as such
        door.reader.skip();
        door.reader.finish();
        door.reader.fail(refusal::no_object(&REQUEST, &Path::ROOT));
    }
    door.reader.end()?;
    cart.check_total()
}

/// What an object is made of until all of it has been read.
struct Frame<'a> {
    numbers: [i64; 8],
    texts: [Option<Text<'a>>; 3],
    /// A bit for each member that is there.
    seen: u32,
    /// Where its words begin.
    words_from: usize,
    attribute: Attribute,
}

/// What is read of one attribute.
#[derive(Default)]
struct Attribute {
    dimension: u16,
    /// Whether there is any value.
    is_there: bool,
    /// The last value that is a number.
    number: Option<i64>,
}

struct Door<'a, 'c> {
    reader: Reader<'a>,
    moment: Moment,
    catalog: &'c Catalog,
    cart: &'c mut Cart,
    names: &'c mut Names<'a>,
    /// What the customer likes best: values of attributes, each with the dimension of lines that are compared with it.
    favourites: Vec<(u16, Text<'a>)>,
    #[cfg(feature = "workshop")]
    own: super::own::Own<'c>,
    #[cfg(feature = "workshop")]
    customer: Option<Text<'a>>,
}

impl<'a> Door<'a, '_> {
    #[inline(never)]
    fn object(&mut self, shape: &Shape, path: &Path<'_>) {
        if !self.reader.is_object() {
            return self.reader.fail(refusal::no_object(shape, path));
        }
        let words_from = self.cart.words.len();
        let attribute = Attribute::default();
        let mut frame = Frame { numbers: [MISSING; 8], texts: [None; 3], seen: 0, words_from, attribute };
        self.reader.open_object();
        let mut is_first = true;
        let mut next = 0_usize;
        while self.reader.has_member(is_first) {
            is_first = false;
            // most callers keep to the order of the declaration
            let mut index = next;
            while shape.members.get(index).is_some_and(|member| !self.reader.is_named(&member.spelled)) {
                index = index.saturating_add(1);
            }
            if index >= shape.members.len() {
                let name = self.reader.name();
                index = shape.members.iter().position(|member| name.is(member.name)).unwrap_or(index);
            }
            let Some(member) = shape.members.get(index) else {
                self.reader.skip();
                continue;
            };
            next = index.saturating_add(1);
            if !member.is_required && self.reader.null() {
                continue;
            }
            frame.seen |= 1 << index;
            self.value(member, &path.key(member.name), &mut frame);
        }
        if shape.role == Role::Request {
            // what follows is no JSON, which is told first
            self.reader.finish();
        }
        for (index, member) in shape.members.iter().enumerate() {
            if member.is_required && frame.seen >> index & 1 == 0 && self.reader.is_sound() {
                self.reader.fail(refusal::missing(shape, member.name, path));
            }
        }
        if self.reader.is_sound() {
            self.take(shape, &frame, path);
        }
    }

    #[inline]
    fn value(&mut self, member: &Member, path: &Path<'_>, frame: &mut Frame<'a>) {
        match &member.kind {
            Kind::Whole(Whole { to, least, most, code }) => {
                let number = self.whole(path);
                if !(*least..=*most).contains(&number) {
                    self.reader.fail(refusal::out_of_range(number, *least, *most, code, path));
                }
                if let Some(place) = frame.numbers.get_mut(*to) {
                    *place = number;
                }
            }
            Kind::Quantity(to, parts) => self.quantity(path, *to, *parts, frame),
            Kind::Percent(to) => {
                let millionths = self.decimal(path).filter(|millionths| *millionths <= 1_000_000);
                if millionths.is_none() {
                    self.reader.fail(refusal::wrong(&NO_PERCENT, "", path));
                }
                if let (Some(place), Some(millionths)) = (frame.numbers.get_mut(*to), millionths) {
                    *place = millionths;
                }
            }
            Kind::Text(to) | Kind::OwnWord(to, _) => {
                let text = self.text(path);
                if let Some(place) = frame.texts.get_mut(*to) {
                    *place = Some(text);
                }
                if let Kind::OwnWord(_, words) = member.kind {
                    self.push(words, text);
                }
            }
            Kind::Word(words) => {
                let text = self.text(path);
                self.push(*words, text);
            }
            Kind::Flag(words) => self.flag(*words, path),
            Kind::Attributes(words) if self.reader.is_object() => self.attributes(*words, path, frame),
            Kind::Object(shape) => self.object(shape, path),
            Kind::ObjectIfAny(shape) if self.reader.is_object() => self.object(shape, path),
            Kind::Attributes(_) | Kind::ObjectIfAny(_) => self.reader.skip(),
            Kind::Words(_) => self.list(WORDS, &member.kind, path, frame),
            Kind::List(list, _) | Kind::Codes(list) | Kind::Campaigns(list) | Kind::Parts(list, _) => {
                self.list(*list, &member.kind, path, frame);
            }
            Kind::Campaign(to) => {
                let campaign = self.campaign(path);
                if let Some(place) = frame.numbers.get_mut(*to) {
                    *place = i64::from(campaign);
                }
            }
            Kind::OneOf(to, choices) => {
                let choice = self.choice(choices, path);
                if let Some(place) = frame.numbers.get_mut(*to) {
                    *place = choice;
                }
            }
            Kind::Currency => {
                let code = self.text(path).unescape();
                match Currency::parse(&code) {
                    Some(currency) => self.cart.currency = currency,
                    None => self.reader.fail(refusal::wrong(&NO_CURRENCY, &code, path)),
                }
            }
            Kind::Day => {
                let text = self.text(path).unescape();
                self.cart.birthday = CivilDate::parse(&text);
                if self.cart.birthday.is_none() {
                    self.reader.fail(refusal::wrong(&NO_DAY, &text, path));
                }
            }
        }
    }

    #[inline(never)]
    fn list(&mut self, list: List, kind: &Kind, path: &Path<'_>, frame: &mut Frame<'a>) {
        if !self.reader.is_array() {
            return self.reader.fail(refusal::wrong(&NO_LIST, "", path));
        }
        self.reader.open_array();
        let mut index = 0_usize;
        while self.reader.element(index == 0) {
            let path = path.index(index);
            if index >= list.most {
                return self.reader.fail(refusal::too_many(list.most, list.code, &path));
            }
            self.element(kind, &path, frame);
            index = index.saturating_add(1);
        }
    }

    #[inline]
    fn element(&mut self, kind: &Kind, path: &Path<'_>, frame: &mut Frame<'a>) {
        match kind {
            Kind::List(_, shape) => self.object(shape, path),
            Kind::Words(words) => {
                let text = self.text(path);
                self.push(*words, text);
            }
            Kind::Attributes(words) => self.attribute_value(*words, path, &mut frame.attribute),
            Kind::Campaigns(_) => {
                let campaign = self.campaign(path);
                self.cart.declined.push(campaign);
            }
            Kind::Parts(_, parts) => match self.choice(parts, path) {
                0 => self.cart.wants_hints = true,
                1 => self.cart.wants_units = true,
                _ => self.cart.wants_taxes = true,
            },
            _ => {
                let typed = self.text(path);
                self.names.codes.push(typed);
                let entered = entered(&typed.unescape(), self.catalog);
                #[cfg(feature = "workshop")]
                if entered == EnteredCode::Unknown {
                    let own = self.own.entered(&typed.unescape(), self.cart.codes.len(), self.catalog);
                    return self.cart.codes.push(own);
                }
                self.cart.codes.push(self.once(entered, typed));
            }
        }
    }
}
