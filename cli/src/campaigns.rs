//! The campaign documents of one command: read together, compiled together, as they are published together.

use std::collections::BTreeMap;
use std::path::PathBuf;

use counterfoil::compile::{compile, Compiled, Source};
use counterfoil::error::{Diagnostic, Error};
use counterfoil::time::Interval;
use serde::Serialize;
use serde_json::Value as Json;

use crate::document::{Document, Reading};
use crate::fault::{Failure, Fault};

/// What one campaign adds to a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CampaignSize {
    /// The campaign's id.
    pub campaign: String,
    /// To what everyone sees, before compression; words that it shares with others count for each.
    pub bytes: usize,
    /// To the private half, with its unique codes; nothing where none is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge_bytes: Option<usize>,
}

/// Campaign documents as they were read.
#[derive(Clone, Debug)]
pub struct CampaignFiles {
    /// The files in the order they were named, those whose syntax is broken too.
    names: Vec<String>,
    documents: Vec<Document>,
    faults: Vec<Fault>,
}

impl CampaignFiles {
    /// Reads files. Faults of their form wait for [`compile`](CampaignFiles::compile), so that they are told
    /// together with everything else.
    ///
    /// # Errors
    /// `file_unavailable`, `file_not_text`, for each file.
    pub fn read(paths: &[PathBuf]) -> Result<CampaignFiles, Failure> {
        let names = paths.iter().map(|path| path.display().to_string()).collect();
        let mut files = CampaignFiles { names, documents: Vec::new(), faults: Vec::new() };
        let mut unavailable = Vec::new();
        for path in paths {
            match Reading::of_file(path) {
                Ok(reading) => {
                    files.documents.extend(reading.document);
                    files.faults.extend(reading.faults);
                }
                Err(fault) => unavailable.push(fault),
            }
        }
        match unavailable.is_empty() {
            true => Ok(files),
            false => Err(Failure::Refused(unavailable)),
        }
    }

    /// A document that is already at hand.
    pub fn of(document: Document) -> CampaignFiles {
        CampaignFiles { names: Vec::new(), documents: vec![document], faults: Vec::new() }
    }

    /// The documents that could be read.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// What they say.
    pub fn texts(&self) -> Vec<&Json> {
        self.documents.iter().map(|document| &document.json).collect()
    }

    /// Compiles the documents for a snapshot that lives in `life`; the second part is the warnings.
    ///
    /// # Errors
    /// All faults of all documents, in the order of the files and of the places in them.
    pub fn compile(&self, life: Interval) -> Result<(Compiled, Vec<Fault>), Vec<Fault>> {
        let sources: Vec<Source> = self
            .documents
            .iter()
            .map(|document| Source { name: document.source.name().to_owned(), document: document.json.clone() })
            .collect();
        match compile(&sources, life) {
            Ok(compiled) if self.faults.is_empty() => {
                let warnings = self.in_order(compiled.warnings.iter().map(|warning| self.fault(warning)).collect());
                Ok((compiled, warnings))
            }
            Ok(compiled) => Err(self.with_faults_of_form(&compiled.warnings)),
            Err(error) => Err(self.with_faults_of_form(&diagnostics(&error))),
        }
    }

    fn with_faults_of_form(&self, diagnostics: &[Diagnostic]) -> Vec<Fault> {
        let found = diagnostics.iter().map(|diagnostic| self.fault(diagnostic));
        self.in_order(self.faults.iter().cloned().chain(found).collect())
    }

    fn fault(&self, diagnostic: &Diagnostic) -> Fault {
        let name = diagnostic.at.as_ref().and_then(|place| place.id.as_deref());
        match self.documents.iter().find(|document| Some(document.source.name()) == name) {
            Some(document) => document.source.fault(diagnostic),
            None => Fault::from(diagnostic),
        }
    }

    /// What each campaign adds to a snapshot that lives in `life`, the largest first: each is compiled alone, with all that
    /// stands beside campaigns in the documents. `codes` is what unique codes of campaigns take, where there is a private half.
    pub fn sizes(&self, life: Interval, codes: Option<&BTreeMap<String, usize>>) -> Vec<CampaignSize> {
        let with = |kept: Option<(usize, usize)>| -> Option<(usize, usize)> {
            let sources = self.documents.iter().enumerate().map(|(at, document)| {
                let mut json = document.json.clone();
                if let Some(campaigns) = json.get_mut("campaigns").and_then(Json::as_array_mut) {
                    let mut index = 0..;
                    campaigns.retain(|_| kept == index.next().map(|index| (at, index)));
                }
                Source { name: document.source.name().to_owned(), document: json }
            });
            let compiled = compile(&sources.collect::<Vec<_>>(), life).ok()?;
            let sealed = compiled.sealed.iter().fold(0_usize, |sum, code| sum.saturating_add(code.part.len()));
            let edge = compiled.edge.as_ref().map_or(&compiled.section, |edge| &edge.section);
            Some((compiled.section.len().saturating_add(sealed), edge.len()))
        };
        let none = with(None).unwrap_or_default();
        let mut sizes = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            let campaigns = document.json.get("campaigns").and_then(Json::as_array);
            for (index, campaign) in campaigns.into_iter().flatten().enumerate() {
                let id = campaign.get("id").and_then(Json::as_str);
                let (Some(id), Some(alone)) = (id, with(Some((at, index)))) else { continue };
                let (bytes, edge) = (alone.0.saturating_sub(none.0), alone.1.saturating_sub(none.1));
                let edge_bytes = codes.map(|codes| edge.saturating_add(codes.get(id).copied().unwrap_or(0)));
                sizes.push(CampaignSize { campaign: id.to_owned(), bytes, edge_bytes });
            }
        }
        let whole = |size: &CampaignSize| size.bytes.saturating_add(size.edge_bytes.unwrap_or(0));
        sizes.sort_by(|a, b| (whole(b), &a.campaign).cmp(&(whole(a), &b.campaign)));
        sizes
    }

    fn in_order(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        let rank = |fault: &Fault| {
            let place = fault.place.as_deref();
            let file = place.and_then(|place| self.names.iter().position(|name| *name == place.file));
            let start = place.and_then(|place| place.spot.as_ref()).map(|spot| spot.range.start);
            (file, start)
        };
        faults.sort_by_key(rank);
        faults
    }
}

fn diagnostics(error: &Error) -> Vec<Diagnostic> {
    error.diagnostics().cloned().collect()
}
