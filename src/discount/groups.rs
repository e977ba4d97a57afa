//! Units that are got for bought ones: how many there are, and which. A unit is either bought or got, never both.
//!
//! Two ways: got units are picked from all once it is known how many there are; or groups are formed one after another,
//! where the bought units of a group are set aside first and its got units picked from the rest.

use alloc::vec::Vec;

use serde::Serialize;

use super::units::{self, Chosen, Order, Picked};
use super::Pricing;
use crate::cart::Line;
use crate::condition::{Measure, Shortfall};
use crate::facts::Facts;
use crate::order;
use crate::packed::packed;
use crate::selector::Selector;
use crate::watch::Note;

packed! {
    /// How got units follow from bought ones.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Groups {
        pub(super) buy: i64,
        /// From which lines, when not from those that the discount is off.
        pub(super) bought: Option<Selector>,
        /// Which units are set aside first, group by group.
        pub(super) bought_first: Option<Order>,
        pub(super) get: i64,
        pub(super) got_first: Order,
        /// How many times at most.
        pub(super) at_most: Option<i64>,
        /// How many got units at most.
        pub(super) max_units: Option<i64>,
        /// Whether fewer units than entitled may be got.
        pub(super) partial: bool,
        /// Whether got units count as bought too. Only of units picked from all.
        pub(super) counts_as_bought: bool,
        /// How many more units complete a group after the got ones. Only of groups formed one after another.
        pub(super) buy_after: i64,
        /// Whether the units of all groups that stand at the same place come one after another. Only of those from one pool.
        pub(super) across: bool,
        /// Whether units that earlier discounts used up are gone, and these are for later ones. Only of groups formed
        /// one after another.
        pub(super) uses_up: bool,
    }
}

/// How many units are got, and how many of those may be units that could also have been bought.
struct Entitled {
    units: i64,
    of_bought_lines: i64,
}

impl Groups {
    /// Hands out the got units of `lines`. Returns how many units of which lines are used up.
    pub(super) fn pick(&self, pricing: &Pricing<'_>, lines: Chosen, give: &mut dyn FnMut(Picked)) -> Vec<(usize, i64)> {
        match self.bought_first {
            Some(bought_first) => self.by_group(bought_first, pricing, lines.lines, give),
            None => {
                self.of_all(pricing, lines, give);
                Vec::new()
            }
        }
    }

    /// Got units picked from all.
    fn of_all(&self, pricing: &Pricing<'_>, lines: Chosen, give: &mut dyn FnMut(Picked)) {
        let facts = &pricing.facts;
        let entitled = match self.bought {
            _ if self.counts_as_bought => self.of_all_bought(facts, lines.lines),
            None => self.of_one_pool(facts.quantity(lines.lines)),
            Some(bought) => self.of_two_pools(facts, bought, lines.lines),
        };
        let mut open = entitled.units.min(self.max_units.unwrap_or(i64::MAX));
        if open <= 0 {
            return;
        }
        let mut bought = Vec::new();
        if let Some(lines) = self.bought {
            facts.each_line(lines, |index, _| bought.push(index));
        }
        let mut shared = entitled.of_bought_lines;
        let mut picked = Vec::new();
        for (line, price, quantity) in units::in_order(pricing, lines, self.got_first) {
            let is_bought = bought.contains(&line);
            let count = quantity.min(open).min(if is_bought { shared } else { i64::MAX });
            if count > 0 {
                picked.push(Picked::some(line, price, count, self.got_first));
                open = open.saturating_sub(count);
                shared = shared.saturating_sub(if is_bought { count } else { 0 });
            }
        }
        units::hand_out(picked, give);
    }

    /// How many times at most, the last of which `get.maxUnits` may cut.
    fn times(&self) -> i64 {
        let by_units = self.max_units.map_or(i64::MAX, |most| {
            most.saturating_add(self.get).saturating_sub(1).checked_div(self.get).unwrap_or(0)
        });
        self.at_most.unwrap_or(i64::MAX).min(by_units)
    }

    /// Both from the same lines: whole groups, and with `partial` what an unfinished group already gives.
    fn of_one_pool(&self, pool: i64) -> Entitled {
        let group = self.buy.saturating_add(self.get);
        let groups = pool.checked_div(group).unwrap_or(0);
        let times = self.at_most.map_or(groups, |most| groups.min(most));
        let mut units = times.saturating_mul(self.get);
        if self.partial && self.at_most.is_none_or(|most| times < most) {
            let rest = pool.saturating_sub(times.saturating_mul(group));
            units = units.saturating_add(rest.saturating_sub(self.buy).clamp(0, self.get));
        }
        Entitled { units, of_bought_lines: units }
    }

