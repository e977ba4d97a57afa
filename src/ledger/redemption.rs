//! Reserve, confirm, release, roll back, refund: the parts of an order are decided together, all or none.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::account;
use super::answer::{Accepted, Remaining};
use super::command::{Confirm, Part, Redeem, Refund, Reserve, Share, Spend};
use super::draft::Draft;
use super::event::{Event, Hold, Take};
use super::limits::Counted;
use super::programme::{Allowance, Limit, Per};
use super::refusal::{Code, Refusal};
use super::state::{Reservation, Standing, State};

/// How many holds that are past their time one command releases.
pub const MAX_LAPSES: usize = 100;

/// What a reservation is for, besides its parts.
pub(super) struct Purpose<'a> {
    pub reservation: &'a str,
    pub customer: Option<&'a str>,
    /// Whose uses limits per customer count.
    pub counted: Option<&'a str>,
    pub customer_zone: Option<&'a str>,
    pub order: Option<&'a str>,
    pub reward: Option<&'a str>,
    /// The account that a reward entitles to something.
    pub grantee: Option<&'a str>,
}

impl Draft<'_> {
    pub fn reserve(&mut self, command: &Reserve) -> Result<Accepted, Refusal> {
        let purpose = Purpose {
            reservation: &command.reservation,
            customer: command.customer.as_deref(),
            counted: command.customer.as_deref(),
            customer_zone: command.customer_zone.as_deref(),
            order: command.order.as_deref(),
            reward: None,
            grantee: None,
        };
        self.hold(&purpose, &command.parts, Some(command.until))
    }

    pub fn redeem(&mut self, command: &Redeem) -> Result<Accepted, Refusal> {
        let purpose = Purpose {
            reservation: &command.reservation,
            customer: command.customer.as_deref(),
            counted: command.customer.as_deref(),
            customer_zone: command.customer_zone.as_deref(),
            order: command.order.as_deref(),
            reward: None,
            grantee: None,
        };
        self.hold_and_confirm(&purpose, &command.parts)
    }

    pub fn spend(&mut self, command: &Spend) -> Result<Accepted, Refusal> {
        let purpose = Purpose {
            reservation: &command.reservation,
            customer: None,
            counted: None,
            customer_zone: None,
            order: command.order.as_deref(),
            reward: None,
            grantee: None,
        };
        let Spend { account, amount, up_to, .. } = command;
        let part = Part::Draw { account: account.clone(), amount: *amount, up_to: *up_to };
        self.hold_and_confirm(&purpose, &[part]).map_err(|refusal| match refusal.code {
            Code::AccountUnknown | Code::AccountSuspended | Code::CooldownRunning | Code::UsesLimitReached => {
                refusal.at("/account")
            }
            Code::BalanceInsufficient | Code::SpendingLimitReached => refusal.at("/amount"),
            _ => refusal,
        })
    }

    /// Holds and uses at once.
    pub fn hold_and_confirm(&mut self, purpose: &Purpose<'_>, parts: &[Part]) -> Result<Accepted, Refusal> {
        let accepted = self.hold(purpose, parts, None)?;
        let (at, reservation, parts) = (self.now, purpose.reservation.into(), accepted.parts.clone());
        self.emit(Event::Confirmed { at, reservation, parts })?;
        let accounts = self.balances(&accepted.parts)?;
        Ok(Accepted { accounts, ..accepted })
    }

    fn hold(&mut self, purpose: &Purpose<'_>, parts: &[Part], until: Option<i64>) -> Result<Accepted, Refusal> {
        if self.state.reservations.contains_key(purpose.reservation) {
            let params = [("kind", "reservation".into()), ("id", purpose.reservation.into())];
            return Err(Refusal::new(Code::IdTaken, &params).at("/reservation"));
        }
        self.lapse_due()?;
        for (index, part) in parts.iter().enumerate() {
            if let Part::Draw { account, .. } = part {
                let at = format!("/parts/{index}/account");
                self.scheme_of(account).and(self.open(account)).map_err(|refusal| refusal.at(at))?;
                self.settle(account)?;
            }
        }
        // each part is decided on what the parts before it have left
        let mut state = self.state.clone();
        let mut held = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            let hold = match part {
                Part::Use { .. } => self.hold_use(&state, purpose, part),
                Part::Draw { account, amount, up_to } => self.draw(&state, account, *amount, *up_to),
            };
            let hold = hold.map_err(|refusal| match refusal.at.pointer.as_str() {
                "/customer" | "/customerZone" => refusal,
                below => {
                    let at = format!("/parts/{index}{below}");
                    refusal.at(at)
                }
            })?;
            state.shift_all(core::slice::from_ref(&hold), 1, 0, self.now)?;
            held.push(hold);
        }
        self.emit(Event::Reserved {
            at: self.now,
            reservation: purpose.reservation.into(),
            customer: purpose.customer.map(String::from),
            order: purpose.order.map(String::from),
            reward: purpose.reward.map(String::from),
            grantee: purpose.grantee.map(String::from),
            until,
            parts: held.clone(),
        })?;
        Ok(Accepted {
            reservation: Some(purpose.reservation.into()),
            until,
            remaining: self.remaining(purpose, &held)?,
            accounts: self.balances(&held)?,
            parts: held,
            ..Accepted::default()
        })
    }

    fn hold_use(&self, state: &State, purpose: &Purpose<'_>, part: &Part) -> Result<Hold, Refusal> {
        let Part::Use { allowance, uses, amount, currency, up_to, lease } = part else {
            return Err(Refusal::new(Code::MemberInvalid, &[("member", "type".into()), ("why", "is `use`".into())]));
        };
        let (name, rules) = self.allowance(allowance)?;
        if self.programme.stopped.contains(name) {
            return Err(Refusal::new(Code::CampaignStopped, &[("allowance", name.into())]).at("/allowance"));
        }
        let cost = cost(name, rules, *amount, currency.as_deref())?;
        let counted = Counted::of(self.programme, (name, rules), purpose.counted, purpose.customer_zone, self.now)?;
        let mut room = counted.room(state, lease.is_some())?;
        let mut leased = None;
        if let Some(lease) = lease {
            let unknown = || Refusal::new(Code::LeaseUnknown, &[("lease", lease.as_str().into())]).at("/lease");
            let block = state.blocks.get(lease).filter(|block| block.allowance == *allowance).ok_or_else(unknown)?;
            if block.until.is_some_and(|until| until <= self.now) {
                return Err(Refusal::new(Code::LeaseOver, &[("lease", lease.as_str().into())]).at("/lease"));
            }
            let free = |limited: bool, free: i64| if limited { free.max(0) } else { i64::MAX };
            let uses_left = free(shared(rules, |limit| limit.uses), block.free_uses());
            let amount_left = free(shared(rules, |limit| limit.budget), block.free_amount());
            room.uses = room.uses.min(uses_left);
            room.amount = room.amount.min(amount_left);
            leased = Some((lease, uses_left, amount_left));
        }
        let (uses, cost) = match *up_to {
            true => ((*uses).min(room.uses.max(1)), cost.min(room.amount.max(i64::from(cost > 0)))),
            false => (*uses, cost),
        };
        counted.refuse_beyond(state, lease.is_some(), uses, cost)?;
        if let Some((lease, uses_left, amount_left)) = leased {
            for (wanted, left) in [(uses, uses_left), (cost, amount_left)] {
                if wanted > left {
                    let params = [("lease", lease.as_str().into()), ("left", left.into()), ("wanted", wanted.into())];
                    return Err(Refusal::new(Code::LeaseUsedUp, &params));
                }
            }
        }
        let counters = counted.counters(lease.is_some())?;
        Ok(Hold::Use { allowance: allowance.clone(), uses, amount: cost, counters, lease: lease.clone() })
    }

    fn draw(&self, state: &State, account: &str, amount: i64, up_to: bool) -> Result<Hold, Refusal> {
        let available = state.accounts.get(account).map_or(0, account::Account::available);
        let room = self.spending_room(state, account)?;
        let wanted = if up_to { amount.min(available.max(1)).min(room.max(1)) } else { amount };
        if wanted > available {
            let params = [("account", account.into()), ("available", available.into()), ("wanted", wanted.into())];
            return Err(Refusal::new(Code::BalanceInsufficient, &params).at("/amount"));
        }
        let counters = self.below_spending_limits(state, account, wanted)?;
        let lots = state.accounts.get(account).map(|row| row.take(wanted)).unwrap_or_default();
        Ok(Hold::Draw { account: account.into(), amount: wanted, lots, counters })
    }

    /// An allowance of the programme.
    pub fn allowance(&self, name: &str) -> Result<(&str, &Allowance), Refusal> {
        let unknown = || Refusal::new(Code::AllowanceUnknown, &[("allowance", name.into())]).at("/allowance");
        self.programme.allowances.get_key_value(name).map(|(name, rules)| (name.as_str(), rules)).ok_or_else(unknown)
    }

    fn remaining(&self, purpose: &Purpose<'_>, parts: &[Hold]) -> Result<Vec<Remaining>, Refusal> {
        let mut names: Vec<(&str, bool)> = Vec::new();
        for part in parts {
            if let Hold::Use { allowance, lease, .. } = part {
                names.push((allowance, lease.is_some()));
            }
        }
        names.sort_unstable();
        names.dedup();
        let mut all = Vec::new();
        for (name, leased) in names {
            let rules = self.allowance(name)?;
            let counted = Counted::of(self.programme, rules, purpose.counted, purpose.customer_zone, self.now)?;
            all.extend(counted.remaining(&self.state, leased)?);
        }
        Ok(all)
    }

    /// The accounts of the parts, with all done that is due on them.
    pub fn balances(&mut self, parts: &[Hold]) -> Result<Vec<super::answer::Balance>, Refusal> {
        let accounts = accounts_of(parts);
        for account in &accounts {
            self.settle(account)?;
            self.rank_by_balance(account)?;
        }
        Ok(accounts.iter().filter_map(|account| self.balance(account)).collect())
    }

    /// Does what is due on the accounts of the parts, before anything comes back to them. Nothing is due on one whose
    /// scheme the programme has no more.
    fn settle_all(&mut self, parts: &[Hold]) -> Result<(), Refusal> {
        let known = accounts_of(parts).into_iter().filter(|account| self.scheme_of(account).is_ok());
        known.collect::<Vec<_>>().into_iter().try_for_each(|account| self.settle(account))
    }

    pub fn confirm(&mut self, command: &Confirm) -> Result<Accepted, Refusal> {
        let row = self.reservation(&command.reservation, Standing::Held, Code::ReservationNotHeld)?;
        let parts = shares(&command.reservation, &row.parts, &command.parts, |all, share| share.unwrap_or(all))?;
        self.settle_all(&row.parts)?;
        self.emit(Event::Confirmed { at: self.now, reservation: command.reservation.clone(), parts: parts.clone() })?;
        let accounts = self.balances(&parts)?;
        Ok(Accepted { reservation: Some(command.reservation.clone()), parts, accounts, ..Accepted::default() })
    }

    pub fn refund(&mut self, command: &Refund) -> Result<Accepted, Refusal> {
        let row = self.reservation(&command.reservation, Standing::Confirmed, Code::ReservationNotConfirmed)?;
        // what comes back is named, what stays is kept: of a draw, what was taken last comes back first
        let back = |all: i64, share: Option<i64>| all.saturating_sub(share.unwrap_or(0));
        let parts = shares(&command.reservation, &row.parts, &command.parts, back)?;
        self.settle_all(&row.parts)?;
        self.emit(Event::Refunded { at: self.now, reservation: command.reservation.clone(), parts: parts.clone() })?;
        let accounts = self.balances(&parts)?;
        Ok(Accepted { reservation: Some(command.reservation.clone()), parts, accounts, ..Accepted::default() })
    }

    pub fn release(&mut self, reservation: &str) -> Result<Accepted, Refusal> {
        let row = self.reservation(reservation, Standing::Held, Code::ReservationNotHeld)?;
        self.end(reservation, &row, Standing::Released)
    }

    pub fn rollback(&mut self, reservation: &str) -> Result<Accepted, Refusal> {
        let row = self.reservation(reservation, Standing::Confirmed, Code::ReservationNotConfirmed)?;
        self.end(reservation, &row, Standing::RolledBack)
    }

    pub fn lapse(&mut self) -> Result<Accepted, Refusal> {
        let lapsed = self.lapse_due()?;
        Ok(Accepted { uses: Some(lapsed), ..Accepted::default() })
    }

    /// Releases what is past its time, the oldest first.
    fn lapse_due(&mut self) -> Result<i64, Refusal> {
        let rows = self.state.reservations.iter().filter(|(_, row)| row.is_due(self.now));
        let mut due: Vec<(Option<i64>, String)> = rows.map(|(id, row)| (row.until, id.clone())).collect();
        due.sort();
        due.truncate(MAX_LAPSES);
        let lapsed = i64::try_from(due.len()).unwrap_or(i64::MAX);
        for (_, reservation) in due {
            let parts = self.state.reservations.get(&reservation).map(|row| row.parts.clone()).unwrap_or_default();
            self.settle_all(&parts)?;
            self.emit(Event::Ended { at: self.now, reservation, standing: Standing::Lapsed })?;
            // what is free again pays what is owed before it can expire
            self.settle_all(&parts)?;
        }
        Ok(lapsed)
    }

    fn end(&mut self, reservation: &str, row: &Reservation, standing: Standing) -> Result<Accepted, Refusal> {
        self.settle_all(&row.parts)?;
        self.emit(Event::Ended { at: self.now, reservation: reservation.into(), standing })?;
        if let Some(grantee) = &row.grantee {
            self.take_grant(grantee, reservation)?;
        }
        let accounts = self.balances(&row.parts)?;
        Ok(Accepted { reservation: Some(reservation.into()), accounts, ..Accepted::default() })
    }

    fn reservation(&self, id: &str, standing: Standing, otherwise: Code) -> Result<Reservation, Refusal> {
        let Some(row) = self.state.reservations.get(id) else {
            return Err(Refusal::new(Code::ReservationUnknown, &[("reservation", id.into())]).at("/reservation"));
        };
        if row.standing != standing {
            let params = [("reservation", id.into()), ("state", row.standing.name().into())];
            return Err(Refusal::new(otherwise, &params).at("/reservation"));
        }
        Ok(row.clone())
    }
}

