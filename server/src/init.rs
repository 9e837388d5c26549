//! `vigie init`: a configuration to begin with.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use rand::RngExt as _;

use crate::cli::ConfigArgs;
use crate::config::EXAMPLE;

/// The file of the secret, beside the configuration, which names it.
const SECRET: &str = "secret";

/// Writes a commented configuration, and a secret beside it. Errors: there is one already; neither can be written.
pub(crate) fn init(args: &ConfigArgs) -> Result<()> {
    let file = &args.config;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let secret = folder.join(SECRET);
    // It is looked for from where Vigie runs.
    let config = EXAMPLE.replace("\"secret\"", &format!("{:?}", secret.display().to_string().trim_start_matches("./")));
    match write_new(file, config.as_bytes(), 0o644) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already: name another with --config, or remove it", file.display())
        }
        written => written.with_context(|| format!("cannot write {}", file.display()))?,
    }
    let drawn: [u8; 32] = rand::rng().random();
    let text: String = drawn.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).chain(['\n']).collect();
    // One that is there may have hashes made with it.
    let kept = match write_new(&secret, text.as_bytes(), 0o600) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => true,
        written => {
            written.with_context(|| format!("cannot write {}", secret.display()))?;
            false
        }
    };
    let secret = secret.display();
    let secret =
        if kept { format!("the secret in {secret} was there and stays") } else { format!("a secret is in {secret}") };
    eprintln!(
        "{} is written, and {secret}. Next: make an application at https://dev.twitch.tv/console/apps, put its client_id there \
         and its secret into VIGIE_COLLECT__CLIENT_SECRET; `vigie doctor` says whether all is in place then, and `vigie collect --once \
         --print` shows what is collected.",
        file.display()
    );
    Ok(())
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0')
}

/// Writes a file that is not there, durably.
fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
