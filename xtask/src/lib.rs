//! The chores of this workspace. `main.rs` is their command line; the browser tests use [`server`],
//! [`browsers`] and [`paths`] directly.

pub mod bench;
pub mod browsers;
mod bundle;
pub mod catalog;
pub mod desk;
pub mod embed;
pub mod files;
pub mod lighthouse;
mod npm;
pub mod organisation;
pub mod outputs;
mod parity;
pub mod paths;
pub mod pictures;
mod reference;
pub mod serve;
pub mod server;
pub mod setup;
pub mod single;
pub mod site;
pub mod size;
pub mod test;
mod wasm;
mod words;
