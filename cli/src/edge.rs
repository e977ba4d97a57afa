//! The private half of a publication: all campaigns and what is kept of unique codes, for workers and servers.

use std::collections::BTreeMap;
use std::path::Path;

use counterfoil::codes::Pepper;
use counterfoil::compile::Compiled;
use counterfoil::engine::Disclosure;
use counterfoil::snapshot::{open, open_head, Expiry, KeyRing, Manifest, Policy, Profile, SecretKey, SectionKind};
use counterfoil::time::Timestamp;
use counterfoil::{Engine, Options};
use serde::Serialize;

use crate::codes::pepper;
use crate::codes::segments::{self, segments, Moved, Segments, Told};
use crate::destination::Destination;
use crate::fault::{faults_of, Failure, Fault};
use crate::render::{count, note};
use crate::sealing::{seal_edge, Terms};

/// Where the private half goes, and the pepper of its codes.
pub struct Edge {
    to: Destination,
    pepper: Option<Pepper>,
    /// What is published there.
    current: Option<Current>,
}

struct Current {
    version: u64,
    /// Its segments of codes.
    codes: Vec<Vec<u8>>,
}

/// What was published for the edge.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublishedEdge {
    to: String,
    bytes: usize,
    sections: usize,
    /// What a host fetches that has the one before: the head, and sections that it has not.
    delta: usize,
    /// What is new of unique codes.
    #[serde(flatten)]
    pub codes: Told,
    #[serde(skip)]
    file: Vec<u8>,
    #[serde(skip)]
    head: usize,
    #[serde(skip)]
    manifest: Manifest,
}

impl Edge {
    /// Looks at what is there.
    ///
    /// # Errors
    /// `file_unavailable`, `pepper_invalid`; what is there and the key ring does not open.
    pub fn at(to: Destination, pepper: Option<&Path>, ring: &KeyRing, now: Timestamp) -> Result<Edge, Failure> {
        let policy = Policy { expiry: Expiry::Ignore, ..Policy::at(now, Profile::Edge) };
        let current = match to.current_edge()? {
            None => None,
            Some(bytes) => {
                let opened = open(&bytes, ring, &policy).map_err(|error| faults_of(&error, to.name_of_edge()))?;
                let codes = opened.sections().iter().filter(|section| section.kind == SectionKind::Codes);
                let codes = codes.map(|section| section.bytes.to_vec()).collect();
                Some(Current { version: opened.manifest().version, codes })
            }
        };
        Ok(Edge { to, pepper: pepper.map(pepper::read).transpose()?, current })
    }

    /// Whether a file of that path would be handed out too.
    pub fn has(&self, path: &Path) -> bool {
        self.to.has(path)
    }

    /// The version that is published there.
    pub fn version(&self) -> u64 {
        self.current.as_ref().map_or(0, |current| current.version)
    }

    /// Makes and signs the private half, and opens it as a host does.
    ///
    /// # Errors
    /// `pepper_missing`; what the lists are refused for; what no host would open.
    pub fn sign(
        &self,
        compiled: &Compiled,
        terms: &Terms<'_>,
        (ring, keys): (&KeyRing, &[&SecretKey]),
    ) -> Result<PublishedEdge, Failure> {
        let older: Vec<&[u8]> = self.current.iter().flat_map(|current| &current.codes).map(Vec::as_slice).collect();
        let Segments { sections, told } = match &self.pepper {
            Some(pepper) => segments(&compiled.code_lists, pepper, &older)?,
            None if compiled.code_lists.is_empty() => Segments { sections: Vec::new(), told: Told::default() },
            None => {
                let help = "make one with `counterfoil codes pepper` and give it by `--pepper`";
                return Err(Fault::new("pepper_missing", "unique codes need a pepper", help).into());
            }
        };
        let refused = |error| faults_of(&error, "the snapshot of the edge");
        let file = seal_edge(compiled, &sections, terms, keys).map_err(refused)?;
        let policy = Policy { min_version: terms.version, ..Policy::at(terms.life.from, Profile::Edge) };
        let (manifest, head) = open_head(&file, ring, &policy).map_err(refused)?;
        let peppers: Vec<Pepper> = self.pepper.iter().cloned().collect();
        let options = Options { policy, disclosure: Disclosure::Public };
        Engine::open_edge(file.clone(), ring, options, &peppers).map_err(refused)?;
        let delta = self.to.missing(&file, head, &manifest);
        tell(&told);
        let (bytes, sections) = (file.len(), manifest.sections.len());
        Ok(PublishedEdge { to: self.to.name_of_edge(), bytes, sections, delta, codes: told, file, head, manifest })
    }

    /// What the unique codes of each campaign take, in bytes.
    ///
    /// # Errors
    /// What the lists are refused for.
    pub fn sizes_of_codes(&self, compiled: &Compiled) -> Result<BTreeMap<String, usize>, Failure> {
        self.pepper.as_ref().map_or_else(|| Ok(BTreeMap::new()), |pepper| segments::sizes(&compiled.code_lists, pepper))
    }

    /// Hands it out.
    ///
    /// # Errors
    /// `file_unavailable`, or what the worker refuses.
    pub fn publish(&self, published: &PublishedEdge) -> Result<(), Fault> {
        let PublishedEdge { file, head, manifest, .. } = published;
        self.to.publish_edge(file, *head, manifest)?;
        note(&format!(
            "published  {}, {} for who has the last one",
            self.to.name_of_edge(),
            count(published.delta, "byte")
        ));
        Ok(())
    }

    /// Hands over the shop's root documents.
    ///
    /// # Errors
    /// As [`Edge::publish`].
    pub fn hand_root(&self, chain: &[u8]) -> Result<(), Fault> {
        self.to.hand_root(chain)
    }
}

fn tell(told: &Told) {
    let Told { codes, moved: Moved { added, changed, removed }, compacted, anew, .. } = told;
    if *anew {
        return note(&format!("codes      {codes}, all written anew: those that are published are of another pepper"));
    }
    let compacted = if *compacted { ", all in one segment" } else { "" };
    note(&format!("codes      {codes}: {added} new, {changed} changed, {removed} taken back{compacted}"));
}

/// Where the private half goes, where campaigns need one. Sealed ones do not: who takes orders may open them with their codes.
///
/// # Errors
/// `edge_missing`.
pub fn needed<'a>(to: Option<&'a str>, compiled: &Compiled) -> Result<Option<&'a str>, Fault> {
    match &compiled.edge {
        Some(edge) if to.is_none() && edge.hidden.len() > edge.sealed => {
            let listed = compiled.code_lists.first();
            let message = match listed {
                Some(list) => {
                    format!("the campaign `{}` has unique codes, which are published for the edge alone", list.campaign)
                }
                None => "there are campaigns whose `visibility` is `edge`".to_owned(),
            };
            let help = "name a worker or a folder for the private half by `--edge-to`, not a place that browsers see";
            let fault = Fault::new("edge_missing", message, help);
            Err(match listed {
                Some(list) => fault.of_file(&list.document),
                None => fault,
            })
        }
        _ => Ok(to),
    }
}
