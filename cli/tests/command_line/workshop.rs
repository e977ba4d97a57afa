//! A folder of its own for each test, with the binary at hand.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Ten percent off what is tea, by code.
pub const CAMPAIGNS: &str = r#"{ "campaigns": [
  { "id": "tea-10", "codes": ["TEA10"],
    "discounts": [ { "type": "percent_off", "percent": "10", "lines": { "categories": ["tea"] } } ] },
  { "id": "free-shipping",
    "when": { "type": "min_subtotal", "amount": { "EUR": 5000 } },
    "discounts": [ { "type": "free_shipping" } ] },
  { "id": "last-year", "codes": ["OLD"], "schedule": { "until": "2026-01-01T00:00" },
    "discounts": [ { "type": "percent_off", "percent": "50" } ] } ] }
"#;

/// Tea and a mug.
pub const CART: &str = r#"{ "currency": "EUR", "now": 1772359200000, "codes": ["tea10", "OLD"],
  "lines": [ { "id": "a", "title": "Green tea", "unitPrice": 450, "quantity": 4, "categories": ["tea"] },
             { "id": "b", "unitPrice": 1200, "quantity": 1 } ],
  "shipping": [ { "id": "standard", "price": 490 } ] }
"#;

/// The folder.
pub struct Workshop(TempDir);

/// What a run of the binary came to.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Workshop {
    /// An empty folder.
    pub fn new() -> Workshop {
        Workshop(tempfile::tempdir().unwrap())
    }

    /// A folder with campaigns, a cart and keys.
    pub fn furnished() -> Workshop {
        let shop = Workshop::new();
        shop.write("campaigns.json", CAMPAIGNS);
        shop.write("cart.json", CART);
        assert_eq!(shop.run(&["keygen", "--out", "keys"]).code, 0);
        shop
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs the binary in the folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "", &[])
    }

    /// The same with a standard input and variables of the environment.
    pub fn run_with(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterfoil"));
        command.args(arguments).current_dir(self.0.path());
        command.env_remove("COUNTERFOIL_TOKEN").env_remove("CLICOLOR_FORCE").envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // who refuses its arguments does not read
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Publishes the campaigns to a folder.
    pub fn publish(&self, more: &[&str]) -> Ran {
        self.run(&[&PUBLISH[..], more].concat())
    }
}

/// Publishing, up to where to.
pub const PUBLISH: [&str; 7] = [
    "publish",
    "--campaigns",
    "campaigns.json",
    "--key",
    "keys/publisher.key.json",
    "--key-ring",
    "keys/key-ring.json",
];

impl Ran {
    /// Asserts a refusal: exit code 1, this code told, nothing printed.
    #[track_caller]
    pub fn is_refused(&self, code: &str) {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        assert!(self.err.contains(&format!("error[{code}]: ")), "{}", self.err);
        assert!(self.err.contains("= help: "), "{}", self.err);
        assert_eq!(self.out, "");
    }

    /// Asserts success.
    #[track_caller]
    pub fn is_done(&self) -> &Ran {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// What was printed, as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }
}
