//! Turns `catalog/*.toml` into static tables and one file of words per language.

#[path = "build/catalog.rs"]
mod catalog;
#[path = "build/check.rs"]
mod check;
#[path = "build/emit.rs"]
mod emit;

fn main() {
    println!("cargo:rerun-if-changed=catalog");
    println!("cargo:rerun-if-changed=build");
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    match catalog::read(std::path::Path::new("catalog")).and_then(|c| check::check(&c).map(|()| c)) {
        Ok(catalogue) => emit::emit(&catalogue, &out),
        Err(mistakes) => {
            for mistake in &mistakes {
                eprintln!("{mistake}\n");
            }
            eprintln!("{} mistake(s) in the catalogue", mistakes.len());
            std::process::exit(1);
        }
    }
}
