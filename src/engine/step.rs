//! Steps: what a shopper can do to come nearer to a campaign, and what the cart is then.

use crate::cart::{Cart, EnteredCode, Marks, MAX_CODES, MAX_LINES, MAX_PRICE, MAX_QUANTITY};
use crate::catalog::Catalog;
use crate::condition::Given;
use crate::error::FixBy;
use crate::facts::Facts;
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::selector::Selector;
use crate::time::Timestamp;
use crate::vocabulary::{Figure, Spelling, Subject, Vocabulary, Word};
use alloc::string::String;
use alloc::vec::Vec;

const MINUTE: i64 = 60_000;

/// A step, and the condition that asks for it, if one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What changes.
    pub change: Change,
    /// Which condition of the campaign asks for it.
    pub condition: Option<u16>,
}

/// What a step changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A line of one unit at this price comes in, of a product that is selected.
    Spend {
        /// Minor units.
        amount: i64,
        /// Which products count.
        lines: Selector,
    },
    /// A line (as given) gets more units.
    Raise {
        /// How many.
        units: i64,
        /// Which line.
        given: u32,
    },
    /// Units come in of a product that is selected and whose price is not known: it counts as nothing.
    Add {
        /// How many.
        units: i64,
        /// Which products count.
        lines: Selector,
    },
    /// A line of one unit comes in, of a product that no other line has and whose price is not known.
    Another {
        /// Which products count.
        lines: Selector,
        /// The word that one of them has; zero where any will do.
        word: Word,
    },
    /// The customer or the situation has this word, instead of others where it can have only one.
    Be(Word),
    /// The order is placed at this moment.
    Wait(Timestamp),
    /// The order is placed before this moment: the hint tells what is lost from then on.
    Hurry(Timestamp),
    /// A code of this campaign is entered.
    Enter(u32),
    /// An entered code is removed.
    Remove(u32),
    /// Units that the campaign gives come in, marked as its gift.
    Accept(Given),
}

macro_rules! steps {
    ($($NAME:ident $code:literal $message:literal $help:literal [$($param:literal: $kind:ident),*])*) => {
        $(static $NAME: ReasonKind = ReasonKind {
            code: $code,
            message: $message,
            help: $help,
            fix_by: FixBy::Shopper,
            params: &[$(($param, ParamKind::$kind)),*],
            waits_for_cart: true,
        };)*

        /// Every kind of step.
        pub(crate) const STEPS: &[&ReasonKind] = &[$(&$NAME),*];
    };
}

steps! {
    SPEND "spend" "the cart is worth less than the campaign asks for" "add products worth {amount}" ["amount": Money]
    SPEND_ON "spend_on" "the products that count are worth less than the campaign asks for"
        "add products of `{value}` worth {amount}" ["amount": Money, "attribute": Attribute, "value": Word]
    ADD_UNITS "add_units" "a line has fewer units than bring more" "add {units} more" ["units": Count, "line": Line]
    ADD_PRODUCTS "add_products" "the cart has fewer units than bring more" "add {units} more" ["units": Count]
    ADD_PRODUCTS_OF "add_products_of" "a product that brings more is not in the cart"
        "add {units} of `{value}`" ["units": Count, "attribute": Attribute, "value": Word]
    ADD_ANOTHER "add_another" "the cart has fewer different products than bring more" "add a different product" []
    ADD_ANOTHER_OF "add_another_of" "the cart has fewer different products that count than bring more"
        "add a different one of `{value}`" ["attribute": Attribute, "value": Word]
    SIGN_IN "sign_in" "the campaign is for customers who are known"
        "sign in as a customer with `{attribute}` `{value}`" ["attribute": Attribute, "value": Word]
    JOIN "join_segment" "the campaign is for a group the customer is not in" "join `{segment}`" ["segment": Word]
    CHOOSE "choose" "the campaign asks for another choice" "choose `{value}`" ["attribute": Attribute, "value": Word]
    WAIT "wait" "the campaign does not run yet" "order from {until} on" ["until": Time]
    HURRY "hurry" "the campaign ends soon" "order before {until}" ["until": Time]
    ENTER_CODE "enter_code" "the campaign has a code" "enter the code {code}" ["code": KnownCode]
    ACCEPT_GIFT "accept_gift" "the campaign has a gift" "accept {units} of `{value}`"
        ["units": Count, "unitPrice": Money, "value": Word]
    REMOVE_CODE "remove_code" "an entered code keeps a better campaign from applying" "remove the code" ["code": Code]
}

