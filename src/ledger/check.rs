//! Whether a command makes sense before any row is looked at: ids, numbers and moments within their bounds.

use alloc::format;
use alloc::string::String;

use super::calendar::{Expiry, LAST_MOMENT, MAX_MONTHS};
use super::command::{Action, Command, EarnedLine, Part, Share};
use super::programme::MAX_PENDING_DAYS;
use super::refusal::{Code, Refusal};
use crate::code::{normalise, MAX_CODE_LENGTH};
use crate::money::MAX_AMOUNT;
use crate::time::Timestamp;

/// The longest id, key or name, in bytes.
pub const MAX_ID: usize = 200;
/// The most parts of a reservation.
pub const MAX_PARTS: usize = 100;
/// The most lines of an order: as many as a request has.
pub const MAX_LINES: usize = 500;
/// The most uses that one part takes, and the most units of a line.
pub const MAX_USES: i64 = 1_000_000_000;

type Checked = Result<(), Refusal>;

impl Command {
    /// Refuses what no command may hold.
    pub(super) fn check(&self) -> Checked {
        id("/key", &self.key)?;
        moment("/now", self.now)?;
        match &self.action {
            Action::Reserve(it) => {
                purpose(&it.reservation, it.customer.as_ref(), it.order.as_ref())?;
                moment("/until", it.until)?;
                if it.until <= self.now {
                    return Err(invalid("/until", "lies after `now`"));
                }
                parts(&it.parts)
            }
            Action::Redeem(it) => {
                purpose(&it.reservation, it.customer.as_ref(), it.order.as_ref())?;
                parts(&it.parts)
            }
            Action::Confirm(it) => {
                id("/reservation", &it.reservation)?;
                shares(&it.parts, true)
            }
            Action::Refund(it) => {
                id("/reservation", &it.reservation)?;
                shares(&it.parts, false)
            }
            Action::Release(it) => id("/reservation", &it.reservation),
            Action::Rollback(it) => id("/reservation", &it.reservation),
            Action::Lapse(_) => Ok(()),
            Action::Lease(it) => {
                id("/lease", &it.lease)?;
                id("/allowance", &it.allowance)?;
                id("/shard", &it.shard)?;
                block(it.uses, it.amount)
            }
            Action::AcceptLease(it) => {
                id("/lease", &it.lease)?;
                id("/allowance", &it.allowance)?;
                it.until.map_or(Ok(()), |until| moment("/until", until))?;
                block(it.uses, it.amount)
            }
            Action::GiveBack(it) => id("/lease", &it.lease),
            Action::ReturnLease(it) => {
                id("/lease", &it.lease)?;
                within("/uses", it.uses, 0, MAX_AMOUNT)?;
                within("/amount", it.amount, 0, MAX_AMOUNT)?;
                within("/used", it.used, 0, MAX_AMOUNT)?;
                within("/spent", it.spent, 0, MAX_AMOUNT)
            }
            Action::Refill(it) => {
                id("/account", &it.account)?;
                id("/lot", &it.lot)?;
                expiry(it.expiry.as_ref())?;
                within("/amount", it.amount, 1, MAX_AMOUNT)
            }
            Action::Earn(it) => {
                id("/account", &it.account)?;
                id("/lot", &it.lot)?;
                expiry(it.expiry.as_ref())?;
                it.order.as_ref().map_or(Ok(()), |order| id("/order", order))?;
                it.rule.as_ref().map_or(Ok(()), |rule| id("/rule", rule))?;
                within("/amount", it.amount, 1, MAX_AMOUNT)?;
                within("/pendingDays", i64::from(it.pending_days.unwrap_or(0)), 0, MAX_PENDING_DAYS.into())?;
                earned_lines(&it.lines, it.amount)
            }
            Action::Activate(it) => {
                id("/account", &it.account)?;
                it.lot.as_ref().map_or(Ok(()), |lot| id("/lot", lot))
            }
            Action::Expire(it) => {
                id("/account", &it.account)?;
                it.lot.as_ref().map_or(Ok(()), |lot| id("/lot", lot))
            }
            Action::Spend(it) => {
                purpose(&it.reservation, None, it.order.as_ref())?;
                id("/account", &it.account)?;
                within("/amount", it.amount, 1, MAX_AMOUNT)
            }
            Action::Transfer(it) => {
                id("/from", &it.from)?;
                id("/to", &it.to)?;
                id("/lot", &it.lot)?;
                within("/amount", it.amount, 1, MAX_AMOUNT)
            }
            Action::Adjust(it) => {
                id("/account", &it.account)?;
                expiry(it.expiry.as_ref())?;
                if it.amount == 0 {
                    return Err(invalid("/amount", "is not 0"));
                }
                within("/amount", it.amount, -MAX_AMOUNT, MAX_AMOUNT)?;
                match &it.lot {
                    Some(lot) => id("/lot", lot),
                    None if it.amount > 0 => Err(invalid("/lot", "is needed to add")),
                    None => Ok(()),
                }
            }
            Action::TakeBack(it) => {
                id("/account", &it.account)?;
                id("/order", &it.order)?;
                let lines = it.lines.as_deref().unwrap_or_default();
                at_most("/lines", lines.len(), MAX_LINES)?;
                for (index, line) in lines.iter().enumerate() {
                    id(&format!("/lines/{index}/line"), &line.line)?;
                    within(&format!("/lines/{index}/units"), line.units, 1, MAX_USES)?;
                }
                Ok(())
            }
            Action::Claim(it) => {
                purpose(&it.reservation, it.customer.as_ref(), None)?;
                id("/account", &it.account)?;
                within("/units", it.units, 1, MAX_USES)
            }
            Action::Grant(it) => {
                id("/account", &it.account)?;
                id("/grant", &it.grant)?;
                id("/entitlement", &it.entitlement)?;
                it.months.map_or(Ok(()), |months| within("/months", i64::from(months), 1, i64::from(MAX_MONTHS)))
            }
            Action::Revoke(it) => {
                id("/account", &it.account)?;
                id("/grant", &it.grant)
            }
            Action::Suspend(it) => {
                id("/account", &it.account)?;
                it.reason.as_ref().map_or(Ok(()), |reason| id("/reason", reason))
            }
            Action::Resume(it) => id("/account", &it.account),
            Action::Invite(it) => {
                code("/code", &it.code)?;
                id("/holder", &it.holder)
            }
            Action::Refer(it) => {
                id("/friend", &it.friend)?;
                match (&it.code, &it.referrer) {
                    (Some(it), None) => code("/code", it),
                    (None, Some(it)) => id("/referrer", it),
                    _ => Err(invalid("/code", "or `referrer` says who invited")),
                }
            }
            Action::Convert(it) => {
                id("/friend", &it.friend)?;
                it.ladder.as_ref().map_or(Ok(()), |ladder| id("/ladder", ladder))
            }
            Action::Forget(it) => {
                moment("/before", it.before)?;
                if it.before > self.now {
                    return Err(invalid("/before", "is not after `now`"));
                }
                Ok(())
            }
        }
    }
}

