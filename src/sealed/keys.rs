//! From a code to the id of its box and the key that opens it.

use alloc::vec::Vec;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;

use super::Cost;
use crate::error::{Diagnostic, Error};

const ID: &[u8] = b"counterfoil/sealed/id/v1";
const KEY: &[u8] = b"counterfoil/sealed/key/v1";

/// What a box is found and opened with.
pub(super) struct Keys {
    pub(super) id: [u8; 16],
    pub(super) key: [u8; 32],
}

impl Keys {
    /// Of a code in its normal form: slow, and that is all that keeps a code that can be guessed.
    pub(super) fn of_code(code: &str, salt: &[u8; 16], cost: Cost) -> Result<Keys, Error> {
        let unavailable = || {
            let help = "try again; close what else needs memory";
            Diagnostic::new("memory_unavailable", "there is not enough memory to try a code", help)
        };
        let params = Params::new(cost.memory, u32::from(cost.passes), 1, Some(32)).map_err(|_| unavailable())?;
        // asked for first: an allocation that fails would end the instance
        let mut memory: Vec<Block> = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| unavailable())?;
        memory.resize(params.block_count(), Block::default());
        let mut stretched = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(code.as_bytes(), salt, &mut stretched, &mut memory)
            .map_err(|_| unavailable())?;
        Ok(Keys::of(&stretched))
    }

    pub(super) fn of(stretched: &[u8; 32]) -> Keys {
        let derived = Hkdf::<Sha256>::new(None, stretched);
        let (mut id, mut key) = ([0; 16], [0; 32]);
        // both are far below what HKDF gives
        let _ = derived.expand(ID, &mut id);
        let _ = derived.expand(KEY, &mut key);
        Keys { id, key }
    }
}
