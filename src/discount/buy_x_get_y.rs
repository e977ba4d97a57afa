use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

use crate::packed::packed;
use super::groups::{self, Shelf, Terms};
use super::units::{self, Order};
use super::{Base, Document, Offer, Price, Pricing};
use crate::campaign::reading;
use crate::condition::{Measure, Shortfall};
use crate::error::Diagnostic;
use crate::facts::Facts;
use crate::money::{Amount, Rate};
use crate::order;
use crate::pointer::Pointer;
use crate::selector::{self, LineSelector, Selector};
use crate::vocabulary::{AmountRow, Amounts, VocabularyBuilder};

/// Buy some units, get others free or cheaper. A unit is either bought or got, never both.
///
/// "Buy two, get the third, the cheapest, at half price":
/// `{ "type": "buy_x_get_y", "buy": { "quantity": 2 }, "get": { "quantity": 1, "percent": "50" } }`
///
/// Without `get.lines` both come from the lines of `buy`, in groups of buy + get units. With them, every `buy`
/// units entitle to `get` units as far as these are in the cart.
///
/// With `buy.pick` the groups are formed one after another: each sets its bought units aside, then gets its own of
/// the rest. "Buy two, get the third free, each three from the dearest on": `{ "type": "buy_x_get_y",
/// "buy": { "quantity": 2, "pick": "dearest" }, "get": { "quantity": 1, "pick": "dearest" } }`. Without it the got
/// units are picked from all.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuyXGetY {
    /// What is bought.
    pub buy: Buy,
    /// What is got for it.
    pub get: Get,
    /// How many times at most; as often as the cart allows when absent.
    pub at_most: Option<i64>,
    /// Whether fewer units than entitled may be got; default: yes with `get.lines`, no without.
    pub partial: Option<bool>,
    /// What the percentage is measured on; default the running balance of the units.
    #[serde(default)]
    pub base: Base,
}

/// What is bought.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Buy {
    /// Units for one time.
    pub quantity: i64,
    /// Which lines; all when absent.
    pub lines: Option<LineSelector>,
    /// Which units are set aside first, group by group.
    pub pick: Option<Order>,
}

/// What is got.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Get {
    /// Units for one time.
    pub quantity: i64,
    /// Which lines; the bought ones when absent.
    pub lines: Option<LineSelector>,
    /// How much off them; default `"100"`.
    pub percent: Option<String>,
    /// Instead of a percentage: this much off each of them, per currency, minor units.
    pub amount: Option<Amounts>,
    /// Which units first; default the cheapest.
    #[serde(default)]
    pub pick: Order,
    /// How many units are got at most, over all times.
    pub max_units: Option<i64>,
}

packed! {
    /// What is taken off the got units.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize)]
    pub enum Off {
        /// A rate of them.
        Rate(Rate),
        /// An amount off each.
        Amount(AmountRow),
    }
}

packed! {
    /// The compiled form.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Compiled {
        buy: i64,
        buy_lines: Selector,
        buy_first: Option<Order>,
        get: i64,
        get_lines: Option<Selector>,
        off: Off,
        pick: Order,
        at_most: Option<i64>,
        max_units: Option<i64>,
        partial: bool,
        base: Base,
    }
}

impl Document for BuyXGetY {
    type Compiled = Compiled;

    fn compile(&self, vocabulary: &mut VocabularyBuilder, at: &Pointer) -> Result<Compiled, Box<Diagnostic>> {
        let buy = reading::count(self.buy.quantity, &at.key("buy").key("quantity"))?;
        let get = reading::count(self.get.quantity, &at.key("get").key("quantity"))?;
        let at_most = self.at_most.map(|times| reading::count(times, &at.key("atMost"))).transpose()?;
        let of_get = at.key("get");
        let max_units = self.get.max_units.map(|units| reading::count(units, &of_get.key("maxUnits"))).transpose()?;
        let off = match (&self.get.amount, &self.get.percent) {
            (Some(amount), None) => Off::Amount(reading::amounts(amount, vocabulary, &of_get.key("amount"))?),
            (None, percent) => {
                let percent = percent.as_deref().unwrap_or("100");
                Off::Rate(reading::percent(percent, &of_get.key("percent"))?)
            }
            (Some(_), Some(_)) => {
                return Err(reading::invalid("one thing is taken off", "say `amount` or `percent`", &of_get));
            }
        };
        let buy_lines = selector::compile(&self.buy.lines, vocabulary);
        let get_lines = self.get.lines.as_ref().map(|lines| lines.compile(vocabulary));
        let get_lines = get_lines.filter(|lines| *lines != buy_lines);
        let partial = self.partial.unwrap_or(get_lines.is_some());
        let (buy_first, pick, base) = (self.buy.pick, self.get.pick, self.base);
        Ok(Compiled { buy, buy_lines, buy_first, get, get_lines, off, pick, at_most, max_units, partial, base })
    }
}

/// How many units are got, and how many of those may be units that could also have been bought.
struct Entitled {
    units: i64,
    of_bought_lines: i64,
}

impl Compiled {
    /// How many times at most, the last of which `get.maxUnits` may cut.
    fn times(&self) -> i64 {
        let by_units = self.max_units.map_or(i64::MAX, |most| {
            most.saturating_add(self.get).saturating_sub(1).checked_div(self.get).unwrap_or(0)
        });
        self.at_most.unwrap_or(i64::MAX).min(by_units)
    }

