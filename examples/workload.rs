//! Runs the workloads of `bench/` natively: signs their campaigns, answers their requests, repeats them under a meter.
//!
//! ```text
//! node bench/dump.mjs
//! cargo run --release --example workload -- answer W1          # one quote a line
//! valgrind --tool=callgrind --toggle-collect='*quote_bytes*' target/release/examples/workload quote W1 4
//! ```

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;

use counterfoil::cart::Cart;
use counterfoil::request::{self, Moment, Names};

#[path = "../benches/workload/mod.rs"]
mod workload;

use workload::{Sealed, Workload};

const USAGE: &str =
    "usage: workload seal CAMPAIGNS SNAPSHOT RING | answer NAME | quote NAME ROUNDS | evaluate NAME ROUNDS";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["seal", campaigns, snapshot, ring] => {
            let sealed = Sealed::of(Path::new(campaigns))?;
            fs::write(snapshot, &sealed.snapshot)?;
            fs::write(ring, serde_json::to_string(&sealed.ring)?)?;
        }
        ["answer", name] => {
            let workload = Workload::read(name)?;
            let mut engine = workload.sealed.open()?;
            let mut out = io::stdout().lock();
            for request in &workload.requests {
                out.write_all(engine.quote_bytes(request, None)?)?;
                out.write_all(b"\n")?;
            }
        }
        ["quote", name, rounds] => {
            let workload = Workload::read(name)?;
            let mut engine = workload.sealed.open()?;
            for _ in 0..rounds.parse()? {
                for request in &workload.requests {
                    black_box(engine.quote_bytes(request, None)?);
                }
            }
        }
        ["evaluate", name, rounds] => {
            let workload = Workload::read(name)?;
            let mut engine = workload.sealed.open()?;
            let mut carts = Vec::new();
            for request in &workload.requests {
                let mut cart = Cart::default();
                request::read(request, Moment::default(), engine.catalog(), &mut cart, &mut Names::default())?;
                carts.push(cart);
            }
            for _ in 0..rounds.parse()? {
                for cart in &carts {
                    black_box(engine.evaluate(cart));
                }
            }
        }
        _ => return Err(USAGE.into()),
    }
    Ok(())
}
