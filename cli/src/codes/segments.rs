//! From code lists to the segments of a publication. What is published stays as it is as long as it pays: what the lists say
//! anew becomes a segment on top, so that a host fetches that alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use counterfoil::codes::{build, state, Batch, Codes, Entry, Fingerprint, Issued, Pepper};
use counterfoil::compile::ListedCodes;
use counterfoil::error::Error;
use serde::Serialize;

use super::list;
use crate::fault::{faults_of, Failure, Fault};

/// Segments beside which a host looks for codes before they are made one.
const MAX_LAYERS: usize = 16;

/// The segments of a publication, and what is new in them.
#[derive(Debug)]
pub struct Segments {
    /// In the order of the snapshot: the oldest first.
    pub sections: Vec<Vec<u8>>,
    /// In numbers.
    pub told: Told,
}

/// What became of the codes, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// Codes in all lists.
    pub codes: usize,
    #[serde(flatten)]
    pub moved: Moved,
    /// Whether all segments were made one.
    pub compacted: bool,
    /// Whether codes are published that nobody can compare with: they are of another pepper. All count as added.
    pub anew: bool,
    /// The same of each campaign of which there is something to tell, by its id.
    pub of_campaigns: BTreeMap<String, Moved>,
}

/// Codes that came, went or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Codes that were not published before, or taken back.
    pub added: usize,
    /// Codes of which something else is said now.
    pub changed: usize,
    /// Codes that are in no list any more, or revoked there.
    pub removed: usize,
}

impl Told {
    /// Counts a code that was one of a campaign, and is one of a campaign.
    fn count(&mut self, was: Option<&str>, is: Option<&str>) {
        let mut one_more = |name: &str, member: fn(&mut Moved) -> &mut usize| {
            let of_campaign = self.of_campaigns.entry(campaign(name).to_owned()).or_default();
            for moved in [&mut self.moved, of_campaign] {
                *member(moved) = member(moved).saturating_add(1);
            }
        };
        match (was.map(campaign), is) {
            (Some(was), Some(is)) if was == campaign(is) => one_more(is, |moved| &mut moved.changed),
            (was, is) => {
                was.into_iter().for_each(|was| one_more(was, |moved| &mut moved.removed));
                is.into_iter().for_each(|is| one_more(is, |moved| &mut moved.added));
            }
        }
    }
}

/// A code of a list, and the place of its campaign among the names.
struct Listed {
    issued: Issued,
    /// Where it stands, for who wrote it twice.
    line: u64,
}

/// Makes the segments of the lists' codes beside those that are published. Paths start from the document that names them.
///
/// # Errors
/// What a list is refused for; `code_duplicated`, `too_many_codes`.
pub fn segments(lists: &[ListedCodes], pepper: &Pepper, published: &[&[u8]]) -> Result<Segments, Failure> {
    let refused = |error: Error| Failure::Refused(faults_of(&error, "the codes"));
    let names: Vec<String> = lists.iter().map(name).collect();
    let mut listed: Vec<Listed> = Vec::new();
    for (place, of_campaign) in (0_u16..).zip(lists) {
        read(of_campaign, place, pepper, &mut listed)?;
    }
    listed.sort_unstable_by_key(|one| one.issued.fingerprint);
    check_twins(&listed, lists)?;

    let older = match Codes::open(published) {
        Ok(codes) if codes.segments().first().is_some_and(|segment| segment.pepper() == pepper.id()) => Some(codes),
        // of another pepper, or of a program that wrote them otherwise: all is new
        _ => None,
    };
    let known = older.as_ref().map_or_else(Vec::new, Codes::all);
    let (mut told, mut fresh) = difference(&listed, &names, &known);
    told.anew = older.is_none() && !published.is_empty();
    let sequence = older.iter().flat_map(|codes| codes.segments()).map(|segment| segment.sequence()).max().unwrap_or(0);
    let batch = |campaigns: Vec<String>| Batch { sequence: sequence.saturating_add(1), pepper: pepper.id(), campaigns };
    let layers = published.len().saturating_sub(1);
    let on_top = older.as_ref().map_or(0, |codes| {
        let base = codes.segments().last().map_or(0, |segment| segment.len());
        codes.entries().saturating_sub(base)
    });
    let base = older.as_ref().map_or(0, |codes| codes.entries().saturating_sub(on_top));
    told.compacted = older.is_some()
        && !fresh.is_empty()
        && (layers >= MAX_LAYERS || on_top.saturating_add(fresh.len()).saturating_mul(20) > base);
    if older.is_none() || told.compacted {
        let all = listed.into_iter().map(|one| one.issued).filter(|issued| issued.state != state::REVOKED).collect();
        let whole = build(&batch(names), all).map_err(refused)?;
        return Ok(Segments { sections: vec![whole], told });
    }
    let mut sections: Vec<Vec<u8>> = published.iter().map(|bytes| bytes.to_vec()).collect();
    let before: BTreeSet<&str> =
        older.iter().flat_map(|codes| codes.segments()).flat_map(|one| one.campaigns()).collect();
    let unheard = names.iter().enumerate().filter(|(_, name)| !before.contains(name.as_str())).map(|(at, _)| at);
    let used: BTreeSet<usize> = fresh.iter().map(|issued| usize::from(issued.campaign)).chain(unheard).collect();
    if !used.is_empty() {
        // a segment names those campaigns alone that it speaks of
        for issued in &mut fresh {
            let place = used.iter().position(|at| *at == usize::from(issued.campaign)).unwrap_or(0);
            issued.campaign = u16::try_from(place).unwrap_or(u16::MAX);
        }
        let campaigns = used.iter().filter_map(|at| names.get(*at).cloned()).collect();
        sections.push(build(&batch(campaigns), fresh).map_err(refused)?);
    }
    Ok(Segments { sections, told })
}

