//! Returns take back exactly the points of the returned units: what is there first, then by the scheme's rule for
//! points that are spent. What has expired in the meantime is gone for both sides.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::account::{taken, Account, Lot};
use super::answer::Accepted;
use super::command::{ReturnedLine, TakeBack};
use super::draft::Draft;
use super::event::{AskedBack, Event};
use super::points::share;
use super::programme::WhenSpent;
use super::refusal::{Code, Refusal};

impl Draft<'_> {
    pub fn take_back(&mut self, command: &TakeBack) -> Result<Accepted, Refusal> {
        let TakeBack { account, order, lines } = command;
        let scheme = self.scheme_of(account)?;
        self.settle(account)?;
        let Some(row) = self.state.accounts.get(account) else { return self.account_answer(account, Some(0)) };
        if let Some(lines) = lines {
            refuse_beyond(row, order, lines)?;
        }
        let lots = row.lots.iter().filter(|(_, lot)| lot.order.as_ref() == Some(order));
        let asked: Vec<AskedBack> = lots.map(|(id, lot)| ask(id, lot, lines.as_deref())).collect();
        let spent = asked.iter().fold(0_i64, |sum, one| sum.saturating_add(one.spent));
        let taken_here = asked.iter().fold(0_i64, |sum, one| sum.saturating_add(one.taken));
        let others = match scheme.when_spent {
            WhenSpent::Forgive => Vec::new(),
            WhenSpent::OtherLots | WhenSpent::Owe => {
                let mut left = row.clone();
                for one in &asked {
                    if let Some(lot) = left.lots.get_mut(&one.lot) {
                        lot.left = lot.left.saturating_sub(one.taken);
                    }
                }
                left.take(spent)
            }
        };
        let paid = taken(&others);
        let open = spent.saturating_sub(paid);
        let owed = if scheme.when_spent == WhenSpent::Owe { open } else { 0 };
        self.emit(Event::TakenBack {
            at: self.now,
            account: account.clone(),
            order: order.clone(),
            asked,
            others,
            owed,
        })?;
        self.rank(account, self.now)?;
        let answer = self.account_answer(account, Some(taken_here.saturating_add(paid)))?;
        Ok(Accepted { forgiven: Some(open.saturating_sub(owed)), ..answer })
    }
}

/// Refuses more units than are still there of some line. A line that earned nothing is no matter of the ledger.
fn refuse_beyond(account: &Account, order: &str, lines: &[ReturnedLine]) -> Result<(), Refusal> {
    for (index, returned) in lines.iter().enumerate() {
        let earlier = lines.iter().take(index).filter(|other| other.line == returned.line);
        let wanted = earlier.fold(returned.units, |sum, other| sum.saturating_add(other.units));
        for lot in account.lots.values().filter(|lot| lot.order.as_deref() == Some(order)) {
            let Some(line) = lot.lines.iter().find(|line| line.line == returned.line) else { continue };
            let left = line.units.saturating_sub(lot.returned.get(&line.line).copied().unwrap_or(0));
            if wanted > left {
                let params =
                    [("line", returned.line.as_str().into()), ("left", left.into()), ("wanted", wanted.into())];
                return Err(Refusal::new(Code::UnitsExceeded, &params).at(format!("/lines/{index}/units")));
            }
        }
    }
    Ok(())
}

/// What a return asks back of one lot of the order.
fn ask(id: &str, lot: &Lot, lines: Option<&[ReturnedLine]>) -> AskedBack {
    let open = lot.sums.earned.saturating_sub(lot.asked_back);
    let mut units: BTreeMap<String, i64> = BTreeMap::new();
    let mut due = 0_i64;
    let mut all_returned = true;
    for line in &lot.lines {
        let before = lot.returned.get(&line.line).copied().unwrap_or(0);
        let now = match lines {
            None => line.units.saturating_sub(before),
            Some(lines) => {
                let same = lines.iter().filter(|returned| returned.line == line.line);
                same.fold(0_i64, |sum, returned| sum.saturating_add(returned.units))
            }
        };
        let after = before.saturating_add(now);
        all_returned &= after >= line.units;
        if now > 0 {
            units.insert(line.line.clone(), now);
            due = due.saturating_add(share(line, after).saturating_sub(share(line, before)));
        }
    }
    // what no line earned goes with the last unit
    let whole = lines.is_none() || (all_returned && !units.is_empty());
    let due = if whole { open } else { due.min(open) };
    let here = due.min(lot.left);
    // spent, held, transferred or corrected away, and not asked back before
    let used = open.saturating_sub(lot.sums.expired).saturating_sub(lot.left).max(0);
    AskedBack { lot: id.into(), due, taken: here, spent: due.saturating_sub(here).min(used), units }
}
