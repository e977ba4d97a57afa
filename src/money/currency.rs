//! Currencies, each with its own exponent, and amounts as texts.

use super::Amount;
use crate::digits;
use crate::packed::packed;
use alloc::string::String;
use serde::Serialize;

/// The codes of ISO 4217 for money in use, one after the other, in their order.
const LISTED: &str =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCLFCLPCNYCOPCOU\
    CRCCUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJMDJODJPYKES\
    KGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDOMR\
    PABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZS\
    UAHUGXUSDUSNUYIUYUUYWUZSVEDVESVNDVUVWSTXAFXCDXCGXOFXPFYERZARZMWZWG";

packed! {
    /// A currency by its ISO 4217 code, with the number of decimals its minor unit has.
    ///
    /// ```
    /// use counterfoil::money::Currency;
    /// assert_eq!(Currency::parse("EUR").map(|c| c.exponent()), Some(2));
    /// assert_eq!(Currency::parse("JPY").map(|c| c.exponent()), Some(0));
    /// assert_eq!(Currency::parse("KWD").map(|c| c.exponent()), Some(3));
    /// assert_eq!(Currency::parse("CLF").map(|c| c.exponent()), Some(4));
    /// assert!(Currency::parse("euro").is_none());
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(transparent)]
    pub struct Currency([u8; 3]);
}

impl Currency {
    /// ISO's code for "no currency".
    pub const NONE: Currency = Currency(*b"XXX");

    /// Reads a three-letter upper-case code. Whether the code is on ISO's list is not asked.
    pub fn parse(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Currency(bytes))
    }

    /// Whether ISO 4217 lists the code for money in use. Funds and metals are not; neither is [`Currency::NONE`].
    ///
    /// ```
    /// use counterfoil::money::Currency;
    /// let is_listed = |code| Currency::parse(code).is_some_and(|currency| currency.is_listed());
    /// assert!(is_listed("EUR") && is_listed("ZWG"));
    /// assert!(!is_listed("XQX") && !is_listed("XXX"));
    /// ```
    pub fn is_listed(&self) -> bool {
        let (codes, _) = LISTED.as_bytes().as_chunks::<3>();
        codes.binary_search(&self.0).is_ok()
    }

    /// The code, `EUR`.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimals of the minor unit, after ISO 4217: 0, 3 and 4 where listed, 2 otherwise.
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// `amount` written with the currency's decimals and code: `12.50 EUR`, `500 JPY`, `-0.05 EUR`.
    pub fn write(&self, amount: Amount, out: &mut String) {
        self.write_in(self.exponent(), amount, out);
    }

    /// The same with so many decimals.
    pub fn write_in(&self, places: u32, amount: Amount, out: &mut String) {
        let minor = amount.minor();
        if minor < 0 {
            out.push('-');
        }
        let unit = 10_u64.saturating_pow(places);
        let (whole, part) = (minor.unsigned_abs().checked_div(unit), minor.unsigned_abs().checked_rem(unit));
        digits::push_padded(out, whole.unwrap_or(0), 1);
        if places > 0 {
            out.push('.');
            digits::push_padded(out, part.unwrap_or(0), places);
        }
        out.push(' ');
        out.push_str(self.code());
    }
}

/// A currency with the decimals that its minor unit has in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denomination {
    /// The currency.
    pub currency: Currency,
    /// Its decimals.
    pub places: u32,
}

impl Default for Denomination {
    fn default() -> Denomination {
        Currency::NONE.into()
    }
}

impl From<Currency> for Denomination {
    fn from(currency: Currency) -> Denomination {
        Denomination { currency, places: currency.exponent() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_in_the_list() {
        let (codes, rest) = LISTED.as_bytes().as_chunks::<3>();
        assert!(rest.is_empty() && codes.len() > 150);
        assert!(codes.iter().all(|code| Currency(*code).is_listed()));
        assert!(!Currency(*b"EUQ").is_listed() && !Currency(*b"ZZZ").is_listed() && !Currency::NONE.is_listed());
    }

    #[test]
    fn amounts_are_written_with_their_own_exponent() {
        let write = |code: &str, minor| {
            let mut out = String::new();
            Currency::parse(code).unwrap().write(Amount::new(minor), &mut out);
            out
        };
        assert_eq!(write("EUR", 1250), "12.50 EUR");
        assert_eq!(write("EUR", -5), "-0.05 EUR");
        assert_eq!(write("JPY", 500), "500 JPY");
        assert_eq!(write("KWD", 1), "0.001 KWD");
        assert_eq!(write("CLF", 12345), "1.2345 CLF");
    }
}
