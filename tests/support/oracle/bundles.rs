//! Mixed sets, and discounts that are given for each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{json, Value};

use super::numbers::{decimal, members, number, share_of};
use super::spreading::spread_within;
use super::till::Till;

/// A unit that a set may take: its line, what is left of it, and which parts of a set it fits.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) line: usize,
    pub(super) left: i128,
    pub(super) fits: Vec<usize>,
}

/// A discount that is given several times.
pub(super) fn scaled_by(discount: &Value, times: i128) -> Value {
    let times = number(times);
    let mut scaled = discount.clone();
    let members = scaled.as_object_mut().unwrap();
    members.remove("perBundle");
    if let Some(percent) = discount["percent"].as_str() {
        let (numerator, denominator) = decimal(&json!(percent));
        let decimals = denominator.ilog10();
        let sum = (numerator * i128::from(times)).min(100 * denominator);
        let (whole, rest) = (sum / denominator, sum % denominator);
        let text = if decimals == 0 {
            format!("{whole}")
        } else {
            format!("{whole}.{rest:0width$}", width = decimals as usize)
        };
        members.insert("percent".into(), json!(text));
    }
    if discount["per"] == "unit" {
        if let Some(most) = discount["maxUnits"].as_i64() {
            members.insert("maxUnits".into(), json!(most * times));
        }
    } else if let Some(amounts) = discount["amount"].as_object() {
        let amounts: serde_json::Map<_, _> =
            amounts.iter().map(|(code, minor)| (code.clone(), json!(minor.as_i64().unwrap() * times))).collect();
        members.insert("amount".into(), Value::Object(amounts));
    }
    scaled
}

/// Whether each unit can have a place of its own in so many sets.
pub(super) fn have_places(units: &[Unit], sizes: &[usize], sets: usize) -> bool {
    fn find(unit: usize, units: &[Unit], places: &mut [(usize, Option<usize>)], tried: &mut [bool]) -> bool {
        for at in 0..places.len() {
            if tried[at] || !units[unit].fits.contains(&places[at].0) {
                continue;
            }
            tried[at] = true;
            let moves = match places[at].1 {
                None => true,
                Some(other) => find(other, units, places, tried),
            };
            if moves {
                places[at].1 = Some(unit);
                return true;
            }
        }
        false
    }
    let of_part = |(part, size): (usize, &usize)| vec![(part, None); size * sets];
    let mut places: Vec<(usize, Option<usize>)> = sizes.iter().enumerate().flat_map(of_part).collect();
    (0..units.len()).all(|unit| {
        let mut tried = vec![false; places.len()];
        find(unit, units, &mut places, &mut tried)
    })
}

/// Units for so many sets, one after the other, each that leaves every one before it a place.
pub(super) fn members_of_sets(units: &[Unit], sizes: &[usize], sets: usize) -> Vec<Unit> {
    let mut members: Vec<Unit> = Vec::new();
    for unit in units {
        members.push(unit.clone());
        if members.len() > sets * sizes.iter().sum::<usize>() || !have_places(&members, sizes, sets) {
            members.pop();
        }
    }
    members
}

impl Till<'_> {
    /// The units of the cart with the parts they fit, and the sizes of the parts.
    pub(super) fn units_for(&self, of: &[Value]) -> (Vec<Unit>, Vec<usize>) {
        let lines: Vec<Vec<usize>> = of.iter().map(|part| self.selected(&part["lines"])).collect();
        let mut units = Vec::new();
        for (line, known) in self.lines.iter().enumerate() {
            let fits: Vec<usize> = (0..of.len()).filter(|part| lines[*part].contains(&line)).collect();
            units.extend(known.units.iter().map(|left| Unit { line, left: *left, fits: fits.clone() }));
        }
        (units, of.iter().map(|part| usize::try_from(part["quantity"].as_u64().unwrap_or(1)).unwrap()).collect())
    }

    /// How many sets the cart holds.
    pub(super) fn sets_in_cart(&self, bundle: &Value) -> i128 {
        let (units, sizes) = self.units_for(members(bundle, "of"));
        let most = bundle["atMost"].as_i64().map_or(i128::MAX, i128::from);
        let all: usize = sizes.iter().sum();
        let is_full = |sets: usize| members_of_sets(&units, &sizes, sets).len() == sets * all;
        let sets = (0..).take_while(|sets| is_full(*sets)).last().unwrap();
        i128::try_from(sets).unwrap().min(most)
    }

    pub(super) fn bundle(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let most = usize::try_from(self.sets_in_cart(discount)).unwrap();
        let (mut units, sizes) = self.units_for(members(discount, "of"));
        let dearest = discount["pick"] != "cheapest";
        match dearest {
            true => units.sort_by_key(|unit| Reverse(unit.left)),
            false => units.sort_by_key(|unit| unit.left),
        }
        let amount = |name: &str| self.amount(&discount[name]);
        let is_covered = discount["percent"].is_string() || amount("price").or(amount("amount")).is_some();
        if most == 0 || !is_covered {
            return Vec::new();
        }
        let worth = |members: &[Unit]| members.iter().map(|unit| unit.left).sum::<i128>();
        let saves = |sets: usize| {
            let members = members_of_sets(&units, &sizes, sets);
            let times = i128::try_from(sets).unwrap();
            let saved = match (amount("price"), amount("amount")) {
                (Some(price), _) => worth(&members) - price * times,
                (None, Some(amount)) => amount * times,
                _ => share_of(worth(&members), &discount["percent"], rounding),
            };
            (saved, members)
        };
        let (saved, members) = match dearest && discount["price"].is_object() {
            // of equal ones the fewest
            true => (0..=most).map(saves).rev().max_by_key(|(saved, _)| *saved).unwrap(),
            false => saves(most),
        };
        let mut of_line: BTreeMap<usize, Vec<i128>> = BTreeMap::new();
        for unit in &members {
            of_line.entry(unit.line).or_default().push(unit.left);
        }
        let weights: Vec<i128> = of_line.values().map(|units| units.iter().sum()).collect();
        let rooms = |shares: &[i128]| -> Vec<i128> {
            of_line.keys().zip(shares).map(|(line, share)| self.lines[*line].room().min(*share)).collect()
        };
        let parts = if discount["percent"].is_string() && rounding["level"] == "line" {
            weights.iter().map(|weight| share_of(*weight, &discount["percent"], rounding)).collect()
        } else {
            spread_within(saved.max(0), &weights, &rooms(&weights))
        };
        let take = |((line, units), part): ((&usize, &Vec<i128>), i128)| {
            (*line, self.lines[*line].take_from(units.len(), dearest, part))
        };
        of_line.iter().zip(parts).map(take).collect()
    }
}
