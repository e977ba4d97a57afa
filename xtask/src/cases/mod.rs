//! Suites of cases that are kept elsewhere: the folder is the argument.

mod peers;

use std::path::{Path, PathBuf};
use std::process::exit;

use anyhow::{bail, Result};

use crate::house::House;

/// Run a folder of cases that are kept elsewhere
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    suite: Suite,
}

#[derive(clap::Subcommand)]
enum Suite {
    /// Cases from peers' own test suites, in their neutral form
    Peers {
        /// The folder of their JSON files
        folder: PathBuf,
        /// Skip the cases that campaign documents cannot express yet
        #[arg(long)]
        only_expressible: bool,
    },
}

pub fn run(_: &House, args: Args) -> Result<()> {
    let Suite::Peers { folder, only_expressible } = args.suite;
    let report = peers::run(&folder, only_expressible, |line| println!("{line}"))?;
    let missing = report.missing();
    if !missing.is_empty() {
        println!("\nnot yet expressible, in how many cases:");
        missing.iter().for_each(|(mechanism, count)| println!("{count:>5}  {mechanism}"));
    }
    println!("\n{}", report.closing());
    if !report.is_good() {
        // The summary is the last line; the exit code says the rest.
        exit(1);
    }
    Ok(())
}

/// The expressible cases of a folder as a part of `cargo xtask test`.
pub fn expressible_peers(folder: &Path) -> Result<String> {
    let mut told = Vec::new();
    let report = peers::run(folder, true, |line| told.push(line.to_owned()))?;
    if !report.is_good() {
        told.retain(|line| line.starts_with("FAILED"));
        bail!("{}\n{}", told.join("\n"), report.closing());
    }
    Ok(report.closing())
}
