//! What a request is made of: one declaration, from which come the reader of its JSON, the encoder in TypeScript and its
//! documented types.

use crate::cart::{MAX_CODES, MAX_GIFTS, MAX_LINES, MAX_PRICE, MAX_REDEMPTIONS, MAX_SHIPPING, MAX_WORDS};
use crate::json::text::Name;
use crate::money::MAX_AMOUNT;
use crate::vocabulary::Subject;

/// One object.
#[derive(Debug)]
pub struct Shape {
    /// What becomes of it.
    pub role: Role,
    /// What it is called in refusals.
    pub what: &'static str,
    /// Its members. Others are passed over.
    pub members: &'static [Member],
    /// Its name in TypeScript.
    #[cfg(test)]
    pub name: &'static str,
    /// What it is, for people.
    #[cfg(test)]
    pub doc: &'static str,
}

/// What becomes of an object that has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The head of a cart.
    Request,
    /// A line of it.
    Line,
    /// A shipping charge of it.
    Charge,
    /// Its customer.
    Customer,
    /// The customer's history.
    Orders,
    /// A part of it.
    Bought,
    /// A payment.
    Payment,
    /// How much there is of a product.
    Stock,
    /// How the amount due is rounded.
    Cash,
    /// How often a campaign was used.
    Redemptions,
    /// What is spent of a budget.
    Budget,
}

/// One member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its name as it stands in most bodies.
    pub spelled: Name,
    /// What it holds.
    pub kind: Kind,
    /// Whether an object without it is refused. Another one may be `null`, as if it were not there.
    pub is_required: bool,
    /// What it is, for people.
    #[cfg(test)]
    pub doc: &'static str,
}

