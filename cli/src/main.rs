//! The counterfoil command line.
fn main() {}
