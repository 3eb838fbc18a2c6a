//! The build refuses a catalogue with a mistake, and says where it is and what to do: one small sound catalogue, spoilt in one place at a time.

#[allow(dead_code, reason = "the tests read less of it than the build does")]
#[path = "../build/catalog.rs"]
mod catalog;
#[path = "../build/check.rs"]
mod check;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

const SOUND: &str = r#"
[family]
id = "sample"
title.en = "Sample"
title.es = "Muestra"

[[source]]
id = "page"
url = "https://learn.microsoft.com/page"
title = "A page"
read = "2026-11-23"

[[link]]
id = "portal"
url = "https://admin.exchange.microsoft.com/#/connectors"
title.en = "Connectors"
title.es = "Conectores"

[[note]]
id = "an-hour"
text.en = "It takes {host} an hour."
text.es = "{host} tarda una hora."

[[question]]
id = "whose"
text.en = "Whose is it?"
text.es = "¿De quién es?"
[[question.answer]]
id = "ours"
text.en = "Ours"
text.es = "Nuestro"
[[question.answer]]
id = "theirs"
text.en = "Theirs"
text.es = "Suyo"

[[step]]
id = "wait"
who = "sender"
text.en = "Wait."
text.es = "Espere."

[[entry]]
id = "full"
codes = ["5.2.2"]
dialects = ["exchange_online"]
says = ["mailbox is full"]
category = "mailbox_full"
stage = "mailbox"
acts = "sender"
title.en = "Full"
title.es = "Lleno"
meaning.en = "It is full."
meaning.es = "Está lleno."
detail.en = "No room."
detail.es = "Sin sitio."
confirm.en = "It arrives."
confirm.es = "Llega."
questions = ["whose"]
notes = ["an-hour"]
sources = ["page"]
[[entry.cause]]
id = "quota"
text.en = "The quota is used up."
text.es = "Se agotó la cuota."
indicated_by = ["over quota"]
[[entry.step]]
use = "wait"
[[entry.step]]
id = "close"
who = "admin"
only_if = ["ours"]
text.en = "Close it."
text.es = "Ciérrelo."
link = "portal"
[[entry.step.command]]
shell = "exchange_online"
text = "Get-Mailbox -Identity '{recipient}'"
good.en = "It is there."
good.es = "Está."
bad.en = "It is not."
bad.es = "No está."
[[entry.step.command]]
shell = "exchange_online"
text = "Set-Mailbox -Identity '{recipient}' -Quota 1"
good.en = "Nothing."
good.es = "Nada."
bad.en = "An error."
bad.es = "Un error."
changes_state = true
undo = "Set-Mailbox -Identity '{recipient}' -Quota 2"
[[entry.step]]
id = "look"
who = "admin"
text.en = "Look it up."
text.es = "Consúltelo."
[[entry.step.command]]
shell = "powershell"
text = "Resolve-DnsName '{domain}' -Server 1.1.1.1"
good.en = "A name."
good.es = "Un nombre."
bad.en = "None."
bad.es = "Ninguno."
[[entry.step.command]]
shell = "bash"
text = "dig '{domain}' @1.1.1.1"
good.en = "An address."
good.es = "Una dirección."
bad.en = "No address."
bad.es = "Ninguna dirección."
[[entry.example]]
says = "552 5.2.2 the mailbox is full"
[[entry.counter_example]]
says = "552 5.3.4 too big"

[[entry]]
id = "over-limit"
codes = ["5.2.2"]
says = ["over the limit"]
category = "mailbox_full"
stage = "mailbox"
acts = "sender"
title.en = "Over"
title.es = "Superado"
meaning.en = "Over it."
meaning.es = "Lo supera."
detail.en = "Over the limit."
detail.es = "Supera el límite."
confirm.en = "It passes."
confirm.es = "Pasa."
sources = ["page"]
[[entry.cause]]
id = "unknown"
text.en = "Nobody says."
text.es = "Nadie lo dice."
cannot_tell = true
[[entry.step]]
use = "wait"
[[entry.example]]
says = "552 5.2.2 over the limit"
[[entry.counter_example]]
says = "552 5.2.2 the mailbox is full"

