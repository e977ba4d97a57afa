//! Rewards that points buy.

use alloc::vec::Vec;

use super::answer::{Accepted, Gives};
use super::command::{Claim, Part};
use super::draft::Draft;
use super::programme::Reward;
use super::redemption::Purpose;
use super::refusal::{Code, Refusal};

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
        self.open(account)?;
        self.settle(account)?;
        let Some(row) = self.state.accounts.get(account) else { return Err(unknown()) };
        if let Some(scheme) = reward.scheme.as_ref().filter(|scheme| **scheme != row.scheme) {
            let params = [("account", account.as_str().into()), ("scheme", row.scheme.as_str().into())];
            let help = Refusal::new(Code::SchemeMismatch, &params).at("/account");
            return Err(Refusal { help: alloc::format!("pay with an account of `{scheme}`"), ..help });
        }
        let level = row.level.as_ref().map(|level| level.id.as_str());
        let scheme = row.scheme.clone();
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
        let purpose = Purpose {
            reservation,
            customer: customer.as_deref(),
            // whoever is named, the member is who pays
            counted: Some(account),
            customer_zone: None,
            order: None,
            reward: Some(name),
            grantee: reward.entitles.as_ref().map(|_| account.as_str()),
        };
        // the command has no parts that a place could name
        let accepted =
            self.hold_and_confirm(&purpose, &parts).map_err(|refusal| match refusal.at.pointer.as_str() {
                at if at.starts_with("/parts") => refusal.at("/reward"),
                _ => refusal,
            })?;
        let granted = match &reward.entitles {
            Some(entitles) => Some(self.give_grant((account, &scheme), reservation, entitles, *units)?),
            None => None,
        };
        let gives = Gives { reward: Some(name.clone()), gives: reward.gives.clone(), ..Gives::default() };
        Ok(Accepted { amount: Some(amount), uses: Some(*units), gives: Some(gives), granted, ..accepted })
    }
}
