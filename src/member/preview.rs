//! The preview: what the cart would earn, how far the next level is, and which rewards are in reach. Only told; the
//! ledger decides, by the same rules.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::account::{tell, Account};
use super::earn::Earned;
use super::happened::{at, id_of, malformed, moment_of};
use super::hint::Hint;
use super::offer::{offers, Offer};
use super::outlook::{Later, Outlook};
use super::way::Way;
use super::{Quoted, Rules, Till};
use crate::error::Error;
use crate::ledger::levels::Progress;
use crate::ledger::statement::{spendable, Entitled, Moment as At};
use crate::loyalty::Programme;
use crate::request::Moment;

/// What is asked: a request, and the accounts of its customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Preview {
    /// The request.
    pub request: Json,
    /// The accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

/// A programme as the member sees it beside the cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Which.
    pub programme: String,
    /// `points`, or a currency.
    pub unit: String,
    /// What the order would earn, as far as limits that are told leave it.
    pub points: i64,
    /// The same by rule.
    pub earned: Vec<Earned>,
    /// Whether it is nobody's: what is told as earned comes to who signs in, and nothing else is told of.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub guest: bool,
    /// What there is to spend.
    pub available: i64,
    /// What of it may be spent now.
    pub spendable: i64,
    /// Whether the account is suspended: nothing is earned or spent.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub suspended: bool,
    /// What the member is entitled to, now or later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitled>,
    /// What cannot be spent yet.
    pub pending: i64,
    /// What expires, by its moment.
    pub expiring: Vec<At>,
    /// The level now, and what is missing to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
    /// The same with what counts of this order at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Progress>,
    /// The same when all of it counts, where points wait until they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
    /// What is within reach.
    pub hints: Vec<Hint>,
    /// What else brings points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
    /// What it buys, the cheapest first; then what comes unasked.
    pub rewards: Vec<Offer>,
}

impl Preview {
    /// Reads what is asked.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn read(body: &[u8]) -> Result<Preview, Error> {
        serde_json::from_slice(body).map_err(|error| malformed(&error))
    }

    /// Lets no account pay more than may be spent of it: what the request says of its `balance` is cut to that.
    pub fn keep_to_spending(&mut self, moment: Moment) {
        let now = moment_of(&self.request, moment);
        let customer = self.request.get("customer").and_then(id_of).map(String::from);
        let Some(payments) = self.request.get_mut("payments").and_then(Json::as_array_mut) else { return };
        for account in &self.accounts {
            let named = super::happened::account(core::slice::from_ref(account), &account.scheme, customer.as_deref());
            for payment in payments.iter_mut().filter(|payment| named.is_some() && id_of(payment) == named.as_deref()) {
                let Some(balance) = payment.get_mut("balance") else { continue };
                let most = spendable(i64::MAX, &account.spending, account.suspended.is_some(), now);
                if balance.as_i64().is_some_and(|balance| balance > most) {
                    *balance = Json::from(most);
                }
            }
        }
    }

    /// Puts its customer on the levels that are everybody's.
    pub fn enrol(&mut self, rules: &Rules) {
        rules.enrol(&mut self.accounts, self.request.get("customer").unwrap_or(&Json::Null));
    }

    /// The request to be quoted: what the accounts hold is told in it.
    pub fn request(&self, moment: Moment) -> Vec<u8> {
        // texts, numbers and lists always have a form
        serde_json::to_vec(&tell(&self.request, &self.accounts, moment_of(&self.request, moment))).unwrap_or_default()
    }
}

impl Rules {
    /// What the member sees of each programme, of a request that was quoted last.
    ///
    /// # Errors
    /// What is refused of the request.
    pub fn preview(&mut self, asked: &Preview, till: &mut Till<'_>) -> Result<Vec<View>, Error> {
        let (mut views, outlooks) = self.looked_at(asked, till.standing())?;
        for (place, (view, outlook)) in views.iter_mut().zip(&outlooks).enumerate() {
            if view.guest {
                continue;
            }
            view.hints.extend(self.hint(place, outlook, asked, till));
            let rewards = core::mem::take(&mut view.rewards);
            view.hints.extend(self.next_reward(place, (outlook, &rewards), asked, till));
            view.rewards = rewards;
        }
        Ok(views)
    }

    /// The same without hints, for which nothing is quoted again.
    ///
    /// # Errors
    /// What is refused of the request.
    pub fn preview_at_once(&mut self, asked: &Preview, quoted: Quoted<'_>) -> Result<Vec<View>, Error> {
        self.looked_at(asked, quoted).map(|(views, _)| views)
    }

    fn looked_at(&mut self, asked: &Preview, quoted: Quoted<'_>) -> Result<(Vec<View>, Vec<Outlook>), Error> {
        let now = quoted.cart.now;
        self.gifts = self.gifts(asked, now)?;
        self.ask(&tell(&asked.request, &asked.accounts, now), at(now), Some(quoted))?;
        let nobody = Json::Null;
        let customer = asked.request.get("customer").unwrap_or(&nobody);
        let outlook = |programme| self.outlook(programme, &asked.accounts, &asked.request, quoted);
        let outlooks: Vec<Outlook> = self.said.programmes.iter().map(outlook).collect();
        let view = |(place, programme)| self.view(programme, (&outlooks, place), asked, customer, quoted);
        let views = self.said.programmes.iter().enumerate().map(view).collect();
        Ok((views, outlooks))
    }

    fn view(
        &self,
        programme: &Programme,
        (outlooks, place): (&[Outlook], usize),
        asked: &Preview,
        customer: &Json,
        quoted: Quoted<'_>,
    ) -> View {
        let told = asked.accounts.iter().find(|account| account.scheme == programme.id);
        let guest = told.is_none() && id_of(customer).is_none();
        let own = told.cloned().unwrap_or_default();
        let ways = self.ways(programme, &own);
        let mut rewards = offers(programme, &own, (outlooks, place), customer, quoted);
        let mut outlook = outlooks.get(place).cloned().unwrap_or_default();
        if guest {
            // nothing follows from an order that is nobody's
            outlook = Outlook { earned: outlook.earned, ..Outlook::default() };
            rewards.iter_mut().for_each(|offer| (offer.comes, offer.claimable) = (0, false));
        }
        let Outlook { earned, progress, after, later, .. } = outlook;
        View {
            programme: programme.id.clone(),
            unit: programme.unit.clone(),
            points: earned.iter().fold(0_i64, |sum, one| sum.saturating_add(one.points)),
            earned,
            guest,
            available: own.available,
            spendable: own.spendable(quoted.cart.now),
            suspended: own.suspended.is_some(),
            entitlements: own.entitlements,
            pending: own.pending,
            expiring: own.expiring,
            progress,
            after,
            later,
            hints: Vec::new(),
            ways,
            rewards,
        }
    }
}
