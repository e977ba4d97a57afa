//! Events onto a state. Nothing is decided here, and nothing is believed: an event that would leave a row below zero,
//! or that names a row that is not there, is refused and the state is to be thrown away.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::account::{Account, Lot, Suspension};
use super::event::{AskedBack, Event, Hold, Take};
use super::refusal::{Code, Document, Refusal};
use super::state::{Answered, Block, Counter, Invitation, Lease, Referral, Reservation, Standing, State};
use crate::money::MAX_AMOUNT;
use crate::time::Timestamp;

type Done = Result<(), Refusal>;

impl State {
    /// Puts an event onto the state.
    ///
    /// # Errors
    /// `event_unfit` or `number_too_large`; the state is then neither the old nor the new one.
    pub fn apply(&mut self, event: &Event) -> Done {
        match event {
            Event::Reserved { at, reservation, customer, order, reward, grantee, until, parts } => {
                self.shift_all(parts, 1, 0, *at)?;
                self.used_at(parts, *at);
                let row = Reservation {
                    standing: Standing::Held,
                    since: *at,
                    at: *at,
                    until: *until,
                    customer: customer.clone(),
                    order: order.clone(),
                    reward: reward.clone(),
                    grantee: grantee.clone(),
                    parts: parts.clone(),
                };
                new(&mut self.reservations, reservation, row)
            }
            Event::Confirmed { at, reservation, parts } => {
                let was = self.stand(reservation, Standing::Held, Standing::Confirmed, *at, parts)?;
                self.shift_all(&was, -1, 0, *at)?;
                self.shift_all(parts, 0, 1, *at)?;
                self.undone(reservation, &was, parts);
                Ok(())
            }
            Event::Refunded { at, reservation, parts } => {
                let was = self.stand(reservation, Standing::Confirmed, Standing::Confirmed, *at, parts)?;
                self.shift_all(&was, 0, -1, *at)?;
                self.shift_all(parts, 0, 1, *at)?;
                self.undone(reservation, &was, parts);
                Ok(())
            }
            Event::Ended { at, reservation, standing } => match standing {
                Standing::Released | Standing::Lapsed => {
                    let was = self.stand(reservation, Standing::Held, *standing, *at, &[])?;
                    self.undone(reservation, &was, &[]);
                    self.shift_all(&was, -1, 0, *at)
                }
                Standing::RolledBack => {
                    let was = self.stand(reservation, Standing::Confirmed, *standing, *at, &[])?;
                    self.undone(reservation, &was, &[]);
                    self.shift_all(&was, 0, -1, *at)
                }
                Standing::Held | Standing::Confirmed => Err(unfit("no reservation ends in being held or confirmed")),
            },
            Event::Leased { lease, allowance, shard, uses, amount, counters, until, .. } => {
                self.lease_from(counters, *uses, *amount)?;
                let row = Lease {
                    allowance: allowance.clone(),
                    shard: shard.clone(),
                    counters: counters.clone(),
                    uses: *uses,
                    amount: *amount,
                    used: 0,
                    spent: 0,
                    until: *until,
                };
                new(&mut self.leases, lease, row)
            }
            Event::LeaseReturned { lease, uses, amount, used, spent, .. } => {
                let row = there(&mut self.leases, lease)?;
                (row.used, row.spent) = (*used, *spent);
                add(&mut row.uses, uses.saturating_neg())?;
                add(&mut row.amount, amount.saturating_neg())?;
                let counters = row.counters.clone();
                self.lease_from(&counters, uses.saturating_neg(), amount.saturating_neg())
            }
            Event::LeaseAccepted { lease, allowance, uses, amount, until, .. } => {
                let (allowance, counter) = (allowance.clone(), Counter::default());
                let row = Block { allowance, uses: *uses, amount: *amount, counter, until: *until };
                new(&mut self.blocks, lease, row)
            }
            Event::GivenBack { lease, uses, amount, .. } => {
                let row = there(&mut self.blocks, lease)?;
                add(&mut row.uses, uses.saturating_neg())?;
                add(&mut row.amount, amount.saturating_neg())
            }
            Event::LotAdded { account, scheme, unit, lot, added, ceilings } => {
                let row = self.opened(account, scheme, unit);
                if let Some(period) = &added.period {
                    add(row.periods.entry(period.clone()).or_default(), added.counted)?;
                }
                new(&mut row.lots, lot, added.clone())?;
                for counter in ceilings {
                    let counter = self.counters.entry(counter.clone()).or_default();
                    add(&mut counter.uses, 1)?;
                    add(&mut counter.spent, added.sums.earned)?;
                    counter.last = counter.last.max(Some(added.at));
                }
                Ok(())
            }
            Event::Activated { at, account, lot, expires_at, period } => {
                let account = there(&mut self.accounts, account)?;
                let row = there(&mut account.lots, lot)?;
                row.active_at.take().ok_or_else(|| unfit("a lot is activated twice"))?;
                (row.expiry, row.expires_at, row.touched) = (None, *expires_at, *at);
                row.period.clone_from(period);
                let Some(period) = period else { return Ok(()) };
                row.counted = row.left;
                add(account.periods.entry(period.clone()).or_default(), row.counted)
            }
            Event::Expired { at, account, lot, amount } => {
                let row = self.lot(account, lot, *at)?;
                add(&mut row.left, amount.saturating_neg())?;
                add(&mut row.sums.expired, *amount)
            }
            Event::Transferred { at, from, lots, to, lot, expires_at } => {
                self.adjust(from, lots, -1, *at)?;
                let from = there(&mut self.accounts, from)?;
                let opened = Account { scheme: from.scheme.clone(), unit: from.unit.clone(), ..Account::default() };
                let row = self.accounts.entry(to.clone()).or_insert(opened);
                let mut added = Lot { at: *at, touched: *at, expires_at: *expires_at, ..Lot::default() };
                added.left = super::account::taken(lots);
                added.sums.adjusted = added.left;
                new(&mut row.lots, lot, added)
            }
            Event::Adjusted { at, account, lots, .. } => self.adjust(account, lots, 1, *at),
            Event::TakenBack { at, account, asked, others, owed, .. } => {
                for one in asked {
                    self.take_back(account, one, *at)?;
                }
                self.adjust(account, others, -1, *at)?;
                add(&mut there(&mut self.accounts, account)?.owed, *owed)
            }
            Event::OwedPaid { at, account, lots } => {
                self.adjust(account, lots, -1, *at)?;
                let paid = super::account::taken(lots);
                add(&mut there(&mut self.accounts, account)?.owed, paid.saturating_neg())
            }
            Event::LevelChanged { account, level, .. } => {
                there(&mut self.accounts, account)?.level.clone_from(level);
                Ok(())
            }
            Event::LevelEndSet { account, until, .. } => {
                let level = there(&mut self.accounts, account)?.level.as_mut();
                level.ok_or_else(|| unfit("there is no level that could end"))?.until = *until;
                Ok(())
            }
            Event::LevelAwaited { account, awaited, .. } => {
                there(&mut self.accounts, account)?.awaited.clone_from(awaited);
                Ok(())
            }
            Event::Granted { account, scheme, unit, grant, granted, .. } => {
                self.opened(account, scheme, unit).grants.insert(grant.clone(), granted.clone());
                Ok(())
            }
            Event::Revoked { account, grant, .. } => {
                let removed = there(&mut self.accounts, account)?.grants.remove(grant);
                removed.map(drop).ok_or_else(|| unfit("a grant is revoked twice"))
            }
            Event::Suspended { at, account, scheme, unit, reason } => {
                let suspended = Suspension { since: *at, reason: reason.clone() };
                self.opened(account, scheme, unit).suspended = Some(suspended);
                Ok(())
            }
            Event::Resumed { account, .. } => {
                there(&mut self.accounts, account)?.suspended = None;
                Ok(())
            }
            Event::Invited { at, code, holder } => {
                new(&mut self.invitations, code, Invitation { holder: holder.clone(), at: *at })
            }
            Event::Referred { at, friend, referrer, top } => {
                let row = Referral { referrer: referrer.clone(), top: top.clone(), at: *at, converted_at: None };
                new(&mut self.referrals, friend, row)
            }
            Event::Converted { at, friend, counters } => {
                there(&mut self.referrals, friend)?.converted_at = Some(*at);
                for counter in counters {
                    let counter = self.counters.entry(counter.clone()).or_default();
                    add(&mut counter.uses, 1)?;
                    counter.last = counter.last.max(Some(*at));
                }
                Ok(())
            }
            Event::Forgotten { before, .. } => {
                self.forget(*before);
                Ok(())
            }
            Event::Answered { at, key, fingerprint, answer } => {
                let row = Answered { fingerprint: fingerprint.clone(), at: *at, answer: answer.clone() };
                new(&mut self.answers, key, row)
            }
        }
    }

