//! An answer as the slots that [`shape`](super::shape) declares.

use super::Words;
use crate::balance::{Balances, Bearing, Manner, Pick, Run, Share};
use crate::cart::{Cart, MISSING};
use crate::catalog::section::Limited;
use crate::catalog::Catalog;
use crate::engine::answer::{Answer, Applied, GiftOffer, Hint, Measure, Paid, Refused, Status};
use crate::engine::limits::is_told;
use crate::money::{Currency, Denomination, PriceMode};
use crate::payment;
use crate::reason::Reason;
use alloc::vec::Vec;

const NONE: i64 = -1;

/// Writes the slots of an answer.
pub fn write(words: Words<'_>, cart: &Cart, answer: &Answer, balances: &Balances, out: &mut Vec<i64>) {
    out.clear();
    out.extend_from_slice(&totals(cart, answer));
    out.push(count(answer.lines.len()));
    for (index, line) in answer.lines.iter().enumerate() {
        priced(index, *line, out);
        match cart.wants_units {
            true => runs(&units(cart, balances, answer, index), out),
            false => out.push(NONE),
        }
        tax(cart, answer, index, *line, out);
    }
    out.push(count(answer.shipping_lines.len()));
    for (index, charge) in answer.shipping_lines.iter().enumerate() {
        priced(index, *charge, out);
        tax(cart, answer, answer.lines.len().saturating_add(index), *charge, out);
    }
    out.push(count(answer.applied.len().saturating_add(answer.refused.len())));
    for outcome in &answer.applied {
        applied(words.catalog, cart, answer, outcome, out);
    }
    for outcome in &answer.refused {
        refused(words, answer, outcome, out);
    }
    out.push(count(answer.earned.len()));
    pairs(&answer.earned, out);
    out.extend_from_slice(&[answer.level.map_or(NONE, i64::from), i64::from(answer.is_cut)]);
    match cart.wants_hints {
        true => {
            out.push(count(answer.hints.len()));
            answer.hints.iter().for_each(|known| hint(words, cart, known, out));
        }
        false => out.push(NONE),
    }
    out.push(count(answer.gifts.len()));
    for known in &answer.gifts {
        gift(words.catalog, cart, known, out);
    }
    out.push(count(answer.gift_lines.len()));
    for known in &answer.gift_lines {
        let promotion = known.promotion.map_or(NONE, i64::from);
        out.extend_from_slice(&[i64::from(known.line), promotion, known.given, known.charged]);
        reasons(words, answer, promotion, (known.reasons_from, known.reasons_until), out);
    }
    match cart.payments.is_empty() {
        true => out.push(NONE),
        false => {
            out.push(count(answer.payments.len()));
            answer.payments.iter().for_each(|known| paid(words, cart, answer, known, out));
        }
    }
    match (cart.cash, answer.cash) {
        (Some(cash), Some(amount)) => out.extend_from_slice(&[1, cash.to, amount]),
        _ => out.push(NONE),
    }
    match cart.wants_taxes {
        true => {
            out.push(1);
            net_and_gross(cart, answer.total, answer.tax, out);
            out.push(count(answer.tax_rates.len()));
            answer.tax_rates.iter().for_each(|of_rate| out.extend_from_slice(of_rate));
        }
        false => out.push(NONE),
    }
    variants(words.catalog, cart, out);
}

/// The variants that the customer has.
fn variants(catalog: &Catalog, cart: &Cart, out: &mut Vec<i64>) {
    let at = out.len();
    out.push(NONE);
    for experiment in &catalog.vocabulary().experiments {
        let given = experiment.variants.iter().find(|(word, _)| cart.context.contains(word));
        let Some((word, _)) = given else { continue };
        if let Some(listed) = out.get_mut(at) {
            *listed = (*listed).max(0).saturating_add(1);
        }
        out.extend([i64::from(experiment.dimension), i64::from(*word)]);
    }
}

