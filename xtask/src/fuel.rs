//! How many wasm instructions a quote executes: the same number on every machine, so it can be a gate.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::budget::{budgets, compare};
use crate::house::House;
use crate::{pkg, setup};

/// Compare the wasm instructions executed per quote with budgets.json
#[derive(clap::Args)]
pub struct Args {}

/// One file per workload, named like its budget.
const WORKLOADS: &str = "tests/fuel";

pub fn run(house: &House, _: Args) -> Result<()> {
    pkg::ensure(house)?;
    setup::meter(house)?;
    // A folder called node_modules, so that Node finds the copy by its name and conditions like any installed package.
    let metered = house.target().join("xtask/metered/node_modules/counterfoil");
    copy(&house.path("pkg"), &metered)?;
    house.run(house.command("wasm-meter").arg(pkg::wasm(house)).arg(metered.join("counterfoil_bg.wasm")))?;

    let workloads = house.files_ending(WORKLOADS, ".mjs");
    let counted = house.answer(house.command("node").arg("xtask/fuel.mjs").arg(&metered).args(workloads))?;
    let counted: BTreeMap<String, u64> =
        serde_json::from_str(&counted).with_context(|| format!("xtask/fuel.mjs printed {counted:?}"))?;
    let counted: Vec<(&str, u64)> = counted.iter().map(|(name, &fuel)| (name.as_str(), fuel)).collect();
    compare(house, "instructions", &budgets(house)?.fuel, &counted)
}

/// Whether there is a workload to count.
pub fn has_workloads(house: &House) -> bool {
    !house.files_ending(WORKLOADS, ".mjs").is_empty()
}

fn copy(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
