//! Gifts: what is given of the cart, and what could be.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{json, Value};

use super::lines::Line;
use super::numbers::{count, members, share_of, whole};
use super::till::Till;

impl Till<'_> {
    /// What units of a product cost that is given, in the cart or not.
    pub(super) fn gift(&mut self, campaign: &Value, discount: &Value, on_original: bool) -> Vec<(usize, i128)> {
        let products = members(discount, "products");
        let is_known = |amounts: &Value| amounts.is_null() || self.amount(amounts).is_some();
        if !is_known(&discount["amount"])
            || !is_known(&discount["price"])
            || !products.iter().all(|product| is_known(&product["value"]))
        {
            return Vec::new();
        }
        let times = if discount["perBundle"].is_null() { 1 } else { self.sets_in_cart(&discount["perBundle"]) };
        if times == 0 {
            return Vec::new();
        }
        let mut open = discount["choose"].as_u64().unwrap_or(u64::MAX);
        let mut taken = Vec::new();
        let mut missing = Vec::new();
        let mut counted: BTreeMap<usize, i128> = BTreeMap::new();
        for product in products {
            let is_it = |line: &Line| match &product["sku"] {
                Value::Null => line.properties["product"] == product["product"],
                sku => line.properties["sku"] == *sku,
            };
            let mut wanted = product["quantity"].as_i64().map_or(1, i128::from) * times;
            let mut is_chosen = false;
            if open > 0 {
                let mut own: Vec<usize> = (0..self.lines.len())
                    .filter(|at| self.lines[*at].gift_of == &campaign["id"] && is_it(&self.lines[*at]))
                    .collect();
                own.sort_by_key(|at| Reverse(self.lines[*at].price));
                for at in own {
                    let units = (count(&self.lines[at].units) - self.lines[at].used).min(wanted);
                    if units > 0 {
                        (wanted, is_chosen) = (wanted - units, true);
                        taken.push((at, self.give(at, units, campaign, discount, on_original)));
                        self.lines[at].used += units;
                    }
                }
                if discount["units"] == "missing" {
                    let mut there: Vec<(usize, i128)> = Vec::new();
                    let at_hand = self.lines.iter().enumerate();
                    for (at, line) in at_hand.filter(|(_, line)| line.gift_of.is_null() && is_it(line)) {
                        let mut units =
                            if on_original { vec![line.price; line.units.len()] } else { line.units.clone() };
                        units.sort_unstable_by_key(|left| Reverse(*left));
                        let gone = usize::try_from(counted.get(&at).copied().unwrap_or(0)).unwrap();
                        there.extend(units.into_iter().skip(gone).map(|left| (at, left)));
                    }
                    there.sort_by_key(|(_, left)| Reverse(*left));
                    for (at, _) in there.iter().take(usize::try_from(wanted).unwrap()) {
                        *counted.entry(*at).or_default() += 1;
                        (wanted, is_chosen) = (wanted - 1, true);
                    }
                }
            }
            open -= u64::from(is_chosen);
            self.gives |= is_chosen;
            missing.push((product, wanted, is_chosen));
        }
        for (at, units) in counted {
            taken.push((at, self.give(at, units, campaign, discount, on_original)));
        }
        self.promise(campaign, discount, &missing, open);
        taken
    }

    /// Takes what so many units of a line cost less as gifts: those with the most left.
    pub(super) fn give(
        &mut self,
        at: usize,
        units: i128,
        campaign: &Value,
        discount: &Value,
        on_original: bool,
    ) -> i128 {
        let picked = usize::try_from(units).unwrap();
        let (price, amount) = (self.amount(&discount["price"]), self.amount(&discount["amount"]));
        let line = &mut self.lines[at];
        let floor = line.floor;
        let off = |left: i128| {
            let off = match (price, amount) {
                (Some(price), _) => left - price,
                (None, Some(amount)) => amount,
                _ => percent_of_gift(left, discount, campaign),
            };
            off.clamp(0, left - floor)
        };
        if on_original {
            let share = off(line.price) * units;
            return line.take(share);
        }
        if price.is_none() && amount.is_none() {
            let share = line.picked_first(true)[..picked].iter().map(|left| off(*left)).sum();
            return line.take_from(picked, true, share);
        }
        let before = line.left();
        line.picked_first(true)[..picked].iter_mut().for_each(|left| *left -= off(*left));
        before - line.left()
    }

    /// What could be given is promised, as far as there is any and nobody declines.
    pub(super) fn promise(&mut self, campaign: &Value, discount: &Value, missing: &[(&Value, i128, bool)], open: u64) {
        if members(self.request, "declinedGifts").contains(&campaign["id"]) {
            return;
        }
        let mut promised: Vec<(&str, i128)> = Vec::new();
        let mut unchosen = Vec::new();
        for (product, wanted, is_chosen) in
            missing.iter().filter(|(_, wanted, chosen)| *wanted > 0 && (*chosen || open > 0))
        {
            let (name, id) =
                if product["sku"].is_null() { ("product", &product["product"]) } else { ("sku", &product["sku"]) };
            let there: i128 = members(self.request, "lines")
                .iter()
                .filter(|line| line[name] == *id)
                .map(|line| whole(&line["quantity"]))
                .sum();
            let before: i128 = promised.iter().filter(|(known, _)| id == known).map(|(_, units)| units).sum();
            let stock = members(self.request, "stock").iter().find(|entry| entry[name] == *id);
            let units = stock
                .map_or(*wanted, |entry| (whole(&entry["available"]) - there).max(0))
                .saturating_sub(if stock.is_some() { before } else { 0 });
            let units = units.clamp(0, *wanted);
            if units == 0 {
                continue;
            }
            self.gives = true;
            promised.push((id.as_str().unwrap(), units));
            let value = self.amount(&product["value"]).unwrap();
            let off = match (self.amount(&discount["price"]), self.amount(&discount["amount"])) {
                (Some(price), _) => value - price,
                (None, Some(amount)) => amount,
                _ => percent_of_gift(value, discount, campaign),
            };
            let worth = off.clamp(0, value) * units;
            if *is_chosen {
                self.promised += worth;
            } else {
                unchosen.push(worth);
            }
        }
        unchosen.sort_unstable_by_key(|worth| Reverse(*worth));
        self.promised += unchosen.iter().take(usize::try_from(open).unwrap_or(usize::MAX)).sum::<i128>();
    }
}

/// How much a unit costs less as a gift.
pub(super) fn percent_of_gift(left: i128, discount: &Value, campaign: &Value) -> i128 {
    let percent = if discount["percent"].is_null() { json!("100") } else { discount["percent"].clone() };
    share_of(left, &percent, &campaign["rounding"])
}
