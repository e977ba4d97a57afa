//! The program `counterfoil`, built from `cli/`.

use std::path::PathBuf;

use anyhow::Result;

use crate::house::House;
use crate::progress::Step;
use crate::setup;

/// Built without optimisation: the demo and the tests run it a few times, a release build takes minutes.
pub fn ensure(house: &House) -> Result<PathBuf> {
    setup::rust(house)?;
    let program = house.target().join("debug").join(format!("counterfoil{}", std::env::consts::EXE_SUFFIX));
    house.progress.once("command line", || {
        let made = || program.metadata().and_then(|file| file.modified()).ok();
        let before = made();
        let mut cargo = house.command("cargo");
        house.run(cargo.args(["build", "--locked", "--package", "counterfoil-cli"]))?;
        Ok(if before.is_some() && before == made() { Step::UpToDate } else { Step::Done })
    })?;
    Ok(program)
}