/// The accounts that parts draw from, each once.
fn accounts_of(parts: &[Hold]) -> Vec<&str> {
    let drawn = parts.iter().filter_map(|part| match part {
        Hold::Draw { account, .. } => Some(account.as_str()),
        Hold::Use { .. } => None,
    });
    let mut accounts: Vec<&str> = drawn.collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}

/// Whether an allowance limits something for everybody together.
pub(super) fn shared(allowance: &Allowance, of: fn(&Limit) -> Option<i64>) -> bool {
    allowance.limits.iter().any(|limit| limit.per == Per::All && of(limit).is_some())
}

/// What a use costs, in the currency of the allowance.
fn cost(name: &str, rules: &Allowance, amount: Option<i64>, currency: Option<&str>) -> Result<i64, Refusal> {
    let Some(amount) = amount else {
        return match rules.limits.iter().any(|limit| limit.budget.is_some()) {
            true => Err(Refusal::new(Code::AmountMissing, &[("allowance", name.into())]).at("/amount")),
            false => Ok(0),
        };
    };
    if rules.currency.as_deref() == currency {
        return Ok(if currency.is_some() { amount } else { 0 });
    }
    let found = currency.unwrap_or_default().into();
    let own = rules.currency.as_deref().unwrap_or_default().into();
    let params = [("allowance", name.into()), ("found", found), ("currency", own)];
    Err(Refusal::new(Code::CurrencyMismatch, &params).at("/currency"))
}

