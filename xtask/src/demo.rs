//! The whole shop on this machine: keys, a signed snapshot, the worker on workerd and the storefront in front of it.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{channel, Receiver};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{bail, ensure, Context, Result};
use serde_json::{json, Value};

use crate::house::House;
use crate::progress::Step;
use crate::stamp::Stamp;
use crate::{command_line, pkg};

/// Show the demo shop on this machine, in the foreground; Ctrl-C ends it
#[derive(clap::Args)]
pub struct Args {
    /// Where the shop listens on this machine
    #[arg(long, default_value_t = 8787)]
    port: u16,
}

/// The campaigns of the demo shop.
const CAMPAIGNS: &str = "examples/storefront.json";
/// What stays between two runs: keys, tokens, the worker's storage. Deleting it starts afresh.
const STATE: &str = ".state/demo";

pub fn run(house: &House, Args { port }: Args) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    // Whoever listens there already would be taken for our worker.
    TcpListener::bind(address).with_context(|| format!("port {port} is not free: choose another with --port"))?;
    pkg::ensure(house)?;
    let program = command_line::ensure(house)?;
    let demo = Demo { house, program, address };
    demo.build_storefront()?;
    demo.generate_keys()?;

    let stop = stop_signal()?;
    let mut worker = Worker(demo.worker()?.spawn().context("cannot start `node`")?);
    demo.wait_until_open(&mut worker)?;
    println!("\nThe demo shop is open at {}  (Ctrl-C closes it)\n\n{}\n{}\n", demo.url(), demo.for_its_people(), demo.sdk_options()?);
    worker.wait_for(&stop)
}

/// The programs that make up the demonstration, each in its one place.
struct Demo<'a> {
    house: &'a House,
    program: PathBuf,
    address: SocketAddr,
}