/// The tax of what is left of a line or charge, where it is asked for.
#[inline]
fn tax(cart: &Cart, answer: &Answer, part: usize, (price, discount): (i64, i64), out: &mut Vec<i64>) {
    if !cart.wants_taxes {
        return out.push(NONE);
    }
    out.push(1);
    let tax = answer.line_taxes.get(part).copied().unwrap_or(0);
    net_and_gross(cart, price.saturating_sub(discount), tax, out);
}

fn net_and_gross(cart: &Cart, amount: i64, tax: i64, out: &mut Vec<i64>) {
    out.extend_from_slice(&match cart.prices {
        PriceMode::Net => [amount, tax, amount.saturating_add(tax)],
        PriceMode::Gross => [amount.saturating_sub(tax), tax, amount],
    });
}

fn paid(words: Words<'_>, cart: &Cart, answer: &Answer, paid: &Paid, out: &mut Vec<i64>) {
    let status = match paid.status {
        payment::Status::Used => 0,
        payment::Status::PartlyUsed => 1,
        payment::Status::Refused => 2,
    };
    let index = i64::from(paid.payment);
    let is_named = cart.payments.get(paid.payment as usize).is_some_and(|payment| payment.is_named);
    let id = if is_named { index } else { NONE };
    out.extend_from_slice(&[index, id, status, paid.amount, paid.points.unwrap_or(NONE), paid.left.unwrap_or(NONE)]);
    let lists = [(&answer.paid_shares, paid.shares), (&answer.paid_shipping, paid.shipping)];
    for (shares, (from, until)) in lists {
        let shares = shares.get(from as usize..until as usize).unwrap_or(&[]);
        out.push(count(shares.len()));
        pairs(shares, out);
    }
    out.push(i64::from(paid.reason.is_some()));
    if let Some(why) = &paid.reason {
        reason_slots(words, why, NONE, out);
    }
}

/// Writes the slots of a reason of a campaign, by its index or -1.
pub fn reason_slots(words: Words<'_>, reason: &Reason, promotion: i64, out: &mut Vec<i64>) {
    let [a, b, c] = reason.values;
    out.extend_from_slice(&[kind(words, reason), promotion, reason.condition.map_or(NONE, i64::from), a, b, c]);
}

/// How many slots the totals of an answer take, its currency included.
pub const TOTALS: usize = 7;

/// The totals of an answer: what is read without the rest.
#[inline]
pub fn totals(cart: &Cart, answer: &Answer) -> [i64; TOTALS] {
    let Answer { subtotal, discount, shipping, total, due, points, .. } = *answer;
    [letters(cart), subtotal, discount, shipping, total, due, points]
}

/// The letters of the currency as one number, base 256; above them its decimals plus one, where the request says them.
pub fn letters(cart: &Cart) -> i64 {
    let places = if cart.exponent == MISSING { 0 } else { cart.exponent.saturating_add(1) };
    cart.currency.code().bytes().fold(places, |letters, byte| letters << 8 | i64::from(byte))
}

/// The currency and its decimals from that number.
pub fn denomination(letters: i64) -> Denomination {
    let currency = currency(letters);
    match u32::try_from(letters >> 24).unwrap_or(0).checked_sub(1) {
        Some(places) => Denomination { currency, places },
        None => currency.into(),
    }
}

/// The currency whose letters are one number, base 256.
pub fn currency(letters: i64) -> Currency {
    let [.., a, b, c] = letters.to_be_bytes();
    let code = [a, b, c];
    core::str::from_utf8(&code).ok().and_then(Currency::parse).unwrap_or(Currency::NONE)
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(0)
}

#[inline]
fn priced(index: usize, (price, discount): (i64, i64), out: &mut Vec<i64>) {
    // a loop: copies of a few numbers cost more than the numbers
    out.extend([count(index), price, discount, price.saturating_sub(discount)]);
}

fn pairs(pairs: &[(u32, i64)], out: &mut Vec<i64>) {
    out.extend(pairs.iter().flat_map(|(index, amount)| [i64::from(*index), *amount]));
}