/// As a segment names a campaign.
fn name(list: &ListedCodes) -> String {
    match &list.currency {
        Some(currency) => format!("{}:{}", list.campaign, currency.code()),
        None => list.campaign.clone(),
    }
}

/// The campaign of that name.
fn campaign(name: &str) -> &str {
    name.split_once(':').map_or(name, |(campaign, _)| campaign)
}

/// What the codes of each campaign take in a segment of their own, in bytes.
///
/// # Errors
/// As [`segments`].
pub fn sizes(lists: &[ListedCodes], pepper: &Pepper) -> Result<BTreeMap<String, usize>, Failure> {
    let size = |list: &ListedCodes| {
        let mut listed = Vec::new();
        read(list, 0, pepper, &mut listed)?;
        let batch = Batch { sequence: 1, pepper: pepper.id(), campaigns: vec![name(list)] };
        let codes = listed.into_iter().map(|one| one.issued).filter(|issued| issued.state != state::REVOKED);
        let segment =
            build(&batch, codes.collect()).map_err(|error| Failure::Refused(faults_of(&error, "the codes")))?;
        Ok((list.campaign.clone(), segment.len()))
    };
    lists.iter().map(size).collect()
}

/// The file of a list.
pub fn path_of(list: &ListedCodes) -> PathBuf {
    Path::new(&list.document).parent().unwrap_or(Path::new("")).join(&list.file)
}

fn read(list: &ListedCodes, campaign: u16, pepper: &Pepper, listed: &mut Vec<Listed>) -> Result<(), Fault> {
    let path = path_of(list);
    list::read(&path, &Default::default(), |line, row| {
        if row.balance > 0 && list.currency.is_none() {
            let help = "write the `currency` of the campaign's `codeList`";
            return Err(list::invalid(&path, line, "a balance has no currency", help));
        }
        listed.push(Listed { issued: row.issued(pepper, campaign), line });
        Ok(())
    })
}

/// A code that stands twice is one of whom nobody knows what holds.
fn check_twins(listed: &[Listed], lists: &[ListedCodes]) -> Result<(), Failure> {
    let twins = listed.windows(2).filter_map(|pair| match pair {
        [one, other] if one.issued.fingerprint == other.issued.fingerprint => Some((one, other)),
        _ => None,
    });
    let fault = |(one, other): (&Listed, &Listed)| {
        let path = |of: &Listed| lists.get(usize::from(of.issued.campaign)).map(path_of).unwrap_or_default();
        let message = format!(
            "line {} has the code of line {} of {}",
            other.line.max(one.line),
            other.line.min(one.line),
            path(one).display()
        );
        let help = "list each code once; O counts as 0, I and L as 1";
        Fault::new("code_duplicated", message, help).of_file(path(other).display())
    };
    let faults: Vec<Fault> = twins.take(20).map(fault).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused(faults))
}

/// What has to be said on top of what is known; both by rising fingerprint.
fn difference(listed: &[Listed], names: &[String], known: &[(Fingerprint, Entry<'_>)]) -> (Told, Vec<Issued>) {
    let (mut told, mut fresh) = (Told { codes: listed.len(), ..Told::default() }, Vec::new());
    let mut known = known.iter().peekable();
    let place_of = |name: &str| names.iter().position(|own| own == name).and_then(|at| u16::try_from(at).ok());
    let gone = |fingerprint: &Fingerprint, entry: &Entry<'_>, told: &mut Told, fresh: &mut Vec<Issued>| {
        if entry.state != state::REVOKED {
            // of a campaign that has no list any more there is no need to say anything: it is not in the snapshot
            fresh.extend(place_of(entry.campaign).map(|campaign| Issued {
                campaign,
                state: state::REVOKED,
                ..Issued::plain(*fingerprint)
            }));
            told.count(Some(entry.campaign), None);
        }
    };
    for Listed { issued, .. } in listed {
        while let Some((fingerprint, entry)) = known.next_if(|(fingerprint, _)| *fingerprint < issued.fingerprint) {
            gone(fingerprint, entry, &mut told, &mut fresh);
        }
        let entry = known.next_if(|(fingerprint, _)| *fingerprint == issued.fingerprint).map(|(_, entry)| entry);
        let name = names.get(usize::from(issued.campaign)).map(String::as_str);
        let is = name.filter(|_| issued.state != state::REVOKED);
        if entry.map_or(is.is_none(), |entry| is_said(entry, issued, names)) {
            continue;
        }
        let was = entry.filter(|entry| entry.state != state::REVOKED).map(|entry| entry.campaign);
        told.count(was, is);
        fresh.push(*issued);
    }
    known.for_each(|(fingerprint, entry)| gone(fingerprint, entry, &mut told, &mut fresh));
    (told, fresh)
}

fn is_said(entry: &Entry<'_>, issued: &Issued, names: &[String]) -> bool {
    let same_campaign = names.get(usize::from(issued.campaign)).is_some_and(|name| name == entry.campaign);
    let both_gone = entry.state == state::REVOKED && issued.state == state::REVOKED;
    both_gone
        || same_campaign
            && (entry.balance, entry.holder, entry.uses) == (issued.balance, issued.holder, issued.uses)
            && (entry.expires, entry.state) == (issued.expires, issued.state)
}
