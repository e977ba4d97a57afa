//! A formula as a tree: what it asks, and what it does with that.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use rust_decimal::Decimal;
use serde_json::{json, Value};

use super::super::super::formula::{tokens, Token};

/// A part of a formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Number(Decimal),
    Name(Name),
    Of(Operation, Vec<Tree>),
}

/// What a formula asks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Name {
    /// A fact of the cart, by its place in [`FACTS`].
    Fact(usize),
    /// Metadata of the order.
    Order(String),
    /// Metadata of the customer.
    Customer(String),
}

/// Facts by their names there and here, and whether they are amounts.
pub(super) const FACTS: [(&str, &str, bool); 11] = [
    ("ORDER_AMOUNT", "order_subtotal", true),
    ("ORDER_INITIAL_AMOUNT", "order_subtotal", true),
    ("ORDER_TOTAL_AMOUNT", "order_left", true),
    ("ORDER_ITEMS_QUANTITY", "order_lines", false),
    ("ORDER_UNITS_QUANTITY", "order_units", false),
    ("ORDER_ITEM_PRICE", "unit_price", true),
    ("ORDER_ITEM_AMOUNT", "line_subtotal", true),
    ("ORDER_ITEM_SUBTOTAL", "line_left", true),
    ("ORDER_ITEM_UNITS_QUANTITY", "line_units", false),
    ("CHEAPEST_ORDER_ITEM_PRICE", "cheapest_price", true),
    ("MOST_EXPENSIVE_ORDER_ITEM_PRICE", "dearest_price", true),
];

impl Name {
    fn fact(&self) -> Option<&'static (&'static str, &'static str, bool)> {
        match self {
            Name::Fact(place) => FACTS.get(*place),
            Name::Order(_) | Name::Customer(_) => None,
        }
    }

    pub(super) fn is_money(&self) -> bool {
        self.fact().is_some_and(|(.., is_money)| *is_money)
    }

    pub(super) fn is_of_line(&self) -> bool {
        self.fact().is_some_and(|(name, ..)| name.starts_with("ORDER_ITEM_"))
    }

    pub(super) fn is_extreme(&self) -> bool {
        self.fact().is_some_and(|(name, ..)| name.ends_with("ORDER_ITEM_PRICE") && !name.starts_with("ORDER"))
    }

    pub(super) fn expression(&self) -> Value {
        match self {
            Name::Fact(_) => json!({ "fact": self.fact().map(|(_, fact, _)| *fact) }),
            Name::Order(key) => json!({ "attribute": key }),
            Name::Customer(key) => json!({ "customer": key }),
        }
    }
}

/// What a formula does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Min,
    Max,
    Default,
    /// `round`, `floor` or `ceil`, to so many places.
    Round(&'static str, i64),
    Negative,
    If,
    Above,
    NotBelow,
    Below,
    NotAbove,
    Equal,
    Differs,
    All,
    Any,
    Not,
}

impl Operation {
    /// As documents call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Operation::Add => "add",
            Operation::Subtract | Operation::Negative => "subtract",
            Operation::Multiply => "multiply",
            Operation::Divide => "divide",
            Operation::Remainder => "remainder",
            Operation::Power => "power",
            Operation::Min => "min",
            Operation::Max => "max",
            Operation::Default => "default",
            Operation::Round(way, _) => way,
            Operation::If => "if",
            Operation::Above | Operation::Below => "above",
            Operation::NotBelow | Operation::NotAbove => "at_least",
            Operation::Equal | Operation::Differs => "equal",
            Operation::All => "all",
            Operation::Any => "any",
            Operation::Not => "not",
        }
    }

    /// Its name where it makes an amount of amounts.
    pub(super) fn keeps_money(self) -> Option<&'static str> {
        use Operation::{Add, Default, Max, Min, Remainder, Subtract};
        matches!(self, Add | Subtract | Min | Max | Default | Remainder).then(|| self.name())
    }

    /// Whether it compares.
    pub(super) fn is_about_both(self) -> bool {
        use Operation::{Above, Below, Differs, Equal, NotAbove, NotBelow};
        matches!(self, Above | NotBelow | Below | NotAbove | Equal | Differs)
    }

    /// Whether its answer is yes or no.
    pub(super) fn is_question(self) -> bool {
        self.is_about_both() || matches!(self, Operation::All | Operation::Any | Operation::Not)
    }
}

