//! Texts of `locales/` to Rust: a key that lacks in a language, or an argument that lacks where it is used, does not
//! compile.
//!
//! `leptos_i18n_build` does the same and brings all of ICU to compile; we format no numbers and dates with it, so its
//! two parts are called by themselves.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// One file each per language, `locales/fr/home.json`.
const NAMESPACES: [&str; 12] = [
    "validation",
    "frame",
    "home",
    "viewer",
    "habits",
    "trace",
    "channel",
    "figures",
    "explore",
    "about",
    "errors",
    "day",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("fr")?.add_locale("en")?.add_namespaces(NAMESPACES)?.parse_options(options);
    let texts = parse_locales(None, config)?;
    // A key in one language only is a warning of theirs and an error of ours.
    for warning in texts.diag.warnings().iter() {
        println!("cargo::error={warning}");
    }
    for error in texts.diag.errors().iter() {
        println!("cargo::error={error}");
    }
    let code = leptos_i18n_codegen::gen_code(&texts, None, false, None, false)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}
