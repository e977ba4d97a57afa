//! Every test there is, part by part: all parts run, and a table tells how each ended.

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{bail, Result};

use crate::house::{on_path, House};
use crate::progress::{seconds, Step};
use crate::{cases, command_line, fuel, pkg, setup, size};

/// Run every test, or the parts whose names begin with one of these
#[derive(clap::Args)]
pub struct Args {
    /// Names or beginnings of names, as in the table: `clippy`, `js/corpus`
    names: Vec<String>,
    /// Name the parts and run none
    #[arg(long)]
    list: bool,
}

/// What tests with browsers and workers may take before they count as hanging; on a busy machine the longest takes a third.
const LONGEST: Duration = Duration::from_secs(10 * 60);

/// Something with a name that passes or fails.
struct Part {
    name: String,
    work: Box<Work>,
}

/// Answers with what is worth saying in the table.
type Work = dyn Fn(&House) -> Result<String>;

impl Part {
    fn new(name: impl Into<String>, work: impl Fn(&House) -> Result<String> + 'static) -> Part {
        Part { name: name.into(), work: Box::new(work) }
    }
}

fn parts(house: &House) -> Vec<Part> {
    let mut parts = vec![
        Part::new("fmt", |house| cargo(house, &["fmt", "--all", "--check"])),
        Part::new("clippy", |house| cargo(house, &["clippy", "--locked", "--workspace", "--all-targets", "--", "-Dwarnings"])),
        Part::new("clippy-wasm", |house| {
            for module in ["storefront", "workshop", "tools", "sealed"] {
                let only = ["--package", "counterfoil", "--no-default-features", "--features", module];
                let target = ["clippy", "--locked", "--target", "wasm32-unknown-unknown"];
                cargo(house, &[&target[..], &only, &["--", "-Dwarnings"]].concat())?;
            }
            Ok(String::new())
        }),
        Part::new("deny", deny),
        Part::new("doc", |house| {
            setup::rust(house)?;
            let mut doc = house.command("cargo");
            doc.args(["doc", "--locked", "--package", "counterfoil", "--no-deps"]).env("RUSTDOCFLAGS", "-Dwarnings");
            house.run(&mut doc).map(|_| String::new())
        }),
        Part::new("rust", native),
        Part::new("doctest", |house| {
            cargo(house, &["test", "--locked", "--workspace", "--doc"]).map(|printed| counted(&printed, "passed"))
        }),
        Part::new("pkg", |house| pkg::ensure(house).map(|()| String::new())),
        Part::new("size", |house| size::run(house, size::Args {}).map(|()| String::new())),
    ];
    if fuel::has_workloads(house) {
        parts.push(Part::new("fuel", |house| fuel::run(house, fuel::Args {}).map(|()| String::new())));
    }
    parts.push(Part::new("browser", browser));
    parts.push(Part::new("node", node));
    if let Some(folder) = env::var_os("COUNTERFOIL_PEER_CASES") {
        parts.push(Part::new("peers", move |house| cases::expressible_peers(house, Path::new(&folder))));
    }
    if let Some(folder) = env::var_os("COUNTERFOIL_VOUCHERIFY_CASES") {
        parts.push(Part::new("voucherify", move |house| cases::all_of_voucherify(house, Path::new(&folder))));
    }
    for suite in house.files_ending("tests/js", ".test.mjs") {
        let name = suite.file_name().unwrap_or_default().to_string_lossy().replace(".test.mjs", "");
        parts.push(Part::new(format!("js/{name}"), move |house| javascript(house, &suite)));
    }
    parts
}

pub fn run(house: &House, Args { names, list }: Args) -> Result<()> {
    let mut parts = parts(house);
    let known: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    if let Some(name) = names.iter().find(|name| !known.iter().any(|part| part.starts_with(*name))) {
        bail!("no part is called `{name}`; there are {}", known.join(", "));
    }
    parts.retain(|part| names.is_empty() || names.iter().any(|name| part.name.starts_with(name)));
    if list {
        parts.iter().for_each(|part| println!("{}", part.name));
        return Ok(());
    }

    let mut table = Vec::new();
    for part in &parts {
        let (ended, took) = house.progress.timed(&part.name, || (part.work)(house));
        let (mark, note) = match ended {
            Ok(note) => ("ok", note),
            Err(error) => {
                house.progress.line(&format!("{error:#}"));
                ("FAILED", String::new())
            }
        };
        let row = row(mark, &part.name, took, &note);
        house.progress.line(&row);
        table.push((mark == "ok", row));
    }
    conclude(&table)
}

fn row(mark: &str, name: &str, took: Duration, note: &str) -> String {
    format!("{mark:<6}  {name:<18} {:>10}  {note}", seconds(took)).trim_end().to_owned()
}