fn purpose(reservation: &str, customer: Option<&String>, order: Option<&String>) -> Checked {
    id("/reservation", reservation)?;
    customer.map_or(Ok(()), |customer| id("/customer", customer))?;
    order.map_or(Ok(()), |order| id("/order", order))
}

fn parts(parts: &[Part]) -> Checked {
    if parts.is_empty() {
        return Err(invalid("/parts", "is not empty"));
    }
    at_most("/parts", parts.len(), MAX_PARTS)?;
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Use { allowance, uses, amount, lease, .. } => {
                id(&format!("/parts/{index}/allowance"), allowance)?;
                within(&format!("/parts/{index}/uses"), *uses, 1, MAX_USES)?;
                within(&format!("/parts/{index}/amount"), amount.unwrap_or(0), 0, MAX_AMOUNT)?;
                lease.as_ref().map_or(Ok(()), |lease| id(&format!("/parts/{index}/lease"), lease))?;
            }
            Part::Draw { account, amount, .. } => {
                id(&format!("/parts/{index}/account"), account)?;
                within(&format!("/parts/{index}/amount"), *amount, 1, MAX_AMOUNT)?;
            }
        }
    }
    Ok(())
}

fn shares(shares: &[Share], may_be_empty: bool) -> Checked {
    if shares.is_empty() && !may_be_empty {
        return Err(invalid("/parts", "is not empty"));
    }
    at_most("/parts", shares.len(), MAX_PARTS)?;
    for (index, share) in shares.iter().enumerate() {
        within(&format!("/parts/{index}/uses"), share.uses.unwrap_or(0), 0, MAX_USES)?;
        within(&format!("/parts/{index}/amount"), share.amount.unwrap_or(0), 0, MAX_AMOUNT)?;
    }
    Ok(())
}

