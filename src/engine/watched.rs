//! A run that is watched: the same evaluation, with its steps, and why campaigns that could have applied did not.

use super::answer::Answer;
use super::{plan, screen, Desk, Disclosure};
use crate::cart::{Cart, EnteredCode};
use crate::catalog::Catalog;
use crate::condition::CURRENCY_NOT_COVERED;
use crate::facts::Facts;
use crate::reason::Reason;
use crate::watch::Note;
use alloc::vec;
use alloc::vec::Vec;

/// What happened.
#[derive(Debug)]
pub struct Watched {
    /// The steps of the till.
    pub notes: Vec<Note>,
    /// The campaigns that had no turn.
    pub omissions: Vec<Omission>,
    /// The campaigns whose rules of earning counted.
    pub earners: Vec<u32>,
}

/// A campaign that had no turn.
#[derive(Debug)]
pub struct Omission {
    /// Which.
    pub promotion: u32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Where others save more: what they save, and what the best combination with it saves, if it fits into one.
    pub deal: Option<(i64, Option<i64>)>,
    /// Those that apply in its place: they are not in the best combination with it.
    pub lost_to: Vec<u32>,
}

impl Desk {
    /// Evaluates a cart and tells how. `aside` evaluates what could have been.
    pub fn watch(&mut self, catalog: &Catalog, cart: &Cart, disclosure: Disclosure, aside: &mut Desk) -> Watched {
        self.till.watch.ask();
        self.evaluate(catalog, cart, disclosure);
        let notes = self.till.watch.take();
        let facts = Facts {
            cart,
            tallies: &self.tallies,
            vocabulary: catalog.vocabulary(),
            currency: catalog.currency(cart.currency).unwrap_or(usize::MAX),
            left: None,
        };
        let mut notes = notes;
        notes.extend(without_effect(catalog, &facts, &self.answer, &notes));
        let mut omissions = Vec::new();
        for (index, promotion) in (0_u32..).zip(catalog.promotions()) {
            let is_entered = cart.codes.contains(&EnteredCode::Campaign(index));
            let had_turn = notes.iter().any(
                |note| matches!(note, Note::Turn { promotion } | Note::Lost { promotion, .. } if *promotion == index),
            );
            // nobody is told of codes that are not entered
            if had_turn || promotion.by_code && !is_entered {
                continue;
            }
            let (mut reasons, mut deal, mut lost_to) = (Vec::new(), None, Vec::new());
            if !screen::runs(promotion, cart.now) {
                reasons.push(screen::why_not_running(promotion, cart.now));
            } else if let Some((_, reason)) = self.used_up.iter().find(|(used_up, _)| *used_up == index) {
                reasons.push(*reason);
            } else if !screen::qualifies(promotion, &facts) {
                screen::why_not_qualified(promotion, &facts, None, &mut reasons);
            } else if self.left_out().contains(&index) {
                reasons.push(Reason::new(&plan::OTHERS_SAVE_MORE, [0; 3]));
                let with_it = aside.saved_with(catalog, &facts, self, index);
                deal = self.search.saved().map(|saved| (saved, with_it));
                let best = if with_it.is_some() { aside.search.best() } else { &[] };
                let applied = self.answer.applied.iter().map(|applied| applied.promotion);
                lost_to = applied.filter(|index| !best.contains(index)).collect();
                lost_to.dedup();
            } else {
                continue;
            }
            omissions.push(Omission { promotion: index, reasons, deal, lost_to });
        }
        Watched { notes, omissions, earners: self.earners.clone() }
    }

    fn left_out(&self) -> &[u32] {
        self.search.left_out()
    }

    /// What the best combination with a campaign saves; `None` where it is in none.
    fn saved_with(&mut self, catalog: &Catalog, facts: &Facts<'_>, other: &Desk, campaign: u32) -> Option<i64> {
        self.evaluate(catalog, facts.cart, Disclosure::Full);
        for index in other.left_out() {
            self.matching.insert(*index);
        }
        let Desk { matching, till, search, .. } = self;
        till.open(facts);
        till.keep_bases(facts, catalog.has_bases());
        search.demand(Some(campaign));
        search.run(catalog, facts, matching, till);
        search.demand(None);
        search.saved()
    }
}

/// Campaigns that had their turn and took nothing, with nobody to say why.
fn without_effect(catalog: &Catalog, facts: &Facts<'_>, answer: &Answer, notes: &[Note]) -> Vec<Note> {
    let is_lost =
        |index: u32| notes.iter().any(|note| matches!(note, Note::Lost { promotion, .. } if *promotion == index));
    let turns = notes.iter().filter_map(|note| match note {
        Note::Turn { promotion } if !is_lost(*promotion) => Some(*promotion),
        _ => None,
    });
    let idle = turns.filter(|index| answer.applied.iter().all(|applied| applied.promotion != *index));
    let lost = idle.filter_map(|index| {
        let promotion = catalog.promotion(index)?;
        let kind = if plan::covers(promotion, facts) { &plan::NO_EFFECT } else { &CURRENCY_NOT_COVERED };
        // one without discounts has its effect elsewhere
        (!promotion.record.discounts.is_empty())
            .then(|| Note::Lost { promotion: index, reasons: vec![Reason::new(kind, [0; 3])] })
    });
    lost.collect()
}
