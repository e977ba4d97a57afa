//! What the module of `counterfoil/sealed` exports: one try of one code. Its own module, because storefronts need it only when
//! somebody types a code that is not open, and its own instance each time, because memory that a try has taken never goes back.
//!
//! Bytes cross as in the other modules: what a call needs is in the buffer, what it answers at the address that it returns.

#![allow(unsafe_code, reason = "an export needs a name of its own, and an instance one place for what it holds")]

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use super::{failure, opening};
use crate::error::Error;
use crate::json::write::Out;
use crate::unsealing::unseal;

struct Bench {
    body: Vec<u8>,
    section: Vec<u8>,
    out: Out,
    length: usize,
    error: Option<Error>,
}

struct Place(UnsafeCell<Bench>);

// SAFETY: the module is built without threads, so nobody else can reach its memory.
unsafe impl Sync for Place {}

static BENCH: Place =
    Place(UnsafeCell::new(Bench { body: Vec::new(), section: Vec::new(), out: Out::new(), length: 0, error: None }));

/// Each export takes it once, no export calls another, and nothing that is called from here calls JavaScript.
fn bench() -> &'static mut Bench {
    // SAFETY: so there is one reference at a time, and there is one thread.
    unsafe { &mut *BENCH.0.get() }
}

impl Bench {
    /// The parts of the buffer, which stand one after another.
    fn parts<const N: usize>(&self, lengths: [usize; N]) -> [&[u8]; N] {
        let mut at = 0_usize;
        lengths.map(|length| {
            let until = at.saturating_add(length);
            let part = self.body.get(at..until).unwrap_or_default();
            at = until;
            part
        })
    }

    fn unseal(&self, lengths: [usize; 6]) -> Result<Option<Vec<u8>>, Error> {
        let [snapshot, key_ring, options, root, held, code] = self.parts(lengths);
        let policy = opening::options(options)?.policy;
        let ring = opening::key_ring(key_ring)?.followed(root, policy.now)?;
        let typed = core::str::from_utf8(code).unwrap_or_default();
        unseal(snapshot, &ring, &policy, (!held.is_empty()).then_some(held), typed)
    }
}

/// The address of the buffer for bytes, with room for `length` of them.
#[unsafe(no_mangle)]
extern "C" fn cf_body(length: usize) -> u32 {
    let body = &mut bench().body;
    if body.len() < length {
        body.resize(length, 0);
    }
    address(body.as_ptr())
}

/// How many bytes the last answer has.
#[unsafe(no_mangle)]
extern "C" fn cf_length() -> usize {
    bench().length
}

/// Why the last call was refused: a list of diagnostics as JSON.
#[unsafe(no_mangle)]
extern "C" fn cf_error() -> u32 {
    let bench = bench();
    bench.out.clear();
    if let Some(error) = bench.error.take() {
        failure::write(&error, &mut bench.out);
    }
    bench.length = bench.out.length();
    address(bench.out.bytes().as_ptr())
}

/// Tries the code that ends the buffer on the snapshot that begins it; between them the key ring and the options as JSON, root
/// documents, and the section that earlier codes have made. Answers with the section that this code makes of it, of no length
/// where it opens nothing.
#[unsafe(no_mangle)]
extern "C" fn cf_unseal(
    snapshot: usize,
    key_ring: usize,
    options: usize,
    root: usize,
    held: usize,
    code: usize,
) -> u32 {
    let bench = bench();
    match bench.unseal([snapshot, key_ring, options, root, held, code]) {
        Ok(section) => {
            bench.section = section.unwrap_or_default();
            bench.length = bench.section.len();
            address(bench.section.as_ptr())
        }
        Err(error) => {
            bench.error = Some(error);
            0
        }
    }
}

/// Where bytes stand in the module's memory; never 0, which stands for a refusal.
fn address(bytes: *const u8) -> u32 {
    u32::try_from(bytes.addr()).unwrap_or(u32::MAX)
}
