//! The engines: the crate compiled for wasm32, with its bindings, made small. The whole one, and a lean one without
//! `hand_over` and the readers of compound files, which the site loads first.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use duct::cmd;
use wasm_bindgen_cli_support::Bindgen;

use crate::paths;
use crate::setup::{self, WasmCompiler};

const TARGET: &str = "wasm32-unknown-unknown";

/// How much is written out in place of a call: little, for the sake of size. Left to itself opt-level 2 makes an engine
/// 10 KB heavier in Brotli and a tenth quicker.
const INLINE: &str = "-Cllvm-args=-inline-threshold=20";

// Each feature by name: `--all-features` emits types that engines reject.
const WASM_OPT: &[&str] = &[
    "-Oz",
    "--converge",
    // What is called from one place stays apart: small functions resemble one another, and compress 5 % better.
    "--one-caller-inline-max-function-size=0",
    // The first kilobyte is the far end of the stack.
    "--low-memory-unused",
    // Fewer bytes as they are, more in Brotli.
    "--skip-pass=local-cse",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// Folders with `ndr_doctor.js`, `ndr_doctor.d.ts` and `ndr_doctor_bg.wasm`.
pub struct Engines {
    pub whole: PathBuf,
    pub lean: PathBuf,
}

pub fn build() -> Result<Engines> {
    Ok(Engines { whole: build_whole()?, lean: make(&["--no-default-features"], &paths::lean_engine())? })
}

/// The whole engine alone, as the npm package brings it.
pub fn build_whole() -> Result<PathBuf> {
    make(&[], &paths::engine())
}

/// `out` lies in a folder of cargo's that this engine has to itself: in one for both, each would take the other's place,
/// and both would be compiled every time.
fn make(features: &[&str], out: &Path) -> Result<PathBuf> {
    let wasm = compile(features, out.parent().context("an engine lies in cargo's folder")?)?;
    let stamp = out.with_extension("stamp");
    let key = fingerprint(&wasm)?;
    if fs::read_to_string(&stamp).is_ok_and(|last| last == key) {
        return Ok(out.to_owned());
    }
    let _ = fs::remove_file(&stamp);
    bind(&wasm, out)?;
    shrink(&out.join("ndr_doctor_bg.wasm"))?;
    fs::write(stamp, key)?;
    Ok(out.to_owned())
}

fn compile(features: &[&str], folder: &Path) -> Result<PathBuf> {
    let compiler = setup::wasm_compiler().context("no compiler for wasm32: run `cargo xtask setup build`")?;
    let always = ["build", "--package", "ndr-doctor", "--lib", "--profile", "wasm", "--target", TARGET];
    let mut arguments: Vec<String> = always.iter().chain(features).copied().map(String::from).collect();
    arguments.extend(["--target-dir".into(), folder.display().to_string()]);
    let command = match compiler {
        WasmCompiler::Host => cmd(paths::cargo(), arguments),
        WasmCompiler::Debian { linker } => {
            arguments.push("-Zbuild-std=std,panic_abort".into());
            arguments.push("-Zbuild-std-features=optimize_for_size".into());
            // What rustup and the outer cargo left in the environment belongs to another toolchain.
            let leaves = ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"];
            leaves
                .iter()
                .fold(cmd("/usr/bin/cargo", arguments), |command, name| command.env_remove(name))
                .env("PATH", "/usr/bin:/bin")
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        }
    };
    let flags = [INLINE.into(), same_everywhere()].join("\u{1f}");
    let command = command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags);
    command.dir(paths::root()).stdin_null().run().context("the engine does not compile for wasm32")?;
    Ok(folder.join(TARGET).join("wasm/ndr_doctor.wasm"))
}

/// Flags that keep this machine's folders out of the module, so that another machine makes the same bytes.
fn same_everywhere() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.map(|home| home.join("registry/src"));
    let registries = sources.iter().flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path());
    let folders = registries.chain([paths::root().to_owned()]);
    let flags = folders.map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    flags.chain(standard_library()).collect::<Vec<_>>().join("\u{1f}")
}

/// Calls the standard library's sources, where rustup has laid them beside the compiler, what they are called elsewhere.
fn standard_library() -> Option<String> {
    let version = cmd!("rustc", "-vV").dir(paths::root()).read().ok()?;
    let hash = version.lines().find_map(|line| line.strip_prefix("commit-hash: "))?;
    let sources = setup::sysroot()?.join("lib/rustlib/src/rust");
    Some(format!("--remap-path-prefix={}=/rustc/{hash}", sources.display()))
}

/// Of all that decides the result: the module, the recipe in this file and the version of wasm-opt.
fn fingerprint(wasm: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    fs::read(wasm)?.hash(&mut hasher);
    include_str!("wasm.rs").hash(&mut hasher);
    fs::read(paths::root().join("src/crossing.js"))?.hash(&mut hasher);
    fs::read(paths::tools().join("package-lock.json"))?.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

fn bind(wasm: &Path, out: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(out);
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("ndr_doctor").typescript(true).omit_default_module_path(true);
    let generate = bindgen.web(true).and_then(|bindgen| bindgen.generate(out));
    generate.map_err(|error| anyhow!("the bindings cannot be generated: {error:#}"))?;
    join(&out.join("ndr_doctor.js"))
}

/// Puts the engine's own script in the place of the line that imports it: the bindings are one file.
fn join(bindings: &Path) -> Result<()> {
    let text = fs::read_to_string(bindings)?;
    let is_import = |line: &&str| line.starts_with("import ") && line.ends_with("/crossing.js';");
    let import = text.lines().find(is_import).context("the bindings do not import crossing.js")?;
    let script = fs::read_to_string(paths::root().join("src/crossing.js"))?;
    fs::write(bindings, text.replace(import, &script.replace("export function", "function")))?;
    Ok(())
}

fn shrink(wasm: &Path) -> Result<()> {
    let wasm_opt = paths::tools().join("node_modules/binaryen/bin/wasm-opt");
    let mut arguments = vec![wasm_opt.into_os_string(), wasm.into(), "-o".into(), wasm.into()];
    arguments.extend(WASM_OPT.iter().map(Into::into));
    cmd("node", arguments).stdin_null().run().context("wasm-opt failed")?;
    Ok(())
}
