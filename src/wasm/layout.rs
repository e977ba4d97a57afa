//! The flat form of a request and of an answer: 64-bit slots, one number each. The TypeScript side gets these
//! names as generated constants, so the two sides cannot drift.

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
    /// The head of a flat request. After it: context words, numbers, codes, shipping charges, lines.
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
        Paid,
        /// Minor units.
        PaidWithPoints,
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
    /// A line; its words follow.
    LineSlot {
        /// Minor units.
        Price,
        /// Units.
        Quantity,
        /// The line before it of the same product and price, or -1.
        SameAs,
        /// How many words follow.
        WordCount,
    }
}

slots! {
    /// The head of a flat answer. After it, in this order: lines, shipping charges, applied campaigns, refused
    /// codes, points by campaign, hints, and the runs of units when they were asked for.
    AnswerSlot {
        /// Minor units.
        Subtotal,
        /// Minor units.
        DiscountTotal,
        /// Minor units.
        ShippingTotal,
        /// Minor units.
        Total,
        /// Minor units.
        Due,
        /// Points.
        Points,
        /// Pairs: price, discount.
        LineCount,
        /// Pairs: price, discount.
        ShippingCount,
        /// Groups of [`AppliedSlot`].
        AppliedCount,
        /// Groups of [`RefusedSlot`].
        RefusedCount,
        /// Pairs: campaign, points.
        EarnedCount,
        /// Groups of [`HintSlot`].
        HintCount,
    }
}

slots! {
    /// A campaign that applied; pairs (line, amount) and (charge, amount) follow.
    AppliedSlot {
        /// Index of the campaign.
        Promotion,
        /// Index of the entered code, or -1.
        Code,
        /// Minor units.
        Amount,
        /// How many shares of lines follow.
        ShareCount,
        /// How many shares of shipping follow.
        ShippingShareCount,
    }
}

slots! {
    /// An entered code that did not apply; groups of [`ReasonSlot`] follow.
    RefusedSlot {
        /// Index of the entered code.
        Code,
        /// Index of the campaign, or -1.
        Promotion,
        /// Index into the statuses.
        Status,
        /// How many reasons follow.
        ReasonCount,
    }
}

slots! {
    /// A reason.
    ReasonSlot {
        /// Index into the kinds of reasons.
        Kind,
        /// The condition that gave it, or -1.
        Condition,
        /// First value.
        Value0,
        /// Second value.
        Value1,
        /// Third value.
        Value2,
    }
}

slots! {
    /// A hint.
    HintSlot {
        /// Index of the campaign.
        Promotion,
        /// 1 to spend an amount, 0 to add units.
        IsSpend,
        /// The amount, or the units.
        Step,
        /// The line whose quantity can be raised, or -1.
        Line,
        /// Minor units.
        Worth,
        /// The threshold.
        Required,
        /// Where the cart is.
        Actual,
        /// 1 when the threshold counts money, 0 when it counts units.
        IsMoney,
    }
}

/// In a slot of a request: the caller gave nothing there. What is not a whole number is refused at its place.
pub const NOT_GIVEN: f64 = f64::NAN;
