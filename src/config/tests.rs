//! What `dosevigil check` says of broken files, and that the shipped ones are whole.

use std::path::{Path, PathBuf};

#[test]
fn x() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let loaded = super::load_all(&root.join("config/monitor.toml"));
    match loaded {
        Ok(loaded) => { let mut v = Vec::new(); super::write_effective(&loaded, &mut v).unwrap(); println!("{}", String::from_utf8(v).unwrap()); }
        Err(e) => panic!("{e}"),
    }
    let _ = PathBuf::new();
}
