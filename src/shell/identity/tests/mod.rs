//! Users, tokens and log-ins on a database of their own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _};
use tempfile::TempDir;

use super::*;
use crate::shell::journal;

struct Site {
    folder: TempDir,
    now: Arc<Mutex<WallTime>>,
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now = Arc::new(Mutex::new(WallTime::from_micros(1_795_342_507_000_000)));
        let site = Self { folder, now };
        let key = site.folder.path().join("audit.key");
        journal::prepare(&site.path(), &key).await.expect("a new database");
        site
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("users.db")
    }

    /// A service, or a command line beside it.
    async fn open(&self) -> Identity {
        let side = journal::side(&self.path()).await.expect("it opens");
        let now = Arc::clone(&self.now);
        let now: Now = Arc::new(move || *now.lock().expect("no holder panics"));
        let (identity, writer) = Identity::new(side.write, side.reads, now);
        tokio::spawn(writer.run());
        identity
    }

    fn pass(&self, time: Duration) {
        let mut now = self.now.lock().expect("no holder panics");
        *now = now.plus(time);
    }
}

fn by() -> Author {
    Author::on_command_line()
}

fn name(text: &str) -> AccountName {
    AccountName::try_new(text).expect("a name")
}

fn password(text: &str) -> NewPassword {
    NewPassword::try_new(text).expect("long enough")
}

async fn add(identity: &Identity, who: &str, role: Role) {
    let added = identity.add_user(by(), name(who), role, password("correct horse")).await;
    assert_eq!(added.expect("a new user").role, role);
}

async fn log_in(identity: &Identity, who: &str) -> Result<LoggedIn, LogInError> {
    identity.log_in(who, "correct horse", &"127.0.0.1".into(), None).await
}

#[tokio::test]
async fn a_change_on_the_command_line_counts_at_once_in_the_running_service() {
    // Goal: role, disabling and revoking act on log-ins and tokens that are in use.
    // safety:X4
    let site = Site::new().await;
    let (service, command_line) = (site.open().await, site.open().await);
    assert!(!service.has_users().await.expect("readable"));
    add(&command_line, "kim", Role::Viewer).await;
    assert!(service.has_users().await.expect("readable"));
    let kim = log_in(&service, "kim").await.expect("the right password");
    let role = UserChange { role: Some(Role::Lead), ..UserChange::default() };
    command_line.change_user(by(), name("kim"), role).await.expect("there is a kim");
    let caller = service.by_cookie(&kim.secret).await.expect("readable").expect("logged in");
    assert_eq!((&*caller.name, caller.role, caller.standing), ("kim", Role::Lead, Standing::Full));

    let disabled = UserChange { access: Some(UserAccess::Disabled), ..UserChange::default() };
    command_line.change_user(by(), name("kim"), disabled).await.expect("there is a kim");
    assert!(service.by_cookie(&kim.secret).await.expect("readable").is_none());
    assert!(!service.still_reads(&caller).await);
    let enabled = UserChange { access: Some(UserAccess::Enabled), ..UserChange::default() };
    command_line.change_user(by(), name("kim"), enabled).await.expect("there is a kim");
    assert!(service.by_cookie(&kim.secret).await.expect("readable").is_none(), "it ended for good");

    let token = command_line.create_token(by(), name("meter"), Role::Viewer).await;
    let token = token.expect("a new token");
    let meter = service.by_token(&token).await.expect("readable").expect("in force");
    assert_eq!((&*meter.name, meter.role), ("token:meter", Role::Viewer));
    command_line.revoke_token(by(), name("meter")).await.expect("it is in force");
    assert!(service.by_token(&token).await.expect("readable").is_none());
    assert!(!service.still_reads(&meter).await);
    let again = command_line.revoke_token(by(), name("meter")).await;
    assert!(matches!(again, Err(IdentityError::UnknownToken)), "{again:?}");
    let taken = command_line.create_token(by(), name("meter"), Role::Viewer).await;
    assert!(matches!(taken, Err(IdentityError::NameTaken)), "{taken:?}");
}

