//! A strict pull parser for JSON (RFC 8259) over bytes.

use super::number::whole;
use super::text::{plain_length, Name, Text};
use crate::error::{Diagnostic, Document, Error};

/// Deepest nesting that is read; what lies deeper is refused.
pub const MAX_DEPTH: u32 = 32;

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

/// The parser: the text and where it is. The first fault is kept; nothing is read after it, so every loop ends, and
/// whoever reads asks once, at the [end](Reader::end).
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    fault: Option<Error>,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning. Bytes that are no UTF-8 are `json_malformed`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        let mut reader = Reader { text: "", at: 0, depth: 0, fault: None };
        match core::str::from_utf8(bytes) {
            Ok(text) => reader.text = text,
            Err(error) => {
                reader.at = error.valid_up_to();
                reader.malformed("the body is not UTF-8", "send UTF-8 text");
            }
        }
        reader
    }

    /// Whether nothing is wrong so far.
    #[inline]
    pub fn is_sound(&self) -> bool {
        self.fault.is_none()
    }

    /// Stops at a fault. Only the first one counts.
    #[cold]
    pub fn fail(&mut self, fault: Error) {
        self.text = "";
        self.fault.get_or_insert(fault);
    }

    /// The first fault, if there was any.
    ///
    /// # Errors
    /// `json_malformed`, or what the reader was [stopped](Reader::fail) with.
    pub fn end(self) -> Result<(), Error> {
        self.fault.map_or(Ok(()), Err)
    }

    #[cold]
    #[inline(never)]
    fn malformed(&mut self, message: &'static str, help: &'static str) {
        let offset = i64::try_from(self.at).unwrap_or(i64::MAX);
        let diagnostic = Diagnostic::new("json_malformed", message, help).number("offset", offset);
        self.fail(diagnostic.at(Document::Request, "").into());
    }

    #[cold]
    #[inline(never)]
    fn unexpected(&mut self, wanted: &'static str) {
        self.malformed(wanted, "send well-formed JSON");
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or(&[])
    }

    #[inline]
    fn peek(&mut self) -> u8 {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.step(),
                Some(byte) => return byte,
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

    #[inline]
    fn expect(&mut self, byte: u8, wanted: &'static str) {
        if self.peek() != byte {
            return self.unexpected(wanted);
        }
        self.step();
    }

    /// Begins an object; its members are read with [`member`](Reader::member).
    pub fn open_object(&mut self) {
        self.expect(b'{', "the body is no JSON: an object is expected");
        self.enter();
    }

    /// The name of the object's next member, whose value comes next; nothing at the object's end.
    #[inline(never)]
    pub fn member(&mut self, is_first: bool) -> Option<Text<'a>> {
        if !self.has_member(is_first) {
            return None;
        }
        let name = self.name();
        self.is_sound().then_some(name)
    }

    /// Whether another member of the object comes next.
    #[inline]
    pub fn has_member(&mut self, is_first: bool) -> bool {
        self.goes_on(b'}', is_first, "the body is no JSON: `,` or `}` is expected")
    }

    /// Passes over the next member's name if it is this one in its plainest spelling. Most names are, and it takes fewer
    /// steps to see that than to read them.
    #[inline]
    pub fn is_named(&mut self, name: &Name) -> bool {
        let next = self.rest().first_chunk().map_or(0, |next| u128::from_le_bytes(*next));
        let is_so = next & name.mask == name.spelled;
        if is_so {
            self.pass(name.length);
        }
        is_so
    }

    /// Reads the next member's name.
    #[inline]
    pub fn name(&mut self) -> Text<'a> {
        let name = self.string();
        self.expect(b':', "the body is no JSON: `:` is expected");
        name
    }

    /// Begins an array; its elements are read after [`element`](Reader::element).
    pub fn open_array(&mut self) {
        self.expect(b'[', "the body is no JSON: an array is expected");
        self.enter();
    }

    /// Whether another element of the array comes next.
    #[inline]
    pub fn element(&mut self, is_first: bool) -> bool {
        self.goes_on(b']', is_first, "the body is no JSON: `,` or `]` is expected")
    }

    #[inline]
    fn goes_on(&mut self, end: u8, is_first: bool, wanted: &'static str) -> bool {
        match self.peek() {
            byte if byte == end => {
                self.step();
                self.depth = self.depth.wrapping_sub(1);
                return false;
            }
            b',' if !is_first => self.step(),
            _ if is_first => {}
            _ => self.unexpected(wanted),
        }
        self.is_sound()
    }

    fn enter(&mut self) {
        self.depth = self.depth.wrapping_add(1);
        if self.depth > MAX_DEPTH {
            self.malformed("the body is nested too deeply", "send at most 32 levels");
        }
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
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == b'n' && self.word("null")
    }

    /// Reads a string.
    #[inline(never)]
    pub fn string(&mut self) -> Text<'a> {
        self.expect(b'"', "the body is no JSON: a text is expected");
        let from = self.at;
        let mut has_escapes = false;
        loop {
            self.pass(plain_length(self.rest()));
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.escape();
                }
                _ => {
                    self.unexpected("the body is no JSON: the end of a text is expected");
                    break;
                }
            }
        }
        let raw = self.text.get(from..self.at).unwrap_or("");
        self.step();
        Text { raw, has_escapes }
    }

    #[cold]
    #[inline(never)]
    fn escape(&mut self) {
        self.step();
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.step(),
            Some(b'u') => {
                let digits = self.rest().get(1..5).unwrap_or(b"?");
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return self.unexpected("the body is no JSON: four hexadecimal digits are expected");
                }
                self.pass(5);
            }
            _ => self.unexpected("the body is no JSON: an escape is expected"),
        }
    }

    /// Reads any scalar; arrays and objects are not scalars.
    #[inline(never)]
    pub fn scalar(&mut self) -> Scalar<'a> {
        match self.peek() {
            b'"' => return Scalar::Text(self.string()),
            b'-' | b'0'..=b'9' => return self.number(),
            b't' if self.word("true") => return Scalar::Boolean(true),
            b'f' if self.word("false") => return Scalar::Boolean(false),
            b'n' if self.word("null") => {}
            _ => self.unexpected("the body is no JSON: a value is expected"),
        }
        Scalar::Null
    }

    /// Reads this word if it comes next.
    #[inline(never)]
    fn word(&mut self, word: &str) -> bool {
        let is_there = self.rest().starts_with(word.as_bytes());
        if is_there {
            self.pass(word.len());
        }
        is_there
    }

    #[inline]
    fn number(&mut self) -> Scalar<'a> {
        let is_negative = self.byte() == Some(b'-');
        if is_negative {
            self.step();
        }
        let first = self.at;
        // wraps only beyond 18 digits, and then it is not used
        let mut magnitude = 0_i64;
        let leading = self.byte();
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            magnitude = magnitude.wrapping_mul(10).wrapping_add(i64::from(digit & 15));
            self.step();
        }
        let count = self.at.wrapping_sub(first);
        if count == 0 || (count > 1 && leading == Some(b'0')) {
            self.unexpected("the body is no JSON: a number is expected");
        }
        if let Some(b'.' | b'e' | b'E') = self.byte() {
            magnitude = self.fractional(first);
        } else if count > 16 {
            magnitude = i64::MAX;
        }
        if !(0..=crate::money::MAX_AMOUNT).contains(&magnitude) {
            return Scalar::OtherNumber;
        }
        Scalar::Number(if is_negative { magnitude.wrapping_neg() } else { magnitude })
    }

    /// The magnitude of a number that is spelled with a fraction or exponent: whole ones such as `5.0` and `1e3` count
    /// as whole, as they do for JavaScript, which keeps no spelling. Others are beyond every amount.
    #[cold]
    #[inline(never)]
    fn fractional(&mut self, first: usize) -> i64 {
        if self.byte() == Some(b'.') {
            self.step();
            self.digits();
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.step();
            if let Some(b'+' | b'-') = self.byte() {
                self.step();
            }
            self.digits();
        }
        whole(self.text.get(first..self.at).unwrap_or(""))
    }

    fn digits(&mut self) {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.step();
        }
        if self.at == from {
            self.unexpected("the body is no JSON: a digit is expected");
        }
    }

    /// Passes over any value.
    pub fn skip(&mut self) {
        let mut is_first = true;
        match self.peek() {
            b'{' => {
                self.open_object();
                while self.member(is_first).is_some() {
                    self.skip();
                    is_first = false;
                }
            }
            b'[' => {
                self.open_array();
                while self.element(is_first) {
                    self.skip();
                    is_first = false;
                }
            }
            _ => drop(self.scalar()),
        }
    }

    /// Nothing may follow.
    pub fn finish(&mut self) {
        self.peek();
        if !self.rest().is_empty() {
            self.unexpected("the body is no JSON: the end of the body is expected");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    fn accepts(text: &str) -> bool {
        let mut reader = Reader::new(text.as_bytes());
        reader.skip();
        reader.finish();
        reader.end().is_ok()
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
    fn nesting_ends_at_its_limit() {
        let nested = |depth: usize| format!("{}0{}", "[".repeat(depth), "]".repeat(depth));
        let most = usize::try_from(MAX_DEPTH).unwrap();
        assert_eq!([most - 1, most, most + 1].map(|depth| accepts(&nested(depth))), [true, true, false]);
    }

    #[test]
    fn strings_unescape_like_a_general_parser() {
        for text in [r#""a\"b\\c\/d\n\t\r\b\f""#, r#""\u00e9\u20ac""#, r#""\ud83d\ude00x""#, r#""plain é""#] {
            let mine = Reader::new(text.as_bytes()).string().unescape().into_owned();
            assert_eq!(mine, serde_json::from_str::<String>(text).unwrap());
        }
    }

    #[test]
    fn numbers_are_whole_up_to_what_javascript_holds() {
        let of = |text: &'static str| Reader::new(text.as_bytes()).scalar();
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
