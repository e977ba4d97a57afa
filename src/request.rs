//! The request for a quote: read from JSON straight into the engine's cart.
//!
//! Members that the format does not know are passed over, so a line may carry its own title and picture.
//! What it knows is checked: types, ranges and counts, each fault with its place.

use crate::cart::{
    Cart, EnteredCode, Shipping, MAX_CODES, MAX_LINES, MAX_PRICE, MAX_QUANTITY, MAX_SHIPPING, MAX_WORDS,
};
use crate::catalog::Catalog;
use crate::code::MAX_CODE_LENGTH;
use crate::error::Error;
use crate::json::read::{Path, Reader, Scalar, Text};
use crate::money::{Currency, MAX_AMOUNT};
use crate::time::CivilDate;
use crate::vocabulary::Word;
use alloc::format;
use alloc::vec::Vec;

/// The names that a quote gives back to its caller, as they stand in the request.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Ids of the lines, the inside of their JSON strings.
    pub lines: Vec<&'a str>,
    /// Ids of the shipping charges.
    pub shipping: Vec<&'a str>,
    /// The codes as typed.
    pub codes: Vec<&'a str>,
    /// Keys by which lines of the same product are found: (price, sku or product).
    products: Vec<(i64, Option<&'a str>)>,
}

impl Names<'_> {
    fn clear(&mut self) {
        self.lines.clear();
        self.shipping.clear();
        self.codes.clear();
        self.products.clear();
    }
}

/// The moment of a quote, UTC milliseconds: a host may set it, or offer one for requests without their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// Overrides the request's `now`: a server must not believe its client's clock.
    pub given: Option<i64>,
    /// Stands in where the request has no `now`.
    pub fallback: Option<i64>,
}

/// Reads a request.
///
/// # Errors
/// `json_malformed`, `field_missing`, `field_invalid`, `amount_out_of_range`, `too_many_lines`,
/// `too_many_codes`, `too_many_shipping_charges`, `too_many_words`, each with its place.
pub fn read<'a>(
    body: &'a [u8],
    moment: Moment,
    catalog: &Catalog,
    cart: &mut Cart,
    names: &mut Names<'a>,
) -> Result<(), Error> {
    cart.clear(catalog.vocabulary().numbers.len());
    names.clear();
    let root = Path::ROOT;
    let mut reader = Reader::new(body)?;
    if !reader.is_object() {
        // what is no JSON at all is told as such
        reader.skip()?;
        reader.finish()?;
        return Err(root.fault(
            "field_invalid",
            "a request is an object",
            "send an object with `currency` and `lines`",
        ));
    }
    let mut given_now = None;
    let mut currency = None;
    let mut has_lines = false;
    reader.object(|reader, key| {
        let path = root.key(key);
        match key {
            "currency" => {
                let code = text(reader, &path)?.unescape();
                let parsed = Currency::parse(&code).ok_or_else(|| {
                    let help = "send the three capital letters of ISO 4217, such as `EUR`";
                    path.fault("field_invalid", format!("`{code}` is not a currency code"), help)
                })?;
                currency = Some(parsed);
                Ok(())
            }
            "now" => {
                given_now = optional(reader, &path, whole)?;
                Ok(())
            }
            "utcOffset" => {
                if let Some(minutes) = optional(reader, &path, whole)? {
                    let range = (-1_080..=1_080).contains(&minutes);
                    cart.utc_offset = i32::try_from(minutes).ok().filter(|_| range).ok_or_else(|| {
                        path.fault(
                            "field_invalid",
                            format!("{minutes} minutes is no offset from UTC"),
                            "send minutes from -1080 to 1080",
                        )
                    })?;
                }
                Ok(())
            }
            "lines" => {
                has_lines = true;
                list(reader, &path, MAX_LINES, "too_many_lines", &mut |reader, path| {
                    line(reader, path, catalog, cart, names)
                })
            }
            "shipping" if reader.null() => Ok(()),
            "shipping" => list(reader, &path, MAX_SHIPPING, "too_many_shipping_charges", &mut |reader, path| {
                shipping(reader, path, catalog, cart, names)
            }),
            "codes" if reader.null() => Ok(()),
            "codes" => list(reader, &path, MAX_CODES, "too_many_codes", &mut |reader, path| {
                let typed = text(reader, path)?;
                names.codes.push(typed.raw);
                cart.codes.push(entered(&typed.unescape(), catalog));
                Ok(())
            }),
            "customer" if reader.null() => Ok(()),
            "customer" => customer(reader, &path, catalog, cart),
            "country" => word(reader, &path, catalog.dimensions().country, catalog, cart),
            "channel" => word(reader, &path, catalog.dimensions().channel, catalog, cart),
            "payments" if reader.null() => Ok(()),
            "payments" => {
                list(reader, &path, MAX_SHIPPING, "too_many_payments", &mut |reader, path| payment(reader, path, cart))
            }
            "include" if reader.null() => Ok(()),
            "include" => list(reader, &path, 8, "too_many_parts", &mut |reader, path| {
                let part = text(reader, path)?;
                match part.raw {
                    "hints" => cart.wants_hints = true,
                    "units" => cart.wants_units = true,
                    other => {
                        return Err(path.fault(
                            "field_invalid",
                            format!("there is no part `{other}`"),
                            "send `hints` or `units`",
                        ))
                    }
                }
                Ok(())
            }),
            _ => reader.skip(),
        }
    })?;
    reader.finish()?;
    let missing = |field: &str| missing(&root, "the request", field);
    cart.currency = currency.ok_or_else(|| missing("currency"))?;
    cart.now = moment.given.or(given_now).or(moment.fallback).ok_or_else(|| missing("now"))?;
    if !has_lines {
        return Err(missing("lines"));
    }
    cart.check_total()
}

