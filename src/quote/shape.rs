//! What a quote is made of: one declaration, from which come the answer's slots, the JSON, the view in TypeScript and its
//! documented types.
//!
//! An answer is a row of whole numbers, the *slots*: each member of an object has one, in the order of the declaration. A
//! list's slot says how many elements follow, and an element's slots are those of its members.

use crate::json::write::Piece;

/// One object.
#[derive(Debug)]
pub struct Shape {
    /// Its members, in the order in which they are written.
    pub members: &'static [Member],
    /// Its name in TypeScript.
    #[cfg(test)]
    pub name: &'static str,
    /// What it is, for people.
    #[cfg(test)]
    pub doc: &'static str,
}

/// One member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its name as JSON that follows another member: `,"total":`.
    pub json: Piece,
    /// What its slot stands for.
    pub kind: Kind,
    /// Its name.
    #[cfg(test)]
    pub name: &'static str,
    /// What it is, for people.
    #[cfg(test)]
    pub doc: &'static str,
}

/// What a slot stands for.
#[derive(Debug)]
pub enum Kind {
    /// The letters of a currency.
    Currency,
    /// An amount or a count.
    Number,
    /// The same; absent where the slot is -1.
    NumberIfAny,
    /// A place in a list of names.
    Name(Names),
    /// The same; absent where the slot is -1.
    NameIfAny(Names),
    /// An object; absent where the slot is -1.
    ObjectIfAny(&'static Shape),
    /// A place in this list of words.
    Word(&'static [&'static str]),
    /// A bit for each of these words.
    Words(&'static [&'static str]),
    /// How many elements follow.
    List(&'static Shape),
    /// The same; absent where the slot is -1.
    ListIfAny(&'static Shape),
    /// How many reasons follow, of [`REASON_SLOTS`] each.
    Reasons,
    /// How many steps follow, told as reasons are.
    Steps,
    /// Which of these follows; its `type` is the name.
    OneOf(&'static [(&'static str, &'static Shape)]),
}

/// Where the names of an answer come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// The lines of the request.
    Line,
    /// Its shipping charges.
    Charge,
    /// Its codes.
    Code,
    /// Its payments.
    Payment,
    /// The campaigns of the snapshot.
    Campaign,
    /// The words of the snapshot, from 1 on.
    Product,
    /// Its levels.
    Level,
    /// Its dimensions: those of experiments.
    Experiment,
}

/// The slots of a reason: its kind, its campaign and its condition or -1, and its values.
pub const REASON_SLOTS: usize = 6;

macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $SHAPE:ident $name:literal {
        $($(#[doc = $of_member:literal])* $member:literal: $kind:expr,)*
    })*) => {$(
        $(#[doc = $doc])*
        pub static $SHAPE: Shape = Shape {
            members: &[$(Member {
                json: Piece::of(concat!(",\"", $member, "\":")),
                kind: $kind,
                #[cfg(test)]
                name: $member,
                #[cfg(test)]
                doc: concat!($($of_member, "\n"),*),
            }),*],
            #[cfg(test)]
            name: $name,
            #[cfg(test)]
            doc: concat!($($doc, "\n"),*),
        };
    )*};
}

use Kind::{
    Currency, List, ListIfAny, Name, NameIfAny, Number, NumberIfAny, ObjectIfAny, OneOf, Reasons, Steps, Word, Words,
};
use Names::{Campaign, Charge, Code, Experiment, Level, Line, Payment, Product};

shapes! {
    /// The engine's answer. Amounts are in minor units of the request's currency.
    QUOTE "Quote" {
        /// The request's currency.
        "currency": Currency,
        /// Sum of the lines at original prices.
        "subtotal": Number,
        /// All discounts, those on shipping included.
        "discountTotal": Number,
        /// Shipping before discounts.
        "shippingTotal": Number,
        /// `subtotal + shippingTotal - discountTotal`.
        "total": Number,
        /// What is left to pay after `payments`, in coins where `cashRounding` is asked for. Where prices are net it
        /// contains the taxes.
        "due": Number,
        /// Points this order earns.
        "points": Number,
        /// The lines as sent.
        "lines": List(&LINE),
        /// The shipping charges as sent.
        "shipping": List(&CHARGE),
        /// What applied, in order; then every entered code that did not, in the order typed.
        "outcomes": List(&OUTCOME),
        /// Points by campaign.
        "earned": List(&EARNED),
        /// The level that the customer has by spending, this order included where it counts; where the request tells what was
        /// spent.
        "level": NameIfAny(Level),
        /// `search_bound_reached`: more campaigns compete than the search for the best deal goes through, so that another
        /// combination may save more.
        "notices": Words(&["search_bound_reached"]),
        /// Near misses, best worth per effort first; with `include: ['hints']`.
        "hints": ListIfAny(&HINT),
        /// What campaigns give, in the cart or not. Nothing is counted for what is not in the cart.
        "gifts": List(&GIFT),
        /// What became of the lines that have `giftOf`, in their order.
        "giftLines": List(&GIFT_LINE),
        /// What each of the `payments` pays, in the order in which they are used.
        "payments": ListIfAny(&PAID),
        /// What rounding to coins changes.
        "cashRounding": ObjectIfAny(&COINS),
        /// The taxes of what is left; with `include: ['taxes']`.
        "taxes": ObjectIfAny(&TAXES),
        /// The variants of experiments that were given to the customer.
        "variants": ListIfAny(&VARIANT),
    }

    /// A variant of an experiment.
    VARIANT "Variant" {
        /// The experiment.
        "experiment": Name(Experiment),
        /// The variant, `held_out` for customers who are given none.
        "variant": Name(Product),
    }

    /// Units of one product that a campaign gives.
    GIFT "Gift" {
        /// The campaign.
        "redeemable": Name(Campaign),
        /// `proposed`: add a line with `giftOf` to accept; `in_cart`: priced; `declined`: by `declinedGifts`;
        /// `out_of_stock`: by `stock`.
        "state": Word(&["proposed", "in_cart", "declined", "out_of_stock"]),
        /// What is given.
        "product": OneOf(&[("sku", &GIFT_SKU), ("product", &GIFT_PRODUCT)]),
        /// How many units.
        "quantity": Number,
        /// What each of them costs with the campaign.
        "unitPrice": Number,
        /// What they cost less with it, together; 0 where that is not known.
        "worth": Number,
        /// Which gift of the campaign: those of one campaign and number are to choose from.
        "choice": Number,
        /// How many products of the choice may be taken.
        "choose": Number,
        /// Units that are given in exchange: their lines stay in the request and cost nothing then.
        "replaces": List(&REPLACED),
    }

    /// A stock keeping unit that is given.
    GIFT_SKU "GiftSku" {
        /// As lines have it.
        "id": Name(Product),
    }

    /// A product that is given, whatever the variant.
    GIFT_PRODUCT "GiftProduct" {
        /// As lines have it.
        "id": Name(Product),
    }

    /// Units of a line.
    REPLACED "ReplacedUnits" {
        /// The line.
        "line": Name(Line),
        /// How many.
        "units": Number,
    }

    /// What became of a line that is marked as a gift.
    GIFT_LINE "GiftLine" {
        /// The line.
        "line": Name(Line),
        /// Whose gift it is; absent where there is no such campaign.
        "redeemable": NameIfAny(Campaign),
        /// How many units the campaign gives.
        "given": Number,
        /// How many cost what they cost without it.
        "charged": Number,
        /// Why these are charged.
        "reasons": Reasons,
    }

    /// A line of the quote.
    LINE "QuoteLine" {
        /// The line of the request.
        "id": Name(Line),
        /// Original price of all units.
        "subtotal": Number,
        /// What discounts take off.
        "discount": Number,
        /// What is left.
        "total": Number,
        /// Runs of equal units; with `include: ['units']`.
        "units": ListIfAny(&RUN),
        /// The tax of what is left; with `include: ['taxes']`.
        "tax": ObjectIfAny(&TAX),
    }

    /// What is left, without tax and with it.
    TAX "Tax" {
        /// Without tax.
        "net": Number,
        /// The tax.
        "tax": Number,
        /// With tax.
        "gross": Number,
    }

    /// The taxes of a quote. The lines and the charges sum up to them.
    TAXES "Taxes" {
        /// Without tax.
        "net": Number,
        /// The tax.
        "tax": Number,
        /// With tax.
        "gross": Number,
        /// The same by rate, the lowest first.
        "rates": List(&TAX_RATE),
    }

    /// What is taxed at one rate.
    TAX_RATE "TaxOfRate" {
        /// The rate in millionths: 190000 is 19 %.
        "rate": Number,
        /// Without tax.
        "net": Number,
        /// The tax.
        "tax": Number,
    }

    /// What rounding to coins changes.
    COINS "QuoteCashRounding" {
        /// The smallest coin.
        "to": Number,
        /// What it adds to what is due; below zero where it takes away.
        "amount": Number,
    }

    /// What a payment pays.
    PAID "QuotePayment" {
        /// Its place in the request's list.
        "index": Number,
        /// Its id, where it has one.
        "id": NameIfAny(Payment),
        /// What became of it.
        "status": Word(&["used", "partly_used", "refused"]),
        /// What it pays.
        "amount": Number,
        /// The points that are spent, where points are exchanged.
        "points": NumberIfAny,
        /// What is left on it, minor units or points, where its balance is told.
        "left": NumberIfAny,
        /// What it pays of each line.
        "allocations": List(&SHARE),
        /// What it pays of each shipping charge.
        "shippingAllocations": List(&SHIPPING_SHARE),
        /// Why it pays no more.
        "reasons": Reasons,
    }

    /// Units of a line that cost the same.
    RUN "UnitRun" {
        /// How many.
        "count": Number,
        /// What each of them costs.
        "total": Number,
        /// Who took what off each of them.
        "allocations": List(&TAKEN),
    }

    /// What a campaign takes off a unit.
    TAKEN "UnitAllocation" {
        /// The campaign.
        "redeemable": Name(Campaign),
        /// Minor units.
        "amount": Number,
    }

    /// A shipping charge of the quote.
    CHARGE "QuoteShipping" {
        /// The charge of the request.
        "id": Name(Charge),
        /// Original price.
        "price": Number,
        /// What discounts take off.
        "discount": Number,
        /// What is left.
        "total": Number,
        /// The tax of what is left; with `include: ['taxes']`.
        "tax": ObjectIfAny(&TAX),
    }

    /// What became of a campaign or of an entered code.
    OUTCOME "Outcome" {
        /// The campaign; absent for a code that is not accepted.
        "redeemable": NameIfAny(Campaign),
        /// The code as typed, where one brought it.
        "code": NameIfAny(Code),
        /// `applied`; `inapplicable`: its own rules say no; `skipped`: another one won; `dormant`: accepted, waits for the
        /// cart; `deferred`: only the central source can tell.
        "status": Word(&["applied", "inapplicable", "skipped", "dormant", "deferred"]),
        /// What it takes off in all.
        "discount": Number,
        /// Its share of each line.
        "allocations": List(&SHARE),
        /// Its share of each shipping charge.
        "shippingAllocations": List(&SHIPPING_SHARE),
        /// What only the central source can decide: the quote assumes that it does not refuse. Limits of redemptions are
        /// told, and limits of units likewise.
        "openChecks": Words(&["redemption_limit", "customer_limit", "period_limit", "budget"]),
        /// Why it did not apply.
        "reasons": Reasons,
    }

    /// A campaign's share of a line.
    SHARE "Allocation" {
        /// The line.
        "line": Name(Line),
        /// Minor units.
        "amount": Number,
    }

    /// A campaign's share of a shipping charge.
    SHIPPING_SHARE "ShippingAllocation" {
        /// The charge.
        "shipping": Name(Charge),
        /// Minor units.
        "amount": Number,
    }

    /// Points that a campaign gives.
    EARNED "EarnedPoints" {
        /// The campaign.
        "redeemable": Name(Campaign),
        /// How many.
        "points": Number,
    }

    /// A near miss: what the shopper can do for more, and what it brings. Taking the steps and quoting again gives exactly
    /// that.
    HINT "Hint" {
        /// The campaign.
        "redeemable": Name(Campaign),
        /// What to do: one step, or two that are both taken.
        "steps": Steps,
        /// By how much `discountTotal` grows when the steps are taken; 0 where they lead to a gift that can be accepted and
        /// whose ordinary price is not known, or to units of any product where none has a price. With the step `hurry`: by how much it shrinks when
        /// the order comes too late.
        "worth": Number,
        /// How much of that the campaign itself brings: by how much grows what the order saves with the campaign against
        /// without it. The rest comes from other campaigns, which may give more on the goods that are added, or give way.
        "saves": Number,
        /// By how much `points` grows, or shrinks where it is below zero.
        "points": Number,
        /// What the steps cost the shopper, by which hints are sorted: goods at their price, a minute of waiting as one
        /// minor unit, any other step as one. Absent where goods are to be added whose price the request does not tell;
        /// they count as free in `worth`, and such hints come last.
        "effort": NumberIfAny,
        /// What the threshold counts that the first step leads to; `step` where it leads to none.
        "measure": Word(&["amount", "quantity", "step", "lines"]),
        /// The threshold; 1 where there is none.
        "required": Number,
        /// Where the cart is; 0 where there is no threshold.
        "actual": Number,
    }
}
