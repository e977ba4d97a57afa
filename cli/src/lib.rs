//! The command line `counterfoil`: campaigns are written as documents, checked, tried, tested, signed and published.
//!
//! Everything it knows about money, eligibility and signatures it asks the crate [`counterfoil`]. What is its own:
//! files and their formats ([`document`]), the places of faults in them ([`fault`]), and the case files that
//! merchants test their campaigns with ([`corpus`]).

mod args;
pub mod campaigns;
pub mod changes;
pub mod clock;
mod codes;
mod command;
pub mod corpus;
mod destination;
pub mod document;
mod edge;
pub mod fault;
mod files;
mod keys;
mod margin;
pub mod moving;
mod render;
pub mod sealing;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use fault::{Failure, Fault};

/// Runs the command line that this process was started with.
pub fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Keygen(arguments) => arguments.run(),
        Command::Check(arguments) => arguments.run(),
        Command::Quote(arguments) => arguments.run(),
        Command::Schema(arguments) => arguments.run(),
        Command::Test(arguments) => arguments.run(),
        Command::Publish(arguments) => arguments.run(),
        Command::Verify(arguments) => arguments.run(),
        Command::Root(arguments) => arguments.run(),
        Command::Pulse(arguments) => arguments.run(),
        Command::Import(arguments) => arguments.run(),
        Command::Export(arguments) => arguments.run(),
        Command::Codes(arguments) => arguments.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Findings) => ExitCode::from(3),
        Err(Failure::Refused(faults)) => {
            render::complain(&faults);
            ExitCode::from(1)
        }
        // whoever read has seen enough
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            let help = "check the disk, or where the output is sent";
            render::complain(&[Fault::new("output_failed", format!("the output cannot be written: {error}"), help)]);
            ExitCode::from(1)
        }
    }
}
