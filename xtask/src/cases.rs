//! Suites of cases that are kept elsewhere: the folder is the argument.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::exit;

use anyhow::{bail, Context, Result};

use crate::house::House;
use crate::{pkg, setup};

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
    /// Cases in Voucherify's own field names, over HTTP against the worker on workerd
    Voucherify {
        /// The folder of their JSON files
        folder: PathBuf,
    },
}

pub fn run(house: &House, args: Args) -> Result<()> {
    let (report, good) = match args.suite {
        Suite::Peers { folder, only_expressible } => peers(house, &folder, only_expressible)?,
        Suite::Voucherify { folder } => voucherify(house, &folder)?,
    };
    print!("\n{report}");
    if !good {
        // The summary is the last line; the exit code says the rest.
        exit(1);
    }
    Ok(())
}

/// The expressible cases of a folder as a part of `cargo xtask test`.
pub fn expressible_peers(house: &House, folder: &Path) -> Result<String> {
    summary(peers(house, folder, true)?)
}

/// The cases of a folder against the worker as a part of `cargo xtask test`.
pub fn all_of_voucherify(house: &House, folder: &Path) -> Result<String> {
    summary(voucherify(house, folder)?)
}

fn summary((report, good): (String, bool)) -> Result<String> {
    if !good {
        bail!("{report}");
    }
    Ok(report.lines().next_back().unwrap_or_default().to_owned())
}

/// What `tests/peers` reports of a folder, and whether that is good.
fn peers(house: &House, folder: &Path, only_expressible: bool) -> Result<(String, bool)> {
    setup::rust(house)?;
    let folder = existing(folder)?;
    fs::create_dir_all(house.target().join("xtask"))?;
    let file = house.target().join(format!("xtask/peers-{}.txt", std::process::id()));
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--locked", "--workspace", "--test", "peers", "the_cases_of_peers_hold"]);
    cargo.env("COUNTERFOIL_PEER_CASES", folder).env("COUNTERFOIL_PEER_REPORT", &file);
    cargo.env("COUNTERFOIL_PEER_GAPS", if only_expressible { "skip" } else { "fail" });
    let ended = house.run(&mut cargo);
    match fs::read_to_string(&file) {
        Ok(report) => {
            fs::remove_file(&file)?;
            Ok((report, ended.is_ok()))
        }
        // It did not come to a report.
        Err(unread) => Err(ended.err().unwrap_or_else(|| unread.into())),
    }
}

/// What `tests/js/voucherify` reports of a folder, and whether that is good.
fn voucherify(house: &House, folder: &Path) -> Result<(String, bool)> {
    let folder = existing(folder)?;
    pkg::ensure(house)?;
    let mut node = house.command("node");
    let ended = node.arg("tests/js/voucherify/run.mjs").arg(folder).output().context("cannot start `node`")?;
    let report = String::from_utf8_lossy(&ended.stdout).into_owned();
    if report.trim_end().ends_with("failed") {
        return Ok((report, ended.status.success()));
    }
    // It did not come to a report.
    bail!("{report}{}", String::from_utf8_lossy(&ended.stderr));
}

fn existing(folder: &Path) -> Result<PathBuf> {
    folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))
}
