//! What members are entitled to, one grant after the other.

use counterfoil::ledger::statement::Entitled;
use jiff::tz::TimeZone;
use jiff::Span;

use super::coins::{date, start};
use super::Model;

/// A grant.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    entitlement: String,
    months: Option<u32>,
    from: i64,
    until: Option<i64>,
}

impl Model {
    pub(super) fn grant(
        &mut self,
        account: &str,
        id: &str,
        (entitlement, months): (&str, Option<u32>),
        now: i64,
    ) -> Option<()> {
        if !self.is_open(account) {
            return None;
        }
        let purse = self.purses.entry(account.to_owned()).or_default();
        if purse.grants.contains_key(id) {
            return None;
        }
        let same = purse.grants.values().filter(|one| one.entitlement == entitlement);
        let from = same.filter_map(|one| one.until).fold(now, i64::max);
        let granted =
            Granted { entitlement: entitlement.to_owned(), months, from, until: until(&self.zone, from, months) };
        purse.grants.insert(id.to_owned(), granted);
        Some(())
    }

    /// What has not begun is granted anew, in its order.
    pub(super) fn revoke(&mut self, account: &str, id: &str, now: i64) -> Option<()> {
        let zone = self.zone.clone();
        let purse = self.purses.get_mut(account)?;
        let gone = purse.grants.remove(id)?;
        let is_to_come = |one: &Granted| one.entitlement == gone.entitlement && one.from > now;
        let mut to_come: Vec<(i64, String)> =
            purse.grants.iter().filter(|(_, one)| is_to_come(one)).map(|(id, one)| (one.from, id.clone())).collect();
        to_come.sort();
        let taken: Vec<(String, Granted)> =
            to_come.into_iter().map(|(_, id)| (id.clone(), purse.grants.remove(&id).unwrap())).collect();
        for (id, one) in taken {
            let same = purse.grants.values().filter(|other| other.entitlement == one.entitlement);
            let from = same.filter_map(|other| other.until).fold(now, i64::max);
            purse.grants.insert(id, Granted { from, until: until(&zone, from, one.months), ..one });
        }
        Some(())
    }

    /// What an account is entitled to from a moment on, and whether it is suspended.
    pub fn standing(&self, account: &str, now: i64) -> (Vec<Entitled>, bool) {
        let Some(purse) = self.purses.get(account) else { return (Vec::new(), false) };
        let open = purse.grants.iter().filter(|(_, one)| one.until.is_none_or(|until| now < until));
        let told = |(id, one): (&String, &Granted)| {
            let (entitlement, grant) = (one.entitlement.clone(), id.clone());
            Entitled { from: one.from, entitlement, until: one.until, grant }
        };
        let mut open: Vec<Entitled> = open.map(told).collect();
        open.sort_by_key(|one| (one.from, one.entitlement.clone(), one.until, one.grant.clone()));
        (open, purse.is_suspended)
    }
}

/// The last day counts.
fn until(zone: &TimeZone, from: i64, months: Option<u32>) -> Option<i64> {
    let last = date(zone, from).checked_add(Span::new().months(i64::from(months?))).unwrap();
    Some(start(zone, last.tomorrow().unwrap()))
}
