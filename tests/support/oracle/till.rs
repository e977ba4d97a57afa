//! What is left of every unit, and how campaigns take of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::discounts::{is_counted_off, is_of_lines};
use super::limits::budgets_of;
use super::lines::Line;
use super::numbers::{amount, bought, count, members, price_of_line, whole};
use super::selection::selects;
use super::spreading::{spread, spread_within};
use super::stacking::said;

/// A line as it stands in the request.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) line: usize,
    pub(super) price: i128,
    pub(super) discount: i128,
}

#[derive(Clone)]
pub(super) struct Till<'a> {
    pub(super) document: &'a Value,
    pub(super) request: &'a Value,
    /// Whether thresholds that name no base look at what is left.
    pub(super) rechecks: bool,
    /// Whose discounts on lines took something of which line, where that keeps others from it.
    pub(super) claims: Vec<(String, usize)>,
    pub(super) left_of_budgets: BTreeMap<String, Option<i128>>,
    pub(super) lines: Vec<Line<'a>>,
    pub(super) given: Vec<Given>,
    /// Method, price, what is left.
    pub(super) shipping: Vec<(&'a Value, i128, i128)>,
    pub(super) lane: Option<(i64, i64)>,
    /// What earlier lanes have left of each line.
    pub(super) after_lanes: Vec<i128>,
    /// Whether the campaign that takes gives something, or could.
    pub(super) gives: bool,
    /// What all gifts are worth that could be given.
    pub(super) promised: i128,
}

