//! The reference worker under many clients at once, killed again and again: nothing lost, nothing twice, no limit passed. CI
//! tries a slice of it, `js/soak`.

use anyhow::{ensure, Context, Result};
use serde_json::json;

use crate::house::House;
use crate::pkg;

/// Try limits, budgets, gift cards and points on the worker, with many clients and kill -9
#[derive(clap::Args)]
pub struct Args {
    /// Attempts of each trial
    #[arg(long, default_value_t = 10_000)]
    attempts: u32,
    /// How many of them may succeed where uses are limited; a hundred times that in cents, where money is
    #[arg(long, default_value_t = 500)]
    limit: u32,
    /// Clients at once
    #[arg(long, default_value_t = 64)]
    clients: u32,
    /// How often the worker is killed and started again
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// Chooses the moments and the amounts
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Only trials whose name contains one of these: uses, budget, gift card, points
    trials: Vec<String>,
}

pub fn run(house: &House, Args { attempts, limit, clients, kills, seed, trials }: Args) -> Result<()> {
    pkg::ensure(house)?;
    let size = json!({
        "attempts": attempts, "limit": limit, "clients": clients, "kills": kills, "seed": seed, "only": trials,
    });
    let mut node = house.command("node");
    let status = node.arg("tests/soak/prove.mjs").arg(size.to_string()).status().context("cannot start `node`")?;
    ensure!(status.success(), "the worker does not hold; the same --seed tries the same amounts and moments");
    Ok(())
}