    /// Puts events onto the state, in their order.
    ///
    /// # Errors
    /// As [`State::apply`].
    pub fn replay<'a>(&mut self, events: impl IntoIterator<Item = &'a Event>) -> Done {
        events.into_iter().try_for_each(|event| self.apply(event))
    }

    /// An account, opened when it is not there.
    fn opened(&mut self, account: &str, scheme: &str, unit: &str) -> &mut Account {
        let opened = || Account { scheme: scheme.into(), unit: unit.into(), ..Account::default() };
        self.accounts.entry(account.into()).or_insert_with(opened)
    }

    /// Notes when what is counted was last used.
    fn used_at(&mut self, parts: &[Hold], at: Timestamp) {
        for name in parts.iter().flat_map(Hold::counters) {
            let counter = self.counters.entry(name.clone()).or_default();
            counter.last = counter.last.max(Some(at));
        }
    }

    /// A last use of which nothing stands any more keeps nobody waiting. The one before it lies far enough back, or it
    /// would have been refused.
    fn undone(&mut self, reservation: &str, was: &[Hold], parts: &[Hold]) {
        let Some(at) = self.reservations.get(reservation).map(|row| row.at) else { return };
        let stands = |name: &String| parts.iter().any(|part| part.size() != (0, 0) && part.counters().contains(name));
        for name in was.iter().flat_map(Hold::counters).filter(|name| !stands(name)) {
            if let Some(counter) = self.counters.get_mut(name).filter(|counter| counter.last == Some(at)) {
                counter.last = None;
            }
        }
    }

    /// Moves a reservation from one standing to another; gives the parts it had.
    fn stand(
        &mut self,
        reservation: &str,
        from: Standing,
        to: Standing,
        at: Timestamp,
        parts: &[Hold],
    ) -> Result<Vec<Hold>, Refusal> {
        let row = there(&mut self.reservations, reservation)?;
        if row.standing != from {
            return Err(unfit(&format!("`{reservation}` is {}, not {}", row.standing.name(), from.name())));
        }
        (row.standing, row.since) = (to, at);
        Ok(core::mem::replace(&mut row.parts, parts.to_vec()))
    }

    pub(super) fn shift_all(&mut self, parts: &[Hold], held: i64, done: i64, at: Timestamp) -> Done {
        parts.iter().try_for_each(|part| self.shift(part, held, done, at))
    }

    /// Adds a part `held` times to what is held and `done` times to what is used; each is -1, 0 or 1.
    fn shift(&mut self, part: &Hold, held: i64, done: i64, at: Timestamp) -> Done {
        let times = |amount: i64, times: i64| amount.saturating_mul(times);
        match part {
            Hold::Use { uses, amount, counters, lease, .. } => {
                let shift = |counter: &mut Counter| shift_counter(counter, (*uses, *amount), held, done);
                if let Some(lease) = lease {
                    shift(&mut there(&mut self.blocks, lease)?.counter)?;
                }
                counters.iter().try_for_each(|name| shift(self.counters.entry(name.clone()).or_default()))
            }
            Hold::Draw { account, amount, lots, counters } => {
                let uses = i64::from(*amount > 0);
                for name in counters {
                    shift_counter(self.counters.entry(name.clone()).or_default(), (uses, *amount), held, done)?;
                }
                lots.iter().try_for_each(|take| {
                    let lot = self.lot(account, &take.lot, at)?;
                    add(&mut lot.held, times(take.amount, held))?;
                    add(&mut lot.sums.spent, times(take.amount, done))?;
                    add(&mut lot.left, times(take.amount, held.saturating_add(done)).saturating_neg())
                })
            }
        }
    }

    fn lease_from(&mut self, counters: &[String], uses: i64, amount: i64) -> Done {
        counters.iter().try_for_each(|name| {
            let counter = self.counters.entry(name.clone()).or_default();
            add(&mut counter.leased_uses, uses)?;
            add(&mut counter.leased_amount, amount)
        })
    }

    fn lot(&mut self, account: &str, lot: &str, at: Timestamp) -> Result<&mut Lot, Refusal> {
        let lot = there(&mut there(&mut self.accounts, account)?.lots, lot)?;
        lot.touched = lot.touched.max(at);
        Ok(lot)
    }

    fn adjust(&mut self, account: &str, lots: &[Take], sign: i64, at: Timestamp) -> Done {
        lots.iter().try_for_each(|take| {
            let lot = self.lot(account, &take.lot, at)?;
            let by = take.amount.saturating_mul(sign);
            add(&mut lot.left, by)?;
            lot.sums.adjusted = lot.sums.adjusted.saturating_add(by);
            Ok(())
        })
    }

    fn take_back(&mut self, account: &str, asked: &AskedBack, at: Timestamp) -> Done {
        self.adjust(account, &[Take { lot: asked.lot.clone(), amount: asked.taken }], -1, at)?;
        let account = there(&mut self.accounts, account)?;
        let lot = there(&mut account.lots, &asked.lot)?;
        add(&mut lot.asked_back, asked.due)?;
        for (line, units) in &asked.units {
            add(lot.returned.entry(line.clone()).or_default(), *units)?;
        }
        let back = asked.due.min(lot.counted);
        add(&mut lot.counted, back.saturating_neg())?;
        match lot.period.as_ref().and_then(|period| account.periods.get_mut(period)) {
            Some(earned) => add(earned, back.min(*earned).saturating_neg()),
            None => Ok(()),
        }
    }

    /// A lot that a living reservation names was touched when that reservation came to stand where it stands.
    fn forget(&mut self, before: Timestamp) {
        self.answers.retain(|_, answered| answered.at >= before);
        self.reservations.retain(|_, row| row.standing == Standing::Held || row.since >= before);
        for account in self.accounts.values_mut() {
            let mut forgotten = account.sums();
            account.lots.retain(|_, lot| lot.left != 0 || lot.held != 0 || lot.is_pending() || lot.touched >= before);
            let kept = Account { lots: core::mem::take(&mut account.lots), ..Account::default() };
            let still = kept.sums();
            forgotten.earned = forgotten.earned.saturating_sub(still.earned);
            forgotten.adjusted = forgotten.adjusted.saturating_sub(still.adjusted);
            forgotten.spent = forgotten.spent.saturating_sub(still.spent);
            forgotten.expired = forgotten.expired.saturating_sub(still.expired);
            account.lots = kept.lots;
            account.forgotten = forgotten;
            account.grants.retain(|_, grant| grant.until.is_none_or(|until| until >= before));
        }
    }
}