impl Step {
    /// The step in words. `base` is the cart that it starts from.
    pub fn told(&self, base: &Cart, catalog: &Catalog) -> Reason {
        let vocabulary = catalog.vocabulary();
        let of = |word: Word| [i64::from(dimension(vocabulary, word).map_or(0, |(at, _)| at)), i64::from(word)];
        let (kind, values) = match self.change {
            Change::Spend { amount, lines } => match first_word(vocabulary, lines) {
                Some(word) => (&SPEND_ON, [amount, of(word)[0], of(word)[1]]),
                None => (&SPEND, [amount, 0, 0]),
            },
            Change::Raise { units, given } => (&ADD_UNITS, [units, i64::from(given), 0]),
            Change::Add { units, lines } => match first_word(vocabulary, lines) {
                Some(word) => (&ADD_PRODUCTS_OF, [units, of(word)[0], of(word)[1]]),
                None => (&ADD_PRODUCTS, [units, 0, 0]),
            },
            Change::Another { word: 0, .. } => (&ADD_ANOTHER, [0; 3]),
            Change::Another { word, .. } => (&ADD_ANOTHER_OF, [of(word)[0], of(word)[1], 0]),
            Change::Be(word) => match dimension(vocabulary, word) {
                Some((_, Subject::SignedIn)) => (&SIGN_IN, [of(word)[0], of(word)[1], 0]),
                Some((_, Subject::Segment | Subject::CustomerAttribute)) if !knows_customer(base, vocabulary) => {
                    (&SIGN_IN, [of(word)[0], of(word)[1], 0])
                }
                Some((_, Subject::Segment)) => (&JOIN, [i64::from(word), 0, 0]),
                _ => (&CHOOSE, [of(word)[0], of(word)[1], 0]),
            },
            Change::Wait(moment) => (&WAIT, [moment, 0, 0]),
            Change::Hurry(moment) => (&HURRY, [moment, 0, 0]),
            Change::Enter(promotion) => {
                let code = catalog.codes().iter().position(|(_, campaign)| *campaign == promotion);
                (&ENTER_CODE, [code.and_then(|code| i64::try_from(code).ok()).unwrap_or(-1), 0, 0])
            }
            Change::Accept(given) => (&ACCEPT_GIFT, [given.units, given.price, i64::from(given.product)]),
            Change::Remove(code) => (&REMOVE_CODE, [i64::from(code), 0, 0]),
        };
        Reason { kind, values, condition: self.condition }
    }

    /// What the step costs the shopper: goods at their price, a minute of waiting as one minor unit, anything else as
    /// one. `None` where goods come in whose price is not known.
    pub(super) fn effort(&self, base: &Cart) -> Option<i64> {
        Some(match self.change {
            Change::Spend { amount, .. } => amount,
            Change::Raise { units, given } => {
                let line = base.given_line(given as usize).and_then(|given| base.lines.get(given.line as usize));
                line.map_or(0, |line| line.price.saturating_mul(units))
            }
            Change::Add { .. } | Change::Another { .. } => return None,
            Change::Wait(moment) => {
                let minutes = moment.saturating_sub(base.now).saturating_add(MINUTE).saturating_sub(1);
                minutes.checked_div(MINUTE).unwrap_or(1)
            }
            Change::Accept(given) => given.cost.max(1),
            Change::Be(_) | Change::Hurry(_) | Change::Enter(_) | Change::Remove(_) => 1,
        })
    }

    /// How much of it there is, where there can be more and less: money or units.
    pub(super) fn size(&self) -> Option<i64> {
        match self.change {
            Change::Spend { amount: size, .. } | Change::Raise { units: size, .. } => Some(size),
            _ => None,
        }
    }

    /// The same step with so much of it.
    pub(super) fn of_size(&self, size: i64) -> Step {
        let change = match self.change {
            Change::Spend { lines, .. } => Change::Spend { amount: size, lines },
            Change::Raise { given, .. } => Change::Raise { units: size, given },
            other => other,
        };
        Step { change, ..*self }
    }

    /// How much there is of another step that differs in nothing else.
    fn size_of_same(&self, other: &Step) -> Option<i64> {
        let size = other.size()?;
        (self.of_size(size).change == other.change).then_some(size)
    }

    /// Joins a step of the same kind, so that both are one; `None` when they are two.
    pub(super) fn joined(&self, other: &Step) -> Option<Step> {
        let more = self.size_of_same(other)?;
        Some(self.of_size(self.size()?.saturating_add(more)))
    }

    /// Whether it is what another step is, with more of it.
    pub(super) fn is_more_than(&self, other: &Step) -> bool {
        self.size_of_same(other).is_some_and(|less| self.size() > Some(less))
    }