[[retired]]
id = "given-up"
on = "2026-11-23"
instead = "full"
"#;

/// What the build says of a catalogue of one file.
fn mistakes(text: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let nth = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("refusals-{}-{nth}", std::process::id()));
    fs::create_dir_all(&folder).expect("cargo's folder for tests is writable");
    fs::write(folder.join("sample.toml"), text).expect("it is writable");
    let found = catalog::read(&folder).and_then(|c| check::check(&c)).err().unwrap_or_default();
    fs::remove_dir_all(&folder).expect("it was just made");
    found.iter().map(|mistake| format!("{mistake}\n")).collect()
}

/// Spoils the sound catalogue in one place and expects one complaint, at a line of that file.
fn refuses(what: &str, instead: &str, complaint: &str) {
    assert!(SOUND.contains(what), "the sound catalogue has no {what:?}");
    let said = mistakes(&SOUND.replacen(what, instead, 1));
    assert!(said.contains(complaint), "{what:?} -> {instead:?}: expected {complaint:?}, said:\n{said}");
    assert!(said.contains("sample.toml:"), "no place in:\n{said}");
}

#[test]
fn a_sound_catalogue_passes() {
    assert_eq!(mistakes(SOUND), "");
}

#[test]
fn a_missing_language_is_refused() {
    refuses("title.es = \"Lleno\"\n", "", "missing field `es`");
    refuses("text.es = \"Espere.\"", "text.es = \" \"", "a text is empty in one language");
}

#[test]
fn unequal_placeholders_are_refused() {
    refuses("{host} tarda", "Tarda", "placeholders differ between languages");
}

#[test]
fn two_entries_that_claim_the_same_are_refused() {
    let said = mistakes(
        &SOUND.replace("says = [\"over the limit\"]", "dialects = [\"exchange_online\"]\nsays = [\"Mailbox is full\"]"),
    );
    assert!(said.contains("\"over-limit\" claims 5.2.2 like \"full\""), "{said}");
}

#[test]
fn a_narrower_dialect_or_other_words_are_no_double_claim() {
    assert_eq!(mistakes(&SOUND.replace("says = [\"over the limit\"]", "says = [\"mailbox is full\"]")), "");
    assert_eq!(mistakes(&SOUND.replace("says = [\"over the limit\"]\n", "")), "");
}

#[test]
fn an_entry_without_example_or_counter_example_is_refused() {
    let complaint = "an entry without example and counter-example";
    refuses("[[entry.example]]\nsays = \"552 5.2.2 the mailbox is full\"\n", "", complaint);
    refuses("[[entry.counter_example]]\nsays = \"552 5.3.4 too big\"\n", "", complaint);
}

#[test]
fn unknown_cross_references_are_refused() {
    refuses("use = \"wait\"", "use = \"wiat\"", "unknown shared step \"wiat\"");
    refuses("questions = [\"whose\"]", "questions = [\"whom\"]", "unknown question \"whom\"");
    refuses("only_if = [\"ours\"]", "only_if = [\"hers\"]", "unknown answer \"hers\"");
    refuses("notes = [\"an-hour\"]", "notes = [\"an-our\"]", "unknown note \"an-our\"");
    refuses("link = \"portal\"", "link = \"prtal\"", "unknown link \"prtal\"");
    refuses("sources = [\"page\"]", "sources = [\"pages\"]", "unknown source \"pages\"");
    refuses("category = \"mailbox_full\"", "category = \"full_mailbox\"", "unknown category \"full_mailbox\"");
    refuses("[\"exchange_online\"]", "[\"exchange\"]", "unknown dialect \"exchange\"");
    refuses("indicated_by = [\"over quota\"]", "indicated_by = [\"@full\"]", "unknown fact \"@full\"");
}

#[test]
fn an_id_used_twice_is_refused() {
    refuses("id = \"over-limit\"", "id = \"full\"", "entry \"full\" stands twice");
    refuses("id = \"theirs\"", "id = \"ours\"", "answer \"ours\" stands twice");
    refuses("id = \"look\"", "id = \"close\"", "step \"close\" stands twice");
}

