//! The program `counterfoil`, built from `cli/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::house::House;
use crate::progress::Step;
use crate::setup;

/// As it is shipped.
pub fn release(house: &House) -> Result<PathBuf> {
    build(house, "command line", "release", &["--release"])
}

/// Quickly built, for tests.
pub fn debug(house: &House) -> Result<PathBuf> {
    build(house, "command line, dev", "debug", &[])
}

fn build(house: &House, step: &'static str, folder: &str, options: &[&str]) -> Result<PathBuf> {
    setup::rust(house)?;
    let program = house.target().join(folder).join(format!("counterfoil{}", std::env::consts::EXE_SUFFIX));
    house.progress.once(step, || {
        let made = || program.metadata().and_then(|file| file.modified()).ok();
        let before = made();
        let mut cargo = house.command("cargo");
        house.run(cargo.args(["build", "--locked", "--package", "counterfoil-cli"]).args(options))?;
        Ok(if before.is_some() && before == made() { Step::UpToDate } else { Step::Done })
    })?;
    Ok(program)
}
