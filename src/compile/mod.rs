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
mod rule;

use serde_json::Value as Json;

use crate::campaign::{
    reading, Base, Campaign, CampaignDocument, GroupPick, Hints, Pick, RefundPolicy, StackingPolicy, Status,
};
use crate::catalog::section::{Group, Hinted, Record, Section, Stacking, FORMAT};
use crate::catalog::MAX_CAMPAIGNS;
use crate::code;
use crate::discount::Discount;
use crate::earning::Earning;
use crate::error::{Diagnostic, Error, Severity};
use crate::lint;
use crate::money::Rate;
use crate::payment::PaymentMethod;
use crate::pointer::Pointer;
use crate::time::Interval;
use crate::vocabulary::VocabularyBuilder;
use declared::Declared;

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
    /// The bytes of the `campaigns` section.
    pub section: Vec<u8>,
    /// How many campaigns are in it.
    pub campaigns: usize,
    /// Warnings; errors refuse the whole.
    pub warnings: Vec<Diagnostic>,
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
    let mut faults = Vec::new();
    let mut policy = Policy::default();
    let mut policies = Vec::new();
    let mut campaigns: Vec<Read<'_>> = Vec::new();
    let mut declared = Declared::default();
    for source in sources {
        let mut of_source = Vec::new();
        policies.extend(read(source, &mut policy, &mut declared, &mut campaigns, &mut of_source));
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
    policy.payments.sort_by(|(a, ..), (b, ..)| a.id.cmp(&b.id));
    for pair in policy.payments.windows(2) {
        if let [(a, ..), (b, source, at)] = pair {
            if a.id == b.id {
                let message = format!("the payment method `{}` is defined twice", b.id);
                let help = "give each method its own id";
                faults.push(named(reading::diagnostic("id_duplicated", message, help, &at.key("id")), source));
            }
        }
    }
    let Policy { groups, pick, base, margin, payments: of_documents } = policy;
    for read in &mut campaigns {
        let group = read.campaign.stacking.group.as_ref().and_then(|group| groups.get(group));
        read.lane = group.map_or(0, |rule| rule.lane);
    }
    // the order of application: by lane, then by priority, ties by id; never the order of the documents
    campaigns.sort_by(|a, b| {
        let rank = |read: &Read<'_>| (read.lane, read.campaign.stacking.priority.unwrap_or(100));
        rank(a).cmp(&rank(b)).then_with(|| a.campaign.id.cmp(&b.campaign.id))
    });

    let group_ids: Vec<&String> = groups.keys().collect();
    let mut vocabulary = VocabularyBuilder::default();
    declared.prepare(&mut vocabulary);
    let mut records = Vec::new();
    let mut codes: BTreeMap<String, u32> = BTreeMap::new();
    for (index, read) in campaigns.iter().enumerate() {
        let mut of_campaign = Vec::new();
        let record = translate(read, &group_ids, &declared, life, &mut vocabulary, &mut of_campaign);
        for (at, typed) in read.campaign.codes.iter().enumerate() {
            if let Err(fault) =
                claim(typed, u32::try_from(index).unwrap_or(u32::MAX), &mut codes, &read.at.key("codes").index(at))
            {
                of_campaign.push(*fault);
            }
        }
        faults.extend(of_campaign.into_iter().map(|fault| named(fault, read.source)));
        records.push(record);
    }
    let mut payments = Vec::new();
    for (method, source, at) in of_documents {
        match method.compile(&mut vocabulary, &at) {
            Ok(method) => payments.push(method),
            Err(fault) => faults.push(named(fault, source)),
        }
    }
    let (errors, mut warnings): (Vec<_>, Vec<_>) = faults.into_iter().partition(|f| f.severity == Severity::Error);
    if let Some(error) = Error::from_diagnostics(errors) {
        return Err(error);
    }
    let subjects = campaigns.iter().zip(&records).map(|(read, record)| {
        let Read { campaign, at, .. } = read;
        lint::Subject { campaign, at, record }
    });
    let subjects = subjects.collect();
    let found = lint::look(&lint::Shop { subjects, policies, life });
    warnings.extend(found.into_iter().filter_map(|(at, found)| Some(named(found, campaigns.get(at)?.source))));
    let vocabulary = vocabulary.finish();
    let by_code: Vec<u32> = codes.values().copied().collect();
    let section = Section {
        format: FORMAT,
        index: index::build(&records, &by_code, &vocabulary),
        vocabulary,
        stacking: Stacking {
            best: pick == Some(Pick::Best),
            on_original: base == Some(Base::Original),
            groups: groups.into_values().map(|rule| Group { limit: rule.limit, best: rule.best }).collect(),
        },
        codes: codes.into_iter().collect(),
        records: records.iter().map(encode).collect(),
        margin,
        payments,
    };
    Ok(Compiled { section: encode(&section), campaigns: records.len(), warnings })
}

