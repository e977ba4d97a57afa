//! The campaign documents of one command: read together, compiled together, as they are published together.

use std::path::PathBuf;

use counterfoil::compile::{compile, Compiled, Source};
use counterfoil::error::{Diagnostic, Error};
use counterfoil::time::Interval;

use crate::document::{Document, Reading};
use crate::fault::{Failure, Fault};

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