#[cold]
#[inline(never)]
fn missing(path: &Path<'_>, what: &str, field: &str) -> Error {
    let message = [what, " has no `", field, "`"].concat();
    path.key(field).fault("field_missing", message, ["add `", field, "` to ", what].concat())
}

/// What a typed code stands for.
pub fn entered(typed: &str, catalog: &Catalog) -> EnteredCode {
    // a longer text cannot be a code; it is refused like any unknown one
    if typed.len() > MAX_CODE_LENGTH.saturating_mul(4) {
        return EnteredCode::Unknown;
    }
    catalog.campaign_of_code(typed).map_or(EnteredCode::Unknown, EnteredCode::Campaign)
}

fn list<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    most: usize,
    code: &'static str,
    element: &mut dyn FnMut(&mut Reader<'a>, &Path<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    if !reader.is_array() {
        return Err(path.fault("field_invalid", "this is no list", "send a list"));
    }
    reader.array(|reader, index| {
        let path = path.index(index);
        if index >= most {
            return Err(path.fault(code, format!("there are more than {most}"), format!("send at most {most}")));
        }
        element(reader, &path)
    })
}

#[inline(never)]
fn text<'a>(reader: &mut Reader<'a>, path: &Path<'_>) -> Result<Text<'a>, Error> {
    if reader.is_text() {
        return reader.string();
    }
    // what stands there instead is read first: it may be no JSON at all
    scalar(reader, path)?;
    Err(path.fault("field_invalid", "this is no text", "send a text"))
}

#[inline(never)]
fn scalar<'a>(reader: &mut Reader<'a>, path: &Path<'_>) -> Result<Scalar<'a>, Error> {
    if reader.is_array() || reader.is_object() {
        return Err(path.fault(
            "field_invalid",
            "a single value is expected here",
            "send a text, a whole number or a boolean",
        ));
    }
    reader.scalar()
}

#[inline(never)]
fn whole(reader: &mut Reader<'_>, path: &Path<'_>) -> Result<i64, Error> {
    match scalar(reader, path)? {
        Scalar::Number(number) => Ok(number),
        _ => {
            Err(path.fault("field_invalid", "this is no whole number", "send a whole number; money is in minor units"))
        }
    }
}

fn optional<'a, T>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    read: impl FnOnce(&mut Reader<'a>, &Path<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if reader.null() {
        return Ok(None);
    }
    read(reader, path).map(Some)
}

#[inline(never)]
fn within(reader: &mut Reader<'_>, path: &Path<'_>, least: i64, most: i64) -> Result<i64, Error> {
    let number = whole(reader, path)?;
    check_range(number, least, most, path)
}

/// A number must lie within its limits.
pub fn check_range(number: i64, least: i64, most: i64, path: &Path<'_>) -> Result<i64, Error> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    let message = format!("{number} is out of range");
    Err(path.fault("amount_out_of_range", message, format!("send a whole number from {least} to {most}")))
}

/// A text member that is a word of the context, or `null`.
#[inline(never)]
fn word(
    reader: &mut Reader<'_>,
    path: &Path<'_>,
    dimension: Option<u16>,
    catalog: &Catalog,
    cart: &mut Cart,
) -> Result<(), Error> {
    if let Some(text) = optional(reader, path, text)? {
        if let Some(dimension) = dimension {
            push(&mut cart.context, catalog.words().text(catalog.vocabulary(), dimension, text.unescape().as_bytes()));
        }
    }
    Ok(())
}

fn push(words: &mut Vec<Word>, word: Word) {
    if word != 0 {
        words.push(word);
    }
}

