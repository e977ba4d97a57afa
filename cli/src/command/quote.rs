//! `counterfoil quote`

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use counterfoil::engine::Disclosure;
use counterfoil::error::Error;
use counterfoil::request::Moment;
use counterfoil::snapshot::{Policy, Profile};
use counterfoil::time::Timestamp;
use counterfoil::{Engine, Options};
use serde_json::Value as Json;

use crate::campaigns::CampaignFiles;
use crate::clock::{self, DEFAULT_LIFE};
use crate::document::{misspelt, text_of, utf8, Source};
use crate::fault::{faults_of, Failure, Fault};
use crate::keys;
use crate::render::{complain, quote, say, say_bytes, trace};
use crate::sealing::rehearse;

/// Say what campaigns make of a cart
///
/// Quotes a request with campaign documents, or with a snapshot that was published. Documents are compiled, signed
/// with a key that lives for the moment and opened again as every host does it, so the answer is the one that hosts
/// will give, to the cent.
///
/// The moment of the quote is `--now`, else the `now` of the request, else the system's clock. You are told everything,
/// for instance that a code has expired; `--public` tells what a shopper hears.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("rules").required(true).args(["campaigns", "snapshot"])),
    after_long_help = r#"Examples:

  counterfoil quote --campaigns campaigns.yaml --request cart.json
  counterfoil quote --snapshot public/snapshot.cfs \
      --key-ring keys/key-ring.json --request - --json < cart.json

A request:

  { "currency": "EUR", "codes": ["TEN"],
    "lines": [ { "id": "a", "unitPrice": 3000, "quantity": 2 } ] }"#
)]
pub struct Arguments {
    /// Campaign documents, JSON or YAML
    #[arg(long, value_name = "FILE", num_args = 1..)]
    campaigns: Vec<PathBuf>,
    /// A published snapshot
    #[arg(long, value_name = "FILE", requires = "key_ring")]
    snapshot: Option<PathBuf>,
    /// The keys that the snapshot's signatures are checked with
    #[arg(long, value_name = "FILE", requires = "snapshot")]
    key_ring: Option<PathBuf>,
    /// The request: JSON with the cart; `-` reads the standard input
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// The moment: `2026-03-01T10:00:00Z`, or UTC milliseconds
    #[arg(long, value_name = "MOMENT", value_parser = clock::moment)]
    now: Option<Timestamp>,
    /// Print the quote as the engine writes it: one line of JSON, the same bytes in every host
    #[arg(long)]
    json: bool,
    /// Tell how the quote came about: who took what of which unit, and why others did not; with `--json` as
    /// `{ "quote": …, "trace": … }`
    #[arg(long)]
    trace: bool,
    /// Tell only what a shopper is told
    #[arg(long)]
    public: bool,
}

impl Arguments {
    /// Runs the command.
    pub fn run(self) -> Result<(), Failure> {
        let (name, body) = self.request()?;
        let request: Option<Json> = serde_json::from_str(&body).ok();
        let own_now = request.as_ref().and_then(|request| request.get("now")).and_then(Json::as_i64);
        let now = self.now.or(own_now).unwrap_or_else(clock::now);
        let mut engine = self.engine(now)?;
        if let Some(request) = &request {
            complain(&misspelt(request, &Source::of_json(&name, &body)));
        }
        // people want to see what is within reach; machines ask for it when they do
        let asked = match (self.json, request) {
            (false, Some(Json::Object(members))) if !members.is_empty() => with_hints(&body),
            _ => body.clone(),
        };
        let moment = Moment { given: Some(now), fallback: None };
        let refused = |error: Error| Source::of_json(&name, &body).faults(&error);
        if self.json {
            let answer = match self.trace {
                true => engine.trace_bytes(asked.as_bytes(), moment),
                false => engine.quote_bytes_at(asked.as_bytes(), moment).map(<[u8]>::to_vec),
            };
            return Ok(say_bytes(&answer.map_err(refused)?)?);
        }
        let answer = match self.trace {
            true => engine.trace(asked.as_bytes(), moment).map(|(answer, trace)| (answer, Some(trace))),
            false => engine.quote_bytes_at(asked.as_bytes(), moment).map(|answer| (answer, None)),
        };
        let (answer, story) = answer.map_err(refused)?;
        let unreadable =
            || Fault::new("quote_unreadable", "the quote cannot be shown", "use `--json` and report this as a defect");
        let mut page = quote(answer, body.as_bytes()).ok_or_else(unreadable)?;
        if let Some(story) = story {
            page.push_str("\n\n");
            page.push_str(&trace(&story).ok_or_else(unreadable)?);
        }
        Ok(say(&page)?)
    }

    fn request(&self) -> Result<(String, String), Fault> {
        if self.request != Path::new("-") {
            return Ok((self.request.display().to_string(), text_of(&self.request)?));
        }
        let name = "standard input";
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| Fault::of_io("read", Path::new(name), &error))?;
        Ok((name.to_owned(), utf8(bytes, name)?))
    }

    fn engine(&self, now: Timestamp) -> Result<Engine, Failure> {
        let disclosure = if self.public { Disclosure::Public } else { Disclosure::Full };
        if let (Some(path), Some(key_ring)) = (&self.snapshot, &self.key_ring) {
            let ring = keys::key_ring(key_ring)?;
            let bytes = fs::read(path).map_err(|error| Fault::of_io("read", path, &error))?;
            let options = Options { policy: Policy::at(now, Profile::Storefront), disclosure };
            return Ok(Engine::open(&bytes, &ring, options).map_err(|error| faults_of(&error, path.display()))?);
        }
        let files = CampaignFiles::read(&self.campaigns)?;
        let (engine, warnings) = rehearse(&files, now, DEFAULT_LIFE.from(now), disclosure)?;
        complain(&warnings);
        Ok(engine)
    }
}

/// The request, an object with members, with hints asked for; nothing before its end moves.
fn with_hints(body: &str) -> String {
    match body.trim_end().strip_suffix('}') {
        Some(members) => format!("{members},\"include\":[\"hints\"]}}"),
        None => body.to_owned(),
    }
}
