//! From campaign documents to the `campaigns` section of a snapshot: read, check, translate, index.
//!
//! Compiling is deterministic: the same campaigns give the same bytes, whatever the order in the documents and
//! whatever file they stand in.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

mod declared;
mod footing;
mod index;
mod limits;
mod listed;
#[cfg(feature = "workshop")]
mod loyalty;
mod policy;
mod preset;
#[cfg(feature = "workshop")]
mod programme;
mod rule;
mod sealed;
mod terms;

use serde_json::Value as Json;

use crate::campaign::{reading, Campaign, CampaignDocument, Hints, RefundPolicy, Status, Visibility};
use crate::catalog::section::{Hinted, Levels, Record, Section, FORMAT};
use crate::catalog::MAX_CAMPAIGNS;
use crate::code;
use crate::discount::Discount;
use crate::earning::Earning;
use crate::error::{Diagnostic, Error, Severity};
use crate::lint;
use crate::pointer::Pointer;
use crate::selector::Exclusion;
use crate::time::Interval;
use crate::vocabulary::VocabularyBuilder;
use declared::Declared;
pub use listed::ListedCodes;
pub use sealed::SealedCode;

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

fn compile_for(view: View, sources: &[Source], life: Interval) -> Result<(Compiled, Places), Error> {
    let mut faults = Vec::new();
    let mut vocabulary = VocabularyBuilder::default();
    let mut policy = policy::Policy::default();
    let mut terms = terms::Terms::default();
    let mut budgets = limits::Budgets::default();
    let mut levels: Option<Levels> = None;
    let mut policies = Vec::new();
    #[cfg(feature = "workshop")]
    let mut said = loyalty::Said::default();
    let mut campaigns: Vec<Read<'_>> = Vec::new();
    let mut declared = Declared::default();
    #[cfg(feature = "workshop")]
    let (mut programme, mut shared) = (programme::Declared::default(), Vec::new());
    for source in sources {
        let mut of_source = Vec::new();
        let before = campaigns.len();
        let document = read(source, &mut policy, &mut terms, &mut declared, &mut campaigns, &mut of_source);
        if let Some(document) = document {
            limits::read(&document, &mut budgets, &mut levels, &mut vocabulary, &mut of_source);
            #[cfg(feature = "workshop")]
            {
                of_source.extend(programme.add(&document).err().map(Diagnostic::from));
                said.add(document.loyalty.as_ref(), &source.name, &mut of_source);
                shared.extend(document.budgets);
            }
            policies.push(document.stacking);
        }
        if view == View::Public {
            let of_source = campaigns.split_off(before.min(campaigns.len()));
            campaigns.extend(of_source.into_iter().filter(|read| read.campaign.visibility() != Visibility::Edge));
        }
        faults.extend(of_source.into_iter().map(|fault| named(fault, &source.name)));
    }
    declared.check(&mut faults);
    let mut ids: BTreeMap<&str, ()> = BTreeMap::new();
    for read in &campaigns {
        if ids.insert(&read.campaign.id, ()).is_some() {
            let message = format!("the id `{}` is used twice", read.campaign.id);
            let fault =
                reading::diagnostic("id_duplicated", message, "give each campaign its own id", &read.at.key("id"));
            faults.push(named(fault, read.source));
        }
    }
    if campaigns.len() > MAX_CAMPAIGNS {
        let help = "take campaigns that have ended out of the documents";
        let message = format!("there are more than {MAX_CAMPAIGNS} campaigns");
        faults.push(*reading::diagnostic("too_many_campaigns", message, help, &Pointer::root()));
    }
    terms.check(&mut faults);
    policy.complete(campaigns.iter().map(|read| &read.campaign));
    let ranks = policy.ranks(&campaigns.iter().map(|read| &read.campaign).collect::<Vec<_>>());
    let mut campaigns: Vec<(policy::Rank, Read<'_>)> = ranks.into_iter().zip(campaigns).collect();
    campaigns.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut lane = 0_i64;
    let mut lanes: Vec<i64> = Vec::with_capacity(campaigns.len());
    for (index, (rank, _)) in campaigns.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| campaigns.get(before));
        lane = lane.saturating_add(i64::from(before.is_some_and(|(before, _)| before.lane() != rank.lane())));
        lanes.push(lane);
    }
    let campaigns: Vec<Read<'_>> = campaigns.into_iter().map(|(_, read)| read).collect();

    budgets.sort();
    declared.prepare(&mut vocabulary);
    let mut translated: Vec<Option<Record>> = campaigns.iter().map(|_| None).collect();
    let mut codes: BTreeMap<String, u32> = BTreeMap::new();
    let (mut code_lists, mut listed) = (Vec::new(), Vec::new());
    #[cfg(feature = "workshop")]
    let gift_cards = said.gift_cards();
    #[cfg(not(feature = "workshop"))]
    let gift_cards = Exclusion::gift_cards();
    let mut parts =
        Parts { policy: &policy, declared: &declared, budgets: &mut budgets, gift_cards: &gift_cards, life };
    let is_sealed = |read: &Read<'_>| view == View::Public && read.campaign.visibility() == Visibility::Sealed;
    let places = (0_u32..).zip(campaigns.iter().zip(&lanes).zip(&mut translated));
    let (last, first): (Vec<_>, Vec<_>) = places.partition(|(_, ((read, _), _))| is_sealed(read));
    for (index, ((read, lane), record)) in first {
        let mut of_campaign = Vec::new();
        *record = Some(translate(read, *lane, &mut parts, &mut vocabulary, &mut of_campaign));
        for (at, typed) in read.campaign.codes.iter().enumerate() {
            if let Err(fault) = claim(typed, index, &mut codes, &read.at.key("codes").index(at)) {
                of_campaign.push(*fault);
            }
        }
        match listed::of(read) {
            Ok(list) => {
                listed.extend(list.is_some().then_some(index));
                code_lists.extend(list);
            }
            Err(fault) => of_campaign.push(*fault),
        }
        of_campaign.extend(sealed::fault_of(read));
        faults.extend(of_campaign.into_iter().map(|fault| named(fault, read.source)));
    }
    #[cfg(feature = "workshop")]
    let (programme, loyalty) = {
        let told: Vec<&Read<'_>> = campaigns.iter().filter(|read| !is_sealed(read)).collect();
        said.beside(programme.said(), &mut faults);
        let programme = programme.finish(&told, &shared, &mut faults);
        let told: Vec<&Campaign> = told.into_iter().map(|read| &read.campaign).collect();
        (programme, said.compile(&told, &declared, life, &mut faults))
    };
    #[cfg(not(feature = "workshop"))]
    let (programme, loyalty) = (Vec::new(), Vec::new());
    let (margin, payments) = terms.finish(&mut vocabulary, &mut faults);
    // what is sealed comes after all that everyone is told, and is cut off there
    let mut cut = (!last.is_empty()).then(|| sealed::Cut::at(&mut vocabulary, parts.budgets));
    for (index, ((read, lane), record)) in last {
        let made = translate(read, *lane, &mut parts, &mut vocabulary, &mut Vec::new());
        if let Some(cut) = &mut cut {
            cut.add(read, index, &made, &mut vocabulary);
        }
        *record = Some(made);
    }
    let records: Vec<Record> = translated.into_iter().flatten().collect();
    let (errors, mut warnings): (Vec<_>, Vec<_>) = faults.into_iter().partition(|f| f.severity == Severity::Error);
    // what everyone may see names what it leaves out, and was found sound with it
    if let Some(error) = Error::from_diagnostics(errors).filter(|_| view == View::Edge) {
        return Err(error);
    }
    let subjects = campaigns.iter().zip(&records).map(|(read, record)| {
        let Read { campaign, at, .. } = read;
        lint::Subject { campaign, at, record }
    });
    let subjects = subjects.collect();
    let found = lint::look(&lint::Shop { subjects, policies, life });
    warnings.extend(found.into_iter().filter_map(|(at, found)| Some(named(found, campaigns.get(at)?.source))));
    let hidden = (0_u32..).zip(&campaigns).filter(|(_, read)| read.campaign.visibility() != Visibility::Open);
    let hidden: Vec<u32> = hidden.map(|(index, _)| index).collect();
    let is_sealed = |read: &&Read<'_>| read.campaign.visibility() == Visibility::Sealed;
    let count = campaigns.iter().filter(is_sealed).count();
    let (mut vocabulary, mut budgets) = (vocabulary.finish(), budgets.finish());
    let mut by_code: Vec<u32> = codes.values().chain(&listed).copied().collect();
    let mut encoded: Vec<Vec<u8>> = records.iter().map(encode).collect();
    let mut sealed = Vec::new();
    if let Some(cut) = cut {
        by_code.extend(cut.places());
        sealed = cut.take(&mut encoded, &mut vocabulary, &mut budgets);
    }
    let section = Section {
        format: FORMAT,
        index: index::build(&records, &by_code, &vocabulary),
        vocabulary,
        stacking: policy.stacking(),
        budgets,
        levels: levels.unwrap_or_default(),
        codes: codes.into_iter().collect(),
        records: encoded,
        margin,
        payments,
        loyalty,
    };
    let (section, campaigns) = (encode(&section), records.len());
    let compiled = Compiled { section, programme, edge: None, sealed, code_lists, campaigns, warnings };
    Ok((compiled, Places { hidden, listed, sealed: count }))
}

