//! The flat form of a request: 64-bit slots, one number each. The encoder in TypeScript is written from these names, so
//! the two sides cannot drift. A number that the caller did not give is not-a-number there, and what is no number at all is
//! infinite.

/// Names the slots of a fixed group, in order.
macro_rules! slots {
    ($(#[$doc:meta])* $Group:ident { $($(#[$slot_doc:meta])* $Slot:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $Group { $($(#[$slot_doc])* $Slot),* }

        impl $Group {
            /// The slots in order, for the generated constants.
            pub const NAMES: &[&str] = &[$(stringify!($Slot)),*];
            /// How many there are.
            pub const COUNT: usize = Self::NAMES.len();
        }
    };
}

slots! {
    /// The head of a flat request. After it: context words, numbers, codes, shipping charges, declined gifts, stock,
    /// lines.
    RequestSlot {
        /// The three letters as one number, base 256.
        Currency,
        /// UTC milliseconds.
        Now,
        /// Minutes.
        UtcOffset,
        /// Days since 1970-01-01.
        Birthday,
        /// UTC milliseconds.
        SignedUpAt,
        /// A count.
        OrderCount,
        /// UTC milliseconds.
        LastOrderAt,
        /// Minor units.
        CustomerSpent,
        /// Bits: 1 hints, 2 units.
        Include,
        /// How many context words follow.
        ContextCount,
        /// How many numbers follow: one for each of the vocabulary.
        NumberCount,
        /// How many codes follow: campaign index, or -1.
        CodeCount,
        /// How many shipping charges follow.
        ShippingCount,
        /// How many campaigns follow whose gifts are declined: campaign index, or -1.
        DeclinedCount,
        /// How many stock entries follow.
        StockCount,
        /// How many lines follow.
        LineCount,
    }
}

slots! {
    /// A shipping charge.
    ShippingSlot {
        /// A word, or 0.
        Method,
        /// Minor units.
        Price,
    }
}

slots! {
    /// How much there is of a product.
    StockSlot {
        /// The word of its sku, or 0.
        Sku,
        /// The word of its product, or 0.
        Product,
        /// Units.
        Available,
    }
}

slots! {
    /// A line; its words follow.
    LineSlot {
        /// Minor units.
        Price,
        /// Units.
        Quantity,
        /// Minor units, or 0.
        MinPrice,
        /// The line before it of the same product and price, or -1.
        SameAs,
        /// Whose gift the line is: campaign index, -1 for no such campaign, or -2 for no gift.
        GiftOf,
        /// How many words follow.
        WordCount,
    }
}
