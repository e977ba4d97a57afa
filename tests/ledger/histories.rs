//! The corpus of histories: commands, and what is answered and remembered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use counterfoil::ledger::command::Command;
use counterfoil::ledger::programme::Programme;
use counterfoil::ledger::statement::statement;
use serde::Deserialize;
use serde_json::{json, Map, Value};

use crate::book::{word, Book};
use crate::compare::differences;
use crate::export::{Export, Told};
use crate::members::Members;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct HistoryFile {
    about: String,
    /// For histories without one of their own.
    #[serde(default)]
    programme: Value,
    /// Instead: a campaign document, or the path of one; its snapshot says what is decided by.
    #[serde(default)]
    campaigns: Value,
    /// Who customers are, by their id.
    #[serde(default)]
    customers: Map<String, Value>,
    histories: Vec<History>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct History {
    name: String,
    #[serde(rename = "why")]
    _why: Option<String>,
    programme: Option<Value>,
    campaigns: Option<Value>,
    #[serde(default)]
    customers: Map<String, Value>,
    /// The moment of commands that have none, until one has.
    now: String,
    commands: Vec<Value>,
    expect: Vec<Value>,
    state: Option<Value>,
    /// Who brought most friends then, and how many.
    leaders: Option<Vec<(String, i64)>>,
    #[serde(default)]
    statements: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    account: String,
    at: String,
    expect: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/ledger")
}

fn list() -> Vec<String> {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
    names.retain(|name| name != "index.json");
    names.sort();
    names
}

fn read(name: &str) -> HistoryFile {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("ledger/{name}: {error}"))
}

/// Texts that are moments in UTC become milliseconds, wherever they stand.
fn with_moments(value: &Value) -> Value {
    match value {
        Value::String(text) if text.ends_with('Z') && text.len() >= 20 && text.as_bytes()[10] == b'T' => {
            json!(milliseconds(text))
        }
        Value::Array(values) => values.iter().map(with_moments).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), with_moments(value))).collect())
        }
        other => other.clone(),
    }
}

fn milliseconds(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("`{text}`: {error}")).as_millisecond()
}

/// The shop of a history that has campaigns.
fn members(file: &HistoryFile, history: &History, now: i64) -> Result<Option<Members>, String> {
    let campaigns = match history.campaigns.as_ref().unwrap_or(&file.campaigns) {
        Value::Null => return Ok(None),
        Value::String(path) => {
            let text = std::fs::read_to_string(folder().join(path)).map_err(|error| format!("{path}: {error}"))?;
            serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?
        }
        inline => inline.clone(),
    };
    let customers = if history.customers.is_empty() { &file.customers } else { &history.customers };
    let customers = customers.iter().map(|(id, customer)| (id.clone(), with_moments(customer))).collect();
    Members::open(&campaigns, customers, now).map(Some)
}

fn run(file: &HistoryFile, history: &History, said: &mut Told) -> Vec<String> {
    let programme = with_moments(history.programme.as_ref().unwrap_or(&file.programme));
    let programme = match &programme {
        Value::Null => Programme::default(),
        programme => match Programme::read(&programme.to_string()) {
            Ok(programme) => programme,
            Err(refusal) => return vec![format!("the programme is refused: {}", refusal.message)],
        },
    };
    let mut now = json!(milliseconds(&history.now));
    let mut members = match members(file, history, milliseconds(&history.now)) {
        Ok(members) => members,
        Err(refused) => return vec![refused],
    };
    said.snapshot = members.as_ref().map(|members| members.snapshot.clone());
    let mut book = Book::new(members.as_ref().map_or(programme, Members::programme));
    let mut wrong = Vec::new();
    if history.commands.len() != history.expect.len() {
        return vec!["there is one expectation for each command".to_owned()];
    }
    for (index, (command, expected)) in history.commands.iter().zip(&history.expect).enumerate() {
        let mut command = with_moments(command);
        let parts = command.as_object_mut().unwrap();
        now = parts.entry("now").or_insert(now).clone();
        if let Some(members) =
            members.as_mut().filter(|_| parts.contains_key("happened") || parts.contains_key("preview"))
        {
            let at = now.as_i64().unwrap();
            let (told, broken) = match parts.get("happened") {
                Some(happened) => members.happened(happened, &mut book, at),
                None => match members.preview(&parts["preview"], &book, at) {
                    Ok(told) => {
                        let shown = serde_json::from_str(&told).unwrap();
                        said.previews.push(told);
                        (shown, Vec::new())
                    }
                    Err(refused) => (Value::Null, vec![refused]),
                },
            };
            wrong.extend(broken.into_iter().map(|law| format!("command {index}: {law}")));
            let differences = differences(&with_moments(expected), &told);
            said.answers.push(told);
            wrong.extend(differences.into_iter().map(|difference| format!("command {index}: {difference}")));
            continue;
        }
        parts.entry("key").or_insert(json!(format!("k{index}")));
        let command: Command = match serde_json::from_value(command) {
            Ok(command) => command,
            Err(error) => return vec![format!("command {index}: {error}")],
        };
        let (decision, mut broken) = book.carry_out_whole(&command);
        let answer = decision.answer.clone();
        let mut shown = json!(answer);
        // what follows from the answer, where that is asked about
        if let (Some(members), Some(_)) = (members.as_mut(), expected.get("follows")) {
            let (follows, wrong) = members.answered(&command, &decision, &mut book);
            shown["follows"] = follows;
            broken.extend(wrong);
        }
        wrong.extend(broken.into_iter().map(|law| format!("command {index}: {law}")));
        let told = match expected {
            Value::String(expected) if *expected == word(&answer) => Vec::new(),
            Value::String(expected) => vec![format!("expected {expected}, got {}", json!(answer))],
            expected => differences(&with_moments(expected), &shown),
        };
        said.answers.push(shown);
        wrong.extend(told.into_iter().map(|difference| format!("command {index}: {difference}")));
    }
    wrong.extend(book.check_replay());
    said.events = serde_json::to_string(&book.log).unwrap();
    said.state = serde_json::to_string(&book.state).unwrap();
    if let Some(expected) = &history.state {
        let differences = differences(&with_moments(expected), &json!(book.state));
        wrong.extend(differences.into_iter().map(|difference| format!("state: {difference}")));
    }
    if let Some(expected) = &history.leaders {
        let board = book.state.leader_board();
        let board: Vec<(String, i64)> = board.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
        if board != *expected {
            wrong.push(format!("the leader board is {board:?}"));
        }
    }
    for asked in &history.statements {
        match statement(&book.programme, &book.state, &asked.account, milliseconds(&asked.at)) {
            Ok(told) => wrong.extend(differences(&with_moments(&asked.expect), &json!(told))),
            Err(refusal) => wrong.push(format!("statement: {}", refusal.message)),
        }
    }
    wrong
}

