//! A strict pull parser for JSON (RFC 8259) over bytes.

use crate::error::{Diagnostic, Document, Error};
use crate::pointer::Pointer;
use alloc::borrow::Cow;
use alloc::string::String;

/// Deepest nesting that is read; what lies deeper is refused.
pub const MAX_DEPTH: u32 = 32;

/// Where the parser is, for pointers in errors. Kept on the stack of the walk; made into text only when needed.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: PathStep<'a>,
}

#[derive(Clone, Copy)]
enum PathStep<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The document itself.
    pub const ROOT: Path<'static> = Path { parent: None, step: PathStep::Root };

    /// A member.
    pub fn key(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: PathStep::Key(name) }
    }

    /// An element.
    pub fn index(&'a self, index: usize) -> Path<'a> {
        Path { parent: Some(self), step: PathStep::Index(index) }
    }

    fn pointer(&self) -> Pointer {
        let before = self.parent.map_or_else(Pointer::root, Path::pointer);
        match self.step {
            PathStep::Root => before,
            PathStep::Key(name) => before.key(name),
            PathStep::Index(index) => before.index(index),
        }
    }

    /// The place as a JSON Pointer.
    pub fn text(&self) -> String {
        self.pointer().into()
    }

    /// A fault of the request at this place.
    #[cold]
    #[inline(never)]
    pub fn fault(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Error {
        Diagnostic::new(code, message, help).at(Document::Request, self.pointer().as_str()).into()
    }
}

/// A scalar of an open place such as an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Text, as it stands between the quotes.
    Text(Text<'a>),
    /// A whole number.
    Number(i64),
    /// A number with a fraction or exponent, or beyond what JavaScript holds exactly.
    OtherNumber,
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
}

/// The inside of a JSON string, not yet unescaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// The bytes between the quotes.
    pub raw: &'a str,
    /// Whether there are escapes among them.
    pub has_escapes: bool,
}

impl<'a> Text<'a> {
    /// The text that stands so between quotes.
    pub fn of_raw(raw: &'a str) -> Text<'a> {
        Text { raw, has_escapes: raw.contains('\\') }
    }

    /// Whether it is this one.
    #[inline]
    pub fn is(&self, text: &str) -> bool {
        if self.has_escapes {
            self.unescaped() == text
        } else {
            self.raw == text
        }
    }

    /// Whether both are the same, however they are spelled.
    #[inline]
    pub fn is_same(&self, other: Text<'_>) -> bool {
        self.raw == other.raw || ((self.has_escapes || other.has_escapes) && self.unescape() == other.unescape())
    }

    /// The text itself.
    #[inline]
    pub fn unescape(&self) -> Cow<'a, str> {
        if self.has_escapes {
            Cow::Owned(self.unescaped())
        } else {
            Cow::Borrowed(self.raw)
        }
    }

    #[cold]
    #[inline(never)]
    fn unescaped(&self) -> String {
        let mut out = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some((plain, after)) = rest.split_once('\\') {
            out.push_str(plain);
            let (letter, after) = after.split_at_checked(1).unwrap_or(("", ""));
            rest = after;
            match letter {
                "n" => out.push('\n'),
                "t" => out.push('\t'),
                "r" => out.push('\r'),
                "b" => out.push('\u{8}'),
                "f" => out.push('\u{c}'),
                "u" => out.push(escaped(&mut rest)),
                itself => out.push_str(itself),
            }
        }
        out.push_str(rest);
        out
    }
}

