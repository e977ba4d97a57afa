//! counterfoil beside hand-written JavaScript and other engines, in one run: what `bench/` measures, as ratios.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{json, Map, Value};

use crate::budget::{budgets, Ratio};
use crate::house::House;
use crate::progress::Step;
use crate::stamp::Stamp;
use crate::{pkg, setup};

/// Measure counterfoil beside hand-written JavaScript and other engines: ratios of one run
#[derive(clap::Args)]
pub struct Args {
    /// W1: 20 lines, 25 promotions; W2: 100 lines, 1,000 promotions
    #[arg(value_delimiter = ',', default_values = ["W1", "W2"], value_parser = ["W1", "W2"])]
    workloads: Vec<String>,
    /// A fifth of the rounds
    #[arg(long)]
    quick: bool,
    /// Only contenders whose names contain one of these; hand-written JavaScript always runs
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Without the other engines
    #[arg(long)]
    no_peers: bool,
    /// Write everything that was measured to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The figures of budgets.json that `bench/run.mjs` measures: what they are called there, and the contender's row.
const DOORS: [(&str, &str); 3] = [
    ("object door", "counterfoil quote"),
    ("bytes door", "body bytes -> bytes: counterfoil"),
    ("session", "counterfoil session.setQuantity"),
];

pub fn run(house: &House, args: Args) -> Result<()> {
    pkg::ensure(house)?;
    or_leave_out(house, "bench packages", npm_packages);
    or_leave_out(house, "floor", floor);
    if !args.no_peers {
        or_leave_out(house, "yggdrasil", yggdrasil);
    }
    let measured = measure(house, &args)?;
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&measured)?;
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    print_figures(house, &figures(&measured))?;
    print_peers(house, &measured);
    Ok(())
}

/// What this machine cannot have is named and left out of the run.
fn or_leave_out(house: &House, name: &'static str, build: fn(&House) -> Result<Step>) {
    if let Err(error) = house.progress.step(name, || build(house)) {
        house.progress.line(&format!("{error:#}\n    {name:<18} left out"));
    }
}

/// The other engines are optional dependencies: npm itself leaves out what does not fit this machine.
fn npm_packages(house: &House) -> Result<Step> {
    let listing = house.path("bench/node_modules/.package-lock.json");
    let stamp = Stamp::new(house, "bench-npm").input("bench/package.json")?;
    if listing.is_file() && stamp.is_fresh(&listing)? {
        return Ok(Step::UpToDate);
    }
    let mut npm = house.command("npm");
    npm.current_dir(house.path("bench"));
    npm.args(["install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"]);
    house.run(&mut npm)?;
    stamp.keep(&listing)?;
    Ok(Step::Done)
}

/// The evaluator without explanations that shows what the hardware allows.
fn floor(house: &House) -> Result<Step> {
    let inputs = ["bench/floor/src", "bench/floor/Cargo.toml", "bench/floor/build.mjs"];
    built(house, "bench-floor", &inputs, "bench/floor/out", &["bench/floor/build.mjs"])
}

fn yggdrasil(house: &House) -> Result<Step> {
    let inputs = ["bench/peers/yggdrasil/src", "bench/peers/yggdrasil/Cargo.toml", "bench/peers/build.mjs"];
    built(house, "bench-yggdrasil", &inputs, "bench/peers/yggdrasil/out", &["bench/peers/build.mjs", "yggdrasil"])
}

fn built(house: &House, name: &str, inputs: &[&str], output: &str, script: &[&str]) -> Result<Step> {
    let output = house.path(output);
    let mut stamp = Stamp::new(house, name).input("rust-toolchain.toml")?.input("tools/Cargo.lock")?;
    for input in inputs {
        stamp = stamp.input(input)?;
    }
    if output.is_dir() && stamp.is_fresh(&output)? {
        return Ok(Step::UpToDate);
    }
    setup::wasm_pack(house)?;
    house.run(house.command("node").args(script))?;
    stamp.keep(&output)?;
    Ok(Step::Done)
}

/// Everything that the scripts of `bench/` report: `workloads`, `scaling` and `cold`.
fn measure(house: &House, args: &Args) -> Result<Value> {
    let mut workloads = Map::new();
    for name in &args.workloads {
        let report = report(house, args, &format!("{name} quotes"), &["bench/run.mjs", name])?;
        let rows = report.pointer(&format!("/workloads/{name}")).with_context(|| format!("no rows for {name}"))?;
        workloads.insert(name.clone(), rows.clone());
    }
    let scaling = report(house, args, "10,000 promotions", &["bench/scaling.mjs", "--no-floor"])?;
    let samples = if args.quick { "5" } else { "15" };
    let cold = report(house, args, "cold start", &["bench/cold.mjs", samples, &args.workloads.join(",")])?;
    Ok(json!({ "workloads": workloads, "scaling": scaling, "cold": cold }))
}