    /// Takes the step towards a campaign; `None` when that is not possible.
    pub(super) fn take(&self, cart: &mut Cart, catalog: &Catalog, promotion: u32) -> Option<()> {
        let vocabulary = catalog.vocabulary();
        match self.change {
            Change::Spend { amount, lines } => add_line(cart, vocabulary, amount, 1, words(vocabulary, lines)?)?,
            Change::Add { units, lines } => add_line(cart, vocabulary, 0, units, words(vocabulary, lines)?)?,
            Change::Another { lines, word } => {
                let mut words = words(vocabulary, lines)?;
                words.iter_mut().take(1).for_each(|first| *first = word);
                add_line(cart, vocabulary, 0, 1, words)?;
            }
            Change::Raise { units, given } => {
                let quantity = cart.given_line(given as usize)?.quantity.saturating_add(units);
                if quantity > MAX_QUANTITY || !cart.set_quantity(given as usize, quantity) {
                    return None;
                }
            }
            Change::Be(word) => be(cart, catalog, word)?,
            Change::Wait(moment) | Change::Hurry(moment) => cart.now = moment,
            Change::Accept(given) => {
                if given.price > MAX_PRICE || given.units > MAX_QUANTITY || cart.given_count() >= MAX_LINES {
                    return None;
                }
                let from = cart.words.len();
                cart.words.push(given.product);
                let marks = Marks { gift_of: Some(promotion), ..Marks::default() };
                cart.push_marked(given.price, 0, given.units, from, None, marks);
            }
            Change::Enter(promotion) if cart.codes.len() < MAX_CODES => {
                cart.codes.push(EnteredCode::Campaign(promotion));
            }
            Change::Enter(_) => return None,
            Change::Remove(code) => {
                if (code as usize) < cart.codes.len() {
                    cart.codes.remove(code as usize);
                }
            }
        }
        cart.check_total().ok()
    }
}

fn add_line(cart: &mut Cart, vocabulary: &Vocabulary, price: i64, quantity: i64, words: Vec<Word>) -> Option<()> {
    if price > MAX_PRICE || quantity > MAX_QUANTITY || cart.given_count() >= MAX_LINES {
        return None;
    }
    let next = cart.lines.len();
    for word in &words {
        // a number that selects the line can be compared too
        let Some((dimension, Spelling::Number(number))) = vocabulary.spelling(*word) else { continue };
        let place = vocabulary.line_numbers.iter().position(|known| known == dimension);
        if let Some(place) = place.and_then(|place| cart.numbers_of(next).get_mut(place)) {
            *place = *number;
        }
    }
    let from = cart.words.len();
    cart.words.extend(words.into_iter().flat_map(|word| coming_with(vocabulary, word)));
    cart.push_line(price, 0, quantity, from, None);
    Some(())
}

/// Gives the customer or the situation a word; the shopper can change only what is chosen, and who is not known yet.
fn be(cart: &mut Cart, catalog: &Catalog, word: Word) -> Option<()> {
    let vocabulary = catalog.vocabulary();
    let (at, subject) = dimension(vocabulary, word)?;
    let is_another = |other: &Word| vocabulary.spelling(*other).is_none_or(|(of, _)| *of != at);
    match subject {
        Subject::Segment => {}
        Subject::CustomerAttribute if !knows_customer(cart, vocabulary) => {
            let place = vocabulary.numbers.iter().position(|known| *known == Figure::Attribute(at));
            if let (Some(place), Some((_, Spelling::Number(number)))) = (place, vocabulary.spelling(word)) {
                cart.numbers.get_mut(place).into_iter().for_each(|place| *place = *number);
            }
        }
        Subject::SignedIn if is_true(vocabulary, word) => cart.context.retain(is_another),
        Subject::Country | Subject::Channel | Subject::PaymentMethod | Subject::Device => {
            cart.context.retain(is_another);
        }
        Subject::ShippingMethod => {
            // which of several charges would become another one is not known
            let [charge] = cart.shipping.as_mut_slice() else { return None };
            charge.method = word;
            cart.context.retain(is_another);
        }
        _ => return None,
    }
    cart.context.extend(coming_with(vocabulary, word));
    Some(())
}

/// A word and those that come with it: that there is a value, the patterns that a text fits, the categories above.
fn coming_with(vocabulary: &Vocabulary, word: Word) -> impl Iterator<Item = Word> + '_ {
    let value = vocabulary.spelling(word);
    let text = value.map_or_else(String::new, |(_, spelling)| spelling.text());
    let is_text = value.is_some_and(|(_, spelling)| !matches!(spelling, Spelling::Number(_) | Spelling::Boolean(_)));
    let is_path =
        dimension(vocabulary, word).is_some_and(|(_, of)| of == Subject::Category) && vocabulary.has_category_paths;
    let comes = move |spelling: &Spelling| match spelling {
        Spelling::Present => true,
        Spelling::Text(above) if is_text => {
            text.strip_prefix(above).is_some_and(|rest| rest.is_empty() || is_path && rest.starts_with('/'))
        }
        pattern => is_text && pattern.fits(text.as_bytes()),
    };
    let of_value = move |(dimension, spelling): &(u16, Spelling)| {
        value.is_some_and(|(of, own)| of == dimension && (own == spelling || comes(spelling)))
    };
    (1..).zip(&vocabulary.words).filter(move |(_, of)| of_value(of)).map(|(word, _)| word)
}

