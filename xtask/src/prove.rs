//! The laws of the engine on as many generated shops, and those of the ledger on as many random histories, as one has time
//! for; CI tries a fixed slice of them.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{bail, Context, Result};
use serde_json::Value;

use crate::house::House;
use crate::progress::{seconds, Step};
use crate::setup;

/// Try the laws of tests/properties.rs on many generated campaigns and carts, and those of tests/ledger on many histories
#[derive(clap::Args)]
pub struct Args {
    /// How many campaign documents in all, shared out over the laws; each serves three carts
    #[arg(long, default_value = "350000")]
    shops: u64,
    /// How many histories for each law of the ledger
    #[arg(long, default_value = "100000")]
    histories: u64,
    /// Only laws whose name contains one of these
    laws: Vec<String>,
}

/// Cases between two lines of progress.
const ROUND: u64 = 2_000;

/// A test that generates its cases.
struct Law {
    program: PathBuf,
    name: String,
    /// What a case is.
    cases: &'static str,
}

pub fn run(house: &House, args: Args) -> Result<()> {
    setup::rust(house)?;
    let mut laws = Vec::new();
    for (test, of, cases) in [("properties", "", "shops"), ("ledger", "random", "histories")] {
        let mut program = PathBuf::new();
        house.progress.step(test, || {
            program = build(house, test)?;
            Ok(Step::Done)
        })?;
        let names = house.answer(house.command(&program).args(["--list", "--format", "terse"]))?;
        let is_wanted = |name: &&str| args.laws.is_empty() || args.laws.iter().any(|law| name.contains(law.as_str()));
        let names = names.lines().filter_map(|line| line.strip_suffix(": test")).filter(is_wanted);
        let names = names.filter(|name| name.starts_with(of));
        laws.extend(names.map(|name| Law { program: program.clone(), name: name.to_owned(), cases }));
    }
    if laws.is_empty() {
        bail!("no law is called so; `cargo test --test properties -- --list` names them");
    }
    let count = |cases: &str| u64::try_from(laws.iter().filter(|law| law.cases == cases).count());
    let (of_shops, of_histories) = (count("shops")?, count("histories")?);
    let shops = args.shops.checked_div(of_shops).unwrap_or(0);
    let start = Instant::now();
    for law in &laws {
        try_out(house, law, if law.cases == "shops" { shops } else { args.histories })?;
    }
    let (shops, histories) = (shops.saturating_mul(of_shops), args.histories.saturating_mul(of_histories));
    let took = seconds(start.elapsed());
    println!("\n{} laws held on {shops} shops with three carts each and {histories} histories, in {took}", laws.len());
    Ok(())
}

/// Tries a law round by round.
fn try_out(house: &House, law: &Law, each: u64) -> Result<()> {
    let Law { program, name, cases } = law;
    let (mut tried, start) = (0, Instant::now());
    while tried < each {
        let round = ROUND.min(each.saturating_sub(tried));
        let (held, _) = house.progress.timed(&format!("{name}: {tried} of {each} {cases}"), || {
            house.run(house.command(program).args(["--exact", name]).env("PROPERTY_CASES", round.to_string()))
        });
        held.with_context(|| format!("{name} does not hold"))?;
        tried = tried.saturating_add(round);
    }
    house.progress.line(&format!("ok      {name:<60} {each:>8} {cases}  {}", seconds(start.elapsed())));
    Ok(())
}

/// Builds a test as tests are built, with its overflow checks, and optimised besides.
fn build(house: &House, test: &str) -> Result<PathBuf> {
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--locked", "--profile", "proof", "--test", test, "--no-run", "--message-format=json"]);
    let messages = house.answer(&mut cargo)?;
    let built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = built.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?))).next_back();
    program.with_context(|| format!("cargo built no program for the test {test}"))
}
