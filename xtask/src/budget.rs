//! The figures of `budgets.json`, and tables of measurements against them.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{bail, Context, Result};
use serde::Deserialize;

use crate::house::House;

#[derive(Deserialize)]
pub struct Budgets {
    pub size: BTreeMap<String, Budget>,
    pub fuel: BTreeMap<String, Budget>,
    pub speed: BTreeMap<String, Ratio>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Budget {
    /// What is worked towards.
    pub aim: u64,
    /// What fails.
    pub max: u64,
}

/// A time as a multiple of another of the same run.
#[derive(Clone, Copy, Deserialize)]
pub struct Ratio {
    /// What is worked towards.
    pub aim: f64,
    /// What it is never above.
    pub max: f64,
}

pub fn budgets(house: &House) -> Result<Budgets> {
    let text = fs::read_to_string(house.path("budgets.json")).context("cannot read budgets.json")?;
    serde_json::from_str(&text).context("budgets.json is not of the expected form")
}

/// Prints each measurement beside its budget and fails if one is above.
pub fn compare(house: &House, unit: &str, budgets: &BTreeMap<String, Budget>, measured: &[(&str, u64)]) -> Result<()> {
    house.progress.line(&format!("    {unit:<18} {:>10} {:>10} {:>10}", "now", "aim", "max"));
    let mut above = Vec::new();
    for &(name, now) in measured {
        let Budget { aim, max } = *budgets.get(name).with_context(|| format!("budgets.json has no `{name}`"))?;
        house.progress.line(&format!("    {name:<18} {now:>10} {aim:>10} {max:>10}"));
        if now > max {
            above.push(format!("{name}: {now} {unit} is above {max}"));
        }
    }
    if above.is_empty() {
        Ok(())
    } else {
        bail!("{}", above.join("\n"))
    }
}
