//! Who the requests of these tests come from: users on a database of their own, and a token of
//! each role.

use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::domain::role::Role;
use crate::domain::time::WallTime;
use crate::shell::identity::{AccountName, Author, Identity, Now};
use crate::shell::journal;

/// Who a request says that it is from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum As<'a> {
    Nobody,
    /// The token of this role.
    Token(Role),
    /// These header lines.
    Headers(&'a str),
}

/// The users' database with a token of each role, called as its role.
pub(crate) async fn people(
    folder: &TempDir,
    now: &Arc<Mutex<WallTime>>,
) -> (Identity, [String; 4]) {
    let path = folder.path().join("users.db");
    journal::prepare(&path, &folder.path().join("audit.key")).await.expect("a new database");
    let side = journal::side(&path).await.expect("it opens");
    let now = Arc::clone(now);
    let now: Now = Arc::new(move || *now.lock().expect("no holder panics"));
    let (identity, writer) = Identity::new(side.write, side.reads, now);
    tokio::spawn(writer.run());
    let mut tokens = Role::ALL.map(|role| role.name().to_owned());
    for (role, token) in Role::ALL.iter().zip(&mut tokens) {
        let name = AccountName::try_new(token).expect("a name");
        let made = identity.create_token(Author::on_command_line(), name, *role).await;
        *token = made.expect("a new token").reveal().to_owned();
    }
    (identity, tokens)
}