fn runs(runs: &[Run], out: &mut Vec<i64>) {
    out.push(count(runs.len()));
    for run in runs {
        out.extend_from_slice(&[run.count, run.left, count(run.taken.len())]);
        pairs(&run.taken, out);
    }
}

fn applied(catalog: &Catalog, cart: &Cart, answer: &Answer, outcome: &Applied, out: &mut Vec<i64>) {
    let shares = answer.shares.get(outcome.shares_from as usize..outcome.shares_until as usize).unwrap_or(&[]);
    let charges = answer.shipping_shares.get(outcome.shipping_from as usize..outcome.shipping_until as usize);
    let charges = charges.unwrap_or(&[]);
    out.extend_from_slice(&[
        i64::from(outcome.promotion),
        outcome.code.map_or(NONE, i64::from),
        status(Status::Applied),
        outcome.amount,
        count(shares.len()),
    ]);
    pairs(shares, out);
    out.push(count(charges.len()));
    pairs(charges, out);
    out.extend_from_slice(&[open_checks(catalog, cart, outcome.promotion), 0]);
}

/// What of a campaign's limits the request does not tell, a bit for each word of `openChecks`.
fn open_checks(catalog: &Catalog, cart: &Cart, campaign: u32) -> i64 {
    let limits = catalog.promotion(campaign).map_or(&[][..], |promotion| &promotion.record.limits);
    let open = limits.iter().filter(|limit| !is_told(limit, campaign, catalog, cart));
    open.fold(0, |bits, limit| {
        bits | match limit.what {
            Limited::Total | Limited::Units => 1,
            Limited::Customer | Limited::CustomerUnits => 2,
            Limited::Period | Limited::CustomerInPeriod => 4,
            Limited::Budget | Limited::WholeBudget | Limited::OpenBudget => 8,
            Limited::Codes => 0,
        }
    })
}

fn refused(words: Words<'_>, answer: &Answer, outcome: &Refused, out: &mut Vec<i64>) {
    let promotion = outcome.promotion.map_or(NONE, i64::from);
    let code = i64::from(outcome.code);
    out.extend_from_slice(&[promotion, code, status(outcome.status), 0, 0, 0, 0]);
    reasons(words, answer, promotion, (outcome.reasons_from, outcome.reasons_until), out);
}

fn reasons(words: Words<'_>, answer: &Answer, promotion: i64, (from, until): (u32, u32), out: &mut Vec<i64>) {
    let reasons = answer.reasons.get(from as usize..until as usize).unwrap_or(&[]);
    out.push(count(reasons.len()));
    for reason in reasons {
        reason_slots(words, reason, promotion, out);
    }
}

fn gift(catalog: &Catalog, cart: &Cart, gift: &GiftOffer, out: &mut Vec<i64>) {
    let state = gift.state as i64;
    let by_product = catalog.is_product(gift.gift);
    out.extend_from_slice(&[i64::from(gift.promotion), state, i64::from(by_product), i64::from(gift.gift)]);
    out.extend_from_slice(&[gift.quantity, gift.price, gift.worth, i64::from(gift.choice), i64::from(gift.choose)]);
    let at = out.len();
    out.push(0);
    let Some((line, mut open)) = gift.replaces else { return };
    let mut lines = 0_usize;
    // units of a line that was split are told by its parts
    for index in 0..cart.given_count() {
        let Some(given) = cart.given_line(index).filter(|given| given.line as usize == line) else { continue };
        let units = given.quantity.min(open);
        if units > 0 {
            open = open.saturating_sub(units);
            lines = lines.saturating_add(1);
            out.extend_from_slice(&[count(index), units]);
        }
    }
    if let Some(slot) = out.get_mut(at) {
        *slot = count(lines);
    }
}

fn status(status: Status) -> i64 {
    match status {
        Status::Applied => 0,
        Status::Inapplicable => 1,
        Status::Skipped => 2,
        Status::Dormant => 3,
        Status::Deferred => 4,
    }
}

