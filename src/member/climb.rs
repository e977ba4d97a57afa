//! What levels bring: the rules that pay for reaching one, or for leaving it, asked before anybody does.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value as Json};

use super::account::{tell, Account};
use super::earn::Earned;
use super::happened::{at, id_of, request};
use super::preview::Preview;
use super::Rules;
use crate::error::Error;
use crate::ledger::event::Change;
use crate::ledger::levels::Progress;
use crate::loyalty::On;
use crate::time::Timestamp;

/// What a rule pays for a change of level.
#[derive(Clone, Debug)]
pub(super) struct Gift {
    pub change: Change,
    /// The level from then on.
    pub level: Option<String>,
    pub earned: Earned,
}

impl Rules {
    /// What each change of level would bring the member, as `follow` would ask the rules then.
    ///
    /// # Errors
    /// What is refused of the customer.
    pub(super) fn gifts(&mut self, asked: &Preview, now: Timestamp) -> Result<Vec<Gift>, Error> {
        let nobody = Json::Null;
        let customer = asked.request.get("customer").unwrap_or(&nobody);
        let offset = asked.request.get("utcOffset").and_then(Json::as_i64).unwrap_or(0);
        let pays = |on: &On| matches!(on, On::Level(_));
        let paying =
            self.said.programmes.iter().filter(|programme| programme.earning.iter().any(|rule| pays(&rule.on)));
        let levels: Vec<(String, Option<String>)> = paying
            .flat_map(|programme| {
                let list = programme.levels.as_ref().map_or(&[][..], |levels| &levels.list);
                let reached = list.iter().map(|level| Some(level.id.clone())).chain([None]);
                reached.map(|level| (programme.id.clone(), level))
            })
            .collect();
        let mut gifts = Vec::new();
        for (programme, level) in levels {
            let Some(accounts) = on_level(&asked.accounts, &programme, level.clone(), customer) else { continue };
            let occasion = request(customer, &Map::new(), offset, None);
            self.ask(&tell(&occasion, &accounts, now), at(now), None)?;
            let changes = match level {
                Some(_) => &[Change::Joined, Change::Upgraded, Change::Downgraded][..],
                None => &[Change::Left],
            };
            for change in changes {
                let is_it = |on: &On| matches!(on, On::Level(wanted) if wanted.contains(change));
                let earned = self.earned(&accounts, None, |of, on| of.id == programme && is_it(on));
                gifts.extend(earned.into_iter().map(|earned| Gift { change: *change, level: level.clone(), earned }));
            }
        }
        Ok(gifts)
    }
}

/// The accounts once the member is on a level of a programme; none for nobody.
fn on_level(accounts: &[Account], programme: &str, level: Option<String>, customer: &Json) -> Option<Vec<Account>> {
    let mut accounts = accounts.to_vec();
    if !accounts.iter().any(|account| account.scheme == programme) {
        id_of(customer)?;
        accounts.push(Account { scheme: programme.into(), ..Account::default() });
    }
    let own = accounts.iter_mut().find(|account| account.scheme == programme)?;
    let none = Progress { level: None, until: None, points: 0, coming: None, next: None, missing: None };
    own.progress = Some(Progress { level, ..own.progress.clone().unwrap_or(none) });
    Some(accounts)
}