/// A campaign that could be read, and where it stands.
struct Read<'a> {
    campaign: Campaign,
    source: &'a str,
    at: Pointer,
}

fn encode<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // our own types always have a postcard form; the only failure is a length that is not known, which none has
    postcard::to_allocvec(value).unwrap_or_default()
}

fn named(fault: impl Into<Diagnostic>, source: &str) -> Diagnostic {
    let mut fault = fault.into();
    if let Some(place) = &mut fault.at {
        place.id = Some(source.to_owned());
    }
    fault
}

impl From<Box<Diagnostic>> for Diagnostic {
    fn from(boxed: Box<Diagnostic>) -> Diagnostic {
        *boxed
    }
}

/// Gathers the campaigns of a document and how they combine; gives back the document.
fn read<'a>(
    source: &'a Source,
    policy: &mut policy::Policy,
    terms: &mut terms::Terms<'a>,
    declared: &mut Declared<'a>,
    campaigns: &mut Vec<Read<'a>>,
    faults: &mut Vec<Diagnostic>,
) -> Option<CampaignDocument> {
    let root = Pointer::root();
    let document: CampaignDocument = match reading::value(&source.document, &root) {
        Ok(document) => document,
        Err(fault) => {
            faults.push(*fault);
            return None;
        }
    };
    declared.gather(&document, &source.name, faults);
    policy.add(&document.stacking, &root.key("stacking"), faults);
    terms.add(&document, &source.name, faults);
    for (index, json) in document.campaigns.iter().enumerate() {
        let at = root.key("campaigns").index(index);
        match reading::value::<Campaign>(json, &at) {
            Ok(campaign) => {
                if let Err(fault) = check_id(&campaign.id, &at.key("id")) {
                    faults.push(*fault);
                }
                campaigns.push(Read { campaign, source: &source.name, at });
            }
            Err(fault) => faults.push(*fault),
        }
    }
    Some(document)
}

