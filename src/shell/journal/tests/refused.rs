//! What is refused at start, with the path named and the file left as it was (`safety` P5).

use std::path::Path;

use super::*;

/// The message names the file, and the file's bytes are those from before.
fn assert_names(error: &JournalError, path: &Path) {
    let text = error.to_string();
    assert!(text.contains(&path.display().to_string()), "{text}");
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

async fn closed_clinic() -> Clinic {
    let clinic = Clinic::new();
    let (journal, _, _notices) = clinic.open().await;
    for n in 1..=200 {
        journal.append(routine(n, n)).unwrap();
    }
    journal.close().await.unwrap();
    clinic
}

#[tokio::test]
async fn a_directory_in_the_files_place_is_refused() {
    let clinic = Clinic::new();
    std::fs::create_dir_all(clinic.path()).unwrap();
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::NotAFile { .. }), "{error}");
    assert_names(&error, &clinic.path());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_was() {
    let clinic = Clinic::new();
    let bytes = b"time_s,signal,value,unit\n0,hr,72,bpm\n";
    write(&clinic.path(), bytes);
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::NotADatabase { .. }), "{error}");
    assert_names(&error, &clinic.path());
    assert_eq!(std::fs::read(clinic.path()).unwrap(), bytes);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_as_it_was() {
    let clinic = Clinic::new();
    write(&clinic.path(), b"");
    clinic.execute("CREATE TABLE patients (id INTEGER)").await;
    let before = std::fs::read(clinic.path()).unwrap();
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
    assert_names(&error, &clinic.path());
    assert_eq!(std::fs::read(clinic.path()).unwrap(), before);
}

#[tokio::test]
async fn a_journal_of_a_newer_release_is_refused() {
    let clinic = closed_clinic().await;
    clinic
        .execute("INSERT INTO _sqlx_migrations VALUES (5, 'later', CURRENT_TIMESTAMP, 1, x'00', 0)")
        .await;
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::NewerSchema { found: 5, known: 4, .. }), "{error}");
    assert_names(&error, &clinic.path());
}

#[tokio::test]
async fn a_damaged_journal_is_refused_after_an_unclean_stop_and_left_as_it_was() {
    // Goal: bytes in the middle are wiped, as a failing card does; quick_check must see it.
    let clinic = closed_clinic().await;
    clinic.execute("UPDATE meta SET clean = 0").await;
    let mut bytes = std::fs::read(clinic.path()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 5000].fill(0xA5);
    write(&clinic.path(), &bytes);
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    assert_names(&error, &clinic.path());
    assert_eq!(std::fs::read(clinic.path()).unwrap(), bytes);
}

#[tokio::test]
async fn a_file_cut_to_nothing_or_gone_from_beside_its_log_is_no_new_journal() {
    // Goal: never a silent empty start where a journal was.
    let clinic = closed_clinic().await;
    write(&clinic.path(), b"");
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");

    std::fs::remove_file(clinic.path()).unwrap();
    write(&clinic.path().with_extension("db-wal"), b"log");
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    assert_names(&error, &clinic.path());
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_refused() {
    // /proc takes no file from anyone, root included.
    let clinic = Clinic::new();
    let path = PathBuf::from("/proc/dosevigil-journal.db");
    let error = open(Options { path: path.clone(), ..clinic.options() }).await.unwrap_err();
    assert!(matches!(error, JournalError::ReadOnly { .. } | JournalError::Io { .. }), "{error}");
    assert_names(&error, &path);
}

#[tokio::test]
async fn a_second_instance_on_the_same_data_is_refused_until_the_first_is_closed() {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::InUse { .. }), "{error}");
    assert_names(&error, &clinic.path());
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    committed_through(&mut notices, 1).await;
    journal.close().await.unwrap();
    let (journal, _, _notices) = clinic.open().await;
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_journal_locked_by_another_program_is_refused() {
    let clinic = Clinic { durability: IMPATIENT, ..closed_clinic().await };
    let mut other = clinic.intruder().await;
    sqlx::raw_sql("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE meta SET clean = 1;")
        .execute(&mut other)
        .await
        .unwrap();
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Locked { .. }), "{error}");
    assert_names(&error, &clinic.path());
}

