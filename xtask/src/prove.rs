//! The laws of the engine on as many generated shops as one has time for; CI tries a fixed slice of them.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{bail, Context, Result};
use serde_json::Value;

use crate::house::House;
use crate::progress::{seconds, Step};
use crate::setup;

/// Try the laws of tests/properties.rs on many generated campaigns and carts
#[derive(clap::Args)]
pub struct Args {
    /// How many campaign documents in all, shared out over the laws; each serves three carts
    #[arg(long, default_value = "350000")]
    shops: u64,
    /// Only laws whose name contains one of these
    laws: Vec<String>,
}

/// Shops between two lines of progress.
const ROUND: u64 = 2_000;

pub fn run(house: &House, args: Args) -> Result<()> {
    setup::rust(house)?;
    let mut program = PathBuf::new();
    house.progress.step("properties", || {
        program = build(house)?;
        Ok(Step::Done)
    })?;
    let names = house.answer(house.command(&program).args(["--list", "--format", "terse"]))?;
    let is_wanted = |name: &&str| args.laws.is_empty() || args.laws.iter().any(|law| name.contains(law.as_str()));
    let laws: Vec<&str> = names.lines().filter_map(|line| line.strip_suffix(": test")).filter(is_wanted).collect();
    if laws.is_empty() {
        bail!("no law is called so; `cargo test --test properties -- --list` names them");
    }
    let each = args.shops.div_ceil(u64::try_from(laws.len())?);
    let start = Instant::now();
    let mut broken = Vec::new();
    for law in &laws {
        let (mut tried, of_law) = (0, Instant::now());
        let mut fault = None;
        while tried < each && fault.is_none() {
            let round = ROUND.min(each.saturating_sub(tried));
            let (held, _) = house.progress.timed(&format!("{law}: {tried} of {each} shops"), || {
                house.run(house.command(&program).args(["--exact", law]).env("PROPERTY_CASES", round.to_string()))
            });
            fault = held.err();
            tried = tried.saturating_add(round);
        }
        let result = if fault.is_none() { "ok" } else { "FAILED" };
        house.progress.line(&format!("{result:<7} {law:<60} {tried:>8} shops  {}", seconds(of_law.elapsed())));
        if let Some(fault) = fault {
            house.progress.line(&format!("{fault:#}"));
            broken.push(*law);
        }
    }
    let shops = each.saturating_mul(u64::try_from(laws.len())?);
    let took = seconds(start.elapsed());
    println!("\n{} of {} laws held on {shops} shops with three carts each, in {took}", laws.len().saturating_sub(broken.len()), laws.len());
    if !broken.is_empty() {
        bail!("these do not hold: {}", broken.join(", "));
    }
    Ok(())
}

/// Builds the properties as tests are built, with their overflow checks, and optimised besides.
fn build(house: &House) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--locked", "--profile", "proof", "--test", "properties", "--no-run", "--message-format=json"]);
    let messages = house.answer(&mut cargo)?;
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = built.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?))).next_back();
    program.context("cargo built no program for tests/properties.rs")
}
