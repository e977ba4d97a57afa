//! A Chromium and the chromedriver that fits it: from the environment, from PATH, or from Debian.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, Result};

use crate::house::{on_path, House};
use crate::progress::Step;

pub struct Browser {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
}

const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-liberation"];

pub fn browser(house: &House) -> Result<Browser> {
    house.progress.once("chromium", || {
        if find().is_some() {
            return Ok(Step::UpToDate);
        }
        let Some(apt) = apt(house) else { bail!("{}", remedy()) };
        house.run(apt().args(["update", "-q"]))?;
        house.run(apt().args(["install", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]).args(PACKAGES))?;
        if find().is_some() { Ok(Step::Done) } else { bail!("{}", remedy()) }
    })?;
    match find() {
        Some(browser) => Ok(browser),
        None => bail!("{}", remedy()),
    }
}

fn find() -> Option<Browser> {
    let chromium = named("CHROMIUM")
        .or_else(|| named("CHROME"))
        .or_else(|| on_path(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))?;
    let beside = || Some(PathBuf::from("/usr/lib/chromium/chromedriver")).filter(|path| path.is_file());
    let chromedriver = named("CHROMEDRIVER").or_else(|| on_path(&["chromedriver"])).or_else(beside)?;
    Some(Browser { chromium, chromedriver })
}

/// A program whose path an environment variable gives.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

/// apt-get where this user may install packages without being asked for a password.
fn apt(house: &House) -> Option<impl Fn() -> Command + '_> {
    let debian = Path::new("/etc/debian_version").exists() && on_path(&["apt-get"]).is_some();
    let root = house.ask(Command::new("id").arg("-u")).as_deref() == Some("0");
    let sudo = !root && house.ask(Command::new("sudo").args(["-n", "true"])).is_some();
    (debian && (root || sudo)).then_some(move || {
        let mut command = house.command(if root { "apt-get" } else { "sudo" });
        if sudo {
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    })
}

fn remedy() -> String {
    let missing = match (on_path(&["chromium", "google-chrome"]), on_path(&["chromedriver"])) {
        (Some(_), None) => "chromedriver is missing",
        _ => "Chromium is missing",
    };
    format!(
        "{missing}: on Debian run `sudo apt-get install {}`; elsewhere install Chrome and its chromedriver and set CHROMIUM and CHROMEDRIVER to their paths",
        PACKAGES.join(" ")
    )
}
