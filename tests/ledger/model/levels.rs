//! Levels, looked at day by day.

use counterfoil::ledger::calendar::RoundTo;
use counterfoil::ledger::levels::Progress;
use counterfoil::ledger::programme::{Keep, LevelBy, Levels, Starts};
use jiff::civil::Date;
use jiff::Span;

use super::coins::{date, start};
use super::{Coin, Fate, Lot, Model};

/// The level that an account holds.
#[derive(Clone, Debug)]
pub(super) struct Held {
    id: String,
    /// The first day on which it is over.
    until: Option<Date>,
    /// The first day of the stretch that decides then.
    decides: Date,
}

impl Model {
    fn levels(&self) -> Option<Levels> {
        self.programme.schemes.values().find_map(|scheme| scheme.levels.clone())
    }

    /// The points that count for the level on a day, by looking at every coin.
    fn counts(&self, account: &str, levels: &Levels, day: Date) -> i64 {
        let Some(purse) = self.purses.get(account) else { return 0 };
        match levels.by {
            LevelBy::PointsInPeriod => {
                let of_stretch =
                    |lot: &&Lot| lot.counted.is_some_and(|(on, _)| first(levels, on) == first(levels, day));
                purse.lots.iter().filter(of_stretch).filter_map(|lot| lot.counted).map(|(_, points)| points).sum()
            }
            LevelBy::Balance => {
                let is_there = |coin: &&Coin| match coin {
                    Coin::Free => true,
                    Coin::Taken(reservation, ..) => self.records[reservation].fate == Fate::Held,
                    _ => false,
                };
                purse.lots.iter().flat_map(|lot| &lot.coins).filter(is_there).count() as i64
            }
        }
    }

    /// Points came or went.
    pub(super) fn look(&mut self, account: &str, now: i64) {
        let Some(levels) = self.levels().filter(|_| self.purses.contains_key(account)) else { return };
        let day = date(&self.zone, now);
        let points = self.counts(account, &levels, day);
        let reached = reached(&levels, points);
        let purse = self.purses.get_mut(account).unwrap();
        if levels.starts == Starts::NextPeriod && reached.as_ref().is_some_and(|(_, from)| *from > 0) {
            purse.awaits.get_or_insert(first(&levels, day));
            return;
        }
        let was = rank(&levels, purse.level.as_ref().map(|held| held.id.as_str()));
        let is = rank(&levels, reached.as_ref().map(|(id, _)| id.as_str()));
        let by_drop = levels.keep == Keep::BalanceDrop;
        let grace = levels.extend_months > 0 || levels.extend_days > 0 || levels.round_to.is_some();
        if is > was || (is < was && by_drop && !grace) {
            purse.level = reached.map(|(id, from)| standing(&levels, id, from, day));
        } else if let Some(held) = purse.level.as_mut().filter(|_| by_drop && grace) {
            let last = || outlived(&levels, day).tomorrow().unwrap();
            held.until = if is == was { None } else { Some(held.until.unwrap_or_else(last)) };
        }
    }

    /// A day begins: a level ends, and one that was awaited begins.
    pub(super) fn begin_day(&mut self, account: &str, day: Date) {
        let Some(levels) = self.levels().filter(|_| self.purses.contains_key(account)) else { return };
        let held = self.purses[account].level.clone();
        if let Some(held) = held.filter(|held| held.until.is_some_and(|until| until <= day)) {
            let follows = match levels.by {
                LevelBy::Balance => self.reached_on(account, &levels, day, day),
                LevelBy::PointsInPeriod => self.best_since(account, &levels, held.decides, day),
            };
            self.purses.get_mut(account).unwrap().level = follows;
        }
        let awaited = self.purses[account].awaits.filter(|period| next(&levels, *period) <= day);
        let Some(period) = awaited else { return };
        let points = self.counts(account, &levels, period);
        let purse = self.purses.get_mut(account).unwrap();
        purse.awaits = None;
        let Some((id, from)) = reached(&levels, points) else { return };
        let (was, is) = (rank(&levels, purse.level.as_ref().map(|held| held.id.as_str())), rank(&levels, Some(&id)));
        let begins = standing(&levels, id, from, day);
        let is_longer = purse.level.as_ref().is_some_and(|held| held.until.is_some() && begins.until > held.until);
        if is > was || (is == was && is_longer) {
            purse.level = Some(begins);
        }
    }

    fn reached_on(&self, account: &str, levels: &Levels, asked: Date, of: Date) -> Option<Held> {
        let (id, from) = reached(levels, self.counts(account, levels, asked))?;
        Some(standing(levels, id, from, of))
    }

