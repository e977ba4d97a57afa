//! The arguments, and with them the manual: every `--help` says what a command does, what it refuses, and shows
//! one example.

use clap::{Parser, Subcommand};

use crate::command::{check, codes, export, import, keygen, publish, pulse, quote, root, schema, test, verify};

/// Promotion and loyalty rules, compiled and signed once, evaluated wherever the cart is.
#[derive(Debug, Parser)]
#[command(
    name = "counterfoil",
    version,
    long_about = "Write campaigns as JSON or YAML documents, check and test them, try them on a cart, and publish them \
                  as a signed snapshot that browsers, edge workers and servers evaluate alike.",
    after_help = "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 faults or failed cases were found.\n\
                  Colours follow the terminal; NO_COLOR turns them off.",
    after_long_help = "From nothing to a published snapshot:\n\
                       \n  counterfoil keygen --out keys --audience my-shop\
                       \n  counterfoil check campaigns.json\
                       \n  counterfoil quote --campaigns campaigns.json --request cart.json\
                       \n  counterfoil publish --campaigns campaigns.json --key keys/publisher.key.json \\\
                       \n      --key-ring keys/key-ring.json --to public\
                       \n\
                       \nExit codes: 0 done, 1 refused, 2 wrong usage, 3 faults or failed cases were found.\
                       \nColours follow the terminal; NO_COLOR turns them off.",
    arg_required_else_help = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; what they do is said where their arguments are.
#[derive(Debug, Subcommand)]
pub enum Command {
    Keygen(keygen::Arguments),
    Check(check::Arguments),
    Quote(quote::Arguments),
    Schema(schema::Arguments),
    Test(test::Arguments),
    Publish(publish::Arguments),
    Verify(verify::Arguments),
    Root(root::Arguments),
    Pulse(pulse::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Codes(codes::Arguments),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_contradict_nothing() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_is_explained_with_an_example() {
        for command in Arguments::command().get_subcommands() {
            let help = command.clone().render_long_help().to_string();
            let example = format!("counterfoil {}", command.get_name());
            assert!(help.contains("Example") && help.contains(&example), "{help}");
            assert!(command.get_long_about().is_some(), "{help}");
            assert!(command.get_arguments().all(|argument| argument.get_help().is_some()), "{help}");
        }
    }
}
