//! A large project of Voucherify that moves in, out and in again. CI tries a slice of it, `js/moving`.

use anyhow::{ensure, Context, Result};
use serde_json::json;

use crate::command_line;
use crate::house::House;

/// Import a generated export of Voucherify, export it and import that again: what it takes, and whether it is the same
#[derive(clap::Args)]
pub struct Args {
    /// Campaigns of the project
    #[arg(long, default_value_t = 500)]
    campaigns: u32,
    /// Vouchers of the project
    #[arg(long, default_value_t = 100_000)]
    vouchers: u32,
    /// The most megabytes that a step may hold
    #[arg(long, default_value_t = 100)]
    memory: u32,
}

pub fn run(house: &House, Args { campaigns, vouchers, memory }: Args) -> Result<()> {
    let program = command_line::ensure(house)?;
    let size = json!({ "campaigns": campaigns, "vouchers": vouchers, "memory": memory });
    let mut node = house.command("node");
    node.arg("tests/moving/prove.mjs").arg(size.to_string()).env("COUNTERFOIL_CLI", program);
    let status = node.status().context("cannot start `node`")?;
    ensure!(status.success(), "the figures do not hold");
    Ok(())
}
