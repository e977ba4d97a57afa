//! How far the next level is, in money where more of it earns. Told is a step that was taken: the cart with a line more is
//! quoted and looked at again, so that discounts, ceilings, days of waiting and what campaigns themselves give all have
//! their say.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::{json, Value as Json};

use super::account::{tell, Account};
use super::happened::at;
use super::outlook::Outlook;
use super::{Preview, Rules, Till};
use crate::cart::MAX_PRICE;
use crate::ledger::calendar::Every;
use crate::ledger::levels::Progress;
use crate::ledger::programme::{LevelBy, Levels};
use crate::loyalty::{Programme, Worth};
use crate::money::{Amount, Currency};
use crate::time::Timestamp;

/// How many carts are tried for one hint, at most; what is not found by then is told in points.
pub const MOST_TRIES: usize = 48;

/// How far the next level or the next reward is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hint {
    /// `spend_for_level`, `earn_for_level` or `earn_for_reward`.
    pub code: &'static str,
    /// For people.
    pub message: String,
    /// The level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reward: Option<String>,
    /// The points that are missing with this order.
    pub points: i64,
    /// How many units more of `line` bring them, where units earn: one less does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// The price of one more product by which they are reached, minor units: a cent less does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The line of `units`, or whose like that product is; any that no rule leaves out when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// When the level is reached by it, where points wait until they count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// A product more.
struct Step {
    amount: i64,
    line: Option<String>,
    at: Option<Timestamp>,
}

impl Rules {
    /// What is missing to the next level of a programme, whose outlook without a step this is.
    pub(super) fn hint(
        &mut self,
        place: usize,
        outlook: &Outlook,
        asked: &Preview,
        till: &mut Till<'_>,
    ) -> Option<Hint> {
        let last = outlook.last()?;
        let (level, points) = (last.next.clone()?, last.missing?);
        let levels = self.said.programmes.get(place)?.levels.clone()?;
        let currency = till.standing().cart.currency;
        let step = self.step(place, (&level, points), outlook, asked, till);
        let many = match &step {
            Some(step) => written(currency, step.amount),
            None => in_points(points),
        };
        let when = match (levels.by, levels.every) {
            (LevelBy::Balance, _) => "",
            (_, Every::Month) => " this month",
            (_, Every::Quarter) => " this quarter",
            (_, Every::HalfYear) => " this half-year",
            _ => " this year",
        };
        let at = step.as_ref().and_then(|step| step.at);
        let waits = if at.is_some() { ", as soon as the points count" } else { "" };
        let code = if step.is_some() { "spend_for_level" } else { "earn_for_level" };
        let message = format!("{many} more{when} to `{level}`{waits}");
        let amount = step.as_ref().map(|step| step.amount);
        let line = step.and_then(|step| step.line);
        Some(Hint { code, message, level: Some(level), reward: None, points, units: None, amount, line, at })
    }

    /// The least price of a product more by which the level is reached.
    fn step(
        &mut self,
        place: usize,
        (level, points): (&str, i64),
        outlook: &Outlook,
        asked: &Preview,
        till: &mut Till<'_>,
    ) -> Option<Step> {
        let guess = self.guess(self.said.programmes.get(place)?, &asked.accounts, points);
        // a product without any words, or one like the line that earns most
        let alike = [None, self.earning_line(place, outlook)];
        let tried = if alike[1].is_some() { 2 } else { 1 };
        let mut tries = 0_usize;
        for line in alike.into_iter().take(tried) {
            let mut reaches = |amount| -> Option<Option<Timestamp>> {
                tries = tries.saturating_add(1);
                if tries > MOST_TRIES {
                    return None;
                }
                let request = with_one_more(&asked.request, line.as_deref(), amount)?;
                let outlook = self.outlook_of(place, &request, &asked.accounts, till)?;
                let levels = self.said.programmes.get(place)?.levels.as_ref()?;
                let is_reached = outlook.last().is_some_and(|last| is_reached(levels, last, level));
                is_reached.then(|| outlook.later.map(|later| later.at))
            };
            let found = least(guess, &mut reaches);
            // of what was not tried to the end nobody knows whether a cent less reaches it
            if tries > MOST_TRIES {
                return None;
            }
            if let Some((amount, at)) = found {
                return Some(Step { amount, line, at });
            }
        }
        None
    }

    /// The outlook of a programme for another request.
    pub(super) fn outlook_of(
        &mut self,
        place: usize,
        request: &Json,
        accounts: &[Account],
        till: &mut Till<'_>,
    ) -> Option<Outlook> {
        let told = tell(request, accounts, till.standing().cart.now);
        let body = serde_json::to_vec(&told).unwrap_or_default();
        let quoted = till.quote(&body).ok()?;
        self.ask(&told, at(quoted.cart.now), Some(quoted)).ok()?;
        Some(self.outlook(self.said.programmes.get(place)?, accounts, request, quoted))
    }