#[test]
fn an_id_that_is_retired_is_refused() {
    refuses("id = \"over-limit\"", "id = \"given-up\"", "\"given-up\" is retired");
    refuses("id = \"given-up\"", "id = \"full/quota\"", "\"full/quota\" is retired");
    refuses("id = \"given-up\"", "id = \"theirs\"", "\"theirs\" is retired");
    refuses("on = \"2026-11-23\"", "on = \"last week\"", "\"last week\" is not a day");
}

#[test]
fn a_link_that_is_not_https_is_refused() {
    refuses("https://learn.microsoft.com/page", "http://learn.microsoft.com/page", "is not an https link");
    refuses("https://admin.exchange", "javascript:admin.exchange", "is not an https link");
}

#[test]
fn a_cause_without_evidence_is_refused() {
    refuses("indicated_by = [\"over quota\"]\n", "", "cause \"quota\" has no evidence");
    refuses(
        "cannot_tell = true",
        "cannot_tell = true\nindicated_by = [\"over the limit\"]",
        "cause \"unknown\" has no evidence",
    );
}

#[test]
fn an_entry_without_cause_step_or_source_is_refused() {
    refuses("sources = [\"page\"]", "sources = []", "an entry without a source");
    refuses("[[entry.step]]\nuse = \"wait\"\n[[entry.example]]", "[[entry.example]]", "without a cause or a step");
}

#[test]
fn a_phrase_too_short_to_stand_alone_is_refused() {
    refuses("says = [\"mailbox is full\"]", "says = [\"full\"]", "phrase \"full\" is too short");
}

#[test]
fn a_question_asked_for_nothing_is_refused() {
    refuses("only_if = [\"ours\"]\n", "", "\"full\" asks \"whose\" for nothing");
    refuses("questions = [\"whose\"]\n", "", "\"full\" never asks for \"ours\"");
}

#[test]
fn a_change_without_a_look_before_it_is_refused() {
    refuses("Get-Mailbox -Identity", "Get-MailboxStatistics -Identity", "changes Mailbox without a look at it before");
    refuses(
        "shell = \"exchange_online\"\ntext = \"Get-Mailbox",
        "shell = \"exchange_server\"\ntext = \"Get-Mailbox",
        "changes Mailbox without a look at it before",
    );
}

#[test]
fn a_change_that_does_not_say_so_or_cannot_be_taken_back_is_refused() {
    refuses("changes_state = true\nundo", "changes_state = false\nundo", "changes something and does not say so");
    refuses("undo = \"Set-Mailbox -Identity '{recipient}' -Quota 2\"", "", "a command without `undo`");
    refuses("undo = \"Set-Mailbox", "undo = \"Set-Quota", "`undo` does not take the change of Mailbox back");
    refuses("text = \"Set-Mailbox", "text = \"Get-Mailbox", "a command said to change something");
}

#[test]
fn a_check_of_the_network_for_one_kind_of_machine_is_refused() {
    let complaint = "a check of the network for one kind of machine only";
    refuses("shell = \"bash\"", "shell = \"powershell\"", complaint);
    refuses("text = \"dig '{domain}' @1.1.1.1\"", "text = \"date\"", complaint);
}

#[test]
fn what_is_filled_in_stands_in_quotes() {
    refuses("dig '{domain}'", "dig {domain}", "{domain} stands outside quotes");
    refuses("dig '{domain}'", "dig <domain>", "<domain> stands outside quotes");
    refuses("dig '{domain}'", "dig '{secret}'", "unknown placeholder {secret}");
}

#[test]
fn what_nothing_uses_is_refused() {
    refuses("notes = [\"an-hour\"]\n", "", "nothing uses the note \"an-hour\"");
    refuses("link = \"portal\"\n", "", "nothing uses the link \"portal\"");
    refuses(
        "[[step]]\nid = \"wait\"",
        "[[step]]\nid = \"idle\"\nwho = \"sender\"\ntext.en = \"Rest.\"\ntext.es = \"Descanse.\"\n[[step]]\nid = \"wait\"",
        "nothing uses the shared step \"idle\"",
    );
}