#[tokio::test]
async fn a_new_password_ends_the_users_log_ins_and_no_others() {
    // safety:X3 safety:X4
    let site = Site::new().await;
    let identity = site.open().await;
    for who in ["kim", "lee"] {
        add(&identity, who, Role::Nurse).await;
    }
    let kim = log_in(&identity, "kim").await.expect("the right password");
    let lee = log_in(&identity, "lee").await.expect("the right password");
    let change = UserChange { password: Some(password("battery staple")), ..Default::default() };
    identity.change_user(by(), name("kim"), change).await.expect("there is a kim");
    assert!(identity.by_cookie(&kim.secret).await.expect("readable").is_none());
    assert!(identity.by_cookie(&lee.secret).await.expect("readable").is_some());
    let old = log_in(&identity, "kim").await;
    assert!(matches!(old, Err(LogInError::Refused)), "{old:?}");
    let new = identity.log_in("kim", "battery staple", &"127.0.0.1".into(), None).await;
    assert_eq!(&*new.expect("the new password").name, "kim");
}

#[tokio::test]
async fn the_last_admin_can_be_neither_disabled_nor_made_something_else() {
    let site = Site::new().await;
    let identity = site.open().await;
    add(&identity, "ann", Role::Admin).await;
    let changes = || {
        [
            UserChange { role: Some(Role::Lead), ..UserChange::default() },
            UserChange { access: Some(UserAccess::Disabled), ..UserChange::default() },
        ]
    };
    for change in changes() {
        let refused = identity.change_user(by(), name("ann"), change).await;
        assert!(matches!(refused, Err(IdentityError::LastAdmin)), "{refused:?}");
    }
    for (other, change) in ["bob", "eve"].into_iter().zip(changes()) {
        add(&identity, other, Role::Admin).await;
        identity.change_user(by(), name(other), change).await.expect("ann is left");
    }
    let users = identity.users().await.expect("readable");
    assert_eq!(users.iter().map(|user| &*user.name).collect::<Vec<_>>(), ["ann", "bob", "eve"]);
}

#[tokio::test]
async fn log_ins_survive_a_restart_and_those_that_are_over_leave_the_table() {
    // safety:X4
    let site = Site::new().await;
    let before = site.open().await;
    add(&before, "kim", Role::Nurse).await;
    let kim = log_in(&before, "kim").await.expect("the right password");
    drop(before);
    let after = site.open().await;
    assert!(after.by_cookie(&kim.secret).await.expect("readable").is_some());
    site.pass(ABSOLUTE);
    log_in(&after, "kim").await.expect("the right password");
    let side = journal::side(&site.path()).await.expect("it opens");
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM log_in")
        .fetch_one(&side.reads)
        .await
        .expect("readable");
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_locked_database_keeps_nobody_who_is_known_from_looking() {
    // Goal: while another program holds the write lock, requests still find out who asks.
    // safety:P4
    let site = Site::new().await;
    let identity = site.open().await;
    add(&identity, "kim", Role::Nurse).await;
    let kim = log_in(&identity, "kim").await.expect("the right password");
    site.pass(Duration::from_secs(60));
    let mut other =
        SqliteConnectOptions::new().filename(site.path()).connect().await.expect("open");
    other.execute("BEGIN IMMEDIATE").await.expect("the lock is to be had");
    let caller = identity.by_cookie(&kim.secret).await.expect("readable").expect("logged in");
    identity.active(&caller);
    tokio::task::yield_now().await;
    assert!(identity.by_cookie(&kim.secret).await.expect("readable").is_some());
    assert!(identity.still_reads(&caller).await);
    other.execute("ROLLBACK").await.expect("it is ours");
    let nobody = identity.revoke_token(by(), name("nobody")).await;
    assert!(matches!(nobody, Err(IdentityError::UnknownToken)), "{nobody:?}");
}

#[tokio::test]
async fn what_nobody_waits_for_leaves_room_for_what_somebody_does() {
    let site = Site::new().await;
    let identity = site.open().await;
    for _ in 0..2 * LANE {
        let detail = "too many".to_owned();
        identity.note(Note { who: "kim".into(), what: "refused", from: "".into(), detail });
    }
    add(&identity, "kim", Role::Nurse).await;
    let audit = identity.audit().await.expect("readable");
    assert_eq!(audit.len(), LANE / 2 + 1);
}
