//! The npm package in `pkg/`: wasm-pack's output, optimised, with the TypeScript of `src/wasm/ts` laid over it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{anyhow, bail, Context, Result};
use serde_json::Value;

use crate::house::House;
use crate::progress::Step;
use crate::setup;
use crate::stamp::Stamp;

/// Build the npm package into pkg/
#[derive(clap::Args)]
pub struct Args {}

/// Everything the package is made from.
const INPUTS: [&str; 13] = [
    "src",
    "build.rs",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo",
    "tools/Cargo.lock",
    "package-lock.json",
    "tsconfig.json",
    "README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "xtask/src/pkg.rs",
];

/// Stands in src/wasm/package.json for the version of the crate.
const UNVERSIONED: &str = r#""version": "0.0.0""#;

pub fn run(house: &House, _: Args) -> Result<()> {
    ensure(house)
}

pub fn ensure(house: &House) -> Result<()> {
    setup::rust(house)?;
    setup::wasm_pack(house)?;
    setup::npm(house)?;
    house.progress.once("pkg", || {
        let mut stamp = Stamp::new(house, "pkg");
        for input in INPUTS {
            stamp = stamp.input(input)?;
        }
        if stamp.is_fresh(&house.path("pkg"))? {
            return Ok(Step::UpToDate);
        }
        clear(house)?;
        build_modules(house)?;
        wrap_glue(house)?;
        lay_typescript_over(house)?;
        bundle_elements(house)?;
        bundle_entries(house)?;
        stamp.keep(&house.path("pkg"))?;
        Ok(Step::Done)
    })
}

/// The wasm module as it is shipped.
pub fn wasm(house: &House) -> PathBuf {
    house.path("pkg/counterfoil_bg.wasm")
}

/// The module of `counterfoil/workshop`.
pub fn workshop_wasm(house: &House) -> PathBuf {
    house.path("pkg/workshop_bg.wasm")
}

/// The module of `counterfoil/loyalty`.
pub fn loyalty_wasm(house: &House) -> PathBuf {
    house.path("pkg/loyalty_bg.wasm")
}

/// The module of `counterfoil/sealed`.
pub fn sealed_wasm(house: &House) -> PathBuf {
    house.path("pkg/sealed_bg.wasm")
}

