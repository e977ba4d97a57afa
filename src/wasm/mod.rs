//! The room that knows JavaScript.
