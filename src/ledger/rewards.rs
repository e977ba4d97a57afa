//! Rewards that points buy, and friends that members bring.

use alloc::vec::Vec;

use super::answer::{Accepted, Gives};
use super::command::{Claim, Convert, Part, Refer};
use super::draft::Draft;
use super::event::Event;
use super::limits::Counted;
use super::programme::Reward;
use super::redemption::Purpose;
use super::refusal::{Code, Refusal};

/// How many invitations back a loop is looked for.
pub const MAX_CHAIN: usize = 100;

impl Reward {
    /// What one costs a member of a level.
    pub fn cost(&self, level: Option<&str>) -> i64 {
        level.and_then(|level| self.points_by_level.get(level)).copied().unwrap_or(self.points)
    }

    /// Whether a member of a level may have it.
    pub fn is_for(&self, level: Option<&str>) -> bool {
        self.levels.is_empty() || level.is_some_and(|level| self.levels.iter().any(|known| known == level))
    }
}

impl Draft<'_> {
    pub fn claim(&mut self, command: &Claim) -> Result<Accepted, Refusal> {
        let Claim { reservation, reward: name, account, customer, units } = command;
        let unknown = || Refusal::new(Code::RewardUnknown, &[("reward", name.as_str().into())]).at("/reward");
        let reward = self.programme.rewards.get(name).ok_or_else(unknown)?;
        self.scheme_of(account)?;
        self.settle(account)?;
        let Some(row) = self.state.accounts.get(account) else { return Err(unknown()) };
        if let Some(scheme) = reward.scheme.as_ref().filter(|scheme| **scheme != row.scheme) {
            let params = [("account", account.as_str().into()), ("scheme", row.scheme.as_str().into())];
            let help = Refusal::new(Code::SchemeMismatch, &params).at("/account");
            return Err(Refusal { help: alloc::format!("pay with an account of `{scheme}`"), ..help });
        }
        let level = row.level.as_ref().map(|level| level.id.as_str());
        if !reward.is_for(level) {
            return Err(Refusal::new(Code::LevelMissing, &[("reward", name.as_str().into())]).at("/reward"));
        }
        let sums = row.sums();
        let earned = sums.earned.saturating_add(sums.adjusted);
        if let Some(required) = reward.earned.filter(|required| earned < *required) {
            let params = [("reward", name.as_str().into()), ("required", required.into()), ("earned", earned.into())];
            return Err(Refusal::new(Code::MilestoneNotReached, &params).at("/reward"));
        }
        let cost = reward.cost(level);
        let mut parts = Vec::new();
        let amount = cost.saturating_mul(*units);
        if amount > 0 {
            parts.push(Part::Draw { account: account.clone(), amount, up_to: false });
        }
        if let Some(stock) = &reward.stock {
            let (allowance, uses) = (stock.clone(), *units);
            parts.push(Part::Use { allowance, uses, amount: None, currency: None, up_to: false, lease: None });
        }
        let customer = customer.as_deref();
        let (reservation, reward_id) = (reservation.as_str(), Some(name.as_str()));
        let purpose = Purpose { reservation, customer, customer_zone: None, order: None, reward: reward_id };
        // the command has no parts that a place could name
        let accepted =
            self.hold_and_confirm(&purpose, &parts).map_err(|refusal| match refusal.at.pointer.as_str() {
                at if at.starts_with("/parts") => refusal.at("/reward"),
                _ => refusal,
            })?;
        let gives = Gives { reward: Some(name.clone()), gives: reward.gives.clone(), ..Gives::default() };
        Ok(Accepted { amount: Some(amount), uses: Some(*units), gives: Some(gives), ..accepted })
    }

    pub fn refer(&mut self, command: &Refer) -> Result<Accepted, Refusal> {
        let Refer { friend, referrer } = command;
        if friend == referrer {
            return Err(Refusal::new(Code::ReferralOfSelf, &[]).at("/referrer"));
        }
        if self.state.referrals.contains_key(friend) {
            return Err(Refusal::new(Code::ReferralTaken, &[("friend", friend.as_str().into())]).at("/friend"));
        }
        let mut above = self.state.referrals.get(referrer);
        for _ in 0..MAX_CHAIN {
            let Some(row) = above else { break };
            if row.referrer == *friend {
                let params = [("friend", friend.as_str().into()), ("referrer", referrer.as_str().into())];
                return Err(Refusal::new(Code::ReferralLoop, &params).at("/referrer"));
            }
            above = self.state.referrals.get(&row.referrer);
        }
        self.emit(Event::Referred { at: self.now, friend: friend.clone(), referrer: referrer.clone() })?;
        let gives = Gives { friend: self.programme.referrals.friend.clone(), ..Gives::default() };
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
