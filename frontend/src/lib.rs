//! The WASM entry point, nothing else.
