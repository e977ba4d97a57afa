//! Reads the JSON of a request by its declaration in [`shape`](super::shape).

use super::refusal::{
    self, NO_CURRENCY, NO_DAY, NO_FLAG, NO_LIST, NO_PERCENT, NO_QUANTITY, NO_SCALAR, NO_TEXT, NO_WHOLE,
};
use super::shape::{Kind, List, Member, Role, Shape, Whole, METHOD, OF_CURRENCY, REQUEST, WORDS};
use super::{entered, Moment, Names};
use crate::cart::{
    Cart, CashRounding, EnteredCode, Marks, Payment, PaymentKind, Redemptions, Shipping, MAX_QUANTITY, MISSING, NOBODY,
    WHOLE_UNIT,
};
use crate::catalog::Catalog;
use crate::code;
use crate::digits;
use crate::error::Error;
use crate::experiment;
use crate::json::path::Path;
use crate::json::read::{Reader, Scalar};
use crate::json::text::Text;
use crate::money::{Currency, PriceMode, Rounding};
use crate::time::CivilDate;
use crate::vocabulary::{Figure, Subject, Word};
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
    let favourites = favourites(body, catalog);
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

/// The values of the customer's attributes that lines are compared with. Lines may come first, so these are looked for
/// before anything else is read.
#[inline(never)]
fn favourites<'a>(body: &'a [u8], catalog: &Catalog) -> Vec<(u16, Text<'a>)> {
    let mut found = Vec::new();
    if !catalog.dimensions().named(Subject::Favourite).is_empty() {
        seek(&mut Reader::new(body), &["customer", "attributes"], catalog, &mut found);
    }
    found
}

/// Goes down to the attributes, and keeps the texts of those that lines are compared with.
fn seek<'a>(reader: &mut Reader<'a>, path: &[&str], catalog: &Catalog, found: &mut Vec<(u16, Text<'a>)>) {
    if !reader.is_object() {
        return reader.skip();
    }
    reader.open_object();
    let mut is_first = true;
    while let Some(key) = reader.member(is_first) {
        is_first = false;
        match path.split_first() {
            Some((name, path)) if key.is(name) => seek(reader, path, catalog, found),
            Some(_) => reader.skip(),
            None => {
                let mut known = catalog.dimensions().named(Subject::Favourite).iter();
                match known.find(|(name, _)| key.is(name)) {
                    Some((_, dimension)) => keep_texts(reader, *dimension, found),
                    None => reader.skip(),
                }
            }
        }
    }
}

