//! Builds the dashboard: `src/dashboard` -> `$OUT_DIR/ui`, which the service embeds. npm packages
//! are fetched only when `package-lock.json` differs from what was last installed, pinned by its
//! hashes. Without Node, or where the build fails, a plain page stands in for it and a warning says
//! so; `DOSEVIGIL_UI=require` makes that an error. It does not check types: `npm test` does.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DASHBOARD: &str = "src/dashboard";
/// In `node_modules`: a copy of the lock file that it was installed from.
const STAMP: &str = ".dosevigil-lock";
/// `require`: no page without the dashboard. Anything else, or unset: a plain page will do.
const UI_VARIABLE: &str = "DOSEVIGIL_UI";

/// Why there is no dashboard: something could not be reached or started, or it ran and failed.
enum Failure {
    Io { what: String, source: io::Error },
    Failed { program: String, output: Output },
}

fn main() {
    let out_dir = std::env::var_os("OUT_DIR").expect("cargo gives every build script an OUT_DIR");
    let page_dir = PathBuf::from(out_dir).join("ui");
    let dashboard = Path::new(DASHBOARD);
    println!("cargo::rerun-if-env-changed={UI_VARIABLE}");
    for source in sources(dashboard) {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let Err(failure) = build(dashboard, &page_dir) else {
        return;
    };
    // Node may be installed later, and then nothing else would have changed.
    println!("cargo::rerun-if-env-changed=PATH");
    let why = describe(&failure);
    if std::env::var_os(UI_VARIABLE).as_deref() == Some(OsStr::new("require")) {
        println!("cargo::error=the dashboard could not be built: {why}");
        return;
    }
    println!("cargo::warning=built without the dashboard, with a plain page instead: {why}");
    if let Err(error) = write_plain_page(&page_dir) {
        println!("cargo::error=could not write the plain page: {error}");
    }
}

/// Folders beside the page's own that make up nothing of it.
const ASIDE: [&str; 5] = ["dev", "dist", "fixtures", "node_modules", "test"];

/// The files that make up the page, each by its name: naming the folder would look at all of
/// `node_modules`. A new file matters only once one of these imports it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![folder.to_path_buf()];
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_aside = |path: &Path| ASIDE.iter().any(|name| path.ends_with(name));
    let (files, folders): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().filter(|path| !is_aside(path)).partition(|path| path.is_file());
    files.into_iter().chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

/// Two builds at once (another profile, an editor's check) would install into the same folder:
/// the lock file itself is locked meanwhile.
fn build(dashboard: &Path, page_dir: &Path) -> Result<(), Failure> {
    let lock_path = dashboard.join("package-lock.json");
    let lock_file = File::open(&lock_path).map_err(|e| io_failure(&lock_path, e))?;
    lock_file.lock().map_err(|e| io_failure(&lock_path, e))?;
    let wanted = fs::read(&lock_path).map_err(|e| io_failure(&lock_path, e))?;
    let stamp = dashboard.join("node_modules").join(STAMP);
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(Command::new("npm").args(install).current_dir(dashboard))?;
        fs::write(&stamp, &wanted).map_err(|e| io_failure(&stamp, e))?;
    }
    let vite = Path::new("node_modules").join("vite").join("bin").join("vite.js");
    run(Command::new("node")
        .arg(vite)
        .args(["build", "--logLevel", "warn", "--emptyOutDir", "--outDir"])
        .arg(page_dir)
        .current_dir(dashboard))
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(Failure::Failed { program, output }),
        Err(source) => Err(Failure::Io { what: program, source }),
    }
}

fn io_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Io { what: path.display().to_string(), source }
}

/// One line: cargo takes no line breaks in a warning.
fn describe(failure: &Failure) -> String {
    match failure {
        Failure::Io { what, source } if source.kind() == io::ErrorKind::NotFound => {
            format!("{what} was not found")
        }
        Failure::Io { what, source } => format!("{what}: {source}"),
        Failure::Failed { program, output } => {
            let told = String::from_utf8_lossy(&output.stderr);
            let words: Vec<&str> = told.split_whitespace().take(60).collect();
            format!("{program} ended with {}: {}", output.status, words.join(" "))
        }
    }
}

/// Says what is missing, and links to what the service answers without it.
fn write_plain_page(page_dir: &Path) -> io::Result<()> {
    if page_dir.exists() {
        fs::remove_dir_all(page_dir)?;
    }
    fs::create_dir_all(page_dir)?;
    fs::write(
        page_dir.join("index.html"),
        r#"<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>dosevigil</title></head>
<body>
<h1>dosevigil: built without its dashboard</h1>
<p>There is no ward view and <strong>no alarm sound</strong> here: when this service was built, Node
was missing or failed (the build's warning says which). Install Node 20.19 or newer, then build
again.</p>
<ul>
<li><a href="/api/v1/beds">Beds, as JSON</a></li>
<li><a href="/api/v1/alarms">Alarms, as JSON</a></li>
</ul>
</body>
</html>
"#,
    )
}
