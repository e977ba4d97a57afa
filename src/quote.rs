//! The quote as JSON: an answer's numbers with the names of the request and the words of the snapshot.

use crate::balance::{Balances, Bearing, Pick, Run, Share};
use crate::cart::Cart;
use crate::catalog::section::{Node, Record};
use crate::catalog::Catalog;
use crate::engine::answer::{Answer, Applied, Hint, Refused, Status, Step};
use crate::json::write;
use crate::money::{Amount, Currency};
use crate::reason::{ParamKind, Reason};
use crate::request::Names;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// Writes the quote. Members come in a fixed order, so equal quotes are equal bytes in every host.
pub fn write(
    catalog: &Catalog,
    cart: &Cart,
    names: &Names<'_>,
    answer: &Answer,
    balances: &Balances,
    out: &mut Vec<u8>,
) {
    Writer { catalog, cart, names, answer, balances, out }.quote();
}

struct Writer<'a> {
    catalog: &'a Catalog,
    cart: &'a Cart,
    names: &'a Names<'a>,
    answer: &'a Answer,
    balances: &'a Balances,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn quote(&mut self) {
        let answer = self.answer;
        self.raw("{\"currency\":\"");
        write::raw(self.out, self.cart.currency.code());
        self.member("\",\"subtotal\":", answer.subtotal);
        self.member(",\"discountTotal\":", answer.discount);
        self.member(",\"shippingTotal\":", answer.shipping);
        self.member(",\"total\":", answer.total);
        self.member(",\"due\":", answer.due);
        self.member(",\"points\":", answer.points);
        self.raw(",\"lines\":");
        self.list(answer.lines.iter().enumerate(), |writer, (index, line)| writer.line(index, *line));
        self.raw(",\"shipping\":");
        self.list(answer.shipping_lines.iter().enumerate(), |writer, (index, charge)| {
            writer.raw("{\"id\":\"");
            writer.name(&writer.names.shipping, index);
            writer.raw("\",\"price\":");
            writer.price(*charge);
            writer.raw("}");
        });
        self.raw(",\"outcomes\":");
        let outcomes = answer.applied.iter().map(Ok).chain(answer.refused.iter().map(Err));
        self.list(outcomes, |writer, outcome| match outcome {
            Ok(applied) => writer.applied(applied),
            Err(refused) => writer.refused(refused),
        });
        self.raw(",\"earned\":");
        self.list(answer.earned.iter(), |writer, (promotion, points)| {
            writer.raw("{\"redeemable\":\"");
            writer.campaign(*promotion);
            writer.member("\",\"points\":", *points);
            writer.raw("}");
        });
        if self.cart.wants_hints {
            self.raw(",\"hints\":");
            self.list(answer.hints.iter(), Writer::hint);
        }
        self.raw("}");
    }

    fn line(&mut self, index: usize, line: (i64, i64)) {
        self.raw("{\"id\":\"");
        self.name(&self.names.lines, index);
        self.raw("\",\"subtotal\":");
        self.price(line);
        if self.cart.wants_units {
            self.raw(",\"units\":");
            let units = units(self.cart, self.balances, self.answer, index);
            self.list(units.iter(), |writer, run| {
                writer.raw("{\"count\":");
                write::number(writer.out, run.count);
                writer.member(",\"total\":", run.left);
                writer.raw(",\"allocations\":");
                writer.list(run.taken.iter(), |writer, (promotion, amount)| {
                    writer.raw("{\"redeemable\":\"");
                    writer.campaign(*promotion);
                    writer.member("\",\"amount\":", *amount);
                    writer.raw("}");
                });
                writer.raw("}");
            });
        }
        self.raw("}");
    }

    /// An original price whose name is written, what discounts take off it, and what is left.
    fn price(&mut self, (price, discount): (i64, i64)) {
        write::number(self.out, price);
        self.member(",\"discount\":", discount);
        self.member(",\"total\":", price.saturating_sub(discount));
    }

    fn applied(&mut self, applied: &Applied) {
        let answer = self.answer;
        self.raw("{\"redeemable\":\"");
        self.campaign(applied.promotion);
        if let Some(code) = applied.code {
            self.raw("\",\"code\":\"");
            self.name(&self.names.codes, code as usize);
        }
        self.member("\",\"status\":\"applied\",\"discount\":", applied.amount);
        self.raw(",\"allocations\":");
        let shares = answer.shares.get(applied.shares_from as usize..applied.shares_until as usize);
        self.list(shares.unwrap_or(&[]).iter(), |writer, (line, amount)| {
            writer.raw("{\"line\":\"");
            writer.name(&writer.names.lines, *line as usize);
            writer.member("\",\"amount\":", *amount);
            writer.raw("}");
        });
        self.raw(",\"shippingAllocations\":");
        let shares = answer.shipping_shares.get(applied.shipping_from as usize..applied.shipping_until as usize);
        self.list(shares.unwrap_or(&[]).iter(), |writer, (charge, amount)| {
            writer.raw("{\"shipping\":\"");
            writer.name(&writer.names.shipping, *charge as usize);
            writer.member("\",\"amount\":", *amount);
            writer.raw("}");
        });
        self.raw(",\"openChecks\":");
        let limited = self.catalog.promotion(applied.promotion).map_or((false, false), |p| p.record.limited);
        let checks = [(limited.0, "redemption_limit"), (limited.1, "customer_limit")];
        self.list(checks.iter().filter(|(open, _)| *open), |writer, (_, name)| write::text(writer.out, name));
        self.raw(",\"reasons\":[]}");
    }

    fn refused(&mut self, refused: &Refused) {
        self.raw("{");
        if let Some(promotion) = refused.promotion {
            self.raw("\"redeemable\":\"");
            self.campaign(promotion);
            self.raw("\",");
        }
        self.raw("\"code\":\"");
        self.name(&self.names.codes, refused.code as usize);
        self.raw("\",\"status\":\"");
        write::raw(self.out, refused.status.name());
        self.raw("\",\"discount\":0,\"allocations\":[],\"shippingAllocations\":[],\"openChecks\":[],\"reasons\":");
        let reasons = self.answer.reasons.get(refused.reasons_from as usize..refused.reasons_until as usize);
        let record = refused.promotion.and_then(|index| self.catalog.promotion(index)).map(|p| &p.record);
        self.list(reasons.unwrap_or(&[]).iter(), |writer, reason| {
            reason_json(writer.catalog, writer.cart.currency, record, reason, writer.out);
        });
        self.raw("}");
    }

    fn hint(&mut self, hint: &Hint) {
        self.raw("{\"redeemable\":\"");
        self.campaign(hint.promotion);
        match hint.step {
            Step::Spend { amount } => self.member("\",\"step\":{\"type\":\"spend\",\"amount\":", amount),
            Step::AddUnits { units, line } => {
                self.member("\",\"step\":{\"type\":\"add_units\",\"units\":", units);
                if let Some(line) = line {
                    self.raw(",\"line\":\"");
                    self.name(&self.names.lines, line as usize);
                    self.raw("\"");
                }
            }
        }
        self.member("},\"worth\":", hint.worth);
        self.raw(",\"measure\":");
        write::text(self.out, if hint.is_money { "amount" } else { "quantity" });
        self.member(",\"required\":", hint.required);
        self.member(",\"actual\":", hint.actual);
        self.raw("}");
    }

    #[inline(never)]
    fn raw(&mut self, json: &str) {
        write::raw(self.out, json);
    }

    #[inline(never)]
    fn member(&mut self, json: &str, value: i64) {
        self.raw(json);
        write::number(self.out, value);
    }

    /// The inside of a name of the request, which is already escaped.
    #[inline]
    fn name(&mut self, names: &[&str], index: usize) {
        write::raw(self.out, names.get(index).copied().unwrap_or(""));
    }

    /// The inside of the id of a campaign: letters, digits and `-_.`, so nothing to escape.
    fn campaign(&mut self, index: u32) {
        let id = self.catalog.promotion(index).map_or("", |promotion| promotion.record.id.as_str());
        write::raw(self.out, id);
    }

    #[inline]
    fn list<T>(&mut self, elements: impl Iterator<Item = T>, mut each: impl FnMut(&mut Self, T)) {
        self.out.push(b'[');
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            each(self, element);
        }
        self.out.push(b']');
    }
}