/// Reads a value of an attribute, or a list of values, into words.
#[inline(never)]
fn attribute(
    reader: &mut Reader<'_>,
    path: &Path<'_>,
    dimension: u16,
    catalog: &Catalog,
    words: &mut Vec<Word>,
) -> Result<Option<i64>, Error> {
    let (table, vocabulary) = (catalog.words(), catalog.vocabulary());
    let from = words.len();
    let mut number = None;
    let mut one = |reader: &mut Reader<'_>, path: &Path<'_>| -> Result<bool, Error> {
        let word = match scalar(reader, path)? {
            Scalar::Text(text) => table.text(vocabulary, dimension, text.unescape().as_bytes()),
            Scalar::Number(value) => {
                number = Some(value);
                table.number(vocabulary, dimension, value)
            }
            Scalar::Boolean(value) => table.boolean(vocabulary, dimension, value),
            Scalar::OtherNumber => 0,
            Scalar::Null => return Ok(false),
        };
        push(words, word);
        Ok(true)
    };
    let mut is_there = false;
    if reader.is_array() {
        list(reader, path, MAX_WORDS, "too_many_words", &mut |reader, path| {
            is_there |= one(reader, path)?;
            Ok(())
        })?;
    } else {
        is_there = one(reader, path)?;
    }
    if is_there {
        push(words, table.present(vocabulary, dimension));
    }
    check_words(words.len().saturating_sub(from), path)?;
    Ok(number)
}

fn check_words(count: usize, path: &Path<'_>) -> Result<(), Error> {
    if count <= MAX_WORDS {
        return Ok(());
    }
    Err(path.fault(
        "too_many_words",
        format!("there are more than {MAX_WORDS} values"),
        format!("send at most {MAX_WORDS}"),
    ))
}

#[inline(never)]
fn texts(
    reader: &mut Reader<'_>,
    path: &Path<'_>,
    dimension: Option<u16>,
    catalog: &Catalog,
    words: &mut Vec<Word>,
) -> Result<(), Error> {
    if reader.null() {
        return Ok(());
    }
    list(reader, path, MAX_WORDS, "too_many_words", &mut |reader, path| {
        let text = text(reader, path)?;
        if let Some(dimension) = dimension {
            push(words, catalog.words().text(catalog.vocabulary(), dimension, text.unescape().as_bytes()));
        }
        Ok(())
    })
}

