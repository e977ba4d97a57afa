//! What somebody gets at who has nothing but the public file of a shop with sealed campaigns: guesses in a second, on all
//! processors of this machine. `docs/sealed-codes.md` says what a code is worth by it.

use anyhow::{Context, Result};

use crate::house::House;
use crate::prove::build;
use crate::setup;

/// Guess sealed codes as fast as this machine can, with nothing but the public file
#[derive(clap::Args)]
pub struct Args {
    /// For how long
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

pub fn run(house: &House, Args { seconds }: Args) -> Result<()> {
    setup::rust(house)?;
    let program = build(house, "sealed")?;
    let mut guesses = house.command(&program);
    guesses.args(["--exact", "--ignored", "--nocapture", "guesses::guesses_in_a_second"]);
    let printed = house.answer(guesses.env("GUESS_SECONDS", seconds.to_string()))?;
    let (made, took, threads) = printed.lines().find_map(told).context("the test told no figures")?;
    // milliseconds of all threads for one guess each
    let each = took.saturating_mul(threads).checked_div(made).context("not one guess was made")?;
    let rate = made.saturating_mul(1_000).checked_div(took).unwrap_or(0);
    house.progress.line(&format!("{made} guesses in {took} ms on {threads} processors: {rate} a second, {each} ms of a processor each"));
    for bits in [20_u32, 30, 40, 50, 60, 80] {
        house.progress.line(&format!("a code of {bits} bits: {} on average", span(bits, rate)));
    }
    Ok(())
}

/// `guesses<tab>made<tab>milliseconds<tab>threads`
fn told(line: &str) -> Option<(u64, u64, u64)> {
    let mut figures = line.strip_prefix("guesses\t")?.split('\t').map(|figure| figure.parse().ok());
    Some((figures.next()??, figures.next()??, figures.next()??))
}

/// How long half of the codes of so many bits take.
fn span(bits: u32, rate: u64) -> String {
    let seconds = 2_u128.pow(bits.saturating_sub(1)).checked_div(u128::from(rate)).unwrap_or(u128::MAX);
    for (unit, length) in [("years", 31_557_600), ("days", 86_400), ("hours", 3_600), ("minutes", 60)] {
        if let Some(count) = seconds.checked_div(length).filter(|count| *count >= 2) {
            return format!("{count} {unit}");
        }
    }
    format!("{seconds} seconds")
}
