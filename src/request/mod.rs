//! The request for a quote: read from JSON straight into the engine's cart.
//!
//! Members that the format does not know are passed over, so a line may carry its own title and picture.
//! What it knows is checked: types, ranges and counts, each fault with its place.

mod names;
#[cfg(feature = "workshop")]
mod own;
mod read;
mod refusal;
pub mod shape;

use crate::cart::EnteredCode;
use crate::catalog::Catalog;
use crate::code::MAX_CODE_LENGTH;

pub use names::Names;
pub use read::read;

/// The moment of a quote, UTC milliseconds: a host may set it, or offer one for requests without their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moment {
    /// Overrides the request's `now`: a server must not believe its client's clock.
    pub given: Option<i64>,
    /// Stands in where the request has no `now`.
    pub fallback: Option<i64>,
}

/// What a typed code stands for.
pub fn entered(typed: &str, catalog: &Catalog) -> EnteredCode {
    // a longer text cannot be a code; it is refused like any unknown one
    if typed.len() > MAX_CODE_LENGTH.saturating_mul(4) {
        return EnteredCode::Unknown;
    }
    catalog.campaign_of_code(typed).map_or(EnteredCode::Unknown, EnteredCode::Campaign)
}
