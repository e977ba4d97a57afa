//! An account as points come onto it, one posting after another: what of them is free, which level that reaches, and what the
//! level brings in turn.

use alloc::collections::VecDeque;
use alloc::string::String;
use alloc::vec::Vec;

use super::climb::Gift;
use super::earn::Earned;
use super::outlook::Posting;
use crate::ledger::calendar::{days_after, Zone};
use crate::ledger::ceilings::Ceilings;
use crate::ledger::event::Change;
use crate::ledger::levels::Progress;
use crate::ledger::programme::{LevelBy, Levels};
use crate::loyalty::Programme;
use crate::time::Timestamp;

/// Most changes of level that one order is followed through: levels only rise by what they bring.
const MOST_CHANGES: usize = 100;

/// The account, and what has come onto it so far.
pub(super) struct Course<'a> {
    pub programme: &'a Programme,
    pub gifts: &'a [Gift],
    pub ceilings: Ceilings,
    pub now: Timestamp,
    pub zone: Zone,
    /// What points that become free pay first.
    pub owed: i64,
    /// The level, where the programme has some.
    pub standing: Option<Progress>,
    /// What each rule gave, as far as ceilings left it.
    pub earned: Vec<Earned>,
    /// The same as it came onto the account.
    pub postings: Vec<Posting>,
    /// What becomes free later: when, how much, and when that expires.
    pub coming: Vec<(Timestamp, i64, Option<Timestamp>)>,
    /// When what is free at once expires.
    pub ending: Vec<(Option<Timestamp>, i64)>,
    /// When the last of it becomes free.
    pub last: Option<Timestamp>,
    changes: VecDeque<(Change, Option<String>)>,
}

impl<'a> Course<'a> {
    /// Nothing has come yet.
    pub fn new(
        programme: &'a Programme,
        gifts: &'a [Gift],
        ceilings: Ceilings,
        (now, zone): (Timestamp, Zone),
    ) -> Self {
        let (standing, last, changes) = (None, None, VecDeque::new());
        let (earned, postings, coming, ending) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Course {
            programme,
            gifts,
            ceilings,
            now,
            zone,
            owed: 0,
            standing,
            earned,
            postings,
            coming,
            ending,
            last,
            changes,
        }
    }

    /// What a rule gives comes onto the account, as far as ceilings leave it.
    pub fn post(&mut self, mut one: Earned) {
        one.points = self.ceilings.take(Some(&one.rule), one.points);
        if one.points <= 0 {
            return;
        }
        let (points, pending_days) = (one.points, self.programme.pending_days_of(&one.rule));
        let expiry = self.programme.expiry_of(&one.rule);
        let mut free = 0;
        if pending_days == 0 {
            self.ending.push((expiry.of(self.now, &self.zone), points));
            free = self.pay(points);
            let counted = if self.is_by_balance() { free } else { points };
            self.rise(counted);
        } else {
            let at = days_after(self.now, pending_days, &self.zone);
            self.last = self.last.max(Some(at));
            self.coming.push((at, points, expiry.of(at, &self.zone)));
            self.rise(0);
        }
        let level = self.standing.as_ref().and_then(|standing| standing.level.clone());
        self.postings.push(Posting { points, at_once: free, level });
        self.earned.push(one);
    }

    /// What is left of points when they have paid what is owed.
    pub fn pay(&mut self, points: i64) -> i64 {
        let paid = self.owed.min(points).max(0);
        self.owed = self.owed.saturating_sub(paid);
        points.saturating_sub(paid)
    }

    /// So many points more count for levels, or fewer; none, and the account is looked at.
    pub fn rise(&mut self, points: i64) {
        let (Some(levels), Some(was)) = (&self.programme.levels, self.standing.take()) else { return };
        let is = if points == 0 { levels.looked_at(&was) } else { levels.with_more(&was, points) };
        self.stand(levels, was.level.as_deref(), is);
    }

    /// Stands as it is once the order is paid, from which points may be drawn.
    pub fn draw(&mut self, levels: &Levels, progress: &Progress, points: i64) {
        let is = levels.with_more(progress, points.saturating_neg());
        self.stand(levels, progress.level.as_deref(), is);
    }

    fn stand(&mut self, levels: &Levels, was: Option<&str>, is: Progress) {
        if is.level.as_deref() != was {
            self.changes.push_back((levels.change(was, is.level.as_deref()), is.level.clone()));
        }
        self.standing = Some(is);
    }

    /// What the levels that were reached bring, and those that are reached by that.
    pub fn climb(&mut self) {
        let gifts = self.gifts;
        for _ in 0..MOST_CHANGES {
            let Some((change, level)) = self.changes.pop_front() else { return };
            let own = |gift: &&Gift| gift.earned.programme == self.programme.id;
            let due: Vec<Earned> = gifts
                .iter()
                .filter(own)
                .filter(|gift| gift.change == change && gift.level == level)
                .map(|gift| gift.earned.clone())
                .collect();
            due.into_iter().for_each(|one| self.post(one));
        }
    }

    pub fn is_by_balance(&self) -> bool {
        self.programme.levels.as_ref().is_some_and(|levels| levels.by == LevelBy::Balance)
    }
}