/// A campaign that could be read, and where it stands.
struct Read<'a> {
    campaign: Campaign,
    source: &'a str,
    at: Pointer,
    /// In which lane it is applied.
    lane: i32,
}

/// How the campaigns of all documents combine.
#[derive(Default)]
struct Policy<'a> {
    groups: BTreeMap<String, GroupRule>,
    pick: Option<Pick>,
    base: Option<Base>,
    margin: Option<Rate>,
    /// Payment methods, each with where it stands; by id once all are read.
    payments: Vec<(PaymentMethod, &'a str, Pointer)>,
}

/// Keeps what a document says once for all of them; two must not differ.
fn agree<T: Copy + PartialEq>(
    known: &mut Option<T>,
    said: Option<T>,
    name: &str,
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) {
    let Some(said) = said else { return };
    if known.is_some_and(|known| known != said) {
        let help = "say it once, or the same in all documents";
        let message = format!("another document says a different `{name}`");
        faults.push(*reading::invalid(message, help, &at.key(name)));
    }
    *known = Some(said);
}

/// What a document says about a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct GroupRule {
    limit: Option<u16>,
    best: bool,
    lane: i32,
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

/// Gathers what a document says; how its campaigns combine is given back as it stands there.
fn read<'a>(
    source: &'a Source,
    policy: &mut Policy<'a>,
    declared: &mut Declared<'a>,
    campaigns: &mut Vec<Read<'a>>,
    faults: &mut Vec<Diagnostic>,
) -> Option<StackingPolicy> {
    let root = Pointer::root();
    let document: CampaignDocument = match reading::value(&source.document, &root) {
        Ok(document) => document,
        Err(fault) => {
            faults.push(*fault);
            return None;
        }
    };
    declared.gather(&document, &source.name, faults);
    let at = root.key("stacking");
    agree(&mut policy.pick, document.stacking.pick, "pick", &at, faults);
    agree(&mut policy.base, document.stacking.base, "base", &at, faults);
    if let Some(text) = &document.min_margin {
        let at = root.key("minMargin");
        match reading::surcharge(text, &at) {
            Ok(margin) => agree(&mut policy.margin, Some(margin), "minMargin", &root, faults),
            Err(fault) => faults.push(*fault),
        }
    }
    for (index, json) in document.payments.iter().enumerate() {
        let at = root.key("payments").index(index);
        let method = reading::value::<PaymentMethod>(json, &at)
            .and_then(|method| check_id(&method.id, &at.key("id")).map(|()| method));
        match method {
            Ok(method) => policy.payments.push((method, &source.name, at)),
            Err(fault) => faults.push(*fault),
        }
    }
    let groups = &mut policy.groups;
    for (index, group) in document.stacking.groups.iter().enumerate() {
        let at = root.key("stacking").key("groups").index(index);
        let limit = match (group.pick, group.at_most) {
            (GroupPick::All, None) => None,
            (GroupPick::First | GroupPick::Best, None) => Some(1),
            (GroupPick::First | GroupPick::Best, Some(most)) if most > 0 => Some(most),
            (pick, Some(_)) => {
                let help = "give `atMost` a number from 1 on, with `pick`: `first` or `best`";
                let message = format!("`atMost` has no meaning here, the group picks {}", pick.name());
                faults.push(*reading::invalid(message, help, &at.key("atMost")));
                continue;
            }
        };
        let rule = GroupRule { limit, best: group.pick == GroupPick::Best, lane: group.lane.unwrap_or(0) };
        if groups.insert(group.id.clone(), rule).is_some_and(|known| known != rule) {
            let message = format!("the group `{}` is declared twice with different rules", group.id);
            faults.push(*reading::diagnostic("id_duplicated", message, "declare each group once", &at.key("id")));
        }
    }
    for (index, json) in document.campaigns.iter().enumerate() {
        let at = root.key("campaigns").index(index);
        match reading::value::<Campaign>(json, &at) {
            Ok(campaign) => {
                if let Err(fault) = check_id(&campaign.id, &at.key("id")) {
                    faults.push(*fault);
                }
                if let Some(group) = &campaign.stacking.group {
                    groups.entry(group.clone()).or_default();
                }
                campaigns.push(Read { campaign, source: &source.name, at, lane: 0 });
            }
            Err(fault) => faults.push(*fault),
        }
    }
    Some(document.stacking)
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
    compile: fn(&Json, &mut VocabularyBuilder, &Pointer) -> Result<T, Box<Diagnostic>>,
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

fn translate(
    read: &Read<'_>,
    groups: &[&String],
    declared: &Declared<'_>,
    life: Interval,
    vocabulary: &mut VocabularyBuilder,
    faults: &mut Vec<Diagnostic>,
) -> Record {
    let Read { campaign, at, lane, .. } = read;
    let mut conditions = Vec::new();
    let mut nodes = Vec::new();
    if let Some(when) = &campaign.when {
        rule::compile(when, &at.key("when"), declared, vocabulary, &mut conditions, &mut nodes, faults);
    }
    let discounts = each(&campaign.discounts, &at.key("discounts"), vocabulary, faults, Discount::compile).concat();
    let earning = each(&campaign.earning, &at.key("earning"), vocabulary, faults, Earning::compile);
    if campaign.discounts.is_empty() && campaign.earning.is_empty() {
        let help = "add `discounts` or `earning`";
        faults.push(*reading::diagnostic("campaign_empty", "the campaign gives nothing", help, at));
    }
    let schedule = campaign.schedule.as_ref().map(|schedule| schedule.expand(life, &at.key("schedule")));
    let (stretch, intervals) = match schedule {
        None => (Interval::ALWAYS, Vec::new()),
        Some(Ok(expanded)) => (expanded.stretch, expanded.intervals),
        Some(Err(fault)) => {
            faults.push(*fault);
            (Interval::ALWAYS, Vec::new())
        }
    };
    let group = campaign.stacking.group.as_ref().and_then(|group| groups.binary_search(&group).ok());
    Record {
        id: campaign.id.clone(),
        active: campaign.status == Status::Active,
        stretch,
        intervals,
        group: group.and_then(|group| u16::try_from(group).ok()),
        exclusive: campaign.stacking.exclusive,
        lane: i64::from(*lane),
        footing: footing::of(campaign),
        conditions,
        rule: nodes,
        discounts,
        earning,
        limited: (campaign.limits.total.is_some(), campaign.limits.per_customer.is_some()),
        hinted: match campaign.hints {
            Hints::Open => Hinted::Open,
            Hints::All => Hinted::All,
            Hints::None => Hinted::None,
        },
        rounding: campaign.rounding.mode,
        level: campaign.rounding.level,
        reevaluates: campaign.refund == RefundPolicy::Reevaluate,
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
}
