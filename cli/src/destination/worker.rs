//! A counterfoil worker over HTTP.

use std::net::IpAddr;
use std::time::Duration;

use counterfoil::snapshot::limits::MAX_EDGE_BYTES;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use ureq::http::{Response, Uri};
use ureq::{Agent, Body};

use crate::fault::{Fault, Place};

/// Longest exchange: the private half of a publication has up to 64 MiB.
const PATIENCE: Duration = Duration::from_secs(120);

/// A worker by its address.
pub struct Worker {
    base: String,
    token: String,
    agent: Agent,
}

/// A refusal as the worker writes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    code: String,
    message: String,
    #[serde(default)]
    help: String,
    at: Option<ProblemPlace>,
    #[serde(default)]
    params: Map<String, Json>,
}

#[derive(Deserialize)]
struct ProblemPlace {
    pointer: String,
}

impl Worker {
    pub(super) fn at(address: &str, token: Option<&str>) -> Result<Worker, Fault> {
        check_address(address)?;
        let token = token.filter(|token| !token.is_empty()).ok_or_else(|| {
            let help = "give `--token`, or set COUNTERFOIL_TOKEN to the worker's ADMIN_TOKEN";
            Fault::new("token_missing", "publishing to a worker needs its admin token", help).of_file(address)
        })?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // the token goes to the address that was given and nowhere else
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .user_agent(concat!("counterfoil/", env!("CARGO_PKG_VERSION")))
            .build();
        let base = address.trim_end_matches('/').to_owned();
        Ok(Worker { base, token: token.to_owned(), agent: config.new_agent() })
    }

    pub(super) fn snapshot_address(&self) -> String {
        format!("{}/snapshot", self.base)
    }

    pub(super) fn current(&self) -> Result<Option<Vec<u8>>, Fault> {
        self.fetch(&self.snapshot_address())
    }

    /// Where the private half is sent, which the worker gives to nobody but who has its token.
    pub(super) fn edge_address(&self) -> String {
        format!("{}/admin/edge", self.base)
    }

    pub(super) fn current_edge(&self) -> Result<Option<Vec<u8>>, Fault> {
        self.fetch(&self.edge_address())
    }

    fn fetch(&self, address: &str) -> Result<Option<Vec<u8>>, Fault> {
        let request = self.agent.get(address).header("cache-control", "no-cache");
        let answer = request.header("authorization", format!("Bearer {}", self.token)).call();
        let (status, bytes) = read(answer, address)?;
        match status {
            200 => Ok(Some(bytes)),
            _ => match refusal(status, &bytes, address) {
                fault if fault.code == "no_snapshot" => Ok(None),
                fault => Err(fault),
            },
        }
    }

    pub(super) fn hand_root(&self, chain: &[u8]) -> Result<(), Fault> {
        self.send(&format!("{}/admin/root", self.base), chain)
    }

    pub(super) fn publish(&self, snapshot: &[u8]) -> Result<(), Fault> {
        self.send(&format!("{}/admin/snapshot", self.base), snapshot)
    }

    pub(super) fn publish_edge(&self, snapshot: &[u8]) -> Result<(), Fault> {
        self.send(&self.edge_address(), snapshot)
    }

    fn send(&self, address: &str, snapshot: &[u8]) -> Result<(), Fault> {
        let request = self.agent.put(address).header("authorization", format!("Bearer {}", self.token));
        let answer = request.header("content-type", "application/octet-stream").send(snapshot);
        let (status, bytes) = read(answer, address)?;
        match status {
            200 | 201 => Ok(()),
            _ => Err(refusal(status, &bytes, address)),
        }
    }
}

/// The token must not travel in the open, except on the machine itself.
fn check_address(address: &str) -> Result<(), Fault> {
    let invalid = || {
        let help = "write the worker's address as `https://shop.example.com`, or the path of a folder";
        Fault::new("address_invalid", "this is no address of a worker", help).of_file(address)
    };
    let uri: Uri = address.parse().map_err(|_| invalid())?;
    let host = uri.host().ok_or_else(invalid)?;
    let number: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let is_local = host == "localhost" || host.ends_with(".localhost") || number.is_some_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_local => Ok(()),
        Some("http") => {
            let message = "the admin token would travel unencrypted";
            Err(Fault::new("address_insecure", message, "use https; plain http is for this machine only")
                .of_file(address))
        }
        _ => Err(invalid()),
    }
}

fn read(answer: Result<Response<Body>, ureq::Error>, address: &str) -> Result<(u16, Vec<u8>), Fault> {
    let unreachable = |error: ureq::Error| {
        let help = "check that the address is right and the worker runs; `/health` under it answers when it does";
        Fault::new("worker_unreachable", format!("the worker gives no answer: {error}"), help).of_file(address)
    };
    let mut answer = answer.map_err(unreachable)?;
    let limit = u64::try_from(MAX_EDGE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let bytes = answer.body_mut().with_config().limit(limit).read_to_vec().map_err(unreachable)?;
    Ok((answer.status().as_u16(), bytes))
}

/// The worker's refusal in its own words, or that it is no worker that answers.
fn refusal(status: u16, body: &[u8], address: &str) -> Fault {
    let Ok(problem) = serde_json::from_slice::<Problem>(body) else {
        let help = "give the address under which `/health` answers, without redirects";
        let message = format!("the answer is not a counterfoil worker's: HTTP status {status}");
        return Fault::new("answer_unexpected", message, help).of_file(address);
    };
    let pointer = problem.at.map(|at| at.pointer).filter(|pointer| !pointer.is_empty());
    let place = Place { file: address.to_owned(), pointer, spot: None };
    let fault = Fault::new(&problem.code, problem.message, problem.help).at(place);
    Fault { params: problem.params, ..fault }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_travels_encrypted_or_not_at_all() {
        let code = |address| check_address(address).map_or_else(|fault| fault.code, |()| "fine".to_owned());
        for fine in ["https://shop.example.com", "http://localhost:8787", "http://127.0.0.1:8787/", "http://[::1]:80"] {
            assert_eq!(code(fine), "fine", "{fine}");
        }
        for open in [
            "http://shop.example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://127.0.0.1.example.com",
        ] {
            assert_eq!(code(open), "address_insecure", "{open}");
        }
        for wrong in ["ftp://shop.example.com", "https://", "://", "https://a b"] {
            assert_eq!(code(wrong), "address_invalid", "{wrong}");
        }
    }

    #[test]
    fn a_refusal_keeps_the_words_of_the_worker() {
        let problem = br#"{ "code": "snapshot_rolled_back", "message": "m", "help": "h", "fixBy": "merchant",
            "at": { "document": "snapshot", "pointer": "/version" }, "params": { "version": 3 } }"#;
        let fault = refusal(409, problem, "https://shop.example.com/admin/snapshot");
        assert_eq!((fault.code.as_str(), fault.help.as_str()), ("snapshot_rolled_back", "h"));
        assert_eq!(fault.place.and_then(|place| place.pointer).as_deref(), Some("/version"));
        assert_eq!(refusal(200, b"<!doctype html>", "https://example.com").code, "answer_unexpected");
    }
}