/// The character of `\uXXXX`, joined with a second one where the first is half of a pair. A lone half becomes
/// the replacement character, as a text encoder makes of it.
fn escaped(rest: &mut &str) -> char {
    let first = hex(rest);
    if let (0xd800..0xdc00, Some(mut ahead)) = (first, rest.strip_prefix("\\u")) {
        let second = hex(&mut ahead);
        if (0xdc00..0xe000).contains(&second) {
            *rest = ahead;
            let high = first.wrapping_sub(0xd800) << 10;
            let both = 0x10000_u32.wrapping_add(high | second.wrapping_sub(0xdc00));
            return char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
    }
    char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Four hexadecimal digits, which the parser has seen to be there.
fn hex(rest: &mut &str) -> u32 {
    let (digits, after) = rest.split_at_checked(4).unwrap_or((rest, ""));
    *rest = after;
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0);
    digits.bytes().fold(0, |number, byte| number << 4 | digit(byte))
}

/// The parser: the text and where it is.
pub struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning.
    ///
    /// # Errors
    /// `json_malformed` when the bytes are no UTF-8.
    pub fn new(bytes: &'a [u8]) -> Result<Reader<'a>, Error> {
        let text = core::str::from_utf8(bytes)
            .map_err(|error| malformed("the body is not UTF-8", "send UTF-8 text", error.valid_up_to()))?;
        Ok(Reader { text, bytes, at: 0, depth: 0 })
    }

    /// Where the reader is, in bytes.
    pub fn position(&self) -> usize {
        self.at
    }

    #[inline]
    fn peek(&mut self) -> u8 {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.step(),
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    #[inline]
    fn step(&mut self) {
        self.pass(1);
    }

    /// Goes on by bytes that are there: the position stays within the text, so it cannot wrap.
    #[inline]
    fn pass(&mut self, bytes: usize) {
        self.at = self.at.wrapping_add(bytes);
    }

    fn unexpected<T>(&self, wanted: &str) -> Result<T, Error> {
        Err(malformed(&["the body is no JSON: ", wanted, " is expected"].concat(), "send well-formed JSON", self.at))
    }

    #[inline]
    fn expect(&mut self, byte: u8, name: &str) -> Result<(), Error> {
        if self.peek() != byte {
            return self.unexpected(name);
        }
        self.step();
        Ok(())
    }

    /// Begins an object; its members are read with [`member`](Reader::member).
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn open_object(&mut self) -> Result<(), Error> {
        self.expect(b'{', "an object")?;
        self.enter()
    }

    /// The name of the object's next member, whose value comes next; nothing at the object's end.
    ///
    /// # Errors
    /// `json_malformed`.
    #[inline(never)]
    pub fn member(&mut self, is_first: bool) -> Result<Option<Text<'a>>, Error> {
        if !self.goes_on(b'}', is_first, "`,` or `}`")? {
            return Ok(None);
        }
        let key = self.string()?;
        self.expect(b':', "`:`")?;
        Ok(Some(key))
    }

    /// Begins an array; its elements are read after [`element`](Reader::element).
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn open_array(&mut self) -> Result<(), Error> {
        self.expect(b'[', "an array")?;
        self.enter()
    }

    /// Whether another element of the array comes next.
    ///
    /// # Errors
    /// `json_malformed`.
    #[inline]
    pub fn element(&mut self, is_first: bool) -> Result<bool, Error> {
        self.goes_on(b']', is_first, "`,` or `]`")
    }

    #[inline]
    fn goes_on(&mut self, end: u8, is_first: bool, wanted: &str) -> Result<bool, Error> {
        match self.peek() {
            byte if byte == end => {
                self.step();
                self.depth = self.depth.saturating_sub(1);
                return Ok(false);
            }
            b',' if !is_first => self.step(),
            _ if is_first => {}
            _ => return self.unexpected(wanted),
        }
        Ok(true)
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err(malformed("the body is nested too deeply", "send at most 32 levels", self.at));
        }
        Ok(())
    }

    /// Whether an array comes next.
    #[inline]
    pub fn is_array(&mut self) -> bool {
        self.peek() == b'['
    }

    /// Whether a text comes next.
    #[inline]
    pub fn is_text(&mut self) -> bool {
        self.peek() == b'"'
    }

    /// Whether an object comes next.
    #[inline]
    pub fn is_object(&mut self) -> bool {
        self.peek() == b'{'
    }

    /// Reads `null` if it comes next.
    pub fn null(&mut self) -> bool {
        let null = self.peek() == b'n' && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"null"));
        if null {
            self.pass(4);
        }
        null
    }

    /// Reads a string.
    ///
    /// # Errors
    /// `json_malformed`.
    #[inline(never)]
    pub fn string(&mut self) -> Result<Text<'a>, Error> {
        self.expect(b'"', "a text")?;
        let from = self.at;
        let mut has_escapes = false;
        loop {
            self.pass(plain_length(self.bytes.get(self.at..).unwrap_or(&[])));
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.escape()?;
                }
                _ => return self.unexpected("the end of a text"),
            }
        }
        let raw = self.text.get(from..self.at).unwrap_or("");
        self.step();
        Ok(Text { raw, has_escapes })
    }

    fn escape(&mut self) -> Result<(), Error> {
        self.step();
        match self.bytes.get(self.at) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.step(),
            Some(b'u') => {
                let digits = self.bytes.get(self.at.saturating_add(1)..self.at.saturating_add(5));
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return self.unexpected("four hexadecimal digits");
                }
                self.pass(5);
            }
            _ => return self.unexpected("an escape"),
        }
        Ok(())
    }

    /// Reads any scalar; arrays and objects are not scalars.
    ///
    /// # Errors
    /// `json_malformed`.
    #[inline(never)]
    pub fn scalar(&mut self) -> Result<Scalar<'a>, Error> {
        match self.peek() {
            b'"' => Ok(Scalar::Text(self.string()?)),
            b't' => self.word(b"true", Scalar::Boolean(true)),
            b'f' => self.word(b"false", Scalar::Boolean(false)),
            b'n' => self.word(b"null", Scalar::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.unexpected("a value"),
        }
    }

    fn word(&mut self, word: &[u8], value: Scalar<'a>) -> Result<Scalar<'a>, Error> {
        if !self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return self.unexpected("a value");
        }
        self.pass(word.len());
        Ok(value)
    }

    #[inline]
    fn number(&mut self) -> Result<Scalar<'a>, Error> {
        let from = self.at;
        let is_negative = self.bytes.get(self.at) == Some(&b'-');
        if is_negative {
            self.step();
        }
        let first = self.at;
        // wraps only beyond 18 digits, and then it is not used
        let mut magnitude = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(i64::from(digit & 15));
            self.step();
        }
        let count = self.at.wrapping_sub(first);
        if count == 0 || (count > 1 && self.bytes.get(first) == Some(&b'0')) {
            return self.unexpected("a number");
        }
        if let Some(b'.' | b'e' | b'E') = self.bytes.get(self.at) {
            return self.fractional(from);
        }
        if count > 16 || magnitude > crate::money::MAX_AMOUNT {
            return Ok(Scalar::OtherNumber);
        }
        Ok(Scalar::Number(if is_negative { magnitude.wrapping_neg() } else { magnitude }))
    }

    /// The rest of a number spelled with a fraction or exponent: whole ones such as `5.0` and `1e3` count as
    /// whole, as they do for JavaScript, which keeps no spelling.
    #[cold]
    fn fractional(&mut self, from: usize) -> Result<Scalar<'a>, Error> {
        if self.bytes.get(self.at) == Some(&b'.') {
            self.step();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.step();
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.step();
            }
            self.digits()?;
        }
        let text = self.text.get(from..self.at).unwrap_or("");
        Ok(match whole(text).filter(|magnitude| *magnitude <= crate::money::MAX_AMOUNT) {
            Some(magnitude) => Scalar::Number(if text.starts_with('-') { magnitude.wrapping_neg() } else { magnitude }),
            None => Scalar::OtherNumber,
        })
    }

    fn digits(&mut self) -> Result<(), Error> {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.step();
        }
        if self.at == from {
            return self.unexpected("a digit");
        }
        Ok(())
    }

    /// Passes over any value.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn skip(&mut self) -> Result<(), Error> {
        let mut is_first = true;
        match self.peek() {
            b'{' => {
                self.open_object()?;
                while self.member(is_first)?.is_some() {
                    self.skip()?;
                    is_first = false;
                }
            }
            b'[' => {
                self.open_array()?;
                while self.element(is_first)? {
                    self.skip()?;
                    is_first = false;
                }
            }
            _ => drop(self.scalar()?),
        }
        Ok(())
    }

    /// Nothing may follow.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn finish(&mut self) -> Result<(), Error> {
        match self.peek() {
            0 if self.at >= self.bytes.len() => Ok(()),
            _ => self.unexpected("the end of the body"),
        }
    }
}

