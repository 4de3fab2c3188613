//! A clinic's folder: configuration, the shipped preset, the database.

use std::fs;
use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::http;
use crate::service::program;

const PRESET: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config/presets/ketamine-iv.toml"));

pub(crate) struct Clinic {
    folder: TempDir,
}

impl Clinic {
    /// Beds that are always watched, without any source. The service picks a free port.
    pub(crate) fn of_beds<T: AsRef<str>>(beds: &[T]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("presets")).expect("writable");
        fs::write(folder.path().join("presets/ketamine-iv.toml"), PRESET).expect("writable");
        let mut text = "[site]\nname = \"test-clinic\"\ntimezone = \"UTC\"\n\n\
             [storage]\npath = \"data/clinic.db\"\n\n[audit]\nkey_file = \"audit.key\"\n\n\
             [http]\nlisten = \"127.0.0.1:0\"\n\n\
             [alarms]\npreset = \"ketamine-iv\"\npresets_dir = \"presets\"\n"
            .to_owned();
        for bed in beds.iter().map(AsRef::as_ref) {
            text += &format!("\n[[bed]]\nid = \"{bed}\"\nlabel = \"{bed}\"\nwatch = \"always\"\n");
        }
        fs::write(folder.path().join("monitor.toml"), text).expect("writable");
        Self { folder }
    }

    pub(crate) fn with_serial(self, name: &str, bed: &str, protocol: &str, more: &str) -> Self {
        let path = self.port(name);
        self.with(&format!(
            "\n[[serial]]\nname = \"{name}\"\nbed = \"{bed}\"\npath = \"{}\"\n\
             protocol = \"{protocol}\"\n{more}\n",
            path.display()
        ))
    }

    /// A broker `clinic` with the topics of `payload::topic`.
    pub(crate) fn with_broker(self, port: u16) -> Self {
        self.with(&format!(
            "\n[[mqtt]]\nname = \"clinic\"\nurl = \"mqtt://127.0.0.1:{port}\"\n\
             client_id = \"dosevigil-test\"\n\n\
             [[mqtt.topic]]\ntopic = \"vitals/v1/test-clinic/{{bed}}/{{device}}/obs\"\n\
             format = \"vitals-json\"\n"
        ))
    }

    pub(crate) fn with(self, more: &str) -> Self {
        let text = fs::read_to_string(self.config()).expect("it is ours");
        fs::write(self.config(), text + more).expect("writable");
        self
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("monitor.toml")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("data/clinic.db")
    }

    /// Where the serial line of this name is.
    pub(crate) fn port(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("tty-{name}"))
    }

    /// The header line of a nurse's token of this name; made where there is none, whether the
    /// service runs or not.
    pub(crate) async fn nurse(&self, name: &str) -> String {
        let kept = self.folder.path().join(format!("token-{name}"));
        if let Ok(token) = fs::read_to_string(&kept) {
            return http::bearer(token.trim_end());
        }
        let mut command = program();
        command.args(["token", "create", "--name", name, "--role", "nurse", "--config"]);
        let output = command.arg(self.config()).output().await.expect("the program starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        fs::write(&kept, &output.stdout).expect("writable");
        http::bearer(String::from_utf8_lossy(&output.stdout).trim_end())
    }

    /// A second connection to the journal, as another program would have it.
    pub(crate) async fn open_database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.database());
        options.connect().await.expect("the journal opens")
    }

    /// What SQLite's own check says of the file.
    pub(crate) async fn integrity(&self) -> String {
        let mut conn = self.open_database().await;
        let check = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut conn).await;
        conn.close().await.expect("it closes");
        check.expect("the check runs")
    }
}