/// Adds uses and their amount to a counter, as often as they are held and done.
fn shift_counter(counter: &mut Counter, (uses, amount): (i64, i64), held: i64, done: i64) -> Done {
    add(&mut counter.held_uses, uses.saturating_mul(held))?;
    add(&mut counter.held_amount, amount.saturating_mul(held))?;
    add(&mut counter.uses, uses.saturating_mul(done))?;
    add(&mut counter.spent, amount.saturating_mul(done))
}

/// Adds to a number that is never below zero.
fn add(to: &mut i64, by: i64) -> Done {
    let sum = to.checked_add(by).unwrap_or(i64::MAX);
    if sum < 0 {
        return Err(unfit("a number would fall below zero"));
    }
    if sum > MAX_AMOUNT {
        let params = [("what", "a sum of the ledger".into()), ("largest", MAX_AMOUNT.into())];
        return Err(Refusal::new(Code::NumberTooLarge, &params));
    }
    *to = sum;
    Ok(())
}

fn there<'a, Row>(rows: &'a mut BTreeMap<String, Row>, id: &str) -> Result<&'a mut Row, Refusal> {
    rows.get_mut(id).ok_or_else(|| unfit(&format!("`{id}` is not there")))
}

fn new<Row>(rows: &mut BTreeMap<String, Row>, id: &str, row: Row) -> Done {
    match rows.insert(id.into(), row) {
        None => Ok(()),
        Some(_) => Err(unfit(&format!("`{id}` is there twice"))),
    }
}

fn unfit(why: &str) -> Refusal {
    Refusal::new(Code::EventUnfit, &[("why", why.into())]).of(Document::Event)
}
