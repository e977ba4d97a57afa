//! What follows from an answer of the ledger: points for levels and for friends, credit that a reward is, rewards that
//! come unasked, and what the shop hands out.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::account::{attribute, tell, Account};
use super::happened::{account, at, id_of, request, Follows, Handed, Occasion};
use super::purse::Purse;
use super::{Quoted, Rules};
use crate::error::Error;
use crate::ledger::answer::{Accepted, Answer};
use crate::ledger::command::{Action, Claim, Command, Grant, Refill};
use crate::ledger::event::{Change, Event};
use crate::loyalty::{Gives, On, Reward};
use crate::time::Timestamp;

/// A decision of the ledger, with the accounts as they are after it. A decision that is `repeated` needs no second look.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answered {
    /// The key of the command.
    pub id: String,
    /// Its moment.
    pub now: Timestamp,
    /// What was answered.
    pub answer: Answer,
    /// What happened.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Whose command it was, as in a request; of a conversion, the referrer.
    pub customer: Json,
    /// Minutes the customer's clocks are ahead of UTC.
    #[serde(default)]
    pub utc_offset: i64,
    /// The customer's accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

impl Rules {
    pub(super) fn follow_answer(&mut self, answered: &Answered) -> Result<Follows, Error> {
        let Answer::Accepted(accepted) = &answered.answer else { return Ok(Follows::default()) };
        let Answered { id, now, customer, accounts, .. } = answered;
        let asked = request(customer, &Map::new(), answered.utc_offset, None);
        self.ask(&tell(&asked, accounts, *now), at(*now), None)?;
        let occasion = Occasion { id, now: *now, customer: id_of(customer), accounts, is_order: false };
        let changes = changes(&answered.events, accounts, &occasion);
        let converted = accepted.gives.as_ref().is_some_and(|gives| gives.conversions.is_some());
        let earned = self.earned(accounts, None, |programme, on| match on {
            On::Level(wanted) => {
                changes.iter().any(|(scheme, change)| *scheme == programme.id && wanted.contains(change))
            }
            On::Referral => converted,
            _ => false,
        });
        let mut follows = self.commands(&occasion, earned);
        self.hand_out(accepted, &occasion, customer, &mut follows);
        // a claim leaves fewer points than there were
        let claimed = accepted.gives.as_ref().is_some_and(|gives| gives.reward.is_some());
        for account in accounts.iter().filter(|_| !claimed) {
            follows.commands.extend(self.unasked(account, &occasion));
        }
        Ok(follows)
    }

    /// What a reward, a conversion or an invitation gives: credit is kept by the ledger, the rest is the shop's.
    fn hand_out(&self, accepted: &Accepted, occasion: &Occasion<'_>, customer: &Json, follows: &mut Follows) {
        let Some(told) = &accepted.gives else { return };
        let Some(to) = occasion.customer else { return };
        for gives in [&told.gives, &told.friend] {
            let Ok(gives) = serde_json::from_value::<Gives>(gives.clone()) else { continue };
            let gives = gives.for_customer(|name| attribute(customer, name));
            let units = accepted.uses.unwrap_or(1).max(1);
            if let Gives::Entitlement { entitlement, months, programme: Some(programme) } = &gives {
                // a reward's is granted with the claim
                let own = account(occasion.accounts, programme, Some(to)).filter(|_| accepted.granted.is_none());
                let grant = format!("{}/grant", occasion.id);
                let (scheme, entitlement, months) = (programme.clone(), entitlement.clone(), *months);
                follows.commands.extend(own.map(|account| Command {
                    key: grant.clone(),
                    now: occasion.now,
                    action: Action::Grant(Grant { account, scheme, grant, entitlement, months }),
                }));
            }
            let Gives::Credit { programme, amount } = &gives else {
                follows.gives.push(Handed { customer: to.into(), gives, units });
                continue;
            };
            let Some(account) = account(occasion.accounts, programme, Some(to)) else { continue };
            let action = Action::Refill(Refill {
                account,
                scheme: programme.clone(),
                lot: format!("{}/credit", occasion.id),
                amount: amount.saturating_mul(units),
                expiry: None,
            });
            follows.commands.push(Command { key: format!("{}/credit", occasion.id), now: occasion.now, action });
        }
    }

    /// The rewards that the member of an account gets unasked now. A claim goes by its occasion: one that was refused, for want
    /// of stock say, is made again on the next.
    fn unasked(&self, account: &Account, occasion: &Occasion<'_>) -> Vec<Command> {
        let rewards = self.programme_of(&account.scheme).map_or(&[][..], |programme| &programme.rewards);
        let Some(own) = self::account(occasion.accounts, &account.scheme, occasion.customer) else { return Vec::new() };
        let mut purse = Purse::new(account, occasion.now);
        let coming = rewards.iter().map(|reward| (reward, purse.unasked(reward))).filter(|(_, units)| *units > 0);
        coming.map(|(reward, units)| claim(&reward.id, occasion.id, (&own, units), occasion)).collect()
    }

    /// The rewards that an order buys by the campaigns that applied for it.
    pub(super) fn bought(&self, quoted: Quoted<'_>, occasion: &Occasion<'_>) -> Vec<Command> {
        let mut claims = Vec::new();
        for programme in &self.said.programmes {
            let Some(own) = account(occasion.accounts, &programme.id, occasion.customer) else { continue };
            // an account that is not told may have enough: the ledger says
            let told = occasion.accounts.iter().find(|account| account.scheme == programme.id);
            let mut purse = told.map(|account| Purse::new(account, occasion.now));
            for reward in &programme.rewards {
                let is_bought = match &mut purse {
                    Some(purse) => purse.bought(reward, quoted),
                    None => reward.is_bought(quoted),
                };
                if is_bought {
                    claims.push(claim(&reward.id, occasion.id, (&own, 1), occasion));
                }
            }
        }
        claims
    }
}

fn claim(reward: &str, of: &str, (account, units): (&str, i64), occasion: &Occasion<'_>) -> Command {
    let name = format!("{reward}/{of}");
    let action = Action::Claim(Claim {
        reservation: name.clone(),
        reward: reward.into(),
        account: account.into(),
        customer: Some(occasion.customer.unwrap_or(account).into()),
        units,
    });
    Command { key: name, now: occasion.now, action }
}

impl Reward {
    /// What one costs a member of a level, and whether it is for them: as the ledger decides.
    pub(super) fn terms(&self, level: Option<&str>) -> (i64, bool) {
        let decided = self.decided();
        (decided.cost(level), decided.is_for(level))
    }
}

/// How the member's levels have changed, by programme.
fn changes(events: &[Event], accounts: &[Account], occasion: &Occasion<'_>) -> Vec<(String, Change)> {
    let of = |event: &Event| match event {
        Event::LevelChanged { account: changed, change, .. } => {
            let own = |told: &&Account| account(accounts, &told.scheme, occasion.customer).as_ref() == Some(changed);
            accounts.iter().find(own).map(|told| (told.scheme.clone(), *change))
        }
        _ => None,
    };
    events.iter().filter_map(of).collect()
}
