//! Every page that people see, as pictures: taken anew, and laid beside those that were looked at and kept.

use anyhow::{ensure, Context, Result};

use crate::house::House;
use crate::{pkg, setup};

/// Take a picture of every page on a desk and a phone, light and dark, and show which differ from those in tests/screens
#[derive(clap::Args)]
pub struct Args {
    /// Names or beginnings of names, as in tests/screens/README.md: `shop-club`, `console`
    names: Vec<String>,
    /// Make the pictures the kept ones; look at each of them first
    #[arg(long)]
    keep: bool,
}

pub fn run(house: &House, Args { names, keep }: Args) -> Result<()> {
    pkg::ensure(house)?;
    let browser = setup::browser(house)?;
    let mut node = house.command("node");
    node.arg("tests/screens/take.mjs").args(names).args(keep.then_some("--keep"));
    let status = node.env("CHROMIUM", browser.chromium).status().context("cannot start `node`")?;
    ensure!(status.success(), "not every page could be taken");
    Ok(())
}
