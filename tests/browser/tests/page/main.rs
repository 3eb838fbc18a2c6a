//! The built page in real browsers.

use std::process::ExitCode;

use ndr_doctor_browser_tests::run::{self, Scenario};
use ndr_doctor_browser_tests::*;

fn main() -> ExitCode {
    run::run(vec![Scenario::new("probe", probe), Scenario::new("probe_paste", probe_paste)])
}

async fn probe(page: Page) -> Result<()> {
    page.open("/").await?;
    let r: serde_json::Value = page.ask("return [navigator.languages, navigator.userAgent, innerWidth, innerHeight, matchMedia('(prefers-reduced-motion: reduce)').matches, matchMedia('(prefers-color-scheme: dark)').matches, Intl.DateTimeFormat().resolvedOptions().timeZone, location.href, !!window.trustedTypes, devicePixelRatio]", ()).await?;
    println!("{} {r}", page.engine.name());
    println!("{:?}", page.site.requests().iter().map(|r| r.path.clone()).collect::<Vec<_>>());
    Ok(())
}

async fn probe_paste(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste("450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=smtp-in.fabrikam.example] [LastAttemptedIP=198.51.100.40:25]\nsecond").await?;
    page.until_shown("#answer .headline").await?;
    println!("{} {:?}", page.engine.name(), page.texts("#answer h2, #answer .verdict, .stages li").await?);
    page.drop_file("a.eml", b"550 5.1.10 nobody@example.com RESOLVER.ADR.RecipientNotFound").await?;
    page.until("other", "return document.querySelector('[data-section]').dataset.section === '5.1.10'", ()).await?;
    Ok(())
}
