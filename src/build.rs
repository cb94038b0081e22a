//! Lists the files under `profiles/`, so that adding a profile touches no Rust.

use std::io::Write as _;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=profiles");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in ["platform", "site"] {
        for entry in std::fs::read_dir(root.join("profiles").join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let out = Path::new(&std::env::var_os("OUT_DIR").unwrap_or_default()).join("profiles.rs");
    let mut list = std::fs::File::create(out)?;
    writeln!(list, "[")?;
    for path in files {
        let name = path.strip_prefix(&root).unwrap_or(&path);
        let (name, path) = (name.to_string_lossy(), path.to_string_lossy());
        writeln!(list, "    ({name:?}, include_str!({path:?})),")?;
    }
    writeln!(list, "]")
}
