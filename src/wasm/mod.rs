//! The room that knows JavaScript: numbers in, numbers out. Texts cross as UTF-8 bytes in the module's memory.

pub mod description;
#[cfg(target_arch = "wasm32")]
mod exports;
pub mod failure;
pub mod flat;
pub mod layout;
pub mod opening;
#[cfg(all(target_arch = "wasm32", feature = "workshop"))]
mod workshop;

/// Two kilobytes less to download than the allocator that comes with Rust, and no slower.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(test)]
mod generated;
