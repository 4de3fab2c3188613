//! The chain's format, and that every way of tampering is found.

use super::super::chain::{self, Broken, Head, How, Kind, VerifyError};
use super::*;

const GOLDEN_1: &str = "36d53b14455e1bec88ef1bf49de4d797a3dfed2e29f3d70cef5a50f509d88cc8";
const GOLDEN_2: &str = "9b89efa6c632e48fed5d56255e00dd3e9a5ac241abf98019111ac8898c99c6e4";
const GOLDEN_3: &str = "089d01e40f3a7882ebd1c6acd26e9a0b790662932e855ca07edff99ba0590222";
const GOLDEN_DIGEST: &str = "9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21";

#[test]
fn the_codes_of_version_1_are_these() {
    // Do not change this test: the chains of every clinic would break. The codes were computed
    // apart from this program, by the formula in the module's text.
    let key = Key::from_bytes([0x0B; 32]);
    let mut head = Head::EMPTY;
    let golden = [
        (Kind::Start, r#"{"v":1,"release":"0.1.0","wall_us":5}"#, GOLDEN_1),
        (Kind::Act, "", GOLDEN_2),
        (Kind::Transition, "SpO2 84 ≤ 85 %", GOLDEN_3),
    ];
    for (place, (kind, body, mac)) in (1..).zip(golden) {
        let entry = head.append(&key, kind, body.into());
        assert_eq!((entry.n, chain::to_hex(&entry.mac).as_str()), (place, mac));
        assert_eq!((head.count, head.mac), (entry.n, entry.mac));
    }
    let digest = chain::digest_of_inputs(["a", "bc"].into_iter());
    assert_eq!(chain::to_hex(&digest), GOLDEN_DIGEST);
}

#[test]
fn the_numbers_of_the_kinds_are_part_of_the_format() {
    let numbers = [
        (Kind::Start, 1),
        (Kind::Configuration, 2),
        (Kind::Inputs, 3),
        (Kind::Act, 4),
        (Kind::Transition, 5),
        (Kind::Checkpoint, 6),
        (Kind::Stop, 7),
    ];
    for (kind, number) in numbers {
        assert_eq!(kind as u8, number);
    }
}

/// Start 1, configuration 2, then per batch a group and what it brought, stop last:
/// 3 inputs 1, 4 transition 1 | 5 inputs 2, 6 act, 7 transition 2 | 8 inputs 3 | 9 stop.
async fn clinic_with_chain() -> Clinic {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    committed_through(&mut notices, 1).await;
    journal.append(session_start(2, 2, Seq(2))).unwrap();
    committed_through(&mut notices, 2).await;
    journal.append(routine(3, 3)).unwrap();
    journal.close().await.unwrap();
    let kinds = "SELECT group_concat(kind) FROM (SELECT kind FROM chain ORDER BY n)";
    assert_eq!(clinic.column(kinds).await, ["1,2,3,5,3,4,5,3,7"]);
    clinic
}

#[tokio::test]
async fn every_change_deletion_and_cut_end_is_found_at_its_first_broken_link() {
    // Goal: safety X10. Each row tampers with a fresh journal through another connection.
    let table = [
        ("UPDATE chain SET body = replace(body, '84', '94') WHERE n = 4", 4, How::Changed),
        ("UPDATE chain SET kind = 5 WHERE n = 6", 6, How::Changed),
        ("UPDATE chain SET mac = zeroblob(32) WHERE n = 6", 6, How::Changed),
        ("UPDATE chain SET mac = x'00' WHERE n = 6", 6, How::Changed),
        ("DELETE FROM chain WHERE n = 1", 1, How::Missing),
        ("DELETE FROM chain WHERE n = 6", 6, How::Missing),
        ("DELETE FROM chain WHERE n >= 7", 7, How::Truncated),
        ("DELETE FROM chain", 1, How::Truncated),
        ("INSERT INTO chain SELECT 10, kind, body, mac FROM chain WHERE n = 9", 10, How::Added),
        ("UPDATE meta SET mac = zeroblob(32)", 9, How::Changed),
        ("UPDATE input SET body = replace(body, '97', '90') WHERE id = 3", 8, How::Inputs),
        ("DELETE FROM input WHERE id = 1", 3, How::Inputs),
        ("INSERT INTO input SELECT 4, body FROM input WHERE id = 3", 9, How::Inputs),
        ("DELETE FROM transition WHERE seq = 2", 7, How::Index),
        ("UPDATE transition SET n = 4 WHERE seq = 2", 7, How::Index),
    ];
    for (tampering, entry, how) in table {
        let clinic = clinic_with_chain().await;
        clinic.execute(tampering).await;
        let error = clinic.refusal().await;
        let JournalError::Chain { broken, .. } = &error else { panic!("{tampering}: {error}") };
        assert_eq!(*broken, Broken { entry, how }, "{tampering}");
        let path = clinic.path().display().to_string();
        assert!(error.to_string().contains(&path), "{error}");
    }
}

#[tokio::test]
async fn an_untouched_chain_verifies_from_any_entry_to_the_same_head() {
    let clinic = clinic_with_chain().await;
    let key = Key::read_or_make(&clinic.key_file(), super::super::key::Chained::Already).unwrap();
    let mut conn = clinic.intruder().await;
    let whole = chain::verify(&mut conn, &key, 1).await.unwrap();
    assert_eq!(whole.count, 9);
    for from in 0..=9 {
        assert_eq!(chain::verify(&mut conn, &key, from).await.unwrap(), whole);
    }
    let wrong = Key::from_bytes([0; 32]);
    let error = chain::verify(&mut conn, &wrong, 1).await.unwrap_err();
    let first = Broken { entry: 1, how: How::Changed };
    assert!(matches!(error, VerifyError::Broken(broken) if broken == first), "{error}");
}

#[tokio::test]
async fn a_start_checks_from_the_newest_checkpoint_and_its_state_too() {
    // Goal: what lies before it is left to the whole check; the state itself cannot be swapped.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    journal.checkpoint(b"state".to_vec(), stamp(1));
    committed_through(&mut notices, 1).await;
    journal.close().await.unwrap();

    let swapped = clinic.copy_of_files();
    swapped.execute("UPDATE checkpoint SET state = x'00'").await;
    let error = swapped.refusal().await;
    let JournalError::Chain { broken, .. } = error else { panic!("{error}") };
    assert_eq!(broken.how, How::State);

    clinic.execute("UPDATE chain SET body = replace(body, '84', '94') WHERE kind = 5").await;
    let (journal, _, _notices) = clinic.open().await;
    journal.close().await.unwrap();
    let key = Key::read_or_make(&clinic.key_file(), super::super::key::Chained::Already).unwrap();
    let whole = chain::verify(&mut clinic.intruder().await, &key, 1).await;
    assert!(matches!(whole, Err(VerifyError::Broken(Broken { how: How::Changed, .. }))));
}

#[tokio::test]
async fn the_head_file_finds_an_older_copy_put_in_the_journals_place() {
    // Goal: the one thing that the database alone cannot tell. The copy is whole in itself.
    let elsewhere = tempfile::tempdir().unwrap();
    let head_file = Some(elsewhere.path().join("other-disk/head"));
    let clinic = Clinic { head_file, ..Clinic::new() };
    let (journal, _, _notices) = clinic.open().await;
    journal.close().await.unwrap();
    let older = clinic.copy_of_files();
    let (journal, _, _notices) = clinic.open().await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    journal.close().await.unwrap();

    let error = older.refusal().await;
    let JournalError::Chain { broken, .. } = error else { panic!("{error}") };
    assert_eq!(broken.how, How::Truncated);
    // Half a line, as a power cut leaves it, hides nothing and harms nothing.
    let path = clinic.head_file.clone().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 2);
    std::fs::write(&path, format!("{text}99 ab")).unwrap();
    let (journal, _, _notices) = clinic.open().await;
    journal.close().await.unwrap();
}