impl Demo<'_> {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn state(&self, name: &str) -> PathBuf {
        self.house.path(STATE).join(name)
    }

    fn counterfoil(&self, verb: &str) -> Command {
        let mut command = self.house.command(&self.program);
        command.arg(verb);
        command
    }

    fn build_storefront(&self) -> Result<()> {
        let mut build = self.house.command("npm");
        build.args(["run", "build", "--workspace", "www"]);
        self.house.progress.step("storefront", || {
            let mut stamp = Stamp::new(self.house, "storefront");
            for input in ["www/src", "www/public", "www/index.html", "www/try.html", "www/console.html", "www/package.json", "www/vite.config.ts", "examples", "pkg"] {
                stamp = stamp.input(input)?;
            }
            let made = self.house.path("www/dist");
            if made.is_dir() && stamp.is_fresh(&made)? {
                return Ok(Step::UpToDate);
            }
            self.house.run(&mut build)?;
            stamp.keep(&made)?;
            Ok(Step::Done)
        })
    }

    fn generate_keys(&self) -> Result<()> {
        self.house.progress.step("keys", || {
            let ring = self.state("keys/key-ring.json");
            let (has_ring, has_pulse) = (ring.is_file(), self.state("keys/pulse.key.json").is_file());
            if !has_ring {
                let mut keygen = self.counterfoil("keygen");
                keygen.args(["--audience", "demo-shop", "--out"]).arg(self.state("keys"));
                self.house.run(&mut keygen)?;
            }
            if !has_pulse {
                let mut keygen = self.counterfoil("keygen");
                keygen.args(["--role", "pulse", "--name", "pulse", "--out"]).arg(self.state("keys"));
                self.house.run(keygen.arg("--key-ring").arg(ring))?;
            }
            Ok(if has_ring && has_pulse { Step::UpToDate } else { Step::Done })
        })
    }

    /// The one project of the Voucherify-compatible API, open to pages of any origin.
    fn voucherify_projects(&self) -> Result<String> {
        self.secret("voucherify.json", || {
            let [server, pages, management] = [random_hex(16)?, random_hex(16)?, random_hex(16)?];
            Ok(json!([{
                "id": "demo", "appId": "demo", "appToken": server, "clientAppId": "demo-pages", "clientToken": pages,
                "managementId": "demo-management", "managementToken": management, "origins": ["*"],
                "clientSide": ["redemptions", "publications", "vouchers", "customers", "events"],
            }])
            .to_string())
        })
    }

    /// Made once and kept. Only the owner of the file may read it.
    fn secret(&self, name: &str, make: impl FnOnce() -> Result<String>) -> Result<String> {
        let file = self.state(name);
        if !file.is_file() {
            let secret = make()?;
            fs::create_dir_all(self.house.path(STATE))?;
            let mut private = fs::OpenOptions::new();
            private.create_new(true).write(true).mode(0o600).open(&file)?.write_all(secret.as_bytes())?;
        }
        Ok(fs::read_to_string(&file)?)
    }

    /// Where those who run the shop sign in.
    fn for_its_people(&self) -> String {
        format!("The console is at {}/console.html; its token is in {STATE}/admin-token", self.url())
    }

    /// How a program with the official SDK reaches the worker.
    fn sdk_options(&self) -> Result<String> {
        let projects: Value = serde_json::from_str(&self.voucherify_projects()?)?;
        let key = |name: &str| projects.pointer(&format!("/0/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned();
        let server = format!("applicationId: '{}', secretKey: '{}'", key("appId"), key("appToken"));
        let pages = format!("clientApplicationId: '{}', clientSecretKey: '{}'", key("clientAppId"), key("clientToken"));
        let url = self.url();
        Ok(format!(
            "@voucherify/sdk on servers: {{ apiUrl: '{url}', {server} }}\n@voucherify/sdk on pages:   {{ apiUrl: '{url}', {pages} }}"
        ))
    }

    fn worker(&self) -> Result<Command> {
        let key = |name: &str| {
            let file = self.state("keys").join(name);
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
        };
        // Not through npm, which would stand between the worker and its signals.
        let mut command = self.house.command("node");
        command.arg("www/demo.mjs");
        command.env("PORT", self.address.port().to_string()).env("STATE_DIR", self.state("worker"));
        command.env("KEY_RING", key("key-ring.json")?).env("PUBLISHER_KEY", key("publisher.key.json")?);
        command.env("PULSE_KEY", key("pulse.key.json")?);
        command.env("CAMPAIGNS", self.house.path(CAMPAIGNS)).env("ADMIN_TOKEN", self.secret("admin-token", || random_hex(16))?);
        command.env("CHECKOUT_TOKEN", self.secret("checkout-token", || random_hex(16))?);
        command.env("QUOTE_KEY", self.secret("quote-key", || random_hex(32))?);
        command.env("CUSTOMER_KEY", self.secret("customer-key", || random_hex(32))?);
        command.env("VOUCHERIFY_PROJECTS", self.voucherify_projects()?);
        if !self.house.verbose {
            // Its log is for machines; what it complains of is on the other stream.
            command.stdout(Stdio::null());
        }
        Ok(command)
    }

    /// The shop says so itself once its campaigns are published.
    fn wait_until_open(&self, worker: &mut Worker) -> Result<()> {
        self.house.progress.step("worker", || {
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(60) {
                if let Some(status) = worker.0.try_wait()? {
                    bail!("the worker ended at once ({status})");
                }
                if self.has_offers() {
                    return Ok(Step::Done);
                }
                sleep(Duration::from_millis(100));
            }
            bail!("{}/snapshot is not there", self.url())
        })
    }

    fn has_offers(&self) -> bool {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(1))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            write!(stream, "HEAD /snapshot HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address)?;
            let mut status = [0; 12];
            stream.read_exact(&mut status)?;
            Ok(String::from_utf8_lossy(&status).into_owned())
        };
        ask().is_ok_and(|status| status.ends_with(" 200"))
    }
}

/// Answers once when the user or the system asks this program to end.
fn stop_signal() -> Result<Receiver<()>> {
    let (ask, stop) = channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more once the end is under way.
        ask.send(()).ok();
    })?;
    Ok(stop)
}

/// The worker's process, which never outlives this one.
struct Worker(Child);

impl Worker {
    fn wait_for(mut self, stop: &Receiver<()>) -> Result<()> {
        while stop.recv_timeout(Duration::from_millis(200)).is_err() {
            if let Some(status) = self.0.try_wait()? {
                bail!("the worker ended ({status})");
            }
        }
        let status = self.end()?;
        ensure!(status.code().is_none_or(|code| code == 0 || code > 128), "the worker ended badly ({status})");
        Ok(())
    }

    /// Asks the worker to close its storage and end.
    fn end(&mut self) -> Result<ExitStatus> {
        if let Some(status) = self.0.try_wait()? {
            return Ok(status);
        }
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status()?;
        Ok(self.0.wait()?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end().ok();
    }
}

/// So many random bytes as hexadecimal digits.
fn random_hex(count: usize) -> Result<String> {
    let mut bytes = vec![0; count];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
