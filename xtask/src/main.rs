//! `cargo xtask`: sets up, builds, tests, measures and shows counterfoil.

mod budget;
mod command_line;
mod house;
mod progress;
mod run;
mod stamp;

use clap::{Parser, Subcommand};
use house::House;

/// A verb is a file here with a `struct Args` (its doc comment is the help) and a `fn run`, and one line below.
macro_rules! verbs {
    ($($verb:ident,)*) => {
        $(mod $verb;)*

        #[derive(Subcommand)]
        #[allow(non_camel_case_types, reason = "the names are the verbs as typed")]
        enum Verb { $($verb($verb::Args),)* }

        impl Verb {
            fn run(self, house: &House) -> anyhow::Result<()> {
                match self { $(Verb::$verb(args) => $verb::run(house, args),)* }
            }
        }
    };
}

verbs! {
    bench,
    bless,
    cases,
    demo,
    fuel,
    guess,
    pkg,
    prove,
    prove_codes,
    prove_documents,
    prove_moving,
    prove_worker,
    screens,
    setup,
    size,
    test,
}

/// Sets up, builds, tests, measures and shows counterfoil.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Show what the programs underneath print, as they print it
    #[arg(short, long, global = true)]
    verbose: bool,
}

fn main() {
    let Cli { verb, verbose } = Cli::parse();
    if let Err(error) = verb.run(&House::new(verbose)) {
        eprintln!("\nerror: {error:#}");
        std::process::exit(1);
    }
}
