//! The stack of the workshop's module. Linear memory is never given back, and a worker that holds a million codes has 128 MB.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("CARGO_FEATURE_WORKSHOP", "1") {
        // a quarter of what a module has otherwise; the deepest documents that are read take 60 kB
        println!("cargo::rustc-link-arg-cdylib=-zstack-size=262144");
    }
}
