//! Payments after discounts: gift cards, store credit, points. How much of a bill one of them pays, and why not more.
//!
//! A decision here looks at numbers alone, so whoever holds the true balance decides with the same code as a quote that
//! was told one. What a quote finds is what a redemption finds, unless the balance is another one by then.

use alloc::vec::Vec;

use crate::allocate::Allocation;
use crate::cart::{Payment, PaymentKind, MISSING};
use crate::error::FixBy;
use crate::money::{Amount, Currency, Rate, Rounding};
use crate::reason::{ParamKind, Reason, ReasonKind};
use crate::time::Timestamp;

mod method;

pub use method::{Exchange, Method, PaymentMethod};

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It pays what it was meant to.
    Used,
    /// It pays less than was asked for, or than it could.
    PartlyUsed,
    /// It pays nothing.
    Refused,
}

/// What is to be paid, part by part: lines first, then charges for shipping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// What is left to pay of each part, minor units.
    pub open: Vec<i64>,
    /// How many of the parts are lines.
    pub lines: usize,
    /// What all parts came to before any payment.
    pub total: i64,
}

/// What one payment may be used for.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The method that the snapshot defines, if the payment names one.
    pub method: Option<&'a Method>,
    /// By part of the bill: whether it may be paid so. All may when there are no words on it.
    pub covers: Option<&'a [bool]>,
    /// The most that the method allows in the bill's currency, if it says so.
    pub most: Option<i64>,
    /// What the points of the method's exchange are worth in the bill's currency.
    pub worth: Option<i64>,
}

