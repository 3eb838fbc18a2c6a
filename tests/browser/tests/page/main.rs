//! The built page in real browsers: what a reader does, and what must then be so.

mod answers;
mod bare;
mod faults;
mod following;
mod giving;
mod keyboard;
mod language;
mod looks;
mod marks;
mod quiet;
mod roles;
mod sections;

use std::process::ExitCode;

use ndr_doctor_browser_tests::run;

fn main() -> ExitCode {
    let groups = [
        sections::scenarios(),
        roles::scenarios(),
        following::scenarios(),
        marks::scenarios(),
        giving::scenarios(),
        answers::scenarios(),
        keyboard::scenarios(),
        language::scenarios(),
        quiet::scenarios(),
        bare::scenarios(),
        faults::scenarios(),
        looks::scenarios(),
    ];
    run::run(groups.into_iter().flatten().collect())
}
