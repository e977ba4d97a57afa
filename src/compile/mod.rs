//! From campaign documents to the `campaigns` section of a snapshot: read, check, translate, index.
//!
//! Compiling is deterministic: the same campaigns give the same bytes, whatever the order in the documents and
//! whatever file they stand in.

use alloc::string::String;
use alloc::vec::Vec;

mod codes;
mod declared;
mod footing;
mod gather;
mod index;
mod limits;
#[cfg(feature = "workshop")]
mod loyalty;
mod policy;
mod preset;
#[cfg(feature = "workshop")]
mod programme;
mod rule;
mod sealed;
mod terms;
mod translate;

use serde_json::Value as Json;

#[cfg(feature = "workshop")]
use crate::campaign::Campaign;
use crate::campaign::{StackingPolicy, Visibility};
use crate::catalog::section::{Record, Section, FORMAT};
use crate::error::{Diagnostic, Error, Severity};
use crate::lint;
#[cfg(not(feature = "workshop"))]
use crate::selector::Exclusion;
use crate::time::Interval;
use crate::vocabulary::VocabularyBuilder;
use codes::Codes;
pub use codes::ListedCodes;
use gather::{check_id, named, Gathered, Read};
pub use sealed::SealedCode;
use translate::{translate, Parts};

/// A campaign document with the name under which diagnostics speak of it.
#[derive(Clone, Debug)]
pub struct Source {
    /// A file name, or any other name.
    pub name: String,
    /// The document.
    pub document: Json,
}

/// What compiling gives.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The bytes of the `campaigns` section that everyone may see: without campaigns that are for the edge alone, and with
    /// blanks for those that are sealed.
    pub section: Vec<u8>,
    /// The bytes of the `programme` section, what the ledger counts by: JSON; empty where nothing is limited and no points,
    /// gift cards or rewards are declared.
    pub programme: Vec<u8>,
    /// The same two for the edge, where some campaign is not open.
    pub edge: Option<EdgeHalf>,
    /// What each code of a sealed campaign opens.
    pub sealed: Vec<SealedCode>,
    /// Where codes are listed.
    pub code_lists: Vec<ListedCodes>,
    /// How many campaigns there are.
    pub campaigns: usize,
    /// Warnings; errors refuse the whole.
    pub warnings: Vec<Diagnostic>,
}

impl Compiled {
    /// The lints among the warnings that keep campaigns from being published until somebody says that they mean it.
    pub fn grave(&self) -> Vec<&'static str> {
        lint::GRAVE.into_iter().filter(|lint| self.warnings.iter().any(|found| found.code == *lint)).collect()
    }
}

/// What the edge has in place of what everyone may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeHalf {
    /// The bytes of the `campaigns` section, with all campaigns.
    pub section: Vec<u8>,
    /// The bytes of the `programme` section.
    pub programme: Vec<u8>,
    /// The places in the section of campaigns that are not open.
    pub hidden: Vec<u32>,
    /// Those of them that have a code list.
    pub listed: Vec<u32>,
    /// How many of them are sealed: everyone has those too.
    pub sealed: usize,
}

/// Who will see what is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// The edge: everything.
    Edge,
    /// Everyone: no campaign that is sealed or for the edge alone, and no word that only such a one says.
    Public,
}

/// Compiles documents for a snapshot that lives in `life` (UTC milliseconds): schedules that recur are expanded
/// for that time.
///
/// ```
/// use counterfoil::compile::{compile, Source};
/// use counterfoil::time::Interval;
/// let document = serde_json::json!({ "campaigns": [
///     { "id": "ten", "discounts": [ { "type": "percent_off", "percent": "101" } ] } ] });
/// let refused = compile(&[Source { name: "ten.json".into(), document }], Interval { from: 0, until: 1 });
/// let error = refused.unwrap_err();
/// assert_eq!(error.code(), "field_invalid");
/// assert_eq!(error.first().at.as_ref().unwrap().pointer, "/campaigns/0/discounts/0/percent");
/// ```
///
/// # Errors
/// All faults of all documents together, each at its place: `field_unknown`, `field_missing`, `field_invalid`,
/// `kind_unknown`, `amount_out_of_range`, `id_duplicated`, `code_duplicated`, `reference_unknown`, `reference_circular`,
/// `schedule_empty`, `schedule_too_long`, `rule_too_large`, `too_many_campaigns`, `campaign_empty`.
pub fn compile(sources: &[Source], life: Interval) -> Result<Compiled, Error> {
    let (all, Places { hidden, listed, sealed: count }) = compile_for(View::Edge, sources, life)?;
    if hidden.is_empty() {
        return Ok(all);
    }
    let (Compiled { section, programme, sealed, .. }, _) = compile_for(View::Public, sources, life)?;
    let edge = Some(EdgeHalf { section: all.section, programme: all.programme, hidden, listed, sealed: count });
    Ok(Compiled { section, programme, edge, sealed, ..all })
}

