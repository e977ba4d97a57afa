//! What the ledger counts by: the limits of campaigns as allowances, and what a document says of points, gift cards,
//! rewards and referrals.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Read;
use crate::campaign::{self, reading, CampaignDocument, Period, WhenOver};
use crate::error::Diagnostic;
use crate::ledger::calendar::Every;
use crate::ledger::charge::units_allowance;
use crate::ledger::programme::{Allowance, Draws, Limit, Per, Programme};
use crate::pointer::Pointer;
use crate::vocabulary::Amounts;

/// The programme of all documents.
#[derive(Default)]
pub(super) struct Declared(Option<Programme>);

impl Declared {
    /// Takes what a document says, and its shared budgets.
    pub(super) fn add(&mut self, document: &CampaignDocument) -> Result<(), Box<Diagnostic>> {
        let at = Pointer::root().key("programme");
        if let Some(json) = &document.programme {
            let said: Programme = reading::value(json, &at)?;
            said.check().map_err(|refusal| {
                let at = refusal.at.pointer.split('/').skip(1).fold(at.clone(), |at, part| at.key(part));
                reading::diagnostic("field_invalid", refusal.message, refusal.help, &at)
            })?;
            let programme = self.0.get_or_insert_default();
            if *programme != Programme::default() {
                let help = "say the programme in one document";
                return Err(reading::diagnostic("id_duplicated", "the programme is declared twice", help, &at));
            }
            *programme = said;
        }
        Ok(())
    }

    /// What the documents say.
    pub(super) fn said(&self) -> Option<&Programme> {
        self.0.as_ref()
    }

