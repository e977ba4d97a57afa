//! From the notes of a run to its story, with the names of the request and of the snapshot.

use super::{
    decimal, CampaignTrace, ChargeShareTrace, ChargeTrace, CutTrace, Deal, DiscountTrace, LineTrace, RoundingTrace,
    ShareTrace, SpreadTrace, StepTrace, Trace, UnitCount, UnitsTrace,
};
use crate::balance::{Balances, Bearing, Manner, Pick};
use crate::cart::{Cart, EnteredCode};
use crate::engine::answer::Answer;
use crate::engine::watched::{Omission, Watched};
use crate::json::text::Text;
use crate::quote::{reason, slots, Out, Words};
use crate::reason::Reason;
use crate::request::Names;
use crate::watch::{Limit, Note};
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value as Json;

/// What is told, and by which names.
struct Teller<'a> {
    words: Words<'a>,
    names: &'a Names<'a>,
    cart: &'a Cart,
    answer: &'a Answer,
    earners: &'a [u32],
}

/// Tells how an answer came about.
pub(crate) fn tell(
    words: Words<'_>,
    names: &Names<'_>,
    cart: &Cart,
    answer: &Answer,
    balances: &Balances,
    watched: Watched,
) -> Trace {
    let teller = Teller { words, names, cart, answer, earners: &watched.earners };
    let mut campaigns: Vec<(u32, CampaignTrace)> = Vec::new();
    for note in &watched.notes {
        teller.add(note, &mut campaigns);
    }
    campaigns.extend(watched.omissions.iter().map(|omission| teller.omitted(omission)));
    campaigns.sort_by_key(|(index, _)| *index);
    let shipping = teller.shipping(&watched.notes);
    Trace {
        currency: cart.currency.code().to_owned(),
        campaigns: campaigns.into_iter().map(|(_, campaign)| campaign).collect(),
        lines: (0..cart.given_count()).map(|line| teller.line(line, balances)).collect(),
        shipping,
    }
}

