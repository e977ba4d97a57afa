//! The two routes of a worker that `publish` uses, over real sockets. What a worker checks is not its business.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A listener that ends with the test's process.
pub struct Worker {
    address: SocketAddr,
    snapshot: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Worker {
    /// Listens for whoever has the token.
    pub fn start(token: &'static str) -> Worker {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let snapshot = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&snapshot);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), token, &kept);
            }
        });
        Worker { address, snapshot }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was published last.
    pub fn snapshot(&self) -> Option<Vec<u8>> {
        self.snapshot.lock().unwrap().clone()
    }
}

/// Answers one request and closes.
fn answer(mut stream: TcpStream, token: &str, kept: &Mutex<Option<Vec<u8>>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, answer) = match head.first().map(String::as_str) {
        Some("get /snapshot http/1.1") => match kept.lock().unwrap().clone() {
            Some(snapshot) => ("200 OK", snapshot),
            None => ("503 Service Unavailable", problem("no_snapshot")),
        },
        Some("put /admin/snapshot http/1.1") if head.contains(&format!("authorization: bearer {token}")) => {
            *kept.lock().unwrap() = Some(body);
            ("201 Created", b"{}".to_vec())
        }
        Some("put /admin/snapshot http/1.1") => ("401 Unauthorized", problem("unauthorized")),
        _ => ("404 Not Found", b"<!doctype html>".to_vec()),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
    stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
}

fn problem(code: &str) -> Vec<u8> {
    format!(r#"{{ "code": "{code}", "message": "no", "help": "do something", "params": {{}}, "fixBy": "developer" }}"#)
        .into_bytes()
}
