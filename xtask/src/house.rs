//! Where things are, and the environment in which programs run.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::progress::Progress;

/// The repository this program was built in.
pub struct House {
    pub root: PathBuf,
    pub progress: Progress,
    pub verbose: bool,
}

impl House {
    pub fn new(verbose: bool) -> House {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        House { root, progress: Progress::default(), verbose }
    }

    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    pub fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |target| self.root.join(target))
    }

    /// Where the programs of `tools/` are built.
    pub fn tools(&self) -> PathBuf {
        self.target().join("tools/debug")
    }

    /// A program, run from the root, that finds the tools and the npm programs of this repository first.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.search_path());
        // What `cargo run` tells this program about itself would make build scripts below run again.
        let own = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        env::vars_os().filter(|(name, _)| name.to_str().is_some_and(own)).for_each(|(name, _)| {
            command.env_remove(name);
        });
        if !self.verbose {
            command.env("CARGO_TERM_QUIET", "true");
        }
        command
    }

    fn search_path(&self) -> OsString {
        let own = [self.tools(), self.path("node_modules/.bin")];
        let inherited = env::var_os("PATH").unwrap_or_default();
        env::join_paths(own.into_iter().chain(env::split_paths(&inherited))).unwrap_or(inherited)
    }

    /// Files directly in a folder whose names end so, sorted; none if there is no such folder.
    pub fn files_ending(&self, folder: &str, ending: &str) -> BTreeSet<PathBuf> {
        let entries = self.path(folder).read_dir().into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(ending)).collect()
    }
}

/// The first of these names that is a file in a folder of PATH.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
}
