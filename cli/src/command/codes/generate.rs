//! `counterfoil codes generate`

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use counterfoil::codes::{Pattern, Sequence};
use counterfoil::time::CivilDate;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::codes::pepper::random;
use crate::document::text_of;
use crate::fault::{faults_of, Failure, Fault};
use crate::files::{self, Readers};
use crate::render::{note, say};

/// Most codes of one list; more do not fit the memory of an isolate, and a list is read whole when it is published.
const MOST: u64 = 10_000_000;

/// Generate codes
///
/// Writes a list of codes that nobody can guess and of which no two are alike. Next to the list stands
/// `<list>.sequence.json`, which knows the order: a run that was broken off goes on with `--resume`, and so does a list that
/// needs more codes later. Whoever has that file has all codes; keep it where the list is kept.
///
/// In a pattern `#` stands for a random symbol (digits and capitals without I, L, O and U), `*` for a check symbol, by which
/// a field in the page notices a slip of the finger. Everything else stands for itself. At least twelve symbols are random.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Examples:

  counterfoil codes generate --count 1000000 --prefix TEA --out codes/tea.csv
  counterfoil codes generate --count 5000 --pattern "GIFT-####-####-####-*" --balance 5000 --out codes/gift.csv
  counterfoil codes generate --count 2000000 --resume --out codes/tea.csv"#)]
pub struct Arguments {
    /// How many codes the list is to have, at most ten million
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=MOST))]
    count: u64,
    /// How they look; default `####-####-####-###*`
    #[arg(long, value_name = "PATTERN")]
    pattern: Option<String>,
    /// What stands before the pattern: `TEA` for codes that begin with TEA-
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// What is on each code, minor units of the list's currency
    #[arg(long, value_name = "AMOUNT")]
    balance: Option<u64>,
    /// How often each may be used
    #[arg(long, value_name = "N")]
    uses: Option<u16>,
    /// The last day on which they are good: 2026-12-31
    #[arg(long, value_name = "DAY")]
    expires: Option<String>,
    /// The list, a CSV file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Go on with a list that is there, up to `--count`
    #[arg(long)]
    resume: bool,
}

/// What goes on with a list needs to know.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Plan {
    pattern: String,
    /// What stands behind the code on each line.
    rest: String,
    columns: String,
    key: String,
}

impl Arguments {
    pub fn run(self) -> Result<(), Failure> {
        let plan_path = self.plan_path();
        let plan = match self.resume {
            true => self.known_plan(&plan_path)?,
            false => self.fresh_plan(&plan_path)?,
        };
        let pattern = Pattern::parse(&plan.pattern).map_err(|error| faults_of(&error, "the pattern"))?;
        let sequence = Sequence::new(key_of(&plan.key, &plan_path)?, pattern);
        let mut list = List::open(&self.out, &plan, self.resume)?;
        let before = list.rows(&sequence, &self.out)?;
        let out = |error: io::Error| Fault::of_io("write", &self.out, &error);
        let mut progress = Progress::new(before, self.count);
        for number in before..self.count {
            list.write(&sequence.code(number)).map_err(out)?;
            progress.step(number);
        }
        list.end().map_err(out)?;
        let made = self.count.saturating_sub(before);
        say(&format!("{made} codes written, {} in {}", self.count.max(before), self.out.display()))?;
        Ok(())
    }

    fn plan_path(&self) -> PathBuf {
        let mut name = self.out.file_name().unwrap_or_default().to_owned();
        name.push(".sequence.json");
        self.out.with_file_name(name)
    }

    fn fresh_plan(&self, path: &Path) -> Result<Plan, Failure> {
        // before anything is written: half a pair is of no use
        for file in [&self.out, path] {
            if file.symlink_metadata().is_ok() {
                let help = "choose another name, or go on with this list by `--resume`";
                return Err(Fault { help: help.to_owned(), ..files::exists(file) }.into());
            }
        }
        let pattern = self.pattern.as_deref().unwrap_or(Pattern::DEFAULT);
        let pattern = self.prefix.as_ref().map_or_else(|| pattern.to_owned(), |prefix| format!("{prefix}-{pattern}"));
        Pattern::parse(&pattern).map_err(|error| faults_of(&error, "the pattern"))?;
        if let Some(day) = self.expires.as_ref().filter(|day| CivilDate::parse(day).is_none()) {
            let message = format!("`{day}` is no day");
            return Err(Fault::new("day_invalid", message, "write it as 2026-12-31").into());
        }
        let values = [
            ("balance", self.balance.map(|balance| balance.to_string())),
            ("uses", self.uses.map(|uses| uses.to_string())),
            ("expires", self.expires.clone()),
        ];
        let (mut columns, mut rest) = ("code".to_owned(), String::new());
        for (name, value) in values.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            columns.push_str(&format!(",{name}"));
            rest.push_str(&format!(",{value}"));
        }
        let key = random()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let plan = Plan { pattern, rest, columns, key };
        if let Some(folder) = self.out.parent() {
            files::make_folder(folder)?;
        }
        let text = Zeroizing::new(serde_json::to_vec_pretty(&plan).map_err(io::Error::from)?);
        files::create(path, &text, Readers::Owner)?;
        Ok(plan)
    }

    fn known_plan(&self, path: &Path) -> Result<Plan, Failure> {
        let named = [self.pattern.is_some(), self.prefix.is_some(), self.balance.is_some(), self.uses.is_some()];
        if named.contains(&true) || self.expires.is_some() {
            let help = "leave out what the list has from its beginning, or begin another list";
            return Err(Fault::new("argument_contradicts", "a list goes on as it has begun", help).into());
        }
        let text = Zeroizing::new(text_of(path)?);
        serde_json::from_str(&text).map_err(|_| unreadable(path).into())
    }
}

