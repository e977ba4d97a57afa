//! What the rules give for what has happened.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::account::Account;
use super::order::Given;
use super::{Asked, Quoted, Rules};
use crate::allocate::Allocation;
use crate::earning::points_per_amount::EarningBase;
use crate::earning::Earning;
use crate::facts::Facts;
use crate::ledger::command::EarnedLine;
use crate::loyalty::{Base, Earner, Grade, On, Order, Programme, Rule};
use crate::money::{Amount, Rate, Rounding};
use crate::selector::Selector;

/// What a rule gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Earned {
    /// The programme.
    pub programme: String,
    /// The rule; the campaign, for the points that campaigns give.
    pub rule: String,
    /// How many points, or how much of the programme's currency.
    pub points: i64,
    /// What each line of the order earned of it; none where no line did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<EarnedLine>,
}

impl Rules {
    /// What the rules give that hold, programme by programme. `on` says which of them concern what has happened.
    pub(super) fn earned(
        &self,
        accounts: &[Account],
        quoted: Option<Quoted<'_>>,
        on: impl Fn(&Programme, &On) -> bool,
    ) -> Vec<Earned> {
        let Some(asked) = &self.asked else { return Vec::new() };
        let mut found = Vec::new();
        let is_suspended =
            |programme: &&Programme| accounts.iter().any(|own| own.scheme == programme.id && own.suspended.is_some());
        for programme in self.said.programmes.iter().filter(|programme| !is_suspended(programme)) {
            if let Some(quoted) = quoted.filter(|_| programme.campaign_points) {
                found.extend(asked.by_campaigns(&programme.id, quoted));
            }
            for (rule, earner) in self.holding(asked, programme).filter(|(rule, _)| on(programme, &rule.on)) {
                let points = asked.with_order(|order| asked.points(earner, order, level_in(accounts, programme), 0));
                if points > 0 {
                    let lines = asked.with_order(|order| asked.lines_of(&earner.worth.lines(order), points));
                    found.push(Earned { programme: programme.id.clone(), rule: rule.id.clone(), points, lines });
                }
            }
        }
        found
    }

    /// By how much the points of a programme for an order grow with more money on every line that earns.
    pub(super) fn growth(&self, programme: &Programme, accounts: &[Account], more: i64) -> i64 {
        let Some(asked) = &self.asked else { return 0 };
        let level = level_in(accounts, programme);
        let growing = self
            .holding(asked, programme)
            .filter(|(rule, earner)| rule.on == On::Order && earner.worth.grows_with_money());
        growing.fold(0, |sum: i64, (_, earner)| {
            let points = |more| asked.with_order(|order| asked.points(earner, order, level, more));
            sum.saturating_add(points(more).saturating_sub(points(0)))
        })
    }

    /// The rules of a programme whose conditions hold, with what they give.
    pub(super) fn holding<'r>(
        &'r self,
        asked: &'r Asked,
        programme: &'r Programme,
    ) -> impl Iterator<Item = (&'r Rule, &'r Earner)> {
        programme.earning.iter().filter_map(move |rule| {
            let key = rule.key(&programme.id);
            let earner = self.earners.iter().find(|earner| earner.key == key)?;
            asked.hold.contains(&key).then_some((rule, earner))
        })
    }
}

/// The member's level in a programme.
fn level_in<'a>(accounts: &'a [Account], programme: &Programme) -> Option<&'a str> {
    accounts.iter().find(|account| account.scheme == programme.id).and_then(Account::level)
}

impl Asked {
    /// The points of a rule: what it gives, times all factors that hold, rounded once.
    fn points(&self, earner: &Earner, order: &Order<'_>, level: Option<&str>, more: i64) -> i64 {
        let (grade, factor) = self.grade(earner, level);
        let instead = match grade {
            Some(Grade::Points(points)) => Some(points),
            _ => None,
        };
        let points = earner.worth.of(order, instead, more);
        if factor == Rate::ONE {
            return points;
        }
        factor.of(Amount::new(points), Rounding::HalfUp).minor()
    }

