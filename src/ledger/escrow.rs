//! Leases: a shard takes a block of an allowance's shared limits, counts in it alone, and gives back the rest. Home
//! counts the whole block as taken, so the sum is exact wherever the uses happen. A shard makes its block smaller
//! before home makes it free: a crash in between loses uses for a while and never makes any.

use alloc::vec::Vec;

use super::answer::Accepted;
use super::command::{AcceptLease, Lease, ReturnLease};
use super::draft::Draft;
use super::event::Event;
use super::limits::Counted;
use super::programme::{Limit, Per, CUSTOMER_ZONE};
use super::redemption::shared;
use super::refusal::{Code, Refusal};

impl Draft<'_> {
    pub fn lease(&mut self, command: &Lease) -> Result<Accepted, Refusal> {
        let (name, rules) = self.allowance(&command.allowance)?;
        // no shard knows when another one was used last
        let is_apart = |limit: &Limit| limit.per == Per::All && limit.apart_minutes.is_some();
        if rules.zone.as_deref() == Some(CUSTOMER_ZONE) || rules.limits.iter().any(is_apart) {
            return Err(Refusal::new(Code::LeaseImpossible, &[("allowance", name.into())]).at("/allowance"));
        }
        if self.state.leases.contains_key(&command.lease) {
            return Err(taken(&command.lease));
        }
        let limits: Vec<Limit> = rules.limits.iter().filter(|limit| limit.per == Per::All).copied().collect();
        let zone = self.programme.zone(rules.zone.as_deref())?;
        let (today, week) = (zone.date_at(self.now), self.programme.week_start);
        let counted = Counted { name, limits: &limits, customer: None, now: self.now, today, week };
        let room = counted.room(&self.state, false)?;
        let (mut uses, mut amount) = (command.uses, command.amount);
        if command.up_to {
            // at least 1 of what is wanted: where there is none, the limit that stands in the way is named
            uses = uses.min(room.uses.max(i64::from(uses > 0)));
            amount = amount.min(room.amount.max(i64::from(amount > 0)));
        }
        counted.refuse_beyond(&self.state, false, uses, amount)?;
        let ends = limits.iter().filter_map(|limit| limit.every);
        let until = ends.map(|every| zone.start_of(every.next(every.first_day(today, week)))).min();
        let counters = counted.counters(false)?;
        let (lease, allowance, shard) = (command.lease.clone(), command.allowance.clone(), command.shard.clone());
        self.emit(Event::Leased { at: self.now, lease, allowance, shard, uses, amount, counters, until })?;
        Ok(Accepted { uses: Some(uses), amount: Some(amount), until, ..Accepted::default() })
    }

    pub fn accept_lease(&mut self, command: &AcceptLease) -> Result<Accepted, Refusal> {
        if self.state.blocks.contains_key(&command.lease) {
            return Err(taken(&command.lease));
        }
        self.allowance(&command.allowance)?;
        let (lease, allowance) = (command.lease.clone(), command.allowance.clone());
        let (uses, amount, until) = (command.uses, command.amount, command.until);
        self.emit(Event::LeaseAccepted { at: self.now, lease, allowance, uses, amount, until })?;
        Ok(Accepted { uses: Some(uses), amount: Some(amount), until, ..Accepted::default() })
    }

    pub fn give_back(&mut self, lease: &str) -> Result<Accepted, Refusal> {
        let block = self.state.blocks.get(lease).ok_or_else(|| unknown(lease))?;
        let (_, rules) = self.allowance(&block.allowance)?;
        // what no shared limit counts was never in the block
        let uses = if shared(rules, |limit| limit.uses) { block.free_uses().max(0) } else { 0 };
        let amount = if shared(rules, |limit| limit.budget) { block.free_amount().max(0) } else { 0 };
        let (used, spent) = (block.counter.uses, block.counter.spent);
        self.emit(Event::GivenBack { at: self.now, lease: lease.into(), uses, amount })?;
        let (uses, amount, used, spent) = (Some(uses), Some(amount), Some(used), Some(spent));
        Ok(Accepted { uses, amount, used, spent, ..Accepted::default() })
    }

    pub fn return_lease(&mut self, command: &ReturnLease) -> Result<Accepted, Refusal> {
        let row = self.state.leases.get(&command.lease).ok_or_else(|| unknown(&command.lease))?;
        let ReturnLease { lease, uses, amount, used, spent } = command;
        for (member, back, done, has) in [("uses", *uses, *used, row.uses), ("amount", *amount, *spent, row.amount)] {
            if back.saturating_add(done) > has && back > 0 {
                let params = [("member", member.into()), ("why", "is more than the lease has left".into())];
                return Err(Refusal::new(Code::MemberInvalid, &params).at(alloc::format!("/{member}")));
            }
        }
        let (at, lease) = (self.now, lease.clone());
        let (uses, amount, used, spent) = (*uses, *amount, *used, *spent);
        self.emit(Event::LeaseReturned { at, lease, uses, amount, used, spent })?;
        Ok(Accepted { uses: Some(uses), amount: Some(amount), ..Accepted::default() })
    }
}

fn unknown(lease: &str) -> Refusal {
    Refusal::new(Code::LeaseUnknown, &[("lease", lease.into())]).at("/lease")
}

fn taken(lease: &str) -> Refusal {
    Refusal::new(Code::IdTaken, &[("kind", "lease".into()), ("id", lease.into())]).at("/lease")
}