fn earned_lines(lines: &[EarnedLine], amount: i64) -> Checked {
    at_most("/lines", lines.len(), MAX_LINES)?;
    let mut sum = 0_i64;
    for (index, line) in lines.iter().enumerate() {
        id(&format!("/lines/{index}/line"), &line.line)?;
        within(&format!("/lines/{index}/units"), line.units, 1, MAX_USES)?;
        within(&format!("/lines/{index}/amount"), line.amount, 0, MAX_AMOUNT)?;
        if lines.iter().take(index).any(|earlier| earlier.line == line.line) {
            return Err(invalid(&format!("/lines/{index}/line"), "is named twice"));
        }
        sum = sum.saturating_add(line.amount);
    }
    match sum > amount {
        true => Err(invalid("/lines", "earn no more than `amount` together")),
        false => Ok(()),
    }
}

fn block(uses: i64, amount: i64) -> Checked {
    within("/uses", uses, 0, MAX_USES)?;
    within("/amount", amount, 0, MAX_AMOUNT)?;
    match uses == 0 && amount == 0 {
        true => Err(invalid("/uses", "or `amount` is more than 0")),
        false => Ok(()),
    }
}

fn expiry(expiry: Option<&Expiry>) -> Checked {
    match expiry.is_none_or(Expiry::is_sound) {
        true => Ok(()),
        false => Err(invalid("/expiry", "names a day that there is")),
    }
}

/// Ids are parts of names of counters, in which `|` stands between them.
fn id(at: &str, id: &str) -> Checked {
    let sound = !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|byte| byte >= b' ' && byte != b'|');
    match sound {
        true => Ok(()),
        false => Err(invalid(at, "has 1 to 200 bytes, none of them `|` or a control character")),
    }
}

/// A referral code, as it is compared.
fn code(at: &str, code: &str) -> Checked {
    let symbols = normalise(code);
    id(at, &symbols)?;
    match symbols.len() <= MAX_CODE_LENGTH {
        true => Ok(()),
        false => Err(invalid(at, "has 1 to 64 characters besides spaces and hyphens")),
    }
}

fn moment(at: &str, moment: Timestamp) -> Checked {
    within(at, moment, 0, LAST_MOMENT)
}

pub(super) fn within(at: &str, number: i64, least: i64, most: i64) -> Checked {
    match (least..=most).contains(&number) {
        true => Ok(()),
        false => Err(invalid(at, &format!("is a whole number from {least} to {most}"))),
    }
}

fn at_most(at: &str, length: usize, most: usize) -> Checked {
    match length <= most {
        true => Ok(()),
        false => Err(invalid(at, &format!("has at most {most} elements"))),
    }
}

fn invalid(at: &str, why: &str) -> Refusal {
    let member = at.rsplit('/').next().unwrap_or_default();
    Refusal::new(Code::MemberInvalid, &[("member", member.into()), ("why", why.into())]).at(String::from(at))
}
