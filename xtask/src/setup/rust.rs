//! The pinned toolchain with the parts named in `rust-toolchain.toml`.

use std::path::Path;

use anyhow::{bail, Result};

use crate::house::House;
use crate::progress::Step;

const TARGET: &str = "wasm32-unknown-unknown";

/// Installs what rust-toolchain.toml names and this toolchain lacks. Cargo itself never does: it runs with a toolchain
/// that has no wasm target, and with `RUSTUP_AUTO_INSTALL=0` it installs nothing at all.
pub fn rust(house: &House) -> Result<()> {
    house.progress.once("rust toolchain", || {
        if is_complete(house) {
            return Ok(Step::UpToDate);
        }
        // With RUSTUP_TOOLCHAIN set, as under cargo, rustup would not read rust-toolchain.toml.
        let install = house.run(house.command("rustup").args(["toolchain", "install"]).env_remove("RUSTUP_TOOLCHAIN"));
        if install.is_err() || !is_complete(house) {
            // An older rustup needs to be told the names.
            house.run(house.command("rustup").args(["target", "add", TARGET]))?;
            house.run(house.command("rustup").args(["component", "add", "rustfmt", "clippy"]))?;
        }
        if !is_complete(house) {
            bail!("the Rust toolchain lacks {TARGET}, rustfmt or clippy: run `rustup toolchain install` in this folder");
        }
        Ok(Step::Done)
    })
}

fn is_complete(house: &House) -> bool {
    let Some(sysroot) = house.ask(house.command("rustc").args(["--print", "sysroot"])) else { return false };
    let parts = [&*format!("lib/rustlib/{TARGET}/lib"), "bin/cargo-fmt", "bin/cargo-clippy"];
    parts.iter().all(|part| Path::new(&sysroot).join(part).exists())
}
