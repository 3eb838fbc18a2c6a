//! Runs scenarios: each in every chosen engine, as a test of its own. One that fails is tried once more, in a browser
//! of its own, and told at the end.

use std::env;
use std::fs;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};
use libtest_mimic::{Arguments, Trial};
use tokio::runtime::{Builder, Runtime};
use xtask::paths;

use crate::driver::{self, Engine, Session, Wishes};
use crate::page::Page;
use crate::site::{self, Site};

/// How long one scenario may take, before a stuck browser would keep all others waiting.
pub(crate) const LONGEST: Duration = Duration::from_secs(120);

type Act = Box<dyn Fn(Page) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// What is tested, in one engine at a time.
pub struct Scenario {
    pub name: String,
    pub site: Site,
    pub wishes: Wishes,
    act: Act,
}

impl Scenario {
    pub fn new<F>(name: impl Into<String>, act: impl Fn(Page) -> F + Send + Sync + 'static) -> Scenario
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Scenario {
            name: name.into(),
            site: Site::default(),
            wishes: Wishes::default(),
            act: Box::new(move |page| Box::pin(act(page))),
        }
    }

    pub fn at(self, site: Site) -> Scenario {
        Scenario { site, ..self }
    }

    pub fn with(self, wishes: Wishes) -> Scenario {
        Scenario { wishes, ..self }
    }
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts"));

/// Scenarios that passed at their second try only, by name, with what the first complained of.
static UNSTEADY: Mutex<Vec<(String, Error)>> = Mutex::new(Vec::new());

/// The whole of a test program: takes cargo's arguments and exits as its own harness would.
pub fn run(scenarios: Vec<Scenario>) -> ExitCode {
    let arguments = Arguments::from_args();
    let engines = match Engine::chosen() {
        Ok(engines) => engines,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let mut trials = Vec::new();
    for scenario in scenarios {
        let scenario: &'static Scenario = Box::leak(Box::new(scenario));
        for engine in engines.iter().copied() {
            let name = format!("{}::{}", scenario.name, engine.name());
            trials.push(Trial::test(name.clone(), move || {
                RUNTIME.block_on(played(engine, scenario, name)).map_err(|error| told(&error).into())
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    RUNTIME.block_on(driver::end_all());
    site::clean();
    for (name, error) in UNSTEADY.lock().expect("no holder of the list panics").iter() {
        println!("unsteady: {name}: {}", told(error));
    }
    conclusion.exit_code()
}

/// Runs something outside of the tests in one engine.
pub fn alone<F: Future<Output = Result<()>>>(engine: Engine, act: impl FnOnce(Page) -> F) -> Result<()> {
    RUNTIME.block_on(async {
        let session = Session::start(engine, Wishes::default()).await?;
        let result = act(Page::new(engine, session.client.clone(), Site::Bare)?).await;
        session.end().await;
        result
    })
}

/// The error and what it came from, one a line; a backtrace through the harness would tell nothing more.
fn told(error: &Error) -> String {
    error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Plays a scenario; if it fails, once more in a fresh browser, so that one hiccup of a driver refuses no good work.
/// With `NDR_ONE_TRY` set, the first failure counts.
async fn played(engine: Engine, scenario: &'static Scenario, name: String) -> Result<()> {
    let first = async { play(Session::take(engine, scenario.wishes).await?, scenario).await };
    let Err(error) = first.await else { return Ok(()) };
    if env::var_os("NDR_ONE_TRY").is_some() {
        return Err(error);
    }
    let second = async { play(Session::start(engine, scenario.wishes).await?, scenario).await };
    match second.await {
        Ok(()) => UNSTEADY.lock().expect("no holder of the list panics").push((name, error)),
        Err(again) => return Err(anyhow!("{}\nand at the second try:\n{}", told(&error), told(&again))),
    }
    Ok(())
}

async fn play(session: Session, scenario: &'static Scenario) -> Result<()> {
    let engine = session.engine;
    let page = Page::new(engine, session.client.clone(), scenario.site)?;
    let acting = page.clone();
    let acted = async move {
        (scenario.act)(acting.clone()).await?;
        acting.no_faults().await
    };
    // In a task, so that a scenario that panics fails like one that returns an error.
    let mut task = tokio::spawn(acted);
    let result = match tokio::time::timeout(LONGEST, &mut task).await {
        Ok(Ok(result)) => result,
        Ok(Err(panic)) => Err(anyhow!("{panic}")),
        Err(_) => {
            task.abort();
            Err(anyhow!("not done within {} s", LONGEST.as_secs()))
        }
    };
    match result {
        Ok(()) => {
            session.rest();
            Ok(())
        }
        Err(error) => {
            let error = match picture(&page, &scenario.name).await {
                Ok(place) => anyhow!("{}\nwhat it looked like: {}", told(&error), place.display()),
                Err(_) => error,
            };
            // Whatever state it is in, the next scenario shall not find it.
            session.end().await;
            Err(error)
        }
    }
}

async fn picture(page: &Page, name: &str) -> Result<PathBuf> {
    let folder = paths::target().join("browser-failures");
    fs::create_dir_all(&folder)?;
    let place = folder.join(format!("{}.{}.png", name.replace(['/', ' '], "_"), page.engine.name()));
    let png = tokio::time::timeout(Duration::from_secs(10), page.client.screenshot()).await.context("too late")??;
    fs::write(&place, png)?;
    Ok(place)
}