#[test]
fn every_history_holds() {
    let filter = std::env::var("CASE").unwrap_or_default();
    let (mut failures, mut ran) = (Vec::new(), 0);
    let mut export = Export::from_environment();
    for name in list() {
        let file = read(&name);
        for history in file.histories.iter().filter(|history| history.name.contains(&filter)) {
            ran += 1;
            let told = std::panic::catch_unwind(|| {
                let mut said = Told::default();
                (run(&file, history, &mut said), said)
            });
            let (wrong, said) = told.unwrap_or_else(|_| (vec!["it panicked".to_owned()], Told::default()));
            export.keep(&name, &history.name, said);
            if !wrong.is_empty() {
                failures.push(format!("{} (ledger/{name})\n    {}", history.name, wrong.join("\n    ")));
            }
        }
    }
    export.write();
    assert!(ran > 0, "no history is called `{filter}`");
    assert!(failures.is_empty(), "{} of {ran} histories fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_index_lists_every_file() {
    let path = folder().join("index.json");
    let mut fresh = serde_json::to_string_pretty(&json!({ "files": list() })).unwrap();
    fresh.push('\n');
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, fresh, "`cargo xtask bless` writes tests/corpus/ledger/index.json anew");
}

#[test]
fn names_of_histories_are_unique_and_say_what_they_show() {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for path in list() {
        let file = read(&path);
        assert!(!file.about.is_empty(), "{path} does not say what it is about");
        for history in file.histories {
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            let sound = history.name.split_once('/').is_some_and(|(kind, shown)| plain(kind) && plain(shown));
            assert!(sound, "{path}: `{}` is not `kind/behaviour_in_plain_words`", history.name);
            if let Some(other) = names.insert(history.name.clone(), path.clone()) {
                panic!("`{}` is in {other} and in {path}", history.name);
            }
        }
    }
}

#[test]
fn every_command_and_every_refusal_has_a_history() {
    use counterfoil::ledger::refusal::Code;
    let text: String = list().iter().map(|name| std::fs::read_to_string(folder().join(name)).unwrap()).collect();
    let commands = [
        "reserve",
        "redeem",
        "confirm",
        "release",
        "lapse",
        "rollback",
        "refund",
        "lease",
        "accept_lease",
        "give_back",
        "return_lease",
        "refill",
        "earn",
        "activate",
        "spend",
        "expire",
        "transfer",
        "adjust",
        "take_back",
        "claim",
        "grant",
        "revoke",
        "suspend",
        "resume",
        "invite",
        "refer",
        "convert",
        "forget",
    ];
    let missing = |name: &&&str| !text.contains(&format!("\"type\": \"{name}\""));
    assert_eq!(commands.iter().filter(missing).collect::<Vec<_>>(), Vec::<&&str>::new(), "commands without a history");
    // refusals of documents and of states that no history can lead to have unit tests
    let elsewhere = [
        Code::DocumentUnreadable,
        Code::VersionUnknown,
        Code::EventUnfit,
        Code::NumberTooLarge,
        Code::LotsTooMany,
        Code::ReferralChainTooLong,
    ];
    for code in Code::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        let name = serde_json::to_value(code).unwrap();
        assert!(text.contains(&name.to_string()), "no history is refused with {name}");
    }
}
