//! Splices of signed documents in as great a number as one has time for, and each bit and length of a large one; CI tries a
//! slice of them.

use std::path::Path;
use std::time::Instant;

use anyhow::{ensure, Context, Result};

use crate::house::House;
use crate::pkg;
use crate::progress::{seconds, Step};
use crate::prove::build;
use crate::setup;

/// Try many splices of signed documents of every type, and every bit and every length of a large snapshot
#[derive(clap::Args)]
pub struct Args {
    /// How many splices in all
    #[arg(long, default_value = "1000000")]
    splices: u64,
    /// In the wasm module as it is shipped, with every bit and length of the small documents, and not natively
    #[arg(long)]
    wasm: bool,
}

/// Splices between two lines of progress.
const ROUND: u64 = 50_000;

/// The tests that generate splices, which share their number.
const OF_SPLICES: [&str; 3] = [
    "tampering::a_splice_is_accepted_only_where_it_changes_nothing",
    "tampering::a_splice_at_the_same_place_is_accepted_only_where_it_changes_nothing",
    "tampering::a_splice_of_one_head_and_another_tail_is_no_file",
];

/// The test that goes through all bits and lengths.
const SWEEP: &str = "tampering::no_bit_and_no_length_of_a_large_snapshot";

pub fn run(house: &House, args: Args) -> Result<()> {
    if args.wasm {
        return in_wasm(house, args.splices);
    }
    setup::rust(house)?;
    let mut program = Default::default();
    house.progress.step("snapshot", || {
        program = build(house, "snapshot")?;
        Ok(Step::Done)
    })?;
    let each = args.splices.div_ceil(OF_SPLICES.len() as u64);
    for name in OF_SPLICES {
        let (mut tried, start) = (0, Instant::now());
        while tried < each {
            let round = ROUND.min(each.saturating_sub(tried));
            attempt(house, &program, name, round)?;
            tried = tried.saturating_add(round);
            house.progress.line(&format!("ok      {tried:>8} of {each} splices  {}", seconds(start.elapsed())));
        }
        house.progress.line(&format!("ok      {name:<80} {}", seconds(start.elapsed())));
    }
    let start = Instant::now();
    attempt(house, &program, SWEEP, 1)?;
    house.progress.line(&format!("ok      {SWEEP:<80} {}", seconds(start.elapsed())));
    Ok(())
}

fn in_wasm(house: &House, splices: u64) -> Result<()> {
    pkg::ensure(house)?;
    let mut node = house.command("node");
    let status = node.arg("tests/soak/tampering.mjs").arg(splices.to_string()).status().context("cannot start `node`")?;
    ensure!(status.success(), "the module takes what nobody has signed");
    Ok(())
}

fn attempt(house: &House, program: &Path, name: &str, cases: u64) -> Result<()> {
    let mut command = house.command(program);
    command.args(["--exact", "--include-ignored", name]).env("PROPERTY_CASES", cases.to_string());
    let (held, _) = house.progress.timed(name, || house.run(&mut command));
    held.map(|_| ()).with_context(|| format!("{name} does not hold"))
}