#[tokio::test]
async fn a_missing_or_broken_key_is_refused_by_the_key_files_name() {
    let clinic = closed_clinic().await;
    let key = std::fs::read_to_string(clinic.key_file()).unwrap();
    std::fs::remove_file(clinic.key_file()).unwrap();
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::KeyMissing { .. }), "{error}");
    assert_names(&error, &clinic.key_file());
    assert!(!clinic.key_file().exists(), "no new key is made over an old chain");

    for bad in [&key[..63], "", "hush-hush"] {
        write(&clinic.key_file(), bad.as_bytes());
        let error = clinic.refusal().await;
        assert!(matches!(error, JournalError::KeyMalformed { .. }), "{error}");
        assert_names(&error, &clinic.key_file());
        assert!(bad.is_empty() || !error.to_string().contains(bad), "{error}");
    }
    let other = if key.starts_with('0') { "1" } else { "0" }.to_owned() + &key[1..];
    write(&clinic.key_file(), other.as_bytes());
    let error = clinic.refusal().await;
    assert!(matches!(error, JournalError::Chain { .. }), "{error}");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(key.trim()) && !text.contains(other.trim()), "{text}");
    }
}

#[tokio::test]
async fn the_key_is_made_at_the_first_start_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let clinic = closed_clinic().await;
    let mode = std::fs::metadata(clinic.key_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = std::fs::read_to_string(clinic.key_file()).unwrap();
    assert_eq!(key.trim().len(), 64);
    let bytes = super::super::chain::from_hex(key.trim()).unwrap();
    assert_eq!(format!("{:?}", Key::from_bytes(bytes)), "Key(..)");
}

#[tokio::test]
async fn what_others_could_read_is_closed_to_them_at_the_start() {
    // safety:X11 Goal: a key that a copy or an editor left open is its owner's again, and so is a
    // database of a release that made it for all; a group that was let in stays.
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |path: &std::path::Path| metadata(path).unwrap().permissions().mode() & 0o777;
    let clinic = closed_clinic().await;
    assert_eq!(mode(&clinic.path()), 0o600, "made for its owner alone");
    let (journal, _, _notices) = clinic.open().await;
    assert_eq!(mode(&clinic.path().with_extension("db-wal")), 0o600);
    journal.close().await.unwrap();
    for (key, database, left) in [(0o644, 0o644, 0o640), (0o660, 0o660, 0o660)] {
        set_permissions(clinic.key_file(), Permissions::from_mode(key)).unwrap();
        set_permissions(clinic.path(), Permissions::from_mode(database)).unwrap();
        let (journal, _, _notices) = clinic.open().await;
        journal.close().await.unwrap();
        assert_eq!((mode(&clinic.key_file()), mode(&clinic.path())), (0o600, left));
    }
}

#[tokio::test]
async fn a_bed_that_left_the_configuration_after_an_unclean_stop_is_named() {
    let clinic = closed_clinic().await;
    let mut options = clinic.options();
    options.names.beds.remove(0);
    let error = open(options).await.unwrap_err();
    assert!(matches!(error, JournalError::Record { id: 1, .. }), "{error}");
    assert!(error.to_string().contains("bay-1"), "{error}");
    // With a checkpoint there is no tail, so the bed may go.
    let (journal, _, _notices) = clinic.open().await;
    journal.checkpoint(Vec::new(), stamp(300));
    journal.close().await.unwrap();
    let mut options = clinic.options();
    options.names.beds.remove(0);
    let (journal, _, _notices) = open(options).await.unwrap();
    journal.close().await.unwrap();
}
