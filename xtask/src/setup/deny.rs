//! cargo-deny: from PATH, else installed once beside the other tools.

use std::path::PathBuf;

use anyhow::Result;

use crate::house::{on_path, House};
use crate::progress::Step;

/// Built without optimisation: a minute instead of several, and the check takes a second either way.
const VERSION: &str = "0.20.2";

pub fn cargo_deny(house: &House) -> Result<PathBuf> {
    if let Some(installed) = on_path(&["cargo-deny"]) {
        return Ok(installed);
    }
    let own = house.target().join("tools/cargo-deny");
    let program = own.join("bin/cargo-deny");
    house.progress.once("cargo-deny", || {
        let version = house.ask(house.command(&program).arg("--version"));
        if version.is_some_and(|line| line.ends_with(VERSION)) {
            return Ok(Step::UpToDate);
        }
        let mut install = house.command("cargo");
        install.args(["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--force", "--root"]).arg(&own);
        install.arg("--target-dir").arg(own.join("target"));
        install.envs([("CARGO_PROFILE_DEV_DEBUG", "false"), ("CARGO_PROFILE_DEV_INCREMENTAL", "false")]);
        house.run(&mut install)?;
        Ok(Step::Done)
    })?;
    Ok(program)
}
