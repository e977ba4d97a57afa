//! Remembers from which inputs an output was made, so that nothing is made twice.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::house::House;

/// A fingerprint of inputs, compared with the one kept when the output was last made.
pub struct Stamp<'a> {
    house: &'a House,
    kept: PathBuf,
    inputs: DefaultHasher,
}

impl<'a> Stamp<'a> {
    pub fn new(house: &'a House, name: &str) -> Stamp<'a> {
        let kept = house.target().join("xtask").join(format!("{name}.stamp"));
        Stamp { house, kept, inputs: DefaultHasher::new() }
    }

    /// Adds a file, or every file below a folder, by name and content. What does not exist counts as absent.
    pub fn input(mut self, relative: &str) -> Result<Stamp<'a>> {
        hash_files(&self.house.path(relative), &mut self.inputs)?;
        Ok(self)
    }

    /// Whether the kept stamp is of these inputs and of this output, as it is now.
    pub fn is_fresh(&self, output: &Path) -> Result<bool> {
        Ok(fs::read_to_string(&self.kept).is_ok_and(|kept| self.of(output).is_ok_and(|stamp| stamp == kept)))
    }

    pub fn keep(&self, output: &Path) -> Result<()> {
        if let Some(folder) = self.kept.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.kept, self.of(output)?).with_context(|| format!("cannot write {}", self.kept.display()))
    }

    fn of(&self, output: &Path) -> Result<String> {
        let mut made = DefaultHasher::new();
        hash_files(output, &mut made)?;
        Ok(format!("{:016x} {:016x}\n", self.inputs.finish(), made.finish()))
    }
}

fn hash_files(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        let entries: BTreeSet<PathBuf> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        for entry in &entries {
            hash_files(entry, hasher)?;
        }
    } else if path.is_file() {
        path.file_name().hash(hasher);
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.hash(hasher);
    }
    Ok(())
}