    /// Where got units count as bought: so many of all that are there.
    fn of_all_bought(&self, facts: &Facts<'_>, got: Selector) -> Entitled {
        let bought = facts.quantity(self.bought.unwrap_or(got));
        let times = bought.checked_div(self.buy).unwrap_or(0).min(self.at_most.unwrap_or(i64::MAX));
        let units = times.saturating_mul(self.get).min(facts.quantity(got));
        let short = if self.partial { 0 } else { units.checked_rem(self.get).unwrap_or(0) };
        Entitled { units: units.saturating_sub(short), of_bought_lines: i64::MAX }
    }

    /// From other lines, which may overlap with the bought ones: as many times as bought and got units can be
    /// told apart.
    fn of_two_pools(&self, facts: &Facts<'_>, bought: Selector, got: Selector) -> Entitled {
        let mut both = 0_i64;
        let buyable = overlap(facts, bought, got, &mut both);
        let gettable = facts.quantity(got);
        let only_get = gettable.saturating_sub(both);
        let only_buy = buyable.saturating_sub(both);
        let most = buyable.checked_div(self.buy).unwrap_or(0).min(self.at_most.unwrap_or(i64::MAX));
        let all = buyable.saturating_add(only_get);
        let whole = all.checked_div(self.buy.saturating_add(self.get)).unwrap_or(0).min(most);
        let entitled = |times: i64| {
            let reserved = times.saturating_mul(self.buy).saturating_sub(only_buy).max(0);
            let shared = both.saturating_sub(reserved);
            let available = only_get.saturating_add(shared);
            let units = times.saturating_mul(self.get).min(available);
            let short = units.checked_rem(self.get).unwrap_or(0);
            let units = if self.partial { units } else { units.saturating_sub(short) };
            Entitled { units, of_bought_lines: shared }
        };
        // one time more may still give a part of its units
        let (exact, one_more) = (entitled(whole), entitled(whole.saturating_add(1).min(most)));
        if one_more.units > exact.units {
            one_more
        } else {
            exact
        }
    }

    /// Groups formed one after another.
    fn by_group(
        &self,
        bought_first: Order,
        pricing: &Pricing<'_>,
        lines: Selector,
        give: &mut dyn FnMut(Picked),
    ) -> Vec<(usize, i64)> {
        let mut shelves: Vec<Shelf> = Vec::new();
        let same = self.bought.is_none();
        let open = |line: usize, given: &Line| {
            let gone = if self.uses_up { pricing.taken.used_up(line) } else { 0 };
            if gone > 0 {
                pricing.watch.note(|| Note::Gone { line: u32::try_from(line).unwrap_or(u32::MAX), units: gone });
            }
            given.quantity.saturating_sub(gone)
        };
        pricing.facts.each_line(self.bought.unwrap_or(lines), |line, given| {
            let (price, open, may_be_got) = (given.price, open(line, given), same);
            shelves.push(Shelf { line, price, open, may_be_bought: true, may_be_got });
        });
        if !same {
            pricing.facts.each_line(lines, |line, given| match shelves.iter_mut().find(|shelf| shelf.line == line) {
                Some(shelf) => shelf.may_be_got = true,
                None => {
                    let (price, open) = (given.price, open(line, given));
                    shelves.push(Shelf { line, price, open, may_be_bought: false, may_be_got: true });
                }
            });
            order::sort(&mut shelves, |a, b| a.line < b.line);
        }
        let at_most = self.at_most.unwrap_or(i64::MAX);
        // all groups are one, of as many times the units
        let (times, groups) = match self.across {
            true => {
                let size = self.buy.saturating_add(self.get).saturating_add(self.buy_after);
                let open = shelves.iter().fold(0_i64, |sum, shelf| sum.saturating_add(shelf.open));
                (open.checked_div(size).unwrap_or(0).min(at_most), 1)
            }
            false => (1, at_most),
        };
        let terms = Terms {
            buy: self.buy.saturating_mul(times),
            bought_first,
            get: self.get.saturating_mul(times),
            got_first: self.got_first,
            buy_after: self.buy_after.saturating_mul(times),
            groups,
            units: self.max_units.unwrap_or(i64::MAX),
            partial: self.partial,
        };
        let before = if self.uses_up { shelves.clone() } else { Vec::new() };
        // units that were used up are those with the least left
        let first = if self.uses_up { Order::Dearest } else { self.got_first };
        for got in form(&mut shelves, &terms) {
            give(Picked::some(got.line, got.price, got.count, first));
        }
        let used = before.iter().zip(&shelves);
        used.map(|(before, after)| (before.line, before.open.saturating_sub(after.open))).collect()
    }

