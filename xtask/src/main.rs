//! `cargo xtask`: the one door to every chore.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::organisation::Organisation;
use xtask::{bench, catalog, lighthouse, outputs, pictures, serve, setup, site, size, test};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The chores of this workspace")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Find, or install, what the other chores need
    Setup {
        #[arg(value_enum, default_value = "test")]
        what: setup::Need,
    },
    /// Build everything into dist/: the site, its archive, the single file, the element and the frame, the npm package
    Build {
        /// Build the site only, and compress nothing: what `serve` needs
        #[arg(long)]
        site_only: bool,
        /// Apply an organisation's file: whom to ask, steps of its own, errors left out of the lists
        #[arg(long, value_name = "ORG.TOML")]
        organisation: Option<PathBuf>,
    },
    /// Build the site, serve it on this machine and rebuild when a source changes
    Serve {
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Do not open a browser
        #[arg(long)]
        no_open: bool,
    },
    /// Run every check, or some of them
    Test {
        /// Run this check only (may be given several times)
        #[arg(long, value_name = "CHECK")]
        only: Vec<String>,
        /// List the checks
        #[arg(long)]
        list: bool,
    },
    /// Measure how fast the engine is, on this machine and in wasm, and the page with Lighthouse
    Bench {
        /// The page alone
        #[arg(long)]
        page: bool,
    },
    /// Weigh what a reader downloads against its budgets
    Size,
    /// Take pictures of the page's main states, or of those whose names hold all these words
    Pictures {
        #[arg(value_name = "WORD")]
        words: Vec<String>,
    },
    /// Show what the catalogue covers, how old its sources are, and where its languages differ
    Catalog,
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> anyhow::Result<()> {
    match chore {
        Chore::Setup { what } => setup::report(what),
        Chore::Build { site_only, organisation } => {
            let organisation =
                organisation.map_or_else(|| Ok(Organisation::default()), |path| Organisation::read(&path))?;
            if site_only { site::build(&organisation).map(drop) } else { outputs::build(&organisation) }
        }
        Chore::Serve { port, no_open } => serve::run(port, !no_open),
        Chore::Test { list: true, .. } => {
            test::list();
            Ok(())
        }
        Chore::Test { only, .. } => test::run(&only),
        Chore::Bench { page } => {
            if page {
                outputs::build(&Organisation::default())?;
            } else {
                bench::run()?;
            }
            lighthouse::run()
        }
        Chore::Size => size::run(),
        Chore::Pictures { words } => pictures::take(&words),
        Chore::Catalog => catalog::run(),
    }
}
