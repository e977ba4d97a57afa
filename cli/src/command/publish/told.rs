//! What `counterfoil publish` tells.

use counterfoil::time::Timestamp;
use serde::Serialize;

use crate::campaigns::CampaignSize;
use crate::changes::{changes_of_codes, Change};
use crate::clock::{distance, written};
use crate::codes::segments::Told;
use crate::edge::PublishedEdge;
use crate::fault::Failure;
use crate::render::{count, fields, say, say_json, table, Column};

/// What was published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Published {
    pub(super) version: u64,
    pub(super) revision: String,
    pub(super) sha256: String,
    pub(super) campaigns: usize,
    pub(super) bytes: usize,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edge: Option<PublishedEdge>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dry_run: Option<Rehearsal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<Vec<Change>>,
}

/// What a dry run tells besides.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rehearsal {
    /// What each campaign adds to the snapshot, the largest first.
    pub(super) campaign_sizes: Vec<CampaignSize>,
}

impl Published {
    /// What became of the unique codes of campaigns, if anything did.
    pub(super) fn codes(&self) -> Option<&Told> {
        self.edge.as_ref().map(|edge| &edge.codes).filter(|codes| !codes.of_campaigns.is_empty())
    }

    /// Prints it, as JSON or for people.
    pub(super) fn tell(&self, json: bool, now: Timestamp) -> Result<(), Failure> {
        if json {
            return Ok(say_json(self)?);
        }
        say(&format!("\n{}", summary(self, now)))?;
        tell_changes(self)?;
        tell_sizes(self.dry_run.as_ref())
    }
}

fn summary(published: &Published, now: Timestamp) -> String {
    let expires = published.expires_at;
    fields(&[
        ("version", published.version.to_string()),
        ("campaigns", published.campaigns.to_string()),
        ("size", count(published.bytes, "byte")),
        ("expires", format!("{}, {}", written(expires), distance(expires, now))),
        ("revision", published.revision.clone()),
        ("sha256", published.sha256.clone()),
    ])
}

fn tell_changes(published: &Published) -> Result<(), Failure> {
    // of codes it is known also where nobody said what the campaigns were
    let compared = published.changes.is_some();
    let of_codes = || published.codes().map(changes_of_codes).unwrap_or_default();
    match published.changes.clone().unwrap_or_else(of_codes).as_slice() {
        [] if compared => Ok(say("\nnothing changes for shoppers")?),
        [] => Ok(()),
        changes => {
            let rows = changes.iter().map(|Change { campaign, text }| {
                vec![campaign.clone().unwrap_or_else(|| "all campaigns".to_owned()), text.clone()]
            });
            Ok(say(&format!("\n{}", table(&[Column::Text("campaign"), Column::Text("what changes")], rows.collect())))?)
        }
    }
}

fn tell_sizes(rehearsal: Option<&Rehearsal>) -> Result<(), Failure> {
    let Some(Rehearsal { campaign_sizes }) = rehearsal else { return Ok(()) };
    let row = |CampaignSize { campaign, bytes, edge_bytes }: &CampaignSize| {
        let edge_bytes = edge_bytes.map(|bytes| bytes.to_string());
        [campaign.clone(), bytes.to_string()].into_iter().chain(edge_bytes).collect()
    };
    let mut columns = vec![Column::Text("campaign"), Column::Number("bytes")];
    if campaign_sizes.iter().any(|size| size.edge_bytes.is_some()) {
        columns.push(Column::Number("bytes at the edge"));
    }
    Ok(say(&format!("\n{}", table(&columns, campaign_sizes.iter().map(row).collect())))?)
}