    /// The units that are missing for the next time.
    pub(super) fn next_step(&self, facts: &Facts<'_>, lines: Selector) -> Option<Shortfall> {
        let bought_lines = self.bought.unwrap_or(lines);
        let bought = facts.quantity(bought_lines);
        let at_most = self.times();
        let (lines, required, actual) = if self.bought.is_none() {
            let get = if self.counts_as_bought { 0 } else { self.get };
            let group = self.buy.saturating_add(get).saturating_add(self.buy_after);
            let times = bought.checked_div(group)?.saturating_add(1);
            if times > at_most {
                return None;
            }
            (lines, times.saturating_mul(group), bought)
        } else {
            let times = bought.checked_div(self.buy)?.min(at_most);
            let (entitled, there) = (times.saturating_mul(self.get), facts.quantity(lines));
            if there < entitled {
                (lines, entitled, there)
            } else if times >= at_most {
                return None;
            } else {
                (bought_lines, times.saturating_add(1).saturating_mul(self.buy), bought)
            }
        };
        Some(Shortfall { lines, line: None, measure: Measure::Quantity, required, actual })
    }
}

/// Units on the bought lines; counts those that are on the got lines too.
fn overlap(facts: &Facts<'_>, bought: Selector, got: Selector, both: &mut i64) -> i64 {
    let mut on_got = Vec::new();
    facts.each_line(got, |index, _| on_got.push(index));
    let mut buyable = 0_i64;
    facts.each_line(bought, |index, line| {
        buyable = buyable.saturating_add(line.quantity);
        if on_got.contains(&index) {
            *both = both.saturating_add(line.quantity);
        }
    });
    buyable
}

/// The units of one line that no group has yet.
#[derive(Clone, Copy, Debug)]
struct Shelf {
    line: usize,
    price: i64,
    open: i64,
    may_be_bought: bool,
    may_be_got: bool,
}

/// What a group consists of, and how many there may be.
#[derive(Clone, Copy, Debug)]
struct Terms {
    buy: i64,
    bought_first: Order,
    get: i64,
    got_first: Order,
    /// Units that complete a group after the got ones.
    buy_after: i64,
    groups: i64,
    /// Got units in all groups together.
    units: i64,
    /// Whether a group may get fewer units than it is entitled to.
    partial: bool,
}

/// Got units of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Got {
    line: usize,
    price: i64,
    count: i64,
}

/// Forms the groups; `shelves` are in the cart's order. Its cost follows the number of lines, not of units: a group
/// is repeated as long as no line runs out. What no group took stays on the shelves.
fn form(shelves: &mut Vec<Shelf>, terms: &Terms) -> Vec<Got> {
    let to_buy = in_order(shelves, terms.bought_first, |shelf| shelf.may_be_bought);
    let to_get = in_order(shelves, terms.got_first, |shelf| shelf.may_be_got);
    let mut got: Vec<Got> =
        shelves.iter().map(|shelf| Got { line: shelf.line, price: shelf.price, count: 0 }).collect();
    let (mut groups, mut units) = (terms.groups, terms.units);
    while groups > 0 && units > 0 {
        let before = shelves.clone();
        let mut of_group = Vec::new();
        let entitled = terms.get.min(units);
        let unbought = take(shelves, &to_buy, terms.buy, &mut Vec::new());
        let short = take(shelves, &to_get, entitled, &mut of_group);
        let incomplete = take(shelves, &to_buy, terms.buy_after, &mut Vec::new());
        let count = entitled.saturating_sub(short);
        if unbought > 0 || count == 0 || incomplete > 0 || (short > 0 && !terms.partial) {
            *shelves = before;
            break;
        }
        let again = if count == terms.get { repeats(&before, shelves) } else { 0 };
        let again = again.min(groups.saturating_sub(1)).min(units.checked_div(count).unwrap_or(1).saturating_sub(1));
        let times = again.saturating_add(1);
        for (shelf, before) in shelves.iter_mut().zip(&before) {
            let used = before.open.saturating_sub(shelf.open);
            shelf.open = shelf.open.saturating_sub(used.saturating_mul(again));
        }
        for (shelf, some) in of_group {
            if let Some(got) = got.get_mut(shelf) {
                got.count = got.count.saturating_add(some.saturating_mul(times));
            }
        }
        groups = groups.saturating_sub(times);
        units = units.saturating_sub(count.saturating_mul(times));
    }
    got.retain(|got| got.count > 0);
    got
}

/// The shelves that may be taken from, by price; ties in the cart's order.
fn in_order(shelves: &[Shelf], pick: Order, may: impl Fn(&Shelf) -> bool) -> Vec<usize> {
    let may = shelves.iter().enumerate().filter(|(_, shelf)| may(shelf));
    let mut places: Vec<(usize, i64, i64)> = may.map(|(at, shelf)| (at, shelf.price, 0)).collect();
    units::put_in_order(&mut places, pick);
    places.into_iter().map(|(at, ..)| at).collect()
}

