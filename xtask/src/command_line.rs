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
        // For its tests and with the whole workspace, as everything else is built. `counterfoil` is a C library too, so
        // its file has one name for all selections of features, and each would push out what the one before had made.
        house.run(cargo.args(["test", "--no-run", "--locked", "--workspace", "--test", "command_line"]))?;
        Ok(if before.is_some() && before == made() { Step::UpToDate } else { Step::Done })
    })?;
    Ok(program)
}
