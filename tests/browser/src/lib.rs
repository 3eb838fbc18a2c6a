//! What the browser tests stand on: engines and their drivers, the built site behind a real server, and a page
//! that a scenario reads, types into and waits for.
//!
//! Nothing here waits for a time to pass: a scenario waits for a condition, and a condition that does not come about
//! within [`PATIENCE`] is a failure with its name. Only a whole scenario is tried twice, and then it is told ([`run`]).

pub mod driver;
pub mod expected;
pub mod page;
pub mod run;
pub mod site;
pub mod stage;

use std::time::Duration;

pub use anyhow::{Context, Result, bail, ensure};
pub use driver::{Engine, Wishes};
pub use page::Page;
pub use site::Site;
pub use stage::Stage;

/// How long a condition may take to come about.
pub const PATIENCE: Duration = Duration::from_secs(20);
