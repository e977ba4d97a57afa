//! The npm packages of the one lock file, for the root, `worker/` and `www/`.

use std::process::Command;

use anyhow::{bail, Context, Result};

use crate::house::House;
use crate::progress::Step;
use crate::stamp::Stamp;

/// The oldest Node the locked packages run on.
const NODE: (u32, u32) = (20, 19);

pub fn npm(house: &House) -> Result<()> {
    house.progress.once("npm packages", || {
        node(house)?;
        let listing = house.path("node_modules/.package-lock.json");
        let stamp = Stamp::new(house, "npm").input("package-lock.json")?.input("package.json")?;
        if listing.is_file() && stamp.is_fresh(&listing)? {
            return Ok(Step::UpToDate);
        }
        // The packages carry their programs; none needs its install script.
        house.run(house.command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
        stamp.keep(&listing)?;
        Ok(Step::Done)
    })
}

/// A program that one of the npm packages brings.
pub fn npm_program(house: &House, name: &str) -> Result<Command> {
    npm(house)?;
    let program = house.path("node_modules/.bin").join(name);
    if !program.exists() {
        bail!("`{name}` is missing in node_modules: run `npm ci`");
    }
    Ok(house.command(program))
}

fn node(house: &House) -> Result<()> {
    let version = house
        .ask(house.command("node").arg("--version"))
        .with_context(|| format!("Node {}.{} or newer is needed: install it from your distribution or nodejs.org", NODE.0, NODE.1))?;
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|number| number.parse::<u32>().ok());
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE {
        bail!("Node {}.{} or newer is needed, this is {version}", NODE.0, NODE.1);
    }
    Ok(())
}