fn kind(words: Words<'_>, reason: &Reason) -> i64 {
    words.reasons.iter().position(|kind| core::ptr::eq(*kind, reason.kind)).map_or(0, count)
}

/// Reads a reason back from its slots, with its campaign.
pub fn reason(words: Words<'_>, slots: &[i64]) -> Option<(Reason, Option<u32>)> {
    let [kind, promotion, condition, a, b, c] = *slots else { return None };
    let kind = words.reasons.get(usize::try_from(kind).ok()?)?;
    let reason = Reason { kind, values: [a, b, c], condition: u16::try_from(condition).ok() };
    Some((reason, u32::try_from(promotion).ok()))
}

fn hint(words: Words<'_>, cart: &Cart, hint: &Hint, out: &mut Vec<i64>) {
    let promotion = i64::from(hint.promotion);
    out.extend_from_slice(&[promotion, count(hint.steps.iter().flatten().count())]);
    for step in hint.steps.iter().flatten() {
        reason_slots(words, &step.told(cart, words.catalog), promotion, out);
    }
    let measure = match hint.measure {
        Some(Measure::Amount) => 0,
        Some(Measure::Quantity) => 1,
        None => 2,
        Some(Measure::Lines) => 3,
    };
    let effort = hint.effort.unwrap_or(NONE);
    out.extend_from_slice(&[hint.worth, hint.saves, hint.points, effort, measure, hint.required, hint.actual]);
}

/// The units of a line as given, as runs of equal units. A line that was split by the caller shares the runs of
/// the whole in proportion, so its units are told as its own shares spread evenly.
pub fn units(cart: &Cart, balances: &Balances, answer: &Answer, given: usize) -> Vec<Run> {
    if cart.given.is_empty() {
        return balances.runs(cart, given);
    }
    let Some(line) = cart.given_line(given) else { return Vec::new() };
    let whole = cart.lines.get(line.line as usize);
    if whole.is_some_and(|whole| whole.quantity == line.quantity) {
        return balances.runs(cart, line.line as usize);
    }
    let price = whole.map_or(0, |line| line.price);
    let mut alone = Cart::default();
    alone.push_line(price, 0, line.quantity, 0, None);
    let mut own = Balances::default();
    own.start(&alone);
    let gift = answer.gift_lines.iter().find(|gift| gift.line as usize == given);
    let manners = gift.map(|gift| Manner::of(Pick::Dearest(gift.given), Bearing::InProportion));
    let manner = u32::from(manners.is_some());
    own.keep_manners(manners.as_slice());
    for applied in &answer.applied {
        let shares = answer.shares.get(applied.shares_from as usize..applied.shares_until as usize).unwrap_or(&[]);
        for (_, amount) in shares.iter().filter(|(index, _)| *index as usize == given) {
            own.take(Share::new(applied.promotion, 0, *amount, manner));
        }
    }
    own.runs(&alone, 0)
}

#[test]
fn every_state_of_a_gift_has_its_word() {
    use super::shape::{Kind, GIFT};
    use crate::engine::answer::GiftState;
    let Some(Kind::Word(words)) = GIFT.members.get(1).map(|member| &member.kind) else { panic!("no state") };
    assert_eq!(*words, GiftState::NAMES);
    let all = [GiftState::Proposed, GiftState::InCart, GiftState::Declined, GiftState::OutOfStock];
    assert_eq!(all.map(|state| state as usize), [0, 1, 2, 3]);
}

#[test]
fn every_status_has_its_word() {
    use super::shape::{Kind, OUTCOME};
    let all = [Status::Applied, Status::Inapplicable, Status::Skipped, Status::Dormant, Status::Deferred];
    let Some(Kind::Word(words)) = OUTCOME.members.get(2).map(|member| &member.kind) else { panic!("no status") };
    assert_eq!(words.len(), all.len());
    for known in all {
        assert_eq!(words[usize::try_from(status(known)).unwrap()], known.name());
    }
}
