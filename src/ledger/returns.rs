//! Returns take back exactly the points of the returned units: what is there first, then by the scheme's rule for
//! points that are spent. What has expired in the meantime is gone for both sides. In whatever steps an order is returned,
//! in the end all of its points are asked back.

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
        let bought = Bought::of(row, order);
        let back = match lines {
            Some(lines) => bought.named(lines)?,
            None => bought.kept(),
        };
        let lots = bought.lots.iter();
        let asked: Vec<AskedBack> = lots.map(|(id, lot)| bought.ask(id, lot, &back, lines.is_none())).collect();
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

/// An order as its lots know it: which units were bought, and how many of them have come back before.
struct Bought<'a> {
    lots: Vec<(&'a String, &'a Lot)>,
    lines: BTreeMap<&'a str, Units>,
}

#[derive(Clone, Copy, Default)]
struct Units {
    bought: i64,
    returned: i64,
}

/// Units by line that come back now.
type Back<'a> = BTreeMap<&'a str, i64>;

impl<'a> Bought<'a> {
    fn of(account: &'a Account, order: &str) -> Bought<'a> {
        let of_order = |(_, lot): &(&String, &Lot)| lot.order.as_deref() == Some(order);
        let lots: Vec<(&String, &Lot)> = account.lots.iter().filter(of_order).collect();
        let mut lines: BTreeMap<&str, Units> = BTreeMap::new();
        for (_, lot) in &lots {
            for line in &lot.lines {
                let units = lines.entry(&line.line).or_default();
                units.bought = units.bought.max(line.units);
                units.returned = units.returned.max(lot.returned.get(&line.line).copied().unwrap_or(0));
            }
        }
        Bought { lots, lines }
    }

    /// All that the customer still has.
    fn kept(&self) -> Back<'a> {
        self.lines.iter().map(|(line, units)| (*line, units.bought.saturating_sub(units.returned))).collect()
    }

    /// The units that a command names, refused where there are not so many. A line that no lot knows is no matter of the
    /// ledger.
    fn named(&self, lines: &[ReturnedLine]) -> Result<Back<'a>, Refusal> {
        let mut back = Back::new();
        for (index, returned) in lines.iter().enumerate() {
            let Some((line, units)) = self.lines.get_key_value(returned.line.as_str()) else { continue };
            let wanted = back.entry(*line).or_default();
            *wanted = wanted.saturating_add(returned.units);
            let left = units.bought.saturating_sub(units.returned);
            if *wanted > left {
                let params = [("line", (*line).into()), ("left", left.into()), ("wanted", (*wanted).into())];
                return Err(Refusal::new(Code::UnitsExceeded, &params).at(format!("/lines/{index}/units")));
            }
        }
        Ok(back)
    }

    /// What the return asks back of one lot.
    fn ask(&self, id: &str, lot: &Lot, back: &Back<'_>, is_whole_order: bool) -> AskedBack {
        let open = lot.sums.earned.saturating_sub(lot.asked_back);
        let mut units: BTreeMap<String, i64> = BTreeMap::new();
        let mut due = 0_i64;
        for line in &lot.lines {
            let returned = self.lines.get(line.line.as_str()).map_or(0, |units| units.returned);
            let now = back.get(line.line.as_str()).copied().unwrap_or(0);
            if now > 0 {
                // a lot that came after some units had gone back catches up with the last one
                let (before, after) = (returned.min(line.units), returned.saturating_add(now).min(line.units));
                let noted = lot.returned.get(&line.line).copied().unwrap_or(0);
                units.insert(line.line.clone(), after.saturating_sub(noted));
                due = due.saturating_add(share(line, after).saturating_sub(share(line, before)));
            }
        }
        let is_last = is_whole_order || (!back.is_empty() && self.is_last_of(lot, back));
        let due = if is_last { open } else { due.min(open) };
        let here = due.min(lot.left);
        // spent, held, transferred or corrected away, and not asked back before
        let used = open.saturating_sub(lot.sums.expired).saturating_sub(lot.left).max(0);
        AskedBack { lot: id.into(), due, taken: here, spent: due.saturating_sub(here).min(used), units }
    }

    /// Whether nothing is kept any more of the lines that a lot is for, which are all of the order's where it names none.
    /// What no line earned goes with the last of their units.
    fn is_last_of(&self, lot: &Lot, back: &Back<'_>) -> bool {
        let is_kept = |line: &str| {
            let Units { bought, returned } = self.lines.get(line).copied().unwrap_or_default();
            returned.saturating_add(back.get(line).copied().unwrap_or(0)) < bought
        };
        match lot.lines.as_slice() {
            [] => !self.lines.keys().any(|line| is_kept(line)),
            lines => !lines.iter().any(|line| is_kept(&line.line)),
        }
    }
}
