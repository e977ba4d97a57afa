//! One line per step: its name, and how long it took or that it was up to date.

use std::collections::BTreeMap;
use std::io::{stdout, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{anyhow, Result};

/// What a step found to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Done,
    UpToDate,
}

/// The lines printed so far, and how the steps that others rest on ended.
#[derive(Default)]
pub struct Progress {
    settled: Mutex<BTreeMap<&'static str, Result<(), String>>>,
    under_way: Mutex<Vec<String>>,
}

impl Progress {
    /// Runs a step that several verbs and parts need, once: the second call repeats the first answer.
    pub fn once(&self, name: &'static str, step: impl FnOnce() -> Result<Step>) -> Result<()> {
        let settled = locked(&self.settled).get(name).cloned();
        if let Some(settled) = settled {
            return settled.map_err(|_| anyhow!("needs `{name}`, which failed above"));
        }
        let ended = self.step(name, step);
        let remembered = ended.as_ref().map(|_| ()).map_err(|error| format!("{error:#}"));
        locked(&self.settled).insert(name, remembered);
        ended
    }

    /// Runs a step and prints its line.
    pub fn step(&self, name: &str, step: impl FnOnce() -> Result<Step>) -> Result<()> {
        let (ended, took) = self.timed(name, step);
        match &ended {
            Ok(Step::UpToDate) => self.line(&format!("    {name:<18} up to date")),
            Ok(Step::Done) => self.line(&format!("    {name:<18} {}", seconds(took))),
            Err(_) => self.line(&format!("    {name:<18} failed after {}", seconds(took))),
        }
        ended.map(|_| ())
    }

    /// Runs something while its name is shown as under way.
    pub fn timed<T>(&self, name: &str, work: impl FnOnce() -> T) -> (T, Duration) {
        let start = Instant::now();
        locked(&self.under_way).push(name.to_owned());
        self.show_under_way();
        let answer = work();
        locked(&self.under_way).pop();
        (answer, start.elapsed())
    }

    /// Prints a finished line.
    pub fn line(&self, text: &str) {
        let clear = if stdout().is_terminal() { "\r\x1b[2K" } else { "" };
        println!("{clear}{text}");
        self.show_under_way();
    }

    /// On a terminal the innermost work stands on the last line until something is printed over it.
    fn show_under_way(&self) {
        if let (true, Some(name)) = (stdout().is_terminal(), locked(&self.under_way).last()) {
            print!("\r\x1b[2K    {name} …");
            stdout().flush().ok();
        }
    }
}

/// What a thread that panicked left behind is still good enough to show.
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `0.4 s`, `12.3 s`, `2 m 05 s`.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} m {:02} s", whole / 60, whole % 60)
    }
}
