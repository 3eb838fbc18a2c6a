//! Each way in which the project reaches its users, as they would use it: hosted, offline, from a stick, in other pages.

mod element;
mod frame;
mod offline;
mod package;
mod single;

use std::process::ExitCode;

use ndr_doctor_browser_tests::run;

fn main() -> ExitCode {
    let groups =
        [offline::scenarios(), single::scenarios(), element::scenarios(), frame::scenarios(), package::scenarios()];
    run::run(groups.into_iter().flatten().collect())
}