fn conclude(table: &[(bool, String)]) -> Result<()> {
    println!();
    table.iter().for_each(|(_, row)| println!("{row}"));
    let failed = table.iter().filter(|(passed, _)| !passed).count();
    println!("\n{} passed, {failed} failed", table.len() - failed);
    if failed > 0 {
        // The summary is the last line; the exit code says the rest.
        std::process::exit(1);
    }
    Ok(())
}

fn cargo(house: &House, arguments: &[&str]) -> Result<String> {
    setup::rust(house)?;
    house.run(house.command("cargo").args(arguments)).map(|printed| counted(&printed, "passed"))
}

fn native(house: &House) -> Result<String> {
    if on_path(&["cargo-nextest"]).is_some() {
        cargo(house, &["nextest", "run", "--locked", "--workspace", "--no-fail-fast", "--status-level=fail", "--final-status-level=fail"])
    } else {
        cargo(house, &["test", "--locked", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
    }
}

/// Licences, banned crates and sources. Advisories need a database that is fetched from elsewhere: `cargo deny check`.
fn deny(house: &House) -> Result<String> {
    let program = setup::cargo_deny(house)?;
    let check = ["--log-level=error", "--workspace", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    house.run(house.command(program).args(check)).map(|_| "licences, bans, sources".to_owned())
}

/// Test files written for wasm: `tests/web*.rs` for browsers, `tests/node*.rs`.
fn wasm_tests(house: &House, host: &str) -> Vec<String> {
    let files = house.files_ending("tests", ".rs");
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    names.filter(|name| name.starts_with(host)).map(str::to_owned).collect()
}

fn browser(house: &House) -> Result<String> {
    setup::rust(house)?;
    let browser = setup::browser(house)?;
    in_wasm(house, "web", &[Path::new("--headless"), Path::new("--chrome"), Path::new("--chromedriver"), &browser.chromedriver], None)
}

fn node(house: &House) -> Result<String> {
    setup::rust(house)?;
    // the runner writes scripts for Node here, which are modules or not as the next package.json above them says
    let scripts = house.target().join("xtask/node");
    fs::create_dir_all(&scripts)?;
    fs::write(scripts.join("package.json"), "{ \"type\": \"commonjs\" }\n")?;
    in_wasm(house, "node", &[Path::new("--node")], Some(&scripts))
}

fn in_wasm(house: &House, host: &str, options: &[&Path], temporary: Option<&Path>) -> Result<String> {
    setup::wasm_pack(house)?;
    let mut wasm_pack = house.command("wasm-pack");
    wasm_pack.args(["test", "--mode", "no-install"]).args(options).envs(temporary.map(|folder| ("TMPDIR", folder)));
    // cargo hands its quietness on to the runner, which does not know the word
    wasm_pack.args([".", "--locked"]).env("CARGO_TERM_QUIET", "false");
    for name in wasm_tests(house, host) {
        wasm_pack.args(["--test", &name]);
    }
    house.run_within(LONGEST, &mut wasm_pack).map(|printed| counted(&printed, "passed"))
}

/// What the native engine answers to the corpus: the other hosts must answer the same.
fn native_answers(house: &House) -> Result<()> {
    house.progress.once("native answers", || {
        let mut corpus = house.command("cargo");
        corpus.args(["test", "--locked", "--workspace", "--test", "corpus", "--test", "ledger", "--"]);
        corpus.args(["every_case_holds", "every_history_holds"]);
        house.run(corpus.env("CORPUS_ANSWERS", "1"))?;
        Ok(Step::Done)
    })
}

/// The suites run in Node and bring up what they need: the built package, the command line, Chromium, workerd.
fn javascript(house: &House, suite: &Path) -> Result<String> {
    pkg::ensure(house)?;
    native_answers(house)?;
    let browser = setup::browser(house)?;
    let program = command_line::ensure(house)?;
    let mut node = house.command("node");
    node.args(["--test", "--test-reporter", "spec"]).arg(suite);
    node.env("CHROMIUM", browser.chromium).env("COUNTERFOIL_CLI", program);
    house.run_within(LONGEST, &mut node).map(|printed| counted(&printed, "pass"))
}

/// The sum of the counts that test runners print, as `12 passed` (Rust) or `pass 12` (Node).
fn counted(printed: &str, word: &str) -> String {
    let words: Vec<&str> = printed.split_whitespace().map(|word| word.trim_matches([',', ';', '.'])).collect();
    let counts = words.windows(2).filter_map(|pair| match pair {
        [count, label] if *label == word && word == "passed" => count.parse::<u64>().ok(),
        [label, count] if *label == word && word == "pass" => count.parse::<u64>().ok(),
        _ => None,
    });
    match counts.sum::<u64>() {
        0 => String::new(),
        1 => "1 test".to_owned(),
        count => format!("{count} tests"),
    }
}
