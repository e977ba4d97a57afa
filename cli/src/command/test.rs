//! `counterfoil test`

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use crate::corpus::{discover, CaseFile, Verdict};
use crate::fault::{Failure, Fault};
use crate::render::{failed_case, say, summary, tell};

/// Run cases: carts and what campaigns must make of them
///
/// A case file names campaigns, a moment, and cases. Each case has a request and what is expected of the quote: objects
/// may have more members than you name, lists are compared whole, `null` is a member that is not there. Where a request
/// must be refused, write `error` with its code in place of `expect`.
///
/// A case with `returns` says which units of its order come back, one return after the other, and what is expected of
/// each refund. A case with `trace` says what is expected of the trace.
///
/// All failures are told, each with the place, what was expected and what is there; none stops the run. In folders all
/// case files below are found. The last line is `N passed, N failed`; exit code 3 when anything failed.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil test cases/ --filter welcome

A case file:

  { "about": "ten percent for who enters WELCOME10",
    "campaigns": "../campaigns.json",
    "now": "2026-03-01T10:00:00Z",
    "cases": [ {
      "name": "welcome/a_tenth_is_taken_off",
      "request": { "currency": "EUR", "codes": ["WELCOME10"],
                   "lines": [ { "id": "a", "unitPrice": 1000, "quantity": 1 } ] },
      "expect": { "total": 900, "outcomes": [ { "status": "applied", "discount": 100 } ] } } ] }

`campaigns` is a path relative to the file, a list of campaigns, or a whole
document. A case may have its own `now`; `returns`, each with the `units` that come back,
`{ "line": "a", "quantity": 1 }`, and what is expected of its refund; a `why` for people; `body` in place of
`request` for a text that is sent as it is; and `"disclosure": "full"` to be
told what merchants are told."#)]
pub struct Arguments {
    /// Case files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// Only the cases whose name contains this
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
}

/// What was counted so far.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    /// The cases by name, each with its file: a name must find one case.
    names: BTreeMap<String, String>,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let mut tally = Tally::default();
        for path in discover(&self.paths)? {
            match CaseFile::read(&path) {
                Ok(file) => self.run_file(&file, &mut tally)?,
                Err(faults) => {
                    tell(&faults)?;
                    tally.failed = tally.failed.saturating_add(1);
                }
            }
        }
        if tally.passed == 0 && tally.failed == 0 {
            let message = match &self.filter {
                None => "there are no cases".to_owned(),
                Some(filter) => format!("there is no case whose name contains `{filter}`"),
            };
            let help = "name a case file, or a folder with case files in it; they have `cases`";
            return Err(Fault::new("no_cases", message, help).into());
        }
        say(&summary(tally.passed, tally.failed))?;
        match tally.failed {
            0 => Ok(()),
            _ => Err(Failure::Findings),
        }
    }

    fn run_file(&self, file: &CaseFile, tally: &mut Tally) -> Result<(), Failure> {
        refuse_known_names(file, tally)?;
        let filter = self.filter.as_deref().unwrap_or_default();
        let wanted = || file.cases().iter().enumerate().filter(|(_, case)| case.name.contains(filter));
        if wanted().next().is_none() {
            return Ok(());
        }
        let mut bench = match file.open() {
            Ok(bench) => bench,
            Err(faults) => {
                tell(&faults)?;
                tally.failed = tally.failed.saturating_add(wanted().count());
                return Ok(());
            }
        };
        for (index, case) in wanted() {
            match bench.run(case) {
                Verdict::Passed => tally.passed = tally.passed.saturating_add(1),
                verdict => {
                    tally.failed = tally.failed.saturating_add(1);
                    say(&failed_case(&case.name, &file.place_of(index), &verdict))?;
                }
            }
        }
        Ok(())
    }
}

fn refuse_known_names(file: &CaseFile, tally: &mut Tally) -> Result<(), Failure> {
    for (index, case) in file.cases().iter().enumerate() {
        if let Some(other) = tally.names.insert(case.name.clone(), file.name().to_owned()) {
            let message = format!("the case `{}` is in {other} already", case.name);
            let fault = Fault::new("case_duplicated", message, "give each case a name of its own");
            tell(&[fault.at(file.place_of(index))])?;
            tally.failed = tally.failed.saturating_add(1);
        }
    }
    Ok(())
}