/// How many bytes stand for themselves in a JSON string: those before the next quote, backslash or control
/// character. Eight at a time, because strings are most of a request.
#[inline]
fn plain_length(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // marks bytes below `bound` by their high bit: the first mark is right, a borrow may leave wrong ones after it
    let below = |word: u64, bound: u64| word.wrapping_sub(EACH.wrapping_mul(bound)) & !word & HIGH;
    let is = |word: u64, byte: u8| below(word ^ EACH.wrapping_mul(u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut passed = 0_usize;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | is(word, b'"') | is(word, b'\\');
        if special != 0 {
            let byte = special.trailing_zeros() / 8;
            return passed.wrapping_add(byte as usize);
        }
        passed = passed.wrapping_add(8);
    }
    let is_plain = |byte: &&u8| **byte >= 0x20 && **byte != b'"' && **byte != b'\\';
    passed.wrapping_add(rest.iter().take_while(is_plain).count())
}

/// The magnitude of a well-formed JSON number, if it is whole.
fn whole(text: &str) -> Option<i64> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let mut shift: i64 = exponent.parse().ok()?;
    let mut magnitude = 0_i64;
    // zeros count only once another digit follows: a tail of them is no fraction
    let mut zeros = 0_i64;
    let mut is_fraction = false;
    for byte in digits.bytes() {
        match byte {
            b'.' => is_fraction = true,
            b'0'..=b'9' => {
                shift = shift.saturating_sub(i64::from(is_fraction));
                zeros = zeros.saturating_add(1);
                if byte != b'0' {
                    magnitude = scaled(magnitude, zeros)?.checked_add(i64::from(byte.wrapping_sub(b'0')))?;
                    zeros = 0;
                }
            }
            _ => {}
        }
    }
    match shift.saturating_add(zeros) {
        _ if magnitude == 0 => Some(0),
        ..=-1 => None,
        shift => scaled(magnitude, shift),
    }
}