    /// Both from the same lines: whole groups, and with `partial` what an unfinished group already gives.
    fn of_one_pool(&self, facts: &Facts<'_>) -> Entitled {
        let pool = facts.quantity(self.buy_lines);
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

    /// From other lines, which may overlap with the bought ones: as many times as bought and got units can be
    /// told apart.
    fn of_two_pools(&self, facts: &Facts<'_>, get_lines: Selector) -> Entitled {
        let mut both = 0_i64;
        let buyable = self.overlap(facts, get_lines, &mut both);
        let gettable = facts.quantity(get_lines);
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

    /// Units on the bought lines; counts those that are on the got lines too.
    fn overlap(&self, facts: &Facts<'_>, get_lines: Selector, both: &mut i64) -> i64 {
        let mut got = Vec::new();
        facts.each_line(get_lines, |index, _| got.push(index));
        let mut buyable = 0_i64;
        facts.each_line(self.buy_lines, |index, line| {
            buyable = buyable.saturating_add(line.quantity);
            if got.contains(&index) {
                *both = both.saturating_add(line.quantity);
            }
        });
        buyable
    }

    /// Groups formed one after another.
    fn by_group(&self, bought_first: Order, pricing: &Pricing<'_>, offer: &mut Offer) {
        let mut shelves: Vec<Shelf> = Vec::new();
        pricing.facts.each_line(self.buy_lines, |line, given| {
            let (price, open, may_be_got) = (given.price, given.quantity, self.get_lines.is_none());
            shelves.push(Shelf { line, price, open, may_be_bought: true, may_be_got });
        });
        if let Some(get_lines) = self.get_lines {
            pricing.facts.each_line(get_lines, |line, given| match shelves.iter_mut().find(|s| s.line == line) {
                Some(shelf) => shelf.may_be_got = true,
                None => {
                    let (price, open) = (given.price, given.quantity);
                    shelves.push(Shelf { line, price, open, may_be_bought: false, may_be_got: true });
                }
            });
            order::sort(&mut shelves, |a, b| a.line < b.line);
        }
        let terms = Terms {
            buy: self.buy,
            bought_first,
            get: self.get,
            got_first: self.pick,
            groups: self.at_most.unwrap_or(i64::MAX),
            units: self.max_units.unwrap_or(i64::MAX),
            partial: self.partial,
        };
        for got in groups::form(shelves, &terms) {
            offer.share(got.line, self.worth(pricing, got.line, got.price, got.count), self.pick.of(got.count));
        }
    }

    fn worth(&self, pricing: &Pricing<'_>, line: usize, price: i64, count: i64) -> Amount {
        let of_left = |of: &dyn Fn(Amount) -> Amount| -> Amount {
            let left = units::left_of(pricing, line, count, self.pick);
            left.iter().map(|(count, left)| of(Amount::new(*left)).times(*count)).sum()
        };
        match self.off {
            Off::Amount(row) => match pricing.facts.amount(row) {
                Some(amount) => of_left(&|left| amount.at_most(left)),
                None => Amount::ZERO,
            },
            Off::Rate(rate) => {
                let measured = match self.base {
                    Base::Original => Amount::new(price).times(count),
                    Base::Running => of_left(&|left| left),
                };
                rate.of(measured, pricing.rounding)
            }
        }
    }
}

impl Price for Compiled {
    fn offer(&self, pricing: &Pricing<'_>, offer: &mut Offer) {
        if let Some(bought_first) = self.buy_first {
            return self.by_group(bought_first, pricing, offer);
        }
        let facts = &pricing.facts;
        let (entitled, lines) = match self.get_lines {
            None => (self.of_one_pool(facts), self.buy_lines),
            Some(lines) => (self.of_two_pools(facts, lines), lines),
        };
        let mut open = entitled.units.min(self.max_units.unwrap_or(i64::MAX));
        if open <= 0 {
            return;
        }
        let mut bought = Vec::new();
        if self.get_lines.is_some() {
            facts.each_line(self.buy_lines, |index, _| bought.push(index));
        }
        let mut shared = entitled.of_bought_lines;
        for (line, price, quantity) in units::in_order(pricing, lines, self.pick) {
            let is_bought = bought.contains(&line);
            let count = quantity.min(open).min(if is_bought { shared } else { i64::MAX });
            if count > 0 {
                offer.share(line, self.worth(pricing, line, price, count), self.pick.of(count));
                open = open.saturating_sub(count);
                shared = shared.saturating_sub(if is_bought { count } else { 0 });
            }
        }
        order::sort(&mut offer.shares, |a, b| a.line < b.line);
    }

    fn next_step(&self, facts: &Facts<'_>) -> Option<Shortfall> {
        let bought = facts.quantity(self.buy_lines);
        let at_most = self.times();
        let (lines, required, actual) = match self.get_lines {
            None => {
                let group = self.buy.saturating_add(self.get);
                let times = bought.checked_div(group)?.saturating_add(1);
                if times > at_most {
                    return None;
                }
                (self.buy_lines, times.saturating_mul(group), bought)
            }
            Some(get_lines) => {
                let times = bought.checked_div(self.buy)?.min(at_most);
                let (entitled, there) = (times.saturating_mul(self.get), facts.quantity(get_lines));
                if there < entitled {
                    (get_lines, entitled, there)
                } else if times >= at_most {
                    return None;
                } else {
                    (self.buy_lines, times.saturating_add(1).saturating_mul(self.buy), bought)
                }
            }
        };
        Some(Shortfall { lines, measure: Measure::Quantity, required, actual })
    }
}