/// The units of a line as given, as runs of equal units. A line that was split by the caller shares the runs of
/// the whole in proportion, so its units are told as its own shares spread evenly.
pub fn units(cart: &Cart, balances: &Balances, answer: &Answer, given: usize) -> Vec<Run> {
    if cart.given.is_empty() {
        return balances.runs(cart, given);
    }
    let Some(line) = cart.given_line(given) else { return Vec::new() };
    let price = cart.lines.get(line.line as usize).map_or(0, |line| line.price);
    let mut alone = Cart::default();
    alone.push_line(price, line.quantity, 0, None);
    let mut own = Balances::default();
    own.start(&alone);
    for applied in &answer.applied {
        let shares = answer.shares.get(applied.shares_from as usize..applied.shares_until as usize).unwrap_or(&[]);
        for (_, amount) in shares.iter().filter(|(index, _)| *index as usize == given) {
            let (units, bearing) = (Pick::Every, Bearing::InProportion);
            own.take(Share { promotion: applied.promotion, line: 0, amount: *amount, units, bearing });
        }
    }
    own.runs(&alone, 0)
}

/// Writes a reason: code, words for people, who can change it, where in the campaign it stands, and its values.
pub fn reason_json(catalog: &Catalog, currency: Currency, record: Option<&Record>, reason: &Reason, out: &mut Vec<u8>) {
    write::raw(out, "{\"code\":\"");
    write::raw(out, reason.kind.code);
    write::raw(out, "\",\"message\":");
    write::text(out, reason.kind.message);
    write::raw(out, ",\"help\":");
    write::text(out, &help(catalog, currency, reason));
    write::raw(out, ",\"fixBy\":\"");
    write::raw(out, reason.kind.fix_by.name());
    write::raw(out, "\"");
    if let (Some(record), Some(condition)) = (record, reason.condition) {
        write::raw(out, ",\"at\":{\"document\":\"campaign\",\"id\":");
        write::text(out, &record.id);
        write::raw(out, ",\"pointer\":");
        write::text(out, &pointer(&record.rule, condition));
        write::raw(out, "}");
    }
    write::raw(out, ",\"params\":{");
    for (index, ((name, kind), value)) in reason.kind.params.iter().zip(reason.values).enumerate() {
        if index > 0 {
            write::raw(out, ",");
        }
        write::text(out, name);
        write::raw(out, ":");
        match kind {
            ParamKind::Money | ParamKind::Count | ParamKind::Time => write::number(out, value),
            ParamKind::Word | ParamKind::Attribute | ParamKind::Campaign => {
                write::text(out, &word(catalog, *kind, value))
            }
        }
    }
    write::raw(out, "}}");
}