impl Teller<'_> {
    /// Adds a step to the story of its campaign.
    fn add(&self, note: &Note, campaigns: &mut Vec<(u32, CampaignTrace)>) {
        match note {
            // one of several codes has its turn after the other
            Note::Turn { promotion } if campaigns.last().is_some_and(|(last, _)| last == promotion) => {}
            Note::Turn { promotion } => campaigns.push((*promotion, self.campaign(*promotion))),
            Note::Lost { promotion, reasons } => {
                let reasons = reasons.iter().map(|reason| self.reason(*promotion, reason)).collect();
                match campaigns.iter_mut().find(|(known, _)| known == promotion) {
                    Some((_, campaign)) => campaign.reasons = reasons,
                    None => campaigns.push((*promotion, CampaignTrace { reasons, ..self.campaign(*promotion) })),
                }
            }
            Note::Outbid { promotion, by } => {
                if let Some((_, campaign)) = campaigns.iter_mut().find(|(known, _)| known == promotion) {
                    campaign.lost_to = by.iter().map(|index| self.id(*index)).collect();
                }
            }
            Note::Asked { on_original } => {
                let discount = DiscountTrace { on_original: *on_original, ..DiscountTrace::default() };
                if let Some((_, campaign)) = campaigns.last_mut() {
                    campaign.discounts.push(discount);
                }
            }
            step => {
                let discount = campaigns.last_mut().and_then(|(_, campaign)| campaign.discounts.last_mut());
                if let Some(discount) = discount {
                    self.step(step, discount);
                }
            }
        }
    }

    fn step(&self, note: &Note, discount: &mut DiscountTrace) {
        match *note {
            Note::Rounded { rate, of, rounding, to } => {
                let (numerator, denominator) = rate.fraction();
                let (numerator, denominator) = (i128::from(numerator), i128::from(denominator));
                discount.rounded.push(RoundingTrace {
                    percent: decimal::of(numerator.saturating_mul(100), denominator),
                    of,
                    exact: decimal::of(numerator.saturating_mul(i128::from(of)), denominator),
                    mode: rounding.name().to_owned(),
                    to,
                });
            }
            Note::Cut { by, line, from, to } => {
                let by = match by {
                    Limit::Cap => "cap",
                    Limit::Floor => "floor",
                    Limit::Budget => "budget",
                };
                let lines = line.map(|line| self.lines(line)).unwrap_or_default();
                discount.cuts.push(CutTrace { by: by.to_owned(), lines, from, to });
            }
            // the same units may be looked at more than once
            Note::Gone { line, units } => {
                let lines = self.lines(line);
                if discount.gone.iter().all(|gone| gone.lines != lines) {
                    discount.gone.push(UnitCount { lines, units });
                }
            }
            Note::UsedUp { line, units } => discount.used_up.push(UnitCount { lines: self.lines(line), units }),
            Note::Spread { amount, ref weights } => {
                discount.spread = Some(SpreadTrace { amount, weights: weights.clone() })
            }
            Note::Share { line, manner, before, offered, taken } => {
                let Manner { units, bearing, .. } = manner;
                let (from, units) = match units {
                    Pick::Every => ("all", None),
                    Pick::Cheapest(units) => ("cheapest", Some(units)),
                    Pick::Dearest(units) => ("dearest", Some(units)),
                };
                let (bearing, each) = match bearing {
                    Bearing::InProportion => ("in_proportion", None),
                    Bearing::Each(each) => ("each", Some(each)),
                    Bearing::DownTo(price) => ("down_to", Some(price)),
                };
                // shares come in the order of their weights
                let spread = discount.spread.as_ref();
                let weight = spread.and_then(|spread| spread.weights.get(discount.shares.len()).copied());
                let exact = spread.zip(weight).map(|(spread, weight)| {
                    let all = spread.weights.iter().fold(0_i128, |sum, weight| sum.saturating_add(i128::from(*weight)));
                    decimal::of(i128::from(spread.amount).saturating_mul(i128::from(weight)), all)
                });
                discount.shares.push(ShareTrace {
                    lines: self.lines(line),
                    from: from.to_owned(),
                    units,
                    bearing: bearing.to_owned(),
                    each,
                    weight,
                    exact,
                    before,
                    offered,
                    taken,
                    after: before.saturating_sub(taken),
                });
            }
            Note::Charge { charge, before, taken, .. } => {
                let shipping = text(&self.names.shipping, charge);
                let after = before.saturating_sub(taken);
                discount.shipping.push(ChargeShareTrace { shipping, before, taken, after });
            }
            Note::Turn { .. } | Note::Asked { .. } | Note::Lost { .. } | Note::Outbid { .. } => {}
        }
    }

    /// A campaign of which nothing is told yet.
    fn campaign(&self, index: u32) -> CampaignTrace {
        let entered = self.cart.codes.iter().position(|code| *code == EnteredCode::Campaign(index));
        let code = entered.and_then(|code| self.names.codes.get(code)).map(|code| code.unescape().into_owned());
        let earned = self.answer.earned.iter().filter(|(promotion, _)| *promotion == index);
        let mut own = self.answer.applied.iter().filter(|applied| applied.promotion == index).peekable();
        CampaignTrace {
            redeemable: self.id(index),
            code,
            applied: own.peek().is_some() || self.earners.contains(&index),
            amount: own.fold(0, |sum, applied| sum.saturating_add(applied.amount)),
            points: earned.fold(0, |sum, (_, points)| sum.saturating_add(*points)),
            reasons: Vec::new(),
            deal: None,
            lost_to: Vec::new(),
            discounts: Vec::new(),
        }
    }

    /// Tells of a campaign that had no turn.
    fn omitted(&self, omission: &Omission) -> (u32, CampaignTrace) {
        let index = omission.promotion;
        let reasons = omission.reasons.iter().map(|reason| self.reason(index, reason)).collect();
        let deal = omission.deal.map(|(saved, saved_with_it)| Deal { saved, saved_with_it });
        {
            let lost_to = omission.lost_to.iter().map(|index| self.id(*index)).collect();
            (index, CampaignTrace { reasons, deal, lost_to, ..self.campaign(index) })
        }
    }

    fn line(&self, line: usize, balances: &Balances) -> LineTrace {
        let engine_line = self.cart.given_line(line).and_then(|given| self.cart.lines.get(given.line as usize));
        let price = engine_line.map_or(0, |line| line.price);
        let runs = slots::units(self.cart, balances, self.answer, line);
        let units = runs.into_iter().map(|run| UnitsTrace {
            count: run.count,
            price,
            steps: self.steps(price, &run.taken),
            total: run.left,
        });
        LineTrace { id: text(&self.names.lines, u32::try_from(line).unwrap_or(u32::MAX)), units: units.collect() }
    }

    fn steps(&self, price: i64, taken: &[(u32, i64)]) -> Vec<StepTrace> {
        let mut before = price;
        let step = |(promotion, taken): &(u32, i64)| {
            let after = before.saturating_sub(*taken);
            let step = StepTrace { redeemable: self.id(*promotion), before, taken: *taken, after };
            before = after;
            step
        };
        taken.iter().map(step).collect()
    }

    fn shipping(&self, notes: &[Note]) -> Vec<ChargeTrace> {
        let mut taken: Vec<Vec<(u32, i64)>> = Vec::new();
        taken.resize_with(self.cart.shipping.len(), Vec::new);
        let mut turn = 0;
        for note in notes {
            match note {
                Note::Turn { promotion } => turn = *promotion,
                Note::Charge { charge, taken: share, .. } if *share > 0 => {
                    if let Some(taken) = taken.get_mut(*charge as usize) {
                        taken.push((turn, *share));
                    }
                }
                _ => {}
            }
        }
        let charges = (0_u32..).zip(&self.cart.shipping).zip(&taken);
        let told = charges.map(|((index, charge), taken)| {
            let off = taken.iter().fold(0_i64, |sum, (_, share)| sum.saturating_add(*share));
            ChargeTrace {
                id: text(&self.names.shipping, index),
                price: charge.price,
                steps: self.steps(charge.price, taken),
                total: charge.price.saturating_sub(off),
            }
        });
        told.collect()
    }

    /// The lines of the request that are this one.
    fn lines(&self, line: u32) -> Vec<String> {
        let members = (0..self.cart.given_count())
            .filter(|index| self.cart.given_line(*index).is_some_and(|given| given.line == line));
        members.map(|index| text(&self.names.lines, u32::try_from(index).unwrap_or(u32::MAX))).collect()
    }

    fn id(&self, promotion: u32) -> String {
        self.words.catalog.promotion(promotion).map(|known| known.record.id.clone()).unwrap_or_default()
    }

    /// A reason as the quote words it.
    fn reason(&self, promotion: u32, of: &Reason) -> Json {
        let mut out = Out::new();
        let mut slots = Vec::new();
        slots::reason_slots(self.words, of, i64::from(promotion), &mut slots);
        reason::write(self.words, slots::denomination(slots::letters(self.cart)), &slots, Some(self.names), &mut out);
        serde_json::from_slice(out.bytes()).unwrap_or_default()
    }
}

fn text(names: &[Text<'_>], index: u32) -> String {
    names.get(index as usize).map(|name| name.unescape().into_owned()).unwrap_or_default()
}