    /// The best level of all stretches from the one that decides to this day's; where levels begin later, to the one
    /// before.
    fn best_since(&self, account: &str, levels: &Levels, mut stretch: Date, day: Date) -> Option<Held> {
        let mut best: Option<Held> = None;
        let later = levels.starts == Starts::NextPeriod;
        while if later { next(levels, stretch) <= day } else { stretch <= day } {
            let of = if later { next(levels, stretch) } else { stretch };
            let one = self.reached_on(account, levels, stretch, of);
            let one = one.filter(|held| held.until.is_none_or(|until| until > day));
            let worth = |held: &Option<Held>| {
                let rank = rank(levels, held.as_ref().map(|held| held.id.as_str()));
                (rank, held.as_ref().and_then(|held| held.until))
            };
            if worth(&one) > worth(&best) {
                best = one;
            }
            stretch = next(levels, stretch);
        }
        best
    }

    /// What the statement says of the level.
    pub fn progress(&self, account: &str, now: i64) -> Option<Progress> {
        let levels = self.levels()?;
        let held = self.purses.get(account)?.level.clone();
        let points = self.counts(account, &levels, date(&self.zone, now));
        let is = rank(&levels, held.as_ref().map(|held| held.id.as_str()));
        let above = levels.list.iter().enumerate().find(|(place, level)| *place >= is && level.from > points);
        let coming = reached(&levels, points).filter(|(_, from)| levels.starts == Starts::NextPeriod && *from > 0);
        Some(Progress {
            level: held.as_ref().map(|held| held.id.clone()),
            until: held.and_then(|held| held.until).map(|day| start(&self.zone, day)),
            points,
            coming: coming.map(|(id, _)| id),
            next: above.map(|(_, level)| level.id.clone()),
            missing: above.map(|(_, level)| level.from - points),
        })
    }

    pub(super) fn level(&self, account: &str) -> Option<String> {
        self.purses.get(account)?.level.as_ref().map(|held| held.id.clone())
    }
}

/// The level that so many points reach, and from how many on it is reached.
fn reached(levels: &Levels, points: i64) -> Option<(String, i64)> {
    let mut found = None;
    for level in levels.list.iter().filter(|level| level.from <= points) {
        found = Some(level);
    }
    let level = found.filter(|level| level.to.is_none_or(|to| points <= to))?;
    Some((level.id.clone(), level.from))
}

fn rank(levels: &Levels, id: Option<&str>) -> usize {
    levels.list.iter().position(|level| Some(level.id.as_str()) == id).map_or(0, |place| place + 1)
}

fn standing(levels: &Levels, id: String, from: i64, day: Date) -> Held {
    let (this, next_one) = (first(levels, day), next(levels, day));
    if from <= 0 || levels.keep == Keep::BalanceDrop {
        return Held { id, until: None, decides: this };
    }
    let (last, decides) = match (levels.keep, levels.starts) {
        (Keep::EndOfNextPeriod, _) => (next(levels, next_one).yesterday().unwrap(), next_one),
        (_, Starts::NextPeriod) => (next_one.yesterday().unwrap(), this),
        (_, Starts::AtOnce) => (next_one.yesterday().unwrap(), next_one),
    };
    // months are counted from the first day on which it would be over
    let over = last.tomorrow().unwrap().checked_add(Span::new().months(i64::from(levels.extend_months))).unwrap();
    let last = over.yesterday().unwrap().checked_add(Span::new().days(i64::from(levels.extend_days))).unwrap();
    Held { id, until: Some(rounded(levels, last).tomorrow().unwrap()), decides }
}

/// The last day of a level of which the balance fell on a day.
fn outlived(levels: &Levels, day: Date) -> Date {
    let day = day.checked_add(Span::new().months(i64::from(levels.extend_months))).unwrap();
    rounded(levels, day.checked_add(Span::new().days(i64::from(levels.extend_days))).unwrap())
}

/// Day by day to the end of what it is rounded up to.
fn rounded(levels: &Levels, mut last: Date) -> Date {
    let is_end = |day: Date| {
        let tomorrow = day.tomorrow().unwrap();
        tomorrow.day() == 1
            && match levels.round_to {
                None | Some(RoundTo::Month) => true,
                Some(RoundTo::Quarter) => tomorrow.month() % 3 == 1,
                Some(RoundTo::HalfYear) => tomorrow.month() % 6 == 1,
                Some(RoundTo::Year) => tomorrow.month() == 1,
                Some(RoundTo::MonthOfYear(month)) => day.month() == month as i8,
            }
    };
    while levels.round_to.is_some() && !is_end(last) {
        last = last.tomorrow().unwrap();
    }
    last
}

/// Day by day back to where the stretch begins.
fn first(levels: &Levels, mut day: Date) -> Date {
    while !begins(levels, day) {
        day = day.yesterday().unwrap();
    }
    day
}

fn next(levels: &Levels, day: Date) -> Date {
    let mut day = day.tomorrow().unwrap();
    while !begins(levels, day) {
        day = day.tomorrow().unwrap();
    }
    day
}

fn begins(levels: &Levels, day: Date) -> bool {
    let months = match levels.every.name() {
        "month" => 1,
        "quarter" => 3,
        "half_year" => 6,
        _ => 12,
    };
    day.day() == 1 && (day.month() - 1) % months == 0
}