/// The parts with what `keep` leaves of each: it is given what the part has and what the share names.
fn shares(
    reservation: &str,
    parts: &[Hold],
    shares: &[Share],
    keep: impl Fn(i64, Option<i64>) -> i64,
) -> Result<Vec<Hold>, Refusal> {
    for (index, share) in shares.iter().enumerate() {
        let part = i64::try_from(share.part).unwrap_or(i64::MAX);
        let Some(whole) = parts.get(share.part) else {
            let params = [("reservation", reservation.into()), ("part", part.into())];
            return Err(Refusal::new(Code::PartUnknown, &params).at(format!("/parts/{index}/part")));
        };
        if shares.iter().take(index).any(|earlier| earlier.part == share.part) {
            let params = [("member", "part".into()), ("why", "is named twice".into())];
            return Err(Refusal::new(Code::MemberInvalid, &params).at(format!("/parts/{index}/part")));
        }
        let (uses, amount) = whole.size();
        for (left, wanted, member) in [(uses, share.uses, "uses"), (amount, share.amount, "amount")] {
            if wanted.is_some_and(|wanted| wanted > left) {
                let wanted = wanted.unwrap_or_default();
                let named = ("reservation", reservation.into());
                let params = [named, ("part", part.into()), ("left", left.into()), ("wanted", wanted.into())];
                return Err(Refusal::new(Code::PartExceeded, &params).at(format!("/parts/{index}/{member}")));
            }
        }
    }
    let kept = parts.iter().enumerate().map(|(index, part)| {
        let share = shares.iter().find(|share| share.part == index);
        let (uses, amount) = part.size();
        part.cut(keep(uses, share.and_then(|share| share.uses)), keep(amount, share.and_then(|share| share.amount)))
    });
    Ok(kept.collect())
}

impl Hold {
    /// The counters that count it.
    pub fn counters(&self) -> &[String] {
        match self {
            Hold::Use { counters, .. } | Hold::Draw { counters, .. } => counters,
        }
    }

    /// Its uses, and its money or points.
    pub fn size(&self) -> (i64, i64) {
        match self {
            Hold::Use { uses, amount, .. } => (*uses, *amount),
            Hold::Draw { amount, .. } => (0, *amount),
        }
    }

    /// The same with less. What was taken first stays.
    fn cut(&self, uses: i64, amount: i64) -> Hold {
        match self {
            Hold::Use { allowance, counters, lease, .. } => {
                let (allowance, counters, lease) = (allowance.clone(), counters.clone(), lease.clone());
                Hold::Use { allowance, uses, amount, counters, lease }
            }
            Hold::Draw { account, lots, counters, .. } => {
                let mut rest = amount;
                let mut kept = Vec::new();
                for take in lots {
                    let part = take.amount.min(rest);
                    if part > 0 {
                        rest = rest.saturating_sub(part);
                        kept.push(Take { lot: take.lot.clone(), amount: part });
                    }
                }
                Hold::Draw { account: account.clone(), amount, lots: kept, counters: counters.clone() }
            }
        }
    }
}