/// Takes `wanted` units from the shelves in `order`; tells from which in `taken`. Returns how many are missing.
fn take(shelves: &mut [Shelf], order: &[usize], wanted: i64, taken: &mut Vec<(usize, i64)>) -> i64 {
    let mut missing = wanted;
    for at in order {
        if missing == 0 {
            break;
        }
        let Some(shelf) = shelves.get_mut(*at) else { continue };
        let some = shelf.open.min(missing);
        if some > 0 {
            shelf.open = shelf.open.saturating_sub(some);
            missing = missing.saturating_sub(some);
            taken.push((*at, some));
        }
    }
    missing
}

/// How many more groups can be formed just like the one between `before` and `after`.
fn repeats(before: &[Shelf], after: &[Shelf]) -> i64 {
    let of_shelf = |(before, after): (&Shelf, &Shelf)| after.open.checked_div(before.open.saturating_sub(after.open));
    before.iter().zip(after).filter_map(of_shelf).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// Shelves of (price, units), all of which may be bought and got.
    fn shelves(lines: &[(i64, i64)]) -> Vec<Shelf> {
        let shelf = |(line, (price, open)): (usize, &(i64, i64))| Shelf {
            line,
            price: *price,
            open: *open,
            may_be_bought: true,
            may_be_got: true,
        };
        lines.iter().enumerate().map(shelf).collect()
    }

    fn terms(buy: i64, get: i64) -> Terms {
        Terms {
            buy,
            bought_first: Order::Dearest,
            get,
            got_first: Order::Dearest,
            buy_after: 0,
            groups: i64::MAX,
            units: i64::MAX,
            partial: false,
        }
    }

    fn counts(got: &[Got]) -> Vec<(usize, i64)> {
        got.iter().map(|got| (got.line, got.count)).collect()
    }

    #[test]
    fn each_group_takes_the_dearest_that_are_left() {
        // 9 8 | 7, 6 5 | 4: the third of each three is got
        let got = form(&mut shelves(&[(4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (9, 1)]), &terms(2, 1));
        assert_eq!(counts(&got), [(0, 1), (3, 1)]);
    }

    #[test]
    fn a_line_that_runs_out_is_followed_by_the_next() {
        // groups of three from 4 dear and 5 cheap units: d d d, d c c, c c c
        assert_eq!(counts(&form(&mut shelves(&[(9, 4), (1, 5)]), &terms(2, 1))), [(0, 1), (1, 2)]);
        assert_eq!(counts(&form(&mut shelves(&[(9, 4), (1, 4)]), &terms(2, 1))), [(0, 1), (1, 1)]);
    }

    #[test]
    fn an_unfinished_group_gives_nothing_unless_partial() {
        assert_eq!(counts(&form(&mut shelves(&[(5, 3)]), &terms(2, 2))), []);
        assert_eq!(counts(&form(&mut shelves(&[(5, 4)]), &terms(2, 2))), [(0, 2)]);
        let partial = Terms { partial: true, ..terms(2, 2) };
        assert_eq!(counts(&form(&mut shelves(&[(5, 3)]), &partial)), [(0, 1)]);
    }

    #[test]
    fn groups_and_units_are_limited_exactly() {
        let all = shelves(&[(5, 1_000_000)]);
        assert_eq!(counts(&form(&mut all.clone(), &terms(2, 1))), [(0, 333_333)]);
        assert_eq!(counts(&form(&mut all.clone(), &Terms { groups: 7, ..terms(2, 1) })), [(0, 7)]);
        assert_eq!(counts(&form(&mut all.clone(), &Terms { units: 7, ..terms(2, 3) })), [(0, 7)]);
        assert_eq!(counts(&form(&mut all.clone(), &Terms { units: 6, ..terms(2, 3) })), [(0, 6)]);
    }

    #[test]
    fn repeating_a_group_gives_what_forming_each_gives() {
        let whole = |count: usize| i64::try_from(count).unwrap();
        for (first, second) in (0..12).flat_map(|first| (0..12).map(move |second| (first, second))) {
            for (buy, get) in [(1, 1), (2, 1), (1, 2), (3, 2)] {
                // the units by falling price: some of them bought, then some got, again and again
                let units = [vec![0_usize; first], vec![1; second]].concat();
                let got = units.chunks_exact(buy + get).flat_map(|group| &group[buy..]);
                let mut one_by_one = [0_i64; 2];
                got.for_each(|line| one_by_one[*line] += 1);

                let lines = [(9, whole(first)), (4, whole(second))];
                let mut at_once = [0_i64; 2];
                form(&mut shelves(&lines), &terms(whole(buy), whole(get)))
                    .iter()
                    .for_each(|got| at_once[got.line] += got.count);
                assert_eq!(at_once, one_by_one, "{lines:?} buy {buy} get {get}");
            }
        }
    }
}
