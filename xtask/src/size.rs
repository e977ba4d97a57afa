//! What a storefront downloads: the wasm and the JavaScript around it, as brotli sends them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::budget::{budgets, compare};
use crate::house::House;
use crate::{pkg, setup};

/// Compare the download sizes of the package with budgets.json
#[derive(clap::Args)]
pub struct Args {}

pub fn run(house: &House, _: Args) -> Result<()> {
    pkg::ensure(house)?;
    let glue = minified(house, &browser_entry(house)?, "glue.js")?;
    let sync = minified(house, "entry.sync.js", "sync.js")?;
    let workshop = brotli(house, &pkg::workshop_wasm(house))?;
    let loyalty = brotli(house, &pkg::loyalty_wasm(house))?;
    let sealed = brotli(house, &pkg::sealed_wasm(house))?;
    house.progress.line(&format!("    the wasm of loyalty previews, for members who see a cart: {loyalty} bytes, brotli 11"));
    house.progress.line(&format!("    the wasm of sealed codes, for who types one: {sealed} bytes, brotli 11"));
    house.progress.line(&format!("    the workshop's wasm, which no storefront downloads: {workshop} bytes, brotli 11"));
    let elements = |name: &str| brotli(house, &pkg::elements(house).join(name));
    let catalogues = ["ar", "de", "pl", "ro", "tr"].map(|language| elements(&format!("messages.{language}.js")));
    let measured = [
        ("wasm", brotli(house, &pkg::wasm(house))?),
        ("glue", brotli(house, &glue)?),
        ("sync", brotli(house, &sync)?),
        ("elements", elements("index.js")?),
        ("elements' language", catalogues.into_iter().collect::<Result<Vec<_>>>()?.into_iter().max().unwrap_or(0)),
        ("elements' QR code", elements("qr.js")?),
    ];
    compare(house, "bytes, brotli 11", &budgets(house)?.size, &measured)
}

/// An entry of the package as a page's bundler would leave it.
fn minified(house: &House, entry: &str, name: &str) -> Result<PathBuf> {
    let bundle = house.target().join("xtask").join(name);
    // The wasm stays a URL in the bundle: esbuild does not follow `new URL(…, import.meta.url)`.
    let mut esbuild = setup::npm_program(house, "esbuild")?;
    esbuild.arg(house.path("pkg").join(entry));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022"]).arg(format!("--outfile={}", bundle.display()));
    house.run(&mut esbuild)?;
    Ok(bundle)
}

/// The file a browser's bundler takes for `import 'counterfoil'`.
fn browser_entry(house: &House) -> Result<String> {
    let package: Value = serde_json::from_str(&fs::read_to_string(house.path("pkg/package.json"))?)?;
    let exports = package.pointer("/exports/.").or_else(|| package.get("exports"));
    let entry = exports.and_then(|entry| entry.get("browser").or_else(|| entry.get("default")).unwrap_or(entry).as_str());
    let entry = entry.or_else(|| package.get("main").and_then(Value::as_str));
    entry.map(str::to_owned).context("pkg/package.json names no file for browsers")
}

fn brotli(house: &House, file: &Path) -> Result<u64> {
    const SCRIPT: &str = "const { readFileSync } = require('fs'); const { brotliCompressSync, constants } = require('zlib');
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
        process.stdout.write(String(brotliCompressSync(readFileSync(process.argv[1]), { params }).length));";
    let size = house.answer(house.command("node").args(["-e", SCRIPT]).arg(file))?;
    size.parse().with_context(|| format!("node printed {size:?} for the size of {}", file.display()))
}