/// How deep a formula may nest.
const MAX_DEPTH: u32 = 16;

/// Reads a formula; what in it no expression has.
pub(super) fn read(text: &str) -> Result<Tree, String> {
    let unreadable = || String::from("it cannot be read");
    let mut reader = Reader { tokens: tokens(text).ok_or_else(unreadable)?, at: 0, depth: 0 };
    let tree = reader.any()?;
    if reader.at == reader.tokens.len() {
        Ok(tree)
    } else {
        Err(unreadable())
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: u32,
}

type Read = Result<Tree, String>;

fn of(operation: Operation, trees: impl Into<Vec<Tree>>) -> Tree {
    Tree::Of(operation, trees.into())
}

impl Reader {
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
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return Err("it is deeper than a formula of a document may be".into());
        }
        let mut left = self.all()?;
        while self.word("OR") {
            left = of(Operation::Any, [left, self.all()?]);
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(left)
    }

    fn all(&mut self) -> Read {
        let mut left = self.comparison()?;
        while self.word("AND") {
            left = of(Operation::All, [left, self.comparison()?]);
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Read {
        const SIGNS: [(&str, Operation); 8] = [
            (">=", Operation::NotBelow),
            ("<=", Operation::NotAbove),
            ("!=", Operation::Differs),
            ("<>", Operation::Differs),
            ("==", Operation::Equal),
            (">", Operation::Above),
            ("<", Operation::Below),
            ("=", Operation::Equal),
        ];
        let left = self.sum()?;
        let found = SIGNS.iter().find(|(sign, _)| self.sign(sign)).map(|(_, operation)| *operation);
        let found = found.or_else(|| self.word("isNot").then_some(Operation::Differs));
        match found.or_else(|| self.word("is").then_some(Operation::Equal)) {
            Some(operation) => Ok(of(operation, [left, self.sum()?])),
            None => Ok(left),
        }
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        loop {
            let operation = match () {
                () if self.sign("+") => Operation::Add,
                () if self.sign("-") => Operation::Subtract,
                () => return Ok(left),
            };
            left = of(operation, [left, self.product()?]);
        }
    }

    fn product(&mut self) -> Read {
        let mut left = self.signed()?;
        loop {
            let operation = match () {
                () if self.sign("*") || self.word("x") => Operation::Multiply,
                () if self.sign("/") => Operation::Divide,
                () if self.sign("%") => Operation::Remainder,
                () => return Ok(left),
            };
            left = of(operation, [left, self.signed()?]);
        }
    }

    fn signed(&mut self) -> Read {
        if !self.sign("-") {
            return self.primary();
        }
        Ok(match self.signed()? {
            Tree::Number(number) => Tree::Number(Decimal::ZERO.saturating_sub(number)),
            tree => of(Operation::Negative, [tree]),
        })
    }

    fn primary(&mut self) -> Read {
        if self.sign("(") {
            let inner = self.any()?;
            return if self.sign(")") { Ok(inner) } else { Err("a bracket is open".into()) };
        }
        let token = self.tokens.get(self.at).cloned();
        self.at = self.at.saturating_add(1);
        match token {
            Some(Token::Number(number)) => Ok(Tree::Number(number)),
            Some(Token::Word(name)) if self.sign("(") => self.call(&name.to_ascii_uppercase()),
            Some(Token::Word(name)) => named(&name.to_ascii_uppercase()),
            Some(Token::Text(text)) => Err(format!("a text has no number: \"{text}\"")),
            _ => Err("it cannot be read".into()),
        }
    }

    fn call(&mut self, name: &str) -> Read {
        if let "ORDER_METADATA" | "CUSTOMER_METADATA" | "CUSTOM_EVENT_METADATA" = name {
            let key = match self.tokens.get(self.at) {
                Some(Token::Text(key)) => key.clone(),
                _ => return Err(format!("`{name}` names no key")),
            };
            self.at = self.at.saturating_add(1);
            let named = if name == "CUSTOMER_METADATA" { Name::Customer(key) } else { Name::Order(key) };
            return if self.sign(")") { Ok(Tree::Name(named)) } else { Err("a bracket is open".into()) };
        }
        if !FUNCTIONS.contains(&name) {
            return Err(format!("no expression asks for `{name}`"));
        }
        let mut trees = Vec::new();
        while !self.sign(")") {
            if self.at >= self.tokens.len() {
                return Err("a bracket is open".into());
            }
            trees.push(self.any()?);
            let _ = self.sign(";") || self.sign(",");
        }
        applied(name, trees)
    }
}

const FUNCTIONS: [&str; 12] =
    ["MIN", "MAX", "DEFAULT_TO", "POW", "ABS", "NOT", "IF", "ROUND", "FLOOR", "CEIL", "SWITCH", "SWITCH_CASE"];

fn named(name: &str) -> Read {
    let name = match name {
        "ORDER_ITEM_SUBTOTAL_AMOUNT" => "ORDER_ITEM_SUBTOTAL",
        "ORDER_ITEM_QUANTITY" => "ORDER_ITEM_UNITS_QUANTITY",
        "TRUE" => return Ok(Tree::Number(Decimal::ONE)),
        "FALSE" => return Ok(Tree::Number(Decimal::ZERO)),
        name => name,
    };
    let place = FACTS.iter().position(|(known, ..)| *known == name);
    place.map(|place| Tree::Name(Name::Fact(place))).ok_or_else(|| format!("no expression asks for `{name}`"))
}

fn applied(name: &str, trees: Vec<Tree>) -> Read {
    let folded = |operation: Operation, trees: Vec<Tree>| {
        let joined = trees.into_iter().reduce(|left, right| of(operation, [left, right]));
        joined.ok_or_else(|| format!("`{name}` has nothing to work on"))
    };
    let wrong = || Err(format!("`{name}` takes other values"));
    match (name, trees.as_slice()) {
        ("MIN", _) => folded(Operation::Min, trees),
        ("MAX", _) => folded(Operation::Max, trees),
        ("DEFAULT_TO", _) => {
            let mut backwards = trees.into_iter().rev();
            let last = backwards.next().ok_or_else(|| format!("`{name}` has nothing to work on"))?;
            Ok(backwards.fold(last, |otherwise, tree| of(Operation::Default, [tree, otherwise])))
        }
        ("POW", [_, Tree::Number(power)]) if power.is_integer() && !power.is_sign_negative() => {
            Ok(of(Operation::Power, trees))
        }
        ("ABS", [inner]) => Ok(of(Operation::Max, [inner.clone(), of(Operation::Negative, [inner.clone()])])),
        ("NOT", [_]) => Ok(of(Operation::Not, trees)),
        ("IF", [_, _, _]) => Ok(of(Operation::If, trees)),
        ("ROUND" | "FLOOR" | "CEIL", [inner, rest @ ..]) => {
            let places = match rest {
                [] => Some(0),
                [Tree::Number(places)] => i64::try_from(*places).ok().filter(|places| (-9..=9).contains(places)),
                _ => None,
            };
            let way = match name {
                "ROUND" => "round",
                "FLOOR" => "floor",
                _ => "ceil",
            };
            places.map_or_else(wrong, |places| Ok(of(Operation::Round(way, places), [inner.clone()])))
        }
        ("SWITCH_CASE", [_, _]) => Ok(of(Operation::Equal, trees)),
        ("SWITCH", [subject, cases @ .., otherwise]) => {
            let mut tree = otherwise.clone();
            for case in cases.iter().rev() {
                let Tree::Of(Operation::Equal, case) = case else { return wrong() };
                let [value, result] = case.as_slice() else { return wrong() };
                let asked = of(Operation::Equal, [subject.clone(), value.clone()]);
                tree = of(Operation::If, [asked, result.clone(), tree]);
            }
            Ok(tree)
        }
        _ => wrong(),
    }
}
