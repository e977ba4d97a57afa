//! Running programs: silent when they succeed, complete when they fail.

use std::io::{pipe, Read};
use std::process::{Command, Stdio};

use anyhow::{bail, Context, Result};

use crate::house::House;

impl House {
    /// Runs a program to its end. What it printed, both streams in their order, is the answer, or part of the error.
    pub fn run(&self, command: &mut Command) -> Result<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let missing = || format!("cannot start `{name}`: is it installed and on PATH?");
        if self.verbose {
            let status = command.status().with_context(missing)?;
            return if status.success() {
                Ok(String::new())
            } else {
                bail!("`{}` failed ({status})", written(command))
            };
        }
        let (mut reader, writer) = pipe()?;
        let mut child =
            command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).spawn().with_context(missing)?;
        // The command keeps its ends of the pipe: without this the reader would never see the end.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut printed = Vec::new();
        reader.read_to_end(&mut printed)?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let status = child.wait()?;
        if status.success() {
            Ok(printed)
        } else {
            bail!("`{}` failed ({status})\n{}", written(command), printed.trim_end())
        }
    }

    /// What a program prints on its standard output, trimmed; what it says on the other is shown.
    pub fn answer(&self, command: &mut Command) -> Result<String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{name}`"))?;
        if !output.status.success() {
            bail!("`{}` failed ({})", written(command), output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The same of a program that may be missing or fail, which is then no answer.
    pub fn ask(&self, command: &mut Command) -> Option<String> {
        let output = command.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// The command as one would type it.
fn written(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