impl<'a> Till<'a> {
    /// Lines of one product at one price are one line, wherever they stand.
    pub(super) fn open(document: &'a Value, request: &'a Value) -> Till<'a> {
        let mut lines: Vec<Line> = Vec::new();
        let mut given = Vec::new();
        let gifts = members(request, "lines").iter().filter(|line| !line["giftOf"].is_null());
        for line in bought(request).chain(gifts) {
            let price = whole(&line["unitPrice"]);
            let floor = line["minPrice"].as_i64().map_or(0, i128::from).min(price);
            let names_a_product = !(line["sku"].is_null() && line["product"].is_null());
            let is_same = |other: &Line| {
                let same = |name: &str| other.properties[name] == line[name];
                other.price == price
                    && other.floor == floor
                    && ["sku", "product", "categories", "attributes", "regularPrice"].into_iter().all(same)
            };
            let gift_of = &line["giftOf"];
            let twin = lines.iter().position(|other| names_a_product && other.gift_of == gift_of && is_same(other));
            let at = twin.unwrap_or(lines.len());
            if twin.is_none() {
                lines.push(Line {
                    properties: line,
                    price,
                    floor,
                    units: Vec::new(),
                    used: 0,
                    touched: false,
                    bears: i128::MAX,
                    gift_of,
                });
            }
            lines[at].units.extend(vec![price; usize::try_from(whole(&line["quantity"])).unwrap()]);
            given.push((&line["id"], Given { line: at, price: price_of_line(line), discount: 0 }));
        }
        let place = |id: &Value| members(request, "lines").iter().position(|line| line["id"] == *id);
        given.sort_by_key(|(id, _)| place(id));
        let given = given.into_iter().map(|(_, given)| given).collect();
        let charge = |charge: &'a Value| (&charge["id"], whole(&charge["price"]), whole(&charge["price"]));
        let shipping = members(request, "shipping").iter().map(charge).collect();
        Till {
            document,
            request,
            rechecks: false,
            claims: Vec::new(),
            left_of_budgets: BTreeMap::new(),
            lines,
            given,
            shipping,
            lane: None,
            after_lanes: Vec::new(),
            gives: false,
            promised: 0,
        }
    }

    pub(super) fn left_in_all(&self) -> i128 {
        self.lines.iter().map(Line::left).sum::<i128>() + self.shipping.iter().map(|(_, _, left)| left).sum::<i128>()
    }

    pub(super) fn enter(&mut self, lane: (i64, i64)) {
        if self.lane != Some(lane) {
            self.lane = Some(lane);
            self.after_lanes = self.lines.iter().map(Line::left).collect();
        }
    }

    pub(super) fn amount(&self, amounts: &Value) -> Option<i128> {
        amount(amounts, self.request)
    }

    /// The lines that a selector selects, in the cart's order.
    pub(super) fn selected(&self, selector: &Value) -> Vec<usize> {
        let is_selected = |line: &Line| line.gift_of.is_null() && selects(selector, line, self.request);
        (0..self.lines.len()).filter(|line| is_selected(&self.lines[*line])).collect()
    }

    /// The lines that a discount is for.
    pub(super) fn lines_of(&self, discount: &Value) -> Vec<usize> {
        let mut lines = self.selected(&discount["lines"]);
        if discount["excludeDiscounted"] == true {
            lines.retain(|line| self.lines[*line].is_whole());
        }
        if discount["onlyDiscounted"] == true {
            lines.retain(|line| !self.lines[*line].is_whole());
        }
        let count_off = &discount["countOff"];
        if count_off["by"] == "line" {
            let counted = self.in_pick_order(&lines, &discount["pick"]).into_iter().enumerate();
            let counted = counted.filter(|(before, _)| is_counted_off(count_off, *before)).map(|(_, line)| line);
            let most = count_off["atMost"].as_u64().map_or(usize::MAX, |most| usize::try_from(most).unwrap());
            lines = counted.take(most).collect();
            lines.sort_unstable();
        }
        lines
    }

    pub(super) fn quantity(&self, lines: &[usize]) -> i128 {
        lines.iter().map(|line| count(&self.lines[*line].units)).sum()
    }

    /// Lets a campaign take all its discounts, as far as its budgets have it; gives what it took of lines and shipping.
    /// None when a budget lets it take nothing.
    pub(super) fn take(&mut self, document: &Value, campaign: &Value) -> Option<i128> {
        let budgets = budgets_of(campaign);
        let mut most = i128::MAX;
        for budget in &budgets {
            most = most.min(self.left_of_budgets[budget].filter(|left| *left > 0)?);
        }
        let mut after = self.clone();
        let when_over = &campaign["limits"]["whenOverBudget"];
        let is_capped = when_over != "refuse" && when_over != "overdraw";
        let taken = after.take_up_to(if is_capped { most } else { i128::MAX }, document, campaign);
        if taken > most && when_over == "refuse" {
            return None;
        }
        *self = after;
        for budget in budgets {
            if let Some(Some(left)) = self.left_of_budgets.get_mut(&budget) {
                *left = (*left - taken).max(0);
            }
        }
        Some(taken)
    }

    /// The same of a certain amount at most: what a discount takes beyond it is given back in proportion.
    pub(super) fn take_up_to(&mut self, most: i128, document: &Value, campaign: &Value) -> i128 {
        let on_original = said(document, campaign, "base") == "original";
        let id = campaign["id"].as_str().unwrap();
        let mut by_line: BTreeMap<usize, i128> = BTreeMap::new();
        let mut taken = 0;
        for discount in members(campaign, "discounts") {
            let rest = most.saturating_sub(taken);
            let shipping = match discount["type"].as_str() {
                Some("free_shipping" | "off_shipping") => {
                    self.ship_cheaper(discount, &campaign["rounding"], on_original, rest).unwrap_or(0)
                }
                _ => 0,
            };
            let before = self.clone();
            let of_lines = is_of_lines(discount);
            let once = of_lines && document["stacking"]["perLine"] == "once";
            let claimed: Vec<usize> =
                self.claims.iter().filter(|(by, _)| once && by != id).map(|(_, line)| *line).collect();
            let lines = match on_original {
                _ if discount["type"] == "gift" => self.gift(campaign, discount, on_original),
                true => {
                    // what is used up is so at any price
                    let mut fresh = Till::open(self.document, self.request);
                    let used = |till: &Till<'_>| till.lines.iter().map(|line| line.used).collect::<Vec<_>>();
                    fresh.lines.iter_mut().zip(used(self)).for_each(|(line, used)| line.used = used);
                    // and so is what was taken
                    fresh.lines.iter_mut().zip(&self.lines).for_each(|(line, real)| line.touched = !real.is_whole());
                    // what a line has no more of, the others bear
                    fresh.lines.iter_mut().zip(&self.lines).for_each(|(line, real)| line.bears = real.room());
                    let offered = fresh.discount_besides(discount, &campaign["rounding"], &claimed);
                    let taken: Vec<(usize, i128)> =
                        offered.into_iter().map(|(line, share)| (line, self.lines[line].take(share))).collect();
                    // what finds nothing left to take uses no units up
                    if taken.iter().any(|(_, share)| *share > 0) {
                        self.lines.iter_mut().zip(used(&fresh)).for_each(|(line, used)| line.used = used);
                    }
                    taken
                }
                false => self.discount_besides(discount, &campaign["rounding"], &claimed),
            };
            let lines: Vec<(usize, i128)> = lines;
            let (at, shares): (Vec<usize>, Vec<i128>) = lines.iter().copied().unzip();
            let lines = if shares.iter().sum::<i128>() > rest {
                *self = before;
                let cut = at.into_iter().zip(spread_within(rest, &shares, &shares));
                cut.map(|(line, share)| (line, self.lines[line].take(share))).collect()
            } else {
                lines
            };
            taken += shipping + lines.iter().map(|(_, share)| share).sum::<i128>();
            for (line, share) in lines {
                *by_line.entry(line).or_default() += share;
                if once && share > 0 {
                    self.claims.push((id.to_owned(), line));
                }
            }
        }
        for (line, share) in by_line {
            self.note(line, share);
        }
        taken
    }

    /// Takes one discount that finds nothing to take of some lines.
    pub(super) fn discount_besides(
        &mut self,
        discount: &Value,
        rounding: &Value,
        claimed: &[usize],
    ) -> Vec<(usize, i128)> {
        let before: Vec<Vec<i128>> = claimed.iter().map(|line| self.lines[*line].units.clone()).collect();
        for line in claimed {
            let line = &mut self.lines[*line];
            let floor = line.floor;
            line.units.iter_mut().for_each(|left| *left = floor);
        }
        let taken = self.discount(discount, rounding);
        // the other way round, for a line that is claimed twice
        for (line, units) in claimed.iter().zip(before).rev() {
            self.lines[*line].units = units;
        }
        taken
    }

    /// A share of a line goes to the lines as given, in proportion to what is left of them.
    pub(super) fn note(&mut self, line: usize, share: i128) {
        // of a gift the units that are given, one line as given after the other
        let price = self.lines[line].price;
        let mut open = if self.lines[line].gift_of.is_null() { i128::MAX } else { self.lines[line].used * price };
        let mut bears = |given: &Given| {
            let left = if given.line == line { given.price - given.discount } else { 0 };
            let some = left.min(open);
            open -= some;
            some
        };
        let weights: Vec<i128> = self.given.iter().map(&mut bears).collect();
        for (given, part) in self.given.iter_mut().zip(spread(share, &weights)) {
            given.discount += part;
        }
    }
}