/// wasm-pack leaves what an earlier build wrote; a file that is no longer made must not be shipped.
fn clear(house: &House) -> Result<()> {
    fs::create_dir_all(house.path("pkg"))?;
    for entry in fs::read_dir(house.path("pkg")).context("cannot read pkg/")?.flatten() {
        let path = entry.path();
        if entry.file_name() == ".gitkeep" {
            continue;
        }
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

fn build(house: &House, folder: &str, feature: &str) -> Result<()> {
    // Without --no-gitignore a `*` ignore file would stand in the package; --mode no-install: tools are ours to provide.
    let options = ["--release", "--target", "web", "--out-dir", folder, "--no-gitignore", "--mode", "no-install"];
    house.run(house.command("wasm-pack").arg("build").args(options).args(["--", "--locked", "--no-default-features", "--features", feature])).map(|_| ())
}

/// Modules are compiled one after another, as cargo has one lock, and each is optimised while the next ones compile.
fn build_modules(house: &House) -> Result<()> {
    thread::scope(|scope| {
        let mut optimising = Vec::new();
        build(house, "pkg", "storefront")?;
        optimising.push(scope.spawn(|| optimise(house, wasm(house))));
        build_beside(house, "tools", &workshop_wasm(house))?;
        optimising.push(scope.spawn(|| optimise(house, workshop_wasm(house))));
        build_beside(house, "workshop", &loyalty_wasm(house))?;
        optimising.push(scope.spawn(|| optimise(house, loyalty_wasm(house))));
        build_sealed(house)?;
        optimising.push(scope.spawn(|| optimise(house, sealed_wasm(house))));
        optimising.into_iter().try_for_each(|module| module.join().map_err(|_| anyhow!("a thread panicked"))?)
    })
}

/// The module of another entry, built from the same crate with another feature. It imports what the storefront's does, so the
/// glue of that one serves all.
fn build_beside(house: &House, feature: &str, module: &Path) -> Result<()> {
    let folder = house.target().join("xtask").join(feature);
    build(house, &folder.display().to_string(), feature)?;
    fs::copy(folder.join("counterfoil_bg.wasm"), module).with_context(|| format!("wasm-pack built no {feature}")).map(|_| ())
}

/// The module of `counterfoil/sealed`, which knows nothing of JavaScript: it imports nothing, and needs no glue.
fn build_sealed(house: &House) -> Result<()> {
    let mut cargo = house.command("cargo");
    cargo.args(["build", "--locked", "--release", "--lib", "--target", "wasm32-unknown-unknown"]);
    house.run(cargo.args(["--no-default-features", "--features", "sealed"]))?;
    let built = house.target().join("wasm32-unknown-unknown/release/counterfoil.wasm");
    fs::copy(built, sealed_wasm(house)).context("cargo built no module for sealed codes").map(|_| ())
}

/// The `wasm-opt` of the npm package: Debian 12's exits 0 and breaks the module.
fn optimise(house: &House, module: PathBuf) -> Result<()> {
    let mut wasm_opt = setup::npm_program(house, "wasm-opt")?;
    wasm_opt.args(["-O3", "--strip-debug", "--strip-producers", "--strip-target-features"]);
    house.run(wasm_opt.arg(&module).arg("-o").arg(&module)).map(|_| ())
}

/// wasm-bindgen's glue holds one instance for ever. Wrapped into a function it makes as many as are asked for, so
/// that an instance that trapped can be dropped.
fn wrap_glue(house: &House) -> Result<()> {
    let entry = house.target().join("xtask/instance.js");
    let glue = house.path("pkg/counterfoil.js");
    fs::write(&entry, format!("import {{ initSync }} from {:?};\ninstance = initSync({{ module }});\n", glue.display().to_string()))?;
    let mut esbuild = setup::npm_program(house, "esbuild")?;
    esbuild.arg(&entry).args(["--bundle", "--format=iife", "--minify", "--log-level=error"]);
    esbuild.args(["--define:import.meta.url=\"\"", "--legal-comments=none"]);
    esbuild.args(["--banner:js=export function createInstance(module){let instance;", "--footer:js=return instance}"]);
    house.run(esbuild.arg(format!("--outfile={}", house.path("pkg/glue.js").display())))?;
    for unwrapped in ["counterfoil.js", "counterfoil.d.ts", "counterfoil_bg.wasm.d.ts"] {
        fs::remove_file(house.path("pkg").join(unwrapped))?;
    }
    Ok(())
}

fn lay_typescript_over(house: &House) -> Result<()> {
    if house.path("src/wasm/ts").is_dir() {
        house.run(setup::npm_program(house, "tsc")?.args(["--project", "tsconfig.json"]))?;
        // tsc leaves a declaration written by hand where it is, and those it writes lean on this one
        fs::copy(house.path("src/wasm/ts/glue.d.ts"), house.path("pkg/glue.d.ts"))?;
    }
    let manifest = house.path("src/wasm/package.json");
    if manifest.is_file() {
        let text = fs::read_to_string(&manifest)?;
        // As text: the order of the conditions in `exports` has a meaning that a parsed object would lose.
        let Some((before, after)) = text.split_once(UNVERSIONED) else {
            bail!("src/wasm/package.json must say {UNVERSIONED}; the version of Cargo.toml is put there");
        };
        let stamped = format!("{before}\"version\": \"{}\"{after}", version(house)?);
        fs::write(house.path("pkg/package.json"), stamped)?;
    }
    Ok(())
}

/// One file for each kind of host: to find and load a module costs a cold start more than to compile it. The types stay
/// beside them as they are.
fn bundle_entries(house: &House) -> Result<()> {
    let scripts = scripts(house)?;
    let (entries, parts): (Vec<_>, Vec<_>) = scripts.into_iter().partition(|script| is_entry(script));
    let mut esbuild = setup::npm_program(house, "esbuild")?;
    esbuild.args(&entries).args(["--bundle", "--format=esm", "--target=es2022", "--platform=neutral", "--log-level=error"]);
    esbuild.args(["--external:node:*", "--external:*.wasm", "--allow-overwrite", "--legal-comments=none"]);
    house.run(esbuild.arg(format!("--outdir={}", house.path("pkg").display())))?;
    for part in parts {
        fs::remove_file(part)?;
    }
    Ok(())
}

/// What of the elements is fetched apart: when a page shows a QR code, when a code is entered that nobody knows, and when it
/// speaks a language.
const ELEMENTS: [&str; 8] =
    ["index", "qr", "sealed_codes", "messages.ar", "messages.de", "messages.pl", "messages.ro", "messages.tr"];

/// The types that the elements' entry leans on. Those of the elements themselves stay behind, and the base that they
/// stand on with them.
const ELEMENTS_TYPES: [&str; 7] = ["amounts", "index", "messages", "messages.en", "reasons", "types", "words"];

/// The custom elements with the base they stand on, as a page loads them without a bundler: one script, and what is
/// fetched only when it is needed.
fn bundle_elements(house: &House) -> Result<()> {
    let folder = elements(house);
    // inside the repository, where esbuild finds the libraries
    let compiled = house.path("pkg/elements.compiled");
    fs::rename(&folder, &compiled).context("tsc wrote no pkg/elements")?;
    let mut esbuild = setup::npm_program(house, "esbuild")?;
    esbuild.args(ELEMENTS.map(|name| compiled.join(format!("{name}.js"))));
    esbuild.args(["--bundle", "--splitting", "--minify", "--format=esm", "--target=es2022", "--log-level=error"]);
    // the engine is the one that the page has; licences stand beside
    esbuild.args(["--external:*/entry.web.js", "--external:*/entry.sealed.web.js", "--legal-comments=none", "--charset=utf8"]);
    house.run(esbuild.arg(format!("--outdir={}", folder.display())))?;
    for name in ELEMENTS_TYPES {
        let file = format!("{name}.d.ts");
        fs::copy(compiled.join(&file), folder.join(&file))?;
    }
    for library in ["lit", "lean-qr"] {
        let licence = house.path("node_modules").join(library).join("LICENSE");
        fs::copy(&licence, folder.join(format!("LICENSE-{library}"))).with_context(|| format!("cannot read {}", licence.display()))?;
    }
    fs::remove_dir_all(&compiled)?;
    Ok(())
}

/// The folder of `counterfoil/elements`.
pub fn elements(house: &House) -> PathBuf {
    house.path("pkg/elements")
}

/// The scripts that stand in pkg/.
fn scripts(house: &House) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(house.path("pkg")).context("cannot read pkg/")?.flatten().map(|entry| entry.path());
    Ok(files.filter(|path| path.extension().is_some_and(|extension| extension == "js")).collect())
}

fn is_entry(script: &Path) -> bool {
    script.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("entry."))
}

/// The engine's version, as wasm-pack wrote it from Cargo.toml.
fn version(house: &House) -> Result<String> {
    let package: Value = serde_json::from_str(&fs::read_to_string(house.path("pkg/package.json"))?)?;
    package.get("version").and_then(Value::as_str).map(str::to_owned).context("pkg/package.json has no version")
}
