//! Migrations: what was released stays as it is, and a file of an earlier release is brought up.

use sha2::{Digest as _, Sha256};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqlSafeStr as _};

use super::super::chain::to_hex;
use super::super::open::{MIGRATIONS, SCHEMA};
use super::*;

/// Files in clinics hold the digests of these: do not change this test, add a migration.
#[test]
fn a_migration_never_changes() {
    let digests = MIGRATIONS.map(|(name, sql)| {
        let digest = Sha256::digest(sql.as_bytes());
        (name, to_hex(&digest)[..16].to_owned())
    });
    let digests = digests.each_ref().map(|(name, digest)| (*name, digest.as_str()));
    assert_eq!(
        digests,
        [
            ("journal", "cf9fa3a991103557"),
            ("identity", "e736a89be6092ef0"),
            ("audit", "54d9cd063f67420d"),
            ("session", "370f787edce06244"),
        ]
    );
    assert_eq!(i64::try_from(MIGRATIONS.len()), Ok(SCHEMA));
}

/// A file as the first schema made it.
async fn first_schema(clinic: &Clinic) {
    std::fs::create_dir_all(clinic.path().parent().unwrap()).unwrap();
    let options = SqliteConnectOptions::new().filename(clinic.path()).create_if_missing(true);
    let mut conn = options.connect().await.unwrap();
    let (name, sql) = MIGRATIONS[0];
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    let first = Migration::new(1, name.into(), MigrationType::Simple, sql, false);
    Migrator::with_migrations(vec![first]).run(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

async fn tables(clinic: &Clinic) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%sqlx%' \
               ORDER BY name";
    clinic.column(sql).await
}

const ALL: [&str; 10] = [
    "alarm",
    "audit_identity",
    "chain",
    "checkpoint",
    "input",
    "log_in",
    "meta",
    "token",
    "transition",
    "user",
];

#[tokio::test]
async fn a_journal_of_the_first_schema_is_brought_up_and_keeps_its_entries() {
    let clinic = Clinic::new();
    first_schema(&clinic).await;
    clinic.execute("INSERT INTO input VALUES (7, 'kept')").await;
    prepare(&clinic.path(), &clinic.key_file()).await.unwrap();
    assert_eq!(tables(&clinic).await, ALL);
    assert_eq!(clinic.column("SELECT body FROM input").await, ["kept"]);
}

#[tokio::test]
async fn a_database_that_the_first_user_made_is_a_journal_that_opens() {
    // Goal: `user add` before the first start leaves no trap for the start.
    let clinic = Clinic::new();
    for _ in 0..2 {
        prepare(&clinic.path(), &clinic.key_file()).await.unwrap();
    }
    assert_eq!(tables(&clinic).await, ALL);
    let (journal, recovery, _notices) = clinic.open().await;
    assert_eq!((recovery.tail.len(), recovery.next_seq), (0, Seq(1)));
    // Nor does it disturb a service that runs.
    prepare(&clinic.path(), &clinic.key_file()).await.unwrap();
    journal.close().await.unwrap();
}

#[tokio::test]
async fn what_is_no_journal_is_not_made_one_for_a_user() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.path().parent().unwrap()).unwrap();
    std::fs::write(clinic.path(), b"time_s,signal,value,unit\n").unwrap();
    let refused = prepare(&clinic.path(), &clinic.key_file()).await;
    assert!(matches!(refused, Err(JournalError::NotADatabase { .. })), "{refused:?}");
}
