//! Friends that members bring: whose the codes are by which they come, who invited whom, and what that gives.

use alloc::string::String;
use alloc::vec::Vec;

use super::answer::{Accepted, Gives};
use super::command::{Convert, Invite, Refer};
use super::draft::Draft;
use super::event::Event;
use super::limits::Counted;
use super::refusal::{Code, Refusal};
use super::state::State;
use crate::code::normalise;

/// How often somebody who had brought friends may have been invited later, above one referrer. A loop is found however
/// many friends stand between its ends.
pub const MAX_CHAIN: usize = 100;

impl State {
    /// Who stands above all others from whom an invitation comes down to this one; nobody knows where there are more
    /// than [`MAX_CHAIN`] steps between them. `step` hears of each person on the way.
    pub(super) fn top_of<'a>(&'a self, person: &'a str, mut step: impl FnMut(&'a str)) -> Option<&'a str> {
        let mut at = person;
        for _ in 0..=MAX_CHAIN {
            step(at);
            let Some(row) = self.referrals.get(at) else { return Some(at) };
            at = row.top.as_ref().unwrap_or(&row.referrer);
        }
        None
    }

    /// Who is meant by a referral, if that is known.
    pub(super) fn referrer_of<'a>(&'a self, command: &'a Refer) -> Option<&'a str> {
        match &command.code {
            Some(code) => self.invitations.get(&normalise(code)).map(|invitation| invitation.holder.as_str()),
            None => command.referrer.as_deref(),
        }
    }
}

impl Draft<'_> {
    pub fn invite(&mut self, command: &Invite) -> Result<Accepted, Refusal> {
        let (code, holder) = (normalise(&command.code), command.holder.clone());
        if self.state.invitations.contains_key(&code) {
            let params = [("kind", "code".into()), ("id", command.code.as_str().into())];
            return Err(Refusal::new(Code::IdTaken, &params).at("/code"));
        }
        self.emit(Event::Invited { at: self.now, code, holder })?;
        Ok(Accepted::default())
    }

    pub fn refer(&mut self, command: &Refer) -> Result<Accepted, Refusal> {
        let (friend, said_at) = (&command.friend, if command.code.is_some() { "/code" } else { "/referrer" });
        let Some(referrer) = self.state.referrer_of(command).map(String::from) else {
            let code = command.code.as_deref().unwrap_or_default();
            return Err(Refusal::new(Code::InvitationUnknown, &[("code", code.into())]).at(said_at));
        };
        if *friend == referrer {
            return Err(Refusal::new(Code::ReferralOfSelf, &[]).at(said_at));
        }
        if self.state.referrals.contains_key(friend) {
            return Err(Refusal::new(Code::ReferralTaken, &[("friend", friend.as_str().into())]).at("/friend"));
        }
        // nobody has invited the friend, so only who stands above the referrer can be the friend
        let Some(top) = self.state.top_of(&referrer, |_| ()) else {
            let params = [("referrer", referrer.as_str().into())];
            return Err(Refusal::new(Code::ReferralChainTooLong, &params).at(said_at));
        };
        if top == friend {
            let params = [("friend", friend.as_str().into()), ("referrer", referrer.as_str().into())];
            return Err(Refusal::new(Code::ReferralLoop, &params).at(said_at));
        }
        let top = (top != referrer).then(|| String::from(top));
        self.emit(Event::Referred { at: self.now, friend: friend.clone(), referrer: referrer.clone(), top })?;
        let gives = self.programme.referrals.friend.clone();
        let gives = Gives { friend: gives, referrer: Some(referrer), ..Gives::default() };
        Ok(Accepted { gives: Some(gives), ..Accepted::default() })
    }

    pub fn convert(&mut self, command: &Convert) -> Result<Accepted, Refusal> {
        let friend = command.friend.as_str();
        let refused = |code| Refusal::new(code, &[("friend", friend.into())]).at("/friend");
        let row = self.state.referrals.get(friend).ok_or_else(|| refused(Code::ReferralUnknown))?;
        if row.converted_at.is_some() {
            return Err(refused(Code::ReferralConverted));
        }
        let referrer = row.referrer.clone();
        let counted = Counted {
            name: "referrals",
            limits: &self.programme.referrals.limits,
            customer: Some(&referrer),
            now: self.now,
            today: self.zone()?.date_at(self.now),
            week: self.programme.week_start,
        };
        let rewarded = counted.refuse_beyond(&self.state, false, 1, 0).is_ok();
        let counters = if rewarded { counted.counters(false)? } else { Vec::new() };
        self.emit(Event::Converted { at: self.now, friend: friend.into(), counters })?;
        let all = self.state.counters.get(&alloc::format!("referrals|customer|{referrer}"));
        let conversions = all.map_or(0, |counter| counter.uses);
        let referrals = &self.programme.referrals;
        let own = command.ladder.as_ref().and_then(|name| referrals.ladders.get(name));
        let ladder = own.unwrap_or(&referrals.ladder).iter();
        let reached = ladder.filter(|step| step.from == conversions || (step.from < conversions && !step.once));
        let step = reached.max_by_key(|step| step.from).filter(|_| rewarded);
        let gives = step.map(|step| step.gives.clone()).unwrap_or_default();
        let gives = Gives { gives, referrer: Some(referrer), conversions: Some(conversions), ..Gives::default() };
        Ok(Accepted { gives: Some(gives), ..Accepted::default() })
    }
}