/// What a member holds.
#[derive(Debug)]
pub enum Kind {
    /// An ISO 4217 code.
    Currency,
    /// A whole number.
    Whole(Whole),
    /// A quantity: a whole number kept as the first of these numbers, or a decimal text, whose ten-thousandths are kept as
    /// the second.
    Quantity(usize, usize),
    /// A percentage as a decimal text, or a whole number, kept in millionths of one.
    Percent(usize),
    /// A text, kept as this one of its object.
    Text(usize),
    /// A text kept as this one of its object, which is a word too.
    OwnWord(usize, Subject),
    /// A text that is a word.
    Word(Subject),
    /// `true` or `false`, which is a word.
    Flag(Subject),
    /// Texts that are words.
    Words(Subject),
    /// Values by name that are words.
    Attributes(Subject),
    /// A civil day, with or without its year.
    Day,
    /// One of these texts; kept as its number.
    OneOf(usize, &'static [&'static str]),
    /// Some of these texts.
    Parts(List, &'static [&'static str]),
    /// Codes as typed.
    Codes(List),
    /// Ids of campaigns.
    Campaigns(List),
    /// The id of a campaign, kept as its number.
    Campaign(usize),
    /// An object.
    Object(&'static Shape),
    /// The same; anything else is passed over.
    ObjectIfAny(&'static Shape),
    /// Objects.
    List(List, &'static Shape),
}

/// A whole number of an object.
#[derive(Debug)]
pub struct Whole {
    /// Which of its numbers.
    pub to: usize,
    /// The least.
    pub least: i64,
    /// The most.
    pub most: i64,
    /// The code of a refusal outside.
    pub code: &'static str,
}

/// How long a list may be.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// The most elements.
    pub most: usize,
    /// The code of a refusal of more.
    pub code: &'static str,
}

/// The place of a text of a payment.
pub const METHOD: usize = 1;
/// The same.
pub const OF_CURRENCY: usize = 2;

macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $SHAPE:ident $role:ident $what:literal $name:literal {
        $($(#[doc = $of_member:literal])* $member:literal $need:ident $kind:expr,)*
    })*) => {$(
        $(#[doc = $doc])*
        pub static $SHAPE: Shape = Shape {
            role: Role::$role,
            what: $what,
            members: &[$(Member {
                name: $member,
                spelled: Name::of(concat!("\"", $member, "\":")),
                kind: $kind,
                is_required: shapes!($need),
                #[cfg(test)]
                doc: concat!($($of_member, "\n"),*),
            }),*],
            #[cfg(test)]
            name: $name,
            #[cfg(test)]
            doc: concat!($($doc, "\n"),*),
        };
    )*};
    (required) => { true };
    (optional) => { false };
}

use Kind::{
    Attributes, Campaign, Campaigns, Codes, Currency, Day, Object, ObjectIfAny, OneOf, OwnWord, Parts, Percent,
    Quantity, Text, Word,
};

const fn whole(to: usize, least: i64, most: i64) -> Kind {
    Kind::Whole(Whole { to, least, most, code: "amount_out_of_range" })
}

const fn moment(to: usize) -> Kind {
    whole(to, -MAX_AMOUNT, MAX_AMOUNT)
}

const fn at_most(most: usize, code: &'static str) -> List {
    List { most, code }
}

/// What a payment is made with; the first one is points.
pub const PAYMENTS: &[&str] = &["points", "gift_card", "store_credit", "other"];

/// What can be asked for besides the usual quote.
pub const PARTS: &[&str] = &["hints", "units", "taxes"];

/// What becomes of a part of the smallest coin.
pub const CASH_MODES: &[&str] = &["half_up", "half_down", "up", "down"];

/// The most words of one member.
pub const WORDS: List = at_most(MAX_WORDS, "too_many_words");

shapes! {
    /// A cart and what is known around it. Members that the format does not know are ignored.
    REQUEST Request "request" "QuoteRequest" {
        /// ISO 4217 code: `EUR`. All amounts are in its minor units.
        "currency" required Currency,
        /// Decimals of the currency's minor unit; default ISO 4217's. A currency that ISO does not list needs it.
        "exponent" optional Kind::Whole(Whole { to: 2, least: 0, most: 4, code: "field_invalid" }),
        /// The moment of the quote, UTC milliseconds; default the host's clock.
        "now" optional moment(0),
        /// Minutes the shopper's clocks are ahead of UTC, for birthdays and the like; default 0.
        "utcOffset" optional Kind::Whole(Whole { to: 1, least: -1_080, most: 1_080, code: "field_invalid" }),
        /// What is in the cart, at most 500. Each line has an id of its own.
        "lines" required Kind::List(at_most(MAX_LINES, "too_many_lines"), &LINE),
        /// Charges for shipping, at most 20. Each has an id of its own.
        "shipping" optional Kind::List(at_most(MAX_SHIPPING, "too_many_shipping_charges"), &CHARGE),
        /// Who buys, as far as it is known.
        "customer" optional Object(&CUSTOMER),
        /// Codes as typed, at most 10.
        "codes" optional Codes(at_most(MAX_CODES, "too_many_codes")),
        /// Country of delivery, ISO 3166-1: `IE`.
        "country" optional Word(Subject::Country),
        /// Region of delivery, ISO 3166-2 or the shop's own: `DE-BY`.
        "region" optional Word(Subject::Region),
        /// Postcode of delivery. Spaces, hyphens and the case of letters do not matter.
        "postcode" optional Word(Subject::Postcode),
        /// Sales channel.
        "channel" optional Word(Subject::Channel),
        /// Whether prices contain tax; default `gross`.
        "prices" optional OneOf(3, &["net", "gross"]),
        /// Whether tax is rounded on each line (default), or once for each rate and spread over its lines.
        "taxRounding" optional OneOf(4, &["line", "total"]),
        /// Rounds what is due to the coins there are.
        "cashRounding" optional Object(&CASH),
        /// Kind of device: `mobile`.
        "device" optional Word(Subject::Device),
        /// How the order is to be paid: `card`.
        "paymentMethod" optional Word(Subject::PaymentMethod),
        /// Whether something has to be shipped.
        "needsShipping" optional Kind::Flag(Subject::NeedsShipping),
        /// When the cart was begun, UTC milliseconds.
        "startedAt" optional moment(5),
        /// Anything else about the order that campaigns ask for.
        "attributes" optional Attributes(Subject::OrderAttribute),
        /// What is paid by other means, after discounts. Which are used first: those of lower `priority`, then those for
        /// some lines only, then those that end first, then points, gift cards, store credit and others, then as listed.
        "payments" optional Kind::List(at_most(MAX_SHIPPING, "too_many_payments"), &PAYMENT),
        /// Campaigns whose gifts the shopper does not want. Gifts that are in the cart all the same are accepted.
        "declinedGifts" optional Campaigns(at_most(MAX_GIFTS, "too_many_declined_gifts")),
        /// How much there is of products that may be given; enough where it is not told.
        "stock" optional Kind::List(at_most(MAX_GIFTS, "too_many_stock_entries"), &STOCK),
        /// How often campaigns were used, at most 100; as the central source tells. What is not told is an open check.
        "redemptions" optional Kind::List(at_most(MAX_REDEMPTIONS, "too_many_redemptions"), &REDEMPTIONS),
        /// What is spent of budgets that campaigns share, at most 100.
        "budgets" optional Kind::List(at_most(MAX_REDEMPTIONS, "too_many_budgets"), &BUDGET),
        /// Further parts of the answer.
        "include" optional Parts(at_most(8, "too_many_parts"), PARTS),
    }

    /// Units of one product at one price.
    LINE Line "line" "Line" {
        /// Names the line in the quote.
        "id" required Text(0),
        /// Stock keeping unit. Lines of the same sku (or product) and price are priced as one.
        "sku" optional OwnWord(1, Subject::Sku),
        /// Product.
        "product" optional OwnWord(2, Subject::Product),
        /// Price of one unit, minor units.
        "unitPrice" required whole(0, 0, MAX_PRICE),
        /// Units, 1 to 1,000,000; or a decimal text with up to four decimals, `1.25`. A line whose quantity is no whole
        /// number is one piece.
        "quantity" required Quantity(1, 5),
        /// Price of one unit when it is not on sale, minor units. A line whose price is below it is on sale.
        "regularPrice" optional whole(7, 0, MAX_PRICE),
        /// What discounts leave of the price of one unit at least, minor units. A line that costs no more takes none.
        "minPrice" optional whole(2, 0, MAX_PRICE),
        /// What one unit costs the shop, minor units, for campaigns' `minMargin`.
        "cost" optional whole(3, 0, MAX_PRICE),
        /// Tax in percent, as a decimal text: `19`, `5.5`.
        "taxRate" optional Percent(4),
        /// The campaign whose gift the line is: it prices the line, and no other does. Gifts do not count as bought.
        "giftOf" optional Campaign(6),
        /// Categories the product is in.
        "categories" optional Kind::Words(Subject::Category),
        /// Anything else that campaigns ask for.
        "attributes" optional Attributes(Subject::LineAttribute),
    }

    /// How much there is of a product.
    STOCK Stock "stock entry" "Stock" {
        /// Its stock keeping unit.
        "sku" optional Word(Subject::Sku),
        /// Or its product.
        "product" optional Word(Subject::Product),
        /// Units, those in the cart among them.
        "available" required whole(0, 0, MAX_AMOUNT),
    }

    /// A charge for shipping.
    CHARGE Charge "shipping charge" "Shipping" {
        /// The method: `standard`.
        "id" required Text(0),
        /// Minor units.
        "price" required whole(0, 0, MAX_PRICE),
        /// Tax in percent, as a decimal text.
        "taxRate" optional Percent(4),
    }

    /// Who buys. What is not known is left out: a condition on it then does not hold.
    CUSTOMER Customer "customer" "Customer" {
        /// Stable id. Experiments are assigned by it.
        "id" optional Text(0),
        /// Whether the customer is signed in; `false` for a guest.
        "signedIn" optional Kind::Flag(Subject::SignedIn),
        /// E-mail address, when it is known.
        "email" optional Word(Subject::Email),
        /// Segments the customer is in.
        "segments" optional Kind::Words(Subject::Segment),
        /// Anything else that campaigns ask for.
        "attributes" optional Attributes(Subject::CustomerAttribute),
        /// `1990-02-28`, or `--02-28` without the year.
        "birthday" optional Day,
        /// UTC milliseconds.
        "signedUpAt" optional moment(0),
        /// Spent before this order, minor units; for levels.
        "spent" optional whole(1, 0, MAX_AMOUNT),
        /// Orders before this one.
        "orders" optional ObjectIfAny(&ORDERS),
        /// How often the customer has redeemed campaigns, by their ids.
        "redemptions" optional Attributes(Subject::Redemptions),
    }

    /// Orders before this one.
    ORDERS Orders "order history" "OrderHistory" {
        /// How many.
        "count" optional whole(0, 0, MAX_AMOUNT),
        /// When the last one was placed, UTC milliseconds.
        "lastAt" optional moment(1),
        /// What was spent on them in all, minor units of the request's currency.
        "spent" optional whole(2, 0, MAX_AMOUNT),
        /// What was bought, by category or product, at most 1,000 entries. Each order counts where its products are, so do
        /// not repeat a category's orders in the category above it.
        "bought" optional Kind::List(WORDS, &BOUGHT),
    }

    /// Orders of one category or product.
    BOUGHT Bought "part of the order history" "Bought" {
        /// The category.
        "category" optional Text(0),
        /// Or the product.
        "product" optional Text(1),
        /// How many orders.
        "count" optional whole(0, 0, MAX_AMOUNT),
        /// When the last one was placed, UTC milliseconds.
        "lastAt" optional moment(1),
        /// What was spent on it, minor units of the request's currency.
        "spent" optional whole(2, 0, MAX_AMOUNT),
    }

    /// How often a campaign was used. What is not known is left out.
    REDEMPTIONS Redemptions "redemption count" "Redemptions" {
        /// The campaign. Those that the snapshot has not are passed over.
        "campaign" required Text(0),
        /// In all.
        "total" optional whole(0, 0, MAX_AMOUNT),
        /// By this customer.
        "byCustomer" optional whole(1, 0, MAX_AMOUNT),
        /// In this period.
        "inPeriod" optional whole(2, 0, MAX_AMOUNT),
        /// By this customer in this period.
        "byCustomerInPeriod" optional whole(3, 0, MAX_AMOUNT),
        /// What its discounts have taken of its own budget, minor units of the request's currency.
        "spent" optional whole(4, 0, MAX_AMOUNT),
        /// Units that its discounts were taken off in all.
        "units" optional whole(5, 0, MAX_AMOUNT),
        /// Units of this customer.
        "unitsByCustomer" optional whole(6, 0, MAX_AMOUNT),
    }

    /// What is spent of a budget that campaigns share.
    BUDGET Budget "budget" "BudgetSpent" {
        /// The budget. Those that the snapshot has not are passed over.
        "id" required Text(0),
        /// Minor units of the request's currency.
        "spent" required whole(0, 0, MAX_AMOUNT),
    }

    /// A payment by other means: an `amount`, or as much as is useful of a `balance`.
    PAYMENT Payment "payment" "Payment" {
        /// What with. Nothing is earned on what is paid with points.
        "type" required OneOf(0, PAYMENTS),
        /// Names it in the quote.
        "id" optional Text(0),
        /// The payment method of the snapshot that says what it may be used for.
        "method" optional Text(METHOD),
        /// How much shall be paid with it, minor units; with a `balance`, as much as is useful when absent.
        "amount" optional whole(1, 0, MAX_PRICE),
        /// The same in points, where its method exchanges points.
        "points" optional whole(3, 0, MAX_PRICE),
        /// What is on it: minor units, or points where its method exchanges points.
        "balance" optional whole(2, 0, MAX_PRICE),
        /// The currency of its balance; default the request's.
        "currency" optional Text(OF_CURRENCY),
        /// When it ends, UTC milliseconds.
        "expiresAt" optional moment(4),
        /// Lower ones are used first; default that of its method, or 100.
        "priority" optional Kind::Whole(Whole { to: 5, least: 0, most: 1_000_000, code: "field_invalid" }),
    }

    /// How the amount due is rounded.
    CASH Cash "cash rounding" "CashRounding" {
        /// The smallest coin, minor units: 5.
        "to" required Kind::Whole(Whole { to: 0, least: 1, most: 1_000_000, code: "field_invalid" }),
        /// What becomes of a part of it; default `half_up`.
        "mode" optional OneOf(1, CASH_MODES),
    }
}