fn line<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    catalog: &Catalog,
    cart: &mut Cart,
    names: &mut Names<'a>,
) -> Result<(), Error> {
    if !reader.is_object() {
        return Err(path.fault(
            "field_invalid",
            "a line is an object",
            "send an object with `id`, `unitPrice` and `quantity`",
        ));
    }
    let words_from = cart.words.len();
    let (mut id, mut sku, mut product, mut price, mut quantity) = (None, None, None, None, None);
    let words = &mut cart.words;
    let dimensions = catalog.dimensions();
    reader.object(|reader, key| {
        match key {
            "id" => id = Some(text(reader, &path.key(key))?.raw),
            "unitPrice" => price = Some(within(reader, &path.key(key), 0, MAX_PRICE)?),
            "quantity" => quantity = Some(within(reader, &path.key(key), 1, MAX_QUANTITY)?),
            "sku" => sku = own(reader, &path.key(key), dimensions.sku, catalog, words)?,
            "product" => product = own(reader, &path.key(key), dimensions.product, catalog, words)?,
            "categories" => texts(reader, &path.key(key), dimensions.category, catalog, words)?,
            "attributes" if reader.is_object() => {
                let path = path.key(key);
                reader.object(|reader, name| {
                    match dimensions.line_attributes.iter().find(|(known, _)| known == name) {
                        Some((_, dimension)) => {
                            attribute(reader, &path.key(name), *dimension, catalog, words).map(drop)
                        }
                        None => reader.skip(),
                    }
                })?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let missing = |field: &str| missing(path, "the line", field);
    let id = id.ok_or_else(|| missing("id"))?;
    let price = price.ok_or_else(|| missing("unitPrice"))?;
    let quantity = quantity.ok_or_else(|| missing("quantity"))?;
    check_words(cart.words.len().saturating_sub(words_from), path)?;
    let key = (price, sku.or(product));
    let twins = names.products.iter().enumerate().filter(|(_, known)| key.1.is_some() && **known == key);
    cart.push_line(price, quantity, words_from, twins.map(|(earlier, _)| earlier));
    names.products.push(key);
    names.lines.push(id);
    Ok(())
}

/// A line's own name for its product: a word, and the key by which same lines are found.
#[inline(never)]
fn own<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    dimension: Option<u16>,
    catalog: &Catalog,
    words: &mut Vec<Word>,
) -> Result<Option<&'a str>, Error> {
    let Some(name) = optional(reader, path, text)? else { return Ok(None) };
    if let Some(dimension) = dimension {
        push(words, catalog.words().text(catalog.vocabulary(), dimension, name.unescape().as_bytes()));
    }
    Ok(Some(name.raw))
}

#[inline(never)]
fn shipping<'a>(
    reader: &mut Reader<'a>,
    path: &Path<'_>,
    catalog: &Catalog,
    cart: &mut Cart,
    names: &mut Names<'a>,
) -> Result<(), Error> {
    let (mut id, mut price) = (None, None);
    if !reader.is_object() {
        return Err(path.fault(
            "field_invalid",
            "a shipping charge is an object",
            "send an object with `id` and `price`",
        ));
    }
    reader.object(|reader, key| {
        match key {
            "id" => id = Some(text(reader, &path.key(key))?),
            "price" => price = Some(within(reader, &path.key(key), 0, MAX_PRICE)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let missing = |field: &str| missing(path, "the shipping charge", field);
    let id = id.ok_or_else(|| missing("id"))?;
    let price = price.ok_or_else(|| missing("price"))?;
    let method = catalog
        .dimensions()
        .shipping_method
        .map_or(0, |dimension| catalog.words().text(catalog.vocabulary(), dimension, id.unescape().as_bytes()));
    names.shipping.push(id.raw);
    cart.shipping.push(Shipping { method, price });
    Ok(())
}

#[inline(never)]
fn customer(reader: &mut Reader<'_>, path: &Path<'_>, catalog: &Catalog, cart: &mut Cart) -> Result<(), Error> {
    if !reader.is_object() {
        return Err(path.fault("field_invalid", "a customer is an object", "send an object, or leave it out"));
    }
    let dimensions = catalog.dimensions();
    reader.object(|reader, key| {
        let path = path.key(key);
        match key {
            "segments" => texts(reader, &path, dimensions.segment, catalog, &mut cart.context),
            "birthday" => {
                if let Some(text) = optional(reader, &path, text)? {
                    cart.birthday = Some(birthday(&text.unescape(), &path)?);
                }
                Ok(())
            }
            "signedUpAt" => {
                cart.signed_up_at = optional(reader, &path, whole)?.unwrap_or(cart.signed_up_at);
                Ok(())
            }
            "orders" if reader.is_object() => reader.object(|reader, key| {
                let path = path.key(key);
                match key {
                    "count" => {
                        if let Some(count) =
                            optional(reader, &path, |reader, path| within(reader, path, 0, MAX_AMOUNT))?
                        {
                            cart.order_count = count;
                        }
                    }
                    "lastAt" => cart.last_order_at = optional(reader, &path, whole)?.unwrap_or(cart.last_order_at),
                    _ => reader.skip()?,
                }
                Ok(())
            }),
            "attributes" if reader.is_object() => reader.object(|reader, name| {
                match dimensions.customer_attributes.iter().find(|(known, _)| known == name) {
                    Some((_, dimension)) => {
                        let number = attribute(reader, &path.key(name), *dimension, catalog, &mut cart.context)?;
                        set_number(catalog, cart, name, number);
                        Ok(())
                    }
                    None => reader.skip(),
                }
            }),
            _ => reader.skip(),
        }
    })
}

fn set_number(catalog: &Catalog, cart: &mut Cart, name: &str, number: Option<i64>) {
    let place = catalog.vocabulary().numbers.iter().position(|known| known == name);
    if let (Some(slot), Some(number)) = (place.and_then(|place| cart.numbers.get_mut(place)), number) {
        *slot = number;
    }
}

/// Reads a day of birth.
///
/// # Errors
/// `field_invalid` when there is no such day.
pub fn birthday(text: &str, path: &Path<'_>) -> Result<CivilDate, Error> {
    CivilDate::parse(text).ok_or_else(|| {
        path.fault("field_invalid", format!("`{text}` is no day"), "send `1990-02-28`, or `--02-28` without the year")
    })
}

#[inline(never)]
fn payment(reader: &mut Reader<'_>, path: &Path<'_>, cart: &mut Cart) -> Result<(), Error> {
    let (mut kind, mut amount) = (None, None);
    if !reader.is_object() {
        return Err(path.fault("field_invalid", "a payment is an object", "send an object with `type` and `amount`"));
    }
    reader.object(|reader, key| {
        let path = path.key(key);
        match key {
            "type" => {
                let name = text(reader, &path)?.raw;
                if !["points", "gift_card", "store_credit", "other"].contains(&name) {
                    let help = "send `points`, `gift_card`, `store_credit` or `other`";
                    return Err(path.fault("field_invalid", format!("there is no payment `{name}`"), help));
                }
                kind = Some(name);
            }
            "amount" => amount = Some(within(reader, &path, 0, MAX_PRICE)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let missing = |field: &str| missing(path, "the payment", field);
    let kind = kind.ok_or_else(|| missing("type"))?;
    let amount = amount.ok_or_else(|| missing("amount"))?;
    cart.paid = cart.paid.saturating_add(amount);
    if kind == "points" {
        cart.paid_with_points = cart.paid_with_points.saturating_add(amount);
    }
    Ok(())
}
