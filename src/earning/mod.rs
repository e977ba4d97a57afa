//! Earning rules: what points an order earns, one file each. They are benefits of a campaign like discounts
//! are, so a campaign's schedule, conditions and audience decide when they pay.

use alloc::boxed::Box;
use serde::{Deserialize, Serialize};

use crate::campaign::reading;
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::selector::Exclusion;
use crate::vocabulary::VocabularyBuilder;

/// The document form of an earning rule.
pub(crate) trait Document: for<'de> Deserialize<'de> {
    /// The form that a snapshot carries.
    type Compiled;

    /// Translates the document into the snapshot's vocabulary; `gift_cards` are the lines on which nothing is earned
    /// unless the document says so.
    ///
    /// # Errors
    /// A diagnostic at `at` when the document makes no sense.
    fn compile(
        &self,
        gift_cards: &Exclusion,
        vocabulary: &mut VocabularyBuilder,
        at: &Pointer,
    ) -> Result<Self::Compiled, Box<Diagnostic>>;
}

macro_rules! earning_rules {
    ($($file:ident :: $Kind:ident),* $(,)?) => {
        $(pub mod $file; pub use $file::$Kind;)*

        $crate::packed::packed! {
            /// A compiled earning rule. The order of kinds is part of the signed format: new ones go last.
            #[derive(Clone, Debug, PartialEq, Serialize)]
            pub enum Earning {
                $(#[doc = concat!("`", stringify!($file), "`")] $Kind($file::Compiled),)*
            }
        }

        /// The `type` of every earning rule.
        pub const TYPES: &[&str] = &[$(stringify!($file)),*];

        /// What the document of each kind is made of, in the order of [`TYPES`].
        #[cfg(feature = "schema")]
        pub(crate) fn schemas(generator: &mut schemars::SchemaGenerator) -> alloc::vec::Vec<schemars::Schema> {
            alloc::vec![$(<$Kind as schemars::JsonSchema>::json_schema(generator)),*]
        }

        impl Earning {
            /// Reads an earning rule of a campaign document and translates it.
            pub(crate) fn compile(
                document: &serde_json::Value,
                gift_cards: &Exclusion,
                vocabulary: &mut VocabularyBuilder,
                at: &Pointer,
            ) -> Result<Earning, Box<Diagnostic>> {
                let (kind, members) = reading::kind(document, "earning rule", TYPES, at)?;
                match kind {
                    $(stringify!($file) => {
                        let document: $Kind = reading::members(members, at)?;
                        document.compile(gift_cards, vocabulary, at).map(Earning::$Kind)
                    })*
                    _ => Err(reading::kind_unknown(kind, "earning rule", TYPES, at)),
                }
            }
        }
    };
}

earning_rules! {
    points_per_amount::PointsPerAmount,
    points_multiplier::PointsMultiplier,
}