/// The places of campaigns that are not open, and of those that have a code list.
struct Places {
    hidden: Vec<u32>,
    listed: Vec<u32>,
    sealed: usize,
}

impl Places {
    fn of(campaigns: &[Read<'_>], listed: Vec<u32>) -> Places {
        let hidden = (0_u32..).zip(campaigns).filter(|(_, read)| read.campaign.visibility() != Visibility::Open);
        let sealed = campaigns.iter().filter(|read| read.campaign.visibility() == Visibility::Sealed);
        Places { hidden: hidden.map(|(place, _)| place).collect(), listed, sealed: sealed.count() }
    }
}

fn compile_for(view: View, sources: &[Source], life: Interval) -> Result<(Compiled, Places), Error> {
    let mut faults = Vec::new();
    let mut vocabulary = VocabularyBuilder::default();
    let Gathered {
        policy,
        terms,
        declared,
        mut budgets,
        levels,
        policies,
        #[cfg(feature = "workshop")]
        loyalty,
        #[cfg(feature = "workshop")]
        programme,
        #[cfg(feature = "workshop")]
        shared,
        campaigns,
    } = Gathered::of(view, sources, &mut vocabulary, &mut faults);
    #[cfg(feature = "workshop")]
    let gift_cards = loyalty.gift_cards();
    #[cfg(not(feature = "workshop"))]
    let gift_cards = Exclusion::gift_cards();
    let mut parts =
        Parts { policy: &policy, declared: &declared, budgets: &mut budgets, gift_cards: &gift_cards, life };

    let mut codes = Codes::default();
    let mut translated: Vec<Option<Record>> = campaigns.iter().map(|_| None).collect();
    let is_cut = |read: &Read<'_>| view == View::Public && read.campaign.visibility() == Visibility::Sealed;
    let places = (0_u32..).zip(campaigns.iter().zip(&mut translated));
    let (last, first): (Vec<_>, Vec<_>) = places.partition(|(_, (read, _))| is_cut(read));
    for (place, (read, record)) in first {
        let mut of_campaign = Vec::new();
        *record = Some(translate(read, &mut parts, &mut vocabulary, &mut of_campaign));
        codes.add(read, place, &mut of_campaign);
        of_campaign.extend(sealed::fault_of(read));
        faults.extend(of_campaign.into_iter().map(|fault| named(fault, read.source)));
    }
    #[cfg(feature = "workshop")]
    let (programme, loyalty) = {
        let told: Vec<&Read<'_>> = campaigns.iter().filter(|read| !is_cut(read)).collect();
        loyalty.beside(programme.said(), &mut faults);
        let programme = programme.finish(&told, &shared, &mut faults);
        let told: Vec<&Campaign> = told.into_iter().map(|read| &read.campaign).collect();
        (programme, loyalty.compile(&told, &declared, life, &mut faults))
    };
    #[cfg(not(feature = "workshop"))]
    let (programme, loyalty) = (Vec::new(), Vec::new());
    let (margin, payments) = terms.finish(&mut vocabulary, &mut faults);
    // what is sealed comes after all that everyone is told, and is cut off there
    let mut cut = (!last.is_empty()).then(|| sealed::Cut::at(&mut vocabulary, parts.budgets));
    for (place, (read, record)) in last {
        let made = translate(read, &mut parts, &mut vocabulary, &mut Vec::new());
        if let Some(cut) = &mut cut {
            cut.add(read, place, &made, &mut vocabulary);
        }
        *record = Some(made);
    }
    let records: Vec<Record> = translated.into_iter().flatten().collect();

    let (errors, mut warnings): (Vec<_>, Vec<_>) = faults.into_iter().partition(|f| f.severity == Severity::Error);
    // what everyone may see names what it leaves out, and was found sound with it
    if let Some(error) = Error::from_diagnostics(errors).filter(|_| view == View::Edge) {
        return Err(error);
    }
    warnings.extend(lints(&campaigns, &records, policies, life));

    let (mut vocabulary, mut budgets) = (vocabulary.finish(), budgets.finish());
    let mut by_code: Vec<u32> = codes.places().collect();
    let mut encoded: Vec<Vec<u8>> = records.iter().map(encode).collect();
    let mut sealed = Vec::new();
    if let Some(cut) = cut {
        by_code.extend(cut.places());
        sealed = cut.take(&mut encoded, &mut vocabulary, &mut budgets);
    }
    let Codes { told, lists: code_lists, listed } = codes;
    let section = Section {
        format: FORMAT,
        index: index::build(&records, &by_code, &vocabulary),
        vocabulary,
        stacking: policy.stacking(),
        budgets,
        levels: levels.unwrap_or_default(),
        codes: told.into_iter().collect(),
        records: encoded,
        margin,
        payments,
        loyalty,
    };
    let places = Places::of(&campaigns, listed);
    let (section, campaigns) = (encode(&section), records.len());
    Ok((Compiled { section, programme, edge: None, sealed, code_lists, campaigns, warnings }, places))
}

/// What the linter has to say of the campaigns, each named by its document.
fn lints(campaigns: &[Read<'_>], records: &[Record], policies: Vec<StackingPolicy>, life: Interval) -> Vec<Diagnostic> {
    let subjects = campaigns.iter().zip(records).map(|(read, record)| {
        let Read { campaign, at, .. } = read;
        lint::Subject { campaign, at, record }
    });
    let subjects = subjects.collect();
    let found = lint::look(&lint::Shop { subjects, policies, life });
    found.into_iter().filter_map(|(at, found)| Some(named(found, campaigns.get(at)?.source))).collect()
}

fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // our own types always have a postcard form; the only failure is a length that is not known, which none has
    postcard::to_allocvec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    fn fault(document: Json) -> (&'static str, String) {
        let source = Source { name: "shop".into(), document };
        let error = compile(&[source], Interval { from: 0, until: 1 }).unwrap_err();
        (error.code(), error.first().at.as_ref().unwrap().pointer.clone())
    }

    #[test]
    fn documents_that_combine_differently_are_refused() {
        let of = |name: &str, stacking: Json| Source {
            name: name.into(),
            document: serde_json::json!({ "campaigns": [], "stacking": stacking }),
        };
        let life = Interval { from: 0, until: 1 };
        let best = || of("a", serde_json::json!({ "pick": "best" }));
        assert!(compile(&[best(), best(), of("b", serde_json::json!({}))], life).is_ok());
        let error = compile(&[best(), of("b", serde_json::json!({ "pick": "first" }))], life).unwrap_err();
        assert_eq!(error.code(), "field_invalid");
        assert_eq!(error.first().at.as_ref().unwrap().pointer, "/stacking/pick");
    }

    #[test]
    fn a_group_of_at_most_none_is_refused() {
        for group in [
            serde_json::json!({ "id": "g", "pick": "first", "atMost": 0 }),
            serde_json::json!({ "id": "g", "pick": "all", "atMost": 2 }),
        ] {
            let document = serde_json::json!({ "campaigns": [], "stacking": { "groups": [group] } });
            assert_eq!(fault(document), ("field_invalid", "/stacking/groups/0/atMost".into()));
        }
    }

    #[test]
    fn codes_that_are_the_same_after_normalising_are_refused() {
        let campaign = |id: &str, code: &str| serde_json::json!({ "id": id, "codes": [code], "discounts": [{ "type": "free_shipping" }] });
        let document = serde_json::json!({ "campaigns": [campaign("a", "SPRING-10"), campaign("b", "spring 10")] });
        assert_eq!(fault(document), ("code_duplicated", "/campaigns/1/codes/0".into()));
    }

    #[test]
    fn limits_that_are_half_said_are_refused() {
        let of = |limits: Json| {
            let campaign =
                serde_json::json!({ "id": "a", "discounts": [{ "type": "free_shipping" }], "limits": limits });
            fault(serde_json::json!({ "campaigns": [campaign] }))
        };
        let at = |code: &'static str, member: &str| (code, format!("/campaigns/0/limits/{member}"));
        assert_eq!(of(serde_json::json!({ "perPeriod": 1 })), at("field_invalid", "period"));
        assert_eq!(of(serde_json::json!({ "period": "day" })), at("field_invalid", "period"));
        assert_eq!(of(serde_json::json!({ "whenOverBudget": "cap" })), at("field_invalid", "whenOverBudget"));
        assert_eq!(of(serde_json::json!({ "sharedBudget": "pot" })), at("reference_unknown", "sharedBudget"));
        assert_eq!(of(serde_json::json!({ "sharedBudget": "" })), at("reference_unknown", "sharedBudget"));
    }

    #[test]
    fn what_is_declared_twice_must_be_the_same() {
        let budget = |amount: i64| serde_json::json!({ "id": "pot", "amount": { "EUR": amount } });
        let budgets = serde_json::json!({ "campaigns": [], "budgets": [budget(1), budget(1), budget(2)] });
        assert_eq!(fault(budgets), ("id_duplicated", "/budgets/2/id".into()));
        let level = |from: i64| serde_json::json!({ "id": "gold", "from": { "EUR": from } });
        let levels = serde_json::json!({ "campaigns": [], "levels": { "steps": [level(1), level(2)] } });
        assert_eq!(fault(levels), ("id_duplicated", "/levels/steps/1/id".into()));
    }

    #[test]
    fn limits_of_none_are_refused() {
        for name in ["atMost", "codesAtMost", "exclusiveAtMost", "groupAtMost"] {
            let document = serde_json::json!({ "campaigns": [], "stacking": { name: 0 } });
            assert_eq!(fault(document), ("field_invalid", format!("/stacking/{name}")));
        }
    }
}