fn check_id(id: &str, at: &Pointer) -> Result<(), Box<Diagnostic>> {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match id.len() {
        1..=64 if id.bytes().all(sound) => Ok(()),
        _ => {
            let help = "use 1 to 64 of the letters a-z, A-Z, digits, `-`, `_`, `.`";
            Err(reading::invalid(format!("`{id}` is no id"), help, at))
        }
    }
}

fn claim(typed: &str, campaign: u32, codes: &mut BTreeMap<String, u32>, at: &Pointer) -> Result<(), Box<Diagnostic>> {
    let code = code::normalise(typed);
    if code.is_empty() || code.len() > code::MAX_CODE_LENGTH {
        let help = "write 1 to 64 characters besides spaces and hyphens";
        return Err(reading::invalid(format!("`{typed}` is no code"), help, at));
    }
    if codes.insert(code.clone(), campaign).is_some() {
        let message = format!("the code `{typed}` is used twice; codes are compared as `{code}`");
        return Err(reading::diagnostic("code_duplicated", message, "give each campaign its own codes", at));
    }
    Ok(())
}

/// Translates a list member by member; those with a fault are left out and the faults collected.
fn each<T>(
    list: &[Json],
    at: &Pointer,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
    compile: impl Fn(&Json, &mut VocabularyBuilder, &Pointer) -> Result<T, Box<Diagnostic>>,
) -> Vec<T> {
    let mut compiled = Vec::with_capacity(list.len());
    for (index, json) in list.iter().enumerate() {
        match compile(json, vocabulary, &at.index(index)) {
            Ok(one) => compiled.push(one),
            Err(fault) => faults.push(*fault),
        }
    }
    compiled
}