/// The text of a value that is a word of the snapshot.
fn word(catalog: &Catalog, kind: ParamKind, value: i64) -> String {
    let Ok(index) = u32::try_from(value) else { return String::new() };
    let text = match kind {
        ParamKind::Word => catalog.vocabulary().spelling(index).map(|(_, spelling)| spelling.text()),
        ParamKind::Attribute => catalog.vocabulary().dimensions.get(index as usize).map(|d| d.name().to_owned()),
        _ => catalog.promotion(index).map(|promotion| promotion.record.id.clone()),
    };
    text.unwrap_or_default()
}

/// The help with its parameters put in.
fn help(catalog: &Catalog, currency: Currency, reason: &Reason) -> String {
    let mut text = String::new();
    let mut pieces = reason.kind.help.split('{');
    text.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let params = reason.kind.params.iter().zip(reason.values);
        for ((_, kind), value) in params.filter(|((known, _), _)| *known == name) {
            match kind {
                ParamKind::Money => currency.write(Amount::new(value), &mut text),
                ParamKind::Count => text.push_str(&value.to_string()),
                ParamKind::Time => crate::time::write_utc(value, &mut text),
                ParamKind::Word | ParamKind::Attribute | ParamKind::Campaign => {
                    text.push_str(&word(catalog, *kind, value));
                }
            }
        }
        text.push_str(rest);
    }
    text
}

/// The JSON Pointer of a condition in its campaign, found by reading the rule backwards.
fn pointer(rule: &[Node], condition: u16) -> String {
    // pointers of the nodes still to be read, the next one last
    let mut open = vec![String::from("/when")];
    let mut at = rule.len();
    while let Some(path) = open.pop() {
        let Some(node) = at.checked_sub(1).and_then(|last| rule.get(last)) else { break };
        at = at.saturating_sub(1);
        match node {
            Node::Condition(index) if *index == condition => return path,
            Node::Condition(_) => {}
            Node::Not => open.push(format!("{path}/not")),
            Node::All(count) | Node::Any(count) => {
                let name = if matches!(node, Node::All(_)) { "all" } else { "any" };
                open.extend((0..*count).map(|member| format!("{path}/{name}/{member}")));
            }
        }
    }
    String::from("/when")
}

/// The statuses in the order of their numbers, for the doors that hand over numbers.
pub const STATUSES: [Status; 5] =
    [Status::Applied, Status::Inapplicable, Status::Skipped, Status::Dormant, Status::Deferred];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_found_by_its_pointer() {
        // { all: [c0, { any: [c1, { not: c2 }] }, c3] }
        let rule = [
            Node::Condition(0),
            Node::Condition(1),
            Node::Condition(2),
            Node::Not,
            Node::Any(2),
            Node::Condition(3),
            Node::All(3),
        ];
        let of = |condition| pointer(&rule, condition);
        assert_eq!(of(0), "/when/all/0");
        assert_eq!(of(1), "/when/all/1/any/0");
        assert_eq!(of(2), "/when/all/1/any/1/not");
        assert_eq!(of(3), "/when/all/2");
        assert_eq!(pointer(&[Node::Condition(0)], 0), "/when");
    }
}