    /// The money by which rules alone would give so many points, were nothing taken off and no ceiling in the way.
    fn guess(&self, programme: &Programme, accounts: &[Account], points: i64) -> i64 {
        let enough = |more: i64| self.growth(programme, accounts, more) >= points;
        if enough(MAX_PRICE) {
            halved(0, MAX_PRICE, enough)
        } else {
            1
        }
    }

    /// The line that earns most in a programme, or that one of its rules would let earn.
    fn earning_line(&self, place: usize, outlook: &Outlook) -> Option<String> {
        let lines = outlook.earned.iter().flat_map(|one| &one.lines);
        let most = lines.max_by_key(|line| line.amount).map(|line| line.line.clone());
        let asked = self.asked.as_ref()?;
        most.or_else(|| {
            let holding = self.holding(asked, self.said.programmes.get(place)?);
            let lines = holding.filter(|(_, earner)| earner.worth.grows_with_money());
            let lines: Vec<usize> =
                lines.flat_map(|(_, earner)| asked.with_order(|order| Worth::lines(&earner.worth, order).0)).collect();
            asked.given.iter().find(|given| lines.contains(&given.line)).map(|given| given.id.clone())
        })
    }
}

/// Whether a level, or a higher one, is held or comes.
fn is_reached(levels: &Levels, progress: &Progress, level: &str) -> bool {
    let place = |id: Option<&str>| levels.list.iter().position(|one| Some(one.id.as_str()) == id);
    let best = place(progress.level.as_deref()).max(place(progress.coming.as_deref()));
    best.is_some() && best >= place(Some(level))
}

/// The least amount that reaches it, with what it reaches; found around a guess. More money mostly earns more; where it does
/// not, what is found still reaches it, and one less does not.
fn least<T>(guess: i64, reaches: &mut impl FnMut(i64) -> Option<T>) -> Option<(i64, T)> {
    let (mut low, mut high) = (0_i64, guess.clamp(1, MAX_PRICE));
    let mut found = reaches(high);
    if found.is_none() && reaches(MAX_PRICE).is_none() {
        return None;
    }
    while found.is_none() && high < MAX_PRICE {
        low = high;
        high = high.saturating_mul(2).min(MAX_PRICE);
        found = reaches(high);
    }
    let below = high.saturating_sub(1);
    // a guess is mostly right
    if below > low {
        match reaches(below) {
            None => return found.map(|found| (high, found)),
            better => (high, found) = (below, better),
        }
    }
    while low.saturating_add(1) < high {
        let middle = low.midpoint(high);
        match reaches(middle) {
            None => low = middle,
            better => (high, found) = (middle, better),
        }
    }
    found.map(|found| (high, found))
}

/// The least number above `low` and up to `high` for which something holds that holds for `high`.
fn halved(mut low: i64, mut high: i64, holds: impl Fn(i64) -> bool) -> i64 {
    while low.saturating_add(1) < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// The request with a product more at a price: one that no word is said of, or the like of a line.
fn with_one_more(request: &Json, like: Option<&str>, price: i64) -> Option<Json> {
    /// What of a line says what is sold, and not for how much.
    const SAME: &[&str] = &["sku", "product", "categories", "attributes", "taxRate"];
    let mut request = request.clone();
    let lines = request.get_mut("lines")?.as_array_mut()?;
    let id_of = |line: &Json| line.get("id").and_then(Json::as_str).map(String::from);
    let mut id = String::from("more");
    while lines.iter().any(|line| id_of(line).as_deref() == Some(&id)) {
        id.push('+');
    }
    let mut line = json!({ "id": id, "unitPrice": price, "quantity": 1 });
    if let Some(like) = like {
        let like = lines.iter().find(|line| id_of(line).as_deref() == Some(like))?;
        let own = like.as_object()?.iter().filter(|(name, _)| SAME.contains(&name.as_str()));
        line.as_object_mut()?.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    }
    lines.push(line);
    Some(request)
}

pub(super) fn in_points(points: i64) -> String {
    format!("{points} {}", if points == 1 { "point" } else { "points" })
}

fn written(currency: Currency, amount: i64) -> String {
    let mut text = String::new();
    currency.write(Amount::new(amount), &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::{least, MOST_TRIES};
    use crate::cart::MAX_PRICE;

    /// What is found when so much is needed, and how many carts that takes.
    fn tried(guess: i64, needed: i64) -> (Option<i64>, usize) {
        let mut tries = 0_usize;
        let found = least(guess, &mut |amount| {
            tries = tries.saturating_add(1);
            (amount >= needed).then_some(())
        });
        (found.map(|(amount, ())| amount), tries)
    }

    #[test]
    fn a_right_guess_takes_two_carts_and_another_one_more() {
        assert_eq!(tried(4_100, 4_100), (Some(4_100), 2));
        assert_eq!(tried(4_100, 5_000), (Some(5_000), 16));
        assert_eq!(tried(4_100, MAX_PRICE + 1), (None, 2));
        // a guess that is a thousand times too small is good enough
        assert!(tried(4_100, 4_100 * 999).1 <= MOST_TRIES);
        assert!(tried(1, 700_000_000_000).1 > MOST_TRIES);
    }
}