fn unreadable(path: &Path) -> Fault {
    let help = "name the list whose `.sequence.json` it is, as `codes generate` wrote it";
    Fault::new("sequence_invalid", "this is no order of codes", help).of_file(path.display())
}

fn key_of(text: &str, path: &Path) -> Result<[u8; 32], Fault> {
    let mut key = [0; 32];
    let is_key = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_key {
        return Err(unreadable(path));
    }
    for (at, byte) in key.iter_mut().enumerate() {
        let from = at.saturating_mul(2);
        let pair = text.get(from..from.saturating_add(2)).unwrap_or("");
        *byte = u8::from_str_radix(pair, 16).map_err(|_| unreadable(path))?;
    }
    Ok(key)
}

/// The list on disk: a first line, then lines of one length.
struct List {
    file: BufWriter<File>,
    head: String,
    rest: String,
}

impl List {
    fn open(path: &Path, plan: &Plan, is_there: bool) -> Result<List, Fault> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(!is_there).create_new(!is_there);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(path).map_err(|error| Fault::of_io("open", path, &error))?;
        let head = format!("{}\n", plan.columns);
        Ok(List { file: BufWriter::with_capacity(1 << 20, file), head, rest: format!("{}\n", plan.rest) })
    }

    /// How many codes are there; what a broken run left of a line is cut off.
    fn rows(&mut self, sequence: &Sequence, path: &Path) -> Result<u64, Fault> {
        let of_io = |error: io::Error| Fault::of_io("read", path, &error);
        let file = self.file.get_mut();
        let length = file.metadata().map_err(of_io)?.len();
        let size = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
        let line = size(&sequence.code(0)).saturating_add(size(&self.rest));
        let Some(of_rows) = length.checked_sub(size(&self.head)) else {
            file.set_len(0).map_err(of_io)?;
            file.write_all(self.head.as_bytes()).map_err(of_io)?;
            return Ok(0);
        };
        let rows = of_rows.checked_div(line).unwrap_or(0);
        let end = size(&self.head).saturating_add(rows.saturating_mul(line));
        if let Some(last) = rows.checked_sub(1) {
            let mut found = vec![0; usize::try_from(line).unwrap_or(0)];
            file.seek(SeekFrom::Start(end.saturating_sub(line))).map_err(of_io)?;
            file.read_exact(&mut found).map_err(of_io)?;
            if found != format!("{}{}", sequence.code(last), self.rest).into_bytes() {
                let help = "only a list that `codes generate` wrote, and nobody changed, goes on";
                let fault = Fault::new("list_changed", "the list does not end as its order says", help);
                return Err(fault.of_file(path.display()));
            }
        }
        file.set_len(end).map_err(of_io)?;
        file.seek(SeekFrom::Start(end)).map_err(of_io)?;
        Ok(rows)
    }

    fn write(&mut self, code: &str) -> io::Result<()> {
        self.file.write_all(code.as_bytes())?;
        self.file.write_all(self.rest.as_bytes())
    }

    fn end(mut self) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }
}

/// Tells every second or so how far it is.
struct Progress {
    start: Instant,
    told: Instant,
    before: u64,
    count: u64,
}

#[expect(clippy::disallowed_methods, reason = "how fast a long run is, for people")]
impl Progress {
    fn new(before: u64, count: u64) -> Progress {
        Progress { start: Instant::now(), told: Instant::now(), before, count }
    }

    fn step(&mut self, number: u64) {
        // the clock is not asked for each code
        if number & 0xfff != 0 || self.told.elapsed() < Duration::from_secs(1) {
            return;
        }
        self.told = Instant::now();
        let made = number.saturating_sub(self.before);
        let milliseconds = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let each_second = made.saturating_mul(1_000).checked_div(milliseconds).unwrap_or(0);
        let share = number.saturating_mul(100).checked_div(self.count).unwrap_or(0);
        note(&format!("generated  {number} of {}, {share} %, {each_second} a second", self.count));
    }
}