/// Whether a shopper may hear that a campaign asks for a word: where one lives is no choice, and whoever is known and in
/// another group is not told of this one.
pub(super) fn is_open(word: Word, facts: &Facts<'_>) -> bool {
    match dimension(facts.vocabulary, word) {
        Some((_, Subject::Country)) => false,
        Some((_, Subject::Segment)) => !knows_customer(facts.cart, facts.vocabulary),
        _ => true,
    }
}

/// Whether a word says that something is so.
fn is_true(vocabulary: &Vocabulary, word: Word) -> bool {
    matches!(vocabulary.spelling(word), Some((_, Spelling::Boolean(true))))
}

/// What a word describes: its dimension, and of what that speaks.
fn dimension(vocabulary: &Vocabulary, word: Word) -> Option<(u16, Subject)> {
    let (at, _) = vocabulary.spelling(word)?;
    Some((*at, vocabulary.dimensions.get(usize::from(*at))?.of))
}

/// Whether anything that rules ask is known of the customer.
fn knows_customer(cart: &Cart, vocabulary: &Vocabulary) -> bool {
    use crate::cart::MISSING;
    let of_customer = |word: &Word| {
        let of = dimension(vocabulary, *word).map(|(_, subject)| subject);
        matches!(of, Some(Subject::Segment | Subject::CustomerAttribute))
            || of == Some(Subject::SignedIn) && is_true(vocabulary, *word)
    };
    let dates = [cart.signed_up_at, cart.order_count, cart.last_order_at];
    dates.iter().chain(&cart.numbers).any(|number| *number != MISSING)
        || cart.birthday.is_some()
        || cart.context.iter().any(of_customer)
}

/// Whether no product in particular is selected: any will do, or any but some.
pub(super) fn is_any_product(vocabulary: &Vocabulary, lines: Selector) -> bool {
    match lines {
        Selector::All => true,
        Selector::Word(_) => false,
        Selector::Set(set) => {
            vocabulary.selector_set(set).is_some_and(|set| set.groups.is_empty() && set.bounds.is_empty())
        }
    }
}

/// Words that a selected line would carry; none where it depends on what the customer likes whether the line is selected,
/// or whether it has what others ask for, or where the line had to be two products.
fn words(vocabulary: &Vocabulary, lines: Selector) -> Option<Vec<Word>> {
    let words: Vec<Word> = match lines {
        Selector::All => Vec::new(),
        Selector::Word(word) => [word].into(),
        Selector::Set(set) => {
            let groups = vocabulary.selector_set(set)?.groups.iter();
            groups.map(|group| group.first().copied()).collect::<Option<_>>()?
        }
    };
    let of = |word: &Word| dimension(vocabulary, *word);
    let is_another =
        |word: &Word, at| words.iter().any(|other| other != word && of(other).is_some_and(|(other, _)| other == at));
    let is_liked_by = |(of, compared): &(u16, Spelling), at: u16| {
        let of = vocabulary.dimensions.get(usize::from(*of)).map(|dimension| dimension.of);
        of == Some(Subject::Favourite) && *compared == Spelling::Number(i64::from(at))
    };
    let cannot_be = |word: &Word| match of(word) {
        Some((_, Subject::Favourite)) => true,
        Some((at, Subject::Sku | Subject::Product)) if is_another(word, at) => true,
        Some((at, _)) => vocabulary.words.iter().any(|word| is_liked_by(word, at)),
        None => false,
    };
    (!words.iter().any(cannot_be)).then_some(words)
}

/// A further line of what is selected, of a product that no line has yet.
pub(super) fn another(facts: &Facts<'_>, lines: Selector) -> Option<Change> {
    let group = match &lines {
        Selector::All => &[][..],
        Selector::Word(word) => core::slice::from_ref(word),
        Selector::Set(set) => facts.vocabulary.selector_set(*set)?.groups.first().map_or(&[][..], Vec::as_slice),
    };
    let is_there = |word: &Word| facts.has(*word);
    let word = group.iter().find(|word| !is_there(word)).or(group.first()).copied().unwrap_or(0);
    let is_product = matches!(dimension(facts.vocabulary, word), Some((_, Subject::Sku | Subject::Product)));
    (!is_product || !is_there(&word)).then_some(Change::Another { lines, word })
}

fn first_word(vocabulary: &Vocabulary, lines: Selector) -> Option<Word> {
    words(vocabulary, lines)?.first().copied()
}
