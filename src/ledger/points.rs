//! Points and balances: earn, refill, activate, expire, transfer, adjust.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::account::{taken, Lot, Sums, MAX_LOTS};
use super::answer::Accepted;
use super::calendar::{days_after, Expiry};
use super::command::{Activate, Adjust, Earn, EarnedLine, Expire, Refill, Transfer};
use super::draft::Draft;
use super::event::{Event, Take};
use super::programme::Scheme;
use super::refusal::{Code, Refusal};

impl<'a> Draft<'a> {
    pub fn earn(&mut self, command: &Earn) -> Result<Accepted, Refusal> {
        self.open(&command.account)?;
        let scheme = self.ready(&command.account, &command.scheme, Some(&command.lot))?;
        let rule = command.rule.as_deref();
        let (amount, ceilings) = self.below_ceilings(&command.scheme, &command.account, rule, command.amount)?;
        let expiry = command.expiry.unwrap_or(scheme.expiry);
        let pending = command.pending_days.unwrap_or(scheme.pending_days);
        let mut lot = Lot {
            at: self.now,
            touched: self.now,
            left: amount,
            sums: Sums { earned: amount, ..Sums::default() },
            order: command.order.clone(),
            lines: lines_within(&command.lines, amount),
            ..Lot::default()
        };
        if pending > 0 {
            lot.active_at = Some(days_after(self.now, pending, &self.zone()?));
            lot.expiry = Some(expiry);
        } else {
            lot.expires_at = self.expires_at(&expiry, self.now)?;
            lot.period = self.period(scheme, self.now)?;
            lot.counted = if lot.period.is_some() { amount } else { 0 };
        }
        self.add_lot(&command.account, (&command.scheme, scheme), &command.lot, lot, ceilings)?;
        self.account_answer(&command.account, Some(amount))
    }

    pub fn refill(&mut self, command: &Refill) -> Result<Accepted, Refusal> {
        self.open(&command.account)?;
        let scheme = self.ready(&command.account, &command.scheme, Some(&command.lot))?;
        let sums = Sums { earned: command.amount, ..Sums::default() };
        self.plain_lot((&command.account, &command.lot), (&command.scheme, scheme), sums, command.expiry)?;
        self.account_answer(&command.account, Some(command.amount))
    }

    /// A lot that is active at once and counts for no period.
    fn plain_lot(
        &mut self,
        (account, id): (&str, &str),
        (name, scheme): (&str, &Scheme),
        sums: Sums,
        expiry: Option<Expiry>,
    ) -> Result<(), Refusal> {
        let lot = Lot {
            at: self.now,
            touched: self.now,
            left: sums.earned.saturating_add(sums.adjusted),
            sums,
            expires_at: self.expires_at(&expiry.unwrap_or(scheme.expiry), self.now)?,
            ..Lot::default()
        };
        self.add_lot(account, (name, scheme), id, lot, Vec::new())
    }

    fn add_lot(
        &mut self,
        account: &str,
        (name, scheme): (&str, &Scheme),
        lot: &str,
        added: Lot,
        ceilings: Vec<String>,
    ) -> Result<(), Refusal> {
        let (lot, scheme, unit) = (lot.into(), name.into(), scheme.unit.clone());
        self.emit(Event::LotAdded { account: account.into(), scheme, unit, lot, added, ceilings })?;
        self.pay_owed(account, self.now)?;
        self.rank(account, self.now)
    }

