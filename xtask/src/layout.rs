use std::path::{Path, PathBuf};

/// Where things lie. Every path is absolute.
pub(crate) struct Layout {
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder of this workspace.
    pub(crate) target: PathBuf,
}

impl Layout {
    /// The workspace this program was built in; `CARGO_TARGET_DIR` is honoured.
    pub(crate) fn find() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().unwrap_or(here).to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        Self { target: root.join(target), root }
    }

    /// What the server serves: self-contained, can be moved.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// A target folder of its own: the browser's build and the server's never wait for each
    /// other's lock.
    pub(crate) fn wasm(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The style sheet's entry; it imports the others.
    pub(crate) fn style(&self) -> PathBuf {
        self.root.join("style/main.css")
    }

    /// Static files.
    pub(crate) fn public(&self) -> PathBuf {
        self.root.join("public")
    }
}
