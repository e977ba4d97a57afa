//! Limits, budgets and levels: documents to the snapshot's form.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::campaign::{self, reading, Campaign, CampaignDocument, LevelCount, WhenOver};
use crate::catalog::section::{Budget, Level, Levels, Limit, Limited};
use crate::discount::Discount;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::VocabularyBuilder;

/// The budgets of all documents, and then those of single campaigns.
#[derive(Default)]
pub(super) struct Budgets(Vec<Budget>);

impl Budgets {
    /// Adds a budget of a document. One that is declared twice must be the same.
    pub(super) fn add(
        &mut self,
        budget: &campaign::Budget,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<(), Box<Diagnostic>> {
        super::check_id(&budget.id, &at.key("id"))?;
        let amount = reading::amounts(&budget.amount, vocabulary, &at.key("amount"))?;
        match self.0.iter().find(|known| known.id == budget.id) {
            Some(known) if known.amount != amount => {
                let message = format!("the budget `{}` is declared twice with different amounts", budget.id);
                Err(reading::diagnostic("id_duplicated", message, "declare each budget once", &at.key("id")))
            }
            Some(_) => Ok(()),
            None => {
                self.0.push(Budget { id: budget.id.clone(), amount });
                Ok(())
            }
        }
    }

    /// Puts them in an order that is not that of the documents.
    pub(super) fn sort(&mut self) {
        self.0.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// What the snapshot carries.
    pub(super) fn finish(self) -> Vec<Budget> {
        self.0
    }

    fn number(&self) -> i64 {
        i64::try_from(self.0.len()).unwrap_or(i64::MAX)
    }
}

/// The limits of a campaign.
pub(super) fn of(
    campaign: &Campaign,
    discounts: &[Discount],
    budgets: &mut Budgets,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Limit> {
    let limits = &campaign.limits;
    let mut found = Vec::new();
    for (what, most) in [
        (Limited::Total, limits.total),
        (Limited::Customer, limits.per_customer),
        (Limited::Period, limits.per_period),
        (Limited::CustomerInPeriod, limits.per_customer_in_period),
        (Limited::Units, limits.units),
        (Limited::CustomerUnits, limits.units_per_customer),
        (Limited::Codes, limits.codes_per_order),
    ] {
        found.extend(most.map(|most| Limit { what, most: i64::try_from(most).unwrap_or(i64::MAX) }));
    }
    let of_units = [("units", limits.units), ("unitsPerCustomer", limits.units_per_customer)];
    if let Some((name, _)) =
        of_units.iter().find(|(_, most)| most.is_some() && !discounts.iter().all(Discount::counts_units))
    {
        let help = "take a percentage or an amount off each unit, or give units a price; or limit what it may cost by `budget`";
        faults.push(*reading::invalid(
            "there is a discount here that is taken off no certain units",
            help,
            &at.key(name),
        ));
    }
    let in_period = limits.per_period.is_some() || limits.per_customer_in_period.is_some();
    if in_period != limits.period.is_some() {
        let help = "give `period` with `perPeriod` or `perCustomerInPeriod`: `day`, `week`, `month` or `year`";
        faults.push(*reading::invalid("a limit in a period is half said", help, &at.key("period")));
    }
    let what = match limits.when_over_budget {
        Some(WhenOver::Refuse) => Limited::WholeBudget,
        Some(WhenOver::Overdraw) => Limited::OpenBudget,
        Some(WhenOver::Cap) | None => Limited::Budget,
    };
    if let Some(budget) = &limits.budget {
        match reading::amounts(budget, vocabulary, &at.key("budget")) {
            Ok(amount) => {
                found.push(Limit { what, most: budgets.number() });
                budgets.0.push(Budget { id: String::new(), amount });
            }
            Err(fault) => faults.push(*fault),
        }
    }
    if let Some(id) = &limits.shared_budget {
        match (0_i64..).zip(&budgets.0).find(|(_, known)| known.id == *id && !id.is_empty()) {
            Some((number, _)) => found.push(Limit { what, most: number }),
            None => {
                let help = "declare it under `budgets` of the document, or correct the name";
                let message = format!("there is no budget `{id}`");
                faults.push(*reading::diagnostic("reference_unknown", message, help, &at.key("sharedBudget")));
            }
        }
    }
    if limits.when_over_budget.is_some() && limits.budget.is_none() && limits.shared_budget.is_none() {
        let help = "add `budget` or `sharedBudget`";
        faults.push(*reading::invalid("there is no budget to be over", help, &at.key("whenOverBudget")));
    }
    found
}

/// Gathers what the campaigns of a document may cost, and its levels.
pub(super) fn read(
    document: &CampaignDocument,
    budgets: &mut Budgets,
    levels: &mut Option<Levels>,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
) {
    let root = Pointer::root();
    for (index, budget) in document.budgets.iter().enumerate() {
        if let Err(fault) = budgets.add(budget, vocabulary, &root.key("budgets").index(index)) {
            faults.push(*fault);
        }
    }
    if let Some(said) = &document.levels {
        let at = root.key("levels");
        match self::levels(said, vocabulary, &at) {
            Ok(_) if levels.is_some() => {
                let help = "say the levels in one document";
                faults.push(*reading::diagnostic("id_duplicated", "the levels are declared twice", help, &at));
            }
            Ok(said) => *levels = Some(said),
            Err(fault) => faults.push(*fault),
        }
    }
}

/// The levels of a document.
fn levels(
    levels: &campaign::Levels,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Levels, Box<Diagnostic>> {
    let at_steps = at.key("steps");
    reading::some(&levels.steps, &at_steps)?;
    let mut steps: Vec<Level> = Vec::with_capacity(levels.steps.len());
    for (index, level) in levels.steps.iter().enumerate() {
        let at = at_steps.index(index);
        super::check_id(&level.id, &at.key("id"))?;
        if steps.iter().any(|known| known.id == level.id) {
            let message = format!("the level `{}` is declared twice", level.id);
            return Err(reading::diagnostic("id_duplicated", message, "declare each level once", &at.key("id")));
        }
        steps
            .push(Level { id: level.id.to_owned(), from: reading::amounts(&level.from, vocabulary, &at.key("from"))? });
    }
    steps.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Levels { with_this_order: levels.counts != Some(LevelCount::BeforeThisOrder), steps })
}
