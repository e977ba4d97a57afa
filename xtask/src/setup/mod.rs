//! What a machine needs before anything here can be built, tested or shown.

mod browser;
mod deny;
mod npm;
mod rust;
mod tools;

pub use browser::browser;
pub use deny::cargo_deny;
pub use npm::{npm, npm_program};
pub use rust::rust;
pub use tools::{meter, wasm_pack};

use anyhow::Result;

use crate::house::House;

/// Bring this machine up to what the other verbs need; they do it themselves where something is missing
#[derive(clap::Args)]
pub struct Args {}

pub fn run(house: &House, _: Args) -> Result<()> {
    rust(house)?;
    wasm_pack(house)?;
    npm(house)?;
    browser(house).map(|_| ())
}