/// Runs a script of `bench/`; its own tables are shown with `-v`.
fn report(house: &House, args: &Args, step: &str, script: &[&str]) -> Result<Value> {
    let file = house.target().join("xtask/bench.json");
    let mut node = house.command("node");
    node.args(script).arg("--json").arg(&file);
    if args.quick {
        node.arg("--quick");
    }
    if args.no_peers {
        node.arg("--no-peers");
    }
    if !args.only.is_empty() {
        node.arg("--only").arg(args.only.join(","));
    }
    house.progress.step(step, || {
        let printed = house.run(&mut node)?;
        let skipped: BTreeSet<&str> = printed.lines().filter(|line| line.starts_with("skipped ")).collect();
        skipped.iter().for_each(|line| house.progress.line(&format!("    {line}")));
        Ok(Step::Done)
    })?;
    serde_json::from_str(&fs::read_to_string(&file)?).with_context(|| format!("{} reported nothing", script.concat()))
}

/// A ratio of one run and the two times it is of.
struct Figure {
    name: String,
    ratio: f64,
    own: String,
    other: String,
}

fn figures(measured: &Value) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (door, contender) in DOORS {
        for (workload, rows) in members(measured, "/workloads") {
            let own = row(rows, contender);
            let best = if door == "bytes door" { "body bytes -> bytes: js " } else { "js " };
            let best = rows_of(rows).filter(|row| text(row, "name").starts_with(best)).map(|row| number(row, "us"));
            let (ratio, us, best) = (number(own, "xjs"), number(own, "us"), best.fold(f64::NAN, f64::min));
            let name = format!("{door} {workload}");
            figures.push(Figure { name, ratio, own: format!("{us:.1} us"), other: format!("{best:.1} us") });
        }
    }
    let at = |promotions: f64| {
        let scaling = measured.get("scaling").unwrap_or(&Value::Null);
        let row = rows_of(scaling).find(|row| number(row, "promotions") == promotions);
        row.map_or(f64::NAN, |row| number(row, "counterfoil quote, total only"))
    };
    let (many, few) = (at(10_000.0), at(25.0));
    let name = "10,000 against 25".to_owned();
    figures.push(Figure { name, ratio: many / few, own: format!("{many:.1} us"), other: format!("{few:.1} us") });
    for (workload, rows) in members(measured, "/cold") {
        let own = number(row(rows, "counterfoil"), "total");
        let written = rows_of(rows).filter(|row| text(row, "name").starts_with("js "));
        let best = written.map(|row| number(row, "total")).fold(f64::NAN, f64::min);
        let name = format!("cold start {workload}");
        figures.push(Figure { name, ratio: own / best, own: format!("{own:.1} ms"), other: format!("{best:.1} ms") });
    }
    figures.retain(|figure| figure.ratio.is_finite());
    figures
}

fn print_figures(house: &House, figures: &[Figure]) -> Result<()> {
    let budgets = budgets(house)?.speed;
    let line = |name: &str, [ratio, aim, max, verdict, own, other]: [&str; 6]| {
        house.progress.line(&format!("    {name:<18} {ratio:>7} {aim:>7} {max:>7}   {verdict:<12} {own:>10} {other:>10}"));
    };
    house.progress.line("\nTime against hand-written JavaScript in the same run (10,000 against 25: against itself)\n");
    line("", ["ratio", "aim", "max", "", "time", "against"]);
    for Figure { name, ratio, own, other } in figures {
        let Ratio { aim, max } = *budgets.get(name).with_context(|| format!("budgets.json has no `{name}`"))?;
        let verdict = match ratio {
            ratio if *ratio <= aim => "aim reached",
            ratio if *ratio <= max => "holds",
            _ => "TOO SLOW",
        };
        line(name, [&format!("{ratio:.2}"), &aim.to_string(), &max.to_string(), verdict, own, other]);
    }
    Ok(())
}

/// Everyone's time as a multiple of the best hand-written JavaScript's, and whether the answers are the same.
fn print_peers(house: &House, measured: &Value) {
    for (workload, rows) in members(measured, "/workloads") {
        house.progress.line(&format!("\n{workload}: time against the best hand-written JavaScript of the same job\n"));
        let mut shown: Vec<&Value> = rows_of(rows).filter(|row| text(row, "kind") != "boundary").collect();
        shown.sort_by(|a, b| number(a, "xjs").total_cmp(&number(b, "xjs")));
        for row in shown {
            let (name, us, ratio) = (text(row, "name"), number(row, "us"), number(row, "xjs"));
            house.progress.line(&format!("    {ratio:>8.2} {us:>10.1} us   {name:<55} {}", text(row, "answers")));
        }
    }
}

fn members<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

fn rows_of(rows: &Value) -> impl Iterator<Item = &Value> {
    rows.as_array().into_iter().flatten()
}

fn row<'a>(rows: &'a Value, name: &str) -> &'a Value {
    rows_of(rows).find(|row| text(row, "name") == name).unwrap_or(&Value::Null)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Not-a-number where a row has no such field, so that what rests on it is left out.
fn number(row: &Value, field: &str) -> f64 {
    row.get(field).and_then(Value::as_f64).unwrap_or(f64::NAN)
}