/// Keeps a text, or those of a list.
fn keep_texts<'a>(reader: &mut Reader<'a>, dimension: u16, found: &mut Vec<(u16, Text<'a>)>) {
    if reader.is_text() {
        found.push((dimension, reader.string()));
    } else if reader.is_array() {
        reader.open_array();
        let mut is_first = true;
        while reader.element(is_first) {
            is_first = false;
            keep_texts(reader, dimension, found);
        }
    } else {
        reader.skip();
    }
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

    /// What a code that was typed last stands for, when it may have been typed before.
    fn once(&self, entered: EnteredCode, typed: Text<'_>) -> EnteredCode {
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
    fn take(&mut self, shape: &Shape, frame: &Frame<'a>, path: &Path<'_>) {
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
    fn payment(&mut self, shape: &Shape, frame: &Frame<'a>, path: &Path<'_>) {
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

    /// A decimal text with up to four decimals, or a whole number, in ten-thousandths.
    fn decimal(&mut self, path: &Path<'_>) -> Option<i64> {
        match self.scalar(path) {
            Scalar::Number(whole) if whole >= 0 => whole.checked_mul(WHOLE_UNIT),
            Scalar::Text(text) => digits::decimal(&text.unescape(), 4),
            _ => None,
        }
    }

    #[inline]
    fn quantity(&mut self, path: &Path<'_>, to: usize, parts: usize, frame: &mut Frame<'a>) {
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
    fn decimal_quantity(&mut self, path: &Path<'_>, to: usize, parts: usize, frame: &mut Frame<'a>) {
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

    #[cold]
    #[inline(never)]
    fn duplicated(
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

    #[inline(never)]
    fn text(&mut self, path: &Path<'_>) -> Text<'a> {
        if self.reader.is_text() {
            return self.reader.string();
        }
        // what stands there instead is read first: it may be no JSON at all
        self.scalar(path);
        self.reader.fail(refusal::wrong(&NO_TEXT, "", path));
        Text::EMPTY
    }

    #[inline(never)]
    fn scalar(&mut self, path: &Path<'_>) -> Scalar<'a> {
        if self.reader.is_array() || self.reader.is_object() {
            self.reader.fail(refusal::wrong(&NO_SCALAR, "", path));
        }
        self.reader.scalar()
    }

    /// The number of a campaign.
    #[cold]
    #[inline(never)]
    fn campaign(&mut self, path: &Path<'_>) -> u32 {
        let id = self.text(path).unescape();
        self.catalog.campaign_of_id(&id).unwrap_or(NOBODY)
    }

    fn whole(&mut self, path: &Path<'_>) -> i64 {
        if let Scalar::Number(number) = self.scalar(path) {
            return number;
        }
        self.reader.fail(refusal::wrong(&NO_WHOLE, "", path));
        0
    }

    #[inline(never)]
    fn choice(&mut self, choices: &[&str], path: &Path<'_>) -> i64 {
        let name = self.text(path);
        match choices.iter().position(|choice| name.is(choice)) {
            Some(choice) => i64::try_from(choice).unwrap_or(0),
            None => {
                self.reader.fail(refusal::no_choice(name.raw, choices, path));
                0
            }
        }
    }

    /// The words that a rule may ask of the line, or of the customer and the situation.
    fn words(&mut self, of: Subject) -> &mut Vec<Word> {
        match of {
            Subject::Sku
            | Subject::Product
            | Subject::Category
            | Subject::LineAttribute
            | Subject::OnSale
            | Subject::Favourite => &mut self.cart.words,
            _ => &mut self.cart.context,
        }
    }

    fn word(&self, dimension: u16, text: Text<'_>) -> Word {
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        match text.has_escapes {
            false => words.text(vocabulary, dimension, text.raw.as_bytes()),
            true => words.text(vocabulary, dimension, text.unescaped().as_bytes()),
        }
    }

    fn push(&mut self, of: Subject, text: Text<'_>) {
        match of {
            Subject::Sku | Subject::Product | Subject::Category => {
                if !self.favourites.is_empty() {
                    self.favour(of, self.catalog.dimensions().only(of), text);
                }
                if of == Subject::Category && self.catalog.vocabulary().has_category_paths {
                    return self.push_paths(text);
                }
            }
            Subject::Segment => {}
            _ => return self.push_fact(of, text),
        }
        let dimension = self.catalog.dimensions().only(of);
        let word = dimension.map_or(0, |dimension| self.word(dimension, text));
        self.keep(of, word);
    }

    /// A category and those above it.
    #[inline(never)]
    fn push_paths(&mut self, text: Text<'_>) {
        let mut words = Vec::new();
        self.words_of(Subject::Category, text, &mut |word| words.push(word));
        words.into_iter().for_each(|word| self.keep(Subject::Category, word));
    }

    /// A fact of the situation: its word, that it is known, and the patterns that it fits.
    #[inline(never)]
    fn push_fact(&mut self, of: Subject, text: Text<'_>) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let text = text.unescape();
        let normalised = if of == Subject::Postcode { code::normalise(&text) } else { text.into_owned() };
        if normalised.is_empty() {
            return;
        }
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        self.keep(of, words.text(vocabulary, dimension, normalised.as_bytes()));
        self.keep(of, words.present(vocabulary, dimension));
        self.push_patterns(of, dimension, normalised.as_bytes());
    }

    /// The patterns that a text fits.
    #[inline(never)]
    fn push_patterns(&mut self, of: Subject, dimension: u16, text: &[u8]) {
        let catalog = self.catalog;
        let fits = |word: &Word| catalog.vocabulary().spelling(*word).is_some_and(|(_, spelling)| spelling.fits(text));
        for word in catalog.words().patterns(dimension).filter(fits) {
            self.keep(of, word);
        }
    }

    /// The words of a text, which is a path where categories are.
    #[inline(never)]
    fn words_of(&self, of: Subject, text: Text<'_>, visit: &mut dyn FnMut(Word)) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let (table, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        let text = text.unescape();
        let text = text.as_bytes();
        for at in 0..=text.len() {
            let is_end = at == text.len();
            let is_path = of == Subject::Category && vocabulary.has_category_paths && text.get(at) == Some(&b'/');
            if let Some(path) = text.get(..at).filter(|_| is_end || is_path) {
                visit(table.text(vocabulary, dimension, path));
            }
        }
    }

    /// A line that has what the customer likes best.
    #[inline(never)]
    fn favour(&mut self, of: Subject, dimension: Option<u16>, text: Text<'_>) {
        let catalog = self.catalog;
        let text = text.unescape();
        let text = text.as_bytes();
        let paths = of == Subject::Category && catalog.vocabulary().has_category_paths;
        for at in 0..self.favourites.len() {
            let Some((liked, value)) = self.favourites.get(at) else { return };
            let value = value.unescape();
            let rest = text.strip_prefix(value.as_bytes());
            if rest.is_some_and(|rest| rest.is_empty() || paths && rest.first() == Some(&b'/')) {
                let of = i64::from(dimension.unwrap_or(u16::MAX));
                let word = catalog.words().number(catalog.vocabulary(), *liked, of);
                self.keep(Subject::Favourite, word);
            }
        }
    }

    /// `true` or `false`.
    #[inline(never)]
    fn flag(&mut self, of: Subject, path: &Path<'_>) {
        match self.scalar(path) {
            Scalar::Boolean(value) => self.push_boolean(of, value),
            _ => self.reader.fail(refusal::wrong(&NO_FLAG, "", path)),
        }
    }

    /// The word of a boolean, and that it is known.
    #[inline(never)]
    fn push_boolean(&mut self, of: Subject, value: bool) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        self.keep(of, words.boolean(vocabulary, dimension, value));
        self.keep(of, words.present(vocabulary, dimension));
    }

    /// Keeps a number that some rule asks for: counts and sums add up, of moments the latest counts.
    #[inline(never)]
    fn tell(&mut self, number: i64, figure: Figure) {
        let place = self.catalog.vocabulary().numbers.iter().position(|known| *known == figure);
        let Some(place) = place.and_then(|place| self.cart.numbers.get_mut(place)) else { return };
        *place = match (*place, number) {
            (_, MISSING) => return,
            (MISSING, _) => number,
            (known, _) if matches!(figure, Figure::LastBought(_)) => known.max(number),
            (known, _) => known.saturating_add(number),
        };
    }

    /// Gives the customer a variant of each experiment.
    #[inline(never)]
    fn assign(&mut self, customer: Text<'_>) {
        let vocabulary = self.catalog.vocabulary();
        for experiment in &vocabulary.experiments {
            let word = experiment::assign(experiment, vocabulary, &customer.unescape());
            self.keep(Subject::Experiment, word);
            if word != 0 {
                self.keep(Subject::Experiment, self.catalog.words().present(vocabulary, experiment.dimension));
            }
        }
    }

    #[inline(never)]
    fn attributes(&mut self, of: Subject, path: &Path<'_>, frame: &mut Frame<'a>) {
        let known = self.catalog.dimensions().named(of);
        self.reader.open_object();
        let mut is_first = true;
        while let Some(key) = self.reader.member(is_first) {
            is_first = false;
            match known.iter().find(|(name, _)| key.is(name)) {
                Some((name, dimension)) => {
                    frame.attribute = Attribute { dimension: *dimension, is_there: false, number: None };
                    self.attribute(of, &path.key(name), frame);
                }
                None => self.reader.skip(),
            }
        }
    }

    /// Reads a value of an attribute, or a list of values, into words.
    fn attribute(&mut self, of: Subject, path: &Path<'_>, frame: &mut Frame<'a>) {
        let from = self.words(of).len();
        if self.reader.is_array() {
            self.list(WORDS, &Kind::Attributes(of), path, frame);
        } else {
            self.attribute_value(of, path, &mut frame.attribute);
        }
        let vocabulary = self.catalog.vocabulary();
        if frame.attribute.is_there {
            let present = self.catalog.words().present(vocabulary, frame.attribute.dimension);
            self.keep(of, present);
        }
        if self.words(of).len().saturating_sub(from) > WORDS.most {
            self.reader.fail(refusal::too_many(WORDS.most, WORDS.code, path));
        }
        let Some(number) = frame.attribute.number else { return };
        let dimension = frame.attribute.dimension;
        if of == Subject::LineAttribute {
            let place = vocabulary.line_numbers.iter().position(|known| *known == dimension);
            let next = self.cart.lines.len();
            if let Some(place) = place.and_then(|place| self.cart.numbers_of(next).get_mut(place)) {
                *place = number;
            }
            return;
        }
        self.tell(number, Figure::Attribute(dimension));
    }

    #[inline(never)]
    fn attribute_value(&mut self, of: Subject, path: &Path<'_>, attribute: &mut Attribute) {
        let (table, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        let word = match self.scalar(path) {
            Scalar::Text(text) => {
                if table.patterns(attribute.dimension).next().is_some() {
                    self.push_patterns(of, attribute.dimension, text.unescape().as_bytes());
                }
                if of == Subject::LineAttribute && !self.favourites.is_empty() {
                    self.favour(of, Some(attribute.dimension), text);
                }
                self.word(attribute.dimension, text)
            }
            Scalar::Number(value) => {
                attribute.number = Some(value);
                table.number(vocabulary, attribute.dimension, value)
            }
            Scalar::Boolean(value) => table.boolean(vocabulary, attribute.dimension, value),
            Scalar::OtherNumber => 0,
            Scalar::Null => return,
        };
        attribute.is_there = true;
        self.keep(of, word);
    }

    /// Keeps a word, unless no rule asks for it.
    #[inline]
    fn keep(&mut self, of: Subject, word: Word) {
        if word != 0 {
            self.words(of).push(word);
        }
    }
}