/// Ten times as much, `times` over.
fn scaled(magnitude: i64, times: i64) -> Option<i64> {
    match magnitude {
        0 => Some(0),
        _ => magnitude.checked_mul(10_i64.checked_pow(u32::try_from(times).ok()?)?),
    }
}

#[cold]
#[inline(never)]
fn malformed(message: &str, help: &str, at: usize) -> Error {
    let offset = i64::try_from(at).unwrap_or(i64::MAX);
    Diagnostic::new("json_malformed", message, help).number("offset", offset).at(Document::Request, "").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn accepts(text: &str) -> bool {
        let Ok(mut reader) = Reader::new(text.as_bytes()) else { return false };
        reader.skip().and_then(|()| reader.finish()).is_ok()
    }

    #[test]
    fn a_text_ends_at_its_quote_wherever_that_stands() {
        for length in 0..40 {
            for special in ['"', '\\', '\u{0}', '\u{1f}'] {
                for after in ["", "é\"\\\u{7f}\u{80}!,and more to come"] {
                    // bytes next to the special ones on either side are plain
                    let plain: String = "a!#[]\u{20}\u{7f}é\u{10ffff}".chars().cycle().take(length).collect();
                    let text = format!("{plain}{special}{after}");
                    assert_eq!(plain_length(text.as_bytes()), plain.len(), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn accepts_and_refuses_as_a_general_parser_does() {
        let texts = [
            "{}",
            "[]",
            "0",
            "-0",
            "1.5",
            "1e3",
            "-1.5E-3",
            "\"a\\u00e9\\n\"",
            "{\"a\":[1,{\"b\":null}]}",
            " true ",
            "",
            "{",
            "[1,]",
            "{\"a\":}",
            "{\"a\" 1}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\n\"",
            "[1 2]",
            "{}{}",
            "{'a':1}",
            "nul",
            "[\"a\"",
            "-",
            "{\"a\":1,}",
            "\u{0}",
        ];
        for text in texts {
            assert_eq!(accepts(text), serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn strings_unescape_like_a_general_parser() {
        for text in [r#""a\"b\\c\/d\n\t\r\b\f""#, r#""\u00e9\u20ac""#, r#""\ud83d\ude00x""#, r#""plain é""#] {
            let mine = Reader::new(text.as_bytes()).unwrap().string().unwrap().unescape().into_owned();
            assert_eq!(mine, serde_json::from_str::<String>(text).unwrap());
        }
    }

    #[test]
    fn numbers_are_whole_up_to_what_javascript_holds() {
        let of = |text: &'static str| Reader::new(text.as_bytes()).unwrap().scalar().unwrap();
        assert_eq!(of("9007199254740991"), Scalar::Number(9_007_199_254_740_991));
        assert_eq!(of("9007199254740992"), Scalar::OtherNumber);
        assert_eq!(of("-12"), Scalar::Number(-12));
        assert_eq!(of("5.0"), Scalar::Number(5));
        assert_eq!(of("1e3"), Scalar::Number(1000));
        assert_eq!(of("0.5"), Scalar::OtherNumber);
        for (text, number) in [
            ("-1.250e2", -125),
            ("1200e-2", 12),
            ("0.0", 0),
            ("-0.0e9", 0),
            ("90071992547409.910e2", 9_007_199_254_740_991),
            ("0e99", 0),
            ("0.000000000000000000000000000003e30", 3),
        ] {
            assert_eq!(of(text), Scalar::Number(number), "{text}");
        }
        for text in
            ["1e400", "1e99999999999999999999", "1.5", "0.00012E+4", "12e-2", "9007199254740991.5", "1e16", "-1e16"]
        {
            assert_eq!(of(text), Scalar::OtherNumber, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(accepts(&deep(32)));
        assert!(!accepts(&deep(33)));
        assert!(!accepts(&"[".repeat(100_000)));
    }
}
