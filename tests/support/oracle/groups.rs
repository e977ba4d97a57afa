//! Units that are got for others bought, and sets of equal members.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{json, Value};

use super::numbers::{count, share_of, whole};
use super::selection::mean_the_same;
use super::spreading::spread_within;
use super::till::Till;

/// A group of units: how many are taken from which lines, and whether from the dearest on, step by step.
pub(super) struct Group {
    pub(super) steps: Vec<(i128, Vec<usize>, bool)>,
    /// Which step is the got units.
    pub(super) got: usize,
    /// Whether fewer got units than entitled make a group.
    pub(super) partial: bool,
}

impl Till<'_> {
    pub(super) fn buy_x_get_y(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let (buy, get) = (&discount["buy"], &discount["get"]);
        let bought = self.selected(&buy["lines"]);
        let from_one_pool = get["lines"].is_null() || mean_the_same(&get["lines"], &buy["lines"]);
        let got = self.selected(if from_one_pool { &buy["lines"] } else { &get["lines"] });
        let partial = discount["partial"].as_bool().unwrap_or(!from_one_pool);
        let most = discount["atMost"].as_i64().map_or(i128::MAX, i128::from);
        let (buy, each) = (whole(&buy["quantity"]), whole(&get["quantity"]));

        // units that can only be bought, only be got, or either
        let both: Vec<usize> = got.iter().copied().filter(|line| bought.contains(line)).collect();
        let either = self.quantity(&both);
        let (only_buy, only_get) = (self.quantity(&bought) - either, self.quantity(&got) - either);
        // as many units as possible, for as few times as possible
        let (mut units, mut either_got) = (0, 0);
        for times in 1..=(self.quantity(&bought) / buy).min(most) {
            let of_either = either - (times * buy - only_buy).max(0);
            let there = (only_get + of_either).min(times * each);
            let whole_ones = if partial { there } else { there - there % each };
            if whole_ones > units {
                (units, either_got) = (whole_ones, of_either);
            }
        }
        let dearest = get["pick"] == "dearest";
        let mut got_of = BTreeMap::new();
        for at in self.in_order(&got, dearest) {
            let is_bought = both.contains(&at);
            let some = count(&self.lines[at].units).min(units).min(if is_bought { either_got } else { i128::MAX });
            units -= some;
            either_got -= if is_bought { some } else { 0 };
            got_of.insert(at, some);
        }
        self.off_got(discount, &got_of, dearest, get, rounding)
    }

    /// Groups formed one after another, unit by unit, as long as there are units for a whole one.
    pub(super) fn by_group(
        &mut self,
        discount: &Value,
        group: &Group,
        off: &Value,
        rounding: &Value,
    ) -> Vec<(usize, i128)> {
        let uses_up = discount["usesUp"] == true;
        let mut open: Vec<i128> =
            self.lines.iter().map(|line| count(&line.units) - if uses_up { line.used } else { 0 }).collect();
        let before = open.clone();
        let mut got_of = BTreeMap::<usize, i128>::new();
        'groups: for _ in 0..discount["atMost"].as_u64().unwrap_or(u64::MAX) {
            let mut rest = open.clone();
            let mut of_group = Vec::new();
            for (step, (units, lines, dearest)) in group.steps.iter().enumerate() {
                for unit in 0..*units {
                    match self.in_order(lines, *dearest).into_iter().find(|line| rest[*line] > 0) {
                        Some(line) => {
                            rest[line] -= 1;
                            of_group.extend((step == group.got).then_some(line));
                        }
                        None if step == group.got && group.partial && unit > 0 => break,
                        None => break 'groups,
                    }
                }
            }
            open = rest;
            of_group.into_iter().for_each(|line| *got_of.entry(line).or_default() += 1);
        }
        let dearest = uses_up || group.steps[group.got].2;
        let taken = self.off_got(discount, &got_of, dearest, off, rounding);
        if uses_up && taken.iter().any(|(_, share)| *share > 0) {
            for (line, (before, after)) in self.lines.iter_mut().zip(before.iter().zip(&open)) {
                line.used += before - after;
            }
        }
        taken
    }

    /// Takes a percentage or an amount off so many units of each line, from one end.
    pub(super) fn off_got(
        &mut self,
        discount: &Value,
        got_of: &BTreeMap<usize, i128>,
        dearest: bool,
        off: &Value,
        rounding: &Value,
    ) -> Vec<(usize, i128)> {
        if off["amount"].is_object() {
            let Some(amount) = self.amount(&off["amount"]) else { return Vec::new() };
            let mut taken = Vec::new();
            for (at, some) in got_of {
                let picked = usize::try_from(*some).unwrap();
                taken.push((*at, self.lines[*at].take_each(picked, dearest, amount)));
            }
            return taken;
        }
        let percent = if off["percent"].is_null() { json!("100") } else { off["percent"].clone() };
        let mut got_units = Vec::new();
        for (at, some) in got_of {
            let line = &mut self.lines[*at];
            let picked = usize::try_from(*some).unwrap();
            let running: i128 = line.picked_first(dearest)[..picked].iter().sum();
            let base = if discount["base"] == "original" { line.price * some } else { running };
            got_units.push((*at, picked, base, running));
        }
        let mut shares: Vec<i128> = Vec::new();
        if rounding["level"] == "order" {
            let bases: i128 = got_units.iter().map(|(_, _, base, _)| base).sum();
            let left: Vec<i128> = got_units.iter().map(|(.., running)| *running).collect();
            let room = |(at, _, _, left): &(usize, usize, i128, i128)| self.lines[*at].room().min(*left);
            let rooms: Vec<i128> = got_units.iter().map(room).collect();
            shares = spread_within(share_of(bases, &percent, rounding), &left, &rooms);
        } else {
            // what a share of original prices is above what its units bear falls on the others of the line
            shares.extend(got_units.iter().map(|(at, picked, base, left)| {
                let line = &self.lines[*at];
                let of_units = left - line.floor * i128::try_from(*picked).unwrap();
                let most = if discount["base"] == "original" { line.room() } else { of_units };
                share_of(*base, &percent, rounding).min(most)
            }));
        }
        let each = got_units.iter().zip(shares);
        each.map(|((at, picked, ..), share)| (*at, self.lines[*at].take_from(*picked, dearest, share))).collect()
    }

    /// Sets from the units with the most left on, as long as a set saves something.
    pub(super) fn sets(&mut self, discount: &Value, lines: &[usize]) -> Vec<(usize, i128)> {
        let Some(price) = self.amount(&discount["price"]) else { return Vec::new() };
        let size = usize::try_from(whole(&discount["size"])).unwrap();
        let most = discount["atMost"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        let of_line = |line: &usize| self.lines[*line].units.iter().map(|left| (*line, *left)).collect::<Vec<_>>();
        let mut units: Vec<(usize, i128)> = lines.iter().flat_map(of_line).collect();
        units.sort_by_key(|(_, left)| Reverse(*left));
        let worth = |set: &&[(usize, i128)]| set.iter().map(|(_, left)| left).sum::<i128>();
        let sets = units.chunks_exact(size).take(most).take_while(|set| worth(set) > price);
        let (mut saved, mut members) = (0, BTreeMap::<usize, Vec<i128>>::new());
        for set in sets {
            saved += worth(&set) - price;
            for (line, left) in set {
                members.entry(*line).or_default().push(*left);
            }
        }
        let weights: Vec<i128> = members.values().map(|units| units.iter().sum()).collect();
        let rooms: Vec<i128> =
            members.keys().zip(&weights).map(|(line, weight)| self.lines[*line].room().min(*weight)).collect();
        let parts = spread_within(saved, &weights, &rooms);
        let take = |((line, units), part): ((&usize, &Vec<i128>), i128)| {
            (*line, self.lines[*line].take_from(units.len(), true, part))
        };
        members.iter().zip(parts).map(take).collect()
    }
}
