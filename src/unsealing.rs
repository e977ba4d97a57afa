//! Sealed campaigns in a host's hands: a snapshot and a code, and what the campaigns are with it.

use alloc::vec::Vec;

use crate::catalog::part::with_part;
use crate::code::normalise;
use crate::error::{Diagnostic, Document, Error};
use crate::sealed;
use crate::snapshot::{open, KeyRing, Policy, SectionKind};

/// The `campaigns` section of a storefront's snapshot with the campaign that a code as typed opens; nothing where it opens
/// none. `held` is the section that an earlier code has given, and is added to.
///
/// The snapshot is checked like any other; the code is tried once, and slowly.
///
/// # Errors
/// What [`open`] refuses; `sealed_malformed`, `memory_unavailable`.
pub fn unseal(
    snapshot: &[u8],
    ring: &KeyRing,
    policy: &Policy,
    held: Option<&[u8]>,
    typed: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let snapshot = open(snapshot, ring, policy)?;
    let Some(boxes) = snapshot.section(SectionKind::Sealed) else { return Ok(None) };
    let Some(part) = sealed::open(boxes, typed)? else { return Ok(None) };
    let section = held.or(snapshot.section(SectionKind::Campaigns)).unwrap_or_default();
    with_part(section, normalise(typed), &part).map(Some).ok_or_else(|| {
        let help = "publish the snapshot again with a matching version of counterfoil";
        let message = "a sealed campaign is not one of this snapshot's";
        Diagnostic::new("sealed_malformed", message, help).at(Document::Snapshot, "/sections/sealed").into()
    })
}