/// How much a payment pays.
#[derive(Clone, Debug)]
pub struct Use {
    /// What became of it.
    pub status: Status,
    /// What it pays, minor units.
    pub amount: i64,
    /// The points that are spent, for a method that exchanges points.
    pub points: Option<i64>,
    /// What is left on it, minor units or points, if its balance is known.
    pub left: Option<i64>,
    /// Why it pays no more.
    pub reason: Option<(&'static ReasonKind, [i64; 3])>,
}

macro_rules! reasons {
    ($($NAME:ident $code:literal $message:literal $help:literal $fix_by:ident [$($param:literal $kind:ident),*];)*) => {
        $(static $NAME: ReasonKind = ReasonKind {
            code: $code,
            message: $message,
            help: $help,
            fix_by: FixBy::$fix_by,
            params: &[$(($param, ParamKind::$kind)),*],
            waits_for_cart: false,
        };)*

        /// Every reason that a payment can give.
        pub(crate) const REASONS: &[&ReasonKind] = &[$(&$NAME),*];
    };
}

reasons! {
    METHOD_UNKNOWN "payment_method_unknown" "this payment names a method that the shop does not have for it"
        "send the id of a payment method of this type" Developer [];
    CURRENCY_DIFFERS "payment_currency_differs" "the balance is in another currency"
        "pay in the currency of the balance" Shopper [];
    EXPIRED "payment_expired" "this payment has ended" "it ended at {endedAt}" Shopper ["endedAt" Time];
    EXCEEDS_BALANCE "payment_exceeds_balance" "there is less on it than shall be paid with it"
        "pay at most {balance} with it" Shopper ["asked" Money, "balance" Money];
    POINTS_EXCEED_BALANCE "points_exceed_balance" "there are fewer points than shall be spent"
        "spend at most {balance} points" Shopper ["asked" Count, "balance" Count];
    NO_EXCHANGE "points_have_no_worth" "these points pay nothing in the currency of the cart"
        "send the payment with a method that exchanges points in this currency" Merchant [];
    COVERS_NOTHING "payment_covers_nothing" "it may be used for chosen products only, and none of them is in the cart"
        "add a product that it may be used for" Shopper [];
    NOTHING_DUE "payment_not_needed" "there is nothing left that it could pay" "keep it for another order" Shopper [];
    COVERS_SOME "payment_covers_some" "the products that it may be used for are paid with it"
        "pay the rest by other means" Shopper ["covered" Money];
    LIMITED "payment_limited" "no more of an order may be paid so" "pay the rest by other means" Shopper ["limit" Money];
    POINTS_LIMITED "points_limited" "no more points may be spent on one order"
        "pay the rest by other means" Shopper ["limit" Count];
    TOO_FEW_POINTS "points_below_minimum" "these are fewer points than can be spent"
        "spend {required} points or more" Shopper ["required" Count, "actual" Count];
    IN_BLOCKS "points_in_blocks" "points are spent in blocks" "spend points in blocks of {block}" Shopper ["block" Count];
}

/// Why a payment is not taken at all, whatever is to be paid.
fn refusal(
    payment: &Payment,
    method: Option<&Method>,
    currency: Currency,
    now: Timestamp,
) -> Option<(&'static ReasonKind, [i64; 3])> {
    let is_other = method.is_some_and(|method| method.kind() != payment.kind);
    if payment.is_unknown || is_other {
        return Some((&METHOD_UNKNOWN, [0; 3]));
    }
    if payment.currency.is_some_and(|own| own != currency) {
        return Some((&CURRENCY_DIFFERS, [0; 3]));
    }
    // the moment of the end is the first one after it
    if payment.expires_at != MISSING && payment.expires_at <= now {
        return Some((&EXPIRED, [payment.expires_at, 0, 0]));
    }
    None
}

fn given(number: i64) -> Option<i64> {
    (number != MISSING).then_some(number)
}

/// Decides how much a payment pays of what is open, and takes it: lines in proportion to what is open of them, then
/// shipping. `shares` is filled with what it pays of each part.
pub fn pay(
    payment: &Payment,
    terms: Terms<'_>,
    (currency, now): (Currency, Timestamp),
    bill: &mut Bill,
    allocation: &mut Allocation,
    shares: &mut Vec<i64>,
) -> Use {
    let covers = |part: usize| terms.covers.is_none_or(|covers| covers.get(part).copied().unwrap_or(false));
    shares.clear();
    shares.extend(bill.open.iter().enumerate().map(|(part, open)| if covers(part) { *open } else { 0 }));
    let open = shares.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));
    let still_due = bill.open.iter().fold(0_i64, |sum, part| sum.saturating_add(*part));

    let mut used = refusal(payment, terms.method, currency, now).map_or_else(
        || decide(payment, terms, bill, open),
        |reason| Use { status: Status::Refused, amount: 0, points: None, left: None, reason: Some(reason) },
    );
    if used.amount > 0 && used.amount < still_due && used.amount == open && used.reason.is_none() {
        let could_pay_more = given(payment.amount).or(given(payment.balance)).is_some_and(|most| most > used.amount);
        if could_pay_more && open < still_due && used.points.is_none() {
            used.reason = Some((&COVERS_SOME, [open, 0, 0]));
            used.status = Status::PartlyUsed;
        }
    }
    if used.amount == 0 && used.reason.is_none() {
        let covers_any = (0..bill.open.len()).any(covers);
        used.reason = Some((if covers_any { &NOTHING_DUE } else { &COVERS_NOTHING }, [0; 3]));
    }
    if used.amount == 0 {
        used.status = Status::Refused;
    }
    used.left = given(payment.balance).map(|balance| balance.saturating_sub(used.points.unwrap_or(used.amount)));

    let of_bill = bill.lines.min(shares.len());
    let (lines, charges) = shares.split_at_mut(of_bill);
    let of_lines = lines.iter().fold(0_i64, |sum, part| sum.saturating_add(*part)).min(used.amount);
    allocation.split(of_lines, lines);
    allocation.split(used.amount.saturating_sub(of_lines), charges);
    for (open, share) in bill.open.iter_mut().zip(shares.iter()) {
        *open = open.saturating_sub(*share);
    }
    used
}

/// How much it pays of what is open for it.
fn decide(payment: &Payment, terms: Terms<'_>, bill: &Bill, open: i64) -> Use {
    let of_order = |share: Rate| share.of(Amount::new(bill.total), Rounding::Down).minor();
    let share = terms.method.and_then(|method| method.share).map(of_order);
    let limit = share.unwrap_or(i64::MAX).min(terms.most.unwrap_or(i64::MAX));
    match terms.method.and_then(|method| method.exchange.as_ref()) {
        Some(exchange) => exchange_points(payment, exchange, terms.worth, open, limit),
        None => pay_money(payment, open, limit),
    }
}

fn refused(reason: &'static ReasonKind, values: [i64; 3]) -> Use {
    Use { status: Status::Refused, amount: 0, points: None, left: None, reason: Some((reason, values)) }
}

