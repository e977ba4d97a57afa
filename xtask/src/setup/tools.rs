//! wasm-pack, wasm-bindgen and the wasm meter: from PATH where the versions are ours, else built from `tools/`.

use std::fs;

use anyhow::{Context, Result};

use crate::house::House;
use crate::progress::Step;
use crate::stamp::Stamp;

/// Makes `wasm-pack`, `wasm-bindgen` and `wasm-bindgen-test-runner` available to [`House::command`].
pub fn wasm_pack(house: &House) -> Result<()> {
    house.progress.once("wasm-pack", || if fits(house)? { Ok(Step::UpToDate) } else { build(house) })
}

/// Makes `wasm-meter` available, which exists nowhere else.
pub fn meter(house: &House) -> Result<()> {
    house.progress.once("wasm-meter", || build(house))
}

/// The wasm-bindgen program and library refuse each other unless they are of the same version.
fn fits(house: &House) -> Result<bool> {
    let lock = fs::read_to_string(house.path("tools/Cargo.lock")).context("cannot read tools/Cargo.lock")?;
    let bindgen = locked(&lock, "wasm-bindgen-cli");
    let wanted = [("wasm-pack", locked(&lock, "wasm-pack")), ("wasm-bindgen", bindgen), ("wasm-bindgen-test-runner", bindgen)];
    // House::command would find our own build first, which the stamp vouches for and this does not.
    let installed = |program: &str| house.ask(std::process::Command::new(program).arg("--version"));
    Ok(wanted.iter().all(|(program, version)| {
        installed(program).is_some_and(|line| version.is_some() && line.split_whitespace().nth(1) == *version)
    }))
}

fn build(house: &House) -> Result<Step> {
    let bins = house.tools();
    let stamp = Stamp::new(house, "tools")
        .input("tools/Cargo.lock")?
        .input("tools/Cargo.toml")?
        .input("tools/src")?
        .input("rust-toolchain.toml")?;
    let made = bins.join("wasm-pack");
    if made.is_file() && bins.join("wasm-meter").is_file() && stamp.is_fresh(&made)? {
        return Ok(Step::UpToDate);
    }
    house.run(
        house
            .command("cargo")
            .args(["build", "--locked", "--manifest-path", "tools/Cargo.toml", "--target-dir"])
            .arg(house.target().join("tools")),
    )?;
    stamp.keep(&made)?;
    Ok(Step::Done)
}

/// The version a lock file gives a package.
fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split('"').next()
}
