//! The laws of the engine on as many generated shops, and those of the ledger on as many random histories, as one has time
//! for; CI tries a fixed slice of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use serde_json::Value;

use crate::house::House;
use crate::progress::{seconds, Step};
use crate::setup;

/// Try the laws of tests/properties.rs on many generated campaigns and carts, and those of tests/ledger on many histories
#[derive(clap::Args)]
pub struct Args {
    /// How many campaign documents each law is tried on; each serves three carts
    #[arg(long, default_value = "350000")]
    shops: u64,
    /// The seed of the first one: that of the last line of progress goes on where a run ended. Histories have one for each
    /// round of 2,000
    #[arg(long, default_value = "0")]
    from: u64,
    /// How many histories for each law of the ledger
    #[arg(long, default_value = "100000")]
    histories: u64,
    /// Only these laws
    laws: Vec<String>,
}

/// Shops or histories between two lines of progress.
const ROUND: u64 = 2_000;

/// The test that tries several laws on the same shops.
const OF_SHOPS: &str = "every_law";

pub fn run(house: &House, args: Args) -> Result<()> {
    setup::rust(house)?;
    let start = Instant::now();
    let (shops, of_shops) = laws(house, "properties", &args.laws)?;
    let (histories, of_histories) = match args.histories {
        0 => (PathBuf::new(), Vec::new()),
        _ => laws(house, "ledger", &args.laws)?,
    };
    let of_histories: Vec<String> = of_histories.into_iter().filter(|name| name.starts_with("random")).collect();
    let not_a_law = |name: &&String| !of_shops.contains(name) && !of_histories.contains(name);
    if let Some(name) = args.laws.iter().find(not_a_law) {
        bail!("no law is called `{name}`; `cargo test --test properties -- --list` names them");
    }
    if !of_shops.is_empty() {
        let seeds = args.from..args.from.saturating_add(args.shops);
        on_shops(house, &shops, seeds, &args.laws.iter().filter(|name| of_shops.contains(name)).collect::<Vec<_>>())?;
    }
    for name in &of_histories {
        on_histories(house, &histories, name, args.histories, args.from)?;
    }
    house.progress.line(&format!("every law held, in {}", seconds(start.elapsed())));
    Ok(())
}

/// The program of a test, and those of its tests that are asked for.
fn laws(house: &House, test: &'static str, asked: &[String]) -> Result<(PathBuf, Vec<String>)> {
    let mut program = PathBuf::new();
    house.progress.step(test, || {
        program = build(house, test)?;
        Ok(Step::Done)
    })?;
    let names = house.answer(house.command(&program).args(["--list", "--format", "terse"]))?;
    let names = names.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned);
    Ok((program, names.filter(|name| asked.is_empty() || asked.contains(name)).collect()))
}

/// Tries laws on shops, round by round; all failures of a round are reported.
fn on_shops(house: &House, program: &Path, seeds: Range<u64>, laws: &[&String]) -> Result<()> {
    let names = laws.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
    let (start, mut took) = (Instant::now(), BTreeMap::<String, Duration>::new());
    let mut next = seeds.start;
    while next < seeds.end {
        let until = next.saturating_add(ROUND).min(seeds.end);
        let mut round = house.command(program);
        round.args(["--exact", OF_SHOPS, "--ignored", "--nocapture"]);
        round.env("PROPERTY_SEEDS", format!("{next}..{until}")).env("PROPERTY_LAWS", &names);
        let (held, _) = house.progress.timed(&format!("seeds {next}..{until}"), || house.run(&mut round));
        let printed = held.with_context(|| format!("once mended, go on with `cargo xtask prove --from {next}`"))?;
        for (law, time) in printed.lines().filter_map(told_time) {
            let sum = took.entry(law.to_owned()).or_default();
            *sum = sum.saturating_add(time);
        }
        next = until;
        let tried = next.saturating_sub(seeds.start);
        house.progress.line(&format!("ok      {tried:>8} shops, seeds to {next:<10} {}", seconds(start.elapsed())));
    }
    for (law, time) in took {
        house.progress.line(&format!("ok      {law:<60} {}", seconds(time)));
    }
    Ok(())
}

/// `took<tab>law<tab>microseconds`
fn told_time(line: &str) -> Option<(&str, Duration)> {
    let (law, time) = line.strip_prefix("took\t")?.split_once('\t')?;
    Some((law, Duration::from_micros(time.parse().ok()?)))
}

/// Tries a law of the ledger round by round.
fn on_histories(house: &House, program: &Path, name: &str, each: u64, first: u64) -> Result<()> {
    let (mut tried, mut seed, start) = (0, first, Instant::now());
    while tried < each {
        let round = ROUND.min(each.saturating_sub(tried));
        let mut command = house.command(program);
        command.args(["--exact", name]).env("PROPERTY_CASES", round.to_string()).env("PROPERTY_SEED", seed.to_string());
        let (held, _) = house.progress.timed(&format!("{name}: {tried} of {each}"), || house.run(&mut command));
        held.with_context(|| format!("{name} does not hold with PROPERTY_CASES={round} PROPERTY_SEED={seed}"))?;
        (tried, seed) = (tried.saturating_add(round), seed.saturating_add(1));
    }
    let took = seconds(start.elapsed());
    house.progress.line(&format!("ok      {name:<60} {each:>8} histories, seeds {first}..{seed}  {took}"));
    Ok(())
}

/// Builds a test as tests are built, with its overflow checks, and optimised besides.
pub(crate) fn build(house: &House, test: &str) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--locked", "--profile", "proof", "--test", test, "--no-run", "--message-format=json"]);
    let messages = house.answer(&mut cargo)?;
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = built.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?))).next_back();
    program.with_context(|| format!("cargo built no program for the test {test}"))
}