    /// The programme as JSON, with an allowance for each campaign that has limits; nothing where there is nothing to say.
    pub(super) fn finish(
        self,
        campaigns: &[&Read<'_>],
        budgets: &[campaign::Budget],
        faults: &mut Vec<Diagnostic>,
    ) -> Vec<u8> {
        let mut programme = self.0.unwrap_or_default();
        for budget in budgets {
            let name = shared(&budget.id);
            programme.allowances.extend(purses(&name, &budget.amount));
        }
        for read in campaigns {
            let limits = &read.campaign.limits;
            let mut allowance = Allowance { limits: counted(limits), ..Allowance::default() };
            let overdraws = limits.when_over_budget == Some(WhenOver::Overdraw);
            if let Some(budget) = &limits.budget {
                allowance.draws.push(Draws { budget: read.campaign.id.clone(), overdraws });
                programme.allowances.extend(purses(&read.campaign.id, budget));
            }
            if let Some(budget) = &limits.shared_budget {
                allowance.draws.push(Draws { budget: shared(budget), overdraws });
            }
            if allowance.limits.iter().any(|limit| limit.every.is_some()) {
                // days are those of the campaign's schedule, whatever the programme's zone
                let zone = read.campaign.schedule.as_ref().and_then(|schedule| schedule.time_zone.clone());
                allowance.zone = Some(zone.unwrap_or_else(|| String::from("UTC")));
            }
            let units = units(limits);
            if allowance == Allowance::default() && units.is_empty() {
                continue;
            }
            if !units.is_empty() {
                let counted = Allowance { limits: units, ..Allowance::default() };
                programme.allowances.insert(units_allowance(&read.campaign.id), counted);
            }
            if programme.allowances.insert(read.campaign.id.clone(), allowance).is_some() {
                let message = format!("`{}` is an allowance of the programme too", read.campaign.id);
                let help = "say its limits at the campaign alone";
                let fault = reading::diagnostic("id_duplicated", message, help, &read.at.key("id"));
                faults.push(super::named(fault, read.source));
            }
        }
        if programme == Programme::default() {
            return Vec::new();
        }
        // texts and numbers always have a form
        serde_json::to_vec(&programme).unwrap_or_default()
    }
}

/// The name of a budget that campaigns share.
fn shared(budget: &str) -> String {
    format!("budget/{budget}")
}

/// An allowance for each currency of a budget.
fn purses<'a>(budget: &'a str, amounts: &'a Amounts) -> impl Iterator<Item = (String, Allowance)> + 'a {
    amounts.0.iter().map(move |(currency, amount)| {
        let limits = [Limit { budget: Some(*amount), ..Limit::default() }].into();
        (format!("{budget}/{currency}"), Allowance { currency: Some(currency.clone()), limits, ..Allowance::default() })
    })
}

/// How many units a campaign may be taken off, as uses of an allowance that counts them.
fn units(limits: &campaign::Limits) -> Vec<Limit> {
    let rules = [(limits.units, Per::All), (limits.units_per_customer, Per::Customer)];
    rules.into_iter().filter_map(|(most, per)| limit(most, per, None)).collect()
}

fn limit(uses: Option<u64>, per: Per, every: Option<Every>) -> Option<Limit> {
    let uses = Some(i64::try_from(uses?).unwrap_or(i64::MAX));
    Some(Limit { per, every, uses, ..Limit::default() })
}

fn counted(limits: &campaign::Limits) -> Vec<Limit> {
    let every = limits.period.map(|period| match period {
        Period::Day => Every::Day,
        Period::Week => Every::Week,
        Period::Month => Every::Month,
        Period::Year => Every::Year,
    });
    let rules = [
        (limits.total, Per::All, None),
        (limits.per_customer, Per::Customer, None),
        (limits.per_period, Per::All, every),
        (limits.per_customer_in_period, Per::Customer, every),
    ];
    rules.into_iter().filter_map(|(uses, per, every)| limit(uses, per, every)).collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use crate::compile::{compile, Source};
    use crate::ledger::programme::Programme;
    use crate::time::Interval;
    use serde_json::{json, Value as Json};

    fn compiled(document: Json) -> Result<Json, (&'static str, String)> {
        let source = Source { name: "shop".into(), document };
        let compiled = compile(&[source], Interval { from: 0, until: 1 });
        let compiled = compiled.map_err(|error| (error.code(), error.first().at.as_ref().unwrap().pointer.clone()))?;
        let text = String::from_utf8(compiled.programme).unwrap();
        if text.is_empty() {
            return Ok(Json::Null);
        }
        Programme::read(&text).unwrap();
        Ok(serde_json::from_str(&text).unwrap())
    }

    fn campaign(id: &str, more: &Json) -> Json {
        let mut campaign = json!({ "id": id, "discounts": [{ "type": "free_shipping" }] });
        campaign.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        campaign
    }

    #[test]
    fn a_shop_that_limits_nothing_has_no_programme() {
        assert_eq!(compiled(json!({ "campaigns": [campaign("a", &json!({}))] })), Ok(Json::Null));
    }

    #[test]
    fn limits_are_counted_on_the_calendar_of_the_campaign() {
        let limits = json!({ "total": 9, "perCustomer": 3, "period": "day", "perPeriod": 5, "perCustomerInPeriod": 1 });
        let schedule = json!({ "timeZone": "Europe/Berlin" });
        let programme =
            compiled(json!({ "campaigns": [campaign("a", &json!({ "limits": limits, "schedule": schedule }))] }));
        assert_eq!(
            programme.unwrap()["allowances"]["a"],
            json!({ "zone": "Europe/Berlin", "limits": [
                { "per": "all", "uses": 9 }, { "per": "customer", "uses": 3 },
                { "per": "all", "every": "day", "uses": 5 }, { "per": "customer", "every": "day", "uses": 1 } ] })
        );
    }

    #[test]
    fn a_budget_is_an_allowance_for_each_currency() {
        let limits =
            json!({ "budget": { "EUR": 100, "USD": 120 }, "sharedBudget": "pot", "whenOverBudget": "overdraw" });
        let programme = compiled(json!({
            "campaigns": [campaign("a", &json!({ "limits": limits }))],
            "budgets": [{ "id": "pot", "amount": { "EUR": 500 } }],
        }));
        let allowances = &programme.unwrap()["allowances"];
        let draws = json!([{ "budget": "a", "overdraws": true }, { "budget": "budget/pot", "overdraws": true }]);
        assert_eq!(allowances["a"], json!({ "limits": [], "draws": draws }));
        let purse = |currency: &str, budget: i64| json!({ "currency": currency, "limits": [{ "per": "all", "budget": budget }] });
        assert_eq!(allowances["a/EUR"], purse("EUR", 100));
        assert_eq!(allowances["a/USD"], purse("USD", 120));
        assert_eq!(allowances["budget/pot/EUR"], purse("EUR", 500));
    }

    #[test]
    fn units_are_an_allowance_beside_the_campaigns_own() {
        let discounts = json!([{ "type": "percent_off", "percent": "5" }]);
        let limits = json!({ "units": 40, "unitsPerCustomer": 2 });
        let limited = campaign("a", &json!({ "limits": limits, "discounts": discounts }));
        let programme = compiled(json!({ "campaigns": [limited] })).unwrap();
        let units = json!({ "limits": [{ "per": "all", "uses": 40 }, { "per": "customer", "uses": 2 }] });
        assert_eq!(programme["allowances"], json!({ "a": { "limits": [] }, "a/units": units }));
    }

    #[test]
    fn a_programme_that_no_ledger_reads_is_refused_at_its_place() {
        let of = |programme: Json| compiled(json!({ "campaigns": [], "programme": programme })).unwrap_err();
        assert_eq!(of(json!({ "colour": 1 })).0, "field_unknown");
        let unit = json!({ "schemes": { "stars": { "unit": "gold" } } });
        assert_eq!(of(unit), ("field_invalid", "/programme/schemes/stars/unit".into()));
    }

    #[test]
    fn an_allowance_is_not_a_campaign_too() {
        let limits = json!({ "limits": { "total": 1 } });
        let document = json!({ "campaigns": [campaign("a", &limits)], "programme": { "allowances": { "a": {} } } });
        assert_eq!(compiled(document), Err(("id_duplicated", "/campaigns/0/id".into())));
    }
}