    /// The scheme of a command that may open its account; what is due on the account is done, and the lot is new.
    pub fn ready(&mut self, account: &str, scheme: &str, lot: Option<&str>) -> Result<&'a Scheme, Refusal> {
        let rules = self.programme.scheme(scheme)?;
        let Some(row) = self.state.accounts.get(account) else { return Ok(rules) };
        if row.scheme != scheme {
            let params = [("account", account.into()), ("scheme", row.scheme.as_str().into())];
            return Err(Refusal::new(Code::SchemeMismatch, &params).at("/scheme"));
        }
        if let Some(lot) = lot {
            if row.lots.contains_key(lot) {
                return Err(Refusal::new(Code::IdTaken, &[("kind", "lot".into()), ("id", lot.into())]).at("/lot"));
            }
            if row.lots.len() >= MAX_LOTS {
                let limit = i64::try_from(MAX_LOTS).unwrap_or(i64::MAX);
                return Err(Refusal::new(Code::LotsTooMany, &[("account", account.into()), ("limit", limit.into())]));
            }
        }
        self.settle(account)?;
        Ok(rules)
    }

    pub fn activate(&mut self, command: &Activate) -> Result<Accepted, Refusal> {
        self.scheme_of(&command.account)?;
        self.settle(&command.account)?;
        if let Some(lot) = &command.lot {
            if !self.lot(&command.account, lot)?.is_pending() {
                return Err(Refusal::new(Code::LotNotPending, &[("lot", lot.as_str().into())]).at("/lot"));
            }
            self.activate_lot(&command.account, lot, self.now)?;
            self.rank(&command.account, self.now)?;
        }
        self.account_answer(&command.account, None)
    }

    pub fn expire(&mut self, command: &Expire) -> Result<Accepted, Refusal> {
        self.scheme_of(&command.account)?;
        self.settle(&command.account)?;
        let mut amount = None;
        if let Some(lot) = &command.lot {
            amount = Some(self.expire_lot(&command.account, lot, self.now)?);
            self.rank(&command.account, self.now)?;
        }
        self.account_answer(&command.account, amount)
    }

    pub fn transfer(&mut self, command: &Transfer) -> Result<Accepted, Refusal> {
        let Transfer { from, to, lot, amount } = command;
        let scheme = self.scheme_of(from).map_err(|refusal| refusal.at("/from"))?;
        self.open(from).map_err(|refusal| refusal.at("/from"))?;
        self.open(to).map_err(|refusal| refusal.at("/to"))?;
        if from == to {
            let params = [("member", "to".into()), ("why", "is another account".into())];
            return Err(Refusal::new(Code::MemberInvalid, &params).at("/to"));
        }
        self.settle(from)?;
        let name = self.state.accounts.get(from).map(|row| row.scheme.clone()).unwrap_or_default();
        self.ready(to, &name, Some(lot))?;
        let lots = self.take(from, *amount)?;
        let expires_at = self.expires_at(&scheme.expiry, self.now)?;
        let (at, from_id, to_id, lot) = (self.now, from.clone(), to.clone(), lot.clone());
        self.emit(Event::Transferred { at, from: from_id, lots, to: to_id, lot, expires_at })?;
        self.pay_owed(to, self.now)?;
        self.rank(from, self.now)?;
        self.rank(to, self.now)?;
        let accounts = [from, to].into_iter().filter_map(|account| self.balance(account)).collect();
        Ok(Accepted { amount: Some(*amount), accounts, ..Accepted::default() })
    }

    pub fn adjust(&mut self, command: &Adjust) -> Result<Accepted, Refusal> {
        let Adjust { account, scheme: name, amount, lot, expiry, reason } = command;
        let there = lot.as_ref().is_some_and(|lot| self.lot(account, lot).is_ok());
        if *amount < 0 {
            self.scheme_of(account)?;
        }
        let new = lot.as_deref().filter(|_| !there && *amount > 0);
        let scheme = self.ready(account, name, new)?;
        match lot {
            Some(lot) if there => {
                let left = self.lot(account, lot)?.left;
                if left.saturating_add(*amount) < 0 {
                    return Err(insufficient(account, left, amount.saturating_neg()));
                }
                let lots = vec![Take { lot: lot.clone(), amount: *amount }];
                self.adjusted(account, lots, reason.as_ref())?;
            }
            Some(lot) if *amount > 0 => {
                let sums = Sums { adjusted: *amount, ..Sums::default() };
                self.plain_lot((account, lot), (name, scheme), sums, *expiry)?;
            }
            Some(lot) => return Err(self.lot(account, lot).err().unwrap_or_else(|| unknown_lot(account, lot))),
            None => {
                let mut lots = self.take(account, amount.saturating_neg())?;
                lots.iter_mut().for_each(|take| take.amount = take.amount.saturating_neg());
                self.adjusted(account, lots, reason.as_ref())?;
            }
        }
        self.account_answer(account, Some(*amount))
    }

    fn adjusted(&mut self, account: &str, lots: Vec<Take>, reason: Option<&String>) -> Result<(), Refusal> {
        self.emit(Event::Adjusted { at: self.now, account: account.into(), lots, reason: reason.cloned() })?;
        self.pay_owed(account, self.now)?;
        self.rank(account, self.now)
    }

    /// Takes of the free lots, or refuses.
    pub fn take(&self, account: &str, amount: i64) -> Result<Vec<Take>, Refusal> {
        let lots = self.state.accounts.get(account).map(|row| row.take(amount)).unwrap_or_default();
        match taken(&lots) {
            found if found < amount => Err(insufficient(account, found, amount)),
            _ => Ok(lots),
        }
    }

    fn lot(&self, account: &str, lot: &str) -> Result<&Lot, Refusal> {
        let row = self.state.accounts.get(account).and_then(|row| row.lots.get(lot));
        row.ok_or_else(|| unknown_lot(account, lot))
    }

    /// The answer that shows an account as it is now. What came may be due already.
    pub fn account_answer(&mut self, account: &str, amount: Option<i64>) -> Result<Accepted, Refusal> {
        self.settle(account)?;
        Ok(Accepted { amount, accounts: self.balance(account).into_iter().collect(), ..Accepted::default() })
    }
}

fn unknown_lot(account: &str, lot: &str) -> Refusal {
    Refusal::new(Code::LotUnknown, &[("account", account.into()), ("lot", lot.into())]).at("/lot")
}

fn insufficient(account: &str, available: i64, wanted: i64) -> Refusal {
    let params = [("account", account.into()), ("available", available.into()), ("wanted", wanted.into())];
    Refusal::new(Code::BalanceInsufficient, &params).at("/amount")
}

/// The lines of an order, cut from the last one on where a ceiling has cut the points.
fn lines_within(lines: &[EarnedLine], amount: i64) -> Vec<EarnedLine> {
    let mut rest = amount;
    let mut within = Vec::with_capacity(lines.len());
    for line in lines {
        let own = line.amount.min(rest);
        rest = rest.saturating_sub(own);
        within.push(EarnedLine { amount: own, ..line.clone() });
    }
    within
}

/// Points that `units` of a line have earned, of all its points: the parts of all units sum to the whole.
pub(super) fn share(line: &EarnedLine, units: i64) -> i64 {
    let points = i128::from(line.amount).saturating_mul(i128::from(units));
    i64::try_from(points.checked_div(i128::from(line.units)).unwrap_or(0)).unwrap_or(line.amount)
}
