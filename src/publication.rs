//! What is compiled, as the sections of its two halves.

use alloc::vec::Vec;

use crate::compile::Compiled;
use crate::error::Error;
use crate::sealed;
use crate::snapshot::{seal, sections, Hidden, ManifestFields, Profile, Revision, SecretKey, Section, SectionKind};

/// For what the publisher's key makes the secret of a publication.
const PURPOSE: &[u8] = b"counterfoil/sealed/secret/v1";

/// A publication: what everyone may see, what the edge has, and the name of both.
#[derive(Debug)]
pub struct Publication<'a> {
    compiled: &'a Compiled,
    /// What the edge is told of campaigns that are not open; nothing where all are.
    hidden: Vec<u8>,
    secret: [u8; 32],
}

impl<'a> Publication<'a> {
    /// Of what is compiled. The secret of its boxes comes from one of the keys that sign it, so that the same campaigns under
    /// the same key are the same publication.
    pub fn of(compiled: &'a Compiled, key: &SecretKey) -> Publication<'a> {
        let Some(edge) = &compiled.edge else { return Publication { compiled, hidden: Vec::new(), secret: [0; 32] } };
        let secret = key.secret_for(PURPOSE, &edge.section);
        let hidden = Hidden { secret, places: edge.hidden.clone() };
        Publication { compiled, hidden: hidden.to_bytes(), secret }
    }

    /// The boxes of sealed campaigns: one slow derivation for each code. Empty where nothing is sealed.
    ///
    /// # Errors
    /// What [`sealed::seal`] refuses.
    pub fn boxes(&self) -> Result<Vec<u8>, Error> {
        let codes = self.compiled.sealed.iter().map(|sealed| (sealed.code.as_str(), sealed.part.as_slice()));
        let codes: Vec<(&str, &[u8])> = codes.collect();
        if codes.is_empty() {
            return Ok(Vec::new());
        }
        sealed::seal(&codes, &self.secret)
    }

    /// The sections that everyone may see, with the boxes that were [made](Publication::boxes).
    pub fn public<'s>(&'s self, boxes: &'s [u8]) -> Vec<Section<'s>> {
        let mut public = sections(&self.compiled.section, &self.compiled.programme);
        if !boxes.is_empty() {
            public.push(Section { kind: SectionKind::Sealed, bytes: boxes });
        }
        public
    }

    /// The sections of the edge, but those of codes.
    pub fn edge(&self) -> Vec<Section<'_>> {
        let Some(edge) = &self.compiled.edge else {
            return sections(&self.compiled.section, &self.compiled.programme);
        };
        let mut all = sections(&edge.section, &edge.programme);
        if edge.hidden.len() > edge.listed.len() {
            all.push(Section { kind: SectionKind::Sealed, bytes: &self.hidden });
        }
        all
    }

    /// Names it: all that is compiled, whichever half it stands in, and no code of a list.
    pub fn revision(&self) -> Revision {
        Revision::of(&self.edge())
    }
}

/// Signs one half of a publication: which one is said by the profile, and the revision is the publication's. `codes` are
/// the segments of unique codes, which the edge alone has.
///
/// # Errors
/// What [`seal`] refuses.
pub fn seal_half(
    compiled: &Compiled,
    codes: &[&[u8]],
    fields: &ManifestFields<'_>,
    keys: &[&SecretKey],
) -> Result<Vec<u8>, Error> {
    let Some(publication) = keys.first().map(|key| Publication::of(compiled, key)) else {
        return seal(fields, &[], keys);
    };
    let fields = ManifestFields { revision: Some(publication.revision()), ..*fields };
    if fields.profile == Profile::Edge {
        let mut sections = publication.edge();
        sections.extend(codes.iter().map(|bytes| Section { kind: SectionKind::Codes, bytes }));
        return seal(&fields, &sections, keys);
    }
    let boxes = publication.boxes()?;
    seal(&fields, &publication.public(&boxes), keys)
}
