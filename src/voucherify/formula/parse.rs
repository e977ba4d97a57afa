//! The grammar: comparisons and connectives over sums over products over functions, operands and literals. It is worked out as it
//! is read; what is not taken may have no number.

use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;

use super::{function, operand, Scope, Term};

/// How deep a formula may nest.
const MAX_DEPTH: u32 = 64;

/// Works out a formula.
pub(super) fn formula(text: &str, scope: &Scope<'_>) -> Option<Term> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, scope, depth: 0 };
    let term = reader.any()?;
    if reader.at == reader.tokens.len() {
        term
    } else {
        None
    }
}

/// A part of a formula's text.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::voucherify) enum Token {
    /// A number.
    Number(Decimal),
    /// What stands in quotes.
    Text(String),
    /// A name or a word.
    Word(String),
    /// A sign.
    Sign(&'static str),
}

const SIGNS: &[&str] =
    &[">=", "<=", "!=", "<>", "==", "+", "-", "*", "/", "%", ">", "<", "=", "(", ")", ";", "[", "]", ","];

/// The parts of a formula's text; nothing where one is none.
pub(in crate::voucherify) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' || first == '\'' {
            let body = rest.get(1..)?;
            let end = body.find(first)?;
            tokens.push(Token::Text(body.get(..end)?.into()));
            end.checked_add(2)?
        } else if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            tokens.push(Token::Number(rest.get(..end)?.parse().ok()?));
            end
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest.get(..end)?.into()));
            end
        } else if first == '×' || first == '÷' {
            tokens.push(Token::Sign(if first == '×' { "*" } else { "/" }));
            first.len_utf8()
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// The outer nothing is a formula that cannot be read, the inner one a part without a value.
type Read = Option<Option<Term>>;

pub(super) struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    scope: &'a Scope<'a>,
    depth: u32,
}

impl Reader<'_> {
    fn sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Sign(found)) if *found == sign);
        self.at = self.at.saturating_add(usize::from(is));
        is
    }

    fn word(&mut self, word: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.at = self.at.saturating_add(usize::from(is));
        is
    }

    fn any(&mut self) -> Read {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        let mut left = self.all()?;
        while self.word("OR") {
            let right = self.all()?;
            left = either(left, right, true);
        }
        self.depth = self.depth.saturating_sub(1);
        Some(left)
    }

    fn all(&mut self) -> Read {
        let mut left = self.comparison()?;
        while self.word("AND") {
            let right = self.comparison()?;
            left = either(left, right, false);
        }
        Some(left)
    }

    fn comparison(&mut self) -> Read {
        let left = self.sum()?;
        const TEXTUAL: &[&str] = &["isNot", "is", "contains", "startsWith", "endsWith", "NOT_IN_ARRAY", "IN_ARRAY"];
        const DATED: &[&str] = &["DATE_IS_NOT", "DATE_IS", "IS_AFTER", "IS_BEFORE"];
        if let Some(word) = DATED.iter().find(|word| self.word(word)) {
            let both = [left, self.sum()?];
            return Some(function::dated(word, &both, self.scope).map(Term::Flag));
        }
        const SIGNED: &[&str] = &[">=", "<=", "!=", "<>", "==", ">", "<", "="];
        let textual = TEXTUAL.iter().find(|word| self.word(word));
        let Some(operator) = textual.or_else(|| SIGNED.iter().find(|sign| self.sign(sign))) else { return Some(left) };
        let right = self.sum()?;
        Some(left.zip(right).and_then(|(left, right)| compare(&left, operator, &right)).map(Term::Flag))
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        loop {
            let operator = if self.sign("+") {
                Decimal::checked_add
            } else if self.sign("-") {
                Decimal::checked_sub
            } else {
                return Some(left);
            };
            let right = self.product()?;
            left = combined(left, right, operator);
        }
    }

    fn product(&mut self) -> Read {
        let mut left = self.signed()?;
        loop {
            // documents write the sign of multiplication as a letter, too
            let operator = if self.sign("*") || self.word("x") {
                Decimal::checked_mul
            } else if self.sign("/") {
                Decimal::checked_div
            } else if self.sign("%") {
                Decimal::checked_rem
            } else {
                return Some(left);
            };
            let right = self.signed()?;
            left = combined(left, right, operator);
        }
    }

    fn signed(&mut self) -> Read {
        if self.sign("-") {
            let below = self.signed()?;
            return Some(
                below.and_then(|term| term.number()).map(|number| Term::Number(Decimal::ZERO.saturating_sub(number))),
            );
        }
        self.primary()
    }

    fn primary(&mut self) -> Read {
        if self.sign("(") {
            let inner = self.any()?;
            return self.sign(")").then_some(inner);
        }
        if self.sign("[") {
            let terms = self.arguments("]")?;
            return Some(Some(Term::List(terms.into_iter().flatten().collect())));
        }
        let token = self.tokens.get(self.at)?.clone();
        self.at = self.at.saturating_add(1);
        match token {
            Token::Number(number) => Some(Some(Term::Number(number))),
            Token::Text(text) => Some(Some(Term::Text(text))),
            Token::Word(name) => {
                if self.sign("(") {
                    let arguments = self.arguments(")")?;
                    return function::call(&name, &arguments, self.scope);
                }
                operand::value(&name, self.scope)
            }
            Token::Sign(_) => None,
        }
    }

    /// What stands between brackets. Cases of a switch follow one another without a sign.
    fn arguments(&mut self, end: &str) -> Option<Vec<Option<Term>>> {
        let mut arguments = Vec::new();
        while !self.sign(end) {
            arguments.push(self.any()?);
            let _ = self.sign(";") || self.sign(",");
        }
        Some(arguments)
    }
}

fn either(left: Option<Term>, right: Option<Term>, any: bool) -> Option<Term> {
    let (left, right) = (left.and_then(|term| term.holds()), right.and_then(|term| term.holds()));
    match (left, right) {
        (Some(flag), _) | (_, Some(flag)) if flag == any => Some(Term::Flag(any)),
        (Some(_), Some(_)) => Some(Term::Flag(!any)),
        _ => None,
    }
}

fn combined(
    left: Option<Term>,
    right: Option<Term>,
    operator: fn(Decimal, Decimal) -> Option<Decimal>,
) -> Option<Term> {
    operator(left?.number()?, right?.number()?).map(Term::Number)
}

/// Compares two values.
pub(super) fn compare(left: &Term, operator: &str, right: &Term) -> Option<bool> {
    let numbers = || Some((left.number()?, right.number()?));
    let among = |list: &Term, one: &Term| match list {
        Term::List(terms) => terms.iter().any(|term| term.equals(one)),
        Term::Text(text) => text.split(',').any(|part| Term::Text(part.trim().into()).equals(one)),
        alone => alone.equals(one),
    };
    Some(match operator {
        "is" | "=" | "==" => left.equals(right),
        "isNot" | "!=" | "<>" => !left.equals(right),
        "contains" => match left {
            Term::List(_) => among(left, right),
            _ => left.text().contains(&right.text()),
        },
        "startsWith" => left.text().starts_with(&right.text()),
        "endsWith" => left.text().ends_with(&right.text()),
        "IN_ARRAY" => among(right, left),
        "NOT_IN_ARRAY" => !among(right, left),
        ">" => numbers().map(|(left, right)| left > right)?,
        "<" => numbers().map(|(left, right)| left < right)?,
        ">=" => numbers().map(|(left, right)| left >= right)?,
        "<=" => numbers().map(|(left, right)| left <= right)?,
        _ => return None,
    })
}