    /// What members of the level get instead, and the factor of all that holds.
    pub(super) fn grade(&self, earner: &Earner, level: Option<&str>) -> (Option<Grade>, Rate) {
        let grade = earner.by_level.iter().find(|(of, _)| level == Some(of.as_str())).map(|(_, grade)| *grade);
        let mut factor = match grade {
            Some(Grade::Factor(factor)) => factor,
            _ => Rate::ONE,
        };
        for (place, boost) in earner.boosts.iter().enumerate() {
            if self.hold.contains(&alloc::format!("{}/{place}", earner.key)) {
                factor = factor.then(boost);
            }
        }
        (grade, factor)
    }

    /// Points spread over the lines that earned them. Lines that earned them together are named without any, so that a
    /// return knows when the last of them goes back.
    fn lines_of(&self, (lines, base): &(Vec<usize>, Option<Base>), points: i64) -> Vec<EarnedLine> {
        let earns = |given: &&Given| lines.contains(&given.line) && !given.is_paid_without();
        let of_lines: Vec<&Given> = self.given.iter().filter(earns).collect();
        let weight = |given: &&Given| match base {
            Some(Base::Before) => given.before,
            Some(Base::Units) => given.paid,
            Some(Base::Left) => given.left,
            Some(Base::Figure(_)) | None => 0,
        };
        let mut parts: Vec<i64> = of_lines.iter().map(weight).collect();
        let is_spread = parts.iter().any(|weight| *weight > 0);
        if is_spread {
            Allocation::default().split(points, &mut parts);
        }
        let line = |(given, amount): (&Given, i64)| EarnedLine { line: given.id.clone(), units: given.units, amount };
        of_lines.into_iter().zip(parts).filter(|(_, amount)| !is_spread || *amount > 0).map(line).collect()
    }

    /// What campaigns' own rules gave in the quote. A multiplier's points are spread over what earned the points that it
    /// multiplies.
    fn by_campaigns(&self, programme: &str, quoted: Quoted<'_>) -> Vec<Earned> {
        let Quoted { catalog, cart, answer, .. } = quoted;
        let mut tallies = crate::facts::Tallies::default();
        tallies.count(cart, catalog.vocabulary().word_count());
        let facts =
            Facts { cart, tallies: &tallies, vocabulary: catalog.vocabulary(), currency: usize::MAX, left: None };
        let selectors = |campaign: u32| {
            let rules = catalog.promotion(campaign).map_or(&[][..], |promotion| &promotion.record.earning);
            rules.iter().filter_map(|rule| match rule {
                Earning::PointsPerAmount(rule) => Some((rule.lines, rule.base)),
                Earning::PointsMultiplier(_) => None,
            })
        };
        let all: Vec<(Selector, EarningBase)> =
            answer.earned.iter().flat_map(|(campaign, _)| selectors(*campaign)).collect();
        let mut found = Vec::new();
        for (campaign, points) in answer.earned.iter().filter(|(_, points)| *points > 0) {
            let mut own: Vec<(Selector, EarningBase)> = selectors(*campaign).collect();
            if own.is_empty() {
                own.clone_from(&all);
            }
            let is_before = own.iter().all(|(_, base)| *base == EarningBase::Original);
            let base = if is_before { Base::Before } else { Base::Left };
            let mut earning = alloc::vec![false; cart.lines.len()];
            for (selector, _) in own {
                facts.each_line(selector, |index, _| {
                    if let Some(place) = earning.get_mut(index) {
                        *place = true;
                    }
                });
            }
            let lines = self.lines_as_quoted(cart, &earning);
            let rule = catalog.promotion(*campaign).map(|promotion| promotion.record.id.clone()).unwrap_or_default();
            let lines = self.lines_of(&(lines, Some(base)), *points);
            found.push(Earned { programme: programme.into(), rule, points: *points, lines });
        }
        found
    }

    /// Lines of the quoted cart, as the lines of this one that have the same given ones.
    fn lines_as_quoted(&self, cart: &crate::cart::Cart, earning: &[bool]) -> Vec<usize> {
        let is_earning = |place: &usize| {
            cart.given_line(*place).is_some_and(|line| earning.get(line.line as usize).copied().unwrap_or(false))
        };
        let places = (0..cart.given_count()).filter(is_earning);
        places.filter_map(|place| self.cart.given_line(place)).map(|line| line.line as usize).collect()
    }
}
