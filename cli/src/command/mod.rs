//! One file per command: its arguments with their help, and what it does.

pub mod check;
pub mod codes;
pub mod export;
pub mod import;
pub mod keygen;
pub mod publish;
pub mod pulse;
pub mod quote;
pub mod root;
pub mod schema;
pub mod test;
pub mod verify;
