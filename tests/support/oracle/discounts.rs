//! Discounts on lines and units.

use std::cmp::Reverse;

use serde_json::Value;

use super::bundles::scaled_by;
use super::groups::Group;
use super::lines::Line;
use super::numbers::{count, members, share_of, whole};
use super::selection::mean_the_same;
use super::spreading::spread_within;
use super::till::Till;

/// Whether a discount is on certain lines or units, and not on the whole order or its shipping.
pub(super) fn is_of_lines(discount: &Value) -> bool {
    let picks = ["maxUnits", "maxUnitsPerLine", "groupsOf", "countOff"].iter().any(|name| !discount[*name].is_null());
    match discount["type"].as_str().unwrap() {
        "free_shipping" | "off_shipping" => false,
        "buy_x_get_y" | "nth_unit" | "set_price" | "first_and_additional" => true,
        _ => !discount["lines"].is_null() || picks || discount["capSpread"] == "in_turn",
    }
}

impl<'a> Till<'a> {
    /// Takes one discount; gives what it took of which line.
    pub(super) fn discount(&mut self, discount: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let scaled;
        let discount = match &discount["perBundle"] {
            Value::Null => discount,
            per => match self.sets_in_cart(per) {
                0 => return Vec::new(),
                times => {
                    scaled = scaled_by(discount, times);
                    &scaled
                }
            },
        };
        let lines = self.lines_of(discount);
        match discount["type"].as_str().unwrap() {
            "percent_off" => self.capped_percent(discount, &discount["percent"], rounding),
            "formula_off" => match (self.worked_out(&discount["formula"], discount), discount["takes"].as_str()) {
                (None, _) => Vec::new(),
                (Some(number), Some("percent")) => {
                    let percent = Value::from(number.whole().min(100).to_string());
                    self.capped_percent(discount, &percent, rounding)
                }
                (Some(number), _) => self.spread_over(&lines, number.whole().max(0)),
            },
            "quantity_ladder" => {
                let quantity = self.quantity(&lines);
                let reached = members(discount, "steps").iter().rfind(|step| whole(&step["from"]) <= quantity);
                reached.map_or_else(Vec::new, |step| self.percent(discount, &step["percent"], None, rounding))
            }
            "spend_ladder" => {
                let spent: i128 = lines.iter().map(|line| self.lines[*line].original()).sum();
                let is_reached = |step: &&Value| self.amount(&step["from"]).is_some_and(|from| from <= spent);
                let reached = members(discount, "steps").iter().rfind(is_reached);
                match reached {
                    Some(step) if step["amount"].is_null() => self.percent(discount, &step["percent"], None, rounding),
                    Some(step) => {
                        self.amount(&step["amount"]).map_or_else(Vec::new, |off| self.spread_over(&lines, off))
                    }
                    None => Vec::new(),
                }
            }
            "amount_off" => match self.amount(&discount["amount"]) {
                None => Vec::new(),
                Some(off) if discount["per"] == "line" => self.each(&lines, |line| line.take(off)),
                Some(off) if discount["per"] == "unit" => self.off_units(discount, &lines, off),
                Some(off) if discount["spreadBy"] == "quantity" => {
                    let weights: Vec<i128> = lines.iter().map(|line| count(&self.lines[*line].units)).collect();
                    let limits: Vec<i128> = lines.iter().map(|line| self.lines[*line].room()).collect();
                    let parts = spread_within(off, &weights, &limits);
                    lines.iter().zip(parts).map(|(line, part)| (*line, self.lines[*line].take(part))).collect()
                }
                Some(off) => self.spread_over(&lines, off),
            },
            "fixed_price" => match self.amount(&discount["price"]) {
                None => Vec::new(),
                Some(price) if discount["per"] == "line" => {
                    self.each(&lines, |line| line.take((line.left() - price).max(0)))
                }
                Some(price) => {
                    let left: i128 = lines.iter().map(|line| self.lines[*line].left()).sum();
                    self.spread_over(&lines, (left - price).max(0))
                }
            },
            "first_and_additional" => self.first_and_additional(discount, &lines),
            "fixed_unit_price" => match self.amount(&discount["price"]) {
                None => Vec::new(),
                Some(price) if discount["measured"] == "line" => {
                    self.each(&lines, |line| line.take((line.left() - price * count(&line.units)).max(0)))
                }
                Some(price) => self.each(&lines, |line| {
                    let (before, lowest) = (line.left(), price.max(line.floor));
                    line.units.iter_mut().for_each(|left| *left = lowest.min(*left));
                    before - line.left()
                }),
            },
            "buy_x_get_y" if discount["usesUp"] == true || !discount["buy"]["pick"].is_null() => {
                let (buy, get) = (&discount["buy"], &discount["get"]);
                let bought = self.selected(&buy["lines"]);
                let is_one_pool = get["lines"].is_null() || mean_the_same(&get["lines"], &buy["lines"]);
                let got = self.selected(if is_one_pool { &buy["lines"] } else { &get["lines"] });
                let group = Group {
                    steps: vec![
                        (whole(&buy["quantity"]), bought, buy["pick"] != "cheapest"),
                        (whole(&get["quantity"]), got, get["pick"] == "dearest"),
                    ],
                    got: 1,
                    partial: discount["partial"].as_bool().unwrap_or(!is_one_pool),
                };
                self.by_group(discount, &group, get, rounding)
            }
            "buy_x_get_y" => self.buy_x_get_y(discount, rounding),
            "nth_unit" => {
                let every = whole(&discount["every"]);
                let position = discount["position"].as_i64().map_or(every, i128::from);
                let mut discount = discount.clone();
                let mut groups = 1;
                if discount["across"] == true {
                    // one group that is as large as all of them
                    let used = |line: &Line| if discount["usesUp"] == true { line.used } else { 0 };
                    let open: i128 =
                        lines.iter().map(|line| count(&self.lines[*line].units) - used(&self.lines[*line])).sum();
                    groups = (open / every).min(discount["atMost"].as_i64().map_or(i128::MAX, i128::from));
                    discount["atMost"] = Value::from(1);
                }
                let counted = |units: i128| (units * groups, lines.clone(), discount["pick"] == "dearest");
                let steps = vec![counted(position - 1), counted(1), counted(every - position)];
                self.by_group(&discount, &Group { steps, got: 1, partial: false }, &discount, rounding)
            }
            "set_price" => self.sets(discount, &lines),
            "bundle" => self.bundle(discount, rounding),
            "free_shipping" | "off_shipping" => Vec::new(),
            other => panic!("the oracle does not know the discount {other}"),
        }
    }