fn pay_money(payment: &Payment, open: i64, limit: i64) -> Use {
    let (asked, balance) = (given(payment.amount), given(payment.balance));
    if let (Some(asked), Some(balance)) = (asked, balance) {
        if asked > balance {
            return refused(&EXCEEDS_BALANCE, [asked, balance, 0]);
        }
    }
    let Some(available) = asked.or(balance) else { return refused(&NO_EXCHANGE, [0; 3]) };
    let amount = available.min(open).min(limit);
    let is_limited = amount == limit && limit < available.min(open);
    let falls_short = is_limited || asked.is_some_and(|asked| amount < asked);
    Use {
        status: if falls_short { Status::PartlyUsed } else { Status::Used },
        amount,
        points: None,
        left: None,
        reason: match (is_limited, falls_short) {
            (true, _) => Some((&LIMITED, [limit, 0, 0])),
            (false, true) if amount > 0 => Some((&NOTHING_DUE, [0; 3])),
            _ => None,
        },
    }
}

fn exchange_points(payment: &Payment, exchange: &Exchange, worth: Option<i64>, open: i64, limit: i64) -> Use {
    let (asked, balance) = (given(payment.points), given(payment.balance));
    if let (Some(asked), Some(balance)) = (asked, balance) {
        if asked > balance {
            return refused(&POINTS_EXCEED_BALANCE, [asked, balance, 0]);
        }
    }
    let value = worth.and_then(|worth| Rate::ratio(worth, exchange.points));
    let price = worth.and_then(|worth| Rate::ratio(exchange.points, worth));
    let (Some(value), Some(price), Some(available)) = (value, price, asked.or(balance)) else {
        return refused(&NO_EXCHANGE, [0; 3]);
    };
    let most = exchange.most.unwrap_or(i64::MAX);
    let payable = open.min(limit);
    // the last block may pay more than is open; where a limit ends it, it must not
    let fills_up = exchange.fills_up && limit >= open;
    let needed = price.of(Amount::new(payable), if fills_up { Rounding::Up } else { Rounding::Down }).minor();
    let in_blocks = |points: i64| points.saturating_sub(points.checked_rem(exchange.block).unwrap_or(0));
    let needed = match fills_up {
        true => in_blocks(needed.saturating_add(exchange.block).saturating_sub(1)),
        false => in_blocks(needed),
    };
    let points = in_blocks(available.min(most)).min(needed);
    if points > 0 && points < exchange.least || available < exchange.least {
        return refused(&TOO_FEW_POINTS, [exchange.least, points.max(available.min(points)), 0]);
    }
    let amount = value.of(Amount::new(points), Rounding::Down).minor().min(payable);
    let is_asked_for = asked.is_some_and(|asked| points < asked);
    let covers_all = amount == open;
    let reason = if points == needed && !covers_all && limit < open {
        Some((&LIMITED, [limit, 0, 0]))
    } else if points < needed && available > most {
        Some((&POINTS_LIMITED, [most, 0, 0]))
    } else if points < needed && available > points && asked.is_some() {
        Some((&IN_BLOCKS, [exchange.block, 0, 0]))
    } else if is_asked_for {
        Some((&NOTHING_DUE, [0; 3]))
    } else {
        None
    };
    let status = if reason.is_some() { Status::PartlyUsed } else { Status::Used };
    Use { status, amount, points: Some(points), left: None, reason }
}

/// In which order payments are used: their places, the first one first.
pub fn order(payments: &[Payment], methods: &[Method]) -> Vec<usize> {
    let method = |payment: &Payment| payment.method.and_then(|index| methods.get(index as usize));
    let rank = |place: usize| {
        let payment = payments.get(place)?;
        let method = method(payment);
        let priority = given(payment.priority).or(method.map(|method| method.priority)).unwrap_or(100);
        let is_for_all = method.is_none_or(|method| !method.is_restricted());
        let ends = given(payment.expires_at).unwrap_or(i64::MAX);
        Some((priority, is_for_all, ends, payment.kind, place))
    };
    let mut places: Vec<usize> = (0..payments.len()).collect();
    crate::order::sort(&mut places, |a, b| rank(*a) < rank(*b));
    places
}

/// A reason of a payment as answers carry it.
impl Use {
    /// Why it pays no more, for a quote.
    pub fn why(&self) -> Option<Reason> {
        self.reason.map(|(kind, values)| Reason::new(kind, values))
    }
}

/// Whether points are earned on what is paid so.
pub fn earns(payment: &Payment, method: Option<&Method>) -> bool {
    method.and_then(|method| method.earns).unwrap_or(payment.kind != PaymentKind::Points)
}