/// What all campaigns of a shop have in common.
struct Parts<'p, 'a> {
    policy: &'p policy::Policy,
    declared: &'p Declared<'a>,
    budgets: &'p mut limits::Budgets,
    gift_cards: &'p Exclusion,
    life: Interval,
}

fn translate(
    read: &Read<'_>,
    lane: i64,
    parts: &mut Parts<'_, '_>,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
) -> Record {
    let Read { campaign, at, .. } = read;
    let Parts { policy, declared, budgets, gift_cards, life } = parts;
    let mut conditions = Vec::new();
    let mut nodes = Vec::new();
    if let Some(when) = &campaign.when {
        let rules = rule::Rules { declared, rechecks: policy.rechecks() };
        rule::compile(when, &at.key("when"), rules, vocabulary, &mut conditions, &mut nodes, faults);
    }
    let discounts = each(&campaign.discounts, &at.key("discounts"), vocabulary, faults, Discount::compile).concat();
    let earning = |json: &Json, vocabulary: &mut VocabularyBuilder, at: &Pointer| {
        Earning::compile(json, gift_cards, vocabulary, at)
    };
    let earning = each(&campaign.earning, &at.key("earning"), vocabulary, faults, earning);
    if campaign.discounts.is_empty() && campaign.earning.is_empty() {
        let help = "add `discounts` or `earning`";
        faults.push(*reading::diagnostic("campaign_empty", "the campaign gives nothing", help, at));
    }
    let schedule = campaign.schedule.as_ref().map(|schedule| schedule.expand(*life, &at.key("schedule")));
    let (stretch, intervals) = match schedule {
        None => (Interval::ALWAYS, Vec::new()),
        Some(Ok(expanded)) => (expanded.stretch, expanded.intervals),
        Some(Err(fault)) => {
            faults.push(*fault);
            (Interval::ALWAYS, Vec::new())
        }
    };
    let margin = campaign.min_margin.as_ref().map(|text| reading::surcharge(text, &at.key("minMargin"))).transpose();
    let margin = margin.unwrap_or_else(|fault| {
        faults.push(*fault);
        None
    });
    Record {
        id: campaign.id.clone(),
        active: campaign.status == Status::Active,
        stretch,
        intervals,
        groups: policy.groups_of(campaign),
        manners: policy.manners(campaign),
        lane,
        footing: footing::of(campaign),
        conditions,
        rule: nodes,
        limits: limits::of(campaign, &discounts, budgets, vocabulary, &at.key("limits"), faults),
        discounts,
        earning,
        hinted: match campaign.hints {
            // nobody hears of it but who has a code
            _ if campaign.visibility() != Visibility::Open => Hinted::None,
            Hints::Open => Hinted::Open,
            Hints::All => Hinted::All,
            Hints::None => Hinted::None,
        },
        rounding: campaign.rounding.mode,
        level: campaign.rounding.level,
        reevaluates: campaign.refund == RefundPolicy::Reevaluate,
        margin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
