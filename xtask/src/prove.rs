//! The laws of the engine on as many generated shops, and those of the ledger on as many random histories, as one has time
//! for; CI tries a fixed slice of them.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{bail, Context, Result};
use serde_json::Value;

use crate::house::House;
use crate::progress::{seconds, Step};
use crate::setup;

/// Try the laws of tests/properties.rs on many generated campaigns and carts, and those of tests/ledger on many histories
#[derive(clap::Args)]
pub struct Args {
    /// How many shops each law is tried on. Of each, every kind of law has at least six pairs of campaigns and cart: three
    /// carts in two shops of their own, so that a million pairs are fewer shops than the default
    #[arg(long, default_value = "170000")]
    shops: u64,
    /// The seed of the first one: that of the last line of progress goes on where a run ended. Histories have one for each
    /// round of 2,000
    #[arg(long, default_value = "0")]
    from: u64,
    /// How many histories for each law of the ledger
    #[arg(long, default_value = "100000")]
    histories: u64,
    /// How many rounds of shops are tried at once; as many as the machine has cores when it is not said
    #[arg(long)]
    at_once: Option<NonZeroUsize>,
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
    let (shops, of_shops) = match args.shops {
        0 => (PathBuf::new(), Vec::new()),
        _ => laws(house, "properties", &args.laws)?,
    };
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
        let laws: Vec<&String> = args.laws.iter().filter(|name| of_shops.contains(name)).collect();
        let at_once = args.at_once.or_else(|| available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        on_shops(house, &shops, seeds, &laws, at_once)?;
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

/// Tries laws on shops, some rounds at a time. A broken law ends no other round; all that is broken is told.
fn on_shops(house: &House, program: &Path, seeds: Range<u64>, laws: &[&String], at_once: usize) -> Result<()> {
    let names = laws.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(",");
    let (start, mut took) = (Instant::now(), BTreeMap::<String, Duration>::new());
    let (mut next, mut tried, mut broken) = (seeds.start, 0_u64, Vec::<String>::new());
    let mut under_way: VecDeque<(Range<u64>, Child)> = VecDeque::new();
    loop {
        while under_way.len() < at_once && next < seeds.end {
            let until = next.saturating_add(ROUND).min(seeds.end);
            let mut round = house.command(program);
            round.args(["--exact", OF_SHOPS, "--ignored", "--nocapture"]);
            round.env("PROPERTY_SEEDS", format!("{next}..{until}")).env("PROPERTY_LAWS", &names);
            round.stdin(Stdio::null()).stdout(Stdio::piped());
            under_way.push_back((next..until, round.spawn()?));
            next = until;
        }
        let Some((round, child)) = under_way.pop_front() else { break };
        let name = format!("seeds {}..{}", round.start, round.end);
        let ended = house.progress.timed(&name, || child.wait_with_output()).0?;
        let printed = String::from_utf8_lossy(&ended.stdout);
        for (law, time) in printed.lines().filter_map(told_time) {
            let sum = took.entry(law.to_owned()).or_default();
            *sum = sum.saturating_add(time);
        }
        tried = tried.saturating_add(round.end.saturating_sub(round.start));
        let result = if ended.status.success() { "ok    " } else { "FAILED" };
        if !ended.status.success() {
            house.progress.line(&printed);
            broken.push(name);
        }
        let so_far = seconds(start.elapsed());
        house.progress.line(&format!("{result}  {tried:>8} shops, seeds to {:<10} {so_far}", round.end));
    }
    for (law, time) in took {
        house.progress.line(&format!("tried   {law:<60} {}", seconds(time)));
    }
    if !broken.is_empty() {
        bail!("laws are broken among {}", broken.join(", "));
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
