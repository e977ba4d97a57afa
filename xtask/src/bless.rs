//! Everything that is generated and kept: each is written by the test that otherwise compares with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};

use crate::house::House;
use crate::progress::Step;
use crate::setup;

/// Write anew what is generated and kept: constants, fixtures, worked example, index of the corpus
#[derive(clap::Args)]
pub struct Args {}

/// Files, and the test that writes them when `BLESS` is set.
struct Blessed {
    name: &'static str,
    target: &'static [&'static str],
    test: &'static str,
    files: &'static [&'static str],
}

const BLESSED: [Blessed; 8] = [
    Blessed {
        name: "constants",
        target: &["--lib"],
        test: "wasm::generated::",
        files: &["src/wasm/ts/generated.ts", "docs/codes.md", "docs/request.schema.json"],
    },
    Blessed {
        name: "snapshot fixtures",
        target: &["--test", "snapshot"],
        test: "fixtures::the_folders_hold_what_the_list_says",
        files: &["tests/snapshot/ten_percent.section", "tests/attacks"],
    },
    Blessed {
        name: "sealed shop",
        target: &["--test", "sealed"],
        test: "fixture::the_shop_that_readers_try_is_up_to_date",
        files: &["tests/sealed/shop"],
    },
    Blessed {
        name: "worked example",
        target: &["--test", "snapshot"],
        test: "document::",
        files: &["docs/snapshot-format.md"],
    },
    Blessed {
        name: "schema",
        target: &["--test", "schema"],
        test: "the_kept_schema_is_up_to_date",
        files: &["docs/campaigns.schema.json"],
    },
    Blessed {
        name: "handbook",
        target: &["--test", "handbook"],
        test: "the_page_shows_every_kind",
        files: &["docs/campaigns.md"],
    },
    Blessed {
        name: "corpus index",
        target: &["--test", "corpus"],
        test: "the_index_lists_every_file",
        files: &["tests/corpus/index.json"],
    },
    Blessed {
        name: "index of histories",
        target: &["--test", "ledger"],
        test: "the_index_lists_every_file",
        files: &["tests/corpus/ledger/index.json"],
    },
];

pub fn run(house: &House, _: Args) -> Result<()> {
    setup::rust(house)?;
    let mut changes = Vec::new();
    for blessed in &BLESSED {
        let before = contents(house, blessed.files)?;
        house.progress.step(blessed.name, || {
            write(house, blessed)?;
            let changed = differences(&before, &contents(house, blessed.files)?);
            let step = if changed.is_empty() { Step::UpToDate } else { Step::Done };
            changes.extend(changed);
            Ok(step)
        })?;
    }
    println!();
    changes.iter().for_each(|change| println!("{change}"));
    println!("{}", if changes.is_empty() { "nothing changed" } else { "\nread the changes before they are committed" });
    Ok(())
}

fn write(house: &House, blessed: &Blessed) -> Result<()> {
    let mut cargo = house.command("cargo");
    cargo.args(["test", "--locked", "--workspace"]).args(blessed.target).args(["--", blessed.test]);
    // By name alone, a test that was renamed would bless nothing and still pass.
    let printed = house.run(cargo.env("BLESS", "1"))?;
    let is_run = printed.lines().any(|line| line.starts_with("test result") && !line.contains(" 0 passed"));
    ensure!(house.verbose || is_run, "no test is called `{}`", blessed.test);
    Ok(())
}

/// The files at these paths and below them, by their path in the repository.
fn contents(house: &House, paths: &[&str]) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = paths.iter().map(|path| house.path(path)).collect();
    while let Some(path) = waiting.pop() {
        let read = || format!("cannot read {}", path.display());
        if path.is_dir() {
            for entry in fs::read_dir(&path).with_context(read)? {
                waiting.push(entry?.path());
            }
        } else if path.is_file() {
            let name: &Path = path.strip_prefix(&house.root).unwrap_or(&path);
            found.insert(name.to_owned(), fs::read(&path).with_context(read)?);
        }
    }
    Ok(found)
}

fn differences(before: &BTreeMap<PathBuf, Vec<u8>>, after: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<String> {
    let names: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter_map(|name| match (before.get(name), after.get(name)) {
        (None, _) => Some(("new", name)),
        (_, None) => Some(("removed", name)),
        (Some(before), Some(after)) => (before != after).then_some(("changed", name)),
    });
    differing.map(|(what, name)| format!("{what:<8} {}", name.display())).collect()
}
