//! Snapshots from outside: what `seal` writes and `open` accepts or refuses, through the public interface and
//! against a second, independent writer of the format.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "offsets and small numbers of files written here; a test that overflows fails, as it should"
)]

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod document;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod forge;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod tampering;
