//! Running programs: silent when they succeed, complete when they fail.

use std::io::{pipe, stdout, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{exit, Command, Stdio};
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::sync::{Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use nix::sys::signal::{killpg, Signal};
use nix::unistd::Pid;

use crate::house::House;
use crate::progress::seconds;

impl House {
    /// Runs a program to its end. What it printed, both streams in their order, is the answer, or part of the error.
    pub fn run(&self, command: &mut Command) -> Result<String> {
        if self.verbose {
            let status = command.status().with_context(|| missing(command))?;
            ensure!(status.success(), "`{}` failed ({status})", written(command));
            return Ok(String::new());
        }
        let (mut reader, writer) = pipe()?;
        let mut child = spawn(command.stdout(writer.try_clone()?).stderr(writer))?;
        let mut printed = Vec::new();
        reader.read_to_end(&mut printed)?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let status = child.wait()?;
        ensure!(status.success(), "`{}` failed ({status})\n{}", written(command), printed.trim_end());
        Ok(printed)
    }

    /// The same of a program that may hang, or leave others behind that do: after `limit` all of them are killed, and
    /// what was printed until then is part of the error.
    pub fn run_within(&self, limit: Duration, command: &mut Command) -> Result<String> {
        let (reader, writer) = pipe()?;
        let mut child = spawn(command.process_group(0).stdout(writer.try_clone()?).stderr(writer))?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        end_with_this_program(group);

        let (chunks, until) = (chunks(reader), Instant::now() + limit);
        let mut printed = Vec::new();
        let ended = loop {
            match chunks.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(chunk) => {
                    if self.verbose {
                        stdout().write_all(&chunk)?;
                    }
                    printed.extend(chunk);
                }
                Err(RecvTimeoutError::Disconnected) => break true,
                Err(RecvTimeoutError::Timeout) => break false,
            }
        };
        if !ended {
            killpg(group, Signal::SIGKILL)?;
        }
        let status = child.wait()?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        match status.success() && ended {
            true => Ok(printed),
            false if ended => bail!("`{}` failed ({status})\n{}", written(command), printed.trim_end()),
            false => bail!(
                "`{}` did not end within {}; until then it printed\n{}",
                written(command),
                seconds(limit),
                printed.trim_end()
            ),
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

/// Starts a program that reads nothing.
fn spawn(command: &mut Command) -> Result<std::process::Child> {
    let child = command.stdin(Stdio::null()).spawn().with_context(|| missing(command))?;
    // The command keeps its ends of a pipe: without this the reader would never see the end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok(child)
}

/// What comes through a pipe, as it comes.
fn chunks(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            if sender.send(chunk[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receiver
}

/// A group of its own hears nothing of Ctrl-C in the terminal: it is killed when this program is asked to end.
fn end_with_this_program(group: Pid) {
    static LAST: Mutex<Option<Pid>> = Mutex::new(None);
    static ONCE: Once = Once::new();
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(group);
    ONCE.call_once(|| {
        let kill = || {
            let last = *LAST.lock().unwrap_or_else(PoisonError::into_inner);
            last.map(|group| killpg(group, Signal::SIGKILL));
            exit(130)
        };
        ctrlc::set_handler(kill).ok();
    });
}

fn missing(command: &Command) -> String {
    format!("cannot start `{}`: is it installed and on PATH?", command.get_program().to_string_lossy())
}

/// The command as one would type it.
fn written(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