    pub(super) fn each(&mut self, lines: &[usize], mut take: impl FnMut(&mut Line<'a>) -> i128) -> Vec<(usize, i128)> {
        lines.iter().map(|line| (*line, take(&mut self.lines[*line]))).collect()
    }

    /// One amount over what is left of the lines.
    pub(super) fn spread_over(&mut self, lines: &[usize], amount: i128) -> Vec<(usize, i128)> {
        self.spread_from(false, lines, amount)
    }

    /// The same, by the units of each line from one end on.
    fn spread_from(&mut self, dearest: bool, lines: &[usize], amount: i128) -> Vec<(usize, i128)> {
        let left: Vec<i128> = lines.iter().map(|line| self.lines[*line].left()).collect();
        let rooms: Vec<i128> = lines.iter().map(|line| self.lines[*line].room()).collect();
        let parts = spread_within(amount, &left, &rooms);
        let take = |(line, part): (&usize, i128)| {
            let line_now = &mut self.lines[*line];
            (*line, line_now.take_from(line_now.units.len(), dearest, part))
        };
        lines.iter().zip(parts).map(take).collect()
    }

    fn capped_percent(&mut self, discount: &Value, percent: &Value, rounding: &Value) -> Vec<(usize, i128)> {
        let cap = match &discount["cap"] {
            Value::Null => None,
            cap => match self.amount(cap) {
                Some(cap) => Some(cap),
                None => return Vec::new(),
            },
        };
        self.percent(discount, percent, cap, rounding)
    }

    /// A percentage, rounded on each line where lines are selected, once where not, unless the campaign says.
    pub(super) fn percent(
        &mut self,
        discount: &Value,
        percent: &Value,
        cap: Option<i128>,
        rounding: &Value,
    ) -> Vec<(usize, i128)> {
        let lines = self.lines_of(discount);
        let is_original = discount["base"] == "original";
        let base = |line: &Line| if is_original { line.original() } else { line.left() };
        let by_default = if discount["lines"].is_null() && discount["countOff"].is_null() { "order" } else { "line" };
        let in_turn = discount["capSpread"] == "in_turn";
        let line_cap = match &discount["capPerLine"] {
            Value::Null => i128::MAX,
            cap => match self.amount(cap) {
                Some(cap) => cap,
                None => return Vec::new(),
            },
        };
        let by_line = in_turn || !discount["capPerLine"].is_null();
        // units that are picked bear first, however the sum is rounded
        let dearest = (in_turn || discount["countOff"].is_object()) && discount["pick"] == "dearest";
        if !by_line && rounding["level"].as_str().unwrap_or(by_default) == "order" {
            let sum: i128 = lines.iter().map(|line| base(&self.lines[*line])).sum();
            let total = share_of(sum, percent, rounding);
            return self.spread_from(dearest, &lines, cap.map_or(total, |cap| total.min(cap)));
        }
        let share = |line: &usize| {
            let line = &self.lines[*line];
            // of picked lines, what they can bear, unless it is of original prices
            let is_picked = in_turn || discount["countOff"].is_object() && !is_original;
            let most = if is_picked { line.room_as_looked_at() } else { line.left() };
            share_of(base(line), percent, rounding).min(most).min(line_cap)
        };
        let mut shares: Vec<i128> = lines.iter().map(share).collect();
        if let Some(mut open) = cap.filter(|_| in_turn) {
            for at in self.in_pick_order(&lines, &discount["pick"]) {
                let place = lines.iter().position(|line| *line == at).unwrap();
                shares[place] = shares[place].min(open);
                open -= shares[place];
            }
        }
        if let Some(cap) = cap.filter(|cap| shares.iter().sum::<i128>() > *cap) {
            let rooms: Vec<i128> =
                lines.iter().zip(&shares).map(|(line, share)| self.lines[*line].room().min(*share)).collect();
            shares = spread_within(cap, &shares, &rooms);
        }
        let take = |(line, share): (&usize, i128)| {
            let line_now = &mut self.lines[*line];
            (*line, line_now.take_from(line_now.units.len(), dearest, share))
        };
        lines.iter().zip(shares).map(take).collect()
    }

    /// The lines in the order in which their units are picked: by original price, of equal ones the earlier.
    pub(super) fn in_order(&self, lines: &[usize], dearest: bool) -> Vec<usize> {
        let mut lines = lines.to_vec();
        match dearest {
            true => lines.sort_by_key(|line| Reverse(self.lines[*line].price)),
            false => lines.sort_by_key(|line| self.lines[*line].price),
        }
        lines
    }

    /// The same in the order that a discount names.
    pub(super) fn in_pick_order(&self, lines: &[usize], pick: &Value) -> Vec<usize> {
        if pick == "listed" {
            return lines.to_vec();
        }
        self.in_order(lines, pick == "dearest")
    }

    pub(super) fn off_units(&mut self, discount: &Value, lines: &[usize], off: i128) -> Vec<(usize, i128)> {
        let dearest = discount["pick"] == "dearest";
        let count_off = &discount["countOff"];
        let most = |of: &Value| of.as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        let mut open = most(&discount["maxUnits"]).min(most(&count_off["atMost"]));
        let mut taken = Vec::new();
        let mut counted = 0;
        for at in self.in_pick_order(lines, &discount["pick"]) {
            let line = &mut self.lines[at];
            let places = counted..counted + line.units.len();
            counted = places.end;
            let some = places.filter(|place| is_counted_off(count_off, *place)).count().min(open);
            taken.push((at, line.take_each(some, dearest, off)));
            open -= some;
        }
        taken
    }

    /// The dearest unit of a line is its first one, the cheapest others are the further ones.
    pub(super) fn first_and_additional(&mut self, discount: &Value, lines: &[usize]) -> Vec<(usize, i128)> {
        let (Some(first), Some(additional)) = (self.amount(&discount["first"]), self.amount(&discount["additional"]))
        else {
            return Vec::new();
        };
        let most = discount["maxUnitsPerLine"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
        self.each(lines, |line| {
            let further = (line.units.len() - 1).min(most - 1);
            line.take_each(further, false, additional) + line.take_each(1, true, first)
        })
    }
}

/// Whether a unit or line is meant that so many stand before.
pub(super) fn is_counted_off(count_off: &Value, before: usize) -> bool {
    let number = |name: &str, otherwise: u64| usize::try_from(count_off[name].as_u64().unwrap_or(otherwise)).unwrap();
    before >= number("skip", 0) && (before - number("skip", 0)).is_multiple_of(number("every", 1))
}
