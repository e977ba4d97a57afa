//! Unique codes at their full number: how large they are, how quick to look up, and what is fetched for new ones. CI tries
//! a slice of it, `js/codes`.

use anyhow::{ensure, Context, Result};
use serde_json::json;

use crate::house::House;
use crate::pkg;

/// Measure a million unique codes beside the campaigns of workload W2, 1,204, from the generator to the engine of an edge
#[derive(clap::Args)]
pub struct Args {
    /// Codes in all
    #[arg(long, default_value_t = 1_000_000)]
    codes: u32,
    /// Campaigns that have a list of them
    #[arg(long, default_value_t = 10)]
    lists: u32,
    /// Codes that come later
    #[arg(long, default_value_t = 1_000)]
    fresh: u32,
}

pub fn run(house: &House, Args { codes, lists, fresh }: Args) -> Result<()> {
    pkg::ensure(house)?;
    let size = json!({ "codes": codes, "lists": lists, "fresh": fresh });
    let mut node = house.command("node");
    // it builds the command line as it is shipped: a million codes take a minute otherwise
    node.arg("tests/unique_codes/prove.mjs").arg(size.to_string());
    let status = node.status().context("cannot start `node`")?;
    ensure!(status.success(), "the figures do not hold");
    Ok(())
}
